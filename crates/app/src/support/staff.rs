//! The time of the programme's own staff: planned against logged, for each role on each component. Where the design
//! protects a role's time, the page says when other work is eating it.

use design::{Role, Scope};
use kernel::{Day, Days, Invalid};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ConnectionTrait};
use store::fault;
use tables::{MovementId, entry, movement};
use ui::figures::{DayBar, day_bars};
use ui::form::{self, Choice, Field};
use ui::parts::{self, FilterGroup, FilterOption};
use ui::table::{Cell, Table};
use ui::{Html, html};

use super::{check_why, stop, year_asked};
use crate::entries;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Snapshot, Stop};
use crate::ledger::days::{self, Asked, Doing, MOST_AT_ONCE, Share, What, Years, evenly};
use crate::ledger::{counter, movements};

const SAID: &[(&str, &str)] = &[
    ("logged", "Logged."),
    ("taken-back", "Taken back. The ledger keeps both."),
    ("planned", "Planned. What stood before stays in the ledger."),
];
/// How many of one's own the page lists.
const MINE: u64 = 24;

/// A role's time on a component in a year.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub role: String,
    pub component: String,
    /// What somebody planned here; nought where only the design says something.
    pub in_ledger: Days,
    pub planned: Days,
    pub used: Days,
    pub expected: Days,
    /// Its time on its own component is protected by the design.
    pub protected: bool,
}

impl Line {
    pub fn nothing(role: &str, component: &str) -> Self {
        let (none, protected) = (Days::ZERO, false);
        let (role, component) = (role.to_string(), component.to_string());
        Self { role, component, in_ledger: none, planned: none, used: none, expected: none, protected }
    }
    pub fn share(&self, year: i32) -> Share {
        Share::Staff { role: self.role.clone(), component: self.component.clone(), year }
    }
    pub fn component_name<'a>(&'a self, programme: &'a Snapshot) -> &'a str {
        programme.programme.design.component(&self.component).map_or(&self.component, |c| &c.name)
    }
}

/// Every line of the plan in a year, as the design or the ledger has it, in the order of the design's roles.
pub(super) async fn lines<C: ConnectionTrait>(cx: &Cx, read: &C, year: i32) -> Result<Vec<Line>, Stop> {
    let programme = cx.programme()?.clone();
    let design = &programme.programme.design;
    let gone = Years::of(&programme).gone(year, cx.today());
    let mut all: Vec<Line> = Vec::new();
    for (line, component) in design.staff_days() {
        let planned = Days::from_quarters(if line.per == design::Per::Year { i64::from(line.quarter_days) } else { 0 });
        all.push(Line { planned, protected: line.protected, ..Line::nothing(&line.role, component) });
    }
    let asked = Asked { kind: days::STAFF, year: Some(year), ..Asked::default() };
    for standing in days::standings(read, &programme, &asked).await? {
        let Share::Staff { role, component, .. } = &standing.share else { continue };
        let at = all.iter().position(|line| line.role == *role && line.component == *component).unwrap_or_else(|| {
            all.push(Line::nothing(role, component));
            all.len() - 1
        });
        let line = &mut all[at];
        (line.in_ledger, line.used) = (standing.allotted, standing.used);
        if standing.allotted != Days::ZERO {
            line.planned = standing.allotted;
        }
    }
    for line in &mut all {
        line.expected = evenly(line.planned, gone);
    }
    all.retain(|line| line.planned != Days::ZERO || line.used != Days::ZERO);
    let place = |line: &Line| design.roles.iter().position(|r| r.key == line.role);
    all.sort_by(|a, b| (place(a), &a.role, &a.component).cmp(&(place(b), &b.role, &b.component)));
    Ok(all)
}

/// What is eating the time that the design protects, in a sentence each.
fn eaten(programme: &Snapshot, lines: &[Line]) -> Vec<String> {
    let said = |line: &Line| {
        let elsewhere = lines.iter().filter(|other| other.role == line.role && other.component != line.component);
        let elsewhere = Days::from_quarters(elsewhere.map(|other| other.used.quarters()).sum());
        (line.protected && line.used < line.expected && elsewhere > Days::ZERO).then(|| {
            let (role, component) = (programme.role_name(&line.role), line.component_name(programme));
            format!(
                "{role}: {} on {component}, where an even pace comes to {} by today, while {elsewhere} went to other work.",
                line.used, line.expected
            )
        })
    };
    lines.iter().filter_map(said).collect()
}

