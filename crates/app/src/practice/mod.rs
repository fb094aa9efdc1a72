//! Practice programmes: the shape of a real design, filled with places, organisations and people that are made up.
//! The same seed and the same day give the same programme, to the letter. Demonstrations, tests and load scenarios
//! use them; nothing made up ever stands beside a real organisation's name.

mod document;
mod entries;
mod people;
mod phrases;

use std::sync::Arc;

use design::Programme;
use kernel::{Day, Deadline, Fault, FixedClock, SeededIds};
use rand::SeedableRng;
use rand::rngs::StdRng;
use sea_orm::entity::prelude::*;
use store::{Db, Writer, fault};
use tables::programme;

use crate::programmes::{Adopted, Loading, into_write};

/// What to make.
#[derive(Debug, Clone)]
pub struct Plan<'a> {
    /// The design whose shape it takes.
    pub design: &'a Programme,
    /// Names that must not be spoken: of real organisations, places and publishers.
    pub real_names: Vec<String>,
    pub places: usize,
    pub entries: usize,
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
    Ok(Populated { slug: loading.slug, places: plan.places, people: cast.people, entries: plan.entries })
}
