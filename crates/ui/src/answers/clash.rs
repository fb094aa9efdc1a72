//! Two people changed one answer: both are shown, and the one who comes second says what is kept. What was typed is
//! never lost: it travels along, hidden, until somebody has chosen.

use forms::{Fields, Kind, Lang, Path, Question, Value};

use super::{Asked, say, shown, version_name};
use crate::dsl::*;
use crate::{form, words};

/// What somebody else made of the answer meanwhile.
#[derive(Debug, Clone, Copy)]
pub struct Clash<'a> {
    /// Their answer; nothing where they took it away.
    pub theirs: Option<&'a Value>,
    pub who: &'a str,
    /// When, as people say it: "12 March 2026 at 14:02".
    pub when: &'a str,
    /// Why the choice has to be made again, from [`Kept::Ask`].
    pub problem: Option<&'a str>,
}

/// What the person chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// These fields are the answer: their own, or both put together.
    Answer(Fields),
    /// The answer stays as it is now.
    Theirs,
    /// They have not said, or said one thing and wrote another: ask again, with this beside the choice.
    Ask(String),
}

fn choice_name(path: &Path) -> String {
    format!("clash.{path}")
}

fn asked_name(path: &Path) -> String {
    format!("clashed.{path}")
}

/// Whether the page that was sent asked which answer to keep, even where nothing was chosen and nothing typed.
#[must_use]
pub fn choice_asked(path: &Path, fields: &Fields) -> bool {
    fields.sent(&asked_name(path))
}

/// Where what the person typed is kept until they have chosen.
fn mine_name(name: &str) -> String {
    format!("mine.{name}")
}

/// What the names of an answer's fields begin with. What stands below a group's own path are answers of their own.
fn stem(kind: &Kind, path: &Path) -> String {
    if matches!(kind, Kind::Group { .. }) { format!("{path}.rows") } else { path.to_string() }
}

/// Every field with this name, or below it, that is filled in.
fn filled(name: &str, fields: &Fields) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = fields.all(name).map(|text| (name.to_owned(), text.to_owned())).collect();
    for step in fields.steps(name) {
        found.extend(filled(&format!("{name}.{step}"), fields));
    }
    found
}

/// What the person typed: kept from the page before, or typed just now.
fn mine(question: &Question, path: &Path, fields: &Fields) -> Fields {
    let stem = stem(&question.kind, path);
    let kept = mine_name(&stem);
    if !fields.sent(&kept) {
        return filled(&stem, fields).into_iter().collect();
    }
    let before = kept.len() - stem.len();
    filled(&kept, fields).into_iter().map(|(name, text)| (name[before..].to_owned(), text)).collect()
}

/// Both answers in the boxes, as far as they can stand together: two texts one below the other, the choices of both.
fn offered(question: &Question, path: &Path, mine: &Fields, theirs: Option<&Value>) -> Fields {
    let name = path.to_string();
    match (&question.kind, theirs) {
        (Kind::LongText { .. }, Some(Value::Text(theirs))) => joined(&name, mine.get(&name), theirs, "\n\n"),
        (Kind::ShortText { .. }, Some(Value::Text(theirs))) => joined(&name, mine.get(&name), theirs, " / "),
        (kind @ Kind::ChooseSeveral { .. }, Some(theirs)) => {
            let mut both = mine.clone();
            kind.write(&name, theirs, &mut both);
            both
        }
        _ => mine.clone(),
    }
}

fn joined(name: &str, mine: &str, theirs: &str, between: &str) -> Fields {
    let text = match (mine.trim(), theirs.trim()) {
        (only, "") | ("", only) => only.to_owned(),
        (mine, theirs) if mine == theirs => mine.to_owned(),
        (mine, theirs) => format!("{mine}{between}{theirs}"),
    };
    Fields::from_iter([(name, text)])
}

/// Whether a choice was made, and somebody changed the answer once more before it was saved.
fn again(asked: &Asked<'_>) -> bool {
    let seen = version_name(asked.path);
    choice_asked(asked.path, asked.fields) && asked.fields.sent(&seen) && asked.fields.get(&seen) != asked.version.to_string()
}

/// What the person would have. Where they put both together, and a third text has come, it is what they put together.
fn own(asked: &Asked<'_>) -> Fields {
    if again(asked) && asked.fields.get(&choice_name(asked.path)) == "both" {
        return filled(&stem(&asked.question.kind, asked.path), asked.fields).into_iter().collect();
    }
    mine(asked.question, asked.path, asked.fields)
}

/// What stands in the boxes below the choice. Where the same choice has to be made again, that is what was written there.
pub(super) fn together(asked: &Asked<'_>, clash: &Clash<'_>) -> Fields {
    if !again(asked) && asked.fields.sent(&mine_name(&stem(&asked.question.kind, asked.path))) {
        return asked.fields.clone();
    }
    offered(asked.question, asked.path, &own(asked), clash.theirs)
}

