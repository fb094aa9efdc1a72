//! All segments together: what matches a question, how many of each, and the first of them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::segment::Segment;
use crate::words::mark;
use crate::{CURRENCY, LISTS, number};

/// What is asked for. A record matches where all of it does.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// Words, and of each segment the bucket the word is kept in.
    pub words: Vec<(String, HashMap<i64, Vec<u8>>)>,
    /// Of each list the key that a record has to have.
    pub keys: [Option<String>; LISTS],
    pub year: Option<u16>,
    /// At least the first and less than the second.
    pub amounts: Option<(i64, i64)>,
}

/// In what order records come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Newest,
    Largest,
}

/// The records that match: one bit for each, segment by segment.
#[derive(Debug, Clone, Default)]
pub struct Matches(Vec<(i64, Vec<u64>)>);

impl Matches {
    /// The numbers of the records, rising.
    pub fn numbers(&self) -> impl Iterator<Item = i64> + '_ {
        self.0.iter().flat_map(numbers_of)
    }
    /// The numbers of the next records after this one, at most so many.
    #[must_use]
    pub fn after(&self, number: i64, many: usize) -> Vec<i64> {
        let from = crate::segment_of(number);
        let left = self.0.iter().filter(|(segment, _)| *segment >= from);
        left.flat_map(numbers_of).filter(|own| *own > number).take(many).collect()
    }
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.iter().flat_map(|(_, bits)| bits).map(|word| u64::from(word.count_ones())).sum()
    }
}

fn numbers_of((segment, bits): &(i64, Vec<u64>)) -> impl Iterator<Item = i64> + '_ {
    ones(bits).map(|place| number(*segment, u16::try_from(place).unwrap_or(0)))
}

fn ones(bits: &[u64]) -> impl Iterator<Item = usize> + '_ {
    bits.iter().enumerate().flat_map(|(at, word)| {
        let mut left = *word;
        std::iter::from_fn(move || {
            let bit = usize::try_from(left.trailing_zeros()).unwrap_or(0);
            (left != 0).then(|| {
                left &= left - 1;
                at * 64 + bit
            })
        })
    })
}

/// Something of a list, by which one could narrow, and how many records that would leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub key: String,
    pub name: String,
    pub count: u64,
}

/// What a year's records of one currency come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    pub currency: String,
    pub year: u16,
    pub count: u64,
    pub amount: i128,
}

/// What was found, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    pub all: u64,
    /// Of each list what the most records have, and how many there are of it in all.
    pub lists: [(Vec<Choice>, usize); LISTS],
    /// Rising by currency and year.
    pub sums: Vec<Sum>,
    /// For each bound how many records are of at least that, and less than the next.
    pub bands: Vec<u64>,
}

/// Everything of one list, over all segments.
#[derive(Debug, Default)]
struct Names {
    known: HashMap<String, u32>,
    all: Vec<(String, String)>,
}

/// All segments, ready to be asked.
#[derive(Debug, Default)]
pub struct Index {
    segments: Vec<Arc<Segment>>,
    names: [Names; LISTS],
    /// For each segment and list, where what it has stands among all.
    places: Vec<[Vec<u32>; LISTS]>,
}

impl Index {
    #[must_use]
    pub fn of(segments: Vec<Arc<Segment>>) -> Self {
        let mut index = Self::default();
        for segment in &segments {
            let mut own: [Vec<u32>; LISTS] = Default::default();
            for ((places, list), names) in own.iter_mut().zip(&segment.lists).zip(&mut index.names) {
                for (key, name) in &list.names {
                    let next = u32::try_from(names.all.len()).unwrap_or(u32::MAX);
                    let place = *names.known.entry(key.clone()).or_insert(next);
                    if place == next {
                        names.all.push((key.clone(), name.clone()));
                    }
                    places.push(place);
                }
            }
            index.places.push(own);
        }
        index.segments = segments;
        index
    }

    #[must_use]
    pub fn segments(&self) -> &[Arc<Segment>] {
        &self.segments
    }

    /// The name that people know a key of a list by.
    #[must_use]
    pub fn name(&self, list: usize, key: &str) -> Option<&str> {
        let names = self.names.get(list)?;
        let place = usize::try_from(*names.known.get(key)?).ok()?;
        names.all.get(place).map(|(_, name)| name.as_str())
    }

