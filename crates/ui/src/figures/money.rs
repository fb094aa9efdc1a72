//! Money against what there is: a bar for each thing that is said of applications, and a line where the money ends.

use kernel::Money;

use super::scale::{tenth, width};
use crate::dsl::*;
use crate::table::{Cell, Table};

/// What some applications ask for together.
#[derive(Debug, Clone)]
pub struct MoneyBar {
    pub name: String,
    /// Of those of which it is settled.
    pub settled: Money,
    /// Of those of which it is proposed.
    pub proposed: Money,
}

impl MoneyBar {
    fn pence(&self) -> i64 {
        self.settled.pence().saturating_add(self.proposed.pence())
    }
}

const WIDTH: f64 = 864.0;
const BAR: f64 = 26.0;
const STEP: f64 = 64.0;
/// Room for what there is, beside its line and above the bars.
const ROOM: f64 = 120.0;
const TOP: f64 = 28.0;

/// Bars of money against what there is, where that is known, as a picture and as a table.
#[must_use]
pub fn money_bars(caption: &str, bars: &[MoneyBar], there: Option<Money>) -> Html {
    let most = bars.iter().map(MoneyBar::pence).chain(there.map(Money::pence)).max().unwrap_or(0).max(1);
    #[expect(clippy::cast_precision_loss, reason = "tenths of a picture need no pence")]
    let x = |pence: i64| tenth(pence.max(0) as f64 / most as f64 * (WIDTH - ROOM));
    #[expect(clippy::cast_precision_loss, reason = "a handful of bars")]
    let y = |row: usize| TOP + row as f64 * STEP;
    let height = y(bars.len()) + 8.0;
    html(maud! {
        figure class="figure" {
            figcaption id="money-caption" { (caption) }
            div class="figure-scroll" role="region" aria-labelledby="money-caption" tabindex="0" {
                svg viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-labelledby="money-title money-desc" {
                    title id="money-title" { (caption) }
                    desc id="money-desc" { (described(bars, there)) }
                    @for (i, bar) in bars.iter().enumerate() { (one(bar, y(i), &x)) }
                    @if let Some(there) = there { (limit(there, x(there.pence()), height)) }
                }
            }
            ul class="figure-key" {
                li { span class="fig-key fig-chosen-key" {} "Counts" }
                li { span class="fig-key fig-submitted-key" {} "Proposed" }
            }
            (as_table(caption, bars, there))
        }
    })
}

fn one(bar: &MoneyBar, top: f64, x: &impl Fn(i64) -> f64) -> Html {
    let (from, settled, end) = (top + 24.0, x(bar.settled.pence()), x(bar.pence()));
    let together = Money::from_pence(bar.pence()).to_string();
    html(maud! {
        text x="8" y=(top + 16.0) class="fig-inside" { (&bar.name) ": " (&together) }
        rect x="0" y=(from) width=(settled) height=(BAR) class="fig-chosen" {}
        rect x=(settled) y=(from) width=(tenth(end - settled)) height=(BAR) class="fig-submitted" {}
    })
}

fn limit(there: Money, at: f64, height: f64) -> Html {
    let text = format!("There is {there}");
    let ends = at + width(&text) > WIDTH;
    html(maud! {
        line class="fig-today" x1=(at) y1="6" x2=(at) y2=(height) {}
        text class="fig-today-name" x=(if ends { at - 8.0 } else { at + 8.0 }) y="18" text-anchor=(if ends { "end" } else { "start" }) { (&text) }
    })
}

fn described(bars: &[MoneyBar], there: Option<Money>) -> String {
    let said = |bar: &MoneyBar| format!("{}: {} counts, {} proposed", bar.name, bar.settled, bar.proposed);
    let all: Vec<String> = bars.iter().map(said).collect();
    let there = there.map(|there| format!(" There is {there}.")).unwrap_or_default();
    format!("{}.{there} The table below holds the numbers.", all.join("; "))
}

fn as_table(caption: &str, bars: &[MoneyBar], there: Option<Money>) -> Html {
    let rows = bars.iter().map(|bar| {
        vec![
            Cell::text(&bar.name).head(),
            Cell::money(bar.settled),
            Cell::money(bar.proposed),
            Cell::money(Money::from_pence(bar.pence())),
        ]
    });
    let mut table = Table::new(caption, &["What they ask for", "Counts", "Proposed", "Together"], rows.collect()).quiet();
    if let Some(there) = there {
        table = table.foot(vec![Cell::text("There is").head(), Cell::text(""), Cell::text(""), Cell::money(there)]);
    }
    table.html()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(name: &str, settled: i32, proposed: i32) -> MoneyBar {
        MoneyBar { name: name.into(), settled: Money::from_pounds(settled), proposed: Money::from_pounds(proposed) }
    }

    #[test]
    fn the_line_stands_where_the_money_ends() {
        let drawn = money_bars("Money", &[bar("Chosen", 100, 50), bar("Reserve", 0, 300)], Some(Money::from_pounds(150)));
        let drawn = drawn.as_str();
        // Half of the longest bar, which is 300; and there ends the bar of those chosen.
        assert!(drawn.contains(r#"class="fig-today" x1="372.0""#), "{drawn}");
        assert!(drawn.contains(r#"<rect x="248.0" y="52.0" width="124.0""#), "{drawn}");
        assert!(drawn.contains("Chosen: £100 counts, £50 proposed; Reserve: £0 counts, £300 proposed. There is £150."));
    }

    #[test]
    fn nothing_asked_for_still_draws() {
        let drawn = money_bars("Money", &[bar("Chosen", 0, 0)], None);
        assert!(!drawn.as_str().contains("NaN") && !drawn.as_str().contains("inf"));
    }
}
