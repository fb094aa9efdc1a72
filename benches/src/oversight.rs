//! A place of which much was written, and somebody for whom much waits, put straight into the database of a practice programme.
//! Through the pages it would take hours.

use std::collections::HashMap;

use design::{Circle, Design, EntryKind, Power, Programme, Role, Scope};
use kernel::Day;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::{Db, Write};
use tables::{
    CircleId, EntryId, MatterId, PersonId, PlaceId, appointment, circle, design_version, entry, matter, person, place, programme,
};

use crate::Outcome;
use crate::fill::{Filling, put, writer};
use crate::load::some_text;

/// Days back to which it was written of the place, as in every practice programme.
const DAYS: u64 = 500;
/// Matters of the place that are younger are open. Older ones are closed, as where people answer each other: an open one that
/// was silent for months would be a tipping point, and hundreds of those would be measured instead.
const OPEN_DAYS: u64 = 60;
/// What waits for whoever is measured was said within so many days: most of it is not late, some is.
const GIVEN_DAYS: u64 = 40;
/// Entries in one transaction.
const CHUNK: usize = 1000;
const ACT: &str = "prepare a measurement";

/// What is there to be measured.
#[derive(Debug)]
pub struct Oversight {
    /// The name of whoever reads, which is what their button on the sign-in page says.
    pub reader: String,
    /// The addresses of the programme, and of the place of which much was written.
    pub programme: String,
    pub place: String,
    /// As many of the entries as whoever reads may read.
    pub readable: usize,
}

impl Filling {
    /// Has so many entries stand in one place of the practice programme, in all circles and of all kinds that have one there, and
    /// so many open matters of all places wait for one person.
    pub fn oversight(&self, entries: u64, matters: u64) -> Outcome<Oversight> {
        self.runtime.block_on(async {
            let practice = Practice::load(&self.db).await?;
            let reader = practice.reader()?;
            let place = practice.places.first().ok_or("the programme has no places")?;
            let readable = practice.write_of(&self.db, &reader, place, entries).await?;
            practice.give(&self.db, &reader, matters).await?;
            let known = person::Entity::find_by_id(reader.held.person_id).one(self.db.reader()).await?;
            let name = known.ok_or("whoever reads is gone")?.name;
            self.db.count_anew().await?;
            let home = format!("/programmes/{}", practice.programme.slug);
            let place = format!("{home}/places/{}", place.slug);
            Ok(Oversight { reader: name, programme: home, place, readable })
        })
    }
}

/// A practice programme: its design, and who holds a role in it.
struct Practice {
    programme: programme::Model,
    design: Design,
    circles: HashMap<String, CircleId>,
    places: Vec<place::Model>,
    held: Vec<appointment::Model>,
}

/// Whoever is measured, and what they can be given to do.
struct Reader<'a> {
    role: &'a Role,
    held: &'a appointment::Model,
    kind: &'a EntryKind,
    /// Where it stands.
    circle: &'a Circle,
}

/// Something that can be written of a place, and by whom.
struct Chance<'a> {
    kind: &'a EntryKind,
    circle: &'a Circle,
    circle_id: CircleId,
    writers: Vec<&'a appointment::Model>,
}

impl Practice {
    async fn load(db: &Db) -> Outcome<Self> {
        let made_up = programme::Entity::find().filter(programme::COLUMN.practice.eq(true));
        let programme = made_up.one(db.reader()).await?.ok_or("there is no practice programme")?;
        let version = design_version::Entity::find_by_id(programme.design_version_id).one(db.reader()).await?;
        let document: Programme = serde_json::from_str(&version.ok_or("the programme has no design")?.document)?;
        let circles = circle::Entity::find().filter(circle::COLUMN.programme_id.eq(programme.id)).all(db.reader()).await?;
        let places = place::Entity::find()
            .filter(place::COLUMN.programme_id.eq(programme.id))
            .order_by_asc(place::Column::Name)
            .order_by_asc(place::Column::Id)
            .all(db.reader())
            .await?;
        let held = appointment::Entity::find()
            .filter(appointment::COLUMN.programme_id.eq(programme.id))
            .filter(appointment::Column::ToDay.is_null())
            .order_by_asc(appointment::Column::Id)
            .all(db.reader())
            .await?;
        let circles = circles.into_iter().map(|c| (c.key, c.id)).collect();
        Ok(Self { programme, design: document.design, circles, places, held })
    }

