//! Finds among millions of records by words, lists, years and amounts, and counts exactly what it finds.
//!
//! Records are put into segments of at most [`SEGMENT`], which never change. What a segment says of its records beside their words
//! (its columns) is some thirty bytes for each and is held in memory; the words are kept elsewhere, in buckets, of which a
//! question needs one for each of its words and each segment. So a question costs a look at each record's few bytes, whatever is asked.

mod build;
mod bytes;
mod index;
mod segment;
mod words;

pub use build::{Builder, Built, Record};
pub use index::{Ask, Choice, Counted, Index, Matches, Order, Sum};
pub use segment::Segment;
pub use words::bucket_of;

/// The most records of a segment: their places in it take two bytes.
pub const SEGMENT: usize = 1 << 16;
/// How many lists each record has, such as who funds it and where it is.
pub const LISTS: usize = 4;
/// Which of them is the currency: sums are taken for each by itself.
pub const CURRENCY: usize = 3;
/// How many buckets the words of a segment are kept in.
pub const BUCKETS: u32 = 1024;

/// Which segment a record is of, and where in it, as one number.
#[must_use]
pub fn number(segment: i64, place: u16) -> i64 {
    segment << 16 | i64::from(place)
}

/// The segment of the record with this number.
#[must_use]
pub fn segment_of(number: i64) -> i64 {
    number >> 16
}
