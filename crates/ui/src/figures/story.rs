//! The lines of a plan through its versions: where each begins, changes and ends.

use crate::dsl::*;
use crate::table::{Cell, Table};

/// What a version has of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoryPoint {
    Absent,
    New,
    Same,
    Changed,
}

impl StoryPoint {
    const fn words(self) -> &'static str {
        match self {
            Self::Absent => "—",
            Self::New => "new",
            Self::Same => "as before",
            Self::Changed => "changed",
        }
    }
}

/// A line with what each version has of it.
#[derive(Debug, Clone)]
pub struct StoryLine {
    pub name: String,
    pub part: String,
    /// In the order of the versions.
    pub points: Vec<StoryPoint>,
}

const WIDTH: f64 = 864.0;
/// Room for the names, to the left.
const NAMES: f64 = 360.0;
const ROW: f64 = 28.0;
const TOP: f64 = 32.0;
/// As many letters of a name as there is room for; the table has them all.
const LETTERS: usize = 44;

/// The lines through the versions, as a picture and as a table.
#[must_use]
pub fn plan_story(caption: &str, versions: &[String], lines: &[StoryLine]) -> Html {
    #[expect(clippy::cast_precision_loss, reason = "a handful of lines and versions")]
    let (height, step) = (TOP + ROW * lines.len() as f64 + 8.0, (WIDTH - NAMES) / versions.len().max(1) as f64);
    #[expect(clippy::cast_precision_loss, reason = "a handful of lines and versions")]
    let (x, y) = (|version: usize| NAMES + step * (version as f64 + 0.5), |row: usize| TOP + ROW * (row as f64 + 0.5));
    html(maud! {
        figure class="figure" {
            figcaption id="story-caption" { (caption) ". A ring is where a line begins, a filled dot where it changed." }
            div class="figure-scroll" role="region" aria-labelledby="story-caption" tabindex="0" {
                svg viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-labelledby="story-title story-desc" {
                    title id="story-title" { (caption) }
                    desc id="story-desc" { (lines.len()) " lines through " (versions.len()) " versions. The table below holds what became of each." }
                    @for (v, name) in versions.iter().enumerate() {
                        line class="fig-grid" x1=(x(v)) y1=(TOP) x2=(x(v)) y2=(height) {}
                        text class="fig-inside" x=(x(v)) y=(TOP - 10.0) text-anchor="middle" { (name) }
                    }
                    @for (row, line) in lines.iter().enumerate() {
                        text class="fig-inside" x="0" y=(y(row) + 5.0) { (short(&line.name)) }
                        @for (v, point) in line.points.iter().enumerate() {
                            @if v + 1 < line.points.len() && *point != StoryPoint::Absent && line.points[v + 1] != StoryPoint::Absent {
                                line class="fig-step fig-whole" x1=(x(v)) y1=(y(row)) x2=(x(v + 1)) y2=(y(row)) {}
                            }
                        }
                        @for (v, point) in line.points.iter().enumerate() {
                            @match point {
                                StoryPoint::New => { circle class="fig-ring" cx=(x(v)) cy=(y(row)) r="6" {} }
                                StoryPoint::Changed => { circle class="fig-dot" cx=(x(v)) cy=(y(row)) r="6" {} }
                                StoryPoint::Same | StoryPoint::Absent => {}
                            }
                        }
                    }
                }
            }
            (as_table(caption, versions, lines))
        }
    })
}

fn short(name: &str) -> String {
    match name.char_indices().nth(LETTERS) {
        Some((at, _)) => format!("{}…", &name[..at]),
        None => name.to_owned(),
    }
}

fn as_table(caption: &str, versions: &[String], lines: &[StoryLine]) -> Html {
    let heads: Vec<&str> = ["Part", "Line"].into_iter().chain(versions.iter().map(String::as_str)).collect();
    let rows = lines.iter().map(|line| {
        let points = line.points.iter().map(|p| Cell::text(p.words()));
        [Cell::text(&line.part), Cell::text(&line.name).head()].into_iter().chain(points).collect()
    });
    Table::new(caption, &heads, rows.collect()).quiet().html()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_drawn_from_where_it_begins_to_where_it_ends() {
        use StoryPoint::{Absent, Changed, New, Same};
        let line =
            |name: &str, points: &[StoryPoint]| StoryLine { name: name.into(), part: "Aims".into(), points: points.to_vec() };
        let lines = [line("Meet weekly", &[New, Changed, Absent]), line("Walk the estate", &[Absent, New, Same])];
        let heads = ["Version 1".to_string(), "Version 2".into(), "Version 3".into()];
        let drawn = plan_story("Lines", &heads, &lines);
        let drawn = drawn.as_str();
        assert_eq!(drawn.matches("fig-step").count(), 2, "{drawn}");
        assert_eq!((drawn.matches("fig-ring").count(), drawn.matches("fig-dot").count()), (2, 1), "{drawn}");
        assert!(drawn.contains("as before"), "{drawn}");
    }
}
