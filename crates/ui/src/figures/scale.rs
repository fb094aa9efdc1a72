//! Where a day falls on a picture, and where its name finds room.

use kernel::Day;

/// From days to places across the picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    pub from: Day,
    pub to: Day,
    pub left: f64,
    pub right: f64,
}

impl Scale {
    /// What falls outside is drawn at the edge.
    pub(super) fn x(&self, day: Day) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a count of days is far below what a float holds exactly")]
        let share = self.days().map_or(0.0, |span| day.days_since(self.from) as f64 / span);
        tenth(self.left + share.clamp(0.0, 1.0) * (self.right - self.left))
    }

    #[expect(clippy::cast_precision_loss, reason = "a count of days is far below what a float holds exactly")]
    fn days(self) -> Option<f64> {
        let days = self.to.days_since(self.from);
        (days > 0).then_some(days as f64)
    }

    /// The days at which the picture is ruled, with what is written there: years, or months of a short span.
    pub(super) fn ruling(&self) -> Vec<(Day, String)> {
        let months = self.to.days_since(self.from) / 30;
        let step: i32 = match months {
            0..=7 => 1,
            8..=30 => 3,
            31..=180 => 12,
            _ => 60,
        };
        let first = if step >= 12 { Day::new(self.from.year(), 1, 1) } else { Day::new(self.from.year(), self.from.month(), 1) };
        let mut ruled = Vec::new();
        let Ok(mut day) = first else { return ruled };
        while day <= self.to {
            let aligned = step >= 12 || (day.month() - 1).is_multiple_of(step.unsigned_abs());
            if day >= self.from && aligned {
                let name = day.to_string();
                let words: Vec<&str> = name.split(' ').collect();
                let text = if step >= 12 {
                    day.year().to_string()
                } else {
                    words[1..].iter().map(|w| short(w)).collect::<Vec<_>>().join(" ")
                };
                ruled.push((day, text));
            }
            day = day.plus_months(if step >= 12 { step } else { 1 });
        }
        ruled
    }
}

/// A month's name in three letters; a year as it is.
fn short(word: &str) -> &str {
    if word.starts_with(|c: char| c.is_ascii_digit()) { word } else { &word[..3] }
}

/// Tenths are fine enough for a picture, and short.
pub(super) fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// About how wide a text is at the figures' size of type.
#[expect(clippy::cast_precision_loss, reason = "a text's length is far below what a float holds exactly")]
pub(super) fn width(text: &str) -> f64 {
    text.chars().count() as f64 * 7.7
}

/// A name beside a point, in the first row where it runs into no other.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub text: String,
    pub x: f64,
    /// Where the text stands, and whether it ends there rather than begins.
    pub at: f64,
    pub ends: bool,
    pub row: usize,
}

/// Finds room for names, each beginning at its point or, near the right edge, ending there.
pub(super) fn place(names: Vec<(f64, String)>, right: f64) -> Vec<Placed> {
    const GAP: f64 = 12.0;
    let mut names = names;
    names.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut taken: Vec<Vec<(f64, f64)>> = Vec::new();
    names
        .into_iter()
        .map(|(x, text)| {
            let ends = x + GAP + width(&text) > right;
            let (from, to) = if ends { (x - GAP - width(&text), x) } else { (x, x + GAP + width(&text)) };
            let free = |row: &Vec<(f64, f64)>| row.iter().all(|&(a, b)| to < a || from > b);
            let row = taken.iter().position(free).unwrap_or(taken.len());
            if row == taken.len() {
                taken.push(Vec::new());
            }
            taken[row].push((from, to));
            Placed { text, x, at: if ends { x - 8.0 } else { x + 8.0 }, ends, row }
        })
        .collect()
}

/// Heights for names that want to stand at these, moved down as far as it takes that none runs into the one above.
pub(super) fn place_down(wanted: &[f64], apart: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]));
    let mut placed = wanted.to_vec();
    for pair in order.windows(2) {
        placed[pair[1]] = placed[pair[1]].max(placed[pair[0]] + apart);
    }
    placed
}

/// How many rows the names took.
#[expect(clippy::cast_precision_loss, reason = "a handful of rows")]
pub(super) fn rows(placed: &[Placed]) -> f64 {
    placed.iter().map(|p| p.row + 1).max().unwrap_or(0) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_outside_is_drawn_at_the_edge() {
        let scale = Scale { from: day("2013-01-01"), to: day("2020-12-31"), left: 100.0, right: 900.0 };
        assert!((scale.x(day("1999-01-01")) - 100.0).abs() < 0.05);
        assert!((scale.x(day("2050-01-01")) - 900.0).abs() < 0.05);
        assert_eq!(scale.ruling().len(), 8);
    }

    #[test]
    fn a_span_of_no_days_still_draws() {
        let scale = Scale { from: day("2013-01-01"), to: day("2013-01-01"), left: 0.0, right: 10.0 };
        assert!(scale.x(day("2013-01-01")).is_finite());
    }

    #[test]
    fn months_rule_a_short_span() {
        let scale = Scale { from: day("2026-02-10"), to: day("2026-06-20"), left: 0.0, right: 100.0 };
        assert_eq!(
            scale.ruling().iter().map(|(_, t)| t.as_str()).collect::<Vec<_>>(),
            ["Mar 2026", "Apr 2026", "May 2026", "Jun 2026"]
        );
    }

    #[test]
    fn names_never_run_into_each_other() {
        let names = (0..12u8).map(|i| (f64::from(i) * 30.0, format!("A name that takes room {i}"))).collect();
        let placed = place(names, 400.0);
        for (i, a) in placed.iter().enumerate() {
            for b in &placed[i + 1..] {
                let span = |p: &Placed| if p.ends { (p.at - width(&p.text), p.at) } else { (p.at, p.at + width(&p.text)) };
                let ((af, at), (bf, bt)) = (span(a), span(b));
                assert!(a.row != b.row || at < bf || bt < af, "{} and {}", a.text, b.text);
            }
        }
    }
}
