//! Agreement within a group: may its mean speak for it?

use crate::Refusal;
use crate::sums::{count, mean, squares, usable};

/// How far the answers of one group to one question agree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WithinGroup {
    /// 1 is full agreement, 0 what answers spread evenly over the scale would give, below 0 opposed camps.
    pub r_wg: f64,
    pub variance: f64,
    pub mean_absolute_deviation: f64,
    pub answers: usize,
}

/// How far the answers of one group to several questions on one thing agree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WithinItems {
    pub r_wg_j: f64,
    pub mean_variance: f64,
    pub people: usize,
    pub items: usize,
}

/// r_wg: 1 − variance ÷ the variance of answers spread evenly over the scale, (A² − 1) ÷ 12 with A points (L. James,
/// R. Demaree and G. Wolf 1984). The variance is the sample's, by n − 1.
///
/// # Errors
/// With fewer than two answers, a scale of fewer than two points, or an answer that is no number.
pub fn within_group(answers: &[f64], points: u32) -> Result<WithinGroup, Refusal> {
    let even = even_variance(points)?;
    if answers.len() < 2 {
        return Err(if answers.is_empty() { Refusal::Empty } else { Refusal::OneAnswer });
    }
    if answers.iter().any(|a| !usable(*a)) {
        return Err(Refusal::NotFiniteValue);
    }
    let (n, middle) = (count(answers.len()), mean(answers));
    let variance = squares(answers) / (n - 1.0);
    let mean_absolute_deviation = answers.iter().map(|a| (a - middle).abs()).sum::<f64>() / n;
    Ok(WithinGroup { r_wg: 1.0 - variance / even, variance, mean_absolute_deviation, answers: answers.len() })
}

/// r_wg(J) for J items: J(1 − q) ÷ (J(1 − q) + q), q being the mean variance of the items ÷ the even variance
/// (James, Demaree and Wolf 1984). One row a person, one column an item, none missing.
///
/// # Errors
/// As for one item, and with rows of different lengths. Beyond all spread the formula has a pole; from there on
/// there is no agreement to measure, which is [`Refusal::NoAgreement`].
pub fn within_group_items(people: &[Vec<f64>], points: u32) -> Result<WithinItems, Refusal> {
    let even = even_variance(points)?;
    let items = people.first().map_or(0, Vec::len);
    if items == 0 {
        return Err(Refusal::Empty);
    }
    if let Some(i) = people.iter().position(|p| p.len() != items) {
        return Err(Refusal::Ragged { coder: i + 1, expected: items, found: people[i].len() });
    }
    let item = |j: usize| within_group(&people.iter().map(|p| p[j]).collect::<Vec<_>>(), points);
    let variances = (0..items).map(|j| item(j).map(|w| w.variance)).collect::<Result<Vec<_>, _>>()?;
    let mean_variance = mean(&variances);
    let (j, q) = (count(items), mean_variance / even);
    let below = j * (1.0 - q) + q;
    if below < 1e-12 {
        return Err(Refusal::NoAgreement);
    }
    Ok(WithinItems { r_wg_j: j * (1.0 - q) / below, mean_variance, people: people.len(), items })
}

fn even_variance(points: u32) -> Result<f64, Refusal> {
    if points < 2 { Err(Refusal::NoScale) } else { Ok((f64::from(points).powi(2) - 1.0) / 12.0) }
}
