//! One ledger for all that is allotted and used, pounds and days alike. Whatever changes is a *movement*: amounts that
//! leave some accounts and arrive in others, in one unit, and come to nought. Balances are never kept, only worked out
//! from the movements; what was wrong is not edited but countered by its opposite.
//!
//! Double entry is common property since Pacioli wrote it down in 1494; what a movement may be, the schedule and the
//! forecast are our own and say how they are worked out.

mod book;
mod forecast;
mod movement;
mod schedule;

pub use book::{Account, Book, Refused, Why};
pub use forecast::{Forecast, METHOD, forecast};
pub use movement::{Flaw, LIMIT, Movement, Posting, Unit};
pub use schedule::{BadSchedule, Instalment, every, schedule};
