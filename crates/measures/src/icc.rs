//! Intraclass correlation: agreement of raters who all rated everything.

use crate::sums::{count, mean, squares};
use crate::{Ratings, Refusal};

/// Intraclass correlations, for one rating and for the mean of all raters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Icc {
    /// ICC(1,1): different raters for each unit.
    pub one_way: f64,
    /// ICC(A,1): the same raters, who must give the same marks.
    pub agreement: f64,
    /// ICC(C,1): the same raters, who may be milder or stricter throughout.
    pub consistency: f64,
    /// ICC(1,k), ICC(A,k) and ICC(C,k): the same of the mean of all raters. The middle one divides by nought or less
    /// where the raters' ups and downs outweigh the units', and is nothing there.
    pub one_way_mean: f64,
    pub agreement_mean: Option<f64>,
    pub consistency_mean: f64,
}

/// Intraclass correlations from a two-way analysis of variance (P. Shrout and J. Fleiss 1979; names after K. McGraw
/// and S. Wong 1996).
///
/// # Errors
/// With a single coder or unit, a missing rating, no variation, or units that are all alike in the mean.
pub fn icc(ratings: &Ratings) -> Result<Icc, Refusal> {
    let rows = ratings.complete()?;
    let (k, n) = (ratings.coders(), ratings.units());
    if k < 2 {
        return Err(Refusal::OneCoder);
    }
    if n < 2 {
        return Err(Refusal::OneUnit);
    }
    let all = rows.concat();
    if all.iter().all(|r| *r == all[0]) {
        return Err(Refusal::NoVariation);
    }
    let (coders, units) = (count(k), count(n));
    let total = squares(&all);
    let by_unit: Vec<f64> = (0..n).map(|u| mean(&rows.iter().map(|row| row[u]).collect::<Vec<_>>())).collect();
    let by_coder: Vec<f64> = rows.iter().map(|row| mean(row)).collect();
    let (between, between_coders) = (coders * squares(&by_unit), units * squares(&by_coder));
    let within = total - between;
    let ms_units = between / (units - 1.0);
    let ms_coders = between_coders / (coders - 1.0);
    let ms_within = within / (units * (coders - 1.0));
    let ms_error = (within - between_coders) / ((units - 1.0) * (coders - 1.0));

    if between <= total * 1e-12 {
        return Err(Refusal::UnitsAlike);
    }
    let extra = (ms_coders - ms_error) / units;
    let below = ms_units + extra;
    Ok(Icc {
        one_way: (ms_units - ms_within) / (ms_units + (coders - 1.0) * ms_within),
        agreement: (ms_units - ms_error) / (ms_units + (coders - 1.0) * ms_error + coders * extra),
        consistency: (ms_units - ms_error) / (ms_units + (coders - 1.0) * ms_error),
        one_way_mean: (ms_units - ms_within) / ms_units,
        agreement_mean: (below > total * 1e-12).then(|| (ms_units - ms_error) / below),
        consistency_mean: (ms_units - ms_error) / ms_units,
    })
}
