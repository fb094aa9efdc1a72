//! Why there is no allocation.

use std::fmt;

/// Why there is no allocation; each sentence is for the person who asked for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal<A, R> {
    NoApplications,
    NoReadersWanted,
    ApplicationTwice(A),
    AssessorTwice(R),
    /// Not every application can get its readers. Never empty.
    Short(Vec<Shortage<A, R>>),
}

/// A reason why applications cannot get their readers: what to change is whatever it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shortage<A, R> {
    /// These applications have fewer possible readers than each needs, whoever reads what.
    TooFewReaders { applications: Vec<A>, readers: u32, needed: u32 },
    /// All together need more readings than the assessors can take.
    TooFewReadings { needed: u32, possible: u32 },
    /// These applications need more readings than those who may read them can take (P. Hall's condition of 1935,
    /// from a minimum cut). No smaller part of this group explains as many missing readings.
    Crowded { applications: Vec<A>, assessors: Vec<R>, needed: u32, possible: u32 },
}

impl<A, R> fmt::Display for Shortage<A, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFewReaders { applications, readers, needed } => {
                let who = if *readers == 1 { "assessor" } else { "assessors" };
                let have = if applications.len() == 1 { "application has" } else { "applications have" };
                let are = if *needed == 1 { "is" } else { "are" };
                let only = if *readers == 0 { String::from("no assessor") } else { format!("only {readers} {who}") };
                write!(
                    f,
                    "{} {have} {only} without a conflict who can take one more, and {needed} {are} needed",
                    applications.len()
                )
            }
            Self::TooFewReadings { needed, possible } => {
                write!(f, "{needed} readings are needed, and the assessors can take {possible}")
            }
            Self::Crowded { applications, assessors, needed, possible } => {
                let need = if applications.len() == 1 { "application needs" } else { "applications need" };
                let who = if assessors.len() == 1 { "the 1 assessor" } else { &format!("the {} assessors", assessors.len()) };
                write!(
                    f,
                    "{} {need} {needed} readings, and {who} without a conflict can take {possible} of them",
                    applications.len()
                )
            }
        }
    }
}

impl<A, R> fmt::Display for Refusal<A, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoApplications => f.write_str("There is no application to read"),
            Self::NoReadersWanted => f.write_str("Each application needs at least one reader"),
            Self::ApplicationTwice(_) => f.write_str("An application stands in the list twice"),
            Self::AssessorTwice(_) => f.write_str("An assessor stands in the list twice"),
            Self::Short(shortages) => {
                for (i, shortage) in shortages.iter().enumerate() {
                    let between = if i == 0 { "" } else { "; " };
                    write!(f, "{between}{shortage}")?;
                }
                Ok(())
            }
        }
    }
}

impl<A: fmt::Debug, R: fmt::Debug> std::error::Error for Refusal<A, R> {}