    #[must_use]
    pub fn matching(&self, ask: &Ask) -> Matches {
        let each = self.segments.iter().zip(&self.places);
        Matches(each.map(|(segment, places)| (segment.number, self.in_segment(segment, places, ask))).collect())
    }

    fn in_segment(&self, segment: &Segment, places: &[Vec<u32>; LISTS], ask: &Ask) -> Vec<u64> {
        let mut bits = vec![u64::MAX; segment.records.div_ceil(64)];
        if let (Some(last), left) = (bits.last_mut(), segment.records % 64)
            && left > 0
        {
            *last = (1 << left) - 1;
        }
        for (word, buckets) in &ask.words {
            let mut own = vec![0; bits.len()];
            if let Some(bucket) = buckets.get(&segment.number) {
                // What cannot be read holds nothing.
                let _ = mark(bucket, word, &mut own);
            }
            bits.iter_mut().zip(own).for_each(|(bits, own)| *bits &= own);
        }
        for (list, key) in ask.keys.iter().enumerate() {
            let Some(key) = key else { continue };
            let known = self.names[list].known.get(key);
            let own = known.and_then(|known| places[list].iter().position(|p| p == known));
            match own.and_then(|own| u32::try_from(own).ok()) {
                Some(own) => keep(&mut bits, |place| segment.lists[list].of(place).contains(&own)),
                None => bits.fill(0),
            }
        }
        if let Some(year) = ask.year {
            keep(&mut bits, |place| segment.years.get(place) == Some(&year));
        }
        if let Some((from, to)) = ask.amounts {
            keep(&mut bits, |place| segment.amounts.get(place).is_some_and(|amount| (from..to).contains(amount)));
        }
        bits
    }

    /// Counts what matches. Of each list so many are named as `top` says; `bounds` rise.
    #[must_use]
    pub fn count(&self, matches: &Matches, top: usize, bounds: &[i64]) -> Counted {
        let mut counts: [Vec<u64>; LISTS] = std::array::from_fn(|list| vec![0; self.names[list].all.len()]);
        let mut sums = BTreeMap::new();
        let mut found = Counted { bands: vec![0; bounds.len()], ..Counted::default() };
        for ((segment, places), (_, bits)) in self.segments.iter().zip(&self.places).zip(&matches.0) {
            let mut tally = Tally::of(segment, bounds);
            tally.add_all(segment, bits);
            found.all += tally.all;
            found.bands.iter_mut().zip(&tally.bands).for_each(|(all, own)| *all += own);
            for ((counts, own), places) in counts.iter_mut().zip(&tally.lists).zip(places) {
                for (place, own) in places.iter().zip(own) {
                    if let Some(count) = usize::try_from(*place).ok().and_then(|place| counts.get_mut(place)) {
                        *count += own;
                    }
                }
            }
            tally.give(segment, &mut sums);
        }
        for ((out, counts), names) in found.lists.iter_mut().zip(&counts).zip(&self.names) {
            let mut any: Vec<(u64, usize)> = counts.iter().enumerate().filter(|(_, n)| **n > 0).map(|(at, n)| (*n, at)).collect();
            out.1 = any.len();
            let first = |a: &(u64, usize), b: &(u64, usize)| b.0.cmp(&a.0).then_with(|| names.all[a.1].1.cmp(&names.all[b.1].1));
            if any.len() > top && top > 0 {
                any.select_nth_unstable_by(top - 1, first);
                any.truncate(top);
            }
            any.sort_unstable_by(first);
            let named = any.into_iter().map(|(count, at)| {
                let (key, name) = &names.all[at];
                Choice { key: key.clone(), name: name.clone(), count }
            });
            out.0 = named.collect();
        }
        let sum = |((currency, year), (count, amount))| Sum { currency, year, count, amount };
        found.sums = sums.into_iter().map(sum).collect();
        found
    }

