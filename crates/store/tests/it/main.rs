//! What the database promises, on both engines.
#![cfg(test)]

#[macro_use]
mod house;
mod copying;
mod journal;
mod moving;
mod moving_events;
mod moving_money;
mod moving_peers;
mod moving_support;
mod opening;
mod posting;
mod searching;
mod smtp;
mod writing;

#[path = "../../../testkit/src/postgres/mod.rs"]
#[expect(dead_code, reason = "the whole of it serves others")]
mod postgres;
