//! Agreement of any number of coders beyond chance: Fleiss' kappa and Gwet's AC1 and AC2.

use crate::sums::{count, distinct, place};
use crate::{Ratings, Refusal, Weights};

/// A coefficient of agreement with what it is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    pub coefficient: f64,
    pub observed: f64,
    pub chance: f64,
    /// Nothing with a single unit, which says nothing of how units differ.
    pub standard_error: Option<f64>,
    /// Units that at least two coders rated.
    pub units: usize,
}

/// Fleiss' kappa, generalised to missing ratings and weights (J. Fleiss 1971; K. Gwet, *Handbook of Inter-Rater
/// Reliability*, 4th edition, 2014, chapters 2, 3 and 5). Chance is how often two ratings drawn from all would agree.
/// Categories are those in use, weighted by their numbers; units count by the share of their pairs that agree.
///
/// # Errors
/// With a single coder, no unit that two coders rated, or a single category.
pub fn fleiss_kappa(ratings: &Ratings, weights: Weights) -> Result<Agreement, Refusal> {
    let table = Table::new(ratings, weights)?;
    let q = table.shares.len();
    let with: Vec<f64> = (0..q).map(|i| (0..q).map(|j| table.weights[i][j] * table.shares[j]).sum()).collect();
    let chance = with.iter().zip(&table.shares).map(|(w, p)| w * p).sum();
    Ok(table.agreement(chance, &with))
}

/// Gwet's AC1, and AC2 with weights: unlike kappa it stays near the observed agreement where one category is rare
/// (K. Gwet 2008; *Handbook of Inter-Rater Reliability*, 4th edition, 2014, chapters 4 and 5).
///
/// # Errors
/// With a single coder, no unit that two coders rated, or a single category.
pub fn gwet_ac(ratings: &Ratings, weights: Weights) -> Result<Agreement, Refusal> {
    let table = Table::new(ratings, weights)?;
    let q = count(table.shares.len());
    let factor = table.weights.iter().flatten().sum::<f64>() / (q * (q - 1.0));
    let with: Vec<f64> = table.shares.iter().map(|p| factor * (1.0 - p)).collect();
    let chance = with.iter().zip(&table.shares).map(|(w, p)| w * p).sum();
    Ok(table.agreement(chance, &with))
}

/// How many coders put each unit into each category.
struct Table {
    units: Vec<Vec<f64>>,
    /// The mean over units of each category's share of their ratings.
    shares: Vec<f64>,
    weights: Vec<Vec<f64>>,
}

impl Table {
    fn new(ratings: &Ratings, weights: Weights) -> Result<Self, Refusal> {
        if ratings.coders() < 2 {
            return Err(Refusal::OneCoder);
        }
        if ratings.pairable().is_empty() {
            return Err(Refusal::NothingShared);
        }
        let categories = distinct(ratings.rated().flatten().collect());
        if categories.len() == 1 {
            return Err(Refusal::NoVariation);
        }
        let row = |given: Vec<f64>| {
            let mut row = vec![0.0; categories.len()];
            given.iter().for_each(|v| row[place(&categories, *v)] += 1.0);
            row
        };
        let units: Vec<Vec<f64>> = ratings.rated().map(row).collect();
        let share = |k: usize| units.iter().map(|unit| unit[k] / size(unit)).sum::<f64>() / count(units.len());
        let shares = (0..categories.len()).map(share).collect();
        Ok(Self { shares, weights: weights.matrix(&categories), units })
    }

    /// The share of a unit's ordered pairs that agree; nought for a single rating.
    fn agreed(&self, unit: &[f64]) -> f64 {
        let r = size(unit);
        if r < 2.0 {
            return 0.0;
        }
        let with = |k: usize| self.weights[k].iter().zip(unit).map(|(w, c)| w * c).sum::<f64>() - 1.0;
        (0..unit.len()).map(|k| unit[k] * with(k)).sum::<f64>() / (r * (r - 1.0))
    }

    /// The coefficient for this chance, and the standard error by linearisation over units (Gwet 2014, §5.5).
    /// `with` is what a rating in each category agrees with by chance.
    fn agreement(&self, chance: f64, with: &[f64]) -> Agreement {
        let n = count(self.units.len());
        let paired = self.units.iter().filter(|unit| size(unit) > 1.0).count();
        let observed = self.units.iter().map(|unit| self.agreed(unit)).sum::<f64>() / count(paired);
        let coefficient = (observed - chance) / (1.0 - chance);
        let deviation = |unit: &Vec<f64>| {
            let r = size(unit);
            let own = if r < 2.0 { 0.0 } else { n / count(paired) * (self.agreed(unit) - chance) / (1.0 - chance) };
            let by_chance = unit.iter().zip(with).map(|(c, w)| c * w).sum::<f64>() / r;
            own - 2.0 * (1.0 - coefficient) * (by_chance - chance) / (1.0 - chance) - coefficient
        };
        let squares: f64 = self.units.iter().map(|unit| deviation(unit).powi(2)).sum();
        let standard_error = (self.units.len() > 1).then(|| (squares / (n * (n - 1.0))).sqrt());
        Agreement { coefficient, observed, chance, standard_error, units: paired }
    }
}

fn size(unit: &[f64]) -> f64 {
    unit.iter().sum()
}
