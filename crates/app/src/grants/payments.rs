//! Paying: what is due, the two people who approve each payment, the file for the bank or the finance system, and the note
//! that it was paid. An instalment is approved by a person once, stands in one file, and is paid once.

use std::collections::BTreeSet;

use axum::http::{HeaderValue, StatusCode, header};
use design::Power;
use kernel::{Day, Fault, Invalid, Money};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder, QuerySelect};
use store::{Write, fault};
use tables::{
    ApprovalId, AwardId, InstalmentId, OrganisationId, PaymentFileId, PersonId, PlaceId, approval, award, instalment,
    organisation, payment_file, person, place, programme,
};
use ui::form::{self, Field};
use ui::parts;
use ui::table::{Cell, Table};
use ui::{Html, html};

use super::accounts::{self, By, NotDone};
use super::award::{approvals, href};
use crate::calls::csv_line;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Snapshot, Stop, download};

/// As many people approve a payment.
const VOICES: usize = 2;
/// What falls due within so many days stands in the list.
const SOON_DAYS: i64 = 31;

/// An instalment with its award and place.
struct Due {
    row: instalment::Model,
    award: award::Model,
    place: place::Model,
    holder: String,
    approvals: Vec<approval::Model>,
}

impl Due {
    fn amount(&self) -> Money {
        Money::from_pence(self.row.amount)
    }
    /// Its day has come, or what has to have happened first has happened.
    fn is_due(&self, today: Day) -> bool {
        let day = self.row.due_on.is_none_or(|d| d <= today);
        let milestone = self.row.milestone.is_empty() || self.row.met_at.is_some();
        day && milestone
    }
    fn approved(&self) -> bool {
        self.approvals.len() >= VOICES
    }
    fn name(&self) -> String {
        format!("{}, instalment {}", self.award.reference, self.row.number)
    }
}

/// Instalments with all that a page or a file says of them.
async fn dues(db: &impl ConnectionTrait, of: Condition) -> Result<Vec<Due>, Fault> {
    let rows = instalment::Entity::find()
        .select_also(award::Entity)
        .join(
            sea_orm::JoinType::InnerJoin,
            instalment::Entity::belongs_to(award::Entity).from(instalment::Column::AwardId).to(award::Column::Id).into(),
        )
        .filter(of)
        .order_by_asc(instalment::Column::DueOn)
        .order_by_asc(instalment::Column::Id)
        .all(db)
        .await
        .map_err(fault("list instalments"))?;
    let rows: Vec<_> = rows.into_iter().filter_map(|(i, a)| Some((i, a?))).collect();
    let places: Vec<PlaceId> = rows.iter().map(|(_, a)| a.place_id).collect();
    let places = place::Entity::find().filter(place::COLUMN.id.is_in(places)).all(db).await.map_err(fault("list places"))?;
    let holders: Vec<OrganisationId> = rows.iter().map(|(_, a)| a.organisation_id).collect();
    let holders = organisation::Entity::find().filter(organisation::COLUMN.id.is_in(holders)).all(db).await;
    let holders = holders.map_err(fault("list organisations"))?;
    let ids: Vec<InstalmentId> = rows.iter().map(|(i, _)| i.id).collect();
    let given = approvals(db, Condition::all().add(approval::COLUMN.instalment_id.is_in(ids))).await?;
    let due = |(row, award): (instalment::Model, award::Model)| {
        let place = places.iter().find(|p| p.id == award.place_id)?.clone();
        let holder = holders.iter().find(|o| o.id == award.organisation_id).map(|o| o.name.clone()).unwrap_or_default();
        let approvals = given.iter().filter(|a| a.instalment_id == Some(row.id)).cloned().collect();
        Some(Due { row, award, place, holder, approvals })
    };
    Ok(rows.into_iter().filter_map(due).collect())
}

/// What of agreed awards is not paid.
async fn unpaid(db: &impl ConnectionTrait, of: Condition) -> Result<Vec<Due>, Fault> {
    let open = of
        .add(instalment::COLUMN.paid_at.is_null())
        .add(instalment::COLUMN.amount.gt(0))
        .add(award::COLUMN.agreed_at.is_not_null())
        .add(award::COLUMN.closed_at.is_null());
    dues(db, open).await
}

