//! The text of an output, with its quotations in their places. A quotation stands in the text by its number alone, on a line of
//! its own: `[quotation 2]`. So no text, draft or published, holds the words of anybody who could take them back.

use tables::{entry, output, quotation};
use ui::{Html, html, words};

use crate::ground::html::*;

/// What a text consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part<'a> {
    Words(&'a str),
    Quotation(i32),
}

/// What an output says, all of which is signed off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Text<'a> {
    pub title: &'a str,
    pub summary: &'a str,
    pub text: &'a str,
    /// Who is named as having written it.
    pub by_line: &'a str,
    /// What others find it by, a line each.
    pub topics: &'a str,
}

impl<'a> Text<'a> {
    pub fn of(entry: &'a entry::Model, row: &'a output::Model) -> Self {
        Self { title: &entry.title, summary: &row.summary, text: &entry.text, by_line: &row.by_line, topics: &row.topics }
    }
    /// What has to be said before others are asked whether it can be published, and is not.
    pub fn lacks(&self) -> Vec<&'static str> {
        let needed =
            [(self.summary, "It does not say in one sentence what it is about"), (self.by_line, "It does not say who wrote it")];
        needed.into_iter().filter(|(said, _)| said.is_empty()).map(|(_, lack)| lack).collect()
    }
    /// The whole of it, its title apart, as it would be published.
    pub fn whole(&self, shown: impl Fn(i32) -> Shown) -> Html {
        let topics: Vec<&str> = self.topics.lines().collect();
        html(maud! {
            @if !self.summary.is_empty() { p class="lead" { (self.summary) } }
            (body(self.text, &shown))
            @if !self.by_line.is_empty() { p class="entry-by" { "Written by: " (self.by_line) } }
            @if !topics.is_empty() { p class="entry-by" { "Found under: " (topics.join(" · ")) } }
        })
    }
}

/// How a quotation is called in a text.
pub(crate) fn marker(number: i32) -> String {
    format!("[quotation {number}]")
}

/// The quotation that a line stands for.
fn number_in(line: &str) -> Option<i32> {
    let inner = line.trim().strip_prefix('[')?.strip_suffix(']')?;
    let number = inner.trim().to_lowercase();
    number.strip_prefix("quotation")?.trim().parse().ok().filter(|n| *n > 0)
}

/// A text in its parts. Of a quotation that stands in it twice, the first counts.
pub(super) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut seen = Vec::new();
    let (mut from, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        if let Some(number) = number_in(line) {
            push_words(&mut parts, &text[from..at]);
            from = end;
            if !seen.contains(&number) {
                seen.push(number);
                parts.push(Part::Quotation(number));
            }
        }
        at = end;
    }
    push_words(&mut parts, &text[from..]);
    parts
}

fn push_words<'a>(parts: &mut Vec<Part<'a>>, words: &'a str) {
    if !words.trim().is_empty() {
        parts.push(Part::Words(words));
    }
}

/// The quotations that stand in a text, in its order.
pub(super) fn numbers(text: &str) -> Vec<i32> {
    parts(text).into_iter().filter_map(|p| if let Part::Quotation(n) = p { Some(n) } else { None }).collect()
}

/// A text with its words changed, and the lines that stand for quotations as they were.
pub(super) fn with_words(text: &str, mut change: impl FnMut(&str) -> String) -> String {
    text.split_inclusive('\n').map(|line| if number_in(line).is_some() { line.to_string() } else { change(line) }).collect()
}

/// A text without the lines that stand for a quotation.
pub(super) fn without(text: &str, number: i32) -> String {
    text.split_inclusive('\n').filter(|line| number_in(line) != Some(number)).collect()
}

/// The paragraphs before and after a quotation: what its words are heard with.
fn around(text: &str, number: i32) -> (String, String) {
    let parts = parts(text);
    let Some(at) = parts.iter().position(|p| *p == Part::Quotation(number)) else { return Default::default() };
    let words = |part: Option<&Part<'_>>| match part {
        Some(Part::Words(words)) => words.replace("\r\n", "\n"),
        // Whose words stand next to it is none of what this person agrees to, but that there are others is.
        Some(Part::Quotation(_)) => "…".to_string(),
        None => String::new(),
    };
    let before = words(at.checked_sub(1).and_then(|i| parts.get(i)));
    let after = words(parts.get(at + 1));
    let last = before.split("\n\n").filter(|p| !p.trim().is_empty()).last().unwrap_or_default().trim().to_string();
    let first = after.split("\n\n").find(|p| !p.trim().is_empty()).unwrap_or_default().trim().to_string();
    (last, first)
}

/// What somebody who is quoted agrees to: their words, whose they are said to be, the title, and the paragraphs before and after.
pub(super) fn hash_of_quotation(title: &str, text: &str, number: i32, words: &str, attribution: &str) -> String {
    let (before, after) = around(text, number);
    hash(&[title, words, attribution, &before, &after])
}

/// A quotation as a place signs it off.
pub(super) struct Said<'a> {
    pub number: i32,
    pub id: String,
    pub words: &'a str,
    pub attribution: &'a str,
}

impl<'a> Said<'a> {
    pub fn of(row: &'a quotation::Model) -> Self {
        Self { number: row.number, id: row.id.to_string(), words: &row.words, attribution: &row.attribution }
    }
}

