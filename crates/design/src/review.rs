//! A design review: what is to be considered by those who design such a programme, and what in a design answers it. What each
//! word of `answered_by` means stands at the top of `programmes/considerations.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{Citation, ComponentKind, Design, EntryKind, PLACES, Part, Power, Scope, Side};

/// Something to consider, as a question in our own words, with what of a design answers it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consideration {
    pub key: String,
    /// The part of a programme that it belongs to.
    pub section: String,
    pub question: String,
    #[serde(default)]
    pub sources: Vec<Citation>,
    pub answered_by: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    considerations: Vec<Consideration>,
}

static ALL: LazyLock<Result<Vec<Consideration>, String>> = LazyLock::new(|| {
    let text = include_str!("../../../programmes/considerations.toml");
    toml::from_str::<File>(text).map(|file| file.considerations).map_err(|e| e.to_string())
});

/// Everything to consider, in the order of its source.
///
/// # Errors
/// What is wrong with the file it stands in, which the tests would have said.
pub fn considerations() -> Result<&'static [Consideration], &'static str> {
    ALL.as_ref().map(Vec::as_slice).map_err(String::as_str)
}

impl Consideration {
    /// What in a design answers it: a line for each part, none where nothing does.
    #[must_use]
    pub fn answers(&self, design: &Design) -> Vec<String> {
        self.answered_by.iter().flat_map(|word| design.says(word).unwrap_or_default()).collect()
    }
}

type Evidence = Vec<String>;

/// Evidence that counts only as a whole.
fn whole(holds: bool, evidence: Evidence) -> Evidence {
    if holds { evidence } else { Evidence::new() }
}

impl Design {
    /// What a word of a consideration finds in this design; nothing at all where there is no such word.
    pub(crate) fn says(&self, word: &str) -> Option<Evidence> {
        if let Some((family, of)) = word.split_once(':') {
            return self.says_of(family, of);
        }
        Some(match word {
            "fit" => self.fit(),
            "owners" => whole(
                !self.assumptions.is_empty() && self.assumptions.iter().all(|a| a.owner.is_some()),
                self.assumptions.iter().map(|a| format!("Assumption: {}", a.text)).collect(),
            ),
            "needs" => {
                let met = self.components.iter().all(|c| !c.needs.is_empty() && c.needs.iter().all(|n| !n.from.is_empty()));
                whole(
                    self.components.len() > 1 && met,
                    self.components
                        .iter()
                        .flat_map(|c| c.needs.iter().map(move |n| format!("{} needs {}", c.name, n.what)))
                        .collect(),
                )
            }
            "asked-once" => self.asked_once(),
            "test-and-learn" => {
                let said = self.tested(|_| true);
                whole(!said.is_empty() && said.len() == self.components.len(), said)
            }
            "resourced" => whole(
                !self.components.is_empty() && self.components.iter().all(|c| self.has_money(&c.key) || self.has_days(&c.key)),
                self.components.iter().map(|c| format!("{} has money or days of its own", c.name)).collect(),
            ),
            "partnership-criterion" => {
                let stages = self.call.iter().flat_map(|c| &c.stages).filter(|s| !s.is_ours());
                stages
                    .flat_map(|s| s.criteria.iter().filter(|c| c.partnership))
                    .map(|c| format!("Criterion: {}", c.name.en))
                    .collect()
            }
            "phases" => whole(self.phases.len() > 1, self.phases.iter().map(|p| format!("Phase: {}", p.name)).collect()),
            "review-points" => self.review_points.iter().map(|r| format!("Review point: {}", r.name)).collect(),
            "markers" => self.markers.iter().map(|m| format!("Marker: {}", m.name)).collect(),
            "tipping" => self.tipping.iter().map(|t| format!("Tipping point: {}", t.text)).collect(),
            "agreement" => self.agreement.iter().map(|a| format!("Agreement: {}", a.about)).collect(),
            "changes" => {
                self.changes.iter().map(|c| format!("A {} is approved by {}", c.what, self.role_names(&c.approved_by))).collect()
            }
            "place-rule" => self.place_rule.iter().map(|r| r.text.clone()).collect(),
            "place-role" => {
                let needs = self.place_rule.iter().flat_map(|r| &r.needs).filter(|n| n.role.is_some());
                needs.map(|n| n.what.clone()).collect()
            }
            "place-lead" => {
                let leads = self
                    .roles
                    .iter()
                    .filter(|r| r.scope == Scope::Place && r.side == Side::Place && r.may.contains(&Power::ManagePeople));
                leads.filter(|r| !r.is_ours()).map(|r| format!("Role: {}", r.name)).collect()
            }
            "own-circle" => self.circles.iter().filter(|c| c.own).map(|c| format!("Circle: {}", c.name)).collect(),
            "advisory-circle" => self.advisory_circles().map(|c| format!("Circle: {}", c.name)).collect(),
            "flows-with-consent" => self.consented_flows(),
            _ => return None,
        })
    }

