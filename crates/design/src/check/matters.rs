//! Matters that somebody can answer, agreements that can be signed, markers that can be read, tipping points that can be reached.

use super::Check;
use crate::tree::at;
use crate::words::did_you_mean;
use crate::{EntryKind, InfluencePart, Scope};

impl Check<'_, '_> {
    pub(super) fn matters(&mut self) {
        for (i, kind) in self.design.kinds.iter().enumerate() {
            self.steps(i, kind);
            self.voices(i, kind);
            self.influence(i, kind);
            self.output(i, kind);
        }
        self.agreement();
        self.markers();
        self.tipping();
        self.what_tells_needs();
    }

    fn steps(&mut self, i: usize, kind: &EntryKind) {
        let known: Vec<&str> = kind.steps.iter().map(|s| s.key.as_str()).collect();
        for (s, step) in kind.steps.iter().enumerate() {
            for (f, from) in step.from.iter().enumerate() {
                if !known.contains(&from.as_str()) {
                    let what = format!("There is no step ‘{from}’ of ‘{}’", kind.key);
                    self.wrong(&at!["kinds", i, "steps", s, "from", f], what, did_you_mean(from, known.iter().copied()));
                }
            }
            if step.by.is_empty() {
                let what = format!("Nobody can take the step ‘{}’", step.key);
                self.wrong(&at!["kinds", i, "steps", s], what, "Write by = [\"…\"] with the roles that may");
            }
            for (b, role) in step.by.iter().enumerate() {
                let writes = |key: &String| self.design.circle(key).is_some_and(|c| c.writers.contains(role));
                if !kind.circles.iter().any(writes) {
                    let what =
                        format!("‘{role}’ takes the step ‘{}’, but writes in none of the circles of ‘{}’", step.key, kind.key);
                    self.wrong(&at!["kinds", i, "steps", s, "by", b], what, "Name a role that writes where the matter stands");
                }
            }
        }
        if kind.is_matter() && !kind.steps.iter().any(|s| s.follows(None)) {
            let what = format!("Nothing can come first of a ‘{}’", kind.key);
            self.wrong(&at!["kinds", i, "steps"], what, "Write first = true at the step that comes first");
        }
        if kind.is_matter() && !kind.steps.iter().any(|s| s.ends) {
            let what = format!("A ‘{}’ never ends", kind.key);
            self.wrong(&at!["kinds", i, "steps"], what, "Write ends = true at the step that closes it");
        }
        for (t, role) in kind.addressed_to.iter().enumerate() {
            let reads = |key: &String| self.design.circle(key).is_some_and(|c| c.public || c.readers.contains(role));
            if !kind.circles.iter().any(reads) {
                let what = format!("‘{role}’ is addressed by a ‘{}’, but reads none of its circles", kind.key);
                self.wrong(&at!["kinds", i, "addressed_to", t], what, "Name a role that reads where it stands");
            }
        }
        if kind.plan && kind.parts.is_empty() {
            let what = format!("‘{}’ is a plan without parts", kind.key);
            self.wrong(&at!["kinds", i, "plan"], what, "Name its parts, such as aims and milestones");
        }
    }

    fn voices(&mut self, i: usize, kind: &EntryKind) {
        let Some(voices) = &kind.voices else { return };
        if voices.by.is_empty() || voices.answers.len() < 2 || voices.most == Some(0) {
            let what = format!("Nobody can say how they see a ‘{}’", kind.key);
            self.wrong(&at!["kinds", i, "voices"], what, "Name roles in by, two answers or more, and most = 1 or more, if any");
        }
        for (b, role) in voices.by.iter().enumerate() {
            let reads = |key: &String| self.design.circle(key).is_some_and(|c| c.public || c.readers.contains(role));
            if !kind.circles.iter().any(reads) {
                let what = format!("‘{role}’ says how they see a ‘{}’, but reads none of its circles", kind.key);
                self.wrong(&at!["kinds", i, "voices", "by", b], what, "Name a role that reads where it stands");
            }
        }
    }