    /// Somebody who opens all of the pages that are measured: a role for the whole programme, since the map of needs shows
    /// others one place alone, which writes digests and is given things to do. Of several, the one that reads most.
    fn reader(&self) -> Outcome<Reader<'_>> {
        let able = self.design.roles.iter().filter(|r| r.scope == Scope::Programme && self.writes_digests(r));
        let all = able.filter_map(|role| {
            let held = self.held.iter().find(|a| a.role == role.key && a.place_id.is_none())?;
            let (kind, circle) = self.given_to(role)?;
            Some(Reader { role, held, kind, circle })
        });
        let most = all.max_by_key(|reader| self.design.circles.iter().filter(|c| reads(c, reader.role)).count());
        most.ok_or_else(|| "nobody in the whole programme writes digests and is given things to do".into())
    }

    fn writes_digests(&self, role: &Role) -> bool {
        let writes = |key: &String| self.design.circle(key).is_some_and(|c| c.writers.contains(&role.key));
        let digests = |kind: &EntryKind| kind.digest && kind.writers.contains(&role.key) && kind.circles.iter().any(writes);
        role.may.contains(&Power::WriteEntries) && self.design.kinds.iter().any(digests)
    }

    /// A kind of matter that can be addressed to this role and whose first step it takes, and a circle of a place in which it
    /// reads it.
    fn given_to(&self, role: &Role) -> Option<(&EntryKind, &Circle)> {
        let first = |kind: &EntryKind| kind.awaited(None).iter().any(|step| step.by.contains(&role.key));
        let mut kinds = self.design.kinds.iter().filter(|k| !k.asks && k.addressed_to.contains(&role.key) && first(k));
        let stands = |circle: &Circle, kind: &EntryKind| {
            circle.scope == Scope::Place && reads(circle, role) && kind.writers.iter().any(|w| circle.writers.contains(w))
        };
        kinds.find_map(|kind| {
            let mut circles = kind.circles.iter().filter_map(|key| self.design.circle(key));
            Some((kind, circles.find(|circle| stands(circle, kind))?))
        })
    }

    /// All that can be written of a place, each kind in each circle that somebody there writes it in.
    fn chances(&self, place: PlaceId) -> Vec<Chance<'_>> {
        // What belongs to more than itself is no entry alone: an agreement to its signatures, a plan to its lines, a question
        // to the need that it is about.
        let agreement = self.design.agreement_kind().map(|kind| &kind.key);
        let alone = self.design.kinds.iter().filter(|k| !k.plan && !k.asks && Some(&k.key) != agreement);
        alone.flat_map(|kind| kind.circles.iter().filter_map(move |circle| self.chance(kind, circle, place))).collect()
    }

    fn chance<'a>(&'a self, kind: &'a EntryKind, circle: &str, place: PlaceId) -> Option<Chance<'a>> {
        let (circle, circle_id) = (self.design.circle(circle)?, *self.circles.get(circle)?);
        let writes = |a: &&appointment::Model| kind.writers.contains(&a.role) && circle.writers.contains(&a.role);
        let here = self.held.iter().filter(|a| a.place_id.is_none_or(|at| at == place));
        let writers: Vec<&appointment::Model> = here.filter(writes).collect();
        (!writers.is_empty()).then_some(Chance { kind, circle, circle_id, writers })
    }

    /// Writes so many entries of a place; says how many of them the reader may read.
    async fn write_of(&self, db: &Db, reader: &Reader<'_>, place: &place::Model, count: u64) -> Outcome<usize> {
        let chances = self.chances(place.id);
        let numbers: Vec<u64> = (0..count).collect();
        let mut readable = 0;
        for some in numbers.chunks(CHUNK) {
            let write = db.write(&writer(), ACT).await?;
            let (mut entries, mut matters) = (Vec::with_capacity(CHUNK), Vec::new());
            for number in some.iter().copied() {
                let chance = one(&chances, number).ok_or("nobody writes of the place")?;
                let by = *one(&chance.writers, spread(number) / DAYS).ok_or("nobody writes of the place")?;
                let days = spread(number) % DAYS;
                let entry = self.entry(&write, (chance, by), place, (number, before(&write, days)));
                if chance.kind.is_matter() {
                    let to = self.another(reader, chance, place.id);
                    matters.push(self.matter(&write, chance.kind, &entry, (to, days < OPEN_DAYS)));
                }
                readable += usize::from(reads(chance.circle, reader.role));
                entries.push(entry);
            }
            keep(write, entries, matters).await?;
        }
        Ok(readable)
    }

    /// Has so many open matters wait for the reader, place by place, said by others where there are any.
    async fn give(&self, db: &Db, reader: &Reader<'_>, count: u64) -> Outcome<()> {
        let (kind, me) = (reader.kind, reader.held.person_id);
        let write = db.write(&writer(), ACT).await?;
        let (mut entries, mut matters) = (Vec::new(), Vec::new());
        for number in 0..count {
            let place = one(&self.places, number).ok_or("the programme has no places")?;
            let chance = self.chance(kind, &reader.circle.key, place.id).ok_or("nobody gives the reader anything to do")?;
            let others = chance.writers.iter().find(|a| a.person_id != me);
            let by = *others.or(chance.writers.first()).ok_or("nobody gives the reader anything to do")?;
            let day = before(&write, number % GIVEN_DAYS);
            let entry = self.entry(&write, (&chance, by), place, (number, day));
            matters.push(self.matter(&write, kind, &entry, (Some(me), true)));
            entries.push(entry);
        }
        keep(write, entries, matters).await
    }

    /// Somebody else to whom this can be said. What is said to nobody would wait for the reader as well.
    fn another(&self, reader: &Reader<'_>, chance: &Chance<'_>, place: PlaceId) -> Option<PersonId> {
        let others = self.held.iter().filter(|a| a.person_id != reader.held.person_id);
        let mut here = others.filter(|a| a.place_id.is_none_or(|at| at == place));
        let told = here.find(|a| chance.kind.addressed_to.contains(&a.role) && chance.circle.readers.contains(&a.role));
        told.map(|a| a.person_id)
    }

    fn entry(
        &self,
        write: &Write,
        (chance, by): (&Chance<'_>, &appointment::Model),
        place: &place::Model,
        (number, day): (u64, Day),
    ) -> entry::Model {
        let written_at = day.start().plus_seconds(11 * 3600).min(write.at());
        entry::Model {
            id: EntryId(write.id()),
            programme_id: self.programme.id,
            place_id: Some(place.id),
            circle_id: chance.circle_id,
            kind: chance.kind.key.clone(),
            title: format!("{} {number}", chance.kind.name),
            text: some_text(spread(number)),
            happened_on: day,
            author_id: by.person_id,
            appointment_id: by.id,
            revision: 1,
            written_at,
            changed_at: written_at,
            source_id: None,
            source_circle_id: None,
            source_revision: None,
        }
    }

    /// The steps that closed it are left out: the pages that are measured say how a matter stands, and ask no more.
    fn matter(
        &self,
        write: &Write,
        kind: &EntryKind,
        entry: &entry::Model,
        (to_person, open): (Option<PersonId>, bool),
    ) -> matter::Model {
        let ended = kind.steps.iter().find(|step| step.ends && !open);
        let within = kind.awaited(None).iter().filter_map(|step| step.within).min();
        matter::Model {
            id: MatterId(write.id()),
            programme_id: self.programme.id,
            place_id: entry.place_id,
            entry_id: entry.id,
            kind: kind.key.clone(),
            state: ended.map(|step| step.key.clone()).unwrap_or_default(),
            open: ended.is_none(),
            to_person,
            due_on: within.filter(|_| ended.is_none()).map(|days| entry.happened_on.plus_days(i64::from(days))),
            opened_on: entry.happened_on,
            moved_at: entry.written_at,
            about: String::new(),
        }
    }
}

