//! What assessors gave to applications: where they differ, and who is mild.

use std::collections::{BTreeMap, BTreeSet};

use crate::Refusal;
use crate::sums::{count, mean, squares, usable};

/// One assessor's score for one application.
#[derive(Debug, Clone, PartialEq)]
pub struct Score<A, R> {
    pub application: A,
    pub assessor: R,
    pub value: f64,
}

/// How far the scores of one application lie apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread<A> {
    pub application: A,
    pub scores: usize,
    pub mean: f64,
    pub least: f64,
    pub most: f64,
    /// The highest less the lowest score.
    pub range: f64,
    /// The sample's standard deviation, by n − 1; nothing for a single score.
    pub deviation: Option<f64>,
}

/// How mild or strict an assessor is beside those who read the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Leniency<R> {
    pub assessor: R,
    /// The mean of own score less the mean of the others' scores, over applications that others scored too: above 0
    /// is milder than they. Nothing where nobody else scored any of them.
    pub deviation: Option<f64>,
    /// The applications it rests on.
    pub shared: usize,
    pub scored: usize,
}

/// The spread of every application, largest range first, then largest deviation, then by id.
///
/// # Errors
/// Where there are no scores, one is no number, or an assessor has two for one application.
pub fn spread<A: Ord + Clone, R: Ord>(scores: &[Score<A, R>]) -> Result<Vec<Spread<A>>, Refusal> {
    let mut all: Vec<Spread<A>> = by_application(scores)?
        .into_iter()
        .map(|(application, given)| {
            let values: Vec<f64> = given.iter().map(|s| s.value).collect();
            let (least, most) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(*v), b.max(*v)));
            let deviation = (values.len() > 1).then(|| (squares(&values) / count(values.len() - 1)).sqrt());
            let (scores, mean) = (values.len(), mean(&values));
            Spread { application: application.clone(), scores, mean, least, most, range: most - least, deviation }
        })
        .collect();
    // Stable, so that equals stay in the order of their ids.
    all.sort_by(|a, b| {
        let deviation = |s: &Spread<A>| s.deviation.unwrap_or(0.0);
        b.range.total_cmp(&a.range).then(deviation(b).total_cmp(&deviation(a)))
    });
    Ok(all)
}

/// The leniency of every assessor, mildest first, those with nothing to compare at the end.
///
/// It is a plain mean of differences: an assessor who happened to read with strict colleagues seems milder than they
/// are, so it asks a question and answers none.
///
/// # Errors
/// Where there are no scores, one is no number, or an assessor has two for one application.
pub fn leniency<A: Ord, R: Ord + Clone>(scores: &[Score<A, R>]) -> Result<Vec<Leniency<R>>, Refusal> {
    let mut own: BTreeMap<&R, (usize, Vec<f64>)> = BTreeMap::new();
    for given in by_application(scores)?.values() {
        for (i, score) in given.iter().enumerate() {
            let (scored, differences) = own.entry(&score.assessor).or_default();
            *scored += 1;
            let others: Vec<f64> = given.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, other)| other.value).collect();
            if !others.is_empty() {
                differences.push(score.value - mean(&others));
            }
        }
    }
    let mut all: Vec<Leniency<R>> = own
        .into_iter()
        .map(|(assessor, (scored, differences))| Leniency {
            assessor: assessor.clone(),
            deviation: (!differences.is_empty()).then(|| mean(&differences)),
            shared: differences.len(),
            scored,
        })
        .collect();
    all.sort_by(|a, b| {
        let key = |l: &Leniency<R>| l.deviation.unwrap_or(f64::NEG_INFINITY);
        key(b).total_cmp(&key(a))
    });
    Ok(all)
}

type Given<'a, A, R> = BTreeMap<&'a A, Vec<&'a Score<A, R>>>;

fn by_application<A: Ord, R: Ord>(scores: &[Score<A, R>]) -> Result<Given<'_, A, R>, Refusal> {
    if scores.is_empty() {
        return Err(Refusal::Empty);
    }
    let mut seen = BTreeSet::new();
    let mut all: Given<'_, A, R> = BTreeMap::new();
    for score in scores {
        if !usable(score.value) {
            return Err(Refusal::NotFiniteValue);
        }
        if !seen.insert((&score.application, &score.assessor)) {
            return Err(Refusal::ScoredTwice);
        }
        all.entry(&score.application).or_default().push(score);
    }
    Ok(all)
}
