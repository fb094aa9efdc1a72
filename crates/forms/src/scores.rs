//! Scores, one by one, by section and as a whole.

use crate::expr::eval::eval;
use crate::look::number_of;
use crate::number::Number;
use crate::world::Known;

/// The scores of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scores {
    pub each: Vec<ScoreLook>,
    /// By section, for those that have scores, in the order of the form.
    pub sections: Vec<(String, Tally)>,
    pub whole: Tally,
}

/// One score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreLook {
    pub key: String,
    pub section: Option<String>,
    /// Nothing while it rests on what is not answered.
    pub value: Option<Number>,
    pub out_of: Option<Number>,
    pub weight: Number,
}

/// Several scores together, each times its weight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    pub points: Number,
    /// The most that could be reached; nothing where a score has no such bound.
    pub out_of: Option<Number>,
    /// How many of the scores are known, of how many.
    pub known: usize,
    pub of: usize,
}

impl Default for Tally {
    fn default() -> Self {
        Self { points: Number::ZERO, out_of: Some(Number::ZERO), known: 0, of: 0 }
    }
}

impl Tally {
    /// Every score it counts is known.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.known == self.of
    }

    fn add(&mut self, score: &ScoreLook) {
        let weighted = |n: Number| n.times(score.weight);
        let most = score.out_of.and_then(weighted);
        self.out_of = self.out_of.zip(most).and_then(|(sum, more)| sum.plus(more));
        self.of += 1;
        // What does not fit any number counts as not known.
        if let Some(points) = score.value.and_then(weighted).and_then(|p| self.points.plus(p)) {
            self.points = points;
            self.known += 1;
        }
    }
}

impl Scores {
    pub(crate) fn of(known: &Known<'_>) -> Self {
        let form = known.form;
        let mut scores = Self::default();
        for (score, typed) in form.form.scores.iter().zip(&form.scores) {
            let look = ScoreLook {
                key: score.key.clone(),
                section: score.section.clone(),
                value: number_of(&eval(typed, 0, known)),
                out_of: score.out_of,
                weight: score.weight,
            };
            scores.whole.add(&look);
            scores.each.push(look);
        }
        for section in &form.form.sections {
            let mut tally = Tally::default();
            scores.each.iter().filter(|s| s.section.as_ref() == Some(&section.key)).for_each(|s| tally.add(s));
            if tally.of > 0 {
                scores.sections.push((section.key.clone(), tally));
            }
        }
        scores
    }
}
