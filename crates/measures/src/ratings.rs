//! Who gave what.

use std::collections::BTreeMap;

use crate::sums::usable;
use crate::{Refusal, Score};

/// Ratings of the same units by several coders: coders as rows, units as columns, nothing where a rating is missing.
/// Every row is as long as the others, and every rating is a finite number.
#[derive(Debug, Clone, PartialEq)]
pub struct Ratings {
    rows: Vec<Vec<Option<f64>>>,
}

impl Ratings {
    /// # Errors
    /// Where there is no rating at all, a row is shorter or longer than the first, or a rating is not finite.
    pub fn new(rows: Vec<Vec<Option<f64>>>) -> Result<Self, Refusal> {
        let expected = rows.first().map_or(0, Vec::len);
        for (i, row) in rows.iter().enumerate() {
            if row.len() != expected {
                return Err(Refusal::Ragged { coder: i + 1, expected, found: row.len() });
            }
            if let Some(unit) = row.iter().position(|r| r.is_some_and(|r| !usable(r))) {
                return Err(Refusal::NotFinite { coder: i + 1, unit: unit + 1 });
            }
        }
        if rows.iter().flatten().all(Option::is_none) {
            return Err(Refusal::Empty);
        }
        // Minus nought is nought: as a category it must not stand beside it.
        Ok(Self { rows: rows.into_iter().map(|row| row.into_iter().map(|r| r.map(|r| r + 0.0)).collect()).collect() })
    }

    /// Assessors as coders and applications as units, each in the order of their ids.
    ///
    /// # Errors
    /// Where there are no scores, one is not finite, or an assessor has two for one application.
    pub fn from_scores<A: Ord, R: Ord>(scores: &[Score<A, R>]) -> Result<Self, Refusal> {
        let units = numbered(scores.iter().map(|s| &s.application));
        let coders = numbered(scores.iter().map(|s| &s.assessor));
        let mut rows = vec![vec![None; units.len()]; coders.len()];
        for score in scores {
            let cell = &mut rows[coders[&score.assessor]][units[&score.application]];
            if cell.replace(score.value).is_some() {
                return Err(Refusal::ScoredTwice);
            }
        }
        Self::new(rows)
    }

    #[must_use]
    pub fn coders(&self) -> usize {
        self.rows.len()
    }
    #[must_use]
    pub fn units(&self) -> usize {
        self.rows.first().map_or(0, Vec::len)
    }
    /// A unit's ratings, in the order of the coders.
    pub(crate) fn unit(&self, unit: usize) -> impl Iterator<Item = f64> + '_ {
        self.rows.iter().filter_map(move |row| row[unit])
    }
    /// The ratings of each unit that any coder rated.
    pub(crate) fn rated(&self) -> impl Iterator<Item = Vec<f64>> + '_ {
        (0..self.units()).map(|u| self.unit(u).collect::<Vec<_>>()).filter(|r| !r.is_empty())
    }
    /// The ratings of each unit that at least two coders rated: those that can be paired.
    pub(crate) fn pairable(&self) -> Vec<Vec<f64>> {
        self.rated().filter(|r| r.len() > 1).collect()
    }
    /// Each coder's ratings where none is missing.
    pub(crate) fn complete(&self) -> Result<Vec<Vec<f64>>, Refusal> {
        let whole = |(coder, row): (usize, &Vec<Option<f64>>)| {
            let rating = |(unit, r): (usize, &Option<f64>)| r.ok_or(Refusal::Incomplete { coder: coder + 1, unit: unit + 1 });
            row.iter().enumerate().map(rating).collect()
        };
        self.rows.iter().enumerate().map(whole).collect()
    }
    /// The first rating below nought, as coder and unit counted from one.
    pub(crate) fn below_nought(&self) -> Option<(usize, usize)> {
        self.rows
            .iter()
            .enumerate()
            .find_map(|(coder, row)| row.iter().position(|r| r.is_some_and(|r| r < 0.0)).map(|unit| (coder + 1, unit + 1)))
    }
    pub(crate) fn row(&self, coder: usize) -> &[Option<f64>] {
        &self.rows[coder]
    }
}

fn numbered<'a, T: Ord + 'a>(ids: impl Iterator<Item = &'a T>) -> BTreeMap<&'a T, usize> {
    let sorted: std::collections::BTreeSet<&T> = ids.collect();
    sorted.into_iter().enumerate().map(|(i, id)| (id, i)).collect()
}
