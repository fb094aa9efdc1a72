//! Days as bullet bars: what was used, against what was allotted and what an even pace would have come to by now.

use kernel::Days;

use super::scale::tenth;
use crate::dsl::*;

/// One bar.
#[derive(Debug, Clone)]
pub struct DayBar {
    pub name: String,
    pub allotted: Days,
    pub used: Days,
    /// What an even pace would have come to by today.
    pub expected: Days,
}

const WIDTH: f64 = 864.0;
const STEP: f64 = 60.0;
const WIDE: f64 = 26.0;
const NARROW: f64 = 12.0;
/// Room at the right end, so that the longest bar does not touch the edge.
const ROOM: f64 = 16.0;

/// The bars, with the table that says the same. All are drawn to one scale.
#[must_use]
pub fn day_bars(caption: &str, bars: &[DayBar], table: impl Renderable) -> Html {
    let most = bars.iter().flat_map(|b| [b.allotted, b.used, b.expected]).map(Days::quarters).max().unwrap_or(0).max(4);
    #[expect(clippy::cast_precision_loss, reason = "quarter-days are far below what a float holds exactly")]
    let x = |days: Days| tenth(days.quarters().max(0) as f64 / most as f64 * (WIDTH - ROOM));
    #[expect(clippy::cast_precision_loss, reason = "a page of bars")]
    let y = |row: usize| row as f64 * STEP;
    html(maud! {
        figure class="figure" {
            figcaption id="days-caption" { (caption) }
            @if !bars.is_empty() {
                div class="figure-scroll" role="region" aria-labelledby="days-caption" tabindex="0" {
                    svg viewBox={ "0 0 " (WIDTH) " " (y(bars.len()) + 4.0) } role="img" aria-labelledby="days-title days-desc" {
                        title id="days-title" { (caption) }
                        desc id="days-desc" { (described(bars)) }
                        @for (i, bar) in bars.iter().enumerate() { (one(bar, y(i), &x)) }
                    }
                }
                ul class="figure-key" {
                    li { span class="fig-key fig-chosen-key" {} "Used" }
                    li { span class="fig-key fig-submitted-key" {} "Allotted" }
                    li { span class="fig-key fig-expected-key" {} "An even pace by today" }
                }
            }
            (table)
        }
    })
}

fn one(bar: &DayBar, top: f64, x: &impl Fn(Days) -> f64) -> Html {
    let (from, inset) = (top + 22.0, (WIDE - NARROW) / 2.0);
    let at = x(bar.expected);
    html(maud! {
        text x="0" y=(top + 16.0) class="fig-inside" { (&bar.name) ": " (bar.used.number()) " of " (bar.allotted.to_string()) }
        rect x="0" y=(from) width=(x(bar.allotted)) height=(WIDE) class="fig-submitted" {}
        rect x="0" y=(from + inset) width=(x(bar.used)) height=(NARROW) class="fig-chosen" {}
        @if bar.expected > Days::ZERO {
            line class="fig-mean" x1=(at) y1=(from - 2.0) x2=(at) y2=(from + WIDE + 2.0) {}
        }
    })
}

fn described(bars: &[DayBar]) -> String {
    let said =
        |bar: &DayBar| format!("{}: {} used of {}, {} at an even pace", bar.name, bar.used, bar.allotted, bar.expected.number());
    format!("{}. The table below holds the numbers.", bars.iter().map(said).collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(allotted: i64, used: i64, expected: i64) -> DayBar {
        let days = Days::from_quarters;
        DayBar { name: "Consultant".into(), allotted: days(allotted), used: days(used), expected: days(expected) }
    }

    #[test]
    fn bars_are_drawn_to_one_scale() {
        let drawn = day_bars("Days", &[bar(32, 40, 16), bar(20, 0, 0)], "");
        let drawn = drawn.as_str();
        // The longest is what was used of the first, ten days.
        assert!(drawn.contains(r#"width="848.0" height="12.0""#), "{drawn}");
        assert!(drawn.contains(r#"width="678.4" height="26.0""#), "{drawn}");
        assert!(drawn.contains(r#"width="424.0" height="26.0""#), "{drawn}");
        assert!(drawn.contains("Consultant: 10 of 8 days"), "{drawn}");
    }

    #[test]
    fn what_is_below_nought_still_draws() {
        let drawn = day_bars("Days", &[bar(0, -3, -1)], "");
        assert!(!drawn.as_str().contains("NaN") && !drawn.as_str().contains("width=\"-"), "{}", drawn.as_str());
    }
}
