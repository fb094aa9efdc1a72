//! Scores side by side: a line an application from its lowest to its highest score, each score a point, the mean a bar.

use super::scale::{tenth, width};
use crate::dsl::*;

/// What one application was given, from 0 to 100.
#[derive(Debug, Clone)]
pub struct SpreadRow {
    pub name: String,
    pub scores: Vec<f64>,
    pub mean: f64,
}

const WIDTH: f64 = 864.0;
const RIGHT: f64 = WIDTH - 40.0;
const NAMES: f64 = 208.0;
const ROW: f64 = 26.0;
const TOP: f64 = 12.0;

/// Scores and how far they lie apart. The page shows the same as a table, whose id stands here.
#[must_use]
pub fn score_spread(caption: &str, rows: &[SpreadRow], table_id: &str) -> Html {
    let left = rows.iter().map(|r| width(&r.name)).fold(0.0, f64::max).min(NAMES) + 32.0;
    let x = |score: f64| tenth(left + score.clamp(0.0, 100.0) / 100.0 * (RIGHT - left));
    #[expect(clippy::cast_precision_loss, reason = "a page has tens of rows")]
    let y = |row: usize| TOP + row as f64 * ROW + ROW / 2.0;
    let axis = y(rows.len());
    let height = axis + 30.0;
    html(maud! {
        figure class="figure" {
            figcaption id="spread-caption" { (caption) }
            div class="figure-scroll" role="region" aria-labelledby="spread-caption" tabindex="0" {
                svg viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-labelledby="spread-title spread-desc" {
                    title id="spread-title" { (caption) }
                    desc id="spread-desc" { (described(rows)) }
                    @for score in [0u8, 25, 50, 75, 100] {
                        @let at = x(f64::from(score));
                        line class="fig-grid" x1=(at) y1=(TOP) x2=(at) y2=(axis) {}
                        text class="fig-muted" x=(at) y=(axis + 20.0) text-anchor="middle" { (score) }
                    }
                    @for (i, row) in rows.iter().enumerate() { (one(row, y(i), &x)) }
                }
            }
            p class="muted" { "A point is one assessor’s score, the bar across is their mean. " a href={ "#" (table_id) } { "The same as a table" } "." }
        }
    })
}

fn one(row: &SpreadRow, y: f64, x: &impl Fn(f64) -> f64) -> Html {
    let (least, most) = row.scores.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), s| (a.min(*s), b.max(*s)));
    let mean = x(row.mean);
    let most_letters = 27;
    let name: String = match row.name.chars().count() > most_letters {
        true => row.name.chars().take(most_letters - 1).chain(['…']).collect(),
        false => row.name.clone(),
    };
    html(maud! {
        text class="fig-row" x="14" y=(y + 5.0) { (name) }
        @if !row.scores.is_empty() {
            line class="fig-spread" x1=(x(least)) y1=(y) x2=(x(most)) y2=(y) {}
            @for score in &row.scores { circle class="fig-score" cx=(x(*score)) cy=(y) r="5" {} }
            line class="fig-mean" x1=(mean) y1=(y - 9.0) x2=(mean) y2=(y + 9.0) {}
        }
    })
}

fn described(rows: &[SpreadRow]) -> String {
    let widest = rows.iter().filter(|r| r.scores.len() > 1).max_by(|a, b| apart(a).total_cmp(&apart(b)));
    let applications = if rows.len() == 1 { "1 application".to_string() } else { format!("{} applications", rows.len()) };
    match widest {
        Some(row) => format!("{applications}; the scores of {} lie furthest apart, by {:.0} of 100.", row.name, apart(row)),
        None => format!("{applications}, none of them scored by two."),
    }
}

fn apart(row: &SpreadRow) -> f64 {
    let (least, most) = row.scores.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), s| (a.min(*s), b.max(*s)));
    (most - least).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, scores: &[f64]) -> SpreadRow {
        SpreadRow { name: name.into(), scores: scores.to_vec(), mean: 50.0 }
    }

    #[test]
    fn every_score_is_drawn_and_the_widest_is_named() {
        let rows = [row("One", &[20.0, 80.0]), row("Two", &[50.0, 60.0, 70.0]), row("Three", &[])];
        let drawn = score_spread("Scores", &rows, "scores");
        let drawn = drawn.as_str();
        assert_eq!(drawn.matches("fig-score").count(), 5);
        assert!(drawn.contains("the scores of One lie furthest apart, by 60 of 100"));
        assert!(!drawn.contains("NaN") && !drawn.contains("inf"));
    }
}