    /// What the page on influence counts is there to be counted.
    fn influence(&mut self, i: usize, kind: &EntryKind) {
        let Some(mark) = &kind.influence else { return };
        for (field, key) in [("done", &mark.done), ("came", &mark.came)] {
            if kind.step(key).is_none() {
                let what = format!("There is no step ‘{key}’ of ‘{}’", kind.key);
                let instead = did_you_mean(key, kind.steps.iter().map(|s| s.key.as_str()));
                self.wrong(&at!["kinds", i, "influence", field], what, instead);
            }
        }
        if mark.part == InfluencePart::Backing && kind.addressed_to.is_empty() {
            let what = format!("Nobody is asked by a ‘{}’", kind.key);
            self.wrong(&at!["kinds", i, "influence"], what, "Name in addressed_to the roles whose backing is asked for");
        }
        let of_steps = kind.steps.iter().flat_map(|s| &s.parts);
        let parts: Vec<&str> = kind.parts.iter().chain(of_steps).map(|p| p.key.as_str()).collect();
        match &mark.strength {
            Some(key) if !parts.contains(&key.as_str()) => {
                let what = format!("There is no part ‘{key}’ of ‘{}’", kind.key);
                self.wrong(&at!["kinds", i, "influence", "strength"], what, did_you_mean(key, parts.into_iter()));
            }
            None if mark.part == InfluencePart::Policy => {
                let what = format!("A ‘{}’ does not say how strong its evidence is", kind.key);
                self.wrong(&at!["kinds", i, "influence"], what, "Write strength = \"…\" with the part of its text that does");
            }
            _ => {}
        }
    }

    /// Whoever signs an output off belongs to a place; it is written where not everybody reads, and nothing else is made of it.
    fn output(&mut self, i: usize, kind: &EntryKind) {
        let Some(rule) = &kind.output else { return };
        for (r, role) in rule.signed_by.iter().enumerate() {
            if self.design.role(role).is_some_and(|r| r.scope != Scope::Place) {
                let what = format!("‘{role}’ signs off for a place, but is of none");
                self.wrong(&at!["kinds", i, "output", "signed_by", r], what, "Name a role that somebody holds in a place");
            }
        }
        if rule.published_by.is_empty() {
            let what = format!("Nobody can publish a ‘{}’", kind.key);
            self.wrong(&at!["kinds", i, "output"], what, "Write published_by = [\"…\"] with the roles that may");
        }
        if rule.stalls_after == 0 {
            let what = "An output cannot stall at once";
            self.wrong(&at!["kinds", i, "output", "stalls_after"], what, "Write a number of days, such as 30");
        }
        if kind.is_matter()
            || kind.plan
            || kind.asks
            || kind.digest
            || kind.consent
            || kind.voices.is_some()
            || !kind.parts.is_empty()
        {
            let what = format!("‘{}’ is an output and something else", kind.key);
            self.wrong(&at!["kinds", i, "output"], what, "Leave out its steps, parts, voices and what else becomes of it");
        }
        for (c, key) in kind.circles.iter().enumerate() {
            if self.design.circle(key).is_some_and(|c| c.public) {
                let what = format!("‘{}’ would be public from its first word on", kind.key);
                self.wrong(&at!["kinds", i, "circles", c], what, "Name the circle in which it is written before it is published");
            }
        }
    }

    fn agreement(&mut self) {
        let Some(rule) = &self.design.agreement else { return };
        let Some(kind) = self.design.kind(&rule.kind) else {
            let instead = did_you_mean(&rule.kind, self.design.kinds.iter().map(|k| k.key.as_str()));
            return self.wrong(&at!["agreement", "kind"], format!("There is no kind ‘{}’", rule.kind), instead);
        };
        if rule.sides.len() < 2 {
            self.wrong(&at!["agreement", "sides"], "An agreement takes two sides", "Name both sides and who signs for each");
        }
        let circle = kind.circles.first().and_then(|key| self.design.circle(key));
        for (s, side) in rule.sides.iter().enumerate() {
            let reads = |role: &String| circle.is_none_or(|c| c.readers.contains(role));
            if !side.signed_by.iter().any(reads) {
                let what = format!("Nobody of ‘{}’ reads what they sign", side.key);
                self.wrong(&at!["agreement", "sides", s], what, "Name a role that reads the circle of the agreement’s kind");
            }
        }
        for (g, key) in rule.governs.iter().enumerate() {
            let Some(circle) = self.design.circle(key) else { continue };
            if circle.scope != Scope::Place || circle.public {
                let what = format!("‘{key}’ is not a circle of one place");
                self.wrong(&at!["agreement", "governs", g], what, "Agreements are made with a place: name circles of a place");
            } else if !self.design.flows.iter().any(|f| f.from == *key) {
                let what = format!("There is no flow out of ‘{key}’ that could be agreed");
                self.wrong(&at!["agreement", "governs", g], what, "Add [[flows]] from it, or leave it out here");
            }
        }
    }