/// The roles in which the viewer logs time: for the whole programme, with a component of their own.
fn logs_as<'a>(cx: &'a Cx, programme: &'a Snapshot) -> Vec<&'a Role> {
    let held = cx.held().filter(|h| h.place.is_none()).filter_map(|h| programme.role(&h.role));
    let mut roles: Vec<&Role> = held.filter(|r| r.scope == Scope::Programme && r.component.is_some()).collect();
    roles.dedup_by_key(|r| r.key.clone());
    roles
}

/// What somebody types to log time.
#[derive(Debug, Default)]
struct Typed {
    role: String,
    days: String,
    component: String,
    month: String,
    why: String,
    /// The entry that the time goes into, such as an output.
    entry: String,
}

pub(super) async fn page(cx: Cx) -> Answer {
    let typed = Typed { entry: cx.query("entry").into(), ..Typed::default() };
    shown(&cx, &typed, &Invalid::default()).await
}

/// The entry that somebody logs time for, if they may read it.
async fn worked_on(cx: &Cx, typed: &Typed) -> Result<Option<entry::Model>, Stop> {
    match typed.entry.parse() {
        Ok(id) => Ok(entries::find(cx, id).await?.map(|(entry, _)| entry).filter(|e| !entries::is_gone(e))),
        Err(_) => Ok(None),
    }
}

async fn shown(cx: &Cx, typed: &Typed, wrong: &Invalid) -> Answer {
    let programme = cx.programme()?.clone();
    let years = Years::of(&programme);
    let year = year_asked(cx, years);
    let (from, to) = years.span(year);
    let lines = lines(cx, cx.read(), year).await?;
    let eaten = eaten(&programme, &lines);
    let home = format!("{}/days", programme.href());
    let runs = cx.viewer().may(design::Power::RunProgramme, programme.id, None);
    let mine = mine(cx, &programme).await?;
    let worked_on = worked_on(cx, typed).await?;
    let now = years.at(cx.today());
    let options = (now - 2..=now + 1).filter(|y| *y >= 1).map(|y| FilterOption {
        text: years.name(y),
        href: format!("{home}/staff?year={y}"),
        current: y == year,
        count: None,
    });
    let group = FilterGroup { label: "Year".into(), options: options.collect() };
    let draft =
        Draft::new("Staff days").crumb(&programme.name, programme.href()).crumb("Days", &home).done(cx, SAID).invalid(wrong);
    let lead =
        format!("{}: {from} to {to}. The time of those who work for the whole programme, planned and logged.", years.name(year));
    Ok(draft.lead(lead).page(
        cx,
        maud! {
            @if !eaten.is_empty() {
                (parts::inset(maud! {
                    p { strong { "Protected time is being used for other work" } }
                    @for said in &eaten { p { (said) } }
                    p class="muted" { "Said where the design protects a role’s time on its own component, less of it is logged than an even pace comes to, and the role has logged time elsewhere this year." }
                }))
            }
            (parts::filters(std::slice::from_ref(&group)))
            @if lines.is_empty() {
                (parts::empty_state("No staff days yet", "Days that are planned for a role, or logged by somebody who holds it, stand here.", None))
            } @else { (table(&programme, &lines, year, runs)) }
            p class="muted" { (years.words()) " An even pace is the part of the plan that the part of the year gone by would come to." }
            @if runs { (plan_another(&programme, &home, year)) }
            @if !logs_as(cx, &programme).is_empty() {
                (parts::section("log", "Log your time", log_form(cx, &programme, typed, worked_on.as_ref(), wrong)))
                (mine)
            }
        },
    ))
}

