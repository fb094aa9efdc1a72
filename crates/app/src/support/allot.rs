//! Days are allotted: to all who have none yet at once, and to one of them anew, with the reason.

use design::{DaysLine, Per};
use kernel::{Days, Invalid};
use sea_orm::{ConnectionTrait, EntityTrait};
use store::fault;
use tables::{AccountId, account, programme};
use ui::form::{self, Choice, Field};
use ui::parts;

use super::shares::{self, Row};
use super::{check_why, stop, year_asked};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Stop, see_other};
use crate::ledger::days::{self, Doing, What, Years};

/// Who has no days of a year yet, and in which role.
async fn without<C: ConnectionTrait>(cx: &Cx, read: &C, year: i32) -> Result<Vec<Row>, Stop> {
    let years = Years::of(cx.programme()?);
    // Whoever holds the role today is asked about, whichever year it is for.
    let mut today = shares::in_year(cx, read, years.at(cx.today())).await?;
    if year != years.at(cx.today()) {
        let there = shares::in_year(cx, read, year).await?;
        today.retain(|row| !there.iter().any(|other| other.share(0) == row.share(0) && other.allotted != Days::ZERO));
    } else {
        today.retain(|row| row.allotted == Days::ZERO);
    }
    Ok(today)
}

fn field_of(role: &str) -> String {
    format!("days.{role}")
}

fn tick_of(row: &Row) -> String {
    format!("{}/{}/{}", row.person, row.place_id, row.role)
}

/// What the design gives a role for a year with each place.
fn suggested(line: &DaysLine) -> String {
    if line.per == Per::Year { Days::from_quarters(i64::from(line.quarter_days)).number() } else { String::new() }
}

pub(super) async fn form(cx: Cx) -> Answer {
    let year = year_asked(&cx, Years::of(cx.programme()?));
    page(&cx, year, None, &Invalid::default()).await
}

pub(super) async fn save(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let years = Years::of(&programme);
    let year = act.form.get("year").parse().ok().filter(|y| (1..=9998).contains(y)).unwrap_or_else(|| years.at(act.today()));
    let ticked: Vec<&str> = act.form.pairs().filter(|(name, _)| *name == "whom").map(|(_, whom)| whom).collect();
    let mut write = act.write("allot days").await?;
    // Two who allot at once take turns, so that nobody is given days twice.
    write.lock::<programme::Entity>(programme.id).await?.ok_or(Stop::Missing)?;
    let rows: Vec<Row> =
        without(&act, write.tx(), year).await?.into_iter().filter(|row| ticked.contains(&tick_of(row).as_str())).collect();
    let mut wrong = Invalid::default();
    if rows.is_empty() {
        wrong.add("whom", "Tick whom the days are for");
    }
    let mut given = std::collections::HashMap::new();
    for line in programme.programme.design.place_days().filter(|line| rows.iter().any(|row| row.role == line.role)) {
        match act.form.get(&field_of(&line.role)).parse::<Days>() {
            Ok(Days::ZERO) => wrong.add(field_of(&line.role), "Enter more than nought"),
            Ok(days) => drop(given.insert(line.role.clone(), days)),
            Err(bad) => wrong.add(field_of(&line.role), bad.to_string()),
        }
    }
    if !wrong.is_empty() {
        drop(write);
        return page(&act, year, Some(&act.form), &wrong).await;
    }
    let (start, end) = years.span(year);
    for row in &rows {
        let Some(days) = given.get(&row.role) else { continue };
        let why = format!("Allotted for {}", years.name(year));
        let doing =
            Doing { what: What::Allot, days: *days, on: act.today().clamp(start, end), why, entry: None, by: act.person()? };
        days::do_with(&mut write, &programme, &row.share(year), doing).await.map_err(stop)?;
    }
    act.save(write, &format!("{}/days?year={year}&done=allotted", programme.href())).await
}

