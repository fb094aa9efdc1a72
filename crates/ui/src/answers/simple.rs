//! Questions that are answered in one box.

use forms::{FileKind, FileRef, Month, Number, Text, Value, limits, word_count};
use kernel::{Day, Money};

use super::frame::{Help, Line, invalid, labelled, message};
use super::{Asked, count, file_name, shown, text_in};
use crate::dsl::*;
use crate::form;

pub(super) fn short_text(asked: &Asked<'_>, max_chars: Option<u32>) -> Html {
    let name = asked.name("");
    let typed = asked.typed("");
    let (help, counted) = match max_chars {
        None => (Help::of_one(asked, ""), None),
        Some(most) => {
            let counted = Counted { what: "characters", given: typed.chars().count(), most: most as usize };
            (Help::of_one(asked, "").and(format!("{name}-count")), Some(counted))
        }
    };
    let described = help.described();
    let width = if max_chars.is_some_and(|m| m <= 20) { 20 } else { 0 };
    let line =
        Line { name: &name, value: typed, width, described: described.as_deref(), invalid: help.invalid(), ..Line::default() };
    labelled(asked, &help, &html((line.html(), counted.map(|c| c.html(asked)))))
}

pub(super) fn long_text(asked: &Asked<'_>, max_words: Option<u32>) -> Html {
    let name = asked.name("");
    let typed = asked.typed("");
    let counted = max_words.map(|most| Counted { what: "words", given: word_count(typed), most: most as usize });
    let help = Help::of_one(asked, "");
    let help = if counted.is_some() { help.and(format!("{name}-count")) } else { help };
    let error = if help.invalid() { " govuk-textarea--error" } else { "" };
    // The line break after the tag is not part of the value; without it, one that begins the value would be lost.
    let area = html(maud! {
        textarea class={ "govuk-textarea" (error) } id=(&name) name=(&name) rows=(rows_for(max_words, typed))
            aria-describedby=[help.described()] aria-invalid=[invalid(help.invalid())] { "\n" (typed) }
    });
    labelled(asked, &help, &html((area, counted.map(|c| c.html(asked)))))
}

/// As many rows as the longest answer takes, within what fits on a screen.
fn rows_for(max_words: Option<u32>, typed: &str) -> usize {
    let expected = max_words.map_or(5, |words| words as usize / 12 + 1);
    let there: usize = typed.lines().map(|line| line.chars().count() / 65 + 1).sum();
    expected.max(there).clamp(3, 18)
}

/// How much is written, of how much there may be. It is right when the page comes, and kept right by the script.
struct Counted {
    what: &'static str,
    given: usize,
    most: usize,
}

impl Counted {
    fn html(&self, asked: &Asked<'_>) -> Html {
        let name = asked.name("");
        let over = self.given.saturating_sub(self.most);
        let most = match self.what {
            "words" => count(self.most, asked.lang, "word", "words", "gair"),
            _ => count(self.most, asked.lang, "character", "characters", "nod"),
        };
        html(maud! {
            p class=(if over > 0 { "counted counted-over" } else { "counted" }) id={ (&name) "-count" } data-counts=(&name)
                data-what=(self.what) data-most=(self.most) {
                span data-given="" { (grouped(self.given)) } (asked.say(" of ", " o ")) (most)
                span data-over="" hidden[over == 0] { ": " span { (grouped(over)) } (asked.say(" too many", " yn ormod")) }
            }
        })
    }
}

fn grouped(number: usize) -> String {
    Number::whole(i64::try_from(number).unwrap_or(i64::MAX)).to_string()
}

/// "From £1,000 to £50,000", or as much of it as there is.
fn range<T: ToString>(asked: &Asked<'_>, min: Option<T>, max: Option<T>, least: [&str; 2], most: [&str; 2]) -> String {
    match (min.map(|m| m.to_string()), max.map(|m| m.to_string())) {
        (None, None) => String::new(),
        (Some(min), None) => format!("{} {min}.", asked.say(least[0], least[1])),
        (None, Some(max)) => format!("{} {max}.", asked.say(most[0], most[1])),
        (Some(min), Some(max)) => format!("{} {min} {} {max}.", asked.say("From", "O"), asked.say("to", "i")),
    }
}

const AT_LEAST: [&str; 2] = ["At least", "O leiaf"];
const AT_MOST: [&str; 2] = ["At most", "Hyd at"];
const NOT_BEFORE: [&str; 2] = ["No earlier than", "Heb fod cyn"];
const NOT_AFTER: [&str; 2] = ["No later than", "Heb fod ar ôl"];

pub(super) fn number(
    asked: &Asked<'_>,
    unit: Option<&Text>,
    (min, max): (Option<Number>, Option<Number>),
    decimals: Option<u32>,
) -> Html {
    let name = asked.name("");
    let unit = unit.filter(|u| !u.is_empty());
    let help = Help::of_one(asked, &range(asked, min, max, AT_LEAST, AT_MOST));
    let help = if unit.is_some() { help.and(format!("{name}-unit")) } else { help };
    let described = help.described();
    let whole = decimals.unwrap_or(0) == 0;
    // A phone's number pad has no minus sign.
    let below = min.is_none_or(|m| m < Number::ZERO);
    let inputmode = if below { None } else { Some(if whole { "numeric" } else { "decimal" }) };
    let line = Line {
        name: &name,
        value: asked.typed(""),
        width: 10,
        inputmode,
        plain: true,
        described: described.as_deref(),
        invalid: help.invalid(),
    };
    let control = html(maud! {
        div class="govuk-input__wrapper" {
            (line.html())
            @if let Some(unit) = unit { div class="govuk-input__suffix" id={ (&name) "-unit" } { (asked.text(unit)) } }
        }
    });
    labelled(asked, &help, &control)
}

