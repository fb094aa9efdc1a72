//! Who leads what, what each component needs from the others, phases and gates in order.

use super::Check;
use crate::tree::at;
use crate::words::did_you_mean;
use crate::{Approx, Component, Need, PLACES};

impl Check<'_, '_> {
    pub(super) fn course(&mut self) {
        self.leads();
        let design = self.design;
        for (c, component) in design.components.iter().enumerate() {
            for (n, need) in component.needs.iter().enumerate() {
                self.need(c, component, n, need);
            }
        }
        self.phases();
        self.gates();
    }

    /// A sponsor leads a component when both say so.
    fn leads(&mut self) {
        let design = self.design;
        for (s, sponsor) in design.sponsors.iter().enumerate() {
            for (l, key) in sponsor.leads.iter().enumerate() {
                if design.component(key).is_some_and(|c| !c.led_by.contains(&sponsor.key)) {
                    let what = format!("‘{}’ leads ‘{key}’ here, but ‘{key}’ does not name it in led_by", sponsor.key);
                    self.wrong(
                        &at!["sponsors", s, "leads", l],
                        what,
                        format!("Add \"{}\" to led_by, or take this out", sponsor.key),
                    );
                }
            }
        }
        for (c, component) in design.components.iter().enumerate() {
            for (l, key) in component.led_by.iter().enumerate() {
                if design.sponsors.iter().any(|s| &s.key == key && !s.leads.contains(&component.key)) {
                    let what = format!("‘{}’ is led by ‘{key}’ here, but ‘{key}’ does not name it in leads", component.key);
                    self.wrong(
                        &at!["components", c, "led_by", l],
                        what,
                        format!("Add \"{}\" to leads, or take this out", component.key),
                    );
                }
            }
        }
    }

    fn need(&mut self, c: usize, component: &Component, n: usize, need: &Need) {
        if need.from.is_empty() {
            let who = self.design.components.iter().find(|other| other.supplies.contains(&need.key));
            let instead = who.map_or_else(
                || "Say in from which component supplies it, or that places do".to_owned(),
                |w| format!("‘{}’ supplies it: write from = [\"{}\"]", w.key, w.key),
            );
            self.wrong(
                &at!["components", c, "needs", n],
                format!("Nobody supplies ‘{}’, which {} needs", need.key, component.name),
                instead,
            );
        }
        for (f, from) in need.from.iter().enumerate().filter(|(_, from)| *from != PLACES) {
            let way = at!["components", c, "needs", n, "from", f];
            match self.design.component(from) {
                None => {
                    let known = self.design.components.iter().map(|c| c.key.as_str()).chain([PLACES]);
                    let instead = did_you_mean(from, known);
                    self.wrong(&way, format!("There is no component ‘{from}’"), instead);
                }
                Some(other) if other.key == component.key => {
                    self.wrong(
                        &way,
                        format!("{} would get ‘{}’ from itself", component.name, need.key),
                        "Name another component, or ‘places’",
                    );
                }
                Some(other) if !other.supplies.contains(&need.key) => {
                    let what = format!("{} needs ‘{}’ from ‘{from}’, which does not supply it", component.name, need.key);
                    self.wrong(&way, what, format!("Add \"{}\" to what ‘{from}’ supplies, or get it from elsewhere", need.key));
                }
                Some(_) => {}
            }
        }
    }

    fn phases(&mut self) {
        let design = self.design;
        for (i, phase) in design.phases.iter().enumerate() {
            self.in_order("phases", i, phase.from, phase.to);
        }
    }

    fn gates(&mut self) {
        let design = self.design;
        for (i, gate) in design.gates.iter().enumerate() {
            if gate.decided_by.is_empty() {
                self.wrong(
                    &at!["gates", i, "decided_by"],
                    format!("Nobody decides at the gate ‘{}’", gate.key),
                    "Write decided_by = [\"…\"] with the roles that decide",
                );
            }
            let start = |key: &str| design.phases.iter().find(|p| p.key == key).and_then(|p| p.from);
            let (after, before) = (start(&gate.after), gate.before.as_deref().and_then(start));
            if let (Some(first), Some(second)) = (after, before)
                && first.first_day() > second.last_day()
            {
                let what =
                    format!("The gate comes after a phase that starts later ({first}) than the phase it comes before ({second})");
                self.wrong(&at!["gates", i, "before"], what, "Exchange the two, or put the dates of the phases right");
            }
        }
    }

    /// The end is not before the beginning.
    pub(super) fn in_order(&mut self, list: &str, item: usize, from: Option<Approx>, to: Option<Approx>) {
        if let (Some(from), Some(to)) = (from, to)
            && from.first_day() > to.last_day()
        {
            self.wrong(&at![list, item, "to"], format!("It ends ({to}) before it begins ({from})"), "Put the later date in to");
        }
    }
}
