//! Published grants: what is found, by what it could be narrowed, and what it comes to year by year.

use std::collections::BTreeMap;

use facets::{Choice, Counted, Index};
use kernel::Fault;
use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{portfolio, published_grant};
use ui::parts::{self, FilterGroup, FilterOption, Page};
use ui::table::{Cell, Table};
use ui::{Html, figures, html};

use super::asked::{BANDS, LISTS, band, matching, order, with};
use super::money::amount;
use super::shelf::Shelf;
use super::{href, import};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft};

const PAGE: usize = 50;
/// Nobody turns more pages than this; what lies beyond is for narrowing and for taking along.
const PAGES: usize = 200;
/// So many of each list are offered.
const TOP: usize = 8;

/// A grant as it stands in the list.
#[derive(sea_orm::FromQueryResult)]
struct Row {
    number: i64,
    grant_id: String,
    title: String,
    funder: String,
    recipient: String,
    amount: i64,
    currency: String,
    awarded_on: kernel::Day,
}

pub(super) async fn page(cx: Cx) -> Answer {
    let portfolios = import::current(&cx.app().db).await?;
    if portfolios.is_empty() {
        let why = "They stand here once funders, or the programmes of this site, have published theirs.";
        return Ok(draft().page(&cx, parts::empty_state("No grants yet", why, None)));
    }
    let index = cx.app().memory::<Shelf>().index(&cx.app().db).await?;
    let matches = matching(&cx, &index).await?;
    let number = cx.query("page").parse().unwrap_or(1).clamp(1, PAGES);
    let (order, found_in) = (order(&cx), index.clone());
    let bounds = BANDS.map(|(from, ..)| from);
    let look = move || (found_in.count(&matches, TOP, &bounds), found_in.some(&matches, order, (number - 1) * PAGE, PAGE));
    let (found, numbers) = tokio::task::spawn_blocking(look).await.map_err(|e| Fault::new("count grants", e))?;
    let rows = rows(&cx, numbers).await?;
    let of = usize::try_from(found.all.div_ceil(PAGE as u64)).unwrap_or(PAGES).clamp(1, PAGES);
    let pages = Page { number, of, base_href: with(&cx, "/grants", &[]) };
    Ok(draft().page(
        &cx,
        maud! {
            (asking(&cx))
            (chosen(&cx, &index))
            p { (sentence(&found)) }
            @if found.all > 0 {
                (parts::filters(&filters(&cx, &index, &found)))
                (over_time(&found))
                (parts::section("grants", "Grants", maud! {
                    (table(&rows))
                    (parts::pagination(&pages))
                    @if found.all > (PAGES * PAGE) as u64 && number == PAGES {
                        p { "More pages than these are not shown. Narrow the list, or download all of it." }
                    }
                }))
                (downloads(&cx))
            } @else { p { "Nothing published here matches. Try fewer or other words, or " a href="/grants" { "show every grant" } "." } }
            (sources(&portfolios))
        },
    ))
}

fn draft() -> Draft {
    Draft::new("Published grants").lead("What funders have awarded, as they publish it by the 360Giving Data Standard.")
}

async fn rows(cx: &Cx, numbers: Vec<i64>) -> Result<Vec<Row>, Fault> {
    use published_grant::Column::{Amount, AwardedOn, Currency, Funder, GrantId, Number, Recipient, Title};
    let rows = published_grant::Entity::find().filter(Number.is_in(numbers.iter().copied())).select_only();
    let rows = rows.columns([Number, GrantId, Title, Funder, Recipient, Amount, Currency, AwardedOn]).into_model::<Row>();
    let rows = rows.all(cx.read()).await.map_err(fault("list grants"))?;
    let mut by_number: BTreeMap<i64, Row> = rows.into_iter().map(|row| (row.number, row)).collect();
    Ok(numbers.iter().filter_map(|number| by_number.remove(number)).collect())
}

