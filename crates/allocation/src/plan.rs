//! From a request to an allocation.

use crate::chance::Chance;
use crate::lived::Exchange;
use crate::network::give;
use crate::problem::{Cell, Problem};
use crate::tables::{Allocation, loads, mixes};
use crate::{Refusal, Request};

/// Where a reading comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    New,
    /// It was given before.
    Given,
    /// It was read before.
    Read,
}

/// Somebody reads something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading<A, R> {
    pub application: A,
    pub assessor: R,
    pub kept: Kept,
}

/// Why a held reading does not stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Release {
    /// The assessor is no longer among them.
    Gone,
    /// The application is no longer among them.
    Withdrawn,
    /// A conflict was declared.
    Conflict,
    /// Somebody else reads it, because otherwise not every application would get its readers, or it has enough.
    Moved,
}

/// A held reading that does not stand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Released<A, R> {
    pub application: A,
    pub assessor: R,
    pub why: Release,
}

/// Gives every application its readers: see the [crate] for what is best, and in which order.
///
/// An application that more people have read than are wanted keeps them all.
///
/// # Errors
/// Where there is nothing to read or nobody wanted, an id stands twice, or applications cannot get their readers.
pub fn allocate<A: Ord + Clone, R: Ord + Clone>(request: &Request<A, R>) -> Result<Allocation<A, R>, Refusal<A, R>> {
    let (problem, mut released) = Problem::new(request)?;
    let given = give(&problem, request.readers, &mut Chance::new(request.seed)).map_err(Refusal::Short)?;
    let readers = Exchange::new(&problem, given).settle();
    let mut readings = Vec::new();
    for (a, application) in problem.applications.iter().enumerate() {
        for (r, assessor) in problem.assessors.iter().enumerate() {
            let pair = || (application.id.clone(), assessor.id.clone());
            let kept = match (problem.cell(a, r), readers[a].contains(&r)) {
                (Cell::Given, true) => Kept::Given,
                (Cell::Read, _) => Kept::Read,
                (_, true) => Kept::New,
                (Cell::Given, false) => {
                    let (application, assessor) = pair();
                    released.push(Released { application, assessor, why: Release::Moved });
                    continue;
                }
                _ => continue,
            };
            let (application, assessor) = pair();
            readings.push(Reading { application, assessor, kept });
        }
    }
    released.sort();
    released.dedup();
    Ok(Allocation { loads: loads(&problem, &readers), mixes: mixes(&problem, &readers), readings, released })
}
