//! Who reads which application: pure, and the same for the same request and seed.
//!
//! [`allocate`] gives every application its number of different readers, never one with a declared conflict, never
//! more to an assessor than they can take, and never undoes what was read. Among all such allocations it takes the
//! best, in this order:
//!
//! 1. **Kept.** As few readings of an earlier allocation as possible are undone.
//! 2. **Even.** The sum of the squared loads is the least there is. So no two loads differ by more than one wherever
//!    that is possible at all, and where conflicts or limits stand in the way, no reading can be passed on, by any
//!    chain of exchanges, from one who has more to one who has at least two fewer.
//! 3. **Sectors.** The fewest pairs of readers of one application are from the same sector.
//! 4. **Lived experience.** As many applications as possible have a reader with lived experience.
//! 5. What is left is decided by the seed; readers are mixed, so that assessors read with many different others.
//!
//! The first three are one minimum-cost flow and exact. A flow can count readers in groups only where no two groups
//! overlap, as sectors and lived experience do; so the fourth is reached by exchanges between applications that cost
//! nothing of the first three. It may miss an application: beside every possible allocation of fifteen thousand small calls
//! it was the best for 99 in 100, and one application off for the others.
//!
//! Where applications cannot get their readers, the [`Refusal`] counts why.
//!
//! Who supports which place is another question, and [`matching`] proposes an answer.

mod chance;
mod flow;
mod lived;
pub mod matching;
mod network;
mod plan;
mod problem;
mod refusal;
mod request;
mod tables;

pub use plan::{Kept, Reading, Release, Released, allocate};
pub use refusal::{Refusal, Shortage};
pub use request::{Application, Assessor, Held, Hold, Request};
pub use tables::{Allocation, Load, Mix};
