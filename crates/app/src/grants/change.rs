//! A place proposes to move money between the lines and years of its budget, or to end later: with what it has learnt, and
//! for later, with what it will do. The sum stays; what is spent already cannot be moved.

use design::Power;
use kernel::{Day, Invalid, Money};
use store::Write;
use tables::{PersonId, VariationId, award, variation};
use ui::form::{self, Field};

use super::accounts::SPENT;
use super::award::{MOST_YEARS, Standing, Version, Whole, below, href, named, not_now, whole as load, years};
use super::budget::{Amounts, Grid, add_cells, total};
use super::show::Figures;
use super::tell::tell;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Form, Stop};

const LONG: usize = 10_000;

#[derive(Default)]
struct Typed {
    /// The version that it starts from.
    seen: String,
    reason: String,
    ends_on: String,
    plan: String,
}

impl Typed {
    fn of(form: &Form) -> Self {
        let text = |name| form.get(name).to_string();
        Self { seen: text("_seen"), reason: text("reason"), ends_on: text("ends_on"), plan: text("plan") }
    }
}

/// A change can be proposed: the award is in force, and none waits.
fn open(cx: &Cx, whole: &Whole) -> Result<(), Stop> {
    let here = href(cx.programme()?, cx.place()?, whole.row.id);
    if whole.standing() != Standing::Agreed {
        return Err(not_now(whole, "The award is not in force", "Only a budget that both sides have agreed is changed.", here));
    }
    if let Some(waiting) = whole.waiting() {
        let there = format!("{here}/changes/{}", waiting.row.number);
        return Err(not_now(
            whole,
            "A change waits already",
            "It is answered first: another would start from a budget that it changes.",
            there,
        ));
    }
    Ok(())
}

/// The years that can be filled: those of the award, and one more for a later end.
fn offered(whole: &Whole) -> i32 {
    (whole.years() + 1).min(MOST_YEARS)
}

/// `…/awards/{award}/change`
pub(super) async fn form(cx: Cx) -> Answer {
    let whole = named(&cx).await?;
    open(&cx, &whole)?;
    let version = whole.budget().ok_or(Stop::Missing)?;
    let grid = Grid::of(cx.programme()?, offered(&whole), Some(version));
    let typed = Typed { seen: version.row.number.to_string(), ..Typed::default() };
    page(&cx, &whole, &grid, &typed, &Invalid::default()).await
}

async fn page(cx: &Cx, whole: &Whole, grid: &Grid, typed: &Typed, wrong: &Invalid) -> Answer {
    let programme = cx.programme()?;
    let figures = Figures::of(cx, whole).await?;
    let version = whole.budget().ok_or(Stop::Missing)?;
    let now = |line: &str, year: i32| {
        let (planned, spent) = (version.after(line, year), figures.cell(SPENT, line, year));
        format!("Now {planned}, of which {spent} is spent.")
    };
    let field = |of: &'static str, label, hint, value| Field::new(of, label).hint(hint).value(value).error(wrong.of(of));
    let ends = format!("Now {}. Leave it empty if the end stays.", whole.row.ends_on);
    let draft = below(cx, whole, format!("Change the budget of award {}", whole.row.reference))?
        .lead(format!(
            "Plans change with what is learnt. Put the amounts as they should be; all together stay {}.",
            version.total()
        ))
        .invalid(wrong);
    Ok(draft.page(
        cx,
        maud! {
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (form::hidden("_seen", &typed.seen))
                (form::long_text(field("reason", "What have you learnt that makes this right?", "Everybody who sees the award reads it.", &typed.reason), 4))
                (grid.fields(programme, &whole.row, wrong, Some(&now)))
                (form::date(field("ends_on", "A later end", &ends, &typed.ends_on).optional()))
                (form::long_text(field("plan", "What will you do in the time that this adds?", "The revised plan. Only where the end moves.", &typed.plan).optional(), 5))
                (form::button("Propose it"))
            }))
        },
    ))
}

/// What is proposed.
struct Read {
    amounts: Amounts,
    ends_on: Option<Day>,
}

