//! Made-up agreements, and matters as they stand in a programme that has gone on for a while: some answered, some closed,
//! some silent.

use design::{Circle, EntryKind, Scope, StepRule, TextPart};
use kernel::{Day, Fault};
use rand::RngExt;
use rand::rngs::StdRng;
use store::Write;
use tables::{AgreementId, ConsentId, EntryId, MatterId, PlaceId, StepId, agreement, consent, entry, matter, step};

use super::document::one;
use super::entries::{Writing, text};
use super::people::Player;
use super::phrases::{SENTENCES, SUBJECTS};
use crate::entries::AgreedFlow;

/// Days back to when every place agreed with its support on how to work together: before anything else was written.
const AGREED: i64 = 520;
/// Matters of a kind in a place.
const OF_A_KIND: usize = 2;
/// Places that have any: a thousand need no more to be told apart.
const PLACES: usize = 40;

/// An entry that is made up, all but its identity.
pub(super) struct Written<'a> {
    pub kind: &'a EntryKind,
    pub circle: &'a Circle,
    pub player: &'a Player,
    pub title: String,
    pub text: String,
    pub on: Day,
}

pub(super) async fn fill(writing: &Writing<'_>, rng: &mut StdRng) -> Result<(), Fault> {
    for number in 0..writing.cast.places.len() {
        let mut write = writing.db.write(writing.writer, "make practice matters").await?;
        agree(writing, &mut write, number).await?;
        for kind in writing.document.design.kinds.iter().filter(|k| is_raised(k) && number < PLACES) {
            for _ in 0..OF_A_KIND {
                raise(writing, &mut write, (kind, number), rng).await?;
            }
        }
        write.save().await?;
    }
    Ok(())
}

/// What is asked and whom the programme moves is made elsewhere, with words of its own.
fn is_raised(kind: &EntryKind) -> bool {
    kind.is_matter() && !kind.asks && kind.influence.is_none() && !kind.is_of_all()
}

/// Writes an entry about this place, or where there is none, about the programme.
pub(super) async fn put(
    writing: &Writing<'_>,
    write: &mut Write,
    place: Option<PlaceId>,
    what: Written<'_>,
) -> Result<entry::Model, Fault> {
    let circle_id = writing.cast.circles.get(&what.circle.key).copied();
    let circle_id = circle_id.ok_or_else(|| Fault::new("make practice matters", "a circle is missing"))?;
    let at = writing.at(what.on);
    let row = entry::Model {
        id: EntryId(writing.writer.ids.next(at)),
        programme_id: writing.programme,
        place_id: place,
        circle_id,
        kind: what.kind.key.clone(),
        title: what.title,
        text: what.text,
        happened_on: what.on,
        author_id: what.player.person,
        appointment_id: what.player.appointment,
        revision: 1,
        written_at: at,
        changed_at: at,
        source_id: None,
        source_circle_id: None,
        source_revision: None,
    };
    let row = write.insert(row).await?;
    write.index(std::slice::from_ref(&row)).await?;
    Ok(row)
}

/// Everything that the design lets flow may flow, so that all of it can be practised.
async fn agree(writing: &Writing<'_>, write: &mut Write, number: usize) -> Result<(), Fault> {
    let design = &writing.document.design;
    let (Some(rule), Some(kind)) = (&design.agreement, design.agreement_kind()) else { return Ok(()) };
    let Some(circle) = kind.circles.first().and_then(|key| design.circle(key)) else { return Ok(()) };
    let on = writing.as_of.plus_days(-AGREED);
    let Some(player) = writing.players(number, &kind.writers).find(|p| circle.writers.contains(&p.role)) else { return Ok(()) };
    let text = parts(&kind.parts, |_| "As we said at our first meeting: plainly, and in time.".to_string());
    let title = "How we work together".to_string();
    let place = writing.cast.places[number];
    let words = put(writing, write, Some(place), Written { kind, circle, player, title, text, on }).await?;
    let flows: Vec<AgreedFlow> = design
        .flows
        .iter()
        .filter(|flow| rule.governs.contains(&flow.from))
        .map(|flow| AgreedFlow {
            from: flow.from.clone(),
            to: flow.to.clone(),
            kinds: crate::support::kinds_in(design, &flow.from).map(|k| k.key.clone()).collect(),
            consent: Vec::new(),
        })
        .collect();
    let flows = serde_json::to_string(&flows).map_err(|e| Fault::new("make a practice agreement", e))?;
    let (at, hash) = (writing.at(on), store::sha256(format!("{}\n{}\n{flows}", words.title, words.text).as_bytes()));
    let row = agreement::Model {
        id: AgreementId(write.id()),
        programme_id: writing.programme,
        place_id: place,
        entry_id: words.id,
        number: 1,
        phase: String::new(),
        from_day: on,
        flows,
        hash: hash.clone(),
        made_by: player.person,
        made_at: at,
        in_force_at: Some(at),
        void_at: None,
    };
    let row = write.insert(row).await?;
    for side in &rule.sides {
        let Some(signer) = writing.players(number, &side.signed_by).next() else { continue };
        let signed = consent::Model {
            id: ConsentId(write.id()),
            programme_id: writing.programme,
            agreement_id: Some(row.id),
            proposal_id: None,
            side: side.key.clone(),
            person_id: signer.person,
            role: signer.role.clone(),
            hash: hash.clone(),
            given_at: at,
            answer: String::new(),
            why: String::new(),
            replaced_at: None,
            entry_id: None,
        };
        write.insert(signed).await?;
    }
    Ok(())
}

