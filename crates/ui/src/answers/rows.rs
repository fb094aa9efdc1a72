//! Budgets and repeating groups: as many lines or rows as there are things to tell of. Lines and rows come and go by
//! buttons that send the form, so that it works without script.

use forms::{Choice, RowId, Text};
use kernel::Money;

use super::frame::{Help, invalid, part_error, set};
use super::simple::without_pound;
use super::{Asked, add_name, count, question, remove_name};
use crate::dsl::*;
use crate::form;

/// One row of a group, with its questions as they are asked.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    pub id: &'a RowId,
    pub questions: Vec<Asked<'a>>,
}

/// Enter in a box presses the first button of a form. Without this one, it could take a row away.
fn first_button() -> Html {
    html(maud! { button class="first-button" type="submit" tabindex="-1" aria-hidden="true" {} })
}

/// "partner" within a sentence, where the form calls it "Partner"; "NHS trust" stays as it is.
fn within(item: &str) -> String {
    let mut letters = item.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(item.chars().skip(1)).collect(),
        _ => item.to_owned(),
    }
}

/// The words of the buttons that add and take away one of the things a group is about.
fn add_words(asked: &Asked<'_>, item: &str, first: bool) -> String {
    let welsh = format!("Ychwanegu: {item}");
    let another = format!("Add another {}", within(item));
    let article = if item.starts_with(|c: char| "aeiouAEIO".contains(c)) { "an" } else { "a" };
    let one = format!("Add {article} {}", within(item));
    asked.say(if first { &one } else { &another }, &welsh).to_owned()
}

pub(super) fn group(asked: &Asked<'_>, item: &Text, min: Option<u32>) -> Html {
    let named = if item.is_empty() { asked.say("entry", "cofnod") } else { item.get(asked.lang) };
    let most = asked.question.kind.most_rows();
    let least = min.filter(|m| *m > 1).map_or(String::new(), |m| format!("{} {m}. ", asked.say("At least", "O leiaf")));
    let help = Help::of_one(asked, &format!("{least}{} {most}.", asked.say("At most", "Hyd at")));
    let rows = html(maud! {
        (first_button())
        @if asked.rows.is_empty() { p class="muted" { (asked.say("None yet.", "Dim un eto.")) } }
        @for (i, row) in asked.rows.iter().enumerate() { (group_row(asked, named, i + 1, row)) }
        @if asked.rows.len() < most {
            button class="govuk-button govuk-button--secondary" type="submit" name=(add_name(asked.path)) value="yes" {
                (add_words(asked, named, asked.rows.is_empty()))
            }
        }
    });
    html(maud! { div class="group" { (set(asked, &help, &rows)) } })
}

fn group_row(asked: &Asked<'_>, named: &str, number: usize, row: &Row<'_>) -> Html {
    let id = asked.name(row.id.as_str());
    html(maud! {
        fieldset class="govuk-fieldset row" id=(&id) tabindex="-1" {
            legend class="govuk-fieldset__legend row-name" { (named) " " (number) }
            (form::hidden(&asked.name("rows"), row.id.as_str()))
            @for inner in &row.questions { (question(inner)) }
            button class="link-button" type="submit" name=(remove_name(asked.path)) value=(row.id.as_str()) {
                (asked.say("Remove this ", "Tynnu: ")) (asked.say(&within(named), named))
                span class="govuk-visually-hidden" { " (" (named) " " (number) ")" }
            }
        }
    })
}

/// A column's key and what it is called. A budget without columns has one, for the amount.
struct Column<'a> {
    key: &'a str,
    label: Html,
}

/// A line with its id: one of the form's own, or one that people add.
struct Line<'a> {
    id: String,
    given: Option<&'a Choice>,
    /// Nothing is in it yet.
    spare: bool,
}

