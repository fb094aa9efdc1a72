//! Cohen's kappa: two coders.

use crate::sums::{count, distinct, place};
use crate::{Ratings, Refusal};

/// How much two ratings agree that are not the same. The scale's ends do not agree at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weights {
    /// Not at all.
    Identity,
    /// Less in proportion to the distance.
    Linear,
    /// Less in proportion to the squared distance.
    Quadratic,
}

impl Weights {
    /// Agreement weights of every pair of categories that stand at these numbers, in order.
    pub(crate) fn matrix(self, at: &[f64]) -> Vec<Vec<f64>> {
        let width = at.last().unwrap_or(&0.0) - at.first().unwrap_or(&0.0);
        let weight = |a: f64, b: f64| match self {
            Self::Identity => f64::from(a == b),
            Self::Linear => 1.0 - (a - b).abs() / width,
            Self::Quadratic => 1.0 - ((a - b) / width).powi(2),
        };
        at.iter().map(|&a| at.iter().map(|&b| if a == b { 1.0 } else { weight(a, b) }).collect()).collect()
    }
}

/// Agreement of two coders beyond what their own habits would give by chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kappa {
    pub kappa: f64,
    pub observed: f64,
    pub chance: f64,
    pub standard_error: f64,
    /// The ends of the 95 % interval, kappa ± 1.96 standard errors; they may lie beyond −1 and 1.
    pub low_95: f64,
    pub high_95: f64,
    /// Units that both rated.
    pub units: usize,
}

/// The 97.5th percentile of the normal distribution.
const Z_95: f64 = 1.959_963_984_540_054;

/// Cohen's kappa, (observed − chance) ÷ (1 − chance), chance being the product of the two coders' own shares
/// (J. Cohen 1960; weighted 1968), with the large-sample standard error of J. Fleiss, J. Cohen and B. Everitt (1969).
/// Categories are those in use, weighted by their place in order. Units that one of the two left out do not count.
///
/// # Errors
/// With other than two coders, no unit that both rated, or where both gave one and the same rating throughout.
pub fn cohen_kappa(ratings: &Ratings, weights: Weights) -> Result<Kappa, Refusal> {
    if ratings.coders() != 2 {
        return Err(Refusal::NotTwoCoders { found: ratings.coders() });
    }
    let pairs: Vec<(f64, f64)> = ratings.row(0).iter().zip(ratings.row(1)).filter_map(|(a, b)| Some(((*a)?, (*b)?))).collect();
    if pairs.is_empty() {
        return Err(Refusal::NothingShared);
    }
    let categories = distinct(pairs.iter().flat_map(|(a, b)| [*a, *b]).collect());
    let q = categories.len();
    if q == 1 {
        return Err(Refusal::NoVariation);
    }
    let n = count(pairs.len());
    let (mut shares, mut first, mut second) = (vec![vec![0.0; q]; q], vec![0.0; q], vec![0.0; q]);
    for (a, b) in &pairs {
        let (a, b) = (place(&categories, *a), place(&categories, *b));
        shares[a][b] += 1.0 / n;
        first[a] += 1.0 / n;
        second[b] += 1.0 / n;
    }
    let w = weights.matrix(&(0..q).map(count).collect::<Vec<_>>());
    let cells = || (0..q).flat_map(|i| (0..q).map(move |j| (i, j)));
    let observed: f64 = cells().map(|(i, j)| w[i][j] * shares[i][j]).sum();
    let chance: f64 = cells().map(|(i, j)| w[i][j] * first[i] * second[j]).sum();
    let kappa = (observed - chance) / (1.0 - chance);

    // What each category agrees by chance with the other coder's ratings.
    let with_second: Vec<f64> = (0..q).map(|i| (0..q).map(|j| w[i][j] * second[j]).sum()).collect();
    let with_first: Vec<f64> = (0..q).map(|j| (0..q).map(|i| w[i][j] * first[i]).sum()).collect();
    let term = |i: usize, j: usize| shares[i][j] * (w[i][j] - (with_second[i] + with_first[j]) * (1.0 - kappa)).powi(2);
    let spread = cells().map(|(i, j)| term(i, j)).sum::<f64>() - (kappa - chance * (1.0 - kappa)).powi(2);
    let standard_error = (spread.max(0.0) / n).sqrt() / (1.0 - chance);
    let (low_95, high_95) = (kappa - Z_95 * standard_error, kappa + Z_95 * standard_error);
    Ok(Kappa { kappa, observed, chance, standard_error, low_95, high_95, units: pairs.len() })
}