/// What a place agrees to: every word that would be published, those of quotations, of the by-line and of the topics included.
///
/// Each quotation brings its id: those who may not read it yet cannot work out its words by trying.
pub(super) fn hash_of_all(said: Text<'_>, quoted: &[Said<'_>]) -> String {
    let mut all =
        [said.title, said.summary, &said.text.replace("\r\n", "\n"), said.by_line, said.topics].map(String::from).to_vec();
    for number in numbers(said.text) {
        if let Some(said) = quoted.iter().find(|said| said.number == number) {
            all.extend([number.to_string(), said.id.clone(), said.words.to_string(), said.attribution.to_string()]);
        }
    }
    hash(&all.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Of several texts, none of which can pass for a part of another.
fn hash(texts: &[&str]) -> String {
    let joined: Vec<String> = texts.iter().map(|t| format!("{}:{t}", t.len())).collect();
    store::sha256(joined.join("\n").as_bytes())
}

/// What stands where a quotation does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shown {
    Words {
        words: String,
        attribution: String,
    },
    /// A sentence in its place.
    Instead(&'static str),
}

/// The text as it is read.
pub(super) fn body(text: &str, shown: impl Fn(i32) -> Shown) -> Html {
    let parts = parts(text);
    html(maud! {
        @for part in &parts {
            @match part {
                Part::Words(text) => (words::markdown(text))
                Part::Quotation(number) => (quotation(&shown(*number)))
            }
        }
    })
}

/// One quotation, or what stands in its place.
pub(super) fn quotation(shown: &Shown) -> Html {
    html(maud! {
        @match shown {
            Shown::Words { words, attribution } => figure class="quoted" {
                blockquote { (words::plain(words)) }
                @if !attribution.is_empty() { figcaption { (attribution) } }
            }
            Shown::Instead(sentence) => p class="quoted-gone" { (*sentence) }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "First.\n\nSecond.\n\n[quotation 2]\n\nThird.\n\nFourth.\n[Quotation 1]\n[quotation 2]\nEnd [quotation 3] end.";

    #[test]
    fn quotations_stand_on_lines_of_their_own() {
        assert_eq!(numbers(TEXT), [2, 1]);
        let words: Vec<_> = parts(TEXT).into_iter().filter(|p| matches!(p, Part::Words(_))).collect();
        assert_eq!(words.len(), 3, "{words:?}");
        assert!(numbers("[quotation 0]\n[quotation x]\n[quotation 99999999999]").is_empty());
    }

    #[test]
    fn who_is_quoted_agrees_to_their_words_and_what_stands_around_them() {
        let before = hash_of_quotation("T", TEXT, 2, "We wait", "A parent");
        let elsewhere = TEXT.replace("Fourth", "Fifth").replace("First", "At first");
        assert_eq!(before, hash_of_quotation("T", &elsewhere, 2, "We wait", "A parent"), "what is far away may change");
        for (title, text, words, by) in [
            ("U", TEXT.to_string(), "We wait", "A parent"),
            ("T", TEXT.replace("Second", "Never"), "We wait", "A parent"),
            ("T", TEXT.replace("Third", "Never"), "We wait", "A parent"),
            ("T", TEXT.to_string(), "We waited", "A parent"),
            ("T", TEXT.to_string(), "We wait", "A parent of two"),
        ] {
            assert_ne!(before, hash_of_quotation(title, &text, 2, words, by));
        }
    }

    #[test]
    fn a_place_agrees_to_every_word() {
        let said = |number: i32, words: &'static str, attribution: &'static str| Said {
            number,
            id: format!("quo_{number}"),
            words,
            attribution,
        };
        let quoted = [said(1, "We wait", "A parent"), said(2, "We go on", "A nurse")];
        let whole = Text { title: "T", summary: "S", text: TEXT, by_line: "The team", topics: "Trust\nTime" };
        let before = hash_of_all(whole, &quoted);
        assert_eq!(before, hash_of_all(Text { text: &TEXT.replace('\n', "\r\n"), ..whole }, &quoted), "however lines end");
        for other in [
            Text { title: "U", ..whole },
            Text { summary: "Sum", ..whole },
            Text { text: &TEXT.replace("Fourth", "Fifth"), ..whole },
            Text { by_line: "The team and Riverside", ..whole },
            Text { topics: "Trust", ..whole },
            Text { by_line: "The team\nTrust", topics: "Time", ..whole },
        ] {
            assert_ne!(before, hash_of_all(other, &quoted), "{other:?}");
        }
        assert_ne!(before, hash_of_all(whole, &[said(1, "We wait", "A parent"), said(2, "We went on", "A nurse")]));
        let unused = [said(1, "We wait", "A parent"), said(2, "We go on", "A nurse"), said(7, "Not in it", "Nobody")];
        assert_eq!(before, hash_of_all(whole, &unused), "what is not in the text is not agreed to");
        let other = [Said { id: "quo_9".into(), ..said(1, "We wait", "A parent") }, said(2, "We go on", "A nurse")];
        assert_ne!(before, hash_of_all(whole, &other), "nobody tries words out without the quotation’s id");
    }
}
