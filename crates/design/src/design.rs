//! What a design says. Every list item has a key, by which other parts of the design name it.

use kernel::Money;
use serde::{Deserialize, Serialize};

use crate::choice::choice;
use crate::{
    AgreementRule, Approx, BudgetLine, Call, ChangeRule, Circle, Citation, DaysLine, EntryKind, Flow, Framework, Marker,
    MoneyLine, Role, Side, Skill, Stage, StatedTotal, TippingPoint,
};

/// How a programme is meant to work.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Design {
    /// The name of its folder; files leave it out.
    #[serde(default)]
    pub slug: String,
    pub name: String,
    /// One or two sentences.
    pub summary: String,
    /// Markdown.
    #[serde(default)]
    pub about: String,
    /// What is stated by sources and what is our modelling, in one sentence.
    pub modelled: String,
    /// Where the programme stands, such as `closed`; `not stated` where no source says.
    #[serde(default = "not_stated")]
    pub status: String,
    /// Where in the world it works.
    #[serde(default = "not_stated")]
    pub area: String,
    #[serde(default)]
    pub sources: Vec<Citation>,
    #[serde(default)]
    pub sponsors: Vec<Sponsor>,
    #[serde(default)]
    pub components: Vec<Component>,
    #[serde(default)]
    pub purpose: Vec<Statement>,
    #[serde(default)]
    pub hypotheses: Vec<Statement>,
    #[serde(default)]
    pub assumptions: Vec<Statement>,
    /// Gaps in knowledge.
    #[serde(default)]
    pub gaps: Vec<Statement>,
    /// Where working differently meets resistance.
    #[serde(default)]
    pub constraints: Vec<Statement>,
    /// Links with other programmes.
    #[serde(default)]
    pub links: Vec<Statement>,
    /// Effects that nobody intended and that are watched for.
    #[serde(default)]
    pub unintended: Vec<Statement>,
    /// Open questions that reach beyond the programme.
    #[serde(default)]
    pub questions: Vec<Statement>,
    #[serde(default)]
    pub phases: Vec<Phase>,
    #[serde(default)]
    pub gates: Vec<Gate>,
    #[serde(default)]
    pub review_points: Vec<ReviewPoint>,
    #[serde(default)]
    pub roles: Vec<Role>,
    #[serde(default)]
    pub circles: Vec<Circle>,
    #[serde(default)]
    pub flows: Vec<Flow>,
    #[serde(default)]
    pub kinds: Vec<EntryKind>,
    #[serde(default)]
    pub money: Vec<MoneyLine>,
    #[serde(default)]
    pub totals: Vec<StatedTotal>,
    #[serde(default)]
    pub days: Vec<DaysLine>,
    /// The lines of a place's budget; without any, the programme makes no awards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub budget_lines: Vec<BudgetLine>,
    /// Who approves changes to awards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<ChangeRule>,
    /// What a place and its support agree on; without it, the flows are open from the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<AgreementRule>,
    /// Signs of how places are doing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub markers: Vec<Marker>,
    /// When somebody has to look.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tipping: Vec<TippingPoint>,
    /// How groups reflect.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frameworks: Vec<Framework>,
    /// What those who support places can do, and places need.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<Skill>,
    /// What somebody may not read is counted for them only where it comes from so many people.
    #[serde(default = "small_numbers", skip_serializing_if = "is_usual")]
    pub small_numbers: u32,
    pub call: Option<Call>,
    pub place_rule: Option<PlaceRule>,
    /// What a place gets.
    #[serde(default)]
    pub offer: Vec<Statement>,
    #[serde(default)]
    pub learning: Vec<Statement>,
    #[serde(default)]
    pub evaluation: Vec<Statement>,
    #[serde(default)]
    pub oversight: Vec<Statement>,
    #[serde(default)]
    pub communication: Vec<Statement>,
    #[serde(default)]
    pub legacy: Vec<Statement>,
}

/// How a thing is shown that no source gives.
pub const NOT_STATED: &str = "not stated";

/// As official statistics usually have it: fewer than five people can be told from one another.
const fn small_numbers() -> u32 {
    5
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it so")]
const fn is_usual(number: &u32) -> bool {
    *number == small_numbers()
}

fn not_stated() -> String {
    NOT_STATED.to_owned()
}

choice! {
    /// How a statement has fared so far.
    Status {
        Untested = "untested", "untested";
        Supported = "supported", "supported";
        Contradicted = "contradicted", "contradicted";
    }
}

/// Something that the design says, with who keeps it and how it has fared. Without sources it is our modelling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Empty where the statement stands alone in its field.
    #[serde(default)]
    pub key: String,
    pub text: String,
    /// The role that keeps it.
    pub owner: Option<String>,
    #[serde(default)]
    pub status: Option<Status>,
    /// What moved its status.
    pub evidence: Option<String>,
    #[serde(default)]
    pub sources: Vec<Citation>,
}

