//! The plan of the staff's time: days a year for each role on each component, as the design has them or as somebody who
//! runs the programme plans them.

use kernel::{Days, Invalid};
use sea_orm::ConnectionTrait;
use tables::programme;
use ui::form::{self, Field};

use super::staff::{Line, lines};
use super::{check_why, stop, year_asked};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Stop, see_other};
use crate::ledger::days::{self, Doing, What, Years};

/// The line that the address or the form names: of a role and a component that the design has.
async fn named<C: ConnectionTrait>(cx: &Cx, read: &C, year: i32, role: &str, component: &str) -> Result<Line, Stop> {
    let design = &cx.programme()?.programme.design;
    let known = design.role(role).is_some_and(|r| r.scope == design::Scope::Programme) && design.component(component).is_some();
    if !known {
        return Err(Stop::Missing);
    }
    let there = lines(cx, read, year).await?.into_iter().find(|line| line.role == role && line.component == component);
    Ok(there.unwrap_or_else(|| Line::nothing(role, component)))
}

pub(super) async fn form(cx: Cx) -> Answer {
    let year = year_asked(&cx, Years::of(cx.programme()?));
    let line = named(&cx, cx.read(), year, cx.query("role"), cx.query("component")).await?;
    page(&cx, year, &line, (&line.planned.number(), ""), &Invalid::default()).await
}

pub(super) async fn save(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let years = Years::of(&programme);
    let year = act.form.get("year").parse().ok().filter(|y| (1..=9998).contains(y)).ok_or(Stop::Missing)?;
    let (typed, why) = (act.form.get("days"), act.form.get("why"));
    let mut wrong = Invalid::default();
    check_why(why, &mut wrong);
    let days = match typed.parse::<Days>() {
        Ok(Days::ZERO) => {
            wrong.add("days", "Enter more than nought");
            None
        }
        Ok(days) => Some(days),
        Err(bad) => {
            wrong.add("days", bad.to_string());
            None
        }
    };
    let mut write = act.write("plan staff days").await?;
    write.lock::<programme::Entity>(programme.id).await?.ok_or(Stop::Missing)?;
    let line = named(&act, write.tx(), year, act.form.get("role"), act.form.get("component")).await?;
    if wrong.is_empty() && act.form.get("_seen") != line.in_ledger.decimal() {
        wrong.add("days", "Somebody changed this plan since you opened the page. Look, then save again");
    }
    let Some(days) = days.filter(|_| wrong.is_empty()) else {
        drop(write);
        return page(&act, year, &line, (typed, why), &wrong).await;
    };
    let location = format!("{}/days/staff?year={year}&done=planned", programme.href());
    let by = Days::from_quarters(days.quarters() - line.in_ledger.quarters());
    if by == Days::ZERO {
        return Ok(see_other(&location));
    }
    let (start, end) = years.span(year);
    let on = act.today().clamp(start, end);
    let doing = Doing { what: What::Allot, days: by, on, why: why.to_string(), entry: None, by: act.person()? };
    days::do_with(&mut write, &programme, &line.share(year), doing).await.map_err(stop)?;
    act.save(write, &location).await
}

async fn page(cx: &Cx, year: i32, line: &Line, (typed, why): (&str, &str), wrong: &Invalid) -> Answer {
    let programme = cx.programme()?.clone();
    let home = format!("{}/days/staff", programme.href());
    let hint = format!("{} were logged so far. In quarters, like 40 or 7.5.", line.used);
    let role = programme.role_name(&line.role).to_string();
    let lead = format!("{role} on {}, in {}.", line.component_name(&programme), Years::of(&programme).name(year));
    let draft =
        Draft::new("Plan staff days").crumb(&programme.name, programme.href()).crumb("Staff days", format!("{home}?year={year}"));
    Ok(draft.lead(lead).invalid(wrong).page(
        cx,
        maud! {
            (form::form(&format!("{home}/plan"), &cx.form_keys(), maud! {
                (form::hidden("year", &year.to_string()))
                (form::hidden("role", &line.role))
                (form::hidden("component", &line.component))
                (form::hidden("_seen", &line.in_ledger.decimal()))
                (form::text(Field::new("days", "Days planned for the year").hint(&hint).value(typed).error(wrong.of("days")).width(6)))
                (form::text(Field::new("why", "Why").value(why).error(wrong.of("why"))))
                (form::button("Plan"))
            }))
        },
    ))
}