fn asking(cx: &Cx) -> Html {
    ui::form::asking_form(
        "/grants",
        maud! {
            @for name in ["funder", "programme", "area", "currency", "year", "amount", "sort"] {
                @if !cx.query(name).is_empty() { (ui::form::hidden(name, cx.query(name))) }
            }
            (ui::form::text(ui::form::Field::new("q", "Words in a grant").hint("What it is for, who received it, who gave it, or where. All words have to be in it.").value(cx.query("q"))))
            (ui::form::secondary_button("Search"))
        },
    )
}

/// What the list is narrowed by, each with the way back.
fn chosen(cx: &Cx, index: &Index) -> Html {
    let mut all: Vec<(&str, &str, String)> = Vec::new();
    if !cx.query("q").is_empty() {
        all.push(("q", "Words", cx.query("q").to_string()));
    }
    for (name, label, list) in LISTS {
        let key = cx.query(name);
        if !key.is_empty() {
            all.push((name, label, index.name(list, key).unwrap_or(key).to_string()));
        }
    }
    if !cx.query("year").is_empty() {
        all.push(("year", "Year", cx.query("year").to_string()));
    }
    if let Some(band) = band(cx) {
        all.push(("amount", "Amount", BANDS[band].2.to_string()));
    }
    html(maud! {
        @if !all.is_empty() {
            ul class="narrowed" aria-label="The list is narrowed to" {
                @for (name, label, text) in &all {
                    li { span class="muted" { (label) ": " } (text) " " a href=(with(cx, "/grants", &[(name, "")])) { "Remove" span class="govuk-visually-hidden" { " " (label) " " (text) } } }
                }
            }
        }
    })
}

/// How many there are and what they come to, a sum for each currency.
fn sentence(found: &Counted) -> String {
    let mut sums: Vec<(String, u64, i128)> = Vec::new();
    for sum in &found.sums {
        match sums.last_mut().filter(|(currency, ..)| *currency == sum.currency) {
            Some((_, count, amount)) => (*count, *amount) = (*count + sum.count, *amount + sum.amount),
            None => sums.push((sum.currency.clone(), sum.count, sum.amount)),
        }
    }
    sums.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let each: Vec<String> = sums.iter().map(|(currency, _, sum)| amount(*sum, currency)).collect();
    let grants = if found.all == 1 { "grant" } else { "grants" };
    let together = match each.len() {
        0 => String::new(),
        1 => format!(", {} in all", each[0]),
        _ => format!(": {}. Sums are taken for each currency by itself", each.join(", ")),
    };
    format!("{} {grants}{together}.", thousands(found.all))
}

pub(super) fn thousands(count: u64) -> String {
    let text = amount(i128::from(count) * 100, "");
    text.trim_end().to_string()
}

/// By what the list could be narrowed. Each count is of the grants that would be left.
fn filters(cx: &Cx, index: &Index, found: &Counted) -> Vec<FilterGroup> {
    let option = |name: &str, key: &str, text: String, count: Option<u64>| FilterOption {
        text,
        href: with(cx, "/grants", &[(name, key)]),
        current: cx.query(name) == key,
        count: count.and_then(|count| usize::try_from(count).ok()),
    };
    let mut groups = Vec::new();
    for (name, label, list) in LISTS {
        let (choices, all) = &found.lists[list];
        let key = cx.query(name);
        let mut options: Vec<FilterOption> = Vec::new();
        if !key.is_empty() {
            options.push(option(name, "", "All".into(), None));
            options.push(option(name, key, index.name(list, key).unwrap_or(key).to_string(), None));
        } else if *all > 1 {
            options.extend(choices.iter().map(|Choice { key, name: text, count }| option(name, key, text.clone(), Some(*count))));
        }
        let label =
            if options.len() < *all && key.is_empty() { format!("{label}, the commonest {TOP} of {all}") } else { label.into() };
        groups.push(FilterGroup { label, options });
    }
    let mut years: BTreeMap<u16, u64> = BTreeMap::new();
    found.sums.iter().for_each(|sum| *years.entry(sum.year).or_default() += sum.count);
    let mut by_year: Vec<FilterOption> =
        years.iter().rev().map(|(year, count)| option("year", &year.to_string(), year.to_string(), Some(*count))).collect();
    if !cx.query("year").is_empty() {
        by_year.insert(0, option("year", "", "All".into(), None));
    }
    groups.push(FilterGroup { label: "Year".into(), options: by_year });
    let bands = BANDS.iter().zip(&found.bands).filter(|(_, count)| **count > 0);
    let mut bands: Vec<FilterOption> =
        bands.map(|((_, key, text), count)| option("amount", key, (*text).into(), Some(*count))).collect();
    if band(cx).is_some() {
        bands.insert(0, option("amount", "", "All".into(), None));
    }
    groups.push(FilterGroup { label: "Amount".into(), options: bands });
    let sorts = [("", "Newest first"), ("amount", "Largest first")];
    groups.push(FilterGroup {
        label: "In order of".into(),
        options: sorts.map(|(key, text)| option("sort", key, text.into(), None)).to_vec(),
    });
    groups.retain(|group| group.options.len() > 1);
    groups
}

