//! The accounts of money, and what moves between them. Money goes one way (from its source, committed, awarded, paid); what
//! may be spent another: planned, in the budget by line and year, spent.

use std::collections::HashMap;

use kernel::{Day, Fault, Money};
use ledger::Unit;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use store::{Write, fault};
use tables::{AccountId, AwardId, EntryId, PersonId, account, award, movement};

use super::award::{Version, line_name};
use crate::ground::{Act, Snapshot, Stop};
use crate::ledger::{Moving, NotPosted, Opening, account as open, balances, post};

pub(super) const COMMITTED: &str = "committed";
pub(super) const AWARDED: &str = "award";
pub(super) const PAID: &str = "paid";
pub(super) const BUDGET: &str = "budget";
pub(super) const SPENT: &str = "spent";
pub(super) const UNSPENT: &str = "unspent";

/// What movements of money are called.
pub(super) const COMMIT: &str = "commit";
pub(super) const AGREE: &str = "agree";
pub(super) const PAY: &str = "pay";
pub(super) const SPEND: &str = "spend";
pub(super) const REPROFILE: &str = "reprofile";
pub(super) const CLOSE: &str = "close";

fn opening(kind: &'static str, key: &str, code: String, name: String, floor: bool) -> Opening {
    Opening {
        place: None,
        award: None,
        person: None,
        kind,
        key: key.to_string(),
        code,
        name,
        unit: Unit::Pence,
        floor,
        year: None,
    }
}

fn of_award(row: &award::Model, mut opening: Opening, year: Option<i32>) -> Opening {
    opening.place = Some(row.place_id);
    opening.award = Some(row.id);
    opening.year = year;
    opening
}

fn line_of_money<'a>(programme: &'a Snapshot, key: &'a str) -> &'a str {
    programme.programme.design.money.iter().find(|l| l.key == key).map_or(key, |l| &l.name)
}

/// Where the money of a line comes from. It has no floor: it is what the sponsors give.
async fn source(w: &mut Write, programme: &Snapshot, line: &str) -> Result<AccountId, Fault> {
    let name = format!("The sponsors’ money for {}", line_of_money(programme, line));
    Ok(open(w, programme.id, opening("source", line, format!("source/{line}"), name, false)).await?.id)
}

async fn committed(w: &mut Write, programme: &Snapshot, line: &str) -> Result<AccountId, Fault> {
    let name = format!("What is committed to {} and not awarded", line_of_money(programme, line));
    Ok(open(w, programme.id, opening(COMMITTED, line, format!("committed/{line}"), name, true)).await?.id)
}

async fn awarded(w: &mut Write, programme: &Snapshot, row: &award::Model) -> Result<AccountId, Fault> {
    let name = format!("What is left to pay of award {}", row.reference);
    let opening = opening(AWARDED, &row.line, format!("award/{}", row.id), name, true);
    Ok(open(w, programme.id, of_award(row, opening, None)).await?.id)
}

async fn paid(w: &mut Write, programme: &Snapshot, row: &award::Model) -> Result<AccountId, Fault> {
    let opening = opening(PAID, &row.line, format!("paid/{}", row.id), format!("What was paid of award {}", row.reference), true);
    Ok(open(w, programme.id, of_award(row, opening, None)).await?.id)
}

/// The other side of the budget: what is planned in lines came out of here.
async fn plan(w: &mut Write, programme: &Snapshot, row: &award::Model) -> Result<AccountId, Fault> {
    let opening = opening("plan", &row.line, format!("plan/{}", row.id), format!("The plan of award {}", row.reference), false);
    Ok(open(w, programme.id, of_award(row, opening, None)).await?.id)
}

async fn unspent(w: &mut Write, programme: &Snapshot, row: &award::Model) -> Result<AccountId, Fault> {
    let name = format!("What award {} left unspent", row.reference);
    let opening = opening(UNSPENT, &row.line, format!("unspent/{}", row.id), name, true);
    Ok(open(w, programme.id, of_award(row, opening, None)).await?.id)
}

/// What a line still has to spend in a year of the award.
async fn budget(w: &mut Write, programme: &Snapshot, row: &award::Model, line: &str, year: i32) -> Result<AccountId, Fault> {
    let name = format!("‘{}’ in year {year}", line_name(programme, line));
    let opening = opening(BUDGET, line, format!("budget/{}/{line}/{year}", row.id), name, true);
    Ok(open(w, programme.id, of_award(row, opening, Some(year))).await?.id)
}

async fn spent(w: &mut Write, programme: &Snapshot, row: &award::Model, line: &str, year: i32) -> Result<AccountId, Fault> {
    let name = format!("What was spent on ‘{}’ in year {year}", line_name(programme, line));
    let opening = opening(SPENT, line, format!("spent/{}/{line}/{year}", row.id), name, true);
    Ok(open(w, programme.id, of_award(row, opening, Some(year))).await?.id)
}