fn table(programme: &Snapshot, lines: &[Line], year: i32, runs: bool) -> Html {
    let name = |line: &Line| format!("{} on {}", programme.role_name(&line.role), line.component_name(programme));
    let bars = lines.iter().map(|l| DayBar { name: name(l), allotted: l.planned, used: l.used, expected: l.expected });
    let rows = lines.iter().map(|line| {
        let mut cells = vec![
            Cell::text(programme.role_name(&line.role)).head(),
            Cell::text(line.component_name(programme)),
            Cell::number(line.planned.number()),
            Cell::number(line.expected.number()),
            Cell::number(line.used.number()),
            Cell::text(if line.protected { "Protected" } else { "" }),
        ];
        if runs {
            let href =
                format!("{}/days/staff/plan?year={year}&role={}&component={}", programme.href(), line.role, line.component);
            cells.push(Cell::html(
                maud! { a class="govuk-link" href=(&href) { "Plan" span class="govuk-visually-hidden" { " " (name(line)) } } },
            ));
        }
        cells
    });
    let mut headings = vec!["Role", "Component", "Planned", "Even pace by today", "Logged", "Protected"];
    if runs {
        headings.push("Change");
    }
    let caption = "Staff days, logged against planned";
    let table = Table::new(caption, &headings, rows.collect()).quiet().html();
    day_bars(caption, &bars.collect::<Vec<_>>(), table)
}

/// A way to plan for a role and component that have no line yet.
fn plan_another(programme: &Snapshot, home: &str, year: i32) -> Html {
    let design = &programme.programme.design;
    let roles = design.roles.iter().filter(|r| r.scope == Scope::Programme && r.component.is_some());
    let roles: Vec<Choice> = roles.map(|r| Choice::new(&r.key, &r.name)).collect();
    let components: Vec<Choice> = design.components.iter().map(|c| Choice::new(&c.key, &c.name)).collect();
    let plan = form::asking_form(
        &format!("{home}/staff/plan"),
        maud! {
            (form::hidden("year", &year.to_string()))
            (form::select(Field::new("role", "Role"), &roles))
            (form::select(Field::new("component", "Component"), &components))
            (form::secondary_button("Plan its days"))
        },
    );
    html(maud! { (parts::details("Plan days for another role or component", &plan)) })
}

/// The first days of the last twelve months, the newest first.
fn months(today: Day) -> Vec<Day> {
    let first = today.plus_days(1 - i64::from(today.day_of_month()));
    (0..12).map(|n| first.plus_months(-n)).collect()
}

fn month_name(first: Day) -> String {
    first.to_string().split_once(' ').map(|(_, rest)| rest.to_string()).unwrap_or_default()
}

fn log_form(cx: &Cx, programme: &Snapshot, typed: &Typed, worked_on: Option<&entry::Model>, wrong: &Invalid) -> Html {
    let roles = logs_as(cx, programme);
    let own = roles.first().and_then(|r| r.component.clone()).unwrap_or_default();
    let component = if typed.component.is_empty() { &own } else { &typed.component };
    let components: Vec<Choice> = programme.programme.design.components.iter().map(|c| Choice::new(&c.key, &c.name)).collect();
    let months: Vec<Choice> = months(cx.today()).into_iter().map(|m| Choice::new(m.iso(), month_name(m))).collect();
    let choices: Vec<Choice> = roles.iter().map(|r| Choice::new(&r.key, &r.name)).collect();
    let field = |name: &'static str, label, value| Field::new(name, label).value(value).error(wrong.of(name));
    form::form(
        &format!("{}/days/staff", programme.href()),
        &cx.form_keys(),
        maud! {
            @if let Some(entry) = worked_on {
                (form::hidden("entry", &entry.id.to_string()))
                p { "For " a href={ (programme.href()) "/entries/" (entry.id.to_string()) } { (&entry.title) } "." }
            }
            @if choices.len() > 1 { (form::select(field("in_role", "In which role?", &typed.role), &choices)) }
            (form::text(field("days", "Days", &typed.days).hint("In quarters, like ½ or 1.25.").width(6)))
            (form::select(field("spent_on", "Spent on", component), &components))
            (form::select(field("month", "Month", &typed.month), &months))
            (form::text(field("why", "What for", &typed.why)))
            (form::button("Log"))
        },
    )
}

