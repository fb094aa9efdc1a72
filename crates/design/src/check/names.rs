//! Keys are written well and stand once; whatever names another part of the design names one that there is.

use std::collections::BTreeSet;

use super::Check;
use crate::Sources;
use crate::tree::at;
use crate::words::did_you_mean;

/// The keys of files whose texts name a part of the design, by what they name.
const ROLE_IN: &[&str] = &[
    "owner",
    "decided_by",
    "by",
    "agreed_by",
    "approved_by",
    "readers",
    "writers",
    "role",
    "addressed_to",
    "signed_by",
    "published_by",
    "read_by",
    "tells",
    "members",
];
const COMPONENT_IN: &[&str] = &["component", "leads"];
const SPONSOR_IN: &[&str] = &["led_by", "deciders"];
const PHASE_IN: &[&str] = &["after", "before", "phase", "phases"];
const CIRCLE_IN: &[&str] = &["circles", "circle", "layers", "governs"];
const FORM_IN: &[&str] = &["form"];
const LINE_IN: &[&str] = &["of"];
const PLACE_IN: &[&str] = &["place"];
const ORGANISATION_IN: &[&str] = &["lead", "partners"];

impl Check<'_, '_> {
    /// Each key is in lower case with hyphens and stands once in its list.
    pub(super) fn keys(&mut self) {
        for (list, keys) in self.tree.keyed_lists() {
            let mut seen = BTreeSet::new();
            for (position, key) in keys {
                if !is_key(key) {
                    self.wrong_at(
                        position,
                        format!("‘{key}’ cannot be a key"),
                        "Use small letters, numbers and hyphens, like ‘learning-lead’",
                    );
                } else if !seen.insert(key) {
                    self.wrong_at(
                        position,
                        format!("‘{key}’ stands twice in {}", list.replace('_', " ")),
                        "Give each a key of its own",
                    );
                }
            }
        }
    }

    /// Each name of a role, component, sponsor, phase, circle, form, money line, place or organisation is known.
    pub(super) fn names(&mut self) {
        let d = self.design;
        let h = &self.programme.history;
        let roles: Vec<&str> = d.roles.iter().map(|r| r.key.as_str()).collect();
        let components: Vec<&str> = d.components.iter().map(|c| c.key.as_str()).collect();
        let sponsors: Vec<&str> = d.sponsors.iter().map(|s| s.key.as_str()).collect();
        let phases: Vec<&str> = d.phases.iter().map(|p| p.key.as_str()).collect();
        let circles: Vec<&str> = d.circles.iter().map(|c| c.key.as_str()).collect();
        let forms = self.forms.to_vec();
        let lines: Vec<&str> = d.money.iter().map(|l| l.key.as_str()).collect();
        let places: Vec<&str> = h.places.iter().map(|p| p.slug.as_str()).collect();
        let organisations: Vec<&str> = h.organisations.iter().map(|o| o.key.as_str()).collect();
        for (fields, noun, known) in [
            (ROLE_IN, "role", &roles),
            (COMPONENT_IN, "component", &components),
            (SPONSOR_IN, "sponsor", &sponsors),
            (PHASE_IN, "phase", &phases),
            (CIRCLE_IN, "circle", &circles),
            (FORM_IN, "form", &forms),
            (LINE_IN, "money line", &lines),
            (PLACE_IN, "place", &places),
            (ORGANISATION_IN, "organisation", &organisations),
        ] {
            for (position, name) in fields.iter().flat_map(|field| self.tree.texts_under(field)) {
                if !known.contains(&name) {
                    self.wrong_at(position, format!("There is no {noun} ‘{name}’"), did_you_mean(name, known.iter().copied()));
                }
            }
        }
    }

    /// Each source is a document that there is.
    pub(super) fn citations(&mut self, sources: &Sources) {
        for (position, text) in self.tree.texts_under("sources") {
            let document = crate::Citation::parse(text).document;
            if sources.get(&document).is_none() {
                let instead = did_you_mean(&document, sources.0.keys().map(String::as_str));
                self.wrong_at(position, format!("There is no document ‘{document}’"), instead);
            }
        }
    }

    /// What every design has to have.
    pub(super) fn basics(&mut self) {
        let d = self.design;
        for (field, text, instead) in [
            ("name", &d.name, "Give the programme's name"),
            ("summary", &d.summary, "Say in one or two sentences what the programme is"),
            ("modelled", &d.modelled, "Say in one sentence what the sources state and what is our modelling"),
        ] {
            if text.trim().is_empty() {
                self.wrong(&at![field], format!("‘{field}’ is empty"), instead);
            }
        }
        if d.sponsors.is_empty() {
            self.wrong(&[], "Nobody runs this programme", "Add at least one [[sponsors]]");
        }
        for (list, statements) in d.statements() {
            for (i, statement) in statements.iter().enumerate() {
                if statement.key.is_empty() {
                    self.wrong(
                        &at![list, i],
                        format!("This item of {} has no key", list.replace('_', " ")),
                        "Write key = \"…\", so that it can be followed from version to version",
                    );
                }
            }
        }
    }
}

fn is_key(text: &str) -> bool {
    let sound = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    !text.is_empty() && text.bytes().all(sound) && !text.starts_with('-') && !text.ends_with('-')
}
