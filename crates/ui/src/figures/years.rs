//! Amounts year by year: a bar for each year, and the years without any left empty.

use super::scale::{tenth, width};
use crate::dsl::*;
use crate::table::{Cell, Table};

/// What a year's amounts of one currency come to.
#[derive(Debug, Clone)]
pub struct YearSum {
    pub year: u16,
    pub currency: String,
    /// As people read it.
    pub amount: String,
    pub count: u64,
    /// How high its bar is; nothing where it is of a currency that is not drawn.
    pub height: Option<f64>,
}

const WIDTH: f64 = 864.0;
const HEIGHT: f64 = 240.0;
/// Room for the amounts above and the years below.
const TOP: f64 = 28.0;
const BOTTOM: f64 = 28.0;

/// Bars of one currency as a picture, and all currencies as a table.
#[must_use]
pub fn year_sums(caption: &str, sums: &[YearSum]) -> Html {
    let drawn: Vec<(&YearSum, f64)> = sums.iter().filter_map(|sum| Some((sum, sum.height?.max(0.0)))).collect();
    let first = drawn.iter().map(|(sum, _)| sum.year).min().unwrap_or(0);
    let last = drawn.iter().map(|(sum, _)| sum.year).max().unwrap_or(0);
    let most = drawn.iter().map(|(_, height)| *height).fold(0.0, f64::max);
    let step = WIDTH / f64::from(last - first + 1);
    let x = |year: u16| tenth(f64::from(year - first) * step + step * 0.1);
    let high = |height: f64| if most > 0.0 { tenth((height / most * (HEIGHT - TOP - BOTTOM)).max(1.0)) } else { 1.0 };
    // Names stand where there is room for them.
    let every = (f64::from(50_u8) / step).ceil().max(1.0);
    let named = |year: u16| f64::from(last - year) % every < 0.5;
    html(maud! {
        figure class="figure" {
            figcaption id="years-caption" { (caption) }
            div class="figure-scroll" role="region" aria-labelledby="years-caption" tabindex="0" {
                svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-labelledby="years-title years-desc" {
                    title id="years-title" { (caption) }
                    desc id="years-desc" { (described(&drawn)) }
                    @for (sum, height) in &drawn {
                        @let top = HEIGHT - BOTTOM - high(*height);
                        rect x=(x(sum.year)) y=(tenth(top)) width=(tenth(step * 0.8)) height=(high(*height)) class="fig-chosen" {}
                        @if width(&sum.amount) < step {
                            text x=(tenth(x(sum.year) + step * 0.4)) y=(tenth(top - 8.0)) text-anchor="middle" class="fig-inside" { (&sum.amount) }
                        }
                    }
                    @for year in (first..=last).filter(|year| named(*year)) {
                        text x=(tenth(x(year) + step * 0.4)) y=(HEIGHT - 8.0) text-anchor="middle" class="fig-muted" { (year) }
                    }
                }
            }
            (crate::parts::details("The same as a table", as_table(caption, sums)))
        }
    })
}

fn described(drawn: &[(&YearSum, f64)]) -> String {
    let most = drawn.iter().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(sum, _)| *sum);
    let span = drawn.first().zip(drawn.last()).map(|((first, _), (last, _))| (first.year, last.year));
    match (span, most) {
        (Some((first, last)), Some(most)) if first < last => format!(
            "From {first} to {last}. The most was awarded in {}: {}. The table below holds the numbers.",
            most.year, most.amount
        ),
        (Some((only, _)), Some(most)) => format!("In {only}: {}. The table below holds the numbers.", most.amount),
        _ => "Nothing was awarded.".to_string(),
    }
}

fn as_table(caption: &str, sums: &[YearSum]) -> Html {
    let rows = sums.iter().map(|sum| {
        vec![
            Cell::text(sum.year.to_string()).head(),
            Cell::text(&sum.currency),
            Cell::number(sum.count),
            Cell::number(&sum.amount),
        ]
    });
    Table::new(caption, &["Year", "Currency", "Grants", "Amount"], rows.collect()).quiet().html()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(year: u16, currency: &str, height: Option<f64>) -> YearSum {
        YearSum { year, currency: currency.into(), amount: format!("{year}!"), count: 2, height }
    }

    #[test]
    fn a_year_without_grants_is_left_empty() {
        let drawn = year_sums("Sums", &[sum(2018, "GBP", Some(100.0)), sum(2020, "GBP", Some(50.0)), sum(2019, "EUR", None)]);
        let drawn = drawn.as_str();
        // Three years of 288 each, of which bars take four fifths; the second is half as high as the first.
        assert!(drawn.contains(r#"<rect x="28.8" y="28.0" width="230.4" height="184.0""#), "{drawn}");
        assert!(drawn.contains(r#"<rect x="604.8" y="120.0" width="230.4" height="92.0""#), "{drawn}");
        assert!(drawn.contains("The most was awarded in 2018: 2018!"));
        assert_eq!(drawn.matches("<rect").count(), 2);
        assert!(drawn.contains("EUR"), "the table has what is not drawn");
    }

    #[test]
    fn nothing_still_draws() {
        for sums in [vec![], vec![sum(2020, "GBP", Some(0.0))], vec![sum(2020, "EUR", None)]] {
            let drawn = year_sums("Sums", &sums);
            assert!(!drawn.as_str().contains("NaN") && !drawn.as_str().contains("inf"), "{}", drawn.as_str());
        }
    }
}