pub(super) fn budget(asked: &Asked<'_>, columns: &[Choice], given: &[Choice], max: Option<Money>) -> Html {
    let table = Budget { asked, columns: columns_of(asked, columns), lines: lines_of(asked, given) };
    let mut limits = asked.say("Whole pounds or pounds and pence.", "Punnoedd cyfan neu bunnoedd a cheiniogau.").to_owned();
    if let Some(max) = max {
        limits.push_str(&format!(" {} {max}.", asked.say("At most, in all:", "Hyd at, i gyd:")));
    }
    let most = asked.question.kind.most_rows();
    let full = table.lines.len() >= most && !table.lines.iter().any(|line| line.spare);
    let adds = most > given.len();
    if adds {
        limits.push_str(&format!(" {} {}.", asked.say("Up to", "Hyd at"), count(most, asked.lang, "line", "lines", "llinell")));
    }
    let help = Help::new(asked, &limits, |part| table.draws(part));
    let controls = html(maud! {
        (first_button())
        (table.html())
        @if adds && !full {
            button class="govuk-button govuk-button--secondary" type="submit" name=(add_name(asked.path)) value="yes" {
                (asked.say("Add another line", "Ychwanegu llinell arall"))
            }
        }
    });
    set(asked, &help, &controls)
}

fn columns_of<'a>(asked: &Asked<'a>, columns: &'a [Choice]) -> Vec<Column<'a>> {
    if columns.is_empty() {
        return vec![Column { key: "amount", label: html(asked.say("Amount", "Swm")) }];
    }
    columns.iter().map(|c| Column { key: &c.key, label: asked.text(&c.label) }).collect()
}

/// The form's own lines, those that were sent or saved, and an empty one to write the next into.
fn lines_of<'a>(asked: &Asked<'_>, given: &'a [Choice]) -> Vec<Line<'a>> {
    let name = asked.name("");
    let mut lines: Vec<Line<'a>> =
        given.iter().map(|choice| Line { id: choice.key.clone(), given: Some(choice), spare: false }).collect();
    let most = asked.question.kind.most_rows();
    for id in asked.fields.steps(&name) {
        if lines.len() >= most {
            break;
        }
        if id.parse::<RowId>().is_ok() && !lines.iter().any(|line| line.id == id) {
            let line = format!("{name}.{id}");
            let filled = asked.fields.steps(&line).iter().any(|step| !asked.fields.get(&format!("{line}.{step}")).is_empty());
            lines.push(Line { id: id.to_owned(), given: None, spare: !filled });
        }
    }
    if lines.len() < most && !lines.last().is_some_and(|line| line.spare) {
        let id = (1..).map(|i| format!("line-{i}")).find(|id| !lines.iter().any(|line| line.id == *id));
        lines.extend(id.map(|id| Line { id, given: None, spare: true }));
    }
    lines
}

struct Budget<'b, 'a> {
    asked: &'b Asked<'a>,
    columns: Vec<Column<'a>>,
    lines: Vec<Line<'a>>,
}