/// Takes hold of instalments and their awards, in an order that is the same for everybody, so that nobody waits for somebody
/// who waits for them.
async fn hold(write: &mut Write, payments: &[Due]) -> Result<(), Stop> {
    let awards: BTreeSet<AwardId> = payments.iter().map(|d| d.award.id).collect();
    for id in awards {
        write.lock::<award::Entity>(id).await?.ok_or(Stop::Missing)?;
    }
    let rows: BTreeSet<InstalmentId> = payments.iter().map(|d| d.row.id).collect();
    for id in rows {
        write.lock::<instalment::Entity>(id).await?.ok_or(Stop::Missing)?;
    }
    Ok(())
}

fn of_programme(programme: &Snapshot) -> Condition {
    Condition::all().add(instalment::COLUMN.programme_id.eq(programme.id))
}

const SAID: &[(&str, &str)] = &[
    ("approved", "Approved. A payment goes into a file once two people have approved it."),
    ("taken-back", "Your approval is taken back."),
];

/// `/programmes/{programme}/money/payments`
pub(super) async fn page(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let all = unpaid(cx.read(), of_programme(&programme)).await?;
    let names = names(&cx, &all).await?;
    let soon = cx.today().plus_days(SOON_DAYS);
    let (ready, open): (Vec<&Due>, Vec<&Due>) =
        all.iter().filter(|d| d.row.payment_file_id.is_none()).partition(|d| d.is_due(cx.today()) && d.approved());
    let (due, later): (Vec<&Due>, Vec<&Due>) = open.into_iter().partition(|d| d.is_due(cx.today()));
    let later: Vec<&Due> = later.into_iter().filter(|d| d.row.due_on.is_none_or(|day| day <= soon)).collect();
    let files = files(&cx, &programme).await?;
    let draft = Draft::new("Payments")
        .lead("What is due, who has approved it, and what was handed over to be paid. Each payment takes two people.")
        .done(&cx, SAID)
        .crumb(&programme.name, programme.href())
        .crumb("Money", format!("{}/money", programme.href()));
    let table = |caption: &str, list: &[&Due]| listed(&cx, &programme, caption, list, &names);
    Ok(draft.page(
        &cx,
        maud! {
            (parts::section("due", "To approve", maud! {
                @if due.is_empty() { p { "Nothing waits to be approved." } } @else { (table("Due", &due)) }
            }))
            (parts::section("ready", "Approved by two", maud! {
                @if ready.is_empty() { p { "Nothing is ready to be handed over." } } @else {
                    (table("Ready to be paid", &ready))
                    (form::button_form(&format!("{}/money/files", programme.href()), &cx.form_keys(), form::button(&format!("Make a payment file of these {}", ready.len()))))
                }
            }))
            (parts::section("files", "Payment files", &files))
            @if !later.is_empty() { (parts::section("soon", "Coming", table("Due within a month, or waiting for something to happen", &later))) }
        },
    ))
}

async fn names(cx: &Cx, all: &[Due]) -> Result<Vec<person::Model>, Fault> {
    let ids: Vec<PersonId> = all.iter().flat_map(|d| &d.approvals).map(|a| a.person_id).collect();
    person::Entity::find().filter(person::COLUMN.id.is_in(ids)).all(cx.read()).await.map_err(fault("list people"))
}

fn listed(cx: &Cx, programme: &Snapshot, caption: &str, list: &[&Due], names: &[person::Model]) -> Html {
    let approves = cx.viewer().may(Power::ApprovePayments, programme.id, None);
    let me = cx.viewer().person();
    let rows = list.iter().map(|d| {
        let by: Vec<&str> =
            d.approvals.iter().filter_map(|a| names.iter().find(|p| p.id == a.person_id)).map(|p| p.name.as_str()).collect();
        let mine = d.approvals.iter().any(|a| Some(a.person_id) == me);
        let action = if !approves || !d.is_due(cx.today()) {
            ""
        } else if mine {
            "take-back"
        } else if d.approved() {
            ""
        } else {
            "approve"
        };
        let button = html(maud! {
            @if !action.is_empty() {
                (form::button_form(cx.path(), &cx.form_keys(), maud! {
                    (form::hidden("_instalment", &d.row.id.to_string())) (form::hidden("_amount", &d.row.amount.to_string()))
                    (form::hidden("_do", action))
                    button class="govuk-button govuk-button--secondary" type="submit" {
                        @if action == "approve" { "Approve" } @else { "Take back" }
                        span class="govuk-visually-hidden" { " " (d.name()) }
                    }
                }))
            }
        });
        vec![
            Cell::html(maud! { a class="govuk-link" href=(href(programme, &d.place, d.award.id)) { (d.name()) } }).head(),
            Cell::text(&d.place.name),
            Cell::text(&d.holder),
            Cell::money(d.amount()),
            d.row.due_on.map_or_else(|| Cell::text(milestone(&d.row)), Cell::day),
            if by.is_empty() { Cell::text("Nobody yet") } else { Cell::text(by.join(", ")) },
            Cell::html(button),
        ]
    });
    let sum = list.iter().try_fold(Money::ZERO, |sum, d| sum.checked_add(d.amount())).unwrap_or_default();
    let foot = ["", "", ""].map(Cell::text);
    let foot =
        [Cell::text("Together").head(), Cell::text(""), Cell::text(""), Cell::money(sum)].into_iter().chain(foot).collect();
    Table::new(caption, &["Payment", "Place", "Paid to", "Amount", "Due", "Approved by", "What you can do"], rows.collect())
        .foot(foot)
        .html()
}