/// Who moves money, and on which day.
#[derive(Debug, Clone, Copy)]
pub(super) struct By {
    pub person: PersonId,
    pub today: Day,
}

impl By {
    pub fn of(act: &Act) -> Result<Self, Stop> {
        Ok(Self { person: act.person()?, today: act.today() })
    }
}

/// What moves, without its postings.
struct About<'a> {
    row: Option<&'a award::Model>,
    kind: &'static str,
    on: Day,
    why: String,
    entry: Option<EntryId>,
}

async fn moves(
    w: &mut Write,
    by: By,
    programme: &Snapshot,
    about: About<'_>,
    postings: Vec<(AccountId, i64)>,
) -> Result<movement::Model, NotDone> {
    let moving = Moving {
        place: about.row.map(|r| r.place_id),
        award: about.row.map(|r| r.id),
        kind: about.kind,
        on: about.on,
        why: about.why,
        entry: about.entry,
        person: by.person,
        postings,
    };
    Ok(post(w, programme.id, moving).await?)
}

/// Why money does not move: a sentence for whoever asked, or something that ends the request.
pub(super) enum NotDone {
    Refused(String),
    Stop(Stop),
}

impl From<NotPosted> for NotDone {
    fn from(not: NotPosted) -> Self {
        match not {
            NotPosted::Refused(refused) => Self::Refused(refused.to_string()),
            NotPosted::Fault(fault) => Self::Stop(fault.into()),
        }
    }
}
impl From<Stop> for NotDone {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}
impl From<Fault> for NotDone {
    fn from(fault: Fault) -> Self {
        Self::Stop(fault.into())
    }
}

/// The sponsors commit money to a line.
pub(super) async fn commit(
    w: &mut Write,
    by: By,
    programme: &Snapshot,
    line: &str,
    amount: Money,
    why: String,
) -> Result<(), NotDone> {
    let (from, to) = (source(w, programme, line).await?, committed(w, programme, line).await?);
    let about = About { row: None, kind: COMMIT, on: by.today, why, entry: None };
    moves(w, by, programme, about, Moving::between(from, to, amount.pence())).await.map(|_| ())
}

/// Both sides have signed: the money is the place's to be paid, and its budget stands.
pub(super) async fn agree(
    w: &mut Write,
    by: By,
    programme: &Snapshot,
    row: &award::Model,
    first: &Version,
) -> Result<(), NotDone> {
    let (from, to) = (committed(w, programme, &row.line).await?, awarded(w, programme, row).await?);
    let out_of = plan(w, programme, row).await?;
    let mut postings = vec![(out_of, -row.amount)];
    for cell in first.cells.iter().filter(|c| c.after > 0) {
        postings.push((budget(w, programme, row, &cell.line, cell.year).await?, cell.after));
    }
    let about = |why: &str| About { row: Some(row), kind: AGREE, on: by.today, why: why.into(), entry: None };
    moves(w, by, programme, about("Both sides have signed"), Moving::between(from, to, row.amount)).await?;
    moves(w, by, programme, about("The budget that was agreed"), postings).await.map(|_| ())
}

/// An instalment was paid.
pub(super) async fn pay(
    w: &mut Write,
    by: By,
    programme: &Snapshot,
    row: &award::Model,
    (amount, on, why): (Money, Day, String),
) -> Result<movement::Model, NotDone> {
    let (from, to) = (awarded(w, programme, row).await?, paid(w, programme, row).await?);
    let about = About { row: Some(row), kind: PAY, on, why, entry: None };
    moves(w, by, programme, about, Moving::between(from, to, amount.pence())).await
}

/// What the place spent of its lines, as an entry tells of it.
pub(super) async fn spend(
    w: &mut Write,
    by: By,
    programme: &Snapshot,
    row: &award::Model,
    (year, on, entry): (i32, Day, EntryId),
    lines: &[(String, Money)],
) -> Result<(), NotDone> {
    let mut postings = Vec::new();
    for (line, amount) in lines {
        let (from, to) = (budget(w, programme, row, line, year).await?, spent(w, programme, row, line, year).await?);
        postings.extend(Moving::between(from, to, amount.pence()));
    }
    let about = About { row: Some(row), kind: SPEND, on, why: "Spent by the place".into(), entry: Some(entry) };
    moves(w, by, programme, about, postings).await.map(|_| ())
}

/// A change to the budget was approved: each line and year gets what the new version gives it more.
pub(super) async fn reprofile(
    w: &mut Write,
    by: By,
    programme: &Snapshot,
    row: &award::Model,
    version: &Version,
) -> Result<(), NotDone> {
    let mut postings = Vec::new();
    for cell in version.cells.iter().filter(|c| c.after != c.before) {
        postings.push((budget(w, programme, row, &cell.line, cell.year).await?, cell.after - cell.before));
    }
    if postings.is_empty() {
        return Ok(());
    }
    let why = version.row.reason.clone();
    let about = About { row: Some(row), kind: REPROFILE, on: by.today, why, entry: None };
    moves(w, by, programme, about, postings).await.map(|_| ())
}

