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
const LINE: f64 = 18.0;
const TOP: f64 = 12.0;
/// As many letters as stand beside each other in a row's name.
const LETTERS: usize = 27;

/// Scores and how far they lie apart. The page shows the same as a table, whose id stands here.
#[must_use]
pub fn score_spread(caption: &str, rows: &[SpreadRow], table_id: &str) -> Html {
    let names: Vec<Vec<String>> = rows.iter().map(|r| lines(&r.name)).collect();
    let left = names.iter().flatten().map(|line| width(line)).fold(0.0, f64::max).min(NAMES) + 32.0;
    let x = |score: f64| tenth(left + score.clamp(0.0, 100.0) / 100.0 * (RIGHT - left));
    // A row is as high as its name has lines.
    let mut axis = TOP;
    let mut placed = Vec::new();
    for (row, name) in rows.iter().zip(&names) {
        #[expect(clippy::cast_precision_loss, reason = "a name has a few lines")]
        let high = ROW + name.len().saturating_sub(1) as f64 * LINE;
        placed.push((row, name, axis + high / 2.0));
        axis += high;
    }
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
                    @for (row, name, y) in &placed { (one(row, name, *y, &x)) }
                }
            }
            p class="muted" { "A point is one assessor’s score, the bar across is their mean. " span class="not-on-paper" { a href={ "#" (table_id) } { "The same as a table" } "." } }
        }
    })
}

/// A name in lines, broken between words; a word that is longer than a line is broken where the line ends.
fn lines(name: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in name.split_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        for (i, piece) in letters.chunks(LETTERS).enumerate() {
            let piece: String = piece.iter().collect();
            match lines.last_mut() {
                Some(last) if i == 0 && last.chars().count() + 1 + piece.chars().count() <= LETTERS => {
                    last.push(' ');
                    last.push_str(&piece);
                }
                _ => lines.push(piece),
            }
        }
    }
    lines
}

fn one(row: &SpreadRow, name: &[String], y: f64, x: &impl Fn(f64) -> f64) -> Html {
    let (least, most) = row.scores.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), s| (a.min(*s), b.max(*s)));
    let mean = x(row.mean);
    #[expect(clippy::cast_precision_loss, reason = "a name has a few lines")]
    let first = y + 5.0 - name.len().saturating_sub(1) as f64 * LINE / 2.0;
    #[expect(clippy::cast_precision_loss, reason = "a name has a few lines")]
    let at = |line: usize| first + line as f64 * LINE;
    html(maud! {
        @for (i, line) in name.iter().enumerate() { text class="fig-row" x="14" y=(at(i)) { (line) } }
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

    #[test]
    fn a_long_name_is_broken_and_nothing_of_it_is_lost() {
        let name = "AUTUMN-0007 Everybody Together for Better Health along the Upper Estuary";
        let broken = lines(name);
        assert_eq!(broken.join(" "), name);
        assert!(broken.len() > 1 && broken.iter().all(|line| line.chars().count() <= LETTERS));
        let long = "x".repeat(60);
        assert_eq!(lines(&long).concat(), long);
        let drawn = score_spread("Scores", &[row(name, &[20.0, 80.0]), row("Two", &[50.0])], "scores");
        assert!(broken.iter().all(|line| drawn.as_str().contains(&format!(">{line}</text>"))) && !drawn.as_str().contains('…'));
    }
}
