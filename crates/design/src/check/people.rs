//! Circles that somebody reads, places' own circles that nobody else reads, flows and kinds that can be used.

use super::Check;
use crate::tree::at;
use crate::words::quoted;
use crate::{Circle, Power, Role, Scope, Side};

impl<'a> Check<'a, '_> {
    pub(super) fn people(&mut self) {
        self.who_runs_it();
        self.learning();
        self.circles();
        self.flows();
        self.kinds();
    }

    fn who_runs_it(&mut self) {
        for power in [Power::RunProgramme, Power::ManagePeople] {
            if !self.design.roles.iter().any(|r| r.may.contains(&power)) {
                let instead = format!("Give one of the roles may = [\"{}\"]", power.key());
                self.wrong(&at!["roles"], format!("No role may {power}"), instead);
            }
        }
    }

    /// Themes are of the whole programme, and a number below two hides nobody.
    fn learning(&mut self) {
        for (i, role) in self.design.roles.iter().enumerate() {
            if role.scope == Scope::Place && role.may.contains(&Power::KeepThemes) {
                let what = format!("‘{}’ is a role of places, and the themes are kept for the whole programme", role.key);
                self.wrong(&at!["roles", i, "may"], what, "Give keep-themes to a role with scope = \"programme\"");
            }
        }
        if self.design.small_numbers < 2 {
            let what = format!("small_numbers = {} would tell what one person said", self.design.small_numbers);
            self.wrong(&at!["small_numbers"], what, "Write 2 or more, or leave it out for 5");
        }
    }

    fn circles(&mut self) {
        for (i, circle) in self.design.circles.iter().enumerate() {
            if circle.readers.is_empty() && !circle.public {
                let what = format!("Nobody can read the circle ‘{}’", circle.key);
                self.wrong(&at!["circles", i, "readers"], what, "Name the roles that read it, or write public = true");
            }
            for (w, writer) in circle.writers.iter().enumerate() {
                if !circle.public && !circle.readers.contains(writer) {
                    let what = format!("‘{writer}’ may write in the circle ‘{}’ but not read it", circle.key);
                    self.wrong(
                        &at!["circles", i, "writers", w],
                        what,
                        "Add the role to the readers, or let it share extracts by a flow",
                    );
                }
            }
            if circle.own {
                self.own_circle(i, circle);
            }
        }
    }

    fn own_circle(&mut self, i: usize, circle: &Circle) {
        if circle.scope != Scope::Place || circle.public {
            let what = format!("The circle ‘{}’ is a place's own, but not kept to a place", circle.key);
            self.wrong(&at!["circles", i, "own"], what, "Write scope = \"place\" and leave public out");
        }
        for (r, reader) in circle.readers.iter().enumerate() {
            if let Some(role) = self.role(reader).filter(|role| role.side != Side::Place) {
                let what =
                    format!("‘{reader}’ sits with the {}, and ‘{}’ is the place's own circle", side_words(role.side), circle.key);
                self.wrong(&at!["circles", i, "readers", r], what, "Only roles with side = \"place\" may read it");
            }
        }
    }

    fn flows(&mut self) {
        let circles: Vec<&str> = self.design.circles.iter().map(|c| c.key.as_str()).collect();
        for (i, flow) in self.design.flows.iter().enumerate() {
            for (end, key) in [("from", &flow.from), ("to", &flow.to)] {
                if !circles.contains(&key.as_str()) {
                    let instead = crate::words::did_you_mean(key, circles.iter().copied());
                    self.wrong(&at!["flows", i, end], format!("There is no circle ‘{key}’"), instead);
                }
            }
            let (Some(from), Some(to)) = (self.circle(&flow.from), self.circle(&flow.to)) else { continue };
            if flow.by.is_empty() {
                self.wrong(&at!["flows", i], "Nobody may share along this flow", "Write by = [\"…\"] with the roles that may");
            }
            for (b, key) in flow.by.iter().enumerate() {
                let Some(role) = self.role(key) else { continue };
                if !from.readers.contains(&role.key) {
                    let what = format!("‘{}’ cannot read ‘{}’ and so cannot share from it", role.key, from.key);
                    self.wrong(&at!["flows", i, "by", b], what, readers_of(from));
                } else if !role.may.contains(&Power::ShareExtracts) {
                    let what = format!("‘{}’ may not share extracts", role.key);
                    self.wrong(&at!["flows", i, "by", b], what, "Add \"share-extracts\" to what the role may do");
                }
            }
            if !self.is_wider(from, to) && !flow.narrower {
                let what = format!("Everybody who reads ‘{}’ reads ‘{}’ already", to.key, from.key);
                self.wrong(&at!["flows", i, "to"], what, "Share into a wider circle, or write narrower = true if this is meant");
            }
        }
    }

    /// Whether somebody reads the one circle who does not read the other. A role of a place reads a circle of its own
    /// place only, so a circle of the programme is wider for it than the same roles' circle of a place.
    fn is_wider(&self, from: &Circle, to: &Circle) -> bool {
        let across_places = from.scope == Scope::Place && to.scope == Scope::Programme;
        to.public
            || to.readers.iter().any(|key| {
                !from.readers.contains(key) || across_places && self.role(key).is_some_and(|role| role.scope == Scope::Place)
            })
    }

    fn kinds(&mut self) {
        for (i, kind) in self.design.kinds.iter().enumerate() {
            let circles: Vec<&Circle> = kind.circles.iter().filter_map(|key| self.circle(key)).collect();
            if kind.circles.is_empty() || kind.writers.is_empty() {
                let what = format!("Nobody can write a ‘{}’", kind.key);
                self.wrong(&at!["kinds", i], what, "Name at least one role in writers and one circle in circles");
                continue;
            }
            for (w, writer) in kind.writers.iter().enumerate() {
                let Some(role) = self.role(writer) else { continue };
                if !role.may.contains(&Power::WriteEntries) {
                    let what = format!("‘{writer}’ may not write entries");
                    self.wrong(&at!["kinds", i, "writers", w], what, "Add \"write-entries\" to what the role may do");
                } else if circles.len() == kind.circles.len() && !circles.iter().any(|c| c.writers.contains(writer)) {
                    let what = format!("‘{writer}’ may write in none of the circles of ‘{}’", kind.key);
                    self.wrong(&at!["kinds", i, "writers", w], what, "Add a circle that the role writes in");
                }
            }
        }
    }

    fn role(&self, key: &str) -> Option<&'a Role> {
        self.design.role(key)
    }
    fn circle(&self, key: &str) -> Option<&'a Circle> {
        self.design.circle(key)
    }
}

fn readers_of(circle: &Circle) -> String {
    let readers: Vec<&str> = circle.readers.iter().map(String::as_str).collect();
    if readers.is_empty() { "It is public already".to_owned() } else { format!("It is read by {}", quoted(&readers)) }
}

fn side_words(side: Side) -> &'static str {
    match side {
        Side::Sponsor => "sponsors",
        Side::Support => "support partner",
        Side::Evaluator => "evaluator",
        Side::Place => "place",
        Side::Advisory => "advisory group",
        Side::Applicant => "applicants",
    }
}
