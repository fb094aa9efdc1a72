//! Where awards are made, somebody makes them, two people can pay, the place can answer, and there is somewhere to talk.

use super::Check;
use crate::tree::at;
use crate::{Power, Scope};

impl Check<'_, '_> {
    pub(super) fn awards(&mut self) {
        self.who_approves_changes();
        let talks: Vec<usize> = (0..self.design.kinds.len()).filter(|i| self.design.kinds[*i].reports_spending).collect();
        for i in &talks {
            self.talk(*i);
        }
        if let Some(second) = talks.get(1) {
            let what = "Spending is reported in two kinds of entry";
            self.wrong(&at!["kinds", *second, "reports_spending"], what, "Leave it to one of them");
        }
        if !self.design.has_awards() {
            return;
        }
        for power in [Power::SeeMoney, Power::ManageGrants, Power::ApprovePayments, Power::PlanMoney] {
            if !self.design.roles.iter().any(|r| r.may.contains(&power)) {
                let instead = format!("Give one of the roles may = [\"{}\"]", power.key());
                self.wrong(&at!["budget_lines"], format!("Places have budgets, but no role may {power}"), instead);
            }
        }
        if talks.is_empty() {
            let instead = "Write reports_spending = true at the kind in which a place and the funder talk about the grant";
            self.wrong(&at!["budget_lines"], "Places have budgets, but no kind of entry reports spending", instead);
        }
    }

    fn who_approves_changes(&mut self) {
        for (i, rule) in self.design.changes.iter().enumerate() {
            if rule.approved_by.is_empty() {
                let what = format!("Nobody approves this {}", rule.what);
                self.wrong(&at!["changes", i], what, "Write approved_by = [\"…\"], with the roles that have to approve it");
            }
            for (r, key) in rule.approved_by.iter().enumerate() {
                let Some(role) = self.design.role(key) else { continue };
                if !role.may.contains(&Power::ManageGrants) && !role.may.contains(&Power::ApprovePayments) {
                    let what = format!("‘{key}’ approves changes to awards, but may neither manage grants nor approve payments");
                    self.wrong(&at!["changes", i, "approved_by", r], what, "Give the role one of these powers, or name another");
                }
            }
        }
    }

    /// Both sides read what they talk about.
    fn talk(&mut self, kind: usize) {
        for (c, key) in self.design.kinds[kind].circles.iter().enumerate() {
            let Some(circle) = self.design.circle(key) else { continue };
            let reads = |power| {
                let mut readers = circle.readers.iter().filter_map(|r| self.design.role(r));
                readers.any(|r| r.may.contains(&power))
            };
            let both = reads(Power::ManageGrants) && reads(Power::PlanMoney);
            if circle.scope != Scope::Place || !both {
                let what = format!("Spending is reported in the circle ‘{key}’, which is not one of a place and its funder");
                self.wrong(
                    &at!["kinds", kind, "circles", c],
                    what,
                    "Name a circle with scope = \"place\" that a role with manage-grants reads and one with plan-money",
                );
            }
        }
    }
}
