//! Events at which people of a programme learn together: shaped by those who come, held, and looked back on.

use serde::{Deserialize, Serialize};

use crate::{Design, EntryKind};

/// How long what somebody needs is kept at most, in days after the event.
pub const MOST_NEEDS_DAYS: u32 = 90;
/// Mails before and after an event go out within so many days of it.
pub const MOST_MAIL_DAYS: u32 = 30;

/// A kind of matter that is an event, with what its steps mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gathering {
    /// The step that says it is among those that may be held; without it, none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortlisted: Option<String>,
    /// The step that says it will be held. From then on people sign up.
    pub agreed: String,
    /// The step that says it was held. Whoever may take it runs the event.
    pub held: String,
    pub cancelled: String,
    /// The form that those who came answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feedback: Option<String>,
    /// Days before it begins on which those who signed up are reminded.
    #[serde(default = "before")]
    pub days_before: u32,
    /// Days after it has ended on which those who came are asked how it was.
    #[serde(default = "after")]
    pub days_after: u32,
    /// Days after it has ended for which is kept what people need to take part.
    #[serde(default = "needs")]
    pub needs_days: u32,
    /// Kinds of entry in which is written down what came of it, such as minutes and actions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

const fn before() -> u32 {
    3
}
const fn after() -> u32 {
    1
}
const fn needs() -> u32 {
    14
}

impl Design {
    /// The kinds of matter that are events.
    pub fn gatherings(&self) -> impl Iterator<Item = (&EntryKind, &Gathering)> {
        self.kinds.iter().filter_map(|kind| Some((kind, kind.gathering.as_ref()?)))
    }
}
