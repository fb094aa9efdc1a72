//! Why there is no matching.

use std::fmt;

/// Why there is no matching; each sentence is for the person who asked for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal<P, C> {
    NoPlaces,
    PlaceTwice(P),
    ConsultantTwice(C),
    /// This place has a need in its list twice.
    NeedTwice {
        place: P,
        need: String,
    },
    /// Not every place can have a consultant. Never empty.
    Short(Vec<Shortage<P, C>>),
}

/// These places can be matched with none but these consultants, who can take fewer of them (P. Hall's condition of
/// 1935, from a minimum cut). Places that do not compete for the same consultants stand in different shortages, but
/// those that can be matched with nobody stand in one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortage<P, C> {
    pub places: Vec<P>,
    /// Only those whose days suffice for a place.
    pub consultants: Vec<C>,
    /// How many of these places they can take.
    pub possible: usize,
}

impl<P, C> fmt::Display for Shortage<P, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = |n: usize, what: &str| if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") };
        let (places, consultants) = (counted(self.places.len(), "place"), counted(self.consultants.len(), "consultant"));
        if self.consultants.is_empty() {
            return write!(f, "{places} can be matched with no consultant");
        }
        write!(f, "{places} can only be matched with {consultants}")?;
        if self.possible != self.consultants.len() {
            write!(f, ", who can take {} of them", self.possible)?;
        }
        Ok(())
    }
}

impl<P, C> fmt::Display for Refusal<P, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPlaces => f.write_str("There is no place to match"),
            Self::PlaceTwice(_) => f.write_str("A place stands in the list twice"),
            Self::ConsultantTwice(_) => f.write_str("A consultant stands in the list twice"),
            Self::NeedTwice { need, .. } => write!(f, "A place has the need “{need}” twice"),
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

impl<P: fmt::Debug, C: fmt::Debug> std::error::Error for Refusal<P, C> {}