    /// The numbers of some of the records, in order, after so many others.
    #[must_use]
    pub fn some(&self, matches: &Matches, order: Order, after: usize, many: usize) -> Vec<i64> {
        let wanted = after.saturating_add(many);
        let mut kept: Vec<(i64, i64)> = Vec::new();
        let mut least = None;
        for (segment, (_, bits)) in self.segments.iter().zip(&matches.0) {
            each(bits, |place| {
                let by = match order {
                    Order::Newest => segment.days.get(place).copied().unwrap_or(0).into(),
                    Order::Largest => segment.amounts.get(place).copied().unwrap_or(0),
                };
                let own = (by, number(segment.number, u16::try_from(place).unwrap_or(0)));
                if least.is_some_and(|least| own < least) {
                    return;
                }
                kept.push(own);
                if kept.len() >= wanted.saturating_mul(4).max(1024) {
                    kept.select_nth_unstable_by(wanted.max(1) - 1, |a, b| b.cmp(a));
                    kept.truncate(wanted.max(1));
                    least = kept.last().copied();
                }
            });
        }
        kept.sort_unstable_by(|a, b| b.cmp(a));
        kept.into_iter().skip(after).take(many).map(|(_, number)| number).collect()
    }
}

/// Does something with each record whose bit is set.
fn each(bits: &[u64], mut with: impl FnMut(usize)) {
    for (at, word) in bits.iter().enumerate() {
        let mut left = *word;
        while left != 0 {
            with(at * 64 + left.trailing_zeros() as usize);
            left &= left - 1;
        }
    }
}

/// Leaves those bits whose records pass.
fn keep(bits: &mut [u64], pass: impl Fn(usize) -> bool) {
    for (at, word) in bits.iter_mut().enumerate() {
        let mut left = *word;
        while left != 0 {
            let bit = left.trailing_zeros();
            left &= left - 1;
            if !pass(at * 64 + usize::try_from(bit).unwrap_or(0)) {
                *word &= !(1 << bit);
            }
        }
    }
}

const FIRST_YEAR: u16 = 1900;
const YEARS: usize = 256;

/// The counts of one segment.
struct Tally<'b> {
    all: u64,
    bounds: &'b [i64],
    bands: Vec<u64>,
    lists: [Vec<u64>; LISTS],
    /// For each currency, year by year.
    sums: Vec<(u64, i128)>,
}

impl<'b> Tally<'b> {
    fn of(segment: &Segment, bounds: &'b [i64]) -> Self {
        Self {
            all: 0,
            bounds,
            bands: vec![0; bounds.len()],
            lists: std::array::from_fn(|list| vec![0; segment.lists[list].names.len()]),
            sums: vec![(0, 0); segment.lists[CURRENCY].names.len() * YEARS],
        }
    }

    /// Column by column, so that each look is beside the one before.
    fn add_all(&mut self, segment: &Segment, bits: &[u64]) {
        self.all += bits.iter().map(|word| u64::from(word.count_ones())).sum::<u64>();
        for (counts, list) in self.lists.iter_mut().zip(&segment.lists) {
            each(bits, |place| {
                for value in list.of(place) {
                    if let Some(count) = usize::try_from(*value).ok().and_then(|value| counts.get_mut(value)) {
                        *count += 1;
                    }
                }
            });
        }
        each(bits, |place| self.add_amount(segment, place));
    }

    fn add_amount(&mut self, segment: &Segment, place: usize) {
        let (amount, year) = (segment.amounts.get(place).copied().unwrap_or(0), segment.years.get(place).copied().unwrap_or(0));
        let band: usize = self.bounds.iter().map(|bound| usize::from(*bound <= amount)).sum();
        if let Some(count) = band.checked_sub(1).and_then(|band| self.bands.get_mut(band)) {
            *count += 1;
        }
        let year = usize::from(year.saturating_sub(FIRST_YEAR)).min(YEARS - 1);
        let currency = segment.lists[CURRENCY].of(place).first().and_then(|c| usize::try_from(*c).ok());
        if let Some((count, sum)) = currency.and_then(|currency| self.sums.get_mut(currency * YEARS + year)) {
            *count += 1;
            *sum += i128::from(amount);
        }
    }

    fn give(&self, segment: &Segment, sums: &mut BTreeMap<(String, u16), (u64, i128)>) {
        for (at, (count, amount)) in self.sums.iter().enumerate().filter(|(_, (count, _))| *count > 0) {
            let Some((currency, _)) = segment.lists[CURRENCY].names.get(at / YEARS) else { continue };
            let year = FIRST_YEAR + u16::try_from(at % YEARS).unwrap_or(0);
            let all = sums.entry((currency.clone(), year)).or_default();
            all.0 += count;
            all.1 += amount;
        }
    }
}
