//! Made-up themes, and what people marked in what they had written: in some places clearly more of one thing than in others.

use std::ops::Range;

use design::Power;
use kernel::{Fault, Moment};
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder, QuerySelect};
use store::{Write, fault};
use tables::{
    EntryId, MarkId, MarkThemeId, PersonId, PlaceId, ThemeChangeId, ThemeId, entry, mark, mark_theme, theme, theme_change,
};
use ui::passages::Reading;

use super::document::one;
use super::entries::{SPOKEN, Writing};
use super::oversight::PLACES;
use crate::entries::is_gone;

/// Excerpts at the most, and entries in which somebody marked something.
const MOST: usize = 400;
const ENTRIES: usize = 270;
/// One entry of so many is marked.
const ONE_IN: usize = 3;
/// Letters that a sentence has at least which says something.
const SHORTEST: usize = 12;
/// Days back to when the themes were added: before anything was marked.
const ADDED: i64 = 530;
/// Days after writing by which somebody has marked.
const LATER: i64 = 10;
const DAY: i64 = 24 * 3600;

struct Word {
    name: &'static str,
    about: &'static str,
    /// The wider theme, which stands before it.
    under: &'static str,
    /// What a sentence says that is about it.
    cues: &'static [&'static str],
}

const THEMES: [Word; 8] = [
    Word {
        name: "Trust",
        about: "What lets people rely on one another, and what ends it. Where it is plain between whom, take the narrower theme.",
        under: "",
        cues: &["trust", "promised", "told outside", "passed on"],
    },
    Word {
        name: "Between organisations",
        about: "What organisations know of one another, give one another and hold back.",
        under: "Trust",
        cues: &["partner", "council", "the ward", "surgery", "boards", "firm", "pharmacist"],
    },
    Word {
        name: "Between people",
        about: "What passes between two people, whoever they work for.",
        under: "Trust",
        cues: &["laughed", "thanked", "relief", "neighbour", "keys", "same two people", "knock on doors", "wanted to leave"],
    },
    Word {
        name: "Who decides",
        about: "Who has a say and who has the last word, as it is and as people wish it were.",
        under: "",
        cues: &["decide", "decision", "power", "steering", "chaired", "agreed to", "was stopped"],
    },
    Word {
        name: "Being heard",
        about: "Being asked and listened to, and seeing that something comes of it.",
        under: "",
        cues: &["heard", "asked", "listen", "voices", "who spoke", "the story", "engagement"],
    },
    Word {
        name: "Who is not in the room",
        about: "Those who are missing, and what keeps them away. Not: who was there and said nothing.",
        under: "Being heard",
        cues: &["left out", "cannot come", "keeps people away", "the bus", "interpreter", "loudest", "library", "did not know"],
    },
    Word {
        name: "Time",
        about: "How long things take, whose time it is, and when it is too early or too late.",
        under: "",
        cues: &["meetings", "week", "hour", "month", " late", "calendar", "to time", "the clock"],
    },
    Word {
        name: "Money and what comes with it",
        about: "Grants, pay and expenses, and what they let people do or keep them from.",
        under: "",
        cues: &["money", "grant", "fund", "underspend", "paid", "budget", "reserves", "fares", "free of charge"],
    },
];

const NOTES: [&str; 6] = [
    "We heard the same in other words half a year before.",
    "Said by somebody who seldom speaks.",
    "It may be less clear than it sounds.",
    "Worth coming back to in half a year.",
    "This surprised us more than anything else on that day.",
    "Ask them about it when we meet.",
];

pub(super) async fn fill(writing: &Writing<'_>, rng: &mut StdRng) -> Result<(), Fault> {
    let Some(keeper) = keeper(writing) else { return Ok(()) };
    let (themes, changes) = vocabulary(writing, keeper);
    let mut write = writing.db.write(writing.writer, "make practice excerpts").await?;
    let entries = entries(writing, &write, rng).await?;
    let mut order: Vec<usize> = (0..THEMES.len()).collect();
    order.shuffle(rng);
    let mut made = Made { themes: themes.iter().map(|t| t.id).collect(), order, marks: Vec::new(), given: Vec::new() };
    for entry in &entries {
        made.excerpts(writing, entry, rng);
    }
    write.insert_all(themes).await?;
    write.insert_all(changes).await?;
    write.insert_all(made.marks).await?;
    write.insert_all(made.given).await?;
    write.save().await
}

/// Whoever keeps the themes for the whole programme.
fn keeper(writing: &Writing<'_>) -> Option<PersonId> {
    let roles = &writing.document.design.roles;
    let keeps = |key: &str| roles.iter().any(|r| r.key == key && r.may.contains(&Power::KeepThemes));
    writing.cast.players.iter().find(|p| p.place.is_none() && keeps(&p.role)).map(|p| p.person)
}

fn vocabulary(writing: &Writing<'_>, keeper: PersonId) -> (Vec<theme::Model>, Vec<theme_change::Model>) {
    let at = writing.at(writing.as_of.plus_days(-ADDED));
    let mut themes: Vec<theme::Model> = Vec::with_capacity(THEMES.len());
    for word in &THEMES {
        let parent_id = themes.iter().find(|t| t.name == word.under).map(|t| t.id);
        themes.push(theme::Model {
            id: ThemeId(writing.writer.ids.next(at)),
            programme_id: writing.programme,
            parent_id,
            name: word.name.into(),
            about: word.about.into(),
            made_at: at,
            merged_into: None,
            ended_at: None,
        });
    }
    let added = |theme: &theme::Model| theme_change::Model {
        id: ThemeChangeId(writing.writer.ids.next(at)),
        programme_id: writing.programme,
        theme_id: theme.id,
        what: "added".into(),
        was: String::new(),
        now: theme.name.clone(),
        why: String::new(),
        person_id: keeper,
        at,
    };
    let changes = themes.iter().map(added).collect();
    (themes, changes)
}

