//! Made-up rounds of reflection: one that a group has looked at together, and one that waits for answers.

use std::collections::BTreeSet;

use design::{Framework, Group};
use forms::Form;
use kernel::{Fault, Moment};
use rand::RngExt;
use rand::rngs::StdRng;
use store::Write;
use tables::{
    EntryId, FormId, PersonId, PlaceId, ReflectionId, ReflectionLinkId, ReflectionRoundId, entry, reflection, reflection_link,
    reflection_round,
};

use super::document::one;
use super::entries::Writing;
use super::people::Player;
use crate::answers::keep_form;
use crate::house::OF_A_GROUP;
use crate::reflecting::{FEWEST, Given, Instead, any_answer, kept_as_shown};

/// Places whose groups have reflected.
const PLACES: usize = 2;
/// Days back to when the first round was opened, and to when it was shown.
const OPENED: i64 = 150;
const SHOWN: i64 = 132;
/// Days back to when the second was opened.
const AGAIN: i64 = 6;
/// So many of a group have finished by now in the second.
const FINISHED: usize = 2;

const SAID: [&str; 8] = [
    "We are kind to each other in meetings and say the rest in the corridor.",
    "The small groups agree to everything, because they cannot afford not to.",
    "Who holds the money still speaks first.",
    "We ask people in, and have settled it by then.",
    "I should like us to stop for once and look at what we have promised.",
    "Two of us could swap places for a week.",
    "We could leave the first half hour to those who came last time and said nothing.",
    "We never talk about what happens when the grant ends.",
];
const MADE_OF_IT: &str = "We see it more alike than we thought, but for who settles things. We want to try another way of \
    setting the agenda, and to look again in a few months.";

pub(super) async fn fill(writing: &Writing<'_>, rng: &mut StdRng) -> Result<(), Fault> {
    let mut write = writing.db.write(writing.writer, OF_A_GROUP).await?;
    for framework in &writing.document.design.frameworks {
        let Some(form) = writing.document.form(&framework.form) else { continue };
        let form_id = keep_form(&mut write, writing.programme, &form.form).await?;
        let groups = match framework.each {
            Group::Place => (0..writing.cast.places.len().min(PLACES)).map(Some).collect(),
            Group::Programme => vec![None],
        };
        for number in groups {
            let made = Made { writing, framework, form: &form.form, form_id, place: number };
            made.rounds(&mut write, rng).await?;
        }
    }
    write.save().await
}

struct Made<'a> {
    writing: &'a Writing<'a>,
    framework: &'a Framework,
    form: &'a Form,
    form_id: FormId,
    /// Which of the places, or the programme.
    place: Option<usize>,
}