fn milestone(row: &instalment::Model) -> String {
    match row.met_at {
        Some(_) => format!("{}: it has happened", row.milestone),
        None => format!("Once this has happened: {}", row.milestone),
    }
}

async fn files(cx: &Cx, programme: &Snapshot) -> Result<Html, Stop> {
    let files = payment_file::Entity::find().filter(payment_file::COLUMN.programme_id.eq(programme.id));
    let files =
        files.order_by_desc(payment_file::Column::Number).limit(50).all(cx.read()).await.map_err(fault("list payment files"))?;
    let ids: Vec<PaymentFileId> = files.iter().map(|f| f.id).collect();
    let rows = instalment::Entity::find().filter(instalment::COLUMN.payment_file_id.is_in(ids)).all(cx.read()).await;
    let inside = rows.map_err(fault("list payments"))?;
    let rows = files.iter().map(|f| {
        let mine: Vec<_> = inside.iter().filter(|i| i.payment_file_id == Some(f.id)).collect();
        let open = mine.iter().filter(|i| i.paid_at.is_none()).count();
        let sum = mine.iter().try_fold(Money::ZERO, |sum, i| sum.checked_add(Money::from_pence(i.amount))).unwrap_or_default();
        vec![
            Cell::link(&format!("{}/money/files/{}", programme.href(), f.id), &format!("File {}", f.number)).head(),
            Cell::text(f.made_at.to_string()),
            Cell::number(mine.len()),
            Cell::money(sum),
            Cell::text(match open {
                0 => "All paid".to_string(),
                n => format!("{n} not noted as paid"),
            }),
        ]
    });
    let rows: Vec<_> = rows.collect();
    Ok(match rows.is_empty() {
        true => html(maud! { p { "None was made yet." } }),
        false => Table::new("Payment files", &["File", "Made", "Payments", "Together", "Stands"], rows).quiet().html(),
    })
}

/// Approves a payment, or takes one’s own approval back.
pub(super) async fn approve(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let held = act.held().find(|h| h.place.is_none() && programme.role_may(&h.role, Power::ApprovePayments));
    let role = held.map(|h| h.role.clone()).ok_or_else(|| {
        Stop::forbidden(
            "You do not approve payments",
            "Your role looks after grants. Two of those who approve payments have to do this.",
        )
    })?;
    let (person, takes_back) = (act.person()?, act.form.get("_do") == "take-back");
    let here = format!("{}/money/payments", programme.href());
    let id: InstalmentId = act.form.get("_instalment").parse().map_err(|_| Stop::Missing)?;
    let mut write = act.write(if takes_back { "take back the approval of a payment" } else { "approve a payment" }).await?;
    let row = write.lock::<instalment::Entity>(id).await?.filter(|i| i.programme_id == programme.id).ok_or(Stop::Missing)?;
    let due = unpaid(write.tx(), Condition::all().add(instalment::COLUMN.id.eq(id))).await?;
    let changed = |why: &str| refused("It cannot be approved now", why, &here);
    if row.payment_file_id.is_some() || row.paid_at.is_some() {
        return Err(changed("It has been handed over to be paid already."));
    }
    let due = due
        .into_iter()
        .next()
        .filter(|d| d.is_due(act.today()))
        .ok_or_else(|| changed("It is not due: its day has not come, or what has to have happened first has not."))?;
    let mine = due.approvals.iter().find(|a| a.person_id == person);
    match (takes_back, mine) {
        (true, Some(mine)) => {
            write.replace(mine, approval::Model { ended_at: Some(write.at()), ..mine.clone() }).await?;
        }
        // Somebody who has approved it hears that it is approved, however often they press.
        (true, None) | (false, Some(_)) => {}
        (false, None) if row.amount.to_string() != act.form.get("_amount") => {
            return Err(changed("Its amount was changed meanwhile. Look at it again, then approve it."));
        }
        (false, None) if due.approved() => return Err(changed("Two others have approved it already.")),
        (false, None) => {
            let given = approval::Model {
                id: ApprovalId(write.id()),
                programme_id: programme.id,
                instalment_id: Some(id),
                variation_id: None,
                person_id: person,
                role,
                given_at: write.at(),
                ended_at: None,
            };
            write.insert(given).await?;
        }
    }
    act.save(write, &format!("{here}?done={}", if takes_back { "taken-back" } else { "approved" })).await
}

