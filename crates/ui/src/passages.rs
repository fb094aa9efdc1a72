//! Passages of a text: the words as they are read, where each of them stands in the text as it was typed, and the text with
//! passages marked in it.
//!
//! A place in a text is counted in letters that are no blanks. Whoever copies words from a page brings other blanks along
//! than were typed, so blanks are no measure.

use std::ops::Range;
use std::sync::LazyLock;

use ammonia::Builder;
use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use crate::dsl::*;
use crate::html::already_clean;
use crate::words::{Clean, cleaner, events};

/// Words with the marks and numbers that stand here, which no text that people type brings along.
static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| cleaner(&["mark", "sup"]));

/// How many letters before and after tell one of several like passages from another.
const AROUND: usize = 24;

/// A text as it is read, without the marks of its Markdown.
#[derive(Debug, Clone)]
pub struct Reading {
    read: String,
    /// Each letter that is no blank, and where it stands in `read`.
    letters: Vec<(char, usize)>,
}

/// What became of a passage in a later version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It stands where it stood.
    Same,
    /// It stands elsewhere.
    Moved(Range<usize>),
    /// It stands nowhere as it was, or in several places that cannot be told apart.
    Lost,
}

/// A passage to be shown within its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    pub letters: Range<usize>,
    /// What it is called on the page, and where that leads.
    pub number: usize,
}

impl Reading {
    /// Of Markdown as it was typed.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut read = String::with_capacity(text.len());
        for event in events(text) {
            match event {
                Event::Text(words) | Event::Code(words) => read.push_str(&words),
                Event::SoftBreak | Event::HardBreak => read.push(' '),
                Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::CodeBlock) => read.push('\n'),
                _ => {}
            }
        }
        let letters = read.char_indices().filter(|(_, c)| !c.is_whitespace()).map(|(at, c)| (c, at)).collect();
        Self { read, letters }
    }

    /// How many letters it has.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.letters.len()
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }

    /// The words of a passage; nothing where the text is not that long.
    #[must_use]
    pub fn words(&self, passage: &Range<usize>) -> Option<&str> {
        let first = self.letters.get(passage.start)?;
        let last = self.letters.get(passage.end.checked_sub(1)?).filter(|_| passage.start < passage.end)?;
        self.read.get(first.1..last.1 + last.0.len_utf8())
    }

    /// Everywhere these words stand, whatever the blanks between them.
    #[must_use]
    pub fn find(&self, words: &str) -> Vec<Range<usize>> {
        let wanted: Vec<char> = words.chars().filter(|c| !c.is_whitespace()).collect();
        self.places_of(&wanted)
    }

    fn places_of(&self, wanted: &[char]) -> Vec<Range<usize>> {
        let Some(first) = wanted.first() else { return Vec::new() };
        let begins = self.letters.iter().enumerate().filter(|(_, (letter, _))| letter == first).map(|(at, _)| at);
        let stands = |at: &usize| {
            let here = self.letters.get(*at..*at + wanted.len());
            here.is_some_and(|here| here.iter().zip(wanted).all(|((letter, _), other)| letter == other))
        };
        begins.filter(stands).map(|at| at..at + wanted.len()).collect()
    }

    /// Where a passage of an earlier version stands in this one. Of several like passages it is the one whose surroundings are
    /// most like what they were; where two are as like, it is lost rather than wrong.
    #[must_use]
    pub fn follow(&self, earlier: &Self, passage: &Range<usize>) -> Found {
        let Some(wanted) = earlier.letters.get(passage.clone()).filter(|w| !w.is_empty()) else { return Found::Lost };
        let wanted: Vec<char> = wanted.iter().map(|(letter, _)| *letter).collect();
        let places = self.places_of(&wanted);
        let mut likest: Vec<(usize, Range<usize>)> =
            places.into_iter().map(|place| (self.likeness(&place, earlier, passage), place)).collect();
        likest.sort_by_key(|(like, _)| std::cmp::Reverse(*like));
        match likest.as_slice() {
            [] => Found::Lost,
            [(first, _), (second, _), ..] if first == second => Found::Lost,
            [(_, place), ..] if place == passage => Found::Same,
            [(_, place), ..] => Found::Moved(place.clone()),
        }
    }

    /// How many letters before and after are the same.
    fn likeness(&self, here: &Range<usize>, earlier: &Self, there: &Range<usize>) -> usize {
        let letter = |all: &Self, at: Option<usize>| at.and_then(|at| all.letters.get(at)).map(|(c, _)| *c);
        let same = |mine: Option<usize>, theirs: Option<usize>| match (letter(self, mine), letter(earlier, theirs)) {
            (Some(a), Some(b)) => a == b,
            // Both begin or end here: as like as letters can be.
            (None, None) => true,
            _ => false,
        };
        let before = (1..=AROUND).take_while(|i| same(here.start.checked_sub(*i), there.start.checked_sub(*i))).count();
        let after = (0..AROUND).take_while(|i| same(here.end.checked_add(*i), there.end.checked_add(*i))).count();
        before + after
    }

    /// The sentences of the text, each as a passage: what two people's readings are compared by.
    #[must_use]
    pub fn sentences(&self) -> Vec<Range<usize>> {
        let mut sentences = Vec::new();
        let mut start = 0;
        for (i, (letter, at)) in self.letters.iter().enumerate() {
            let rest = &self.read[at + letter.len_utf8()..];
            let ends_line = rest.trim_start_matches(' ').starts_with('\n');
            let ends = matches!(letter, '.' | '!' | '?' | '…') && rest.starts_with(char::is_whitespace);
            if ends || ends_line || i + 1 == self.letters.len() {
                sentences.push(start..i + 1);
                start = i + 1;
            }
        }
        sentences
    }
}

