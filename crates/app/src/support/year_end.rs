//! A year is over: what is left of its days lapses or is carried over, as the design says. Shown first, done by a button.

use axum::http::StatusCode;
use design::Carry;
use kernel::Days;
use sea_orm::ConnectionTrait;
use tables::programme;
use ui::table::{Cell, Table};
use ui::{form, parts};

use super::shares::{self, Row, carry_of};
use super::{stop, year_asked};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Stop};
use crate::ledger::days::{self, Doing, What, Years};

async fn left<C: ConnectionTrait>(cx: &Cx, read: &C, year: i32) -> Result<Vec<Row>, Stop> {
    let mut rows = shares::in_year(cx, read, year).await?;
    rows.retain(|row| row.left > Days::ZERO);
    Ok(rows)
}

pub(super) async fn form(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let years = Years::of(&programme);
    let year = year_asked(&cx, years);
    let (_, end) = years.span(year);
    let rows = left(&cx, cx.read(), year).await?;
    let home = format!("{}/days", programme.href());
    let cells = rows.iter().map(|row| {
        let becomes = match carry_of(&programme, &row.role) {
            Carry::Lapse => "Lapse".to_string(),
            Carry::CarryOver => format!("Carried over to {}", years.name(year + 1)),
        };
        vec![Cell::text(&row.name).head(), Cell::text(&row.place), Cell::number(row.left.number()), Cell::text(becomes)]
    });
    let table = Table::new("Days that are left", &["Who", "Place", "Left", "What becomes of them"], cells.collect()).html();
    let draft = Draft::new(format!("The end of {}", years.name(year).to_lowercase())).crumb(&programme.name, programme.href());
    let lead = "What becomes of unused days follows from the design. Nothing happens before you press the button.";
    Ok(draft.crumb("Days", format!("{home}?year={year}")).lead(lead).page(
        &cx,
        maud! {
            @if end >= cx.today() {
                (parts::inset(maud! { p { (years.name(year)) " lasts until " (end.to_string()) ". Come back when it is over." } }))
            } @else if rows.is_empty() {
                (parts::empty_state("Nothing is left", "Every day of this year was used, has lapsed or was carried over.", Some(("The list", &home))))
            } @else {
                (table)
                (form::form(&format!("{home}/year-end"), &cx.form_keys(), maud! {
                    (form::hidden("year", &year.to_string()))
                    (form::hidden("_seen", &fingerprint(&rows)))
                    (form::button("End this year’s days"))
                }))
            }
        },
    ))
}

/// What was shown, so that nothing else is done.
fn fingerprint(rows: &[Row]) -> String {
    let all: String =
        rows.iter().map(|row| format!("{}/{}/{}={};", row.person, row.place_id, row.role, row.left.decimal())).collect();
    store::sha256(all.as_bytes())
}

pub(super) async fn save(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let years = Years::of(&programme);
    let year = act.form.get("year").parse().ok().filter(|y| (1..=9998).contains(y)).ok_or(Stop::Missing)?;
    let (_, end) = years.span(year);
    let home = format!("{}/days", programme.href());
    let mut write = act.write("end a year’s days").await?;
    write.lock::<programme::Entity>(programme.id).await?.ok_or(Stop::Missing)?;
    let rows = left(&act, write.tx(), year).await?;
    if end >= act.today() || rows.is_empty() || act.form.get("_seen") != fingerprint(&rows) {
        return Err(Stop::Refused {
            status: StatusCode::CONFLICT,
            title: "Nothing was done".into(),
            why: "The year is not over, or what is left has changed since you looked.".into(),
            next: Some(("Look again".into(), format!("{home}/year-end?year={year}"))),
        });
    }
    for row in &rows {
        let (what, why) = match carry_of(&programme, &row.role) {
            Carry::Lapse => (What::Lapse, format!("Lapsed at the end of {}", years.name(year))),
            Carry::CarryOver => (What::Carry, format!("Carried over from {}", years.name(year))),
        };
        let doing = Doing { what, days: row.left, on: end, why, entry: None, by: act.person()? };
        days::do_with(&mut write, &programme, &row.share(year), doing).await.map_err(stop)?;
    }
    act.save(write, &format!("{home}?year={year}&done=year-end")).await
}