impl Statement {
    /// No source says it: it is how we model the programme.
    #[must_use]
    pub fn is_modelled(&self) -> bool {
        self.sources.is_empty()
    }
}

/// A value as one source gives it. Where sources disagree, each has its claim and all stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    pub text: String,
    #[serde(default)]
    pub sources: Vec<Citation>,
}

choice! {
    /// What a sponsor does in the programme.
    Part {
        Funder = "funder", "funder";
        SupportPartner = "support-partner", "support partner";
        LearningPartner = "learning-partner", "learning partner";
        Evaluator = "evaluator", "evaluator";
        Adviser = "adviser", "adviser";
        /// No source says which part.
        Sponsor = "sponsor", "sponsor";
    }
}

choice! {
    /// The sector an organisation belongs to.
    Sector {
        Voluntary = "voluntary", "voluntary, community and social enterprise";
        Nhs = "nhs", "NHS";
        Council = "council", "local authority";
        Community = "community", "community";
        Other = "other", "other";
    }
}

/// An organisation that runs the programme with others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sponsor {
    pub key: String,
    pub name: String,
    pub part: Part,
    /// Missing where no source states it.
    pub sector: Option<Sector>,
    /// What it is known by in public, as `GB-CHC-…`; missing where no source states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// Keys of the components it leads.
    #[serde(default)]
    pub leads: Vec<String>,
    /// How the programme fits its strategy and governance.
    #[serde(default)]
    pub fit: Vec<Statement>,
    #[serde(default)]
    pub sources: Vec<Citation>,
}

choice! {
    /// What a component is there for.
    ComponentKind {
        Grants = "grants", "grants";
        Support = "support", "support";
        Learning = "learning", "learning";
        Evaluation = "evaluation", "evaluation";
        Oversight = "oversight", "oversight";
        Communications = "communications", "communications";
    }
}

/// In a need's `from`: the places themselves answer, so each question is best asked once.
pub const PLACES: &str = "places";

/// A part of the programme with people and work of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    pub key: String,
    pub name: String,
    pub kind: ComponentKind,
    /// Keys of the sponsors that lead it.
    #[serde(default)]
    pub led_by: Vec<String>,
    #[serde(default)]
    pub about: String,
    /// What test and learn means here.
    pub test_and_learn: Option<Statement>,
    /// The information it needs from others.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// Keys of the information needs that it can meet.
    #[serde(default)]
    pub supplies: Vec<String>,
    #[serde(default)]
    pub sources: Vec<Citation>,
}

/// A piece of information that one component needs from others. The same key in two components is the same information.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    pub key: String,
    pub what: String,
    /// Keys of the components that supply it, or `places`.
    #[serde(default)]
    pub from: Vec<String>,
    pub how_often: Option<String>,
    /// The kinds of entry that tell it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
    /// What is older than so many days no longer tells it; without it, everything does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fresh_days: Option<u32>,
    #[serde(default)]
    pub sources: Vec<Citation>,
}

/// A stretch of the programme's time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    pub key: String,
    pub name: String,
    pub from: Option<Approx>,
    pub to: Option<Approx>,
    /// How long it lasts as the source says, such as `nine months`.
    pub lasts: Option<String>,
    /// How many places take part, as the source says.
    pub places: Option<String>,
    #[serde(default)]
    pub about: String,
    #[serde(default)]
    pub sources: Vec<Citation>,
}

impl Phase {
    /// From when to when; nothing where no source says.
    #[must_use]
    pub fn dates(&self) -> Option<String> {
        match (self.from, self.to) {
            (Some(from), Some(to)) if from == to => Some(from.to_string()),
            (Some(from), Some(to)) => Some(format!("{from} to {to}")),
            (Some(from), None) => Some(format!("from {from}")),
            (None, Some(to)) => Some(format!("until {to}")),
            (None, None) => None,
        }
    }
}

/// A decision between phases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    pub key: String,
    pub name: String,
    /// The phase it closes.
    pub after: String,
    /// The phase it opens.
    pub before: Option<String>,
    pub when: Option<Approx>,
    #[serde(default)]
    pub criteria: Vec<Statement>,
    /// Keys of the roles that decide.
    #[serde(default)]
    pub decided_by: Vec<String>,
    #[serde(default)]
    pub sources: Vec<Citation>,
}

