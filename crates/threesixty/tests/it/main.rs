//! Files of grants as people have them: read, checked and converted.
#![cfg(test)]

mod common;
mod hostile;
mod quality;
mod schema;
mod shared;
mod tables;
mod trips;
