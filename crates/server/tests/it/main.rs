//! The command as a person uses it.
#![cfg(test)]

mod checking;
mod command;
mod forming;
mod granting;
mod house;
mod keeping;
mod measuring;
mod practising;
mod serving;
