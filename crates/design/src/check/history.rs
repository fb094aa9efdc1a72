//! Facts about the past name their source and stand in order.

use super::Check;
use crate::tree::{Step, at};
use crate::{Citation, Claim, Place, Statement};

impl Check<'_, '_> {
    pub(super) fn history(&mut self) {
        let h = &self.programme.history;
        for (i, o) in h.organisations.iter().enumerate() {
            self.sourced(&at!["organisations", i], &o.sources);
        }
        for (i, place) in h.places.iter().enumerate() {
            self.sourced(&at!["places", i], &place.sources);
            self.in_order("places", i, place.from, place.to);
            self.place(i, place);
        }
        for (i, award) in h.awards.iter().enumerate() {
            self.sourced(&at!["awards", i], &award.sources);
        }
        for (i, event) in h.events.iter().enumerate() {
            self.sourced(&at!["events", i], &event.sources);
            self.in_order("events", i, event.from, event.to);
        }
        for (i, resource) in h.resources.iter().enumerate() {
            self.sourced(&at!["resources", i], &resource.sources);
        }
        self.claims();
    }

    fn place(&mut self, i: usize, place: &Place) {
        for (field, statement) in [("problem", &place.problem), ("vision", &place.vision)] {
            if let Some(Statement { sources, .. }) = statement {
                self.sourced(&at!["places", i, field], sources);
            }
        }
        for (w, work) in place.work.iter().enumerate() {
            self.sourced(&at!["places", i, "work", w], &work.sources);
        }
    }

    /// A claim is what a source says, so it names the source.
    fn claims(&mut self) {
        let Some(call) = &self.design.call else { return };
        let lists: [(&str, &[Claim]); 2] = [("opened", &call.opened), ("applications", &call.applications)];
        for (field, claims) in lists {
            for (i, claim) in claims.iter().enumerate() {
                self.sourced(&at!["call", field, i], &claim.sources);
            }
        }
    }

    fn sourced(&mut self, way: &[Step<'_>], sources: &[Citation]) {
        if sources.is_empty() {
            self.wrong(
                way,
                "This fact has no source",
                "Write sources = [\"…\"] with the document and section that give it, or leave the fact out",
            );
        }
    }
}
