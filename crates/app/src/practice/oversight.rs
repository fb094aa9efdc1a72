//! What a programme that has gone on for a while has seen of itself, made up: readings of markers and the tipping points that
//! they reached, looks at what it rests on, a design review, and skills and wishes.

use std::collections::BTreeSet;

use design::{Circle, Marker, Power, Scope, Side, Statement, Status, considerations};
use kernel::{Day, Fault, Moment};
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use store::{Write, fault};
use tables::{
    CircleId, EvidenceId, MarkerReadingId, ReachedId, ReviewAnswerId, SkillId, StatementMoveId, entry, evidence, marker_reading,
    reached, review_answer, skill, statement_move,
};

use super::document::one;
use super::entries::Writing;
use super::people::Player;
use super::phrases::{LOOKED_AT, READ, REVIEWED};
use super::voices::{decision, voices};
use crate::oversight::{REVIEW_START, marker_round, marker_round_before, tipping_reached};

/// Places that have any of it: a thousand need no more to be told apart.
pub(super) const PLACES: usize = 40;
/// Rounds of readings, the one under way included.
const ROUNDS: usize = 4;
/// Months back to when everybody's appointment began: nobody has read anything before.
const APPOINTED: i32 = 18;
/// Lists of statements that are looked at, and statements of each.
const LISTS: [&str; 3] = ["hypotheses", "assumptions", "gaps"];
const OF_A_LIST: usize = 2;
/// Entries among which evidence is looked for, the latest.
const EVIDENCE: u64 = 40;
/// Places that somebody would like to support.
const WISHES: usize = 5;

pub(super) async fn fill(writing: &Writing<'_>, rng: &mut StdRng) -> Result<(), Fault> {
    let mut write = writing.db.write(writing.writer, "make practice oversight").await?;
    readings(writing, &mut write, rng).await?;
    statements(writing, &mut write, rng).await?;
    review(writing, &mut write, rng).await?;
    let skills = skills(writing, rng);
    write.insert_all(skills).await?;
    voices(writing, &mut write, rng).await?;
    decision(writing, &mut write, rng).await?;
    write.save().await
}

impl Writing<'_> {
    fn in_role(&self, role: &str) -> Option<&Player> {
        self.cast.players.iter().find(|p| p.role == role)
    }

    fn runs(&self) -> Option<&Player> {
        let roles = self.document.design.roles.iter().filter(|r| r.may.contains(&Power::RunProgramme));
        roles.filter_map(|r| self.in_role(&r.key)).next()
    }

    /// Whoever leads a place; where nobody does, anybody of it.
    fn lead(&self, number: usize) -> Option<&Player> {
        let design = &self.document.design;
        let of_place = |p: &&Player| p.place == Some(number) && design.role(&p.role).is_some_and(|r| r.side == Side::Place);
        let leads = |p: &&Player| design.role(&p.role).is_some_and(|r| r.may.contains(&Power::ManagePeople));
        let here = || self.cast.players.iter().filter(of_place);
        here().find(leads).or_else(|| here().next())
    }
}

async fn readings(writing: &Writing<'_>, write: &mut Write, rng: &mut StdRng) -> Result<(), Fault> {
    let design = &writing.document.design;
    // Where readings lie apart, they do in a marker for which that means something.
    let apart = design.tipping.iter().find(|t| t.apart.is_some()).and_then(|t| t.marker.as_ref());
    let apart = apart.or(design.markers.first().map(|m| &m.key));
    let (mut rows, mut told) = (Vec::new(), Vec::new());
    for number in 0..writing.cast.places.len().min(PLACES) {
        let mut here = Vec::new();
        for marker in &design.markers {
            let differ = number % 5 == 1 && apart == Some(&marker.key);
            here.extend(read(writing, (number, marker), differ, rng));
        }
        told.extend(noticed(writing, number, &here));
        rows.extend(here);
    }
    write.insert_all(rows).await?;
    write.insert_all(told).await
}

