//! The money of a programme: committed, awarded, paid and spent, by line and by place, as of any day; and committing it.

use std::collections::HashMap;

use design::Power;
use kernel::{Day, Fault, Invalid, Money};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder};
use store::fault;
use tables::{AwardId, PlaceId, account, award, movement, place, programme};
use ui::figures::{Chain, money_chains};
use ui::form::{self, Choice, Field};
use ui::table::{Cell, Table};
use ui::{Html, html, parts};

use super::accounts::{self, AWARDED, By, COMMITTED, NotDone, PAID, SPENT, UNSPENT};
use super::award::href;
use super::make::{amount_of, lines};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Snapshot, Stop};
use crate::ledger::movements;

/// What the ledger holds of a line of money, or of an award, by the end of a day.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    /// Committed and not awarded.
    free: i64,
    /// Awarded and not paid.
    owed: i64,
    paid: i64,
    spent: i64,
    unspent: i64,
}

impl Sums {
    fn add(&mut self, kind: &str, amount: i64) {
        match kind {
            COMMITTED => self.free += amount,
            AWARDED => self.owed += amount,
            PAID => self.paid += amount,
            SPENT => self.spent += amount,
            UNSPENT => self.unspent += amount,
            _ => {}
        }
    }
    fn plus(mut self, other: Self) -> Self {
        self.free += other.free;
        self.owed += other.owed;
        self.paid += other.paid;
        self.spent += other.spent;
        self.unspent += other.unspent;
        self
    }
    fn committed(self) -> Money {
        Money::from_pence(self.free + self.owed + self.paid)
    }
    fn awarded(self) -> Money {
        Money::from_pence(self.owed + self.paid)
    }
    fn chain(self, name: &str) -> Chain {
        let money = Money::from_pence;
        Chain {
            name: name.into(),
            committed: self.committed(),
            awarded: self.awarded(),
            paid: money(self.paid),
            spent: money(self.spent),
        }
    }
}

/// The whole ledger of money, as far as the viewer sees it.
struct Whole {
    awards: Vec<(award::Model, place::Model)>,
    of_award: HashMap<AwardId, Sums>,
    of_line: HashMap<String, Sums>,
    /// What was spent of each award, by day, for what lies ahead.
    forecast: HashMap<AwardId, Option<ledger::Forecast>>,
}

