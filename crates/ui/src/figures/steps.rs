//! Lines of a budget through its versions: a step where a version moves money, with its name beside where it ends.

use kernel::Money;

use super::scale::{place_down, tenth};
use crate::dsl::*;
use crate::table::{Cell, Table};

/// A line with its amount in each version.
#[derive(Debug, Clone)]
pub struct Step {
    pub name: String,
    /// In the order of the versions.
    pub amounts: Vec<Money>,
}

const WIDTH: f64 = 864.0;
const HEIGHT: f64 = 300.0;
/// Room for the names of lines, to the right of where they end.
const NAMES: f64 = 300.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 40.0;
/// What tells lines apart where colour does not: how they are drawn.
const KINDS: [&str; 5] = ["fig-whole", "fig-long", "fig-dots", "fig-mixed", "fig-short"];

/// The lines through the versions, as a picture and as a table.
#[must_use]
pub fn money_steps(caption: &str, versions: &[String], lines: &[Step]) -> Html {
    let most = lines.iter().flat_map(|l| &l.amounts).map(|m| m.pence()).max().unwrap_or(0).max(1);
    #[expect(clippy::cast_precision_loss, reason = "tenths of a picture need no pence")]
    let y = |m: Money| tenth(TOP + (1.0 - m.pence().max(0) as f64 / most as f64) * (HEIGHT - TOP - BOTTOM));
    #[expect(clippy::cast_precision_loss, reason = "a handful of versions")]
    let x = |version: usize| tenth(version as f64 / versions.len().max(1) as f64 * (WIDTH - NAMES));
    let ends: Vec<f64> = lines.iter().map(|l| l.amounts.last().map_or(HEIGHT - BOTTOM, |m| y(*m))).collect();
    let names = place_down(&ends, 18.0);
    html(maud! {
        figure class="figure" {
            figcaption id="steps-caption" { (caption) }
            div class="figure-scroll" role="region" aria-labelledby="steps-caption" tabindex="0" {
                svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-labelledby="steps-title steps-desc" {
                    title id="steps-title" { (caption) }
                    desc id="steps-desc" { (described(versions, lines)) }
                    line class="fig-grid" x1="0" y1=(HEIGHT - BOTTOM) x2=(WIDTH - NAMES) y2=(HEIGHT - BOTTOM) {}
                    @for (i, _) in versions.iter().enumerate() {
                        line class="fig-grid" x1=(x(i)) y1=(TOP) x2=(x(i)) y2=(HEIGHT - BOTTOM) {}
                        text class="fig-inside" x=(x(i) + 4.0) y=(HEIGHT - BOTTOM + 20.0) { (i + 1) }
                    }
                    @for (i, line) in lines.iter().enumerate() {
                        path class={ "fig-step " (KINDS[i % KINDS.len()]) } d=(path(line, &x, &y)) {}
                        text class="fig-inside" x=(WIDTH - NAMES + 8.0) y=(names[i] + 5.0) {
                            (&line.name) @if let Some(last) = line.amounts.last() { ", " (last.to_string()) }
                        }
                    }
                }
            }
            (as_table(caption, versions, lines))
        }
    })
}

/// Level through each version, and straight up or down where the next begins.
fn path(line: &Step, x: &impl Fn(usize) -> f64, y: &impl Fn(Money) -> f64) -> String {
    let mut out = String::new();
    for (i, amount) in line.amounts.iter().enumerate() {
        let (from, to, at) = (x(i), x(i + 1), y(*amount));
        let go = if i == 0 { format!("M{from} {at}") } else { format!(" V{at}") };
        out.push_str(&format!("{go} H{to}"));
    }
    out
}

fn described(versions: &[String], lines: &[Step]) -> String {
    let said = |line: &Step| {
        let (first, last) = (line.amounts.first().copied().unwrap_or_default(), line.amounts.last().copied().unwrap_or_default());
        if first == last { format!("{} stays {first}", line.name) } else { format!("{} goes from {first} to {last}", line.name) }
    };
    let all: Vec<String> = lines.iter().map(said).collect();
    format!("Through {} versions: {}. The table below holds the numbers.", versions.len(), all.join("; "))
}

fn as_table(caption: &str, versions: &[String], lines: &[Step]) -> Html {
    let heads: Vec<&str> = ["Line"].into_iter().chain(versions.iter().map(String::as_str)).collect();
    let rows = lines.iter().map(|line| {
        let amounts = line.amounts.iter().map(|m| Cell::money(*m));
        [Cell::text(&line.name).head()].into_iter().chain(amounts).collect()
    });
    Table::new(caption, &heads, rows.collect()).quiet().html()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_steps_where_a_version_moves_money() {
        let pounds = |all: &[i32]| all.iter().map(|p| Money::from_pounds(*p)).collect::<Vec<_>>();
        let lines = [
            Step { name: "People".into(), amounts: pounds(&[100, 60]) },
            Step { name: "Community".into(), amounts: pounds(&[0, 40]) },
        ];
        let drawn = money_steps("Budget", &["Version 1".into(), "Version 2".into()], &lines);
        let drawn = drawn.as_str();
        assert!(drawn.contains(r#"d="M0 16 H282 V113.6 H564""#), "{drawn}");
        assert!(drawn.contains("People goes from £100 to £60; Community goes from £0 to £40"), "{drawn}");
        assert!(drawn.contains(r#"role="columnheader" class="number">Version 2"#), "{drawn}");
    }

    #[test]
    fn nothing_at_all_still_draws() {
        let drawn = money_steps("Budget", &[], &[]);
        assert!(!drawn.as_str().contains("NaN") && !drawn.as_str().contains("inf"));
    }
}
