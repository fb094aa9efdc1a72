//! Which records hold which word. A word's places are kept as the steps from one to the next, or where it is common as one bit a
//! record, and words together in buckets.

use std::collections::HashMap;

use crate::BUCKETS;
use crate::bytes::{Bytes, put_short};

/// The bucket that a word is kept in. What is kept hangs on it: it may never change.
#[must_use]
pub fn bucket_of(word: &str) -> u32 {
    let hash = word.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    (hash ^ hash >> 16) % BUCKETS
}

#[derive(Debug, Default)]
pub(crate) struct Words(HashMap<String, Vec<u16>>);

/// How a word's places are kept.
const STEPS: u8 = 0;
const BITS: u8 = 1;

impl Words {
    pub fn add(&mut self, word: &str, place: u16) {
        match self.0.get_mut(word) {
            Some(places) if places.last() == Some(&place) => {}
            Some(places) => places.push(place),
            None => _ = self.0.insert(word.to_owned(), vec![place]),
        }
    }

    pub fn buckets(self, records: usize) -> Vec<(u32, Vec<u8>)> {
        let mut words: Vec<(u32, String, Vec<u16>)> = self.0.into_iter().map(|(w, places)| (bucket_of(&w), w, places)).collect();
        words.sort_unstable_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        let mut buckets: Vec<(u32, Vec<u8>)> = Vec::new();
        for (bucket, word, places) in words {
            if buckets.last().is_none_or(|(last, _)| *last != bucket) {
                buckets.push((bucket, Vec::new()));
            }
            if let Some((_, out)) = buckets.last_mut() {
                put_short(out, u32::try_from(word.len()).unwrap_or(0));
                out.extend_from_slice(word.as_bytes());
                let (how, kept) = kept(&places, records);
                out.push(how);
                put_short(out, u32::try_from(kept.len()).unwrap_or(0));
                out.extend_from_slice(&kept);
            }
        }
        buckets
    }
}

fn kept(places: &[u16], records: usize) -> (u8, Vec<u8>) {
    let whole = records.div_ceil(8);
    if places.len() >= whole {
        let mut bits = vec![0_u8; whole];
        for place in places {
            if let Some(byte) = bits.get_mut(usize::from(place >> 3)) {
                *byte |= 1 << (place & 7);
            }
        }
        return (BITS, bits);
    }
    let (mut steps, mut before) = (Vec::with_capacity(places.len() * 2), 0);
    for place in places {
        put_short(&mut steps, u32::from(place - before));
        before = *place;
    }
    (STEPS, steps)
}

/// Sets the bits of the records that hold the word, by the bucket it is kept in.
pub(crate) fn mark(bucket: &[u8], word: &str, bits: &mut [u64]) -> Option<()> {
    let mut all = Bytes(bucket);
    while !all.0.is_empty() {
        let length = usize::try_from(all.short()?).ok()?;
        let own = all.take(length)?;
        let how = all.byte()?;
        let size = usize::try_from(all.short()?).ok()?;
        let kept = all.take(size)?;
        if own != word.as_bytes() {
            continue;
        }
        if how == BITS {
            for (at, byte) in kept.iter().enumerate() {
                *bits.get_mut(at / 8)? |= u64::from(*byte) << (at % 8 * 8);
            }
            return Some(());
        }
        let (mut steps, mut place) = (Bytes(kept), 0_usize);
        while !steps.0.is_empty() {
            place += usize::try_from(steps.short()?).ok()?;
            *bits.get_mut(place / 64)? |= 1 << (place % 64);
        }
        return Some(());
    }
    Some(())
}