fn parts(parts: &[TextPart], mut said: impl FnMut(&TextPart) -> String) -> String {
    parts.iter().map(|part| format!("# {}\n\n{}", part.name, said(part))).collect::<Vec<_>>().join("\n\n")
}

fn words(of: &[TextPart], rng: &mut StdRng) -> String {
    if of.is_empty() {
        return text(rng);
    }
    parts(of, |_| one(rng, &SENTENCES).copied().unwrap_or_default().to_string())
}

/// A matter with as many steps as chance has it.
async fn raise(
    writing: &Writing<'_>,
    write: &mut Write,
    (kind, number): (&EntryKind, usize),
    rng: &mut StdRng,
) -> Result<(), Fault> {
    let design = &writing.document.design;
    let circle = kind.circles.iter().filter_map(|key| design.circle(key)).find(|circle| {
        circle.scope == Scope::Place && writing.players(number, &kind.writers).any(|p| circle.writers.contains(&p.role))
    });
    let Some(circle) = circle else { return Ok(()) };
    let writers: Vec<&Player> = writing.players(number, &kind.writers).filter(|p| circle.writers.contains(&p.role)).collect();
    let (Some(player), Some(subject)) = (one(rng, &writers), one(rng, &SUBJECTS)) else { return Ok(()) };
    let mut on = writing.as_of.plus_days(-rng.random_range(20..160));
    let title = format!("{}: {subject}", kind.name);
    let place = Some(writing.cast.places[number]);
    let opened = put(writing, write, place, Written { kind, circle, player, title, text: words(&kind.parts, rng), on }).await?;
    let mut row = matter::Model {
        id: MatterId(write.id()),
        programme_id: writing.programme,
        place_id: opened.place_id,
        entry_id: opened.id,
        kind: kind.key.clone(),
        state: String::new(),
        open: true,
        to_person: None,
        due_on: due(kind, None, on),
        opened_on: on,
        moved_at: opened.written_at,
        about: String::new(),
    };
    let mut taken = Vec::new();
    for _ in 0..rng.random_range(0..4) {
        let state = Some(row.state.clone()).filter(|s| !s.is_empty());
        let next: Vec<&StepRule> = kind.next(state.as_deref()).collect();
        let later = on.plus_days(rng.random_range(3..30));
        let Some(rule) = one(rng, &next).filter(|_| row.open && later < writing.as_of) else { break };
        let Some(player) = writing.players(number, &rule.by).find(|p| circle.writers.contains(&p.role)) else { break };
        on = later;
        let title = format!("{}: {}", rule.name, opened.title);
        let said = put(writing, write, place, Written { kind, circle, player, title, text: words(&rule.parts, rng), on }).await?;
        (row.state, row.open, row.moved_at) = (rule.key.clone(), !rule.ends, said.written_at);
        row.due_on = if rule.ends { None } else { due(kind, Some(&rule.key), on) };
        taken.push((said.id, rule.key.clone(), said.written_at));
    }
    let row = write.insert(row).await?;
    for (entry_id, key, at) in taken {
        let id = StepId(write.id());
        write.insert(step::Model { id, programme_id: writing.programme, matter_id: row.id, entry_id, step: key, at }).await?;
    }
    Ok(())
}

pub(super) fn due(kind: &EntryKind, state: Option<&str>, from: Day) -> Option<Day> {
    kind.awaited(state).iter().filter_map(|s| s.within).min().map(|days| from.plus_days(i64::from(days)))
}