impl Made<'_> {
    fn place_id(&self) -> Option<PlaceId> {
        self.place.map(|number| self.writing.cast.places[number])
    }

    /// Those of the group, each once, as they stand in the cast.
    fn people(&self) -> Vec<&Player> {
        let mut seen = BTreeSet::new();
        let here = |p: &&Player| p.place.is_none() || p.place == self.place;
        let all = self.writing.cast.players.iter().filter(here).filter(|p| self.framework.roles.contains(&p.role));
        all.filter(|p| seen.insert(p.person)).collect()
    }

    async fn rounds(&self, write: &mut Write, rng: &mut StdRng) -> Result<(), Fault> {
        let people = self.people();
        let opener = people.iter().find(|p| self.framework.opens.contains(&p.role));
        let Some(opener) = opener.filter(|_| people.len() >= FEWEST) else { return Ok(()) };
        let back = |days: i64| self.writing.at(self.writing.as_of.plus_days(-days));
        let (before, first) = self.round(write, (1, opener.person), back(OPENED)).await?;
        let mut shown = Vec::with_capacity(people.len());
        for (i, player) in people.iter().enumerate() {
            let at = back(OPENED - 2 - i64::try_from(i).unwrap_or(0));
            shown.push(self.answers(write, first, player.person, at, rng).await?);
        }
        let (revealed_by, revealed_at) = (Some(opener.person), Some(back(SHOWN)));
        let after = reflection_round::Model { revealed_by, revealed_at, shown: kept_as_shown(&shown), ..before.clone() };
        write.replace(&before, after).await?;
        self.words(write, first, back(SHOWN)).await?;
        let (_, second) = self.round(write, (2, opener.person), back(AGAIN)).await?;
        // Whoever opens it has still to answer, so that it can be tried.
        let others = people.iter().filter(|p| p.person != opener.person);
        for player in others.take(FINISHED.min(people.len() - 2)) {
            self.answers(write, second, player.person, back(AGAIN - 2), rng).await?;
        }
        Ok(())
    }

    async fn round(
        &self,
        write: &mut Write,
        (number, by): (i32, PersonId),
        opened_at: Moment,
    ) -> Result<(reflection_round::Model, ReflectionRoundId), Fault> {
        let row = reflection_round::Model {
            id: ReflectionRoundId(self.writing.writer.ids.next(opened_at)),
            programme_id: self.writing.programme,
            place_id: self.place_id(),
            framework: self.framework.key.clone(),
            number,
            form_id: self.form_id,
            opened_by: by,
            opened_at,
            revealed_by: None,
            revealed_at: None,
            shown: String::new(),
            ended_at: None,
        };
        let row = write.insert(row).await?;
        let id = row.id;
        Ok((row, id))
    }

    async fn answers(
        &self,
        write: &mut Write,
        round_id: ReflectionRoundId,
        person_id: PersonId,
        at: Moment,
        rng: &mut StdRng,
    ) -> Result<ReflectionId, Fault> {
        let mut given = Given::default();
        for question in self.form.sections.iter().flat_map(|s| &s.questions) {
            match rng.random_range(0..10) {
                0 => drop(given.instead.insert(question.key.clone(), Instead::Skip)),
                1 => drop(given.instead.insert(question.key.clone(), Instead::NotSafe)),
                _ => {
                    let text = one(rng, &SAID).copied().unwrap_or_default();
                    if let Some((path, value)) = any_answer(question, rng.random_range(0..12), text) {
                        given.answers.set(path, Some(value));
                    }
                }
            }
        }
        let row = reflection::Model {
            id: ReflectionId(self.writing.writer.ids.next(at)),
            programme_id: self.writing.programme,
            round_id,
            person_id,
            given: given.written()?,
            revision: 1,
            done_at: Some(at),
        };
        Ok(write.insert(row).await?.id)
    }

    /// What the group made of it, written by one of those who write it.
    async fn words(&self, write: &mut Write, round_id: ReflectionRoundId, at: Moment) -> Result<(), Fault> {
        let design = &self.writing.document.design;
        let (Some(kind), Some(circle)) = (design.kind(&self.framework.kind), design.circle(&self.framework.circle)) else {
            return Ok(());
        };
        let writes = |p: &&&Player| kind.writers.contains(&p.role) && circle.writers.contains(&p.role);
        let people = self.people();
        let (Some(author), Some(circle_id)) = (people.iter().find(writes), self.writing.cast.circles.get(&circle.key)) else {
            return Ok(());
        };
        let row = entry::Model {
            id: EntryId(self.writing.writer.ids.next(at)),
            programme_id: self.writing.programme,
            place_id: self.place_id(),
            circle_id: *circle_id,
            kind: kind.key.clone(),
            title: format!("What we make of it: {}, round 1", self.framework.name),
            text: MADE_OF_IT.to_string(),
            happened_on: at.day(),
            author_id: author.person,
            appointment_id: author.appointment,
            revision: 1,
            written_at: at,
            changed_at: at,
            source_id: None,
            source_circle_id: None,
            source_revision: None,
        };
        let entry = write.insert(row).await?;
        write.index(std::slice::from_ref(&entry)).await?;
        let link = reflection_link::Model {
            id: ReflectionLinkId(self.writing.writer.ids.next(at)),
            programme_id: self.writing.programme,
            round_id,
            entry_id: entry.id,
            at,
        };
        write.insert(link).await.map(drop)
    }
}