fn refused(title: &str, why: &str, back: &str) -> Stop {
    Stop::Refused {
        status: StatusCode::CONFLICT,
        title: title.into(),
        why: why.into(),
        next: Some(("Payments".into(), back.into())),
    }
}

/// Puts everything that two people have approved into a file, each into one file for ever.
pub(super) async fn make_file(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let here = format!("{}/money/payments", programme.href());
    let mut write = act.write("make a payment file").await?;
    // Files of a programme are made one after the other.
    write.lock::<programme::Entity>(programme.id).await?.ok_or(Stop::Missing)?;
    let found = ready(&act, write.tx(), &programme).await?;
    hold(&mut write, &found).await?;
    // An approval may have been taken back, or an award closed, before these were held.
    let ready = ready(&act, write.tx(), &programme).await?;
    if ready.is_empty() {
        return Err(refused(
            "There is nothing to hand over",
            "Nothing that is due has been approved by two people, or somebody has just made a file of it.",
            &here,
        ));
    }
    let made = payment_file::Entity::find().filter(payment_file::COLUMN.programme_id.eq(programme.id)).count(write.tx()).await;
    let number = i32::try_from(made.map_err(fault("count payment files"))?).unwrap_or(i32::MAX - 1) + 1;
    let file = payment_file::Model {
        id: PaymentFileId(write.id()),
        programme_id: programme.id,
        number,
        made_by: act.person()?,
        made_at: write.at(),
    };
    let file = write.insert(file).await?;
    for Due { row, .. } in ready {
        write.replace(&row, instalment::Model { payment_file_id: Some(file.id), ..row.clone() }).await?;
    }
    act.save(write, &format!("{}/money/files/{}", programme.href(), file.id)).await
}

/// What can be handed over: due, approved by two, and in no file.
async fn ready(cx: &Cx, db: &impl ConnectionTrait, programme: &Snapshot) -> Result<Vec<Due>, Fault> {
    let all = unpaid(db, of_programme(programme)).await?;
    Ok(all.into_iter().filter(|d| d.row.payment_file_id.is_none() && d.approved() && d.is_due(cx.today())).collect())
}

struct InFile {
    file: payment_file::Model,
    payments: Vec<Due>,
}

async fn in_file(cx: &Cx) -> Result<InFile, Stop> {
    let programme = cx.programme()?;
    let id: PaymentFileId = cx.param("file").parse().map_err(|_| Stop::Missing)?;
    let of_programme = payment_file::COLUMN.programme_id.eq(programme.id);
    let file =
        payment_file::Entity::find_by_id(id).filter(of_programme).one(cx.read()).await.map_err(fault("load a payment file"))?;
    let file = file.ok_or(Stop::Missing)?;
    let payments = dues(cx.read(), Condition::all().add(instalment::COLUMN.payment_file_id.eq(id))).await?;
    Ok(InFile { file, payments })
}

/// `/programmes/{programme}/money/files/{file}`
pub(super) async fn file(cx: Cx) -> Answer {
    let found = in_file(&cx).await?;
    show_file(&cx, &found, ("", ""), &Invalid::default())
}

fn show_file(cx: &Cx, found: &InFile, (on, reference): (&str, &str), wrong: &Invalid) -> Answer {
    let programme = cx.programme()?;
    let rows = found.payments.iter().map(|d| {
        vec![
            Cell::text(d.name()).head(),
            Cell::text(&d.holder),
            Cell::money(d.amount()),
            d.row.paid_on.map_or_else(|| Cell::text("Not noted as paid"), Cell::day),
            Cell::text(&d.row.paid_reference),
        ]
    });
    let table = Table::new("Payments in this file", &["Payment", "Paid to", "Amount", "Paid on", "Reference"], rows.collect());
    let table = table.quiet().html();
    let open = found.payments.iter().any(|d| d.row.paid_at.is_none());
    let field = |of: &'static str, label, hint, value| Field::new(of, label).hint(hint).value(value).error(wrong.of(of));
    let draft = Draft::new(format!("Payment file {}", found.file.number))
        .lead(format!("Made on {}. None of these payments stands in any other file.", found.file.made_at))
        .done(cx, &[("paid", "Noted as paid.")])
        .invalid(wrong)
        .crumb(&programme.name, programme.href())
        .crumb("Money", format!("{}/money", programme.href()))
        .crumb("Payments", format!("{}/money/payments", programme.href()));
    Ok(draft.page(
        cx,
        maud! {
            (table)
            p { a class="govuk-link" href={ (cx.path()) "/payments.csv" } { "Take it along as CSV, for the bank or the finance system" } }
            @if open {
                (parts::section("paid", "They were paid", maud! {
                    (form::form(cx.path(), &cx.form_keys(), maud! {
                        (form::date(field("paid_on", "Paid on", "", on)))
                        (form::text(field("reference", "Reference", "As the bank or the finance system gives it.", reference).width(20)))
                        (form::button("Note them as paid"))
                    }))
                }))
            }
        },
    ))
}

