//! In which instalments an award is paid: by day, or once something has happened. What was approved or paid stands; the rest
//! may move as long as the sum stays.

use std::collections::HashSet;

use design::Power;
use kernel::{Day, Fault, Invalid, Money};
use sea_orm::entity::prelude::*;
use store::{Write, fault};
use tables::{InstalmentId, approval, award, instalment};
use ui::form::{self, Field};

use super::award::{Standing, Whole, below, href, named, not_now};
use super::make::plain;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Form, Stop};

/// Rows that the form offers beyond those that are filled.
const SPARE: usize = 3;
const MOST: usize = 40;
const LONG: usize = 300;

#[derive(Debug, Clone, Default)]
struct Row {
    amount: String,
    due_on: String,
    milestone: String,
}

/// An instalment as somebody wants it.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub number: i32,
    pub amount: Money,
    pub due_on: Option<Day>,
    pub milestone: String,
}

fn name(of: &str, number: usize) -> String {
    format!("{of}-{number}")
}

/// What stands there, and which of it may not change any more.
#[derive(Debug, Default)]
pub(super) struct Now {
    rows: Vec<instalment::Model>,
    fixed: HashSet<i32>,
}

impl Now {
    async fn of(db: &impl ConnectionTrait, whole: &Whole) -> Result<Self, Fault> {
        let rows = instalment::Entity::find().filter(instalment::COLUMN.award_id.eq(whole.row.id));
        let mut rows = rows.all(db).await.map_err(fault("list instalments"))?;
        rows.sort_by_key(|r| r.number);
        let ids: Vec<InstalmentId> = rows.iter().map(|r| r.id).collect();
        let approved = approval::Entity::find().filter(approval::COLUMN.instalment_id.is_in(ids));
        let approved = approved.filter(approval::COLUMN.ended_at.is_null()).all(db).await.map_err(fault("list approvals"))?;
        let begun = |r: &&instalment::Model| {
            r.paid_at.is_some() || r.payment_file_id.is_some() || approved.iter().any(|a| a.instalment_id == Some(r.id))
        };
        let fixed = rows.iter().filter(begun).map(|r| r.number).collect();
        Ok(Self { rows, fixed })
    }
    /// Tells whether somebody else has changed it since.
    fn seen(&self) -> String {
        let all: Vec<String> = self
            .rows
            .iter()
            .map(|r| format!("{} {} {:?} {} {}", r.number, r.amount, r.due_on, r.milestone, self.fixed.contains(&r.number)))
            .collect();
        store::sha256(all.join("\n").as_bytes())[..16].to_string()
    }
    /// What was sent, but what is approved or paid as it stands, whatever was sent of it.
    fn with_fixed(&self, mut sent: Vec<Row>) -> Vec<Row> {
        let stands = self.typed();
        for number in &self.fixed {
            let Some(at) = usize::try_from(*number).ok().and_then(|n| n.checked_sub(1)) else { continue };
            sent.resize((at + 1).max(sent.len()), Row::default());
            sent[at] = stands[at].clone();
        }
        sent
    }
    /// Filled rows first, then some to fill.
    fn typed(&self) -> Vec<Row> {
        let mut typed: Vec<Row> = Vec::new();
        for row in &self.rows {
            let at = usize::try_from(row.number).unwrap_or(1);
            typed.resize(at.max(typed.len()), Row::default());
            if row.amount > 0 {
                typed[at - 1] = Row {
                    amount: plain(Money::from_pence(row.amount)),
                    due_on: row.due_on.map(|d| d.to_string()).unwrap_or_default(),
                    milestone: row.milestone.clone(),
                };
            }
        }
        typed.resize((typed.len() + SPARE).min(MOST), Row::default());
        typed
    }
}

fn still_open(cx: &Cx, whole: Whole) -> Result<Whole, Stop> {
    match whole.standing() {
        Standing::Draft | Standing::Agreed => Ok(whole),
        Standing::Offered => {
            let here = href(cx.programme()?, cx.place()?, whole.row.id);
            Err(not_now(&whole, "The award has been offered", "Take the offer back to change its instalments.", here))
        }
        Standing::Closed => {
            let here = href(cx.programme()?, cx.place()?, whole.row.id);
            Err(not_now(&whole, "The award is closed", "Nothing more is paid of it.", here))
        }
    }
}

