//! The site as its users meet it, on both databases.

mod access;