/// Amounts year by year, in the currency of the most grants; the table has them all.
fn over_time(found: &Counted) -> Html {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    found.sums.iter().for_each(|sum| *counts.entry(&sum.currency).or_default() += sum.count);
    let main = counts.iter().max_by_key(|(_, count)| **count).map(|(currency, _)| (*currency).to_string()).unwrap_or_default();
    let years = found.sums.iter().map(|sum| figures::YearSum {
        year: sum.year,
        currency: sum.currency.clone(),
        amount: amount(sum.amount, &sum.currency),
        count: sum.count,
        #[expect(clippy::cast_precision_loss, reason = "the height of a bar needs no pence")]
        height: (sum.currency == main).then_some(sum.amount as f64),
    });
    let caption = format!("Amounts awarded by year, in {main}");
    parts::section("by-year", "Year by year", figures::year_sums(&caption, &years.collect::<Vec<_>>()))
}

fn table(rows: &[Row]) -> Html {
    let rows = rows.iter().map(|row| {
        vec![
            Cell::link(&href(&row.grant_id), &row.title).head(),
            if row.recipient.is_empty() { Cell::not_stated() } else { Cell::text(&row.recipient) },
            Cell::text(&row.funder),
            Cell::day(row.awarded_on),
            Cell::number(amount(row.amount.into(), &row.currency)),
        ]
    });
    Table::new("Grants", &["Grant", "Received by", "Funder", "Awarded", "Amount"], rows.collect()).quiet().html()
}

fn downloads(cx: &Cx) -> Html {
    parts::section(
        "downloads",
        "Download what is shown",
        maud! {
            p { "All pages of this list, with every field as it was published." }
            ul class="govuk-list govuk-list--bullet" {
                li { a href=(with(cx, "/grants.json", &[])) { "As JSON, a package of the 360Giving Data Standard" } }
                li { a href=(with(cx, "/grants.csv", &[])) { "As CSV" } }
                li { a href=(with(cx, "/grants.xlsx", &[])) { "As an Excel workbook" } }
            }
        },
    )
}

/// Where the grants come from.
fn sources(portfolios: &[portfolio::Model]) -> Html {
    let rows = portfolios.iter().map(|p| {
        let link = |text: &Option<String>| match text {
            Some(text) if text.starts_with("https://") || text.starts_with("http://") => Cell::link(text, text),
            Some(text) => Cell::text(text),
            None => Cell::not_stated(),
        };
        vec![
            Cell::text(&p.publisher).head(),
            Cell::text(&p.file),
            Cell::number(thousands(u64::try_from(p.grants).unwrap_or(0))),
            link(&p.licence),
            p.imported_at.map_or_else(Cell::not_stated, |at| Cell::day(at.day())),
        ]
    });
    let table = Table::new("Portfolios", &["Publisher", "File", "Grants", "Licence", "Imported"], rows.collect()).quiet().html();
    parts::details(
        "Where these grants come from, and what the numbers mean",
        maud! {
            p { "Each count is exact: it says how many grants would be left. A grant counts once for each of its funders, programmes and areas. An area is where a grant is for; where a publisher does not say that, it is where those are who received it." }
            (table)
        },
    )
}
