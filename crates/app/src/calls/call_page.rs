//! A call's public page, and all its questions to read and print before one starts.

use kernel::Fault;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::call;
use ui::answers::{Whole, whole};
use ui::table::{Cell, Table};
use ui::{Html, form, html, parts, words};

use super::language;
use super::mine::written;
use super::reading::{Standing, reference, stage_of, standing};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot, Stop};
use crate::programmes::cited;
use design::Power;
use forms::Lang;

const SAID: &[(&str, &str)] = &[
    ("opened", "The call stands here now, for everybody."),
    ("changed", "The call is changed. Where its days moved, everybody who writes an application is told."),
];

/// `/programmes/{programme}/calls`
pub(super) async fn all(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let calls = call::Entity::find()
        .filter(call::COLUMN.programme_id.eq(programme.id))
        .order_by_desc(call::Column::OpensAt)
        .order_by_desc(call::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list calls"))?;
    let runs = cx.viewer().may(Power::RunCalls, programme.id, None);
    let rows = calls.iter().map(|call| {
        vec![
            Cell::link(&href(&programme, call), &call.name).head(),
            Cell::text(state(&cx, call)),
            Cell::text(call.closes_at.to_string()),
        ]
    });
    let table = Table::new("Calls", &["Call", "Now", "Closes"], rows.collect()).quiet().html();
    let draft = Draft::new("Calls").lead("Where would-be partnerships apply.").crumb(&programme.name, programme.href());
    Ok(draft.page(
        &cx,
        maud! {
            @if runs { (form::button_link("Open a call", &format!("{}/calls/new", programme.href()))) }
            @if !calls.is_empty() { p { a href={ (programme.href()) "/funnel" } { "How many came into each stage, and how many went on" } } }
            @if calls.is_empty() {
                (parts::empty_state("No call stands open here", "When this programme looks for partnerships, its call stands here with its questions and its timetable.", None))
            } @else { (table) }
        },
    ))
}

pub(crate) fn href(programme: &Snapshot, call: &call::Model) -> String {
    format!("{}/calls/{}", programme.href(), call.slug)
}

fn state(cx: &Cx, call: &call::Model) -> &'static str {
    match standing(call, cx.now()) {
        Standing::Before => "Not open yet",
        Standing::Open => "Open",
        Standing::Closed => "Closed",
    }
}

/// `/programmes/{programme}/calls/{call}`
pub(super) async fn page(cx: Cx) -> Answer {
    let (programme, call) = (cx.programme()?.clone(), cx.call()?.clone());
    let home = href(&programme, &call);
    let mine = mine(&cx, &call).await?;
    let before = match call.after_id {
        Some(id) => call::Entity::find_by_id(id).one(cx.read()).await.map_err(fault("load a call"))?,
        None => None,
    };
    let kept = crate::answers::form_of(cx.app(), call.form_id).await?;
    let lang = language::asked(&cx, kept.form());
    let choosing = how_choices_are_made(&programme, &call, lang)?;
    let now = standing(&call, cx.now());
    let following = following(&cx, &programme, &call).await?;
    let lead = match now {
        Standing::Before => format!("This call opens on {}.", call.opens_at),
        Standing::Open => format!("This call is open until {}. That minute still counts.", call.closes_at),
        Standing::Closed => format!("This call closed on {}.", call.closes_at),
    };
    let draft = Draft::new(&call.name).lead(lead).done(&cx, SAID).crumb(&programme.name, programme.href());
    Ok(draft.crumb("Calls", format!("{}/calls", programme.href())).page(
        &cx,
        maud! {
            (language::switch(&cx, kept.form()))
            @if !call.about.is_empty() { (words::markdown(&call.about)) }
            @match &before {
                Some(before) => (goes_on(&home, before, now))
                None if now == Standing::Open => (form::button_link("See whether it is for you", &format!("{home}/check")))
                None => {}
            }
            (mine)
            (who_can_apply(&cx, &programme))
            (parts::section("timetable", "Timetable", timetable(&call)))
            (parts::section("questions", "The questions", maud! {
                p { a href=(language::with(lang, &format!("{home}/questions"))) { "Read and print all the questions" } " before you start." }
            }))
            (choosing)
            (inside(&cx, &programme, &home, now))
            (following)
        },
    ))
}

/// Who can apply to a stage that goes on from an earlier one.
fn goes_on(home: &str, before: &call::Model, now: Standing) -> Html {
    html(maud! {
        p { "This stage goes on from “" (&before.name) "”. Those who come from there go on with the application they wrote; nobody starts anew." }
        @if now == Standing::Open { (form::button_link("Go on with your application", &format!("{home}/carry-on"))) }
    })
}

/// The ways in for those who run the call, assess its applications or decide on them.
fn inside(cx: &Cx, programme: &Snapshot, home: &str, now: Standing) -> Html {
    let may = |power| cx.viewer().may(power, programme.id, None);
    let (runs, assesses, decides) = (may(Power::RunCalls), may(Power::Assess), may(Power::Decide));
    let decides = decides && cx.viewer().decides_for(programme.id).next().is_some();
    let ways = [
        (runs && now != Standing::Closed, "change", "Change what it says, or its days"),
        (runs, "applications", "Applications to this call"),
        (runs, "assessors", "Assessors"),
        (runs || assesses || decides, "conflicts", "Conflicts of interest"),
        (runs, "allocation", "Allocation: who reads what"),
        (assesses, "reading", "What you are to read"),
        (runs || decides, "forum", "The forum, where the sponsors decide"),
        (runs || decides, "moderation", "Moderation: scores and where they differ"),
        (runs && programme.practice, "practise", "Practice: let made-up people play their part"),
    ];
    html(maud! {
        @if runs || assesses || decides {
            (parts::section("inside", "For those who choose", maud! {
                ul { @for (_, end, text) in ways.iter().filter(|way| way.0) { li { a href={ (home) "/" (end) } { (text) } } } }
            }))
        }
    })
}