async fn page(cx: &Cx, year: i32, typed: Option<&crate::ground::Form>, wrong: &Invalid) -> Answer {
    let programme = cx.programme()?.clone();
    let years = Years::of(&programme);
    let rows = without(cx, cx.read(), year).await?;
    let home = format!("{}/days", programme.href());
    let choices: Vec<Choice> = rows
        .iter()
        .map(|row| {
            let mut choice = Choice::new(tick_of(row), format!("{}, for {}", row.name, row.place));
            choice.checked = typed.is_none_or(|form| form.pairs().any(|(name, whom)| name == "whom" && whom == choice.value));
            choice
        })
        .collect();
    let lines = programme.programme.design.place_days().filter(|line| rows.iter().any(|row| row.role == line.role));
    let lines: Vec<(String, String, String)> = lines
        .map(|line| {
            let name = field_of(&line.role);
            let value = typed.map_or_else(|| suggested(line), |form| form.get(&name).to_string());
            (name, format!("Days for each {} with each place", programme.role_name(&line.role).to_lowercase()), value)
        })
        .collect();
    let (from, to) = years.span(year);
    let draft = Draft::new("Allot days").crumb(&programme.name, programme.href()).crumb("Days", format!("{home}?year={year}"));
    let lead = format!("For {}: {from} to {to}. {}", years.name(year), years.words());
    let hint = "As the design suggests, where it does. In quarters, like 8 or 7.5.";
    Ok(draft.lead(lead).invalid(wrong).page(
        cx,
        maud! {
            @if rows.is_empty() {
                (parts::empty_state("Everybody has their days", "Whoever holds a role today that has days with a place has some for this year. Change them from the list.", Some(("The list", &home))))
            } @else {
                (form::form(&format!("{home}/allot"), &cx.form_keys(), maud! {
                    (form::hidden("year", &year.to_string()))
                    @for (name, label, value) in &lines {
                        (form::text(Field::new(name, label).hint(hint).value(value).error(wrong.of(name)).width(6)))
                    }
                    (form::checkboxes(Field::new("whom", "For whom?").hint("Those who have none yet.").error(wrong.of("whom")), &choices))
                    (form::button("Allot"))
                }))
            }
            p { a href={ (&home) "/allot?year=" (year + 1) } { "Allot days for the year after" } }
        },
    ))
}

/// The days that the address names, as they stand.
async fn named<C: ConnectionTrait>(cx: &Cx, read: &C, account: &str) -> Result<(Row, i32), Stop> {
    let programme = cx.programme()?;
    let id: AccountId = account.parse().map_err(|_| Stop::Missing)?;
    let found = account::Entity::find_by_id(id).one(read).await.map_err(fault("load an account"))?;
    let found = found.filter(|a| a.programme_id == programme.id && a.kind == days::WITH_PLACES).ok_or(Stop::Missing)?;
    let year = found.year.ok_or(Stop::Missing)?;
    let row = shares::in_year(cx, read, year).await?.into_iter().find(|row| row.account == Some(id));
    Ok((row.ok_or(Stop::Missing)?, year))
}

pub(super) async fn change_form(cx: Cx) -> Answer {
    let (row, year) = named(&cx, cx.read(), cx.query("account")).await?;
    let typed = row.allotted.number();
    change_page(&cx, &row, year, (&typed, ""), &Invalid::default()).await
}

pub(super) async fn change(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let (typed, why) = (act.form.get("days"), act.form.get("why"));
    let mut wrong = Invalid::default();
    check_why(why, &mut wrong);
    let days = typed.parse::<Days>().map_err(|bad| wrong.add("days", bad.to_string()));
    let mut write = act.write("change an allotment of days").await?;
    write.lock::<programme::Entity>(programme.id).await?.ok_or(Stop::Missing)?;
    let (row, year) = named(&act, write.tx(), act.form.get("account")).await?;
    if wrong.is_empty() && act.form.get("_seen") != row.allotted.decimal() {
        wrong.add("days", format!("Somebody changed this to {} since you opened the page. Look, then save again", row.allotted));
    }
    let Some(days) = days.ok().filter(|_| wrong.is_empty()) else {
        drop(write);
        return change_page(&act, &row, year, (typed, why), &wrong).await;
    };
    let location = format!("{}/days?year={year}&done=changed", programme.href());
    let by = Days::from_quarters(days.quarters() - row.allotted.quarters());
    if by == Days::ZERO {
        return Ok(see_other(&location));
    }
    let (start, end) = Years::of(&programme).span(year);
    let on = act.today().clamp(start, end);
    let doing = Doing { what: What::Allot, days: by, on, why: why.to_string(), entry: None, by: act.person()? };
    days::do_with(&mut write, &programme, &row.share(year), doing).await.map_err(stop)?;
    act.save(write, &location).await
}

async fn change_page(cx: &Cx, row: &Row, year: i32, (typed, why): (&str, &str), wrong: &Invalid) -> Answer {
    let programme = cx.programme()?.clone();
    let years = Years::of(&programme);
    let home = format!("{}/days", programme.href());
    let account = row.account.map(|id| id.to_string()).unwrap_or_default();
    let hint = format!("{} stand allotted and {} are used.", row.allotted, row.used);
    let draft = Draft::new(format!("Change the days of {}", row.name)).crumb(&programme.name, programme.href());
    let lead = format!("{} with {}, in {}.", programme.role_name(&row.role), row.place, years.name(year));
    Ok(draft.crumb("Days", format!("{home}?year={year}")).lead(lead).invalid(wrong).page(
        cx,
        maud! {
            (form::form(&format!("{home}/change"), &cx.form_keys(), maud! {
                (form::hidden("account", &account))
                (form::hidden("_seen", &row.allotted.decimal()))
                (form::text(Field::new("days", "Days allotted").hint(&hint).value(typed).error(wrong.of("days")).width(6)))
                (form::text(Field::new("why", "Why").value(why).error(wrong.of("why"))))
                (form::button("Change"))
            }))
        },
    ))
}