/// The text as a page shows it, with these passages marked and numbered.
#[must_use]
pub fn marked(text: &str, passages: &[Passage]) -> Clean {
    let mut edges: Vec<usize> = passages.iter().flat_map(|p| [p.letters.start, p.letters.end]).collect();
    edges.sort_unstable();
    edges.dedup();
    let mut ending: Vec<&Passage> = passages.iter().filter(|p| !p.letters.is_empty()).collect();
    ending.sort_by_key(|p| (p.letters.end, p.number));
    let mut at = Walk { letter: 0, edges: &edges, ending: &ending, covered: covered(passages, &edges), linked: false };
    let mut out: Vec<Event<'_>> = Vec::new();
    for event in events(text) {
        match event {
            Event::Text(words) => at.text(&words, &mut out),
            Event::Code(words) => at.code(words, &mut out),
            other => {
                at.linked = match &other {
                    Event::Start(Tag::Link { .. }) => true,
                    Event::End(TagEnd::Link) => false,
                    _ => at.linked,
                };
                out.push(other);
                at.numbers(&mut out);
            }
        }
    }
    let mut written = String::with_capacity(text.len() * 2);
    pulldown_cmark::html::push_html(&mut written, out.into_iter());
    Clean::of(html(maud! { div class="words marked" { (already_clean(CLEANER.clean(&written).to_string())) } }))
}

/// Whether the stretch that begins at each edge lies in a passage.
fn covered(passages: &[Passage], edges: &[usize]) -> Vec<bool> {
    let mut change = vec![0_i64; edges.len() + 1];
    for passage in passages.iter().filter(|p| !p.letters.is_empty()) {
        for (at, by) in [(passage.letters.start, 1), (passage.letters.end, -1)] {
            if let Some(slot) = edges.binary_search(&at).ok().and_then(|i| change.get_mut(i)) {
                *slot += by;
            }
        }
    }
    let mut open = 0;
    change
        .iter()
        .take(edges.len())
        .map(|by| {
            open += by;
            open > 0
        })
        .collect()
}

/// How far the marking has come.
struct Walk<'a> {
    letter: usize,
    /// Where passages begin or end and the walk has not been.
    edges: &'a [usize],
    ending: &'a [&'a Passage],
    covered: Vec<bool>,
    /// Within a link no other can stand: a number waits for its end.
    linked: bool,
}