/// An agreed time to look again without a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewPoint {
    pub key: String,
    pub name: String,
    pub phase: Option<String>,
    pub when: Option<String>,
    #[serde(default)]
    pub about: String,
    #[serde(default)]
    pub sources: Vec<Citation>,
}

/// Who must be part of a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceRule {
    pub text: String,
    /// The fewest members that its steering group may have.
    pub at_least: Option<u32>,
    /// The roles that are members of it; left out, all that sit on the place's side.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
    /// The sectors that must be there.
    #[serde(default)]
    pub sectors: Vec<Sector>,
    /// The members come from different sectors.
    #[serde(default)]
    pub of_different_sectors: bool,
    #[serde(default)]
    pub needs: Vec<PlaceNeed>,
    #[serde(default)]
    pub sources: Vec<Citation>,
}

/// Something that every place must have, such as a learning lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceNeed {
    pub key: String,
    pub what: String,
    /// The role that somebody must hold.
    pub role: Option<String>,
    #[serde(default)]
    pub sources: Vec<Citation>,
}

impl Design {
    /// The role with this key.
    #[must_use]
    pub fn role(&self, key: &str) -> Option<&Role> {
        self.roles.iter().find(|r| r.key == key)
    }
    /// The circle with this key.
    #[must_use]
    pub fn circle(&self, key: &str) -> Option<&Circle> {
        self.circles.iter().find(|c| c.key == key)
    }
    /// The component with this key.
    #[must_use]
    pub fn component(&self, key: &str) -> Option<&Component> {
        self.components.iter().find(|c| c.key == key)
    }
    /// The phase with this key.
    #[must_use]
    pub fn phase(&self, key: &str) -> Option<&Phase> {
        self.phases.iter().find(|p| p.key == key)
    }
    /// The kind of entry with this key.
    #[must_use]
    pub fn kind(&self, key: &str) -> Option<&EntryKind> {
        self.kinds.iter().find(|k| k.key == key)
    }
    /// Whether a role sits in an advisory group.
    #[must_use]
    pub fn advises(&self, role: &str) -> bool {
        self.role(role).is_some_and(|r| r.side == Side::Advisory)
    }
    /// The circles that an advisory group reads.
    pub fn advisory_circles(&self) -> impl Iterator<Item = &Circle> {
        self.circles.iter().filter(move |c| c.readers.iter().any(|role| self.advises(role)))
    }
    /// The days of work with places, but for those that are ours.
    pub fn place_days(&self) -> impl Iterator<Item = &DaysLine> {
        self.days.iter().filter(|line| line.per_place && !line.is_ours())
    }
    /// The days of the programme's own work, but for those that are ours, each with its component.
    pub fn staff_days(&self) -> impl Iterator<Item = (&DaysLine, &str)> {
        let lines = self.days.iter().filter(|line| !line.per_place && !line.is_ours());
        lines.filter_map(|line| Some((line, self.component_of(line)?)))
    }
    /// The key of the component whose work a line of days is.
    #[must_use]
    pub fn component_of<'a>(&'a self, line: &'a DaysLine) -> Option<&'a str> {
        line.component.as_deref().or_else(|| self.role(&line.role)?.component.as_deref())
    }
    /// The sponsors that each have to assent to what this stage decides: those it names, or all of them.
    #[must_use]
    pub fn deciders(&self, stage: &Stage) -> Vec<&Sponsor> {
        let all = self.sponsors.iter();
        all.filter(|s| stage.deciders.is_empty() || stage.deciders.contains(&s.key)).collect()
    }
    /// Every list of statements, by its name in files.
    #[must_use]
    pub fn statements(&self) -> [(&'static str, &[Statement]); 14] {
        [
            ("purpose", &self.purpose),
            ("hypotheses", &self.hypotheses),
            ("assumptions", &self.assumptions),
            ("gaps", &self.gaps),
            ("constraints", &self.constraints),
            ("links", &self.links),
            ("unintended", &self.unintended),
            ("questions", &self.questions),
            ("offer", &self.offer),
            ("learning", &self.learning),
            ("evaluation", &self.evaluation),
            ("oversight", &self.oversight),
            ("communication", &self.communication),
            ("legacy", &self.legacy),
        ]
    }
    /// What these money lines come to; nothing where there are none or the sum is too large to be money.
    #[must_use]
    pub fn sum_of(&self, lines: &[String]) -> Option<Money> {
        let mut chosen = self.money.iter().filter(|l| lines.contains(&l.key)).peekable();
        chosen.peek()?;
        chosen.try_fold(Money::ZERO, |sum, line| sum.checked_add(line.total()?))
    }
}