/// How a marker of a place was read, round by round. Whoever reads it sees about the same, unless they differ in the last
/// round that is over.
fn read(writing: &Writing<'_>, (number, marker): (usize, &Marker), differ: bool, rng: &mut StdRng) -> Vec<marker_reading::Model> {
    let roles = marker.read_by.iter();
    let readers: Vec<&Player> = roles.filter_map(|role| writing.players(number, std::slice::from_ref(role)).next()).collect();
    let top = marker.scale.len().saturating_sub(1);
    let mut rows = Vec::new();
    if top == 0 || readers.is_empty() {
        return rows;
    }
    let differ = differ && top > 1;
    let mut level = rng.random_range((top - 1).min(1)..top);
    let first = writing.as_of.plus_months(-APPOINTED);
    let mut until = writing.as_of;
    let rounds = std::iter::successors(Some(marker_round(marker, until)), |round| Some(marker_round_before(marker, *round)));
    for (back, round) in rounds.take(ROUNDS).enumerate() {
        let from = round.max(first);
        if from > until {
            break;
        }
        for (at, reader) in readers.iter().enumerate() {
            // In every other place somebody has still to read, so that it can be tried.
            if back == 0 && number.is_multiple_of(2) && at == number / 2 % readers.len() {
                continue;
            }
            let point = match at {
                0 if differ && back == 1 => level - 1,
                1 if differ && back == 1 => level + 1,
                _ => level + rng.random_range(0..=1),
            };
            let on = from.plus_days(rng.random_range(0..=until.days_since(from).min(24)));
            let read_at = on.start().plus_seconds(rng.random_range(8 * 3600..17 * 3600)).min(writing.writer.clock.now());
            rows.push(marker_reading::Model {
                id: MarkerReadingId(writing.writer.ids.next(read_at)),
                programme_id: writing.programme,
                place_id: writing.cast.places[number],
                marker: marker.key.clone(),
                round,
                role: reader.role.clone(),
                person_id: reader.person,
                value: marker.scale[point].value,
                why: one(rng, &READ[point * READ.len() / marker.scale.len()]).copied().unwrap_or_default().to_string(),
                read_at,
            });
        }
        if !differ {
            let step: usize = rng.random_range(0..=2);
            level = (level + step).saturating_sub(1).min(top - 1);
        }
        until = round.plus_days(-1);
    }
    rows
}

/// The tipping points that the readings of a place reached, as they were noticed when the last of a round had come. Nobody
/// gets a mail.
fn noticed(writing: &Writing<'_>, number: usize, all: &[marker_reading::Model]) -> Vec<reached::Model> {
    let mut found: Vec<reached::Model> = Vec::new();
    let rounds: BTreeSet<Day> = all.iter().map(|r| r.round).collect();
    for round in rounds {
        let so_far: Vec<marker_reading::Model> = all.iter().filter(|r| r.round <= round).cloned().collect();
        let Some(at) = so_far.iter().filter(|r| r.round == round).map(|r| r.read_at).max() else { continue };
        for (point, cause) in tipping_reached(&writing.document.design, &so_far, at.day()) {
            if found.iter().any(|known| known.point == point.key && known.cause == cause) {
                continue;
            }
            found.push(reached::Model {
                id: ReachedId(writing.writer.ids.next(at)),
                programme_id: writing.programme,
                place_id: writing.cast.places[number],
                point: point.key.clone(),
                cause,
                reached_on: at.day(),
                told_at: at,
                entry_id: None,
            });
        }
    }
    found
}

/// Those who keep the first statements have looked at them, and found something that speaks for or against each.
async fn statements(writing: &Writing<'_>, write: &mut Write, rng: &mut StdRng) -> Result<(), Fault> {
    let lists = writing.document.design.statements();
    let lists = lists.iter().filter(|(list, _)| LISTS.contains(list));
    let all = lists.flat_map(|(list, all)| all.iter().take(OF_A_LIST).map(move |s| (format!("{list}.{}", s.key), s)));
    let all: Vec<(String, &Statement)> = all.collect();
    let mut moves = Vec::new();
    for (number, (statement, of)) in all.iter().enumerate() {
        let Some(keeper) = of.owner.as_deref().and_then(|role| writing.in_role(role)).or(writing.runs()) else { continue };
        let before = writing.as_of.plus_days(-rng.random_range(200..320));
        let on = writing.as_of.plus_days(-rng.random_range(20..90));
        // Somebody is late with one of them.
        let next = if number == 0 { -10 } else { rng.random_range(30..150) };
        let mut looks = vec![(on, one(rng, &LOOKED_AT), writing.as_of.plus_days(next))];
        if rng.random_bool(0.5) {
            looks.insert(0, (before, LOOKED_AT.first(), on));
        }
        let mut stands = Status::Untested;
        for (on, found, next) in looks {
            let Some((status, whys)) = found else { continue };
            stands = *status;
            let at = writing.at(on);
            moves.push(statement_move::Model {
                id: StatementMoveId(writing.writer.ids.next(at)),
                programme_id: writing.programme,
                statement: statement.clone(),
                status: status.key().to_string(),
                why: one(rng, whys).copied().unwrap_or_default().to_string(),
                next_look: Some(next),
                person_id: keeper.person,
                appointment_id: keeper.appointment,
                at,
            });
        }
        bring(writing, write, (statement, stands, writing.at(on)), keeper, rng).await?;
    }
    write.insert_all(moves).await
}

