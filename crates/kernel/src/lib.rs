//! The words every other part shares: identifiers, money, days of work, dates and moments, and the three families of failure.
//! Nothing here reads a clock, a file or a database; whoever needs the time is given a [`Clock`].

mod days;
mod failure;
mod id;
mod money;
mod time;

pub use days::{BadDays, Days};
pub use failure::{Fault, Invalid, Problem};
pub use id::{BadId, IdSource, RandomIds, SeededIds};
pub use money::{BadMoney, Currency, Money};
pub use time::{BadDay, Clock, Day, Deadline, FixedClock, Moment, SystemClock};

#[doc(hidden)]
pub mod macros {
    #[cfg(feature = "orm")]
    pub use sea_orm;
}
