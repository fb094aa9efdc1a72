//! Practice programmes: the shape of a real design, filled with places, organisations and people that are made up.
//! The same seed and the same day give the same programme, to the letter. Demonstrations, tests and load scenarios
//! use them; nothing made up ever stands beside a real organisation's name.

mod answers;
mod applications;
mod awards;
mod choosing;
mod days;
mod document;
mod entries;
mod excerpts;
mod gatherings;
mod influence;
mod matters;
mod outputs;
mod oversight;
mod page;
mod peers;
mod people;
mod phrases;
mod plans;
mod playing;
mod reflecting;
mod voices;

use std::sync::Arc;

use design::{Power, Programme};
use kernel::{Day, Deadline, Fault, FixedClock, SeededIds};
use rand::SeedableRng;
use rand::rngs::StdRng;
use sea_orm::entity::prelude::*;
use store::{Db, Writer, fault};
use tables::programme;

use self::playing::Played;
use crate::answers::keep_form;
use crate::calls::{Opening, stage_slug};
use crate::ground::{Route, Snapshots, Stop, Who};
use crate::programmes::{Adopted, Loading, into_write};

pub(crate) fn routes() -> Vec<Route> {
    const RUNS: Who = Who::May(Power::RunCalls);
    vec![
        Route::page("/programmes/{programme}/calls/{call}/practise", RUNS, page::page),
        Route::action("/programmes/{programme}/calls/{call}/practise", RUNS, page::save),
    ]
}

/// What to make.
#[derive(Debug, Clone)]
pub struct Plan<'a> {
    /// The design whose shape it takes.
    pub design: &'a Programme,
    /// Names that must not be spoken: of real organisations, places and publishers.
    pub real_names: Vec<String>,
    pub places: usize,
    pub entries: usize,
    /// Applications to the first stage of its call, where the design has a form for it. It has closed, and one assessor
    /// has still to read.
    pub applications: u32,
    /// Whether all places but the first have been awarded something, where the design makes awards.
    pub awards: bool,
    /// Whether it has been followed: plans that changed, signs that were read, decisions and what people think of them, and
    /// whom it moved; themes, with what people marked; and what groups said when they reflected.
    /// whom it moved; themes, with what people marked; and events.
    pub followed: bool,
    pub seed: u64,
    /// The day on which the practice programme stands: phases and entries count back from it.
    pub as_of: Day,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Populated {
    pub slug: String,
    pub places: usize,
    pub people: usize,
    pub entries: usize,
    pub applications: u32,
}

/// Names of real organisations, places and publishers in all the programmes: what a practice programme may not say.
#[must_use]
pub fn real_names(programmes: &[Programme], sources: &design::Sources) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for programme in programmes {
        names.extend(programme.design.sponsors.iter().map(|s| s.name.clone()));
        names.extend(programme.history.organisations.iter().map(|o| o.name.clone()));
        names.extend(programme.history.places.iter().map(|p| p.name.clone()));
    }
    names.extend(sources.0.values().map(|s| s.publisher.clone()));
    names.sort_by_key(|n| (std::cmp::Reverse(n.len()), n.clone()));
    names.dedup();
    names
}

/// Whether there is a practice programme.
///
/// # Errors
/// Where the database does not answer.
pub async fn exists(db: &Db) -> Result<bool, Fault> {
    let practice = programme::Entity::find().filter(programme::COLUMN.practice.eq(true));
    Ok(practice.count(db.reader()).await.map_err(fault("count practice programmes"))? > 0)
}

