//! Money on its way: of what is committed, what is awarded, paid and spent, one bar within the other.

use kernel::Money;

use super::scale::tenth;
use crate::dsl::*;

/// How far the money of one line has come. Each is a part of the one before.
#[derive(Debug, Clone)]
pub struct Chain {
    pub name: String,
    pub committed: Money,
    pub awarded: Money,
    pub paid: Money,
    pub spent: Money,
}

impl Chain {
    fn parts(&self) -> [(&'static str, Money); 4] {
        [("Committed", self.committed), ("Awarded", self.awarded), ("Paid", self.paid), ("Spent", self.spent)]
    }
}

const WIDTH: f64 = 864.0;
const BAR: f64 = 18.0;
const LEFT: f64 = 110.0;
/// Room for the amount beside the longest bar.
const RIGHT: f64 = 130.0;

/// For each line four bars on one scale. The table is the caller's: it says more than the picture.
#[must_use]
pub fn money_chains(caption: &str, chains: &[Chain]) -> Html {
    let most = chains.iter().flat_map(|c| c.parts()).map(|(_, m)| m.pence()).max().unwrap_or(0).max(1);
    #[expect(clippy::cast_precision_loss, reason = "tenths of a picture need no pence")]
    let long = |m: Money| tenth(m.pence().max(0) as f64 / most as f64 * (WIDTH - LEFT - RIGHT));
    let block = 28.0 + 4.0 * (BAR + 6.0) + 12.0;
    #[expect(clippy::cast_precision_loss, reason = "a handful of lines")]
    let top = |i: usize| i as f64 * block;
    #[expect(clippy::cast_precision_loss, reason = "four bars")]
    let bar = |i: usize, part: usize| top(i) + 28.0 + part as f64 * (BAR + 6.0);
    html(maud! {
        figure class="figure" {
            figcaption id="chains-caption" { (caption) }
            div class="figure-scroll" role="region" aria-labelledby="chains-caption" tabindex="0" {
                svg viewBox={ "0 0 " (WIDTH) " " (top(chains.len()).max(40.0)) } role="img" aria-labelledby="chains-title chains-desc" {
                    title id="chains-title" { (caption) }
                    desc id="chains-desc" { (described(chains)) }
                    @for (i, chain) in chains.iter().enumerate() {
                        text class="fig-inside fig-strong" x="0" y=(top(i) + 18.0) { (&chain.name) }
                        @for (p, (name, amount)) in chain.parts().into_iter().enumerate() {
                            text class="fig-inside" x="0" y=(bar(i, p) + 14.0) { (name) }
                            rect class=(if p == 3 { "fig-chosen" } else { "fig-submitted" }) x=(LEFT) y=(bar(i, p)) width=(long(amount)) height=(BAR) {}
                            text class="fig-inside" x=(LEFT + long(amount) + 8.0) y=(bar(i, p) + 14.0) { (amount.to_string()) }
                        }
                    }
                }
            }
        }
    })
}

fn described(chains: &[Chain]) -> String {
    let said =
        |c: &Chain| format!("{}: {} committed, {} awarded, {} paid, {} spent", c.name, c.committed, c.awarded, c.paid, c.spent);
    let all: Vec<String> = chains.iter().map(said).collect();
    format!("{}. The table below holds the numbers.", all.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_share_one_scale_and_say_what_they_are() {
        let pounds = Money::from_pounds;
        let chain =
            Chain { name: "Grants".into(), committed: pounds(200), awarded: pounds(100), paid: pounds(50), spent: pounds(0) };
        let drawn = money_chains("Money", &[chain]);
        let drawn = drawn.as_str();
        assert!(
            drawn.contains(r#"width="624.0""#) && drawn.contains(r#"width="312.0""#) && drawn.contains(r#"width="156.0""#),
            "{drawn}"
        );
        assert!(drawn.contains("Grants: £200 committed, £100 awarded, £50 paid, £0 spent"), "{drawn}");
        assert!(!money_chains("Money", &[]).as_str().contains("NaN"));
    }
}