pub(super) async fn log(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let text = |name| act.form.get(name).to_string();
    let typed = Typed {
        role: text("in_role"),
        days: text("days"),
        component: text("spent_on"),
        month: text("month"),
        why: text("why"),
        entry: text("entry"),
    };
    let roles = logs_as(&act, &programme);
    let role = roles.iter().find(|r| r.key == typed.role).or_else(|| roles.first().filter(|_| typed.role.is_empty()));
    let Some(role) = role else {
        return Err(Stop::forbidden("You log no time here", "Time is logged by those who work for the whole programme."));
    };
    let mut wrong = Invalid::default();
    let worked_on = worked_on(&act, &typed).await?;
    if !typed.entry.is_empty() && worked_on.is_none() {
        wrong.add("why", "What this was logged for is not there any more. Say what it was for, and log it again");
    }
    check_why(&typed.why, &mut wrong);
    let days = match typed.days.parse::<Days>() {
        Ok(days) if days == Days::ZERO || days > MOST_AT_ONCE => {
            wrong.add("days", format!("Enter more than nought and {MOST_AT_ONCE} at most"));
            None
        }
        Ok(days) => Some(days),
        Err(bad) => {
            wrong.add("days", bad.to_string());
            None
        }
    };
    if programme.programme.design.component(&typed.component).is_none() {
        wrong.add("spent_on", "Choose what the time was spent on");
    }
    let month = months(act.today()).into_iter().find(|m| m.iso() == typed.month);
    if month.is_none() {
        wrong.add("month", "Choose a month");
    }
    let (Some(days), Some(on), true) = (days, month, wrong.is_empty()) else { return shown(&act, &typed, &wrong).await };
    let year = Years::of(&programme).at(on);
    let share = Share::Staff { role: role.key.clone(), component: typed.component.clone(), year };
    let doing = Doing { what: What::Use, days, on, why: typed.why, entry: worked_on.map(|e| e.id), by: act.person()? };
    let mut write = act.write("log staff days").await?;
    days::do_with(&mut write, &programme, &share, doing).await.map_err(stop)?;
    act.save(write, &format!("{}/days/staff?year={year}&done=logged", programme.href())).await
}

/// What the viewer has logged lately and not taken back.
async fn mine(cx: &Cx, programme: &Snapshot) -> Result<Html, Stop> {
    let own = Condition::all()
        .add(movement::COLUMN.programme_id.eq(programme.id))
        .add(movement::COLUMN.person_id.eq(cx.person()?))
        .add(movement::COLUMN.kind.eq(days::USED))
        .add(movement::COLUMN.place_id.is_null());
    let own = movements(cx.read(), own, MINE).await?;
    let mut rows = Vec::new();
    for told in own.iter().filter(|t| t.stands()) {
        let (moved, used) = (&told.movement, Days::from_quarters(told.amount()));
        let spent_on = told.at(days::STAFF).and_then(|(account, _)| account.key.split_once('/')).map_or("", |(_, of)| of);
        let component = programme.programme.design.component(spent_on).map_or(spent_on, |c| &c.name);
        let id = moved.id.to_string();
        let said = format!(" {used} on {component}, {}: {}", month_name(moved.on_day), moved.why);
        let button = form::button_form(
            &format!("{}/days/staff/take-back", programme.href()),
            &cx.form_keys(),
            maud! {
                (form::hidden("movement", &id))
                button class="link-button" type="submit" { "Take back" span class="govuk-visually-hidden" { (&said) } }
            },
        );
        rows.push(vec![
            Cell::text(month_name(moved.on_day)).head(),
            Cell::text(component),
            Cell::number(used.number()),
            Cell::html(maud! {
                (&moved.why)
                @if let Some(entry) = moved.entry_id { " · " a href={ (programme.href()) "/entries/" (entry.to_string()) } { "for this" span class="govuk-visually-hidden" { " entry: " (&moved.why) } } }
            }),
            Cell::html(&button),
        ]);
    }
    let empty = rows.is_empty();
    let table = Table::new("What you logged lately", &["Month", "Spent on", "Days", "What for", "Undo"], rows).html();
    Ok(html(maud! { @if !empty { (table) } }))
}

pub(super) async fn take_back(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let id: MovementId = act.form.get("movement").parse().map_err(|_| Stop::Missing)?;
    let found = movement::Entity::find_by_id(id).one(act.read()).await.map_err(fault("load a movement"))?;
    let own = |m: &movement::Model| {
        m.programme_id == programme.id
            && Some(m.person_id) == act.viewer().person()
            && m.kind == days::USED
            && m.place_id.is_none()
    };
    let found = found.filter(own).ok_or(Stop::Missing)?;
    let mut write = act.write("take back staff days").await?;
    let why = "Taken back by whoever logged it".to_string();
    counter(&mut write, &found, found.on_day, why, act.person()?).await.map_err(stop)?;
    act.save(write, &format!("{}/days/staff?done=taken-back", programme.href())).await
}
