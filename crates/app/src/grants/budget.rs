//! The budget of an award, line by line and year by year: the first one, of a draft; and the fields in which any is typed.

use std::collections::BTreeMap;

use kernel::{Invalid, Money};
use sea_orm::entity::prelude::*;
use store::{Write, fault};
use tables::{BudgetCellId, VariationId, award, budget_cell};
use ui::Html;
use ui::form::{self, Field};

use super::award::{Version, Whole, below, href, line_name, named, year_name};
use super::make::{draft, plain};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Form, Snapshot, Stop};

/// What is typed for each line and year, and where it stands in the form.
pub(super) struct Grid {
    /// Line, year, the field's name, what is typed.
    cells: Vec<(String, i32, String, String)>,
}

/// What stands beside the field of a line in a year.
pub(super) type Beside<'a> = &'a dyn Fn(&str, i32) -> String;

/// An amount for each line and year.
pub(super) type Amounts = BTreeMap<(String, i32), Money>;

impl Grid {
    /// Empty fields, or what a version says.
    pub fn of(programme: &Snapshot, years: i32, version: Option<&Version>) -> Self {
        Self::with(programme, years, version, |_, amount| if amount == Money::ZERO { String::new() } else { plain(amount) })
    }
    /// What was sent.
    pub fn typed(programme: &Snapshot, years: i32, version: Option<&Version>, form: &Form) -> Self {
        Self::with(programme, years, version, |name, _| form.get(name).to_string())
    }
    fn with(programme: &Snapshot, years: i32, version: Option<&Version>, text: impl Fn(&str, Money) -> String) -> Self {
        // A line that the design has done away with stays as long as there is money in it.
        let design = programme.programme.design.budget_lines.iter().map(|l| l.key.clone());
        let mut lines: Vec<String> = design.collect();
        for cell in version.iter().flat_map(|v| &v.cells).filter(|c| c.after > 0) {
            if !lines.contains(&cell.line) {
                lines.push(cell.line.clone());
            }
        }
        let cell = |line: &String, year: i32| {
            let name = format!("cell-{line}-{year}");
            let amount = version.map_or(Money::ZERO, |v| v.after(line, year));
            let typed = text(&name, amount);
            (line.clone(), year, name, typed)
        };
        let cells = (1..=years).flat_map(|year| lines.iter().map(move |line| (line, year)).collect::<Vec<_>>());
        Self { cells: cells.map(|(line, year)| cell(line, year)).collect() }
    }

    /// The amounts; an empty field is nought.
    pub fn read(&self) -> Result<Amounts, Invalid> {
        let mut wrong = Invalid::default();
        let mut amounts = Amounts::new();
        for (line, year, name, typed) in &self.cells {
            let amount = if typed.is_empty() { Ok(Money::ZERO) } else { typed.parse() };
            match amount {
                Ok(amount) => {
                    amounts.insert((line.clone(), *year), amount);
                }
                Err(bad) => wrong.add(name.clone(), bad.to_string()),
            }
        }
        wrong.or(|| amounts)
    }

    /// The first field, for what is wrong with all of them together.
    pub fn first(&self) -> String {
        self.cells.first().map(|(_, _, name, _)| name.clone()).unwrap_or_default()
    }

    /// The fields, year by year. Beside each stands what the line has now, where `now` says so.
    pub fn fields(&self, programme: &Snapshot, row: &award::Model, wrong: &Invalid, now: Option<Beside<'_>>) -> Html {
        let years: Vec<i32> = self.cells.iter().map(|c| c.1).collect::<std::collections::BTreeSet<_>>().into_iter().collect();
        let about = |line: &str| {
            let known = programme.programme.design.budget_lines.iter().find(|l| l.key == line);
            known.map(|l| if l.required { format!("{} Every award has money in it.", l.about) } else { l.about.clone() })
        };
        ui::html(maud! {
            @for year in &years {
                fieldset class="govuk-fieldset form-group-wide" {
                    legend class="govuk-fieldset__legend govuk-fieldset__legend--m" { (year_name(row, *year)) }
                    @for (line, _, name, typed) in self.cells.iter().filter(|c| c.1 == *year) {
                        @let hint = match now { Some(now) => now(line, *year), None => about(line).unwrap_or_default() };
                        @let label = if years.len() > 1 { format!("{}, year {year}", line_name(programme, line)) } else { line_name(programme, line).to_string() };
                        (form::money(Field::new(name, &label).hint(hint.trim()).value(typed).error(wrong.of(name))))
                    }
                }
            }
        })
    }
}