/// `…/awards/{award}/instalments`
pub(super) async fn form(cx: Cx) -> Answer {
    let whole = still_open(&cx, named(&cx).await?)?;
    let now = Now::of(cx.read(), &whole).await?;
    page(&cx, &whole, &now, &now.typed(), &Invalid::default())
}

fn page(cx: &Cx, whole: &Whole, now: &Now, typed: &[Row], wrong: &Invalid) -> Answer {
    let lead = match whole.standing() {
        Standing::Draft => format!(
            "Together they have to come to {}, which is the award. So far they come to {}.",
            whole.amount(),
            whole.scheduled()
        ),
        _ => "What is approved or paid stands. The rest may move, as long as all come to the award.".to_string(),
    };
    let draft = below(cx, whole, format!("Instalments of award {}", whole.row.reference))?.lead(lead).invalid(wrong);
    let named: Vec<[String; 3]> = (1..=typed.len()).map(|n| [name("amount", n), name("due", n), name("milestone", n)]).collect();
    Ok(draft.page(
        cx,
        maud! {
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (form::hidden("_seen", &now.seen()))
                (form::hidden("_rows", &typed.len().to_string()))
                @for (i, row) in typed.iter().enumerate() {
                    @let [amount, due, milestone] = &named[i];
                    fieldset class="govuk-fieldset form-group-wide" {
                        legend class="govuk-fieldset__legend govuk-fieldset__legend--m" { "Instalment " (i + 1) }
                        @if i32::try_from(i + 1).is_ok_and(|n| now.fixed.contains(&n)) {
                            p { "£" (&row.amount) @if !row.due_on.is_empty() { ", due on " (&row.due_on) } ". Approved or paid, so it stands." }
                        } @else {
                            (form::money(Field::new(amount, &format!("Amount of instalment {}", i + 1)).value(&row.amount).error(wrong.of(amount)).required(i == 0)))
                            (form::date(Field::new(due, &format!("Instalment {} is due on", i + 1)).value(&row.due_on).error(wrong.of(due)).optional()))
                            (form::text(Field::new(milestone, &format!("What has to have happened before instalment {}", i + 1)).hint("Leave it empty if only the day counts.").value(&row.milestone).error(wrong.of(milestone)).optional()))
                        }
                    }
                }
                (form::button("Save the instalments"))
            }))
        },
    ))
}

fn typed(form: &Form) -> Vec<Row> {
    let rows = form.get("_rows").parse::<usize>().unwrap_or(SPARE).min(MOST);
    let get = |of, n| form.get(&name(of, n)).to_string();
    (1..=rows).map(|n| Row { amount: get("amount", n), due_on: get("due", n), milestone: get("milestone", n) }).collect()
}

fn read(rows: &[Row], award: Money, starts_on: Day) -> Result<Vec<Wanted>, Invalid> {
    let mut wrong = Invalid::default();
    let mut wanted = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        let n = i + 1;
        if row.amount.is_empty() {
            if !row.due_on.is_empty() || !row.milestone.is_empty() {
                wrong.add(name("amount", n), "Enter how much it is, or empty the rest of this instalment");
            }
            continue;
        }
        let amount = row.amount.parse::<Money>().map_err(|bad| wrong.add(name("amount", n), bad.to_string()));
        let due_on = (!row.due_on.is_empty()).then(|| Day::parse_as_written(&row.due_on)).transpose();
        let due_on = due_on.map_err(|bad| wrong.add(name("due", n), bad.to_string()));
        if due_on.is_ok_and(|due| due.is_some_and(|day| day < starts_on)) {
            wrong.add(name("due", n), format!("The award starts on {starts_on}. Enter a day from then on"));
        }
        if row.due_on.is_empty() && row.milestone.is_empty() {
            wrong.add(name("due", n), "Enter the day it is due, or what has to have happened first");
        }
        if row.milestone.chars().count() > LONG {
            wrong.add(name("milestone", n), "Shorten this to 300 characters");
        }
        if let (Ok(amount), Ok(due_on), Ok(number)) = (amount, due_on, i32::try_from(n)) {
            wanted.push(Wanted { number, amount, due_on, milestone: row.milestone.clone() });
        }
    }
    let sum = wanted.iter().try_fold(Money::ZERO, |sum, w| sum.checked_add(w.amount));
    if wrong.is_empty() && sum != Some(award) {
        let sum = sum.map_or_else(|| "more than can be counted".to_string(), |s| s.to_string());
        wrong.add(name("amount", 1), format!("These come to {sum}. Let them come to {award}, which is the award"));
    }
    wrong.or(|| wanted)
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, place) = (act.programme()?.clone(), act.place()?.clone());
    let whole = still_open(&act, named(&act).await?)?;
    let seen = Now::of(act.read(), &whole).await?;
    let typed = seen.with_fixed(typed(&act.form));
    let wanted = match read(&typed, whole.amount(), whole.row.starts_on) {
        Ok(wanted) => wanted,
        Err(wrong) => return page(&act, &whole, &seen, &typed, &wrong),
    };
    let mut write = act.write("set the instalments of an award").await?;
    write.lock::<award::Entity>(whole.row.id).await?.ok_or(Stop::Missing)?;
    // Nobody approves one of them while it may change.
    for row in &Now::of(write.tx(), &whole).await?.rows {
        write.lock::<instalment::Entity>(row.id).await?.ok_or(Stop::Missing)?;
    }
    let now = Now::of(write.tx(), &whole).await?;
    if now.seen() != act.form.get("_seen") {
        drop(write);
        let why =
            "An instalment was changed or approved meanwhile. Compare with what stands on the award’s page, then save again";
        return page(&act, &whole, &now, &typed, &Invalid::one(name("amount", 1), why));
    }
    put(&mut write, &whole, &now, &wanted).await?;
    act.save(write, &format!("{}?done=instalments", href(&programme, &place, whole.row.id))).await
}

