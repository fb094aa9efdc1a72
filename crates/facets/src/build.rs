//! A segment while it is being filled.

use std::collections::HashMap;

use crate::bytes::{put_size, put_text};
use crate::words::Words;
use crate::{LISTS, SEGMENT};

/// A record, but for its words.
#[derive(Debug, Clone, Default)]
pub struct Record<'r> {
    /// For each list what of it the record has: a key, and a name for people. None of a list is allowed, and so are several.
    pub lists: [Vec<(&'r str, &'r str)>; LISTS],
    /// What it is sorted by in time, as a count of days.
    pub day: i32,
    pub year: u16,
    /// In whole small units, as pence.
    pub amount: i64,
}

/// What there is of one list.
#[derive(Debug, Default)]
struct Names {
    places: HashMap<String, u32>,
    names: Vec<(String, String)>,
}

impl Names {
    fn place(&mut self, (key, name): (&str, &str)) -> u32 {
        if let Some(place) = self.places.get(key) {
            return *place;
        }
        let place = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.places.insert(key.to_owned(), place);
        self.names.push((key.to_owned(), name.to_owned()));
        place
    }
}

/// Takes records, until the segment is full.
#[derive(Debug, Default)]
pub struct Builder {
    names: [Names; LISTS],
    /// How many of each list each record has, and which.
    counts: [Vec<u8>; LISTS],
    values: [Vec<u32>; LISTS],
    days: Vec<i32>,
    years: Vec<u16>,
    amounts: Vec<i64>,
    words: Words,
}

/// A segment as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    pub records: usize,
    pub columns: Vec<u8>,
    /// The number of each bucket that holds any words, and what it holds.
    pub buckets: Vec<(u32, Vec<u8>)>,
}

impl Builder {
    #[must_use]
    pub fn len(&self) -> usize {
        self.days.len()
    }
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.len() >= SEGMENT
    }

    /// Adds a record and its words, and gives its place; nothing where the segment is full.
    pub fn add<'w>(&mut self, record: &Record<'_>, words: impl Iterator<Item = &'w str>) -> Option<u16> {
        let place = u16::try_from(self.len()).ok()?;
        for (list, own) in record.lists.iter().enumerate() {
            let mut these: Vec<u32> = Vec::with_capacity(own.len());
            for named in own.iter().take(usize::from(u8::MAX)) {
                let value = self.names[list].place(*named);
                if !these.contains(&value) {
                    these.push(value);
                }
            }
            self.counts[list].push(u8::try_from(these.len()).unwrap_or(u8::MAX));
            self.values[list].extend(these);
        }
        self.days.push(record.day);
        self.years.push(record.year);
        self.amounts.push(record.amount);
        words.for_each(|word| self.words.add(word, place));
        Some(place)
    }

    /// The segment as it is kept; the builder is empty then.
    pub fn finish(&mut self) -> Built {
        let own = std::mem::take(self);
        let records = own.days.len();
        let mut columns = Vec::with_capacity(records * 40 + 1024);
        put_size(&mut columns, records);
        for ((names, counts), values) in own.names.iter().zip(&own.counts).zip(&own.values) {
            put_size(&mut columns, names.names.len());
            for (key, name) in &names.names {
                put_text(&mut columns, key);
                put_text(&mut columns, name);
            }
            columns.extend_from_slice(counts);
            columns.extend(values.iter().flat_map(|v| v.to_le_bytes()));
        }
        columns.extend(own.days.iter().flat_map(|v| v.to_le_bytes()));
        columns.extend(own.years.iter().flat_map(|v| v.to_le_bytes()));
        columns.extend(own.amounts.iter().flat_map(|v| v.to_le_bytes()));
        Built { records, columns, buckets: own.words.buckets(records) }
    }
}