/// Some of what people wrote, of the first places and of the programme, the earliest first.
async fn entries(writing: &Writing<'_>, write: &Write, rng: &mut StdRng) -> Result<Vec<entry::Model>, Fault> {
    let places: Vec<PlaceId> = writing.cast.places.iter().copied().take(PLACES).collect();
    let about = Condition::any().add(entry::COLUMN.place_id.is_in(places)).add(entry::COLUMN.place_id.is_null());
    let mut ids: Vec<EntryId> = entry::Entity::find()
        .select_only()
        .column(entry::Column::Id)
        .filter(entry::COLUMN.programme_id.eq(writing.programme))
        .filter(entry::COLUMN.source_id.is_null())
        .filter(about)
        .order_by_asc(entry::Column::Id)
        .into_tuple()
        .all(write.tx())
        .await
        .map_err(fault("list what can be marked"))?;
    let many = ids.len().div_ceil(ONE_IN).min(ENTRIES);
    ids.shuffle(rng);
    ids.truncate(many);
    let found = entry::Entity::find().filter(entry::COLUMN.id.is_in(ids)).order_by_asc(entry::Column::Id);
    let found = found.all(write.tx()).await.map_err(fault("load what is marked"))?;
    Ok(found.into_iter().filter(|e| !is_gone(e)).collect())
}

/// The themes, by their number, that a sentence is about.
fn fits(words: &str) -> Vec<usize> {
    let words = words.to_lowercase();
    let fit = |theme: &Word| theme.cues.iter().any(|cue| words.contains(cue));
    THEMES.iter().enumerate().filter(|(_, theme)| fit(theme)).map(|(number, _)| number).collect()
}

/// A heading or a line of a list says little, and how somebody agreed is not what they said.
fn is_said(words: &str) -> bool {
    words.ends_with(['.', '!', '?', '…']) && words != SPOKEN
}

/// Everything that was marked.
struct Made {
    themes: Vec<ThemeId>,
    /// What each of the first places speaks of more than others do; those after them speak of everything alike.
    order: Vec<usize>,
    marks: Vec<mark::Model>,
    given: Vec<mark_theme::Model>,
}

impl Made {
    fn leaning(&self, writing: &Writing<'_>, place: Option<PlaceId>) -> Option<usize> {
        let number = writing.cast.places.iter().position(|id| Some(*id) == place)?;
        self.order.get(number % (2 * self.order.len())).copied()
    }

    /// Whoever wrote an entry has marked a sentence or two of it.
    fn excerpts(&mut self, writing: &Writing<'_>, entry: &entry::Model, rng: &mut StdRng) {
        let lean = self.leaning(writing, entry.place_id);
        let reading = Reading::of(&entry.text);
        let long = reading.sentences().into_iter().filter(|letters| letters.len() >= SHORTEST);
        let said = long.filter_map(|letters| {
            let words = reading.words(&letters).filter(|words| is_said(words))?;
            Some((letters, fits(words)))
        });
        let mut said: Vec<(Range<usize>, Vec<usize>)> = said.collect();
        said.shuffle(rng);
        // What the place speaks of most strikes people first, and what is about nothing in particular last.
        said.sort_by_key(|(_, about)| (!lean.is_some_and(|lean| about.contains(&lean)), about.is_empty()));
        let many = rng.random_range(1..=2_usize).min(MOST - self.marks.len());
        let at = entry.changed_at.plus_seconds(rng.random_range(1..=LATER) * DAY).min(writing.writer.clock.now());
        for (letters, mut about) in said.into_iter().take(many) {
            about.shuffle(rng);
            about.sort_by_key(|theme| Some(*theme) != lean);
            if about.is_empty() {
                about.push(lean.unwrap_or_else(|| rng.random_range(0..THEMES.len())));
            }
            about.truncate(rng.random_range(1..=2_usize));
            let note = if rng.random_bool(0.15) { one(rng, &NOTES).copied().unwrap_or_default() } else { "" };
            self.mark(writing, entry, (&letters, &about), note, at);
        }
    }

    fn mark(
        &mut self,
        writing: &Writing<'_>,
        entry: &entry::Model,
        (letters, about): (&Range<usize>, &[usize]),
        note: &str,
        at: Moment,
    ) {
        let letter = |at: usize| i32::try_from(at).unwrap_or(i32::MAX);
        let mark_id = MarkId(writing.writer.ids.next(at));
        self.marks.push(mark::Model {
            id: mark_id,
            programme_id: writing.programme,
            entry_id: Some(entry.id),
            revision: entry.revision,
            circle_id: Some(entry.circle_id),
            from_letter: letter(letters.start),
            to_letter: letter(letters.end),
            note: note.into(),
            person_id: entry.author_id,
            appointment_id: entry.appointment_id,
            made_at: at,
            shown_at: Some(at),
            removed_at: None,
            application_id: None,
            question: None,
        });
        for theme in about {
            self.given.push(mark_theme::Model {
                id: MarkThemeId(writing.writer.ids.next(at)),
                programme_id: writing.programme,
                mark_id,
                theme_id: self.themes[*theme],
                person_id: entry.author_id,
                at,
                ended_at: None,
            });
        }
    }
}