/// Makes a practice programme. `progress` is told how many entries there are so far.
///
/// # Errors
/// Where there is one on this design already, or the database does not answer.
pub async fn populate(db: &Db, plan: &Plan<'_>, progress: &mut (dyn FnMut(usize) + Send)) -> Result<Populated, Fault> {
    // Practice programmes on several designs stand in one database with one seed, so the design counts as well.
    let seed =
        plan.design.design.slug.bytes().fold(plan.seed, |seed, byte| seed.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte));
    let now = Deadline { day: plan.as_of, hour: 9, minute: 0 }.moment();
    let writer = Writer { actor: None, clock: Arc::new(FixedClock::at(now)), ids: Arc::new(SeededIds::new(seed)) };
    let mut rng = StdRng::seed_from_u64(seed);
    let document = document::practice(plan, &mut rng)?;
    let loading = Loading { slug: document.design.slug.clone(), name: document.design.name.clone(), practice: true };
    let mut write = db.write(&writer, "make a practice programme").await?;
    let adopted = into_write(&mut write, &loading, &document).await?;
    let Adopted::New { programme } = adopted else {
        return Err(Fault::new("make a practice programme", format!("there is one already: {}", loading.slug)));
    };
    let cast = people::cast(&mut write, programme, &document, plan.as_of).await?;
    write.save().await?;
    let writing = entries::Writing { db, writer: &writer, document: &document, cast: &cast, programme, as_of: plan.as_of };
    writing.fill(plan.entries, &mut rng, progress).await?;
    let applications = if plan.applications > 0 { call(db, plan, &writer, &document).await? } else { 0 };
    matters::fill(&writing, &mut rng).await?;
    days::fill(db, (&writer, &document, &cast), plan.as_of, &mut rng).await?;
    if plan.awards {
        awards::fill(db, &document, &cast, plan.as_of, (seed, &mut rng)).await?;
    }
    if plan.followed {
        plans::fill(&writing, &mut rng).await?;
        oversight::fill(&writing, &mut rng).await?;
        influence::fill(&writing, &mut rng).await?;
        excerpts::fill(&writing, &mut rng).await?;
        outputs::fill(&writing, &mut rng).await?;
        reflecting::fill(&writing, &mut rng).await?;
        gatherings::fill(&writing, &mut rng).await?;
        peers::fill(&writing, &mut rng).await?;
    }
    Ok(Populated { slug: loading.slug, places: plan.places, people: cast.people, entries: plan.entries, applications })
}

/// The first stage of the call that has a form, as it stands ten days after it closed; gives how many applied.
async fn call(db: &Db, plan: &Plan<'_>, writer: &Writer, document: &Programme) -> Result<u32, Fault> {
    let stages = document.design.call.iter().flat_map(|c| &c.stages);
    let Some((stage, form)) = stages.filter_map(|s| Some((s, document.form(s.form.as_ref()?)?))).next() else { return Ok(0) };
    let programme = Snapshots::default().with_slug(db, &document.design.slug).await?;
    let programme = programme.ok_or_else(|| Fault::new("make a practice call", "its programme is gone"))?;
    let at = |days: i64, hour| Deadline { day: plan.as_of.plus_days(days), hour, minute: 0 }.moment();
    let opening = Opening {
        stage: stage.key.clone(),
        terms: serde_json::to_string(stage).map_err(|e| Fault::new("make a practice call", e))?,
        name: "The practice call".into(),
        about: "A made-up call, to try out how applications are read and decided.".into(),
        opens_at: at(-50, 9),
        closes_at: at(-10, 17),
        decides_on: Some(plan.as_of),
    };
    let mut write = db.write(writer, "make a practice call").await?;
    let form_id = keep_form(&mut write, programme.id, &form.form).await?;
    let row = opening.row(&write, programme.id, stage_slug(stage), form_id);
    let row = write.insert(row).await?;
    let form = form.form.compile().map_err(|flaws| Fault::new("make a practice call", format!("{} flaws", flaws.len())))?;
    let mut played = Played::new(&programme, row, &form).await?;
    played.apply(&mut write, plan.applications).await.map_err(fault_of)?;
    let first = played.call_assessors(&mut write).await?.first().map(|holder| holder.person);
    played.assess(&mut write, first).await.map_err(fault_of)?;
    write.save().await?;
    Ok(plan.applications)
}

/// What stops a person stops a command as well, in the same words.
fn fault_of(stop: Stop) -> Fault {
    match stop {
        Stop::Fault(fault) => fault,
        Stop::Refused { why, .. } => Fault::new("make a practice call", why),
        Stop::Missing | Stop::SignIn => Fault::new("make a practice call", "something of it is missing"),
    }
}
