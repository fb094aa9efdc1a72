//! Made-up entries: written by those who may, in circles they write in, about days before the one asked for.

use std::collections::HashMap;

use design::{Circle, EntryKind, Flow, Programme, Scope};
use kernel::{Day, Fault, Moment};
use rand::RngExt;
use rand::rngs::StdRng;
use store::{Db, Writer};
use tables::{EntryId, ProgrammeId, entry};

use super::document::one;
use super::people::{Cast, Player};
use super::phrases::{RARE, SENTENCES, SUBJECTS};

/// Entries in one transaction.
const CHUNK: usize = 4_000;
/// Days back to which entries reach.
const DAYS: i64 = 500;
/// How those who are quoted agreed.
pub(super) const SPOKEN: &str = "Spoken, for use in the place and in the programme’s learning, without a name.";

pub(super) struct Writing<'a> {
    pub db: &'a Db,
    pub writer: &'a Writer,
    pub document: &'a Programme,
    pub cast: &'a Cast,
    pub programme: ProgrammeId,
    pub as_of: Day,
}

/// Something that somebody may write.
struct Chance<'a> {
    player: &'a Player,
    kind: &'a EntryKind,
    circle: &'a Circle,
}

impl Writing<'_> {
    /// Those of a place, and of the whole programme.
    pub(super) fn players<'a>(&'a self, number: usize, roles: &'a [String]) -> impl Iterator<Item = &'a Player> {
        self.cast.players.iter().filter(move |p| p.place.is_none_or(|n| n == number) && roles.contains(&p.role))
    }

    /// Late in the morning of a day, and never later than the programme's own.
    pub(super) fn at(&self, on: Day) -> Moment {
        on.start().plus_seconds(11 * 3600).min(self.writer.clock.now())
    }

    pub async fn fill(&self, count: usize, rng: &mut StdRng, progress: &mut (dyn FnMut(usize) + Send)) -> Result<(), Fault> {
        let chances = self.chances();
        let mut done = 0;
        while done < count && !chances.is_empty() {
            let mut write = self.db.write(self.writer, "write a practice entry").await?;
            let mut rows: Vec<entry::Model> = Vec::with_capacity(CHUNK);
            while rows.len() < CHUNK.min(count - done) {
                let number = done + rows.len();
                let extract = (number % 12 == 11).then(|| rows.last().and_then(|source| self.extract(source, rng))).flatten();
                if let Some(row) = extract.or_else(|| self.entry(&chances, number, rng)) {
                    rows.push(row);
                }
            }
            done += rows.len();
            write.insert_all(rows.clone()).await?;
            write.index(&rows).await?;
            write.save().await?;
            progress(done);
        }
        Ok(())
    }

    /// What can be written, place by place, so that every place gets its share; what is of no place comes last.
    fn chances(&self) -> Vec<Vec<Chance<'_>>> {
        let design = &self.document.design;
        let mut by_place: HashMap<Option<usize>, Vec<Chance<'_>>> = HashMap::new();
        for player in &self.cast.players {
            // What waits for something or belongs to more than itself is made elsewhere, with all of it.
            let plain = |k: &EntryKind| {
                !k.is_matter() && k.peers.is_none() && (k.parts.is_empty() || k.parts.iter().any(|p| p.attendance))
            };
            for kind in design.kinds.iter().filter(|k| k.writers.contains(&player.role) && plain(k)) {
                let circles = kind.circles.iter().filter_map(|key| design.circles.iter().find(|c| c.key == *key));
                for circle in circles
                    .filter(|c| c.writers.contains(&player.role) && (player.place.is_some() || c.scope == Scope::Programme))
                {
                    by_place.entry(player.place).or_default().push(Chance { player, kind, circle });
                }
            }
        }
        let places = (0..self.cast.places.len()).filter_map(|n| by_place.remove(&Some(n)));
        let mut all: Vec<Vec<Chance<'_>>> = places.collect();
        all.extend(by_place.remove(&None));
        all
    }

    fn entry(&self, chances: &[Vec<Chance<'_>>], number: usize, rng: &mut StdRng) -> Option<entry::Model> {
        let chance = one(rng, &chances[number % chances.len()])?;
        let happened_on = self.as_of.plus_days(-rng.random_range(0..DAYS));
        let written_at = happened_on.start().plus_seconds(rng.random_range(9 * 3600..17 * 3600));
        // An entry of the day itself is written before the programme's own morning.
        let written_at = written_at.min(self.writer.clock.now());
        let subject = one(rng, &SUBJECTS)?;
        Some(entry::Model {
            id: EntryId(self.writer.ids.next(written_at)),
            programme_id: self.programme,
            place_id: chance.player.place.map(|n| self.cast.places[n]),
            circle_id: self.cast.circles.get(&chance.circle.key).copied()?,
            kind: chance.kind.key.clone(),
            title: format!("{}: {subject}", chance.kind.name),
            text: match chance.kind.consent {
                true => crate::entries::with_consent(&text(rng), SPOKEN),
                false if chance.kind.parts.is_empty() => text(rng),
                false => meeting(chance.kind, rng),
            },
            happened_on,
            author_id: chance.player.person,
            appointment_id: chance.player.appointment,
            revision: 1,
            written_at,
            changed_at: written_at,
            source_id: None,
            source_circle_id: None,
            source_revision: None,
        })
    }

    /// A part of the entry just written, shared onward by somebody who may.
    fn extract(&self, source: &entry::Model, rng: &mut StdRng) -> Option<entry::Model> {
        let design = &self.document.design;
        let from = self.cast.circles.iter().find(|(_, id)| **id == source.circle_id).map(|(key, _)| key)?;
        let open = |flow: &&Flow| flow.from == *from && flow.agreed_by.is_empty() && flow.to != "public";
        let flows: Vec<&Flow> = design.flows.iter().filter(open).collect();
        let flow = one(rng, &flows)?;
        let here =
            |p: &&Player| flow.by.contains(&p.role) && p.place.is_none_or(|n| Some(self.cast.places[n]) == source.place_id);
        let player = self.cast.players.iter().find(here)?;
        let written_at = source.written_at.plus_seconds(3600).min(self.writer.clock.now());
        Some(entry::Model {
            id: EntryId(self.writer.ids.next(written_at)),
            circle_id: self.cast.circles.get(&flow.to).copied()?,
            title: source.title.replace(": ", ", in short: "),
            text: format!("{} {}", one(rng, &SENTENCES)?, one(rng, &SENTENCES)?),
            author_id: player.person,
            appointment_id: player.appointment,
            written_at,
            changed_at: written_at,
            source_id: Some(source.id),
            source_circle_id: Some(source.circle_id),
            source_revision: Some(1),
            ..source.clone()
        })
    }
}

/// A text with parts; where one says who came, a few did.
fn meeting(kind: &EntryKind, rng: &mut StdRng) -> String {
    let of = |part: &design::TextPart, rng: &mut StdRng| match part.attendance {
        true => crate::entries::came_text(|_| match rng.random_range(0..5) {
            0 => String::new(),
            n => n.to_string(),
        }),
        false => one(rng, &SENTENCES).copied().unwrap_or_default().to_string(),
    };
    let said: Vec<String> = kind.parts.iter().map(|part| of(part, rng)).collect();
    crate::entries::joined(&kind.parts, &said)
}

pub(super) fn text(rng: &mut StdRng) -> String {
    let paragraphs = (0..rng.random_range(1..=3)).map(|_| {
        let sentences: Vec<&str> = (0..rng.random_range(2..=4)).filter_map(|_| one(rng, &SENTENCES).copied()).collect();
        sentences.join(" ")
    });
    let mut text = paragraphs.collect::<Vec<_>>().join("\n\n");
    if rng.random_range(0..400) == 0
        && let Some(word) = one(rng, &RARE)
    {
        text.push_str(&format!(" Somebody spoke of the {word}."));
    }
    text
}