/// The file for the bank or the finance system.
pub(super) async fn csv(cx: Cx) -> Answer {
    let found = in_file(&cx).await?;
    let head = ["Payment", "Award", "Place", "Paid to", "Amount", "Currency", "Due", "Purpose"];
    let mut bytes = csv_line(head.map(String::from).into_iter())?;
    for d in &found.payments {
        let pounds = format!("{}.{:02}", d.row.amount / 100, d.row.amount % 100);
        let due = d.row.due_on.map(|day| day.iso()).unwrap_or_default();
        let (number, purpose) = (format!("{}-{}", d.award.reference, d.row.number), format!("Grant instalment {}", d.row.number));
        let row = [number, d.award.reference.clone(), d.place.name.clone(), d.holder.clone(), pounds, "GBP".into(), due, purpose];
        bytes.extend(csv_line(row.into_iter())?);
    }
    let mut response = download("text/csv; charset=utf-8", bytes);
    let name = format!("attachment; filename=\"payments-{}.csv\"", found.file.number);
    if let Ok(value) = HeaderValue::from_str(&name) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// The file was paid: each payment moves in the ledger in the same write as the note that it did.
pub(super) async fn paid(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let found = in_file(&act).await?;
    let (on, reference) = (act.form.get("paid_on"), act.form.get("reference"));
    let mut wrong = Invalid::default();
    let day = Day::parse_as_written(on).map_err(|bad| wrong.add("paid_on", bad.to_string()));
    if day.is_ok_and(|d| d > act.today()) {
        wrong.add("paid_on", format!("Enter a day that has come: today is {}", act.today()));
    }
    if day.is_ok_and(|d| d < found.file.made_at.day()) {
        wrong.add("paid_on", format!("Enter a day from {} on, when the file was made", found.file.made_at.day()));
    }
    if reference.is_empty() || reference.chars().count() > 100 {
        wrong.add("reference", "Enter the reference, in at most 100 characters");
    }
    let day = match day {
        Ok(day) if wrong.is_empty() => day,
        _ => return show_file(&act, &found, (on, reference), &wrong),
    };
    let here = format!("{}/money/files/{}", programme.href(), found.file.id);
    let mut write = act.write("note payments as paid").await?;
    hold(&mut write, &found.payments).await?;
    let held = dues(write.tx(), Condition::all().add(instalment::COLUMN.payment_file_id.eq(found.file.id))).await?;
    for Due { row, award, .. } in held {
        if row.paid_at.is_some() {
            continue;
        }
        let why = format!("Instalment {}, {reference}", row.number);
        match accounts::pay(&mut write, By::of(&act)?, &programme, &award, (Money::from_pence(row.amount), day, why)).await {
            Ok(_) => {}
            Err(NotDone::Stop(stop)) => return Err(stop),
            Err(NotDone::Refused(why)) => return Err(refused("It cannot be noted as paid", &why, &here)),
        }
        let after = instalment::Model {
            paid_on: Some(day),
            paid_reference: reference.to_string(),
            paid_at: Some(write.at()),
            ..row.clone()
        };
        write.replace(&row, after).await?;
    }
    act.save(write, &format!("{here}?done=paid")).await
}

/// How many payments wait for the viewer’s approval.
pub(super) async fn to_approve(cx: &Cx, programme: &Snapshot) -> Result<usize, Stop> {
    let me = cx.person()?;
    let due = unpaid(cx.read(), of_programme(programme)).await?;
    let mine = due.iter().filter(|d| d.row.payment_file_id.is_none() && d.is_due(cx.today()) && !d.approved());
    Ok(mine.filter(|d| !d.approvals.iter().any(|a| a.person_id == me)).count())
}
