//! A programme's public page: what it is, who takes part, what it offers, how it is evaluated, its money, its time.

use design::{Claim, EventKind};
use ui::table::{Cell, Table};
use ui::{Html, figures, parts, words};

use super::{amount, cited, days_given, statements, timeline};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot};

pub(super) async fn page(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let design = &programme.programme.design;
    let happened = timeline::happened(&cx, &programme).await?;
    let only_latest = happened.len() == timeline::MOST_HAPPENED;
    let picture = timeline::of(&programme, cx.today(), happened).map(|t| figures::programme_timeline(&t));
    // A shock without a date cannot be drawn, but it belongs to the story that the picture tells.
    let shocks = programme.programme.history.events.iter().filter(|e| e.kind == EventKind::Shock && e.from.is_none());
    let undated = shocks.map(|e| e.title.as_str()).collect::<Vec<_>>().join("; ");
    let sections = [
        ("who", "Who runs it", who(&cx, &programme)),
        ("offer", "What it offers", statements(&cx, &design.offer)),
        ("call", "How places were found", call(&cx, &programme)),
        ("money", "Money and days", money(&cx, &programme)),
        ("evaluation", "Evaluation", statements(&cx, &design.evaluation)),
        ("events", "What happened", events(&cx, &programme)),
        ("learning", "Published learning", resources(&cx, &programme)),
    ];
    Ok(Draft::new(&programme.name).lead(&design.summary).page(
        &cx,
        maud! {
            @if !design.about.is_empty() { (words::markdown(&design.about)) }
            (facts(&programme))
            (parts::section("timeline", "Timeline", maud! {
                @if let Some(picture) = &picture { (picture) } @else { p { "The sources give no dates." } }
                @if only_latest { p class="muted" { "Of what people wrote about what happened around them, these are the latest." } }
                @if !undated.is_empty() { p class="muted" { "From outside, at times that the sources do not date: " (&undated) "." } }
            }))
            @for (id, heading, body) in &sections { (parts::section(id, heading, body)) }
            @if !design.modelled.is_empty() { (parts::details("What is stated, and what is modelled here", maud! { p { (&design.modelled) } })) }
            (parts::sources(&cited(&cx, &design.sources)))
        },
    ))
}

fn facts(programme: &Snapshot) -> Html {
    let design = &programme.programme.design;
    let or_not = |text: &str| if text.is_empty() { parts::not_stated() } else { ui::html(text) };
    let places = programme.programme.history.places.len();
    let places_href = format!("{}/places", programme.href());
    parts::summary_list(vec![
        ("Area".to_string(), or_not(&design.area)),
        ("Where it stands".to_string(), or_not(&begun_large(&design.status))),
        (
            "Places".to_string(),
            match places {
                0 => parts::not_stated(),
                n => ui::html(maud! { a href=(&places_href) { (n) @if n == 1 { " place" } @else { " places" } } }),
            },
        ),
    ])
}