impl Budget<'_, '_> {
    fn draws(&self, part: &str) -> bool {
        part.split_once('.').is_some_and(|(id, end)| {
            self.lines.iter().any(|l| l.id == id && (end != "about" || l.given.is_none()))
                && (end == "about" || self.columns.iter().any(|c| c.key == end))
        })
    }
    fn amount(&self, line: &Line<'_>, column: &Column<'_>) -> Money {
        self.asked.typed(&format!("{}.{}", line.id, column.key)).parse().unwrap_or(Money::ZERO)
    }
    /// The sum of what can be read as amounts; nothing where it does not fit.
    fn sum<'x>(&'x self, cells: impl Iterator<Item = (&'x Line<'x>, &'x Column<'x>)>) -> String {
        let total = cells.map(|(line, column)| self.amount(line, column)).try_fold(Money::ZERO, Money::checked_add);
        total.map_or_else(String::new, |total| total.to_string())
    }
    const fn several(&self) -> bool {
        self.columns.len() > 1
    }

    fn html(&self) -> Html {
        let asked = self.asked;
        let class = if self.columns.len() > 4 { "budget budget-tall" } else { "budget" };
        html(maud! {
            table class=(class) role="table" aria-labelledby={ (asked.name("")) "-legend" } data-budget="" {
                thead role="rowgroup" {
                    tr role="row" {
                        th scope="col" role="columnheader" { (asked.say("What for", "At beth")) }
                        @for column in &self.columns { th class="number" scope="col" role="columnheader" { (&column.label) " (£)" } }
                        @if self.several() { th class="number" scope="col" role="columnheader" { (asked.say("Total", "Cyfanswm")) } }
                        th scope="col" role="columnheader" {
                            span class="govuk-visually-hidden" { (asked.say("Remove", "Tynnu")) }
                        }
                    }
                }
                tbody role="rowgroup" { @for (i, line) in self.lines.iter().enumerate() { (self.line(i + 1, line)) } }
                tfoot role="rowgroup" { (self.foot()) }
            }
        })
    }

    fn line(&self, number: usize, line: &Line<'_>) -> Html {
        let asked = self.asked;
        let about = format!("{}.about", line.id);
        html(maud! {
            tr role="row" {
                @match line.given {
                    Some(choice) => th scope="row" role="rowheader" {
                        (asked.text(&choice.label))
                        @if !choice.help.is_empty() { div class="govuk-hint" { (asked.text(&choice.help)) } }
                        // A note that an earlier version asked for is not lost.
                        @if !asked.typed(&about).is_empty() { (form::hidden(&asked.name(&about), asked.typed(&about))) }
                    }
                    None => td role="cell" {
                        @let label = html(maud! { (asked.say("Line ", "Llinell ")) (number) ": " (asked.say("what for", "at beth")) });
                        (self.input(&about, &label, asked.typed(&about), false))
                    }
                }
                @for column in &self.columns { td class="number" role="cell" { (self.cell(number, line, column)) } }
                @if self.several() {
                    td class="number sum" role="cell" {
                        span class="cell-name" { (asked.say("Total ", "Cyfanswm ")) }
                        span data-sum="row" { (self.sum(self.columns.iter().map(|c| (line, c)))) }
                    }
                }
                td role="cell" {
                    @if line.given.is_none() && !line.spare {
                        button class="link-button" type="submit" name=(remove_name(asked.path)) value=(&line.id) {
                            (asked.say("Remove", "Tynnu"))
                            span class="govuk-visually-hidden" { (asked.say(" line ", " llinell ")) (number) }
                        }
                    }
                }
            }
        })
    }

    fn cell(&self, number: usize, line: &Line<'_>, column: &Column<'_>) -> Html {
        let asked = self.asked;
        let part = format!("{}.{}", line.id, column.key);
        let label = html(maud! {
            span class="govuk-visually-hidden" {
                @match line.given {
                    Some(choice) => (asked.text(&choice.label)),
                    None => { (asked.say("Line ", "Llinell ")) (number) }
                }
                ": "
            }
            (&column.label) " (£)"
        });
        self.input(&part, &label, without_pound(asked.typed(&part)), true)
    }

    /// A box with its name, which is shown where the table is laid out as cards, and read out everywhere.
    fn input(&self, part: &str, label: &Html, value: &str, amount: bool) -> Html {
        let name = self.asked.name(part);
        let error = part_error(self.asked, part);
        let described = error.as_ref().map(|(id, _)| id.as_str());
        let class = if error.is_some() { "govuk-input govuk-input--error" } else { "govuk-input" };
        html(maud! {
            label class="cell-name" for=(&name) { (label) }
            @if let Some((_, message)) = &error { (message) }
            input class=(class) type="text" id=(&name) name=(&name) value=(value) autocomplete="off"
                inputmode=[amount.then_some("decimal")] spellcheck=[amount.then_some("false")]
                aria-describedby=[described] aria-invalid=[invalid(error.is_some())] data-amount=[amount.then_some("")];
        })
    }

    fn foot(&self) -> Html {
        let asked = self.asked;
        html(maud! {
            tr role="row" {
                th scope="row" role="rowheader" { (asked.say("Total", "Cyfanswm")) }
                @for column in &self.columns {
                    td class="number sum" role="cell" {
                        span class="cell-name" { (&column.label) " " }
                        span data-sum="column" { (self.sum(self.lines.iter().map(|l| (l, column)))) }
                    }
                }
                @if self.several() {
                    td class="number sum" role="cell" {
                        span class="cell-name" { (asked.say("In all ", "I gyd ")) }
                        span data-sum="all" { (self.sum(self.lines.iter().flat_map(|l| self.columns.iter().map(move |c| (l, c))))) }
                    }
                }
                td role="cell" {}
            }
        })
    }
}
