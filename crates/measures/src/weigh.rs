//! From marks by criterion to one score.

use std::collections::BTreeMap;

use crate::sums::usable;
use crate::{Refusal, Score};

/// What is marked, on a scale from least to most, and how much it counts. Weights are taken as parts of their sum,
/// which may be any number: 30, 30, 40 and 3, 3, 4 are the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion<C> {
    pub id: C,
    pub weight: f64,
    pub least: f64,
    pub most: f64,
}

/// One assessor's mark for one application on one criterion.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark<A, R, C> {
    pub application: A,
    pub assessor: R,
    pub criterion: C,
    pub value: f64,
}

/// What one assessor has not yet marked of one application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet<A, R, C> {
    pub application: A,
    pub assessor: R,
    pub missing: Vec<C>,
}

/// Scores of complete mark sheets, and the sheets that still miss a criterion that counts: those have no score.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheets<A, R, C> {
    pub scores: Vec<Score<A, R>>,
    pub incomplete: Vec<Sheet<A, R, C>>,
}

/// Each assessor's weighted score for each application, from 0 to 100: the weighted mean of how far up its scale
/// each mark lies (a linear additive model: *Multi-criteria analysis: a manual*, Department for Communities and Local
/// Government, 2009, chapter 6). An application's score is the mean of these, as [`spread`](crate::spread) gives it.
///
/// # Errors
/// Where no criterion counts, a weight is below nought, a scale has no length, a criterion is unknown or stands twice,
/// a mark lies outside its scale, or an assessor marked something twice.
pub fn weigh<A, R, C>(criteria: &[Criterion<C>], marks: &[Mark<A, R, C>]) -> Result<Sheets<A, R, C>, Refusal>
where
    A: Ord + Clone,
    R: Ord + Clone,
    C: Ord + Clone,
{
    let (places, whole) = checked(criteria)?;
    let mut sheets: BTreeMap<(&A, &R), Vec<Option<f64>>> = BTreeMap::new();
    for mark in marks {
        let place = *places.get(&mark.criterion).ok_or(Refusal::UnknownCriterion)?;
        let Criterion { least, most, .. } = criteria[place];
        if !(least..=most).contains(&mark.value) {
            return Err(Refusal::OffScale { mark: mark.value, least, most });
        }
        let sheet = sheets.entry((&mark.application, &mark.assessor)).or_insert_with(|| vec![None; criteria.len()]);
        if sheet[place].replace((mark.value - least) / (most - least)).is_some() {
            return Err(Refusal::ScoredTwice);
        }
    }
    let mut all = Sheets { scores: Vec::new(), incomplete: Vec::new() };
    for ((application, assessor), sheet) in sheets {
        let (application, assessor) = (application.clone(), assessor.clone());
        let counting = || criteria.iter().zip(&sheet).filter(|(c, _)| c.weight > 0.0);
        let missing: Vec<C> = counting().filter(|(_, m)| m.is_none()).map(|(c, _)| c.id.clone()).collect();
        if missing.is_empty() {
            let sum: f64 = counting().filter_map(|(c, m)| m.map(|m| c.weight * m)).sum();
            all.scores.push(Score { application, assessor, value: 100.0 * sum / whole });
        } else {
            all.incomplete.push(Sheet { application, assessor, missing });
        }
    }
    Ok(all)
}

/// Where each criterion stands, and the sum of weights.
fn checked<C: Ord>(criteria: &[Criterion<C>]) -> Result<(BTreeMap<&C, usize>, f64), Refusal> {
    let mut places = BTreeMap::new();
    for (i, criterion) in criteria.iter().enumerate() {
        if !usable(criterion.weight) || criterion.weight < 0.0 {
            return Err(Refusal::BadWeight);
        }
        if !usable(criterion.least) || !usable(criterion.most) || criterion.most <= criterion.least {
            return Err(Refusal::NoScale);
        }
        if places.insert(&criterion.id, i).is_some() {
            return Err(Refusal::CriterionTwice);
        }
    }
    let whole: f64 = criteria.iter().map(|c| c.weight).sum();
    if whole > 0.0 { Ok((places, whole)) } else { Err(Refusal::NoWeight) }
}
