//! How often each of some things was seen in each of some others: a dot in every cell, as large as the number.

use super::scale::tenth;
use crate::dsl::*;

/// A line of dots, one a column.
#[derive(Debug, Clone)]
pub struct DotRow {
    pub name: String,
    pub counts: Vec<i64>,
}

const WIDTH: f64 = 864.0;
/// The name of a row stands above its dots, so that a narrow screen shows both at once.
const ROW: f64 = 52.0;
const TOP: f64 = 34.0;
const NAME_AT: f64 = 14.0;
const DOTS_AT: f64 = 34.0;
const LEFT: f64 = 8.0;
/// The largest dot fills its cell, nearly.
const LARGEST: f64 = 15.0;
const LETTERS: usize = 80;
const COLUMN_LETTERS: usize = 11;

/// The dots, of `what`: “excerpts”. The page shows the same as a table, whose id stands here; a page may have several.
#[must_use]
pub fn dot_table(caption: &str, columns: &[String], rows: &[DotRow], table_id: &str, what: &str) -> Html {
    let most = rows.iter().flat_map(|r| &r.counts).copied().max().unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "a picture has few rows and columns")]
    let (step, height) = ((WIDTH - LEFT) / columns.len().max(1) as f64, TOP + rows.len() as f64 * ROW + 8.0);
    #[expect(clippy::cast_precision_loss, reason = "a picture has few rows and columns")]
    let (x, y) = (|i: usize| tenth(LEFT + (i as f64 + 0.5) * step), |i: usize| tenth(TOP + i as f64 * ROW));
    html(maud! {
        figure class="figure" {
            figcaption id={ (table_id) "-dots" } { (caption) }
            div class="figure-scroll" role="region" aria-labelledby={ (table_id) "-dots" } tabindex="0" {
                svg viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-labelledby={ (table_id) "-dots-title " (table_id) "-dots-desc" } {
                    title id={ (table_id) "-dots-title" } { (caption) }
                    desc id={ (table_id) "-dots-desc" } { "A dot in each cell, its area as large as the number beside it in the table." }
                    @for (i, column) in columns.iter().enumerate() {
                        text class="fig-muted" x=(x(i)) y="20" text-anchor="middle" { (short(column, COLUMN_LETTERS)) title { (column) } }
                    }
                    @for (i, row) in rows.iter().enumerate() {
                        text x="0" y=(y(i) + NAME_AT) { (short(&row.name, LETTERS)) title { (&row.name) } }
                        line class="fig-grid" x1="0" y1=(y(i) + DOTS_AT) x2=(WIDTH) y2=(y(i) + DOTS_AT) {}
                        @for (j, count) in row.counts.iter().enumerate() {
                            @if *count > 0 {
                                circle class="fig-dot" cx=(x(j)) cy=(y(i) + DOTS_AT) r=(radius(*count, most)) { title { (&row.name) ", " (columns.get(j).map_or("", String::as_str)) ": " (count) } }
                            }
                        }
                    }
                }
            }
            p class="muted" { "The larger the dot, the more " (what) ". " span class="not-on-paper" { a href={ "#" (table_id) } { "The same as a table" } "." } }
        }
    })
}

/// The area goes with the number.
fn radius(count: i64, most: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a dot needs no such precision")]
    let share = count as f64 / most.max(1) as f64;
    tenth((share.sqrt() * LARGEST).max(3.0))
}

fn short(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(letters - 1).collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_is_as_large_as_its_number_and_nothing_has_none() {
        let rows = [DotRow { name: "Trust".into(), counts: vec![4, 0, 1] }];
        let columns = ["Riverside".to_string(), "Northmoor".to_string(), "Fernley".to_string()];
        let page = dot_table("Themes", &columns, &rows, "table", "excerpts").as_str().to_owned();
        assert_eq!(page.matches("<circle").count(), 2);
        assert!(page.contains("r=\"15.0\"") && page.contains("r=\"7.5\""), "{page}");
        assert!(page.contains("Trust, Fernley: 1"));
    }
}
