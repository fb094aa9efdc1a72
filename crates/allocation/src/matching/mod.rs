//! Which consultant supports which place: a proposal with its reasons; people decide. Pure, and the same for the same
//! request.
//!
//! A pair fits by the weights of the place's needs that the consultant's skills meet, and by the wishes of either for
//! the other. [`best`] gives every place exactly one consultant, none more places than their days suffice for, and
//! never a pair in conflict, so that the sum of what fits is the greatest there is (optimal assignment, by the method of
//! H. Kuhn and J. Munkres). Of several such matchings it takes the first: the first place in the order of ids has the
//! first consultant that it has in any of them, then the second place, and so on.
//!
//! For each place it says who would be the next best *for all places together*: what there is if this one pair is ruled
//! out, how much less fits then, and which other places would change.
//!
//! Where not every place can have a consultant, the [`Refusal`] says which compete for too few.
//!
//! The time grows with the square of the places times the places that consultants with a limit can take together, and
//! with the cube of the consultants: `examples/places.rs` takes it. Two hundred of each are a small part of a second.

mod exchange;
mod problem;
mod refusal;
mod request;

use std::collections::BTreeMap;

use exchange::Exchange;
use problem::Problem;
pub use refusal::{Refusal, Shortage};
pub use request::{Consultant, Need, Place, Request, Side, Wish};

/// Why a consultant suits a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit {
    /// Needs for which the consultant has the skill of that key.
    pub met: Vec<Need>,
    pub unmet: Vec<Need>,
    /// Which of them wishes for the other, and what that counts for.
    pub wishes: BTreeMap<Side, u32>,
}

impl Fit {
    /// What it counts for: the needs that are met, and the wishes.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.met.iter().map(|need| need.weight).chain(self.wishes.values().copied()).map(u64::from).sum()
    }
}

/// A place and its consultant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match<P, C> {
    pub place: P,
    pub consultant: C,
    pub fit: Fit,
    /// Nothing where the place could have nobody else.
    pub runner_up: Option<RunnerUp<P, C>>,
}

/// The best there is if a match is ruled out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunnerUp<P, C> {
    /// Whom the place has then.
    pub consultant: C,
    pub fit: Fit,
    /// What fits in all then.
    pub total: u64,
    /// How much less that is. Nought: it is as good.
    pub loss: u64,
    /// Other places that have somebody else then: as few as possible.
    pub moves: Vec<Move<P, C>>,
}

/// A place that would have somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move<P, C> {
    pub place: P,
    pub from: C,
    pub to: C,
}

/// A best matching.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matching<P, C> {
    /// By place in the order of ids.
    pub matches: Vec<Match<P, C>>,
    /// What fits in all.
    pub total: u64,
}

/// Matches every place with a consultant: see the [module](self) for what is best.
///
/// # Errors
/// Where there is no place, an id or a place's need stands twice, or not every place can have a consultant.
pub fn best<P: Ord + Clone, C: Ord + Clone>(request: &Request<P, C>) -> Result<Matching<P, C>, Refusal<P, C>> {
    let problem = Problem::new(request)?;
    let shortages = problem.shortages();
    if !shortages.is_empty() {
        return Err(Refusal::Short(shortages));
    }
    let exchange = Exchange::new(&problem, Exchange::new(&problem, problem.assign()).first());
    let place = |p: usize| problem.places[p].id.clone();
    let consultant = |c: usize| problem.consultants[c].id.clone();
    let chosen = || exchange.chosen().iter().copied().enumerate();
    let total = chosen().map(|(p, c)| problem.reasons(p, c).total()).sum();
    let matched = |(p, c): (usize, usize)| {
        let runner_up = exchange.other(p).map(|other| {
            let loss = u64::try_from(other.loss).unwrap_or(0);
            let moved =
                |&(p, to): &(usize, usize)| Move { place: place(p), from: consultant(exchange.chosen()[p]), to: consultant(to) };
            RunnerUp {
                consultant: consultant(other.consultant),
                fit: problem.reasons(p, other.consultant),
                total: total - loss,
                loss,
                moves: other.moves.iter().map(moved).collect(),
            }
        });
        Match { place: place(p), consultant: consultant(c), fit: problem.reasons(p, c), runner_up }
    };
    Ok(Matching { matches: chosen().map(matched).collect(), total })
}