fn read(whole: &Whole, figures: &Figures, grid: &Grid, typed: &Typed) -> Result<Read, Invalid> {
    let mut wrong = Invalid::default();
    let version = whole.budget();
    if typed.reason.is_empty() || typed.reason.chars().count() > LONG {
        wrong.add("reason", "Say what you have learnt that makes this right, in at most 10,000 characters");
    }
    let ends_on = (!typed.ends_on.is_empty()).then(|| Day::parse_as_written(&typed.ends_on)).transpose();
    let ends_on = ends_on.unwrap_or_else(|bad| {
        wrong.add("ends_on", bad.to_string());
        None
    });
    match ends_on {
        Some(day) if day <= whole.row.ends_on => {
            wrong.add("ends_on", format!("Enter a day after {}, when it ends now", whole.row.ends_on))
        }
        Some(day) if day >= whole.row.starts_on.plus_months(MOST_YEARS * 12) => {
            wrong.add("ends_on", format!("An award lasts at most {MOST_YEARS} years"))
        }
        Some(_) if typed.plan.is_empty() => wrong.add("plan", "Say what you will do in the time that this adds"),
        None if !typed.plan.is_empty() && typed.ends_on.is_empty() => {
            wrong.add("ends_on", "Enter the later end that this plan is for, or empty the plan")
        }
        _ => {}
    }
    if typed.plan.chars().count() > LONG {
        wrong.add("plan", "Shorten this to 10,000 characters");
    }
    let typed_amounts = grid.read();
    let unread = typed_amounts.is_err();
    let amounts = typed_amounts.unwrap_or_else(|also| {
        also.problems().iter().for_each(|p| wrong.add(p.field.clone(), p.message.clone()));
        Amounts::new()
    });
    let long = years(whole.row.starts_on, ends_on.unwrap_or(whole.row.ends_on));
    for ((line, year), amount) in &amounts {
        let spent = figures.cell(SPENT, line, *year);
        if *amount < spent {
            wrong.add(format!("cell-{line}-{year}"), format!("{spent} of this is spent already, so it cannot be less"));
        }
        if *year > long && *amount > Money::ZERO {
            wrong.add(format!("cell-{line}-{year}"), "The award has ended by then. Move the end as well, or leave this empty");
        }
    }
    let was = version.map_or(Money::ZERO, Version::total);
    match total(&amounts) {
        Some(sum) if sum == was => {}
        _ if unread => {}
        Some(sum) => wrong.add(grid.first(), format!("These come to {sum}. Let them come to {was}, as before")),
        None => wrong.add(grid.first(), "These come to more than can be counted. Check the amounts"),
    }
    let same = amounts.iter().all(|((line, year), amount)| version.is_some_and(|v| v.after(line, *year) == *amount));
    if wrong.is_empty() && same && ends_on.is_none() {
        wrong.add(grid.first(), "Nothing changes yet. Move an amount, or enter a later end");
    }
    wrong.or(|| Read { amounts, ends_on })
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, place) = (act.programme()?.clone(), act.place()?.clone());
    let seen = named(&act).await?;
    open(&act, &seen)?;
    let grid = Grid::typed(&programme, offered(&seen), seen.budget(), &act.form);
    let typed = Typed::of(&act.form);
    let figures = Figures::of(&act, &seen).await?;
    let read = match read(&seen, &figures, &grid, &typed) {
        Ok(read) => read,
        Err(wrong) => return page(&act, &seen, &grid, &typed, &wrong).await,
    };
    let mut write = act.write("propose to change an award").await?;
    let before = write.lock::<award::Entity>(seen.row.id).await?.ok_or(Stop::Missing)?;
    let whole = load(write.tx(), before.clone()).await?;
    open(&act, &whole)?;
    let version = whole.budget().ok_or(Stop::Missing)?;
    if version.row.number.to_string() != typed.seen {
        let typed = Typed { seen: version.row.number.to_string(), ..typed };
        drop(write);
        let wrong =
            Invalid::one(grid.first(), "The budget was changed meanwhile. Compare with what stands now, then propose it again");
        return page(&act, &whole, &grid, &typed, &wrong).await;
    }
    let asked = Proposal { reason: typed.reason.clone(), plan: typed.plan.clone(), ends_on: read.ends_on, amounts: read.amounts };
    let number = put(&mut write, act.person()?, &whole, version, asked).await?.number;
    let here = href(&programme, &place, before.id);
    let text = format!(
        "{} proposes to change award {}:\n\n{}\n\nRead it and answer: {}{here}/changes/{number}\n",
        place.name,
        before.reference,
        typed.reason,
        act.app().settings.address,
    );
    let powers = [Power::ManageGrants, Power::ApprovePayments];
    tell(&mut write, &programme, place.id, &powers, (&format!("{} proposes a change", place.name), &text)).await?;
    act.save(write, &format!("{here}/changes/{number}?done=proposed")).await
}

/// A change as a place proposes it.
pub(super) struct Proposal {
    pub reason: String,
    pub plan: String,
    pub ends_on: Option<Day>,
    pub amounts: Amounts,
}

/// Writes a proposal, beside the budget as it stands.
pub(super) async fn put(
    write: &mut Write,
    by: PersonId,
    whole: &Whole,
    now: &Version,
    asked: Proposal,
) -> Result<variation::Model, Stop> {
    let number = whole.versions.iter().map(|v| v.row.number).max().unwrap_or(1) + 1;
    let row = variation::Model {
        id: VariationId(write.id()),
        programme_id: whole.row.programme_id,
        award_id: whole.row.id,
        number,
        reason: asked.reason,
        plan: asked.plan,
        ends_on: asked.ends_on,
        proposed_by: by,
        proposed_at: write.at(),
        outcome: None,
        answer: String::new(),
        answered_by: None,
        answered_at: None,
    };
    let row = write.insert(row).await?;
    let cells = asked.amounts.into_iter().map(|(key, after)| {
        let before = now.after(&key.0, key.1);
        (key, before, after)
    });
    let cells: Vec<_> = cells.filter(|(_, before, after)| *before > Money::ZERO || *after > Money::ZERO).collect();
    add_cells(write, whole.row.programme_id, row.id, cells).await?;
    Ok(row)
}
