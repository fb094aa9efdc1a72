//! Tables that become cards on a narrow screen and stay tables for those who listen.

use kernel::{Day, Money};

use crate::dsl::*;

/// What a cell holds and how it is set.
#[derive(Debug, Clone)]
pub struct Cell {
    content: Html,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Head,
}

impl Cell {
    /// Text, which is escaped.
    #[must_use]
    pub fn text(text: impl AsRef<str>) -> Self {
        Self { content: html(text.as_ref()), kind: Kind::Text }
    }
    /// Any piece of a page.
    #[must_use]
    pub fn html(content: impl Renderable) -> Self {
        Self { content: html(content), kind: Kind::Text }
    }
    #[must_use]
    pub fn link(href: &str, text: &str) -> Self {
        Self::html(maud! { a class="govuk-link" href=(href) { (text) } })
    }
    /// A number, set so that its digits stand below each other.
    #[must_use]
    pub fn number(number: impl std::fmt::Display) -> Self {
        Self { content: html(number.to_string()), kind: Kind::Number }
    }
    /// A number that leads to what it counts.
    #[must_use]
    pub fn number_link(href: &str, number: impl std::fmt::Display) -> Self {
        Self { kind: Kind::Number, ..Self::link(href, &number.to_string()) }
    }
    /// A dash among numbers, and what those hear who do not see it.
    #[must_use]
    pub fn no_number(heard: &str) -> Self {
        let dash = html(maud! { span aria-hidden="true" { "–" } span class="govuk-visually-hidden" { (heard) } });
        Self { content: dash, kind: Kind::Number }
    }
    #[must_use]
    pub fn money(amount: Money) -> Self {
        Self::number(amount)
    }
    #[must_use]
    pub fn day(day: Day) -> Self {
        Self::html(maud! { time class="nowrap" datetime=(day.iso()) { (day.to_string()) } })
    }
    /// Where nobody has said.
    #[must_use]
    pub fn not_stated() -> Self {
        Self::html(crate::parts::not_stated())
    }
    /// Names the row: it is read before each of the row's cells, and is the heading of the card.
    #[must_use]
    pub const fn head(mut self) -> Self {
        self.kind = Kind::Head;
        self
    }

    fn written(&self, label: &str) -> Html {
        // A card leaves out what is empty.
        let blank = self.content.as_str().is_empty().then_some("blank");
        html(maud! {
            @match self.kind {
                Kind::Head => th scope="row" role="rowheader" data-label=(label) { (&self.content) }
                Kind::Number => td class="number" role="cell" data-label=(label) { span class="cell" { (&self.content) } }
                Kind::Text => td class=[blank] role="cell" data-label=(label) { span class="cell" { (&self.content) } }
            }
        })
    }
}

/// A table. The caption says what it is of; where the page's heading already does, see [`Table::quiet`].
#[must_use]
pub fn table(caption: &str, headers: &[&str], rows: Vec<Vec<Cell>>) -> Html {
    Table::new(caption, headers, rows).html()
}

/// A table that says more than the plain one: sums below, a caption only for those who listen.
#[derive(Debug, Clone)]
pub struct Table<'a> {
    caption: &'a str,
    headers: &'a [&'a str],
    rows: Vec<Vec<Cell>>,
    foot: Vec<Cell>,
    quiet: bool,
}

impl<'a> Table<'a> {
    #[must_use]
    pub const fn new(caption: &'a str, headers: &'a [&'a str], rows: Vec<Vec<Cell>>) -> Self {
        Self { caption, headers, rows, foot: Vec::new(), quiet: false }
    }
    /// A last row, for the sum of what is shown.
    #[must_use]
    pub fn foot(mut self, cells: Vec<Cell>) -> Self {
        self.foot = cells;
        self
    }
    /// The caption is read out but not shown.
    #[must_use]
    pub const fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    fn is_number(&self, column: usize) -> bool {
        self.rows.iter().chain([&self.foot]).filter_map(|row| row.get(column)).any(|cell| cell.kind == Kind::Number)
    }

    fn row(&self, cells: &[Cell]) -> Html {
        html(maud! {
            tr role="row" {
                @for (i, cell) in cells.iter().enumerate() {
                    (cell.written(self.headers.get(i).unwrap_or(&"")))
                }
            }
        })
    }

    /// The roles repeat what the elements are, because browsers forget it when a row is laid out as a card.
    #[must_use]
    pub fn html(&self) -> Html {
        let caption = if self.quiet { "govuk-visually-hidden" } else { "table-caption" };
        html(maud! {
            table class="table" role="table" {
                caption class=(caption) { (self.caption) }
                thead role="rowgroup" {
                    tr role="row" {
                        @for (i, header) in self.headers.iter().enumerate() {
                            @let class = self.is_number(i).then_some("number");
                            // A column of links and buttons needs no heading; an empty one is an error to those who listen.
                            @if header.is_empty() { td role="cell" {} }
                            @else { th scope="col" role="columnheader" class=[class] { (header) } }
                        }
                    }
                }
                tbody role="rowgroup" {
                    @for row in &self.rows { (self.row(row)) }
                }
                @if !self.foot.is_empty() {
                    tfoot role="rowgroup" { (self.row(&self.foot)) }
                }
            }
        })
    }
}

impl Renderable for Table<'_> {
    fn render_to(&self, buffer: &mut hypertext::Buffer) {
        self.html().render_to(buffer);
    }
}
