//! Policy changes, each with what the programme had to do with it and how strong the evidence for that is said to be.

use design::InfluencePart;
use kernel::Fault;
use ui::parts::{self, Tone};
use ui::table::{Cell, Table};
use ui::{Html, html, words};

use super::followed::{self, Followed, Taken, under};
use crate::ground::html::*;
use crate::ground::{Cx, Snapshot};

/// The words with which somebody begins who says how strong evidence is.
const STRENGTHS: [(&str, Tone); 3] = [("strong", Tone::Good), ("some", Tone::Waiting), ("weak", Tone::Warning)];

pub(super) async fn body(cx: &Cx, programme: &Snapshot) -> Result<Option<Html>, Fault> {
    let all = followed::of(cx, programme, InfluencePart::Policy).await?;
    if all.is_empty() {
        return Ok(None);
    }
    let said: Vec<Option<String>> = all.iter().map(strength).collect();
    let marked = |word: &str| said.iter().flatten().filter(|said| mark(said).is_some_and(|(is, _)| is == word)).count();
    let counts = STRENGTHS.map(|(word, _)| format!("{word}: {}", marked(word))).join(", ");
    let table = table(programme, &all, &said);
    Ok(Some(html(maud! {
        p { "How strong the evidence is, as those say who brought it: " (&counts) "." }
        (table)
        (super::cut(all.len()))
    })))
}

/// What was said last of how strong the evidence is.
fn strength(one: &Followed<'_>) -> Option<String> {
    let key = one.mark.strength.as_deref()?;
    let of_step = |taken: &Taken| under(&taken.text, &one.kind.step(&taken.key)?.parts, key);
    one.steps.iter().rev().find_map(of_step).or_else(|| under(&one.text, &one.kind.parts, key))
}

/// The mark with which it begins.
fn mark(said: &str) -> Option<(&'static str, Tone)> {
    let first = said.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty())?.to_lowercase();
    STRENGTHS.into_iter().find(|(word, _)| *word == first)
}

fn table(programme: &Snapshot, all: &[Followed<'_>], said: &[Option<String>]) -> Html {
    let rows = all.iter().zip(said).map(|(one, said)| {
        let brought: Vec<&Taken> = one.taken(&one.mark.done).collect();
        vec![
            Cell::link(&one.href(programme), &one.listed.title).head(),
            Cell::text(one.place()),
            said.as_deref().map_or_else(Cell::not_stated, stated),
            Cell::number(brought.len()),
            brought.last().map_or_else(|| Cell::text("—"), |taken| Cell::day(taken.on)),
            Cell::text(one.stands()),
        ]
    });
    let headers = ["What changed", "For", "How strong the evidence is", "Times evidence was brought", "Last on", "Stands"];
    Table::new("Policy changes, the oldest first", &headers, rows.collect()).quiet().html()
}

fn stated(said: &str) -> Cell {
    let mark = mark(said);
    Cell::html(maud! {
        @if let Some((word, tone)) = mark { (parts::tag(word, tone)) " " }
        (words::snippet(said, &[]))
    })
}

#[cfg(test)]
mod tests {
    use super::mark;

    #[test]
    fn the_first_word_is_the_mark() {
        assert_eq!(mark("Strong. Two boards say so.").map(|(word, _)| word), Some("strong"));
        assert_eq!(mark("**Some**, from one side").map(|(word, _)| word), Some("some"));
        assert_eq!(mark("We do not know"), None);
        assert_eq!(mark(""), None);
    }
}
