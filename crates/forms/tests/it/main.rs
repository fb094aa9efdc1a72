//! What forms do, from the outside.

#[cfg(test)]
mod common;
#[cfg(test)]
mod state;