    fn markers(&mut self) {
        for (i, marker) in self.design.markers.iter().enumerate() {
            if marker.scale.len() < 2 || !marker.scale.windows(2).all(|two| two[0].value < two[1].value) {
                let what = format!("The scale of ‘{}’ does not rise", marker.key);
                self.wrong(&at!["markers", i, "scale"], what, "Give two points or more, the lowest first");
            }
            if marker.every_months == 0 {
                self.wrong(
                    &at!["markers", i, "every_months"],
                    "Nobody reads it at no interval",
                    "Write every_months = 3, for instance",
                );
            }
            if marker.read_by.is_empty() {
                let what = format!("Nobody reads ‘{}’", marker.key);
                self.wrong(&at!["markers", i, "read_by"], what, "Name the roles that read it, each for its function");
            }
        }
    }

    fn tipping(&mut self) {
        for (i, point) in self.design.tipping.iter().enumerate() {
            if let Some(key) = point.marker.as_ref().filter(|key| self.design.marker(key).is_none()) {
                let instead = did_you_mean(key, self.design.markers.iter().map(|m| m.key.as_str()));
                self.wrong(&at!["tipping", i, "marker"], format!("There is no marker ‘{key}’"), instead);
            }
            if let Some(key) = point.silent.as_ref().filter(|key| !self.design.kind(key).is_some_and(EntryKind::is_matter)) {
                let matters = self.design.kinds.iter().filter(|k| k.is_matter()).map(|k| k.key.as_str());
                self.wrong(
                    &at!["tipping", i, "silent"],
                    format!("No kind of entry ‘{key}’ waits for anything"),
                    did_you_mean(key, matters),
                );
            }
            let reached = match (&point.marker, &point.silent) {
                (Some(_), None) => point.at_most.is_some() || point.apart.is_some(),
                (None, Some(_)) => point.days.is_some(),
                _ => false,
            };
            if !reached {
                let what = format!("It is not said when ‘{}’ is reached", point.key);
                self.wrong(&at!["tipping", i], what, "Name a marker with at_most or apart, or write silent = \"…\" with days");
            }
            let Some(kind) = self.design.kind(&point.kind) else {
                let instead = did_you_mean(&point.kind, self.design.kinds.iter().map(|k| k.key.as_str()));
                self.wrong(&at!["tipping", i, "kind"], format!("There is no kind ‘{}’", point.kind), instead);
                continue;
            };
            for (t, role) in point.tells.iter().enumerate() {
                let writes = |key: &String| self.design.circle(key).is_some_and(|c| c.writers.contains(role));
                if !kind.writers.contains(role) || !kind.circles.iter().any(writes) {
                    let what = format!("‘{role}’ is told, but does not write a ‘{}’", kind.key);
                    self.wrong(
                        &at!["tipping", i, "tells", t],
                        what,
                        "Name a kind in which all that are told can say what was done",
                    );
                }
            }
        }
    }

    fn what_tells_needs(&mut self) {
        for (c, component) in self.design.components.iter().enumerate() {
            for (n, need) in component.needs.iter().enumerate() {
                for (k, key) in need.kinds.iter().enumerate() {
                    if self.design.kind(key).is_none() {
                        let instead = did_you_mean(key, self.design.kinds.iter().map(|k| k.key.as_str()));
                        self.wrong(&at!["components", c, "needs", n, "kinds", k], format!("There is no kind ‘{key}’"), instead);
                    }
                }
            }
        }
    }
}