/// Brings an entry as evidence, of those that its keeper reads.
async fn bring(
    writing: &Writing<'_>,
    write: &mut Write,
    (statement, stands, at): (&str, Status, Moment),
    keeper: &Player,
    rng: &mut StdRng,
) -> Result<(), Fault> {
    let circles = writing.document.design.circles.iter().filter(|c| c.scope == Scope::Programme && reads(c, &keeper.role));
    let circles: Vec<CircleId> = circles.filter_map(|c| writing.cast.circles.get(&c.key).copied()).collect();
    let found = entry::Entity::find()
        .filter(entry::COLUMN.programme_id.eq(writing.programme))
        .filter(entry::COLUMN.circle_id.is_in(circles))
        .filter(entry::COLUMN.source_id.is_null())
        .order_by_desc(entry::Column::HappenedOn)
        .order_by_desc(entry::Column::Id)
        .limit(EVIDENCE)
        .all(write.tx())
        .await
        .map_err(fault("look for practice evidence"))?;
    let Some(entry) = one(rng, &found) else { return Ok(()) };
    let at = at.max(entry.written_at);
    let row = evidence::Model {
        id: EvidenceId(writing.writer.ids.next(at)),
        programme_id: writing.programme,
        statement: statement.to_string(),
        entry_id: entry.id,
        side: if stands == Status::Contradicted { "against" } else { "for" }.to_string(),
        note: String::new(),
        person_id: keeper.person,
        at,
    };
    write.insert(row).await.map(drop)
}

pub(super) fn reads(circle: &Circle, role: &str) -> bool {
    circle.public || circle.readers.iter().any(|reader| reader == role)
}

/// About a third of the questions were spoken to before the start.
async fn review(writing: &Writing<'_>, write: &mut Write, rng: &mut StdRng) -> Result<(), Fault> {
    let Some(player) = writing.runs() else { return Ok(()) };
    let all = considerations().map_err(|e| Fault::new("make a practice review", e))?;
    let at = writing.at(writing.as_of.plus_days(-60));
    let mut rows = Vec::new();
    for asked in all {
        if rng.random_range(0..3) > 0 {
            continue;
        }
        let [answered @ .., open] = &REVIEWED;
        let by_design = !asked.answers(&writing.document.design).is_empty();
        let said = if by_design { one(rng, answered) } else { Some(open) };
        let Some((verdict, notes)) = said else { continue };
        rows.push(review_answer::Model {
            id: ReviewAnswerId(writing.writer.ids.next(at)),
            programme_id: writing.programme,
            review: REVIEW_START.to_string(),
            consideration: asked.key.clone(),
            verdict: (*verdict).to_string(),
            note: one(rng, notes).copied().unwrap_or_default().to_string(),
            person_id: player.person,
            at,
            replaced_at: None,
        });
    }
    write.insert_all(rows).await
}

/// Everything that a match of those who support places with places goes by.
fn skills(writing: &Writing<'_>, rng: &mut StdRng) -> Vec<skill::Model> {
    let design = &writing.document.design;
    let mut rows = Vec::new();
    if design.skills.is_empty() {
        return rows;
    }
    let places = &writing.cast.places[..writing.cast.places.len().min(PLACES)];
    let at = writing.at(writing.as_of.plus_days(-30));
    let note = |what: &str, (person_id, place_id), (key, weight): (&str, i32), by: &Player| skill::Model {
        id: SkillId(writing.writer.ids.next(at)),
        programme_id: writing.programme,
        person_id,
        place_id,
        what: what.to_string(),
        key: key.to_string(),
        weight,
        noted_by: by.person,
        at,
    };
    let supports = |p: &&Player| {
        let role = design.role(&p.role).filter(|r| r.side == Side::Support && r.scope == Scope::Place);
        role.is_some() && p.place.is_some_and(|number| number < places.len())
    };
    let people: Vec<&Player> = writing.cast.players.iter().filter(supports).collect();
    let mut keys: Vec<&str> = design.skills.iter().map(|s| s.key.as_str()).collect();
    for player in &people {
        keys.shuffle(rng);
        let has = keys.iter().take(rng.random_range(2..=4));
        rows.extend(has.map(|key| note("has", (Some(player.person), None), (*key, 1), player)));
        rows.push(note("takes", (Some(player.person), None), ("", rng.random_range(1..=3)), player));
    }
    for (number, place) in places.iter().enumerate() {
        let Some(lead) = writing.lead(number) else { continue };
        keys.shuffle(rng);
        for key in keys.iter().take(rng.random_range(2..=3)) {
            rows.push(note("needs", (None, Some(*place)), (*key, rng.random_range(1..=3)), lead));
        }
    }
    // Wished for is the place after one's own; who must not support it, for whatever reason, is none of those who wish.
    let after = |player: &Player| {
        let number = player.place.map(|number| (number + 1) % places.len())?;
        Some(places[number]).filter(|_| places.len() > 1)
    };
    for player in people.iter().step_by(2).take(WISHES) {
        rows.extend(after(player).map(|place| note("wishes", (Some(player.person), Some(place)), ("", 1), player)));
    }
    if let Some(player) = people.get(1) {
        rows.extend(after(player).map(|place| note("conflict", (Some(player.person), Some(place)), ("", 1), player)));
    }
    rows
}
