//! What becomes of what people write: kinds of entry that ask for an answer, what was agreed between a place and those
//! who support it, signs that are read in turn, and when they call for something to be done.

use forms::Point;
use serde::{Deserialize, Serialize};

use crate::choice::choice;
use crate::{Citation, Design, EntryKind};

/// A part of an entry's text that stands under a heading of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextPart {
    pub key: String,
    /// The heading, which is also what is asked.
    pub name: String,
    #[serde(default)]
    pub about: String,
    /// It may be left empty.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// In a plan: its lines have a day by which they are done.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dated: bool,
    /// In a plan: its lines take money.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub money: bool,
    /// It says how many came, sector by sector.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub attendance: bool,
}

choice! {
    /// Whose voice is heard once.
    Each {
        Person = "person", "person";
        Sponsor = "sponsor", "sponsor";
    }
}

/// Each of several says how they see an entry: whether they assent to a decision, or would take up an idea. What they say
/// is counted, and nobody’s voice is lost in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Voices {
    /// What is asked of them.
    pub ask: String,
    pub by: Vec<String>,
    pub each: Each,
    /// The first is in favour.
    pub answers: Vec<VoiceAnswer>,
    /// So many open ones of a place each can be in favour of, so that everybody has to choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<u32>,
}

/// Something that can be said of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoiceAnswer {
    pub key: String,
    pub name: String,
    /// It takes a reason, which is kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub why: bool,
}

choice! {
    /// In what way a programme moves others.
    InfluencePart {
        /// A place asks a sponsor to use its name or its power.
        Backing = "backing", "asks for backing";
        /// People outside, with what they should come to know, do or decide.
        Audience = "audience", "audiences";
        /// A conference or an event at which a place could tell its story.
        Stage = "stage", "stages";
        /// A policy that changed, with what the programme had to do with it.
        Policy = "policy", "policy changes";
    }
}

/// A kind of matter that the page on influence follows, and which of its steps that page counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Influence {
    pub part: InfluencePart,
    /// The step that says it happened: backing was given, an audience reached, a stage offered, evidence brought.
    pub done: String,
    /// The step that says what it led to: something came of it, an audience decided, a story was told, a change is settled.
    pub came: String,
    /// Of a policy change: the part of a text that says how strong the evidence is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strength: Option<String>,
}

/// Something that consultants can do and places need, in the programme's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skill {
    pub key: String,
    pub name: String,
    #[serde(default)]
    pub about: String,
    #[serde(default)]
    pub sources: Vec<Citation>,
}

/// What can become of an entry. A kind with steps is a *matter*: open until a step ends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepRule {
    pub key: String,
    /// What one does, as a button says it: “Answer”.
    pub name: String,
    /// How the matter stands afterwards: “answered”.
    pub stands: String,
    /// Roles that may take it; one is enough.
    #[serde(default)]
    pub by: Vec<String>,
    /// Of those only whoever opened the matter takes it, such as taking back what they asked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own: bool,
    /// Keys of the steps after which it can be taken. Left out, it can be taken at any time while the matter is open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<String>,
    /// It can be the first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub first: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<TextPart>,
    /// Days within which it is expected, from when it became possible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<u32>,
    /// The matter is closed by it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ends: bool,
}

impl StepRule {
    /// Whether it can follow this step; none is the matter as it was opened.
    #[must_use]
    pub fn follows(&self, state: Option<&str>) -> bool {
        match state {
            None => self.first || self.from.is_empty(),
            Some(state) => self.from.iter().any(|f| f == state) || (self.from.is_empty() && !self.first),
        }
    }
}

impl EntryKind {
    /// Something is to become of it.
    #[must_use]
    pub const fn is_matter(&self) -> bool {
        !self.steps.is_empty()
    }
    /// The step with this key.
    #[must_use]
    pub fn step(&self, key: &str) -> Option<&StepRule> {
        self.steps.iter().find(|s| s.key == key)
    }
    /// What can come next.
    pub fn next<'a>(&'a self, state: Option<&'a str>) -> impl Iterator<Item = &'a StepRule> {
        let ended = state.and_then(|key| self.step(key)).is_some_and(|s| s.ends);
        self.steps.iter().filter(move |step| !ended && step.follows(state))
    }
    /// What is waited for: of the steps that can come next, those that say within how many days; all of them where none does.
    #[must_use]
    pub fn awaited<'a>(&'a self, state: Option<&'a str>) -> Vec<&'a StepRule> {
        let next: Vec<&StepRule> = self.next(state).collect();
        let timed: Vec<&StepRule> = next.iter().copied().filter(|s| s.within.is_some()).collect();
        if timed.is_empty() { next } else { timed }
    }
}

/// What a place and those who support it agree on before they begin, and again at every phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreementRule {
    /// The kind of entry that holds its words.
    pub kind: String,
    /// Out of these circles nothing is shared but by flows that the agreement in force opens.
    pub governs: Vec<String>,
    /// Each has to sign.
    pub sides: Vec<AgreementSide>,
    #[serde(default)]
    pub about: String,
    #[serde(default)]
    pub sources: Vec<Citation>,
}

/// A side of an agreement; anybody in one of its roles signs for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreementSide {
    pub key: String,
    pub name: String,
    pub signed_by: Vec<String>,
}

/// An agreed sign of how a place is doing. Each function reads it alone before all look at it together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marker {
    pub key: String,
    pub name: String,
    #[serde(default)]
    pub about: String,
    /// The points of its scale, the lowest first.
    pub scale: Vec<Point>,
    /// Roles that read it, each for its function.
    pub read_by: Vec<String>,
    /// Months from one reading to the next.
    pub every_months: u32,
    #[serde(default)]
    pub sources: Vec<Citation>,
}

choice! {
    /// What a tipping point calls for.
    CallsFor {
        Conversation = "conversation", "a conversation";
        JointReview = "joint-review", "a joint review";
        Intervention = "intervention", "an intervention";
    }
}

/// When somebody has to look: agreed beforehand, and the same for every place. It calls for something and does nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TippingPoint {
    pub key: String,
    /// The rule, as it was agreed.
    pub text: String,
    pub calls_for: CallsFor,
    /// The marker whose readings reach it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// The middle of a round's readings is at most this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<i32>,
    /// In so many rounds one after the other; once where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounds: Option<u32>,
    /// Or readings of one round that lie so many points apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apart: Option<i32>,
    /// The kind of matter whose silence reaches it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silent: Option<String>,
    /// For so many days beyond what was expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// Roles that are told, and say what was done.
    pub tells: Vec<String>,
    /// The kind of entry in which that is said.
    pub kind: String,
    #[serde(default)]
    pub sources: Vec<Citation>,
}

impl Design {
    /// The kinds of matter by which a part of its influence is followed.
    pub fn influences(&self, part: InfluencePart) -> impl Iterator<Item = (&EntryKind, &Influence)> {
        self.kinds.iter().filter_map(move |kind| Some((kind, kind.influence.as_ref().filter(|i| i.part == part)?)))
    }
    /// The marker with this key.
    #[must_use]
    pub fn marker(&self, key: &str) -> Option<&Marker> {
        self.markers.iter().find(|m| m.key == key)
    }
    /// The kind that holds the words of agreements.
    #[must_use]
    pub fn agreement_kind(&self) -> Option<&EntryKind> {
        self.kind(&self.agreement.as_ref()?.kind)
    }
    /// Whether nothing is shared out of this circle but by what was agreed with the place.
    #[must_use]
    pub fn is_governed(&self, circle: &str) -> bool {
        self.agreement.as_ref().is_some_and(|a| a.governs.iter().any(|g| g == circle))
    }
}