pub(super) fn money(asked: &Asked<'_>, min: Option<Money>, max: Option<Money>) -> Html {
    let name = asked.name("");
    let help = Help::of_one(asked, &range(asked, min, max, AT_LEAST, AT_MOST));
    let described = help.described();
    let line = Line {
        name: &name,
        value: without_pound(asked.typed("")),
        width: 10,
        inputmode: Some("decimal"),
        plain: true,
        described: described.as_deref(),
        invalid: help.invalid(),
    };
    let control = html(maud! {
        div class="govuk-input__wrapper" {
            div class="govuk-input__prefix" aria-hidden="true" { "£" }
            (line.html())
        }
    });
    labelled(asked, &help, &control)
}

/// The sign stands before the box already.
pub(super) fn without_pound(amount: &str) -> &str {
    amount.trim_start_matches('£')
}

pub(super) fn date(asked: &Asked<'_>, min: Option<Day>, max: Option<Day>) -> Html {
    let words = |day: Option<Day>| day.map(|d| forms::Kind::Date { min: None, max: None }.plain(&Value::Date(d), asked.lang));
    let bounds = range(asked, words(min), words(max), NOT_BEFORE, NOT_AFTER);
    written(asked, &bounds, asked.say("For example, 27 March 2026", "Er enghraifft, 27/3/2026"))
}

pub(super) fn month(asked: &Asked<'_>, min: Option<Month>, max: Option<Month>) -> Html {
    let words = |month: Option<Month>| month.map(|m| m.words(asked.lang));
    let bounds = range(asked, words(min), words(max), NOT_BEFORE, NOT_AFTER);
    written(asked, &bounds, asked.say("For example, March 2026", "Er enghraifft, Mawrth 2026"))
}

/// A day or a month as a person writes one.
fn written(asked: &Asked<'_>, bounds: &str, example: &str) -> Html {
    let name = asked.name("");
    let help = Help::of_one(asked, format!("{bounds} {example}").trim());
    let described = help.described();
    let line = Line {
        name: &name,
        value: asked.typed(""),
        width: 20,
        plain: true,
        described: described.as_deref(),
        invalid: help.invalid(),
        ..Line::default()
    };
    labelled(asked, &help, &line.html())
}

pub(super) fn file(asked: &Asked<'_>, accept: &[FileKind], max_mb: Option<u32>) -> Html {
    let kinds = if accept.is_empty() { &FileKind::ALL[..] } else { accept };
    let endings: Vec<&str> = kinds.iter().flat_map(|k| k.endings()).copied().collect();
    let words: Vec<&str> = accept.iter().map(|k| k.words()).collect();
    let size = format!("{} {} MB.", asked.say("Up to", "Hyd at"), max_mb.unwrap_or(limits::FILE_MB));
    let limits = if words.is_empty() { size } else { format!("{}. {size}", either(asked, &words)) };
    let help = Help::of_one(asked, &limits);
    let kept = kept_file(asked);
    let control = html(maud! {
        @if let Some(file) = &kept { (file) }
        input class="file" type="file" id=(asked.name("")) name=(file_name(asked.path)) accept=(endings.join(","))
            aria-describedby=[help.described()] aria-invalid=[invalid(help.invalid())];
    });
    labelled(asked, &help, &control)
}

/// "PDF, or JPEG or PNG picture": the kinds have an "or" of their own.
fn either(asked: &Asked<'_>, words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{}, {} {last}", first.join(", "), asked.say("or", "neu")),
    }
}

/// The file that is there already. Its tick is what keeps it: without its hash there is no answer.
fn kept_file(asked: &Asked<'_>) -> Option<Html> {
    let (hash, file) = (asked.typed("hash"), asked.typed("name"));
    if hash.is_empty() {
        return None;
    }
    let size = asked.typed("size").parse().unwrap_or(0);
    let kept = FileRef { name: file.to_owned(), size, hash: hash.to_owned(), media_type: asked.typed("media-type").to_owned() };
    let words = asked.question.kind.plain(&Value::File(kept), asked.lang);
    let id = asked.name("hash");
    Some(html(maud! {
        div class="govuk-checkboxes file-kept" {
            div class="govuk-checkboxes__item" {
                input class="govuk-checkboxes__input" type="checkbox" id=(&id) name=(&id) value=(hash) checked;
                label class="govuk-label govuk-checkboxes__label" for=(&id) { (asked.say("Keep ", "Cadw ")) (words) }
            }
        }
        @for part in ["name", "size", "media-type"] { (form::hidden(&asked.name(part), asked.typed(part))) }
        @if let Some(href) = &asked.file_href {
            p { a href=(href) { (asked.say("Look at ", "Gweld ")) (file) } }
        }
        p class="muted" { (asked.say("Or choose another file to stand in its place:", "Neu ddewis ffeil arall yn ei lle:")) }
    }))
}

/// What follows from other answers: shown, not asked.
pub(super) fn computed(asked: &Asked<'_>) -> Html {
    let id = asked.name("");
    html(maud! {
        div class="govuk-form-group computed" id=(&id) tabindex="-1" {
            p class="computed-label" { (text_in(&asked.question.label, asked.lang)) }
            @if !asked.question.help.is_empty() { p class="govuk-hint" { (asked.text(&asked.question.help)) } }
            p class="computed-value" {
                @match asked.computed {
                    Some(value) => (shown(asked.question, Some(value), asked.lang)),
                    None => span class="muted" { (asked.say("Not known yet: it follows from other answers", "Heb ei wybod eto: mae’n dilyn o atebion eraill")) },
                }
            }
            @for problem in asked.problems { p class="govuk-error-message" { span class="govuk-visually-hidden" { (asked.say("Error: ", "Gwall: ")) } (message(asked, problem)) } }
        }
    })
}