fn reads(circle: &Circle, role: &Role) -> bool {
    circle.public || circle.readers.contains(&role.key)
}

async fn keep(mut write: Write, entries: Vec<entry::Model>, matters: Vec<matter::Model>) -> Outcome<()> {
    put(&write, entries.clone()).await?;
    put(&write, matters).await?;
    write.index(&entries).await?;
    Ok(write.save().await?)
}

/// The next in turn.
fn one<T>(of: &[T], number: u64) -> Option<&T> {
    let at = usize::try_from(number).ok()?.checked_rem(of.len())?;
    of.get(at)
}

/// Numbers in no order, so that no kind falls on the same days again and again: the last step of splitmix64.
fn spread(number: u64) -> u64 {
    let mut spread = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    spread = (spread ^ (spread >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    spread = (spread ^ (spread >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    spread ^ (spread >> 31)
}

fn before(write: &Write, days: u64) -> Day {
    write.at().day().plus_days(-i64::try_from(days).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_turn_and_nobody_where_there_is_none() {
        let turns: Vec<Option<&char>> = (0..4).map(|number| one(&['a', 'b', 'c'], number)).collect();
        assert_eq!(turns, [Some(&'a'), Some(&'b'), Some(&'c'), Some(&'a')]);
        assert_eq!(one::<char>(&[], 3), None);
    }

    #[test]
    fn no_kind_is_written_on_a_few_days_alone() {
        let late = |kind: u64, of: u64| (0..160).filter(|round| spread(round * of + kind) % DAYS < OPEN_DAYS).count();
        // 19 on average.
        assert!((50..70).all(|of| (0..of).all(|kind| (3..=45).contains(&late(kind, of)))));
    }
}
