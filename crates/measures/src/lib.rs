//! Statistics of scores, pure: how far assessors agree, where they differ most, who is mild and who is strict, and
//! what an application's score and rank are.
//!
//! - [`Ratings`] is who gave what: coders as rows, units as columns, nothing where somebody did not rate. [`alpha`]
//!   (Krippendorff), [`cohen_kappa`], [`fleiss_kappa`], [`gwet_ac`] and [`icc`] measure agreement in it.
//! - [`within_group`] and [`within_group_items`] say whether a group's mean may speak for the group.
//! - [`weigh`] turns marks by criterion into one score an assessor and application; [`spread`], [`leniency`] and
//!   [`rank`] start from those scores.
//!
//! What cannot be measured is a [`Refusal`] with a sentence. No answer is ever not a number.

mod alpha;
mod chance;
mod icc;
mod kappa;
mod rank;
mod ratings;
mod refusal;
mod scores;
mod sums;
mod weigh;
mod within;

pub use alpha::{Alpha, Level, UnknownLevel, alpha};
pub use chance::{Agreement, fleiss_kappa, gwet_ac};
pub use icc::{Icc, icc};
pub use kappa::{Kappa, Weights, cohen_kappa};
pub use rank::{Rank, rank};
pub use ratings::Ratings;
pub use refusal::Refusal;
pub use scores::{Leniency, Score, Spread, leniency, spread};
pub use weigh::{Criterion, Mark, Sheet, Sheets, weigh};
pub use within::{WithinGroup, WithinItems, within_group, within_group_items};
