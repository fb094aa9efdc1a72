//! Krippendorff's alpha.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::sums::{count, distinct, place, squares};
use crate::{Ratings, Refusal};

/// What differences between ratings mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Names: two ratings are the same or not.
    Nominal,
    /// Ranks: what counts is how many ratings lie between two.
    Ordinal,
    /// Numbers: what counts is the difference.
    Interval,
    /// Numbers with a true nought: what counts is the difference as a part of the sum.
    Ratio,
}

impl Level {
    pub const ALL: [Self; 4] = [Self::Nominal, Self::Ordinal, Self::Interval, Self::Ratio];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nominal => "nominal",
            Self::Ordinal => "ordinal",
            Self::Interval => "interval",
            Self::Ratio => "ratio",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("A level is nominal, ordinal, interval or ratio")]
pub struct UnknownLevel;

impl FromStr for Level {
    type Err = UnknownLevel;
    fn from_str(text: &str) -> Result<Self, UnknownLevel> {
        Self::ALL.into_iter().find(|level| level.name() == text).ok_or(UnknownLevel)
    }
}

/// How far coders agree: 1 is full agreement, 0 what chance would give, below 0 disagreement beyond chance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Alpha {
    pub alpha: f64,
    pub level: Level,
    pub coders: usize,
    pub units: usize,
    /// Ratings of units that at least two coders rated: what the figure rests on.
    pub pairable_values: usize,
}

/// Krippendorff's alpha, 1 − observed ÷ expected disagreement. Each unit weighs its pairs by 1 ÷ (ratings − 1), and
/// units with a single rating do not count (K. Krippendorff, *Computing Krippendorff's Alpha-Reliability*, 2011;
/// *Content Analysis*, 3rd edition, §12.3).
///
/// The ordinal difference, the ratings from one rank to another less half of those in both ends, equals the
/// difference of the two mid-ranks, so ordinal alpha is interval alpha of the mid-ranks.
///
/// # Errors
/// With a single coder, without a unit that two coders rated, without variation, and on a ratio scale with a rating
/// below nought.
pub fn alpha(ratings: &Ratings, level: Level) -> Result<Alpha, Refusal> {
    if ratings.coders() < 2 {
        return Err(Refusal::OneCoder);
    }
    if let (Level::Ratio, Some((coder, unit))) = (level, ratings.below_nought()) {
        return Err(Refusal::BelowNought { coder, unit });
    }
    let mut units = ratings.pairable();
    let all = units.concat();
    if all.is_empty() {
        return Err(Refusal::NothingShared);
    }
    let values = distinct(all.clone());
    if values.len() == 1 {
        return Err(Refusal::NoVariation);
    }
    let mut counts = vec![0usize; values.len()];
    all.iter().for_each(|v| counts[place(&values, *v)] += 1);
    let expected = match level {
        Level::Nominal => nominal(&counts),
        Level::Ordinal => {
            let ranks = mid_ranks(&counts);
            units.iter_mut().flatten().for_each(|v| *v = ranks[place(&values, *v)]);
            distances(&units.concat())
        }
        Level::Interval => distances(&scaled(&mut units)),
        Level::Ratio => ratios(&values, &counts),
    };
    let n = count(all.len());
    let observed = units.iter().map(|unit| unit_disagreement(unit, level)).sum::<f64>() / n;
    let alpha = 1.0 - observed / (expected / (n * (n - 1.0)));
    Ok(Alpha { alpha, level, coders: ratings.coders(), units: ratings.units(), pairable_values: all.len() })
}

/// A unit's part of the observed disagreement, over its ordered pairs.
fn unit_disagreement(unit: &[f64], level: Level) -> f64 {
    let whole = match level {
        Level::Ordinal | Level::Interval => distances(unit),
        Level::Nominal | Level::Ratio => {
            let difference = |a: f64, b: f64| if level == Level::Nominal { f64::from(a != b) } else { ratio(a, b) };
            let pairs = unit.iter().enumerate().flat_map(|(i, a)| unit[i + 1..].iter().map(move |b| (*a, *b)));
            2.0 * pairs.map(|(a, b)| difference(a, b)).sum::<f64>()
        }
    };
    whole / count(unit.len() - 1)
}

/// The squared distances of all ordered pairs: 2n times the sum of squared deviations from the mean.
fn distances(values: &[f64]) -> f64 {
    2.0 * count(values.len()) * squares(values)
}

fn nominal(counts: &[usize]) -> f64 {
    let n = count(counts.iter().sum());
    counts.iter().map(|&c| count(c) * (n - count(c))).sum()
}

fn ratios(values: &[f64], counts: &[usize]) -> f64 {
    let from = |i: usize| {
        let later = values.iter().zip(counts).skip(i + 1);
        count(counts[i]) * later.map(|(&b, &c)| count(c) * ratio(values[i], b)).sum::<f64>()
    };
    2.0 * (0..values.len()).map(from).sum::<f64>()
}

/// The squared difference as a part of the sum.
fn ratio(a: f64, b: f64) -> f64 {
    if a == b { 0.0 } else { ((a - b) / (a + b)).powi(2) }
}

/// For each value, how many ratings lie below it and half of those equal to it.
fn mid_ranks(counts: &[usize]) -> Vec<f64> {
    let mut below = 0;
    counts
        .iter()
        .map(|&c| {
            below += c;
            count(below) - count(c) / 2.0
        })
        .collect()
}

/// Brings the ratings into −1 to 1, which changes no ratio of differences and keeps small squares from vanishing.
fn scaled(units: &mut [Vec<f64>]) -> Vec<f64> {
    let all = || units.iter().flatten().copied();
    let (least, most) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    let (middle, half) = (f64::midpoint(least, most), ((most - least) / 2.0).max(f64::MIN_POSITIVE));
    units.iter_mut().flatten().for_each(|v| *v = (*v - middle) / half);
    units.concat()
}
