//! Programmes: loading a design, its versions, and the public pages that say what a programme is.

mod about;
mod adopt;
mod design_page;
mod list;
mod sources;
mod timeline;
mod versions;

use design::{Citation, DaysLine, Statement};
use kernel::{Days, Money};
use ui::{Html, parts};

use crate::ground::html::*;
use crate::ground::{Cx, Route, Who};

pub use adopt::{Adopted, adopt};
pub(crate) use adopt::{Loading, into_write};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::page("/programmes", Who::Anyone, list::page),
        Route::page("/programmes/{programme}", Who::Anyone, about::page),
        Route::page("/programmes/{programme}/design", Who::Anyone, design_page::page),
        Route::page("/programmes/{programme}/design/versions", Who::Anyone, versions::page),
        Route::page("/programmes/{programme}/sources", Who::Anyone, sources::of_programme),
        Route::page("/sources", Who::Anyone, sources::all),
    ]
}

/// Citations as a reader would write them: publisher, year and section, each leading to the document. Where the list of
/// sources does not have it, the page says so and leads nowhere.
pub(crate) fn cited(cx: &Cx, citations: &[Citation]) -> Vec<(String, String)> {
    let sources = &cx.app().sources;
    let cite = |c: &Citation| {
        let Some(source) = sources.get(&c.document) else {
            let why = if sources.0.is_empty() { "the list of sources is not loaded" } else { "not in the list of sources" };
            return (format!("source {} ({why})", c.document), String::new());
        };
        let year = source.date.as_deref().and_then(|d| d.split(' ').next_back()).map(|y| format!(" {y}")).unwrap_or_default();
        let section = match c.section.as_deref() {
            Some(section) if section.starts_with(|c: char| c.is_ascii_digit()) => format!(", section {section}"),
            Some(section) => format!(", {section}"),
            None => String::new(),
        };
        (format!("{}{year}{section}", source.publisher), format!("/sources#{}", c.document))
    };
    citations.iter().map(cite).collect()
}

/// Statements one below the other, each with its source.
pub(crate) fn statements(cx: &Cx, statements: &[Statement]) -> Html {
    ui::html(maud! {
        @if statements.is_empty() { p { (parts::not_stated()) } }
        @else {
            ul class="statements" {
                @for statement in statements {
                    li {
                        p {
                            (&statement.text)
                            @if let Some(status) = statement.status { " " (parts::tag(status.words(), parts::Tone::Neutral)) }
                        }
                        @if let Some(evidence) = &statement.evidence { p class="muted" { (evidence) } }
                        (parts::sources(&cited(cx, &statement.sources)))
                    }
                }
            }
        }
    })
}

/// An amount, or the most it can be.
pub(crate) fn amount(amount: Money, up_to: bool) -> String {
    if up_to { format!("up to {amount}") } else { amount.to_string() }
}

/// Days as the design gives them: how many, how often, and whether for each place.
pub(crate) fn days_given(line: &DaysLine) -> String {
    let each = if line.per_place { " for each place" } else { "" };
    format!("{} {}{each}", Days::from_quarters(i64::from(line.quarter_days)), line.per.words())
}