async fn whole(cx: &Cx, programme: &Snapshot, as_of: Day) -> Result<Whole, Fault> {
    let everything = cx.viewer().may(Power::SeeMoney, programme.id, None);
    let accounts = account::Entity::find()
        .filter(account::COLUMN.programme_id.eq(programme.id))
        .filter(account::COLUMN.kind.is_in([COMMITTED, AWARDED, PAID, SPENT, UNSPENT]))
        .all(cx.read())
        .await
        .map_err(fault("list accounts"))?;
    let sees =
        |place: Option<PlaceId>| everything || place.is_some_and(|p| cx.viewer().may(Power::SeeMoney, programme.id, Some(p)));
    let accounts = accounts.into_iter().filter(|a| sees(a.place_id)).collect();
    let held = accounts::with_balances(cx.read(), accounts, Some(as_of)).await?;
    let awards = award::Entity::find()
        .filter(award::COLUMN.programme_id.eq(programme.id))
        .filter(award::COLUMN.agreed_at.lt(as_of.plus_days(1).start()))
        .order_by_asc(award::Column::StartsOn)
        .order_by_asc(award::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list awards"))?;
    let places = place::Entity::find().filter(place::COLUMN.programme_id.eq(programme.id)).all(cx.read()).await;
    let places = places.map_err(fault("list places"))?;
    let with_place = |a: award::Model| Some((places.iter().find(|p| p.id == a.place_id)?.clone(), a)).map(|(p, a)| (a, p));
    let mut all = Whole {
        awards: awards.into_iter().filter(|a| sees(Some(a.place_id))).filter_map(with_place).collect(),
        of_award: HashMap::new(),
        of_line: HashMap::new(),
        forecast: HashMap::new(),
    };
    for (a, balance) in &held {
        let line = match a.award_id {
            None => a.key.clone(),
            Some(id) => {
                all.of_award.entry(id).or_default().add(&a.kind, *balance);
                all.awards.iter().find(|(w, _)| w.id == id).map(|(w, _)| w.line.clone()).unwrap_or_default()
            }
        };
        all.of_line.entry(line).or_default().add(&a.kind, *balance);
    }
    let spend = accounts::spend_by_day(cx.read(), &all.awards.iter().map(|(a, _)| a.id).collect::<Vec<_>>()).await?;
    for (row, _) in &all.awards {
        let mine = spend.get(&row.id).map_or(&[][..], Vec::as_slice);
        let ahead = ledger::forecast(mine, row.starts_on, row.ends_on, as_of, Money::from_pence(row.amount));
        // What lies ahead of a day that is still to come, nobody knows.
        all.forecast.insert(row.id, ahead.filter(|_| row.closed_at.is_none() && as_of <= cx.today()));
    }
    Ok(all)
}

/// `/programmes/{programme}/money`
pub(super) async fn page(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    if !programme.programme.design.has_awards() {
        return Err(Stop::Missing);
    }
    let mut wrong = Invalid::default();
    let typed = cx.query("on").to_string();
    let as_of = match typed.is_empty() {
        true => cx.today(),
        false => Day::parse_as_written(&typed).unwrap_or_else(|bad| {
            wrong.add("on", bad.to_string());
            cx.today()
        }),
    };
    let all = whole(&cx, &programme, as_of).await?;
    let everything = cx.viewer().may(Power::SeeMoney, programme.id, None);
    let may = |power| cx.viewer().may(power, programme.id, None);
    let home = format!("{}/money", programme.href());
    let lead =
        if everything { "What is committed, awarded, paid and spent." } else { "What is awarded, paid and spent in your place." };
    let draft = Draft::new("Money")
        .lead(format!("{lead} As of {as_of}."))
        .done(&cx, &[("committed", "Committed. It can be awarded now.")])
        .invalid(&wrong)
        .crumb(&programme.name, programme.href());
    let by_line = by_line(&programme, &all);
    Ok(draft.page(
        &cx,
        maud! {
            @if may(Power::ManageGrants) || may(Power::ApprovePayments) {
                ul class="govuk-list" {
                    li { a class="govuk-link" href={ (&home) "/payments" } { "Payments" } }
                    @if may(Power::ManageGrants) { li { a class="govuk-link" href={ (&home) "/commit" } { "Note what the sponsors commit" } } }
                    @if may(Power::ManageGrants) { li { a class="govuk-link" href={ (&home) "/publish" } { "Publish the awards as open data" } } }
                }
            }
            (form::asking_form(&home, maud! {
                (form::date(Field::new("on", "As of").value(if typed.is_empty() { "" } else { &typed }).error(wrong.of("on")).optional()))
                (form::secondary_button("Show that day"))
            }))
            @if everything { (parts::section("lines", "By line", &by_line)) }
            (parts::section("places", "By place", by_place(&programme, &all)))
            @if everything { (stated(&programme, &all)) }
        },
    ))
}

fn by_line(programme: &Snapshot, all: &Whole) -> Html {
    let lines: Vec<_> = lines(programme).into_iter().map(|l| (l, all.of_line.get(&l.key).copied().unwrap_or_default())).collect();
    let chains: Vec<Chain> = lines.iter().map(|(line, sums)| sums.chain(&line.name)).collect();
    let together = lines.iter().fold(Sums::default(), |sum, (_, s)| sum.plus(*s));
    let rows = lines.iter().map(|(line, sums)| {
        let planned = line
            .total()
            .map_or_else(Cell::not_stated, |t| Cell::number(if line.up_to { format!("up to {t}") } else { t.to_string() }));
        let mut row = vec![Cell::text(&line.name).head(), planned];
        row.extend(cells(*sums));
        row.push(Cell::money(Money::from_pence(sums.free)));
        row
    });
    let mut foot = vec![Cell::text("Together").head(), Cell::text("")];
    foot.extend(cells(together));
    foot.push(Cell::money(Money::from_pence(together.free)));
    let heads = ["Line", "In the design", "Committed", "Awarded", "Paid", "Spent", "Not awarded"];
    let table = Table::new("Money by line", &heads, rows.collect()).foot(foot).html();
    html(maud! { (money_chains("Committed, awarded, paid and spent", &chains)) (table) })
}

fn cells(sums: Sums) -> [Cell; 4] {
    [
        Cell::money(sums.committed()),
        Cell::money(sums.awarded()),
        Cell::money(Money::from_pence(sums.paid)),
        Cell::money(Money::from_pence(sums.spent)),
    ]
}

fn by_place(programme: &Snapshot, all: &Whole) -> Html {
    let rows = all.awards.iter().map(|(row, place)| {
        let sums = all.of_award.get(&row.id).copied().unwrap_or_default();
        let ahead = all.forecast.get(&row.id).copied().flatten();
        vec![
            Cell::link(&href(programme, place, row.id), &row.reference).head(),
            Cell::text(&place.name),
            Cell::money(sums.awarded()),
            Cell::money(Money::from_pence(sums.paid)),
            Cell::money(Money::from_pence(sums.spent)),
            ahead.map_or_else(|| Cell::text("—"), |f| Cell::text(foreseen(&f))),
            Cell::day(row.ends_on),
        ]
    });
    let rows: Vec<_> = rows.collect();
    let sum = all.of_award.values().fold(Sums::default(), |sum, s| sum.plus(*s));
    let foot = vec![
        Cell::text("Together").head(),
        Cell::text(""),
        Cell::money(sum.awarded()),
        Cell::money(Money::from_pence(sum.paid)),
        Cell::money(Money::from_pence(sum.spent)),
        Cell::text(""),
        Cell::text(""),
    ];
    let heads = ["Award", "Place", "Awarded", "Paid", "Spent", "By the end, if it goes on so", "Ends"];
    let table = Table::new("Money by place", &heads, rows).foot(foot).quiet().html();
    html(maud! {
        @if all.awards.is_empty() { p { "No award is in force yet." } }
        @else {
            (table)
            (parts::details("How the end is foreseen", maud! { p { (ledger::METHOD) } }))
        }
    })
}

/// What is foreseen, no finer than it can be known: whole hundreds of pounds.
pub(super) fn foreseen(ahead: &ledger::Forecast) -> String {
    let (middle, low, high) = (about(ahead.middle), about(ahead.low), about(ahead.high));
    match (low == middle, high == middle) {
        (true, true) => format!("about {middle}"),
        (true, false) => format!("about {middle}, up to {high}"),
        (false, true) => format!("about {middle}, at least {low}"),
        (false, false) => format!("about {middle}, from {low} to {high}"),
    }
}

/// To the nearest hundred pounds.
pub(super) fn about(amount: Money) -> Money {
    Money::from_pence((amount.pence() + 5_000).div_euclid(10_000) * 10_000)
}

/// What the sources state, beside what is awarded here; and where they differ.
fn stated(programme: &Snapshot, all: &Whole) -> Html {
    let design = &programme.programme.design;
    let rows = design.totals.iter().map(|t| {
        let awarded = t.of.iter().filter_map(|key| all.of_line.get(key)).fold(Sums::default(), |sum, s| sum.plus(*s)).awarded();
        let lines = design.sum_of(&t.of).map_or_else(Cell::not_stated, Cell::money);
        vec![
            Cell::text(&t.what).head(),
            Cell::number(if t.up_to { format!("up to {}", t.amount) } else { t.amount.to_string() }),
            lines,
            Cell::money(awarded),
        ]
    });
    let rows: Vec<_> = rows.collect();
    let notes: Vec<String> = programme.programme.notes().into_iter().filter(|n| n.contains('£')).collect();
    let heads = ["What", "Stated", "Lines come to", "Awarded here"];
    let table = Table::new("Totals as stated, beside the lines of the design and what is awarded", &heads, rows).quiet().html();
    html(maud! {
        @if !design.totals.is_empty() {
            (parts::section("stated", "As stated in public", maud! {
                (table)
                @if !notes.is_empty() { (parts::inset(maud! { @for note in &notes { p { (note) } } })) }
            }))
        }
    })
}

/// `/programmes/{programme}/money/commit`
pub(super) async fn commit_form(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    // Where there is one line, it can only be that; otherwise nothing is chosen, so that no slip commits to the wrong one.
    let lines = lines(&programme);
    let only = if let [line] = &lines[..] { line.key.clone() } else { String::new() };
    commit_page(&cx, (&only, "", ""), &Invalid::default()).await
}

async fn commit_page(cx: &Cx, (line, amount, why): (&str, &str, &str), wrong: &Invalid) -> Answer {
    let programme = cx.programme()?;
    let choices: Vec<Choice> = lines(programme)
        .iter()
        .map(|l| {
            let up_to = if l.up_to { "up to " } else { "" };
            let total = l.total().map(|t| format!("The design has {up_to}{t}.")).unwrap_or_default();
            Choice::new(&l.key, &l.name).hint(total)
        })
        .collect();
    let before = commitments(cx, programme).await?;
    let field = |of: &'static str, label, hint, value| Field::new(of, label).hint(hint).value(value).error(wrong.of(of));
    let draft = Draft::new("Note what the sponsors commit")
        .lead("Awards come out of what is committed; no more can be agreed than there is.")
        .invalid(wrong)
        .crumb(&programme.name, programme.href())
        .crumb("Money", format!("{}/money", programme.href()));
    Ok(draft.page(
        cx,
        maud! {
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (form::radios(field("line", "What is it for?", "", line), &choices))
                (form::money(field("amount", "How much?", "In addition to what is committed already.", amount)))
                (form::text(field("why", "On what ground?", "Such as: the boards’ decision, and its date.", why)))
                (form::button("Note it"))
            }))
            (parts::section("before", "What they have committed so far", &before))
        },
    ))
}

