//! How people of a practice programme see ideas and decisions: everybody of a place has said something of what is open there, and
//! all sponsors but the last have assented to what they decided.

use design::{Circle, Each, EntryKind, Scope, Sponsor, Voices};
use kernel::{Fault, Moment};
use rand::RngExt;
use rand::rngs::StdRng;
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::{Write, fault};
use tables::{ConsentId, EntryId, PlaceId, appointment, consent, entry, matter};

use super::document::one;
use super::entries::Writing;
use super::oversight::{PLACES, reads};
use super::people::Player;
use super::phrases::{DOUBTS, SENTENCES, SUBJECTS};

const DAY: i64 = 24 * 3600;

pub(super) async fn voices(writing: &Writing<'_>, write: &mut Write, rng: &mut StdRng) -> Result<(), Fault> {
    for kind in &writing.document.design.kinds {
        let Some(voices) = kind.voices.as_ref().filter(|v| v.each == Each::Person) else { continue };
        let open = open(writing, write, kind).await?;
        write.insert_all(heard(writing, voices, &open, rng)).await?;
    }
    Ok(())
}

/// What is open of a kind in the first places.
async fn open(writing: &Writing<'_>, write: &Write, kind: &EntryKind) -> Result<Vec<entry::Model>, Fault> {
    let places: Vec<PlaceId> = writing.cast.places.iter().copied().take(PLACES).collect();
    let mut found = entry::Entity::find()
        .filter(entry::COLUMN.programme_id.eq(writing.programme))
        .filter(entry::COLUMN.kind.eq(&kind.key))
        .filter(entry::COLUMN.place_id.is_in(places))
        .filter(entry::COLUMN.source_id.is_null());
    if kind.is_matter() {
        // Its steps are entries of the same kind, and nobody is asked about those.
        let link = entry::Entity::belongs_to(matter::Entity).from(entry::Column::Id).to(matter::Column::EntryId);
        found = found.join(JoinType::InnerJoin, link.into()).filter(matter::COLUMN.open.eq(true));
    }
    found.order_by_asc(entry::Column::Id).all(write.tx()).await.map_err(fault("list what voices are asked for"))
}

/// Everybody says something of most of what is open in their place and they read, and is in favour of no more than they may.
fn heard(writing: &Writing<'_>, voices: &Voices, open: &[entry::Model], rng: &mut StdRng) -> Vec<consent::Model> {
    let circles = &writing.document.design.circles;
    let circle = |e: &entry::Model| circles.iter().find(|c| writing.cast.circles.get(&c.key) == Some(&e.circle_id));
    let mut rows = Vec::new();
    for (number, place) in writing.cast.places.iter().enumerate().take(PLACES) {
        let here = open.iter().filter(|e| e.place_id == Some(*place));
        let here: Vec<(&entry::Model, &Circle)> = here.filter_map(|e| Some((e, circle(e)?))).collect();
        for player in writing.players(number, &voices.by).filter(|p| p.place.is_some()) {
            let mut left = voices.most.unwrap_or(u32::MAX);
            for (entry, _) in here.iter().filter(|(_, circle)| reads(circle, &player.role)) {
                let Some((at, answer)) = said(voices, left, rng) else { continue };
                left -= u32::from(at == 0);
                let why = if answer.why { one(rng, &DOUBTS).copied().unwrap_or_default() } else { "" };
                let given_at = entry.changed_at.plus_seconds(rng.random_range(1..=14_i64) * DAY);
                let side = player.person.to_string();
                rows.push(voice(writing, entry, (player, side), (&answer.key, why), given_at));
            }
        }
    }
    rows
}

/// What somebody says, if anything: the first answer only as long as they can be in favour of one more.
fn said<'a>(voices: &'a Voices, left: u32, rng: &mut StdRng) -> Option<(usize, &'a design::VoiceAnswer)> {
    let at = rng.random_range(0..voices.answers.len().max(1));
    let speaks = rng.random_bool(0.75) && (at > 0 || left > 0);
    Some((at, voices.answers.get(at)?)).filter(|_| speaks)
}

