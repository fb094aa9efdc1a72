//! Facts in pairs, pages of a list, and filters that live in the address.

use crate::dsl::*;

/// A fact: what it is called, what it is, and where it is changed.
#[derive(Debug, Clone)]
pub struct SummaryRow {
    pub key: String,
    pub value: Html,
    /// The link's text and address. Those who listen hear the fact's name after the text.
    pub action: Option<(String, String)>,
}

impl From<(String, Html)> for SummaryRow {
    fn from((key, value): (String, Html)) -> Self {
        Self { key, value, action: None }
    }
}
impl From<(&str, Html)> for SummaryRow {
    fn from((key, value): (&str, Html)) -> Self {
        Self { key: key.to_owned(), value, action: None }
    }
}

/// Facts one below the other.
#[must_use]
pub fn summary_list(rows: Vec<impl Into<SummaryRow>>) -> Html {
    let rows: Vec<SummaryRow> = rows.into_iter().map(Into::into).collect();
    html(maud! {
        dl class="govuk-summary-list" {
            @for row in &rows {
                div class="govuk-summary-list__row" {
                    dt class="govuk-summary-list__key" { (&row.key) }
                    dd class="govuk-summary-list__value" { (&row.value) }
                    @if let Some((text, href)) = &row.action {
                        dd class="govuk-summary-list__actions" {
                            a class="govuk-link" href=(href) { (text) span class="govuk-visually-hidden" { " " (&row.key) } }
                        }
                    }
                }
            }
        }
    })
}

/// Where one is in a long list.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// From 1.
    pub number: usize,
    /// How many pages there are.
    pub of: usize,
    /// The list's address without its page, with its filters.
    pub base_href: String,
}

impl Page {
    fn href(&self, number: usize) -> String {
        let join = if self.base_href.contains('?') { '&' } else { '?' };
        format!("{}{join}page={number}", self.base_href)
    }
}

/// The way to the pages before and after.
#[must_use]
pub fn pagination(page: &Page) -> Html {
    html(maud! {
        @if page.of > 1 {
            nav class="pages" aria-label="Pages" {
                @if page.number > 1 { a rel="prev" href=(page.href(page.number - 1)) { "← Previous page" } }
                span { "Page " (page.number) " of " (page.of) }
                @if page.number < page.of { a rel="next" href=(page.href(page.number + 1)) { "Next page →" } }
            }
        }
    })
}

/// The same within a form that asks, whose ticks go along to the other pages. The list stands at `action`.
#[must_use]
pub fn pagination_buttons(page: &Page, action: &str) -> Html {
    let button = |text: &str, number: usize| {
        html(maud! { button class="link-button" type="submit" formaction=(action) name="page" value=(number) { (text) } })
    };
    html(maud! {
        @if page.of > 1 {
            nav class="pages" aria-label="Pages" {
                @if page.number > 1 { (button("← Previous page", page.number - 1)) }
                span { "Page " (page.number) " of " (page.of) }
                @if page.number < page.of { (button("Next page →", page.number + 1)) }
            }
        }
    })
}

/// One question by which a list is narrowed.
#[derive(Debug, Clone, Default)]
pub struct FilterGroup {
    pub label: String,
    pub options: Vec<FilterOption>,
}

/// One answer to it, as the address of the list so narrowed.
#[derive(Debug, Clone, Default)]
pub struct FilterOption {
    pub text: String,
    pub href: String,
    pub current: bool,
    /// How many it would leave.
    pub count: Option<usize>,
}

/// Filters as links.
#[must_use]
pub fn filters(groups: &[FilterGroup]) -> Html {
    html(maud! {
        @if !groups.is_empty() {
            nav class="filters" aria-label="Narrow this list" {
                @for (i, group) in groups.iter().enumerate() {
                    div class="filter" {
                        p class="filter-label" id={ "filter-" (i) } { (&group.label) }
                        ul aria-labelledby={ "filter-" (i) } {
                            @for option in &group.options {
                                li {
                                    a href=(&option.href) aria-current=[option.current.then_some("true")] {
                                        (&option.text)
                                        @if let Some(count) = option.count { span class="muted" { " " (count) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    })
}