/// The sum of amounts; nothing where it is too large to be money.
pub(super) fn total(amounts: &Amounts) -> Option<Money> {
    amounts.values().try_fold(Money::ZERO, |sum, amount| sum.checked_add(*amount))
}

/// `…/awards/{award}/budget`
pub(super) async fn form(cx: Cx) -> Answer {
    let whole = draft(&cx, named(&cx).await?)?;
    let grid = Grid::of(cx.programme()?, whole.years(), whole.budget());
    page(&cx, &whole, &grid, &whole.row.revision.to_string(), &Invalid::default())
}

fn page(cx: &Cx, whole: &Whole, grid: &Grid, seen: &str, wrong: &Invalid) -> Answer {
    let programme = cx.programme()?;
    let draft = below(cx, whole, format!("Budget of award {}", whole.row.reference))?
        .lead(format!("What the {} of the award are planned for. The place can propose to change it later.", whole.amount()))
        .invalid(wrong);
    Ok(draft.page(
        cx,
        maud! {
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (form::hidden("_seen", seen))
                (grid.fields(programme, &whole.row, wrong, None))
                (form::button("Save the budget"))
            }))
        },
    ))
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, place) = (act.programme()?.clone(), act.place()?.clone());
    let whole = draft(&act, named(&act).await?)?;
    let grid = Grid::typed(&programme, whole.years(), whole.budget(), &act.form);
    let seen = act.form.get("_seen").to_string();
    let amounts = match checked(&grid, whole.amount()) {
        Ok(amounts) => amounts,
        Err(wrong) => return page(&act, &whole, &grid, &seen, &wrong),
    };
    let mut write = act.write("plan the budget of an award").await?;
    let before = write.lock::<award::Entity>(whole.row.id).await?.ok_or(Stop::Missing)?;
    if before.revision.to_string() != seen || before.offered_at.is_some() {
        drop(write);
        let why = "Somebody else has changed the award meanwhile. Compare with its page, then save again";
        return page(&act, &whole, &grid, &before.revision.to_string(), &Invalid::one(grid.first(), why));
    }
    let first = whole.versions.first().ok_or(Stop::Missing)?;
    put(&mut write, first, &amounts).await?;
    write.replace(&before, award::Model { revision: before.revision + 1, ..before.clone() }).await?;
    act.save(write, &format!("{}?done=budget", href(&programme, &place, whole.row.id))).await
}

/// The amounts, where they come to no more than the award.
fn checked(grid: &Grid, award: Money) -> Result<Amounts, Invalid> {
    let amounts = grid.read()?;
    match total(&amounts) {
        Some(sum) if sum <= award => Ok(amounts),
        Some(sum) => {
            Err(Invalid::one(grid.first(), format!("These come to {sum}. Let them come to {award}, which is the award")))
        }
        None => Err(Invalid::one(grid.first(), "These come to more than can be counted. Check the amounts")),
    }
}

/// Puts amounts in the place of what a draft's budget said.
pub(super) async fn put(write: &mut Write, version: &Version, amounts: &Amounts) -> Result<(), Stop> {
    // What stands there is read anew: somebody may have saved since the page was opened.
    let there = budget_cell::Entity::find().filter(budget_cell::COLUMN.variation_id.eq(version.row.id)).all(write.tx()).await;
    let there = there.map_err(fault("load a budget"))?;
    for cell in &there {
        let after = amounts.get(&(cell.line.clone(), cell.year)).map_or(0, |m| m.pence());
        if after != cell.after {
            write.replace(cell, budget_cell::Model { after, ..cell.clone() }).await?;
        }
    }
    let new = amounts.iter().filter(|((line, year), _)| !there.iter().any(|c| c.line == *line && c.year == *year));
    let new: Vec<_> = new.filter(|(_, amount)| **amount > Money::ZERO).map(|(k, m)| (k.clone(), Money::ZERO, *m)).collect();
    add_cells(write, version.row.programme_id, version.row.id, new).await
}

/// Adds what a version says of lines and years: before and after.
pub(super) async fn add_cells(
    write: &mut Write,
    programme_id: tables::ProgrammeId,
    variation_id: VariationId,
    cells: Vec<((String, i32), Money, Money)>,
) -> Result<(), Stop> {
    let mut rows = Vec::new();
    for ((line, year), before, after) in cells {
        let id = BudgetCellId(write.id());
        rows.push(budget_cell::Model {
            id,
            programme_id,
            variation_id,
            line,
            year,
            before: before.pence(),
            after: after.pence(),
        });
    }
    Ok(write.insert_all(rows).await?)
}
