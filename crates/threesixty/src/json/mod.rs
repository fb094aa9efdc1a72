//! Grants as JSON: a package, or a bare list of grants.

mod parse;
mod read;
mod write;

pub(crate) use parse::parse;
pub(crate) use read::read;
pub(crate) use write::{JsonOut, text};
