//! What a matching starts from, in the design's own keys.

use std::collections::BTreeSet;

/// Somebody who supports places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consultant<C> {
    pub id: C,
    /// Keys of what they can do.
    pub skills: BTreeSet<String>,
    /// How many places their days suffice for.
    pub capacity: u32,
}

/// Something that a place needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The key of the skill that meets it.
    pub key: String,
    pub weight: u32,
}

/// Somewhere that is supported, by exactly one consultant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place<P> {
    pub id: P,
    /// Each key once.
    pub needs: Vec<Need>,
}

/// Whose wish it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    Place,
    Consultant,
}

/// One side wishes for the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish<P, C> {
    pub by: Side,
    pub place: P,
    pub consultant: C,
    /// What it counts for beside the needs. Where the same wish stands twice, the greater counts.
    pub weight: u32,
}

/// What a matching starts from. The order of the lists does not matter, but that a place's needs are shown in theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request<P, C> {
    pub places: Vec<Place<P>>,
    pub consultants: Vec<Consultant<C>>,
    /// A wish that names somebody or somewhere else changes nothing, and neither does such a conflict.
    pub wishes: Vec<Wish<P, C>>,
    /// Who must never support which place.
    pub conflicts: Vec<(P, C)>,
}