/// The award has ended: what is left in its lines is underspend, and what was not paid can be awarded again.
pub(super) async fn close(w: &mut Write, by: By, programme: &Snapshot, row: &award::Model, why: &str) -> Result<(), NotDone> {
    let held = held(w.tx(), row.id, None).await?;
    let about = || About { row: Some(row), kind: CLOSE, on: by.today, why: why.into(), entry: None };
    let left: Vec<(AccountId, i64)> =
        held.iter().filter(|(a, balance)| a.kind == BUDGET && *balance > 0).map(|(a, b)| (a.id, *b)).collect();
    if !left.is_empty() {
        let to = unspent(w, programme, row).await?;
        let mut postings: Vec<_> = left.iter().map(|(id, balance)| (*id, -balance)).collect();
        postings.push((to, left.iter().map(|(_, b)| b).sum()));
        moves(w, by, programme, about(), postings).await?;
    }
    if let Some((from, unpaid)) = held.iter().find(|(a, balance)| a.kind == AWARDED && *balance > 0) {
        let to = committed(w, programme, &row.line).await?;
        moves(w, by, programme, about(), Moving::between(from.id, to, *unpaid)).await?;
    }
    Ok(())
}

/// What is committed to a line and not awarded.
pub(super) async fn free(db: &impl ConnectionTrait, programme: &Snapshot, line: &str) -> Result<Money, Fault> {
    let found = account::Entity::find()
        .filter(account::COLUMN.programme_id.eq(programme.id))
        .filter(account::COLUMN.kind.eq(COMMITTED))
        .filter(account::COLUMN.key.eq(line))
        .all(db)
        .await;
    Ok(sum(&with_balances(db, found.map_err(fault("list accounts"))?, None).await?, COMMITTED))
}

/// The accounts of an award with what each holds, by the end of a day where one is given.
pub(super) async fn held(
    db: &impl ConnectionTrait,
    id: AwardId,
    as_of: Option<Day>,
) -> Result<Vec<(account::Model, i64)>, Fault> {
    let found = account::Entity::find().filter(account::COLUMN.award_id.eq(id)).all(db).await;
    with_balances(db, found.map_err(fault("list accounts"))?, as_of).await
}

/// Accounts with what each holds.
pub(super) async fn with_balances(
    db: &impl ConnectionTrait,
    accounts: Vec<account::Model>,
    as_of: Option<Day>,
) -> Result<Vec<(account::Model, i64)>, Fault> {
    let ids: Vec<AccountId> = accounts.iter().map(|a| a.id).collect();
    let held: HashMap<AccountId, i64> = balances(db, &ids, as_of).await?;
    Ok(accounts.into_iter().map(|a| (held.get(&a.id).copied().unwrap_or(0), a)).map(|(b, a)| (a, b)).collect())
}

/// What accounts of one kind hold together.
pub(super) fn sum(held: &[(account::Model, i64)], kind: &str) -> Money {
    Money::from_pence(held.iter().filter(|(a, _)| a.kind == kind).map(|(_, b)| b).sum())
}

/// What places spent of awards, by day; what was taken back counts against it.
pub(super) async fn spend_by_day(
    db: &impl ConnectionTrait,
    awards: &[AwardId],
) -> Result<HashMap<AwardId, Vec<(Day, Money)>>, Fault> {
    let found: Vec<(AwardId, Day, i64)> = tables::posting::Entity::find()
        .select_only()
        .column(account::Column::AwardId)
        .column(movement::Column::OnDay)
        .column(tables::posting::Column::Amount)
        .join(
            sea_orm::JoinType::InnerJoin,
            tables::posting::Entity::belongs_to(movement::Entity)
                .from(tables::posting::Column::MovementId)
                .to(movement::Column::Id)
                .into(),
        )
        .join(
            sea_orm::JoinType::InnerJoin,
            tables::posting::Entity::belongs_to(account::Entity)
                .from(tables::posting::Column::AccountId)
                .to(account::Column::Id)
                .into(),
        )
        .filter(account::COLUMN.award_id.is_in(awards.iter().copied()))
        .filter(account::COLUMN.kind.eq(SPENT))
        .order_by_asc(movement::Column::OnDay)
        .order_by_asc(tables::posting::Column::Id)
        .into_tuple()
        .all(db)
        .await
        .map_err(fault("list what was spent"))?;
    let mut of: HashMap<AwardId, Vec<(Day, Money)>> = HashMap::new();
    for (id, day, pence) in found {
        of.entry(id).or_default().push((day, Money::from_pence(pence)));
    }
    Ok(of)
}