impl Walk<'_> {
    /// Whether the next letter lies in a passage.
    fn inside(&self) -> bool {
        let passed = self.edges.partition_point(|edge| *edge <= self.letter);
        passed.checked_sub(1).and_then(|i| self.covered.get(i)).copied().unwrap_or(false)
    }

    fn text(&mut self, words: &str, out: &mut Vec<Event<'_>>) {
        let mut rest = words;
        while !rest.is_empty() {
            let inside = self.inside();
            let next = self.edges.get(self.edges.partition_point(|edge| *edge <= self.letter)).copied();
            let room = next.map_or(usize::MAX, |edge| edge - self.letter);
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
            // Up to the last letter before the edge, and no blank after it.
            let cut = rest.char_indices().filter(|(_, c)| !c.is_whitespace()).nth(room.saturating_sub(1));
            let end = cut.map_or(rest.len(), |(at, c)| at + c.len_utf8());
            let (piece, after) = rest.split_at(end);
            self.letter += letters(piece);
            mark_piece(piece, inside, out);
            self.numbers(out);
            rest = after;
        }
    }

    /// Code is marked as a whole: its letters stand in a box of their own.
    fn code<'e>(&mut self, words: CowStr<'e>, out: &mut Vec<Event<'e>>) {
        let letters = words.chars().filter(|c| !c.is_whitespace()).count();
        let inside = self.inside();
        self.letter += letters;
        out.extend(inside.then(|| raw("<mark>")));
        out.push(Event::Code(words));
        out.extend(inside.then(|| raw("</mark>")));
        self.numbers(out);
    }

    /// The numbers of the passages that have ended here.
    fn numbers(&mut self, out: &mut Vec<Event<'_>>) {
        if self.linked {
            return;
        }
        while let Some((first, rest)) = self.ending.split_first().filter(|(first, _)| first.letters.end <= self.letter) {
            out.push(raw(&format!("<sup><a href=\"#excerpt-{0}\">{0}</a></sup>", first.number)));
            self.ending = rest;
        }
    }
}

fn raw<'e>(html: &str) -> Event<'e> {
    Event::InlineHtml(CowStr::from(html.to_owned()))
}