/// A word as it stands by itself.
fn begun_large(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn who(cx: &Cx, programme: &Snapshot) -> Html {
    let design = &programme.programme.design;
    let rows = design.sponsors.iter().map(|sponsor| {
        let leads: Vec<&str> =
            design.components.iter().filter(|c| sponsor.leads.contains(&c.key)).map(|c| c.name.as_str()).collect();
        vec![
            Cell::text(&sponsor.name).head(),
            Cell::text(begun_large(sponsor.part.words())),
            sponsor.sector.map_or_else(Cell::not_stated, |s| Cell::html(parts::sector(s.key()))),
            if leads.is_empty() { Cell::not_stated() } else { Cell::text(leads.join(", ")) },
            Cell::html(parts::sources(&cited(cx, &sponsor.sources))),
        ]
    });
    let table = Table::new(
        "Organisations that run the programme",
        &["Organisation", "Part", "Sector", "Leads", "Source"],
        rows.collect(),
    )
    .quiet()
    .html();
    ui::html(maud! { (table) @if !design.purpose.is_empty() { h3 { "What it is for" } (statements(cx, &design.purpose)) } })
}

/// Claims side by side: where sources disagree, all of them stand.
fn claims(cx: &Cx, claims: &[Claim]) -> Html {
    ui::html(maud! {
        @if claims.is_empty() { (parts::not_stated()) }
        @for claim in claims { p { (&claim.text) } (parts::sources(&cited(cx, &claim.sources))) }
        @if claims.len() > 1 { p class="muted" { "The sources differ. Each stands as it was given." } }
    })
}

fn call(cx: &Cx, programme: &Snapshot) -> Html {
    let Some(call) = &programme.programme.design.call else {
        return ui::html(maud! { p { "There was no open call, or none is stated." } });
    };
    let rows = call.stages.iter().filter(|s| !s.is_wholly_ours()).map(|s| {
        let award = s.award.map(|a| amount(a, s.up_to));
        let or_not = |text: &Option<String>| text.as_ref().map_or_else(Cell::not_stated, Cell::text);
        vec![
            Cell::text(&s.name).head(),
            or_not(&s.takes),
            or_not(&s.chooses),
            award.map_or_else(Cell::not_stated, Cell::number),
            Cell::html(parts::sources(&cited(cx, &s.sources))),
        ]
    });
    let table = Table::new("Stages of the call", &["Stage", "Takes", "Chooses", "Award each", "Source"], rows.collect()).html();
    ui::html(maud! {
        p { (&call.summary) }
        (parts::summary_list(vec![
            ("Opened".to_string(), claims(cx, &call.opened)),
            ("Applications".to_string(), claims(cx, &call.applications)),
            ("Questions".to_string(), questions(call, &programme.programme)),
            ("Read for".to_string(), criteria(call)),
        ]))
        @if !call.stages.is_empty() { (table) }
        @if let Some(kept) = &call.keeps_unsuccessful { (statements(cx, std::slice::from_ref(kept))) }
    })
}

/// What applicants are asked. A form that is ours says nothing about what a real programme asked.
fn questions(call: &design::Call, programme: &design::Programme) -> Html {
    let forms = call.stages.iter().filter(|s| !s.is_ours()).filter_map(|s| Some((&s.name, programme.form(s.form.as_ref()?)?)));
    let forms: Vec<_> = forms.filter(|(_, form)| !form.is_ours()).collect();
    ui::html(maud! {
        @if forms.is_empty() { (parts::not_stated()) }
        @for (stage, form) in &forms { p { (stage) ": " (form.size()) } }
    })
}

/// What applications are read for, stage by stage, where that is known.
fn criteria(call: &design::Call) -> Html {
    let stages: Vec<_> = call.stages.iter().filter(|s| !s.is_ours() && !s.criteria.is_empty()).collect();
    ui::html(maud! {
        @if stages.is_empty() { (parts::not_stated()) }
        @for stage in &stages {
            p { (&stage.name) }
            ul { @for criterion in &stage.criteria { li { (&criterion.name.en) @if !criterion.about.is_empty() { ": " (&criterion.about.en) } } } }
        }
    })
}

fn money(cx: &Cx, programme: &Snapshot) -> Html {
    let design = &programme.programme.design;
    let lines = design.money.iter().map(|line| {
        let count = line.count.map_or_else(|| Cell::text("—"), Cell::number);
        let total = line.total().map_or_else(Cell::not_stated, |t| Cell::number(amount(t, line.up_to)));
        vec![
            Cell::text(&line.name).head(),
            Cell::number(amount(line.amount, line.up_to)),
            count,
            total,
            Cell::html(parts::sources(&cited(cx, &line.sources))),
        ]
    });
    let totals = design.totals.iter().map(|t| {
        vec![
            Cell::text(&t.what).head(),
            Cell::number(amount(t.amount, t.up_to)),
            Cell::html(parts::sources(&cited(cx, &t.sources))),
        ]
    });
    let days_said = design.days.iter().filter(|d| !d.is_ours()).count();
    let days = design.days.iter().filter(|d| !d.is_ours()).map(|d| {
        vec![
            Cell::text(programme.role_name(&d.role)).head(),
            Cell::text(days_given(d)),
            Cell::html(parts::sources(&cited(cx, &d.sources))),
        ]
    });
    let notes: Vec<String> = programme.programme.notes().into_iter().filter(|n| n.contains('£')).collect();
    let lines = Table::new("Money by line", &["Line", "Each", "How many", "Together", "Source"], lines.collect()).html();
    let totals = Table::new("Totals as the sources state them", &["What", "Amount", "Source"], totals.collect()).html();
    let days = Table::new("Days", &["Role", "Days", "Source"], days.collect()).html();
    ui::html(maud! {
        @if design.money.is_empty() && design.totals.is_empty() && days_said == 0 { p { (parts::not_stated()) } }
        @if !design.money.is_empty() { (lines) }
        @if !design.totals.is_empty() { (totals) }
        @if days_said > 0 { (days) }
        @if !notes.is_empty() { (parts::inset(maud! { @for note in &notes { p { (note) } } })) }
    })
}

fn events(cx: &Cx, programme: &Snapshot) -> Html {
    let mut events: Vec<_> = programme.programme.history.events.iter().collect();
    events.sort_by_key(|e| (e.from.is_none(), e.from.map(design::Approx::first_day), e.key.clone()));
    ui::html(maud! {
        @if events.is_empty() { p { (parts::not_stated()) } }
        ol class="events" {
            @for event in &events {
                li {
                    p {
                        strong {
                            @match (&event.from, &event.to) {
                                (Some(from), Some(to)) => { (from.to_string()) " to " (to.to_string()) }
                                (Some(from), None) => { (from.to_string()) }
                                _ => { "No date stated" }
                            }
                        }
                        " " (&event.title)
                        @if event.kind == EventKind::Shock { " " (parts::tag("From outside", parts::Tone::Warning)) }
                    }
                    @if !event.text.is_empty() { p { (&event.text) } }
                    @if let Some(differs) = &event.disagrees { p class="muted" { (differs) } }
                    (parts::sources(&cited(cx, &event.sources)))
                }
            }
        }
    })
}

fn resources(cx: &Cx, programme: &Snapshot) -> Html {
    let resources = &programme.programme.history.resources;
    ui::html(maud! {
        @if resources.is_empty() { p { (parts::not_stated()) } }
        ul class="statements" {
            @for resource in resources {
                li {
                    p { strong { (&resource.title) } " (" (&resource.kind) ")" @if let Some(publisher) = &resource.publisher { ", " (publisher) } }
                    @if let Some(about) = &resource.about { p { (about) } }
                    (parts::sources(&cited(cx, &resource.sources)))
                }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_real_programme_is_not_said_to_have_asked_our_questions() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programmes");
        let sources = design::Sources::read(&folder.join("sources.toml")).unwrap();
        let folders = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).filter(|path| path.is_dir());
        let mut designs = folders.map(|path| design::Programme::read(&path, &sources).unwrap());
        let mut programme = designs.find(|d| !d.forms.is_empty() && d.design.call.is_some()).unwrap();
        let told = |programme: &design::Programme| {
            let call = programme.design.call.as_ref().unwrap();
            [super::questions(call, programme), super::criteria(call)].map(|html| ui::html(html).into_inner())
        };
        for text in told(&programme) {
            assert!(text.to_lowercase().contains("not stated"), "{text}");
        }
        // Where the real ones are known, they are told.
        programme.forms.iter_mut().for_each(|form| form.practice = false);
        programme.design.call.as_mut().unwrap().stages.iter_mut().for_each(|stage| stage.practice = false);
        let size = programme.forms[0].size();
        let stages = &programme.design.call.as_ref().unwrap().stages;
        let criterion = stages.iter().flat_map(|s| &s.criteria).next().unwrap().about.en.clone();
        let [questions, criteria] = told(&programme);
        assert!(questions.contains(&size), "{questions}");
        assert!(criteria.contains(&criterion), "{criteria}");
    }
}
