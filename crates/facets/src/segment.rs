//! A segment as it is held in memory.

use crate::LISTS;
use crate::bytes::Bytes;

/// What each record has of one list.
#[derive(Debug)]
pub(crate) struct List {
    /// Keys, and names for people.
    pub names: Vec<(String, String)>,
    /// Where what a record has begins; not there where each has one.
    starts: Option<Vec<u32>>,
    values: Vec<u32>,
}

impl List {
    pub fn of(&self, place: usize) -> &[u32] {
        let (from, to) = match &self.starts {
            None => (place, place + 1),
            Some(starts) => {
                let at = |n: usize| starts.get(n).and_then(|n| usize::try_from(*n).ok()).unwrap_or(0);
                (at(place), at(place + 1))
            }
        };
        self.values.get(from..to).unwrap_or_default()
    }

    fn read(bytes: &mut Bytes<'_>, records: usize) -> Option<Self> {
        let mut names = Vec::new();
        for _ in 0..bytes.size()? {
            names.push((bytes.text()?.to_owned(), bytes.text()?.to_owned()));
        }
        let counts = bytes.take(records)?;
        let mut starts = Vec::with_capacity(records + 1);
        starts.push(0_u32);
        let mut all = 0;
        for count in counts {
            all += u32::from(*count);
            starts.push(all);
        }
        let values = bytes.all(usize::try_from(all).ok()?, u32::from_le_bytes)?;
        let known = u32::try_from(names.len()).ok()?;
        let single = counts.iter().all(|count| *count == 1);
        values.iter().all(|v| *v < known).then_some(Self { names, starts: (!single).then_some(starts), values })
    }
}

/// A segment, but for its words.
#[derive(Debug)]
pub struct Segment {
    pub(crate) number: i64,
    pub(crate) records: usize,
    pub(crate) lists: [List; LISTS],
    pub(crate) days: Vec<i32>,
    pub(crate) years: Vec<u16>,
    pub(crate) amounts: Vec<i64>,
}

impl Segment {
    /// Reads the columns of the segment with this number; nothing where they are not such.
    #[must_use]
    pub fn read(number: i64, columns: &[u8]) -> Option<Self> {
        let mut bytes = Bytes(columns);
        let records = bytes.size().filter(|records| *records <= crate::SEGMENT)?;
        let mut list = || List::read(&mut bytes, records);
        let lists = [list()?, list()?, list()?, list()?];
        let days = bytes.all(records, i32::from_le_bytes)?;
        let years = bytes.all(records, u16::from_le_bytes)?;
        let amounts = bytes.all(records, i64::from_le_bytes)?;
        Some(Self { number, records, lists, days, years, amounts })
    }

    #[must_use]
    pub fn number(&self) -> i64 {
        self.number
    }
}
