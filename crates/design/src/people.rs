//! Who there is, what each may do, and which circles they read and write in.

use serde::{Deserialize, Serialize};

use crate::choice::choice;
use crate::{Gathering, Influence, Peers, StepRule, TextPart, Voices};

choice! {
    /// Whether something exists once in a programme or once in each place.
    Scope {
        Programme = "programme", "programme";
        Place = "place", "place";
    }
}

choice! {
    /// Where somebody sits.
    Side {
        Sponsor = "sponsor", "sponsor";
        Support = "support", "support";
        Evaluator = "evaluator", "evaluator";
        Place = "place", "place";
        Advisory = "advisory", "advisory";
        Applicant = "applicant", "applicant";
    }
}

choice! {
    /// What a role may do beyond reading and writing in its circles.
    Power {
        /// Edits the design and adopts new versions of it.
        RunProgramme = "run-programme", "run the programme";
        /// Invites, appoints and ends appointments.
        ManagePeople = "manage-people", "manage people";
        /// Edits the place's problem and vision.
        DescribePlace = "describe-place", "describe the place";
        WriteEntries = "write-entries", "write entries";
        ShareExtracts = "share-extracts", "share extracts";
        ReadJournal = "read-journal", "read the journal";
        SeePeople = "see-people", "see people";
        /// Opens and closes a call, sees every application, allocates them, releases feedback.
        RunCalls = "run-calls", "run calls";
        /// Reads and scores the applications allocated to them.
        Assess = "assess", "assess applications";
        /// Sits in the joint forum for their sponsor.
        Decide = "decide", "decide on applications";
        /// Sees awards, budgets and payments.
        SeeMoney = "see-money", "see money";
        /// Makes awards, answers changes to them, and pays.
        ManageGrants = "manage-grants", "manage grants";
        /// Approves payments, of which each takes two people.
        ApprovePayments = "approve-payments", "approve payments";
        /// Signs for the place, reports what it spends and proposes changes to its budget.
        PlanMoney = "plan-money", "plan the place’s money";
        /// Adds, words, merges, splits and ends the themes that excerpts are given.
        KeepThemes = "keep-themes", "keep the themes";
    }
}

/// A part that people play, for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    pub key: String,
    pub name: String,
    pub scope: Scope,
    pub side: Side,
    #[serde(default)]
    pub may: Vec<Power>,
    #[serde(default)]
    pub about: String,
    /// The component it works in.
    pub component: Option<String>,
    /// We added it so that the programme can be practised; no source speaks of such people.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub practice: bool,
}

impl Role {
    /// It is ours, and no fact about the real programme.
    #[must_use]
    pub const fn is_ours(&self) -> bool {
        self.practice
    }
}

/// A set of roles who read the same entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Circle {
    pub key: String,
    pub name: String,
    pub scope: Scope,
    #[serde(default)]
    pub about: String,
    #[serde(default)]
    pub readers: Vec<String>,
    #[serde(default)]
    pub writers: Vec<String>,
    /// Everybody reads it, signed in or not.
    #[serde(default)]
    pub public: bool,
    /// The place's own: no sponsor, support partner or evaluator ever reads it.
    #[serde(default)]
    pub own: bool,
}

/// Who may share an extract from one circle into another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    pub from: String,
    pub to: String,
    /// Roles that may do it; one is enough.
    #[serde(default)]
    pub by: Vec<String>,
    /// Roles that have to agree first.
    #[serde(default)]
    pub agreed_by: Vec<String>,
    #[serde(default)]
    pub why: String,
    /// Says that the circle shared into is meant to be no wider than the one shared from.
    #[serde(default)]
    pub narrower: bool,
}

/// A kind of entry, such as a session or a reflection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryKind {
    pub key: String,
    pub name: String,
    #[serde(default)]
    pub about: String,
    #[serde(default)]
    pub writers: Vec<String>,
    /// Circles it may be written in. The first of them that a writer may write in is offered first.
    #[serde(default)]
    pub circles: Vec<String>,
    /// In it a place and the funder talk about the grant, and what was spent is reported.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reports_spending: bool,
    /// What its text is made of, each part under a heading of its own; one text where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<TextPart>,
    /// Further circles for which something can be written in the same form, each as an entry of its own there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<String>,
    /// What can become of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepRule>,
    /// Each of several says how they see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voices: Option<Voices>,
    /// The page on influence follows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub influence: Option<Influence>,
    /// It is on its way to others: written together, signed off by those it is about, published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<OutputRule>,
    /// It is an event at which people learn together, and the page of events follows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gathering: Option<Gathering>,
    /// It stands in the channel between peers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peers: Option<Peers>,
    /// Roles to which it can be addressed: whoever writes it may say to whom it was said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addressed_to: Vec<String>,
    /// It is what a place means to do: a list under each part, of which every version is kept and compared.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub plan: bool,
    /// It is asked for something that the programme needs to know.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asks: bool,
    /// Somebody is quoted in it, so it says how they consented, and can be withdrawn.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub consent: bool,
    /// It tells of something that happened around the programme, such as a reorganisation, and what it changed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub context: bool,
    /// It sums up a place for others every quarter.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub digest: bool,
}

/// What it takes for an output to be published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutputRule {
    /// Roles that sign off for a place that it is about or that is quoted; one of each place is enough.
    #[serde(default)]
    pub signed_by: Vec<String>,
    /// Roles that publish it, once everybody has agreed.
    pub published_by: Vec<String>,
    /// Days without any news after which it is shown as stalled.
    #[serde(default = "thirty")]
    pub stalls_after: u32,
    /// It is of the evaluation, and stands in its folder.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub evaluation: bool,
}

const fn thirty() -> u32 {
    30
}