/// What the person chose, out of the fields they sent. `theirs` is the answer as it is now.
#[must_use]
pub fn kept(question: &Question, path: &Path, fields: &Fields, theirs: Option<&Value>, lang: Lang) -> Kept {
    let own = mine(question, path, fields);
    let written: Fields = filled(&stem(&question.kind, path), fields).into_iter().collect();
    let same = |other: &Fields| same(question, path, &written, other);
    // Whoever writes into the boxes and then chooses one of the two would lose what they wrote.
    let changed = !same(&offered(question, path, &own, theirs)) && !same(&own);
    match fields.get(&choice_name(path)) {
        "both" => Kept::Answer(written),
        "mine" if !changed => Kept::Answer(own),
        "theirs" if !changed => Kept::Theirs,
        "mine" | "theirs" => {
            let en = "You also wrote in the boxes below. Choose the last to keep that, or put them back as they were";
            let cy = "Rydych hefyd wedi ysgrifennu yn y blychau isod. Dewiswch yr olaf i gadw hynny, neu rhowch nhw yn ôl fel yr oeddent";
            Kept::Ask(say(lang, en, cy).to_owned())
        }
        _ => Kept::Ask(say(lang, "Choose which answer to keep", "Dewiswch pa ateb i’w gadw").to_owned()),
    }
}

/// Whether both say the same, however it is typed.
fn same(question: &Question, path: &Path, a: &Fields, b: &Fields) -> bool {
    let read = |fields: &Fields| question.kind.draft(&path.to_string(), fields);
    match (read(a), read(b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => filled(&stem(&question.kind, path), a) == filled(&stem(&question.kind, path), b),
    }
}

/// Both answers side by side, and what can be done with them.
pub(super) fn choice(asked: &Asked<'_>, clash: &Clash<'_>) -> Html {
    let own = own(asked);
    let name = asked.name("");
    let read = asked.question.kind.draft(&name, &own).ok().flatten();
    let typed = match &read {
        Some(value) => shown(asked.question, Some(value), asked.lang),
        None => words::plain(&filled(&name, &own).into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("\n")),
    };
    let texts = match (&read, clash.theirs) {
        (Some(Value::Text(mine)), Some(Value::Text(theirs))) => Some((theirs.as_str(), mine.as_str())),
        _ => None,
    };
    html(maud! {
        (form::hidden(&asked_name(asked.path), "yes"))
        div class="clash" {
            p class="clash-question" { (asked.text(&asked.question.label)) }
            p class="clash-what" {
                strong { (clash.who) } (asked.say(" changed this answer on ", " newidiodd yr ateb hwn ar ")) (clash.when)
                (asked.say(", while you were writing. Nothing is lost: choose what to keep.", ", tra oeddech yn ysgrifennu. Nid oes dim ar goll: dewiswch beth i’w gadw."))
            }
            div class="clash-both" {
                div { p class="clash-name" { (asked.say("Yours", "Eich un chi")) } (typed) }
                div { p class="clash-name" { (asked.say("Theirs", "Eu hun nhw")) " (" (clash.who) ")" } (shown(asked.question, clash.theirs, asked.lang)) }
            }
            @if let Some((theirs, mine)) = texts {
                details class="govuk-details" {
                    summary class="govuk-details__summary" {
                        span class="govuk-details__summary-text" { (asked.say("Which words differ, from theirs to yours", "Pa eiriau sy’n wahanol, o’u rhai nhw i’ch rhai chi")) }
                    }
                    div class="govuk-details__text" { (words::difference(theirs, mine)) }
                }
            }
            (carried(asked, &own))
            (radios(asked, clash.problem))
        }
    })
}

/// What the person typed, on its way to when they have chosen; also where that is nothing.
fn carried(asked: &Asked<'_>, own: &Fields) -> Html {
    let stem = stem(&asked.question.kind, asked.path);
    let mut all = filled(&stem, own);
    if all.is_empty() {
        all.push((stem, String::new()));
    }
    html(maud! { @for (name, text) in &all { (form::hidden(&mine_name(name), text)) } })
}

fn radios(asked: &Asked<'_>, problem: Option<&str>) -> Html {
    let name = choice_name(asked.path);
    let error = problem.map(|_| format!("{name}-error"));
    // What was chosen between two other texts is chosen no more.
    let chosen = if again(asked) { "" } else { asked.fields.get(&name) };
    let both = match asked.question.kind {
        Kind::ShortText { .. } | Kind::LongText { .. } | Kind::ChooseSeveral { .. } => asked.say(
            "Put both together, as they stand below; change them there as you like",
            "Rhoi’r ddau at ei gilydd, fel y maent isod; newidiwch nhw yno fel y mynnwch",
        ),
        _ => asked.say("Neither: what I answer below", "Yr un: yr hyn rwy’n ei ateb isod"),
    };
    let options = [
        ("mine", asked.say("Keep mine", "Cadw fy un i")),
        ("theirs", asked.say("Keep theirs", "Cadw eu hun nhw")),
        ("both", both),
    ];
    html(maud! {
        fieldset class="govuk-fieldset" aria-describedby=[&error] {
            legend class="govuk-fieldset__legend" {
                (asked.say("Which answer is kept?", "Pa ateb sy’n cael ei gadw?"))
                span class="govuk-visually-hidden" { " " (asked.text(&asked.question.label)) }
            }
            @if let (Some(problem), Some(id)) = (problem, &error) {
                p class="govuk-error-message" id=(id) { span class="govuk-visually-hidden" { (asked.say("Error: ", "Gwall: ")) } (problem) }
            }
            div class="govuk-radios" {
                @for (i, (value, words)) in options.into_iter().enumerate() {
                    @let id = if i == 0 { name.clone() } else { format!("{name}-{value}") };
                    div class="govuk-radios__item" {
                        input class="govuk-radios__input" type="radio" id=(&id) name=(&name) value=(value) checked[chosen == value];
                        label class="govuk-label govuk-radios__label" for=(&id) { (words) }
                    }
                }
            }
        }
    })
}
