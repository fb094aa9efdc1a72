//! What two people marked in one entry or application, sentence by sentence: where they agree, and how far beyond chance.

use std::collections::BTreeSet;

use measures::{Ratings, Weights, cohen_kappa};
use tables::{PersonId, ThemeId};
use ui::passages::Reading;
use ui::table::{Cell, Table};
use ui::{html, parts};

use super::excerpts::{self, Excerpt};
use super::inside;
use super::source::Source;
use super::vocabulary::Vocabulary;
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot, Stop};

/// A sentence of one of the texts.
struct Sentence<'a> {
    /// What the text answers.
    question: &'a Option<String>,
    text: &'a Reading,
    letters: std::ops::Range<usize>,
}

/// The themes that somebody sees in each sentence.
fn seen(all: &[Excerpt], person: PersonId, sentences: &[Sentence<'_>]) -> Vec<BTreeSet<ThemeId>> {
    let mine = || all.iter().filter(|e| e.row.person_id == person && e.row.shown_at.is_some());
    let here = |sentence: &Sentence<'_>| {
        let overlaps = |l: &std::ops::Range<usize>| l.start < sentence.letters.end && sentence.letters.start < l.end;
        let touches = |e: &&Excerpt| e.row.question == *sentence.question && e.letters.as_ref().is_some_and(overlaps);
        mine().filter(touches).flat_map(|e| e.themes.iter().copied()).collect()
    };
    sentences.iter().map(here).collect()
}

/// How much more often two agree over the same sentences than two would who marked as often and by chance; nothing where
/// both marked all of them or none.
fn beyond_chance(pairs: &[(bool, bool)]) -> Option<f64> {
    let coder = |of: fn(&(bool, bool)) -> bool| pairs.iter().map(|p| Some(f64::from(u8::from(of(p))))).collect();
    let ratings = Ratings::new(vec![coder(|p| p.0), coder(|p| p.1)]).ok()?;
    cohen_kappa(&ratings, Weights::Identity).ok().map(|k| k.kappa)
}

/// A number that rounds to nothing has no sign.
fn two_places(number: f64) -> String {
    let rounded = format!("{number:.2}");
    if rounded == "-0.00" { "0.00".into() } else { rounded }
}

/// `/programmes/{programme}/entries/{entry}/excerpts/compare`
pub(super) async fn page(cx: Cx) -> Answer {
    inside(&cx)?;
    let (programme, entry) = (cx.programme()?.clone(), cx.entry()?.clone());
    let all = excerpts::of_entry(&cx, &programme, &entry).await?;
    let texts = [(None, Reading::of(&entry.text))];
    compared(&cx, &programme, &Source::Entry(Box::new(entry)), &texts, &all).await
}

/// Where two readings of these texts agree; each text with the question that it answers.
pub(super) async fn compared(
    cx: &Cx,
    programme: &Snapshot,
    source: &Source,
    texts: &[(Option<String>, Reading)],
    all: &[Excerpt],
) -> Answer {
    let mut people: Vec<(PersonId, String)> = Vec::new();
    for excerpt in all.iter().filter(|e| e.row.shown_at.is_some()) {
        if people.iter().all(|(id, _)| *id != excerpt.row.person_id) {
            people.push((excerpt.row.person_id, excerpt.by.clone()));
        }
    }
    people.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
    let pick = |name: &str, default: usize| {
        let asked = cx.query(name).parse::<PersonId>().ok();
        people.iter().find(|(id, _)| Some(*id) == asked).or_else(|| people.get(default))
    };
    let Some(a) = pick("a", 0) else { return Err(Stop::Missing) };
    let other = pick("b", 1).filter(|b| b.0 != a.0).or_else(|| people.iter().find(|p| p.0 != a.0));
    let Some(b) = other else { return Err(Stop::Missing) };
    let vocabulary = Vocabulary::load(cx.read(), programme.id).await?;
    let sentences: Vec<Sentence<'_>> = texts
        .iter()
        .flat_map(|(question, text)| text.sentences().into_iter().map(move |letters| Sentence { question, text, letters }))
        .collect();
    let (first, second) = (seen(all, a.0, &sentences), seen(all, b.0, &sentences));
    let names = |themes: &BTreeSet<ThemeId>| match themes.is_empty() {
        true => "—".to_string(),
        false => themes.iter().map(|id| vocabulary.name(*id)).collect::<Vec<_>>().join(", "),
    };
    let rows = sentences.iter().zip(first.iter().zip(&second)).filter(|(_, (x, y))| !x.is_empty() || !y.is_empty());
    let rows: Vec<Vec<Cell>> = rows
        .map(|(sentence, (x, y))| {
            let alike = if x == y { "alike" } else { "differently" };
            let words = sentence.text.words(&sentence.letters).unwrap_or_default();
            vec![Cell::text(words).head(), Cell::text(names(x)), Cell::text(names(y)), Cell::text(alike)]
        })
        .collect();
    let themes: BTreeSet<ThemeId> = first.iter().chain(&second).flatten().copied().collect();
    let agreement = themes.iter().map(|theme| {
        let pairs: Vec<(bool, bool)> = first.iter().zip(&second).map(|(x, y)| (x.contains(theme), y.contains(theme))).collect();
        let count = |which: fn(&(bool, bool)) -> bool| pairs.iter().filter(|p| which(p)).count();
        vec![
            Cell::text(vocabulary.path(*theme)).head(),
            Cell::number(count(|p| p.0 && p.1)),
            Cell::number(count(|p| p.0 != p.1)),
            beyond_chance(&pairs).map_or_else(|| Cell::text("—"), |k| Cell::number(two_places(k))),
        ]
    });
    let agreement = Table::new(
        "Theme by theme",
        &["Theme", "Sentences in which both see it", "In which one does", "Beyond chance (kappa)"],
        agreement.collect(),
    );
    let home = source.href(programme);
    let others = people.iter().filter(|(id, _)| *id != a.0 && *id != b.0);
    let links: Vec<(String, &String)> =
        others.map(|(id, name)| (format!("{home}/excerpts/compare?a={}&b={id}", a.0), name)).collect();
    let draft = Draft::new("Two readings").crumb(&programme.name, programme.href()).crumb(source.name(), &home);
    let draft = draft.crumb("Excerpts", format!("{home}/excerpts"));
    let lead = format!("What {} and {} marked in it. Where they differ is where to talk.", a.1, b.1);
    let headers = ["Sentence", &a.1, &b.1, "They read it"];
    let table = Table::new("Sentences in which at least one of them sees a theme", &headers, rows);
    Ok(draft.lead(lead).page(
        cx,
        maud! {
            (table.html())
            (agreement.html())
            p class="muted" { "Kappa is 1 where two always agree, and 0 where they agree as often as two who mark by chance." }
            @if !links.is_empty() {
                (parts::section("others", "Compare with another reading", html(maud! {
                    ul { @for (href, name) in &links { li { a href=(href) { (name) } } } }
                })))
            }
        },
    ))
}