/// The newest that a page lists.
const LISTED: u64 = 100;

async fn commitments(cx: &Cx, programme: &Snapshot) -> Result<Html, Fault> {
    let of = Condition::all().add(movement::COLUMN.programme_id.eq(programme.id)).add(movement::COLUMN.kind.eq(accounts::COMMIT));
    let all = movements(cx.read(), of, LISTED).await?;
    let rows = all.iter().filter_map(|told| {
        let (account, amount) = told.at(COMMITTED)?;
        let line = lines(programme).into_iter().find(|l| l.key == account.key).map_or(account.key.clone(), |l| l.name.clone());
        let (day, why) = (told.movement.on_day, &told.movement.why);
        Some(vec![Cell::day(day).head(), Cell::text(line), Cell::money(Money::from_pence(amount)), Cell::text(why)])
    });
    let rows: Vec<_> = rows.collect();
    Ok(html(maud! {
        @if rows.is_empty() { p { "Nothing is committed yet." } }
        @else { (Table::new("What the sponsors have committed", &["Day", "Line", "Amount", "On what ground"], rows.clone()).quiet().html()) }
    }))
}

pub(super) async fn commit(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let (line, typed, why) = (act.form.get("line"), act.form.get("amount"), act.form.get("why"));
    let mut wrong = Invalid::default();
    if !lines(&programme).iter().any(|l| l.key == line) {
        wrong.add("line", "Choose what it is for");
    }
    let amount = amount_of(&mut wrong, "amount", typed);
    if why.is_empty() || why.chars().count() > 300 {
        wrong.add("why", "Say on what ground, in at most 300 characters");
    }
    let Some(amount) = amount.filter(|_| wrong.is_empty()) else {
        return commit_page(&act, (line, typed, why), &wrong).await;
    };
    let mut write = act.write("commit money").await?;
    write.lock::<programme::Entity>(programme.id).await?.ok_or(Stop::Missing)?;
    match accounts::commit(&mut write, By::of(&act)?, &programme, line, amount, why.to_string()).await {
        Ok(()) => act.save(write, &format!("{}/money?done=committed", programme.href())).await,
        Err(NotDone::Stop(stop)) => Err(stop),
        Err(NotDone::Refused(refused)) => {
            drop(write);
            commit_page(&act, (line, typed, why), &Invalid::one("amount", refused)).await
        }
    }
}
