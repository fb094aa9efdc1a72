//! Places in order of score, ties said plainly.

use std::fmt;

use crate::Refusal;
use crate::sums::usable;

/// An application's place, the highest score first. Applications with the same score share a place, and the next one
/// counts all before it: 1, 2, 2, 4.
#[derive(Debug, Clone, PartialEq)]
pub struct Rank<A> {
    pub application: A,
    pub score: f64,
    pub place: usize,
    /// How many others have the same place.
    pub others: usize,
    /// How many are ranked at all.
    pub of: usize,
}

/// In words: “2nd of 6”, or “joint 2nd of 6, with 1 other”.
impl<A> fmt::Display for Rank<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ending = match (self.place % 10, self.place % 100) {
            (_, 11..=13) => "th",
            (1, _) => "st",
            (2, _) => "nd",
            (3, _) => "rd",
            _ => "th",
        };
        let joint = if self.others > 0 { "joint " } else { "" };
        write!(f, "{joint}{}{ending} of {}", self.place, self.of)?;
        match self.others {
            0 => Ok(()),
            1 => f.write_str(", with 1 other"),
            n => write!(f, ", with {n} others"),
        }
    }
}

/// Ranks scores, the highest first. Scores that differ by less than a thousand-millionth come from the same marks
/// added up in another order, and are a tie. Those who tie stay in the order of their ids.
///
/// # Errors
/// Where there is nothing to rank, or a score is no number.
pub fn rank<A: Ord>(scores: impl IntoIterator<Item = (A, f64)>) -> Result<Vec<Rank<A>>, Refusal> {
    let mut scores: Vec<(A, f64)> = scores.into_iter().collect();
    if scores.is_empty() {
        return Err(Refusal::Empty);
    }
    if scores.iter().any(|(_, score)| !usable(*score)) {
        return Err(Refusal::NotFiniteValue);
    }
    scores.sort_by(|a, b| b.1.total_cmp(&a.1));
    let of = scores.len();
    let mut ranked = Vec::with_capacity(of);
    let mut place = 1;
    let mut rest = scores.into_iter().peekable();
    while let Some(first) = rest.next() {
        let top = first.1;
        let mut tied = vec![first];
        while let Some(next) = rest.next_if(|(_, score)| top - score < 1e-9) {
            tied.push(next);
        }
        tied.sort_by(|a, b| a.0.cmp(&b.0));
        let others = tied.len() - 1;
        ranked.extend(tied.into_iter().map(|(application, score)| Rank { application, score, place, others, of }));
        place = ranked.len() + 1;
    }
    Ok(ranked)
}
