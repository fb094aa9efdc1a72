//! The one way to write the ledger, and to read what it holds. Everything that is allotted and used, pounds and days
//! alike, goes through [`post`]; what was wrong is undone by [`counter`], and nothing is ever edited.

mod balances;
pub(crate) mod days;
mod post;
mod told;

pub use balances::{balance, balances};
pub use post::{Moving, NotPosted, Opening, Refused, account, counter, post};
pub use told::{Told, movements};
