//! Bars one below the other: how many of each, or of each the shares of several answers.

use super::scale::{tenth, width};
use crate::dsl::*;
use crate::table::{Cell, Table};

const WIDTH: f64 = 864.0;
const BAR: f64 = 22.0;
const STEP: f64 = 56.0;
/// There are so many fills; further answers begin again.
const FILLS: usize = 5;

#[expect(clippy::cast_precision_loss, reason = "far fewer than a picture could show")]
const fn count(n: u64) -> f64 {
    n as f64
}

#[expect(clippy::cast_precision_loss, reason = "far fewer than a picture could show")]
const fn top(row: usize) -> f64 {
    row as f64 * STEP
}

/// How many of each, as a picture and as a table. `id` tells this picture from the others of the page; `of` heads the first
/// column, `what` the numbers.
#[must_use]
pub fn count_bars(id: &str, caption: &str, (of, what): (&str, &str), rows: &[(String, u64)]) -> Html {
    let most = rows.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
    let long = |n: u64| tenth((count(n) / count(most) * (WIDTH - 80.0)).max(1.0));
    let said: Vec<String> = rows.iter().map(|(name, n)| format!("{name}: {n}")).collect();
    let cells = rows.iter().map(|(name, n)| vec![Cell::text(name).head(), Cell::number(n)]).collect();
    let sum: u64 = rows.iter().map(|(_, n)| n).sum();
    let headers = [of, what];
    let table = Table::new(caption, &headers, cells).quiet().foot(vec![Cell::text("All").head(), Cell::number(sum)]).html();
    let drawn = html(maud! {
        @for (i, (name, n)) in rows.iter().enumerate() {
            text x="0" y=(top(i) + 18.0) class="fig-inside" { (name) }
            rect x="0" y=(top(i) + 26.0) width=(long(*n)) height=(BAR) class="fig-chosen" {}
            text x=(long(*n) + 10.0) y=(top(i) + 43.0) class="fig-inside" { (n) }
        }
    });
    framed(id, caption, (&format!("{}. The table below holds the numbers.", said.join("; ")), rows.len()), &drawn, &table)
}

/// One bar: how many gave each of the answers.
#[derive(Debug, Clone)]
pub struct ShareRow {
    pub name: String,
    /// In the order of the answers.
    pub counts: Vec<u64>,
}

/// Of each row the share of every answer, as a picture and as a table. `of` heads the first column.
#[must_use]
pub fn share_bars(id: &str, caption: &str, of: &str, answers: &[String], rows: &[ShareRow]) -> Html {
    let said = |row: &ShareRow| {
        let each: Vec<String> = answers.iter().zip(&row.counts).map(|(answer, n)| format!("{answer} {n}")).collect();
        format!("{}: {}", row.name, each.join(", "))
    };
    let described = format!("{}. The table below holds the numbers.", rows.iter().map(said).collect::<Vec<_>>().join("; "));
    let headers: Vec<&str> = std::iter::once(of).chain(answers.iter().map(String::as_str)).chain(["All"]).collect();
    let cells = rows.iter().map(|row| {
        let all: u64 = row.counts.iter().sum();
        let shares = row.counts.iter().map(|n| Cell::number(format!("{n} ({}%)", percent(*n, all))));
        std::iter::once(Cell::text(&row.name).head()).chain(shares).chain([Cell::number(all)]).collect()
    });
    let table = Table::new(caption, &headers, cells.collect()).quiet().html();
    let key = html(maud! {
        ul class="figure-key" {
            @for (i, answer) in answers.iter().enumerate() { li { span class={ "fig-key fig-share-" (i % FILLS + 1) "-key" } {} (answer) } }
        }
    });
    let drawn = html(maud! {
        @for (i, row) in rows.iter().enumerate() {
            text x="0" y=(top(i) + 18.0) class="fig-inside" { (cut(&row.name)) }
            @for (at, (from, wide)) in pieces(&row.counts).into_iter().enumerate() {
                @if wide > 0.0 { rect x=(from) y=(top(i) + 26.0) width=(wide) height=(BAR) class={ "fig-share fig-share-" (at % FILLS + 1) } {} }
            }
        }
    });
    let below = html(maud! { (key) (table) });
    framed(id, caption, (&described, rows.len()), &drawn, &below)
}

/// A name that is too long for the picture stands whole in the table.
fn cut(name: &str) -> String {
    if width(name) <= WIDTH {
        return name.to_string();
    }
    let kept: String = name.chars().take(100).collect();
    format!("{kept}…")
}

/// Where each piece of a bar begins and how wide it is.
fn pieces(counts: &[u64]) -> Vec<(f64, f64)> {
    let all = count(counts.iter().sum::<u64>().max(1));
    let mut from = 0.0;
    counts
        .iter()
        .map(|n| {
            let wide = tenth(count(*n) / all * WIDTH);
            let piece = (tenth(from), wide);
            from += wide;
            piece
        })
        .collect()
}

/// In whole per cent, rounded.
const fn percent(n: u64, all: u64) -> u64 {
    if all == 0 { 0 } else { (n * 200 + all) / (all * 2) }
}

fn framed(id: &str, caption: &str, (described, rows): (&str, usize), drawn: &Html, below: &Html) -> Html {
    let height = top(rows) + 4.0;
    html(maud! {
        figure class="figure" {
            figcaption id={ (id) "-caption" } { (caption) }
            div class="figure-scroll" role="region" aria-labelledby={ (id) "-caption" } tabindex="0" {
                svg viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-labelledby={ (id) "-title " (id) "-desc" } {
                    title id={ (id) "-title" } { (caption) }
                    desc id={ (id) "-desc" } { (described) }
                    (drawn)
                }
            }
            (below)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_number() {
        let drawn = count_bars("who", "Who came", ("Sector", "People"), &[("NHS".into(), 8), ("Council".into(), 4)]);
        let drawn = drawn.as_str();
        assert!(drawn.contains(r#"width="784.0""#) && drawn.contains(r#"width="392.0""#), "{drawn}");
        assert!(drawn.contains("NHS: 8; Council: 4") && drawn.contains(">12<"), "{drawn}");
    }

    #[test]
    fn shares_fill_the_bar() {
        assert_eq!(pieces(&[1, 0, 3]), [(0.0, 216.0), (216.0, 0.0), (216.0, 648.0)]);
        assert_eq!((percent(1, 3), percent(2, 3), percent(0, 0)), (33, 67, 0));
        let row = ShareRow { name: "In a room".into(), counts: vec![1, 3] };
        let drawn = share_bars("f", "Was it worth it?", "Event", &["No".into(), "Yes".into()], &[row]);
        assert!(drawn.as_str().contains("3 (75%)") && drawn.as_str().contains("In a room: No 1, Yes 3"), "{}", drawn.as_str());
    }

    #[test]
    fn nothing_still_draws() {
        for drawn in [count_bars("a", "A", ("B", "C"), &[]), share_bars("a", "A", "B", &[], &[])] {
            assert!(!drawn.as_str().contains("NaN") && !drawn.as_str().contains("inf"), "{}", drawn.as_str());
        }
    }
}