    fn says_of(&self, family: &str, of: &str) -> Option<Evidence> {
        let kind = ComponentKind::from_key(of);
        let in_kind = |key: &str| kind.is_some() && self.component(key).map(|c| c.kind) == kind;
        Some(match family {
            "list" => self.statements().iter().find(|(name, _)| *name == of)?.1.iter().map(|s| s.text.clone()).collect(),
            "test-and-learn" => self.tested(|c| Some(c) == kind),
            "money" => {
                let lines = self.money.iter().filter(|l| l.component.as_deref().is_some_and(in_kind));
                lines.map(|l| format!("Money: {}", l.name)).collect()
            }
            "days" => {
                let lines = self.days.iter().filter(|l| !l.is_ours());
                let wanted = lines.filter(|l| match of {
                    "staff" => !l.per_place,
                    "places" => l.per_place,
                    "protected" => l.protected,
                    _ => self.component_of(l).is_some_and(in_kind),
                });
                wanted.map(|l| format!("Days of: {}", self.role_names(std::slice::from_ref(&l.role)))).collect()
            }
            "call" if of == "prescriptive" => {
                self.call.iter().filter_map(|c| c.prescriptive.as_ref()).map(|s| s.text.clone()).collect()
            }
            "kind" => self.kinds.iter().filter(|k| self.is_kind(k, of)).map(|k| format!("Kind of entry: {}", k.name)).collect(),
            _ => return None,
        })
    }

    fn is_kind(&self, kind: &EntryKind, word: &str) -> bool {
        let side = |roles: &[String], side: Side| roles.iter().any(|key| self.role(key).is_some_and(|r| r.side == side));
        let from_to = |from: Side, to: Side| side(&kind.writers, from) && kind.steps.iter().any(|step| side(&step.by, to));
        match word {
            "plan" => kind.plan,
            "asks" => kind.asks,
            "digest" => kind.digest,
            "matter-for-sponsors" => from_to(Side::Place, Side::Sponsor),
            "matter-from-support" => from_to(Side::Support, Side::Place),
            _ => false,
        }
    }

    fn role_names(&self, keys: &[String]) -> String {
        keys.iter().map(|key| self.role(key).map_or(key.as_str(), |r| &r.name)).collect::<Vec<_>>().join(", ")
    }

    fn fit(&self) -> Evidence {
        let run = || self.sponsors.iter().filter(|s| !matches!(s.part, Part::Evaluator | Part::Adviser));
        whole(
            run().next().is_some() && run().all(|s| !s.fit.is_empty()),
            run().flat_map(|s| s.fit.iter().map(move |f| format!("{}: {}", s.name, f.text))).collect(),
        )
    }

    fn tested(&self, wanted: impl Fn(ComponentKind) -> bool) -> Evidence {
        let said = self.components.iter().filter(|c| wanted(c.kind)).filter_map(|c| Some((c, c.test_and_learn.as_ref()?)));
        said.map(|(c, s)| format!("{}: {}", c.name, s.text)).collect()
    }

    fn has_money(&self, component: &str) -> bool {
        self.money.iter().any(|l| l.component.as_deref() == Some(component))
    }
    fn has_days(&self, component: &str) -> bool {
        self.days.iter().any(|l| !l.is_ours() && self.component_of(l) == Some(component))
    }

    fn asked_once(&self) -> Evidence {
        let asked: Vec<_> = self
            .components
            .iter()
            .flat_map(|c| c.needs.iter().map(move |n| (c, n)))
            .filter(|(_, n)| n.from.iter().any(|f| f == PLACES))
            .collect();
        let once = asked.iter().all(|(c, n)| asked.iter().all(|(d, m)| c.key == d.key || n.key != m.key));
        whole(once, asked.iter().map(|(c, n)| format!("Asked once, by {}: {}", c.name, n.what)).collect())
    }

    /// A place has its say before anything of it becomes public.
    fn consented_flows(&self) -> Evidence {
        let of_place = |key: &String| self.role(key).is_some_and(|r| r.side == Side::Place);
        let out: Vec<_> = self
            .flows
            .iter()
            .filter_map(|f| Some((f, self.circle(&f.from)?, self.circle(&f.to)?)))
            .filter(|(_, from, to)| from.scope == Scope::Place && to.public)
            .collect();
        let asked = out.iter().all(|(f, ..)| (!f.by.is_empty() && f.by.iter().all(of_place)) || f.agreed_by.iter().any(of_place));
        whole(
            asked,
            out.iter()
                .map(|(f, from, to)| format!("From {} to {}, with the place’s consent: {}", from.name, to.name, f.why))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_one_that_a_design_can_be_asked() {
        let all = considerations().expect("the considerations");
        assert!(all.len() > 20);
        let nothing = Design::default();
        for one in all {
            assert!(!one.answered_by.is_empty() && one.question.ends_with('?'), "{}", one.key);
            for word in &one.answered_by {
                assert_eq!(nothing.says(word), Some(Vec::new()), "{}: {word} of a design that says nothing", one.key);
            }
        }
        let mut keys: Vec<&str> = all.iter().map(|one| one.key.as_str()).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), all.len(), "a key stands twice");
    }
}