/// Changes what differs. A row that is not wanted any more stays with nothing in it, and is not shown.
pub(super) async fn put(write: &mut Write, whole: &Whole, now: &Now, wanted: &[Wanted]) -> Result<(), Stop> {
    for row in now.rows.iter().filter(|r| !now.fixed.contains(&r.number)) {
        let to = wanted.iter().find(|w| w.number == row.number);
        let (amount, due_on, milestone) =
            to.map_or((0, None, String::new()), |w| (w.amount.pence(), w.due_on, w.milestone.clone()));
        // What has to have happened is another thing now, so nobody has said that it has.
        let same = milestone == row.milestone;
        let (met_at, met_by) = if same { (row.met_at, row.met_by) } else { (None, None) };
        let after = instalment::Model { amount, due_on, milestone, met_at, met_by, ..row.clone() };
        if after != *row {
            write.replace(row, after).await?;
        }
    }
    for one in wanted.iter().filter(|w| !now.rows.iter().any(|r| r.number == w.number)) {
        let row = instalment::Model {
            id: InstalmentId(write.id()),
            programme_id: whole.row.programme_id,
            award_id: whole.row.id,
            number: one.number,
            amount: one.amount.pence(),
            due_on: one.due_on,
            milestone: one.milestone.clone(),
            met_at: None,
            met_by: None,
            payment_file_id: None,
            paid_on: None,
            paid_reference: String::new(),
            paid_at: None,
        };
        write.insert(row).await?;
    }
    Ok(())
}

/// Somebody who looks after grants notes that what had to happen first has happened.
pub(super) async fn met(act: Act) -> Answer {
    let (programme, place) = (act.programme()?.clone(), act.place()?.clone());
    let whole = named(&act).await?;
    let here = href(&programme, &place, whole.row.id);
    if whole.standing() != Standing::Agreed {
        return Err(not_now(&whole, "The award is not in force", "Milestones are noted once both sides have signed.", here));
    }
    let id: InstalmentId = act.form.get("_instalment").parse().map_err(|_| Stop::Missing)?;
    let mut write = act.write("note that a milestone is reached").await?;
    let row = write.lock::<instalment::Entity>(id).await?.filter(|i| i.award_id == whole.row.id).ok_or(Stop::Missing)?;
    if row.met_at.is_none() && !row.milestone.is_empty() {
        let after = instalment::Model { met_at: Some(write.at()), met_by: Some(act.person()?), ..row.clone() };
        write.replace(&row, after).await?;
    }
    act.save(write, &format!("{here}?done=met")).await
}

/// Whether the viewer may note milestones and set instalments here.
pub(super) fn may_set(cx: &Cx, whole: &Whole) -> bool {
    cx.viewer().may(Power::ManageGrants, whole.row.programme_id, Some(whole.row.place_id))
}