/// Once everybody was told: the stages that go on from this one and have no call yet, for those who open calls.
async fn following(cx: &Cx, programme: &Snapshot, call: &call::Model) -> Result<Html, Fault> {
    if call.released_at.is_none() || !cx.viewer().may(Power::RunCalls, programme.id, None) {
        return Ok(html(""));
    }
    let design = programme.programme.design.call.as_ref();
    let opened = call::Entity::find().filter(call::COLUMN.programme_id.eq(programme.id)).all(cx.read()).await;
    let opened: Vec<String> = opened.map_err(fault("list calls"))?.into_iter().map(|call| call.stage).collect();
    let goes_on = |stage: &&design::Stage| {
        let from = design.and_then(|d| d.carried_from(stage));
        from.is_some_and(|from| from.key == call.stage) && !opened.contains(&stage.key)
    };
    let stages: Vec<_> = design.iter().flat_map(|d| &d.stages).filter(goes_on).collect();
    Ok(html(maud! {
        @for stage in &stages {
            p { a href={ (programme.href()) "/calls/new?stage=" (&stage.key) } { "Open the next stage: " (&stage.name) } }
        }
    }))
}

/// The applications that the viewer writes for this call.
async fn mine(cx: &Cx, call: &call::Model) -> Result<Html, Stop> {
    let found: Vec<_> = written(cx).await?.into_iter().filter(|w| w.call.id == call.id).collect();
    Ok(html(maud! {
        @if !found.is_empty() {
            (parts::section("yours", "Your applications", maud! {
                ul { @for one in &found { li { a href=(&one.href) { (&one.row.name) } ", " (reference(call, one.row.number)) ", " (one.state()) } } }
            }))
        }
    }))
}

fn who_can_apply(cx: &Cx, programme: &Snapshot) -> Html {
    let statements = programme.programme.design.call.iter().flat_map(|c| &c.eligibility);
    let all: Vec<_> = statements.collect();
    html(maud! {
        (parts::section("who", "Who can apply", maud! {
            @if all.is_empty() { p { (parts::not_stated()) } }
            @else { ul { @for s in &all { li { (&s.text) " " (parts::sources(&cited(cx, &s.sources))) } } } }
        }))
    })
}

fn timetable(call: &call::Model) -> Html {
    let hears = match (call.released_at, call.tells_at, call.decides_on) {
        (Some(at), _, _) => Cell::text(format!("Told on {at}")),
        (None, Some(at), _) => Cell::text(at.to_string()),
        (None, None, day) => day.map_or_else(Cell::not_stated, Cell::day),
    };
    let row = |what: &str, when: Cell| vec![Cell::text(what).head(), when];
    let rows = vec![
        row("Opens", Cell::text(call.opens_at.to_string())),
        row("Closes", Cell::text(format!("{}, at the end of that minute, in London time", call.closes_at))),
        row("Everybody hears", hears),
    ];
    Table::new("Timetable", &["What", "When"], rows).quiet().html()
}

/// The criteria of the stage, with their weights and what each point means.
fn how_choices_are_made(programme: &Snapshot, call: &call::Model, lang: Lang) -> Result<Html, Fault> {
    let stage = stage_of(programme, call)?;
    let criteria = &stage.criteria;
    let rows = criteria.iter().map(|c| {
        let scale: Vec<_> = c.scale.iter().filter(|p| !p.label.is_empty()).collect();
        let name = html(maud! {
            span lang=[language::mark(&c.name, lang)] { (c.name.get(lang)) }
            @if !c.about.is_empty() { br; span class="muted" lang=[language::mark(&c.about, lang)] { (c.about.get(lang)) } }
        });
        let points = html(maud! {
            ul { @for p in &scale { li { (p.value.to_string()) ": " span lang=[language::mark(&p.label, lang)] { (p.label.get(lang)) } } } }
        });
        vec![Cell::html(name).head(), Cell::number(c.weight), Cell::html(points)]
    });
    let table = Table::new("What applications are read for", &["Criterion", "Weight", "Points"], rows.collect()).html();
    Ok(html(maud! {
        (parts::section("choosing", "How choices are made", maud! {
            @if let Some(readers) = stage.readers { p { "Each application is read by " (readers) " people, each on their own. Then the sponsors decide together, and every applicant gets feedback drawn from their reasons." } }
            @if criteria.is_empty() { p { (parts::not_stated()) } } @else { (table) }
        }))
    }))
}

/// `/programmes/{programme}/calls/{call}/questions`
pub(super) async fn questions(cx: Cx) -> Answer {
    let (programme, call) = (cx.programme()?.clone(), cx.call()?.clone());
    let form = crate::answers::form_of(cx.app(), call.form_id).await?;
    let draft = Draft::new(format!("The questions of {}", call.name))
        .lead("Read them together before you start. Nothing is asked that is not here.")
        .crumb(&programme.name, programme.href());
    let lang = language::asked(&cx, form.form());
    let body = maud! { (language::switch(&cx, form.form())) (whole(&Whole::questions(form.form(), lang))) };
    Ok(draft.crumb(&call.name, language::with(lang, &href(&programme, &call))).page(&cx, body))
}
