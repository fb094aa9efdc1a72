//! How pages are written, seen as a browser sees them.
#![cfg(test)]

mod common;
mod contrast;
mod forms;
mod pages;
mod parts;
mod words;
