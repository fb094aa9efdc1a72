//! Why something cannot be measured.

/// What stands in the way of a measure; the sentence is for the person who asked for it.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum Refusal {
    #[error("There is nothing to measure yet")]
    Empty,
    #[error("Coder {coder} has {found} ratings where the first has {expected}; leave a place for each missing one")]
    Ragged { coder: usize, expected: usize, found: usize },
    #[error("Coder {coder}’s rating of unit {unit} is not a number that can be reckoned with")]
    NotFinite { coder: usize, unit: usize },
    #[error("A value is not a number that can be reckoned with")]
    NotFiniteValue,
    #[error("Agreement needs at least two coders, and there is one")]
    OneCoder,
    #[error("This measure compares exactly two coders, and there are {found}")]
    NotTwoCoders { found: usize },
    #[error("No unit was rated by two coders, so there is nothing to compare")]
    NothingShared,
    #[error("All ratings that can be compared are the same, so nothing is expected by chance and agreement is undefined")]
    NoVariation,
    #[error("A ratio scale starts at nought, and coder {coder}’s rating of unit {unit} is below it")]
    BelowNought { coder: usize, unit: usize },
    #[error("This measure needs a rating by every coder of every unit, and coder {coder} has none of unit {unit}")]
    Incomplete { coder: usize, unit: usize },
    #[error("This measure needs at least two units, and there is one")]
    OneUnit,
    #[error("The units’ mean ratings are all the same, so there are no differences to agree about")]
    UnitsAlike,
    #[error("This measure needs at least two answers")]
    OneAnswer,
    #[error("A scale needs at least two points")]
    NoScale,
    #[error("The answers lie further apart than chance would have them, so there is no agreement to measure")]
    NoAgreement,
    #[error("An assessor has marked the same thing twice")]
    ScoredTwice,
    #[error("The scoring has no criteria with a weight above nought")]
    NoWeight,
    #[error("A criterion’s weight is below nought or not a number")]
    BadWeight,
    #[error("A criterion stands in the list twice")]
    CriterionTwice,
    #[error("A mark is for a criterion that is not in the list")]
    UnknownCriterion,
    #[error("A mark of {mark} lies outside its criterion’s scale, {least} to {most}")]
    OffScale { mark: f64, least: f64, most: f64 },
}