fn mark_piece(piece: &str, inside: bool, out: &mut Vec<Event<'_>>) {
    // A blank at the beginning belongs to no passage.
    let words = piece.trim_start();
    let (blank, words) = piece.split_at(if inside { piece.len() - words.len() } else { 0 });
    if !blank.is_empty() {
        out.push(Event::Text(CowStr::from(blank.to_owned())));
    }
    if words.is_empty() {
        return;
    }
    out.extend(inside.then(|| raw("<mark>")));
    out.push(Event::Text(CowStr::from(words.to_owned())));
    out.extend(inside.then(|| raw("</mark>")));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "# What we heard\n\nPeople *trust* the baker. They said: \"we wait\".\n\n- We wait\n- We go on";

    fn shown(text: &str, passages: &[(usize, usize)]) -> String {
        let passages: Vec<Passage> =
            passages.iter().enumerate().map(|(i, (from, to))| Passage { letters: *from..*to, number: i + 1 }).collect();
        html(maud! { (marked(text, &passages)) }).as_str().to_owned()
    }

    #[test]
    fn words_are_found_whatever_stands_between_them() {
        let reading = Reading::of(TEXT);
        let found = reading.find("People trust\n the  baker.");
        assert_eq!(found.len(), 1);
        assert_eq!(reading.words(&found[0]), Some("People trust the baker."));
        assert_eq!(reading.find("wewait").len(), 1, "a capital is another letter");
        assert!(reading.find("  ").is_empty());
        assert!(reading.find("nobody said it").is_empty());
    }

    #[test]
    fn a_passage_is_marked_across_emphasis_and_its_number_leads_to_it() {
        let at = Reading::of(TEXT).find("People trust the baker.").remove(0);
        let page = shown(TEXT, &[(at.start, at.end)]);
        assert!(
            page.contains("<mark>People </mark><em><mark>trust</mark></em> <mark>the baker.</mark><sup><a href=\"#excerpt-1\""),
            "{page}"
        );
        assert!(page.contains(" They said"), "{page}");
    }

    #[test]
    fn passages_that_overlap_are_each_numbered_where_they_end() {
        let page = shown("one two three four", &[(0, 11), (3, 15)]);
        assert_eq!(page.matches("<sup>").count(), 2, "{page}");
        assert!(page.contains("three</mark><sup><a href=\"#excerpt-1\""), "{page}");
    }

    #[test]
    fn a_number_does_not_break_a_link() {
        let text = "Read [the baker’s list](https://example.org) first.";
        let at = Reading::of(text).find("the baker’s").remove(0);
        let page = shown(text, &[(at.start, at.end)]);
        assert!(page.contains("</mark> list</a><sup>"), "{page}");
    }

    #[test]
    fn a_passage_moves_with_its_text_and_is_lost_rather_than_wrong() {
        let before = Reading::of("They wait. We go on.");
        let at = before.find("We go on.").remove(0);
        assert_eq!(Reading::of("They wait. We go on. Later.").follow(&before, &at), Found::Same);
        let after = Reading::of("First of all: they wait. We go on.");
        let Found::Moved(there) = after.follow(&before, &at) else { panic!("it moved") };
        assert_eq!(after.words(&there), Some("We go on."));
        assert_eq!(Reading::of("They wait. We go.").follow(&before, &at), Found::Lost);
        let twice = Reading::of("Ah. We go on. Oh. Ah. We go on. Oh.");
        assert_eq!(twice.follow(&before, &at), Found::Lost, "nobody can tell which");
    }

    #[test]
    fn what_people_typed_cannot_mark_or_run() {
        let page = shown("<mark>x</mark> <script>alert(1)</script> [a](javascript:x)", &[(0, 3)]);
        assert!(!page.contains("<script") && !page.contains("javascript:"), "{page}");
        assert!(page.contains("&lt;mark&gt;") || page.contains("&lt;ma"), "{page}");
    }

    #[test]
    fn a_text_falls_into_sentences() {
        let reading = Reading::of(TEXT);
        let words: Vec<_> = reading.sentences().iter().filter_map(|s| reading.words(s)).collect();
        assert_eq!(words, ["What we heard", "People trust the baker.", "They said: \"we wait\".", "We wait", "We go on"]);
    }

    proptest! {
        /// Whatever was typed and marked: the letters that are read stay, and nothing new can be run.
        #[test]
        fn marking_takes_no_letter_away(text in "[a-z*_`# .\\n<>&\\[\\]()-]{0,120}", marks in proptest::collection::vec((0_usize..80, 0_usize..80), 0..5)) {
            let reading = Reading::of(&text);
            let passages: Vec<Passage> = marks
                .iter()
                .map(|(a, b)| (*a.min(b), *a.max(b)))
                .filter(|(a, b)| a < b && *b <= reading.len())
                .enumerate()
                .map(|(i, (a, b))| Passage { letters: a..b, number: i + 1 })
                .collect();
            let page = html(maud! { (marked(&text, &passages)) }).as_str().to_owned();
            prop_assert_eq!(page.matches("<sup>").count(), passages.len());
            let bare = html(maud! { (marked(&text, &[])) }).as_str().to_owned();
            let without = ["<mark>", "</mark>"].iter().fold(page, |page, tag| page.replace(tag, ""));
            let mut kept = String::new();
            let mut rest = without.as_str();
            while let Some((before, after)) = rest.split_once("<sup>") {
                kept.push_str(before);
                rest = after.split_once("</sup>").map_or("", |(_, after)| after);
            }
            kept.push_str(rest);
            prop_assert_eq!(kept, bare);
        }

        #[test]
        fn every_passage_of_a_text_is_found_in_it(text in "[a-c .\\n]{0,60}", from: proptest::sample::Index, to: proptest::sample::Index) {
            let reading = Reading::of(&text);
            let (from, to) = (from.index(reading.len() + 1), to.index(reading.len() + 1));
            let passage = from.min(to)..from.max(to);
            let Some(words) = reading.words(&passage) else {
                prop_assert!(passage.is_empty());
                return Ok(());
            };
            prop_assert!(reading.find(words).contains(&passage));
        }
    }
}