fn voice(
    writing: &Writing<'_>,
    entry: &entry::Model,
    (player, side): (&Player, String),
    (answer, why): (&str, &str),
    given_at: Moment,
) -> consent::Model {
    let given_at = given_at.min(writing.writer.clock.now());
    consent::Model {
        id: ConsentId(writing.writer.ids.next(given_at)),
        programme_id: writing.programme,
        agreement_id: None,
        proposal_id: None,
        entry_id: Some(entry.id),
        side,
        person_id: player.person,
        role: player.role.clone(),
        hash: store::sha256(format!("{}\n{}", entry.title, entry.text).as_bytes()),
        given_at,
        answer: answer.to_string(),
        why: why.to_string(),
        replaced_at: None,
    }
}

/// Something that the sponsors decided, to which all but the last have assented.
pub(super) async fn decision(writing: &Writing<'_>, write: &mut Write, rng: &mut StdRng) -> Result<(), Fault> {
    let design = &writing.document.design;
    let by_sponsors = |k: &&EntryKind| !k.is_matter() && k.voices.as_ref().is_some_and(|v| v.each == Each::Sponsor);
    let Some(kind) = design.kinds.iter().find(by_sponsors) else { return Ok(()) };
    let circles = kind.circles.iter().filter_map(|key| design.circle(key)).filter(|c| c.scope == Scope::Programme);
    let mut found = circles.filter_map(|circle| {
        let writes = |p: &&Player| kind.writers.contains(&p.role) && circle.writers.contains(&p.role);
        Some((circle, *writing.cast.circles.get(&circle.key)?, writing.cast.players.iter().find(writes)?))
    });
    let Some(((circle, circle_id, author), subject)) = found.next().zip(one(rng, &SUBJECTS)) else { return Ok(()) };
    let on = writing.as_of.plus_days(-20);
    let at = writing.at(on);
    let mut said = |name: &str| format!("# {name}\n\n{}", one(rng, &SENTENCES).copied().unwrap_or_default());
    let parts: Vec<String> = kind.parts.iter().filter(|p| !p.optional).map(|p| said(&p.name)).collect();
    let row = entry::Model {
        id: EntryId(writing.writer.ids.next(at)),
        programme_id: writing.programme,
        place_id: None,
        circle_id,
        kind: kind.key.clone(),
        title: format!("{}: {subject}", kind.name),
        text: if parts.is_empty() { super::entries::text(rng) } else { parts.join("\n\n") },
        happened_on: on,
        author_id: author.person,
        appointment_id: author.appointment,
        revision: 1,
        written_at: at,
        changed_at: at,
        source_id: None,
        source_circle_id: None,
        source_revision: None,
    };
    let row = write.insert(row).await?;
    write.index(std::slice::from_ref(&row)).await?;
    let speakers = speakers(writing, write, kind, circle).await?;
    let favour = kind.voices.as_ref().and_then(|v| v.answers.first()).map_or("", |a| &a.key);
    let assents = speakers.iter().take(speakers.len().saturating_sub(1)).zip(1..).map(|((sponsor, player), days)| {
        voice(writing, &row, (*player, sponsor.key.clone()), (favour, ""), at.plus_seconds(days * DAY))
    });
    let assents: Vec<consent::Model> = assents.collect();
    write.insert_all(assents).await
}

/// Whoever speaks for each sponsor on entries of a kind, and reads them.
async fn speakers<'a>(
    writing: &'a Writing<'_>,
    write: &Write,
    kind: &EntryKind,
    circle: &Circle,
) -> Result<Vec<(&'a Sponsor, &'a Player)>, Fault> {
    let by = kind.voices.as_ref().map(|v| v.by.clone()).unwrap_or_default();
    let held = appointment::Entity::find()
        .filter(appointment::COLUMN.programme_id.eq(writing.programme))
        .filter(appointment::COLUMN.role.is_in(by))
        .filter(appointment::COLUMN.sponsor.is_not_null())
        .all(write.tx())
        .await
        .map_err(fault("list who speaks for sponsors"))?;
    let speaks = |sponsor: &Sponsor| {
        let mine = |p: &&Player| held.iter().any(|a| a.id == p.appointment && a.sponsor.as_ref() == Some(&sponsor.key));
        writing.cast.players.iter().find(|p| mine(p) && reads(circle, &p.role))
    };
    Ok(writing.document.design.sponsors.iter().filter_map(|s| Some((s, speaks(s)?))).collect())
}
