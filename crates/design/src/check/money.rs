//! Money adds up wherever the design says that it does, and days belong to work that there is.

use kernel::Money;

use super::Check;
use crate::DaysLine;
use crate::tree::at;
use crate::words::did_you_mean;

impl Check<'_, '_> {
    pub(super) fn money(&mut self) {
        let design = self.design;
        for (i, line) in design.money.iter().enumerate() {
            if line.total().is_none() {
                self.wrong(&at!["money", i, "count"], "This is more money than there can be", "Check the amount and the count");
            }
        }
        for (i, total) in design.totals.iter().enumerate() {
            if total.sources.is_empty() {
                self.wrong(
                    &at!["totals", i],
                    format!("The total ‘{}’ has no source", total.key),
                    "Write sources = [\"…\"]: a total is stated by somebody",
                );
            }
            let Some(sum) = design.sum_of(&total.of) else { continue };
            if total.exact && sum != total.amount {
                let what = format!("The lines of ‘{}’ come to {sum}, not {}", total.key, total.amount);
                self.wrong(
                    &at!["totals", i, "amount"],
                    what,
                    format!("Write {sum}, put the lines right, or leave exact out if the difference stands in the sources"),
                );
            }
        }
        for (i, award) in self.programme.history.awards.iter().enumerate() {
            let paid = award.instalments.iter().try_fold(Money::ZERO, |sum, m| sum.checked_add(*m));
            if !award.instalments.is_empty() && paid != Some(award.amount) {
                let shown = paid.map_or_else(|| "too much to add up".to_owned(), |p| p.to_string());
                let what = format!("The instalments come to {shown}, but the award is {}", award.amount);
                self.wrong(&at!["awards", i, "instalments"], what, format!("Let them add up to {}", award.amount));
            }
        }
    }

    /// Each line of days is of one kind of work: with places, told of by entries that the role writes, or of a component.
    pub(super) fn days(&mut self) {
        let design = self.design;
        for (i, line) in design.days.iter().enumerate() {
            for (k, key) in line.kinds.iter().enumerate() {
                let position = at!["days", i, "kinds", k];
                let Some(kind) = design.kind(key) else {
                    let known = design.kinds.iter().map(|kind| kind.key.as_str());
                    self.wrong(&position, format!("There is no kind of entry ‘{key}’"), did_you_mean(key, known));
                    continue;
                };
                if !kind.writers.contains(&line.role) {
                    let what = format!("‘{}’ writes no {}, so it can log no days with one", line.role, kind.name.to_lowercase());
                    self.wrong(&position, what, "Name a kind that the role writes, or let it write this one");
                }
            }
            let (place, component) = (line.per_place, design.component_of(line));
            let (field, what, instead) = match () {
                () if !place && !line.kinds.is_empty() => (
                    "kinds",
                    "Days are logged with entries only where they are for places",
                    "Write per_place = true, or leave kinds out",
                ),
                () if place && line.protected => (
                    "protected",
                    "Only time on the programme's own work is protected",
                    "Leave protected out, or leave per_place out",
                ),
                () if !place && component.is_none() && design.role(&line.role).is_some() => {
                    ("role", "Nothing says which component these days are for", "Write component = \"…\"")
                }
                () => {
                    let same = |other: &&DaysLine| {
                        (&other.role, other.per_place, design.component_of(other)) == (&line.role, place, component)
                    };
                    if !design.days[..i].iter().any(|other| same(&other)) {
                        continue;
                    }
                    ("role", "The days of this role for this work stand here twice", "Put them into one line")
                }
            };
            self.wrong(&at!["days", i, field], what, instead);
        }
    }
}
