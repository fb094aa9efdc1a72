//! The database, SQLite or PostgreSQL behind one face: opening it, migrations, writes that carry their journal
//! record and their mail, the full-text index, the post, and moving house. Nothing outside this crate knows which
//! engine it talks to.

mod backup;
mod batch;
mod db;
mod forms;
mod in_use;
pub mod journal;
mod migrations;
mod moving;
pub mod post;
mod postgres;
mod reader;
pub mod search;
mod tx;
mod write;

pub use backup::{BackupError, backup, restore};
pub use db::{Db, OpenError, Target};
pub use forms::{already_handled, forget_old_forms};
pub use migrations::{migrate, schema_digest};
pub use moving::{Moved, move_all};
pub use reader::Reader;
pub use tx::Tx;
pub use write::{Write, Writer};

use kernel::Fault;
use sha2::{Digest, Sha256};

/// SHA-256 in hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = |byte: &u8| [byte >> 4, byte & 15].map(|digit| char::from(DIGITS[usize::from(digit)]));
    Sha256::digest(bytes).iter().flat_map(digits).collect()
}

/// Turns a database error into a fault, saying what was being done.
pub fn fault(doing: &'static str) -> impl Fn(sea_orm::DbErr) -> Fault {
    move |error| Fault::new(doing, error)
}
