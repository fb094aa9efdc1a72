//! What an allocation starts from.

/// Somebody who reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessor<R> {
    pub id: R,
    pub sector: String,
    pub lived_experience: bool,
    /// The most they can read in all, with what they have read. Nothing: as many as it takes.
    pub most: Option<u32>,
}

/// Something that is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application<A> {
    pub id: A,
    /// Its sector or stream, for the load table.
    pub stream: Option<String>,
}

/// How firm a reading of an earlier allocation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// It was given, and moves only where others could not get their readers otherwise.
    Given,
    /// It was read, or settled by hand: it never moves.
    Read,
}

/// A reading of an earlier allocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held<A, R> {
    pub application: A,
    pub assessor: R,
    pub hold: Hold,
}

/// What an allocation starts from. The order of the lists does not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request<A, R> {
    pub assessors: Vec<Assessor<R>>,
    pub applications: Vec<Application<A>>,
    /// How many different people read each application.
    pub readers: u32,
    /// Who may not read what, as declared.
    pub conflicts: Vec<(A, R)>,
    /// Readings of an earlier allocation. Somebody who drops out is left out of the assessors, and their readings are
    /// given to others; somebody who drops out and whose finished readings stand stays, with these as the most.
    pub held: Vec<Held<A, R>>,
    /// Decides between allocations that are equally good.
    pub seed: u64,
}
