//! Money adds up wherever the design says that it does.

use kernel::Money;

use super::Check;
use crate::tree::at;

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
}
