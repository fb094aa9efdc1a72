//! How pages are written, seen as a browser sees them.
#![cfg(test)]

mod answers;
mod asking;
mod browser;
mod common;
mod contrast;
mod forms;
mod pages;
mod parts;
mod reading;
mod words;
