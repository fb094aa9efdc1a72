//! Moderation: where assessors differ, how far they agree, who is mild and who is strict.

use std::collections::HashMap;

use kernel::Fault;
use measures::{Level, Ratings, Refusal, Score, alpha, leniency};
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{ApplicationId, PersonId, call, person};
use ui::figures::{SpreadRow, score_spread};
use ui::parts::{self, FilterGroup, FilterOption, Page};
use ui::table::{Cell, Table};
use ui::{Html, html};

use super::marks::{Hidden, Marks, Seen, Summary};
use crate::calls::{csv_line, href, reference, sent_as_file};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft};

const PAGE: usize = 50;
const SORTS: [(&str, &str); 4] =
    [("", "Largest difference"), ("mean", "Weighted mean"), ("deviation", "Standard deviation"), ("number", "Number")];
/// Below so many applications, one of them can move agreement a good deal.
const FEW: usize = 30;

/// An application in the table.
struct Line<'a> {
    seen: &'a Seen,
    summary: Summary,
}

impl Line<'_> {
    fn difference(&self) -> Option<f64> {
        Some(self.summary.most? - self.summary.least?)
    }
}

/// In the order asked for; what has no such figure stands at the end.
fn lines<'a>(marks: &'a Marks, sort: &str) -> Vec<Line<'a>> {
    let mut lines: Vec<Line<'_>> =
        marks.applications.iter().map(|seen| Line { seen, summary: marks.summary_of(seen.id) }).collect();
    let figure = |line: &Line<'_>| match sort {
        "mean" => line.summary.mean,
        "deviation" => line.summary.deviation,
        "number" => None,
        _ => line.difference(),
    };
    // Stable, so that equals stay in the order of their numbers.
    lines.sort_by(|a, b| figure(b).unwrap_or(-1.0).total_cmp(&figure(a).unwrap_or(-1.0)));
    lines
}

pub(super) async fn page(cx: Cx) -> Answer {
    let (programme, call) = (cx.programme()?.clone(), cx.call()?.clone());
    let marks = Marks::load(&cx, &call).await?;
    let names = names(&cx, marks.readers.iter().map(|r| r.person)).await?;
    let sort = SORTS.iter().find(|(key, _)| *key == cx.query("sort")).map_or("", |(key, _)| key);
    let lines = lines(&marks, sort);
    let of = lines.len().div_ceil(PAGE).max(1);
    let number = cx.query("page").parse().unwrap_or(1).clamp(1, of);
    let shown = &lines[(number - 1) * PAGE..(number * PAGE).min(lines.len())];
    let pages = Page { number, of, base_href: format!("{}?sort={sort}", cx.path()) };
    let draft =
        Draft::new("Moderation").lead("Where assessors differ: talk about these first.").crumb(&programme.name, programme.href());
    Ok(draft.crumb(&call.name, href(&programme, &call)).page(
        &cx,
        maud! {
            (progress(&marks))
            @if marks.applications.is_empty() { p { "Nothing has been submitted to this call." } } @else {
                (parts::filters(&[sorting(cx.path(), sort)]))
                (figure(&call, shown))
                div id="scores" { (overall(&cx, &call, shown, &names)) }
                (by_criterion(&call, &marks, shown))
                (parts::pagination(&pages))
                p { a href={ (cx.path()) ".csv" } { "Download all of them as CSV" } }
                (agreement(&marks))
                (mildness(&marks, &names))
            }
        },
    ))
}

/// How far the reading is, and what the viewer does not see.
fn progress(marks: &Marks) -> Html {
    let submitted = marks.readers.iter().filter(|r| r.submitted).count();
    let hidden = |why| marks.applications.iter().filter(|a| a.hidden == Some(why)).count();
    let (aside, own) = (hidden(Hidden::Conflict), hidden(Hidden::Unscored));
    html(maud! {
        p { (submitted) " of " (marks.readers.len()) " readings are submitted; scores count from then on, from 0 to 100." }
        @if aside > 0 { p { "You stand aside from " (aside) " of the applications: they show their number and nothing more, and no figure here counts them." } }
        @if own > 0 { p { "You still have applications of this call to score. Until you have, you see no scores but of those you have scored; no figure here counts the other " (own) "." } }
    })
}

fn sorting(path: &str, sort: &str) -> FilterGroup {
    let option = |(key, text): &(&str, &str)| FilterOption {
        text: (*text).into(),
        href: format!("{path}?sort={key}"),
        current: *key == sort,
        count: None,
    };
    FilterGroup { label: "In order of".into(), options: SORTS.iter().map(option).collect() }
}

fn figure(call: &call::Model, shown: &[Line<'_>]) -> Html {
    let scored = shown.iter().filter_map(|line| {
        let name = format!("{} {}", reference(call, line.seen.number), line.seen.name);
        Some(SpreadRow { name, scores: line.summary.by.iter().map(|(_, s)| *s).collect(), mean: line.summary.mean? })
    });
    let rows: Vec<SpreadRow> = scored.collect();
    html(maud! { @if !rows.is_empty() { (score_spread("Scores of each application, with their spread", &rows, "scores")) } })
}

/// A figure with one decimal.
pub(crate) fn tenths(value: f64) -> String {
    format!("{value:.1}")
}

fn cell(value: Option<f64>) -> Cell {
    value.map_or_else(|| Cell::text("–"), |value| Cell::number(tenths(value)))
}

fn overall(cx: &Cx, call: &call::Model, shown: &[Line<'_>], names: &HashMap<PersonId, String>) -> Html {
    let home = cx.programme().map(|p| p.href()).unwrap_or_default();
    let rows = shown.iter().map(|line| {
        let number = reference(call, line.seen.number);
        if let Some(hidden) = line.seen.hidden {
            let mut row = vec![Cell::text(&number).head(), Cell::text(hidden.says())];
            row.extend((0..6).map(|_| Cell::text("")));
            return row;
        }
        let by = line.summary.by.iter();
        let by = by.map(|(who, score)| format!("{} {}", names.get(who).map_or("", String::as_str), tenths(*score)));
        let mut by: Vec<String> = by.collect();
        by.sort_unstable();
        vec![
            Cell::link(&format!("{home}/applications/{}/scores", line.seen.id), &number).head(),
            Cell::text(&line.seen.name),
            Cell::text(format!("{} of {}", line.summary.submitted, line.summary.wanted)),
            Cell::text(by.join(", ")),
            cell(line.summary.mean),
            match (line.summary.least, line.summary.most) {
                (Some(least), Some(most)) => Cell::text(format!("{} to {}", tenths(least), tenths(most))),
                _ => Cell::text("–"),
            },
            cell(line.difference()),
            cell(line.summary.deviation),
        ]
    });
    let headers =
        ["Application", "Partnership", "Scored by", "Each score", "Mean", "From, to", "Difference", "Standard deviation"];
    Table::new("Weighted scores, from 0 to 100", &headers, rows.collect()).html()
}

/// Mean, least and most of the points by one criterion.
fn points(marks: &Marks, application: ApplicationId, criterion: &str) -> Option<(f64, i32, i32)> {
    let given = || marks.given.iter().filter(|g| g.application == application && g.criterion == criterion).map(|g| g.points);
    let (least, most) = (given().min()?, given().max()?);
    let sum: f64 = given().map(f64::from).sum();
    #[expect(clippy::cast_precision_loss, reason = "a handful of readers")]
    let mean = sum / given().count() as f64;
    Some((mean, least, most))
}

fn by_criterion(call: &call::Model, marks: &Marks, shown: &[Line<'_>]) -> Html {
    let visible = shown.iter().filter(|line| line.seen.hidden.is_none());
    let rows = visible.map(|line| {
        let mut row = vec![Cell::text(reference(call, line.seen.number)).head()];
        row.extend(marks.stage.criteria.iter().map(|c| match points(marks, line.seen.id, &c.key) {
            Some((mean, least, most)) => Cell::text(format!("{} ({least} to {most})", tenths(mean))),
            None => Cell::text("–"),
        }));
        row
    });
    let mut headers = vec!["Application"];
    headers.extend(marks.stage.criteria.iter().map(|c| c.name.en.as_str()));
    Table::new("By criterion: mean points, and from least to most", &headers, rows.collect()).html()
}

/// Ordinal agreement of one set of scores, or why there is none to speak of.
fn agreed(scores: &[Score<ApplicationId, PersonId>]) -> Result<measures::Alpha, Refusal> {
    alpha(&Ratings::from_scores(scores)?, Level::Ordinal)
}

fn agreement(marks: &Marks) -> Html {
    let mut all: Vec<(&str, Result<measures::Alpha, Refusal>)> = Vec::new();
    for criterion in &marks.stage.criteria {
        let given = marks.given.iter().filter(|g| g.criterion == criterion.key);
        let scores: Vec<_> =
            given.map(|g| Score { application: g.application, assessor: g.person, value: f64::from(g.points) }).collect();
        all.push((&criterion.name.en, agreed(&scores)));
    }
    all.push(("Overall: the weighted scores", agreed(&marks.scores)));
    let shared = marks.spreads.iter().filter(|s| s.scores > 1).count();
    let rows = all.into_iter().map(|(name, found)| match found {
        Ok(found) => vec![
            Cell::text(name).head(),
            Cell::number(format!("{:.2}", found.alpha).replace('-', "−")),
            Cell::number(found.pairable_values),
            Cell::text(meaning(found.alpha)),
        ],
        Err(refusal) => vec![Cell::text(name).head(), Cell::text("–"), Cell::text(""), Cell::text(refusal.to_string())],
    });
    let headers = ["Criterion", "Alpha", "Scores it rests on", "What it says"];
    let table = Table::new("Agreement between assessors", &headers, rows.collect()).quiet().html();
    html(maud! {
        (parts::section("agreement", "Agreement between assessors", maud! {
            p { "Krippendorff’s alpha for ordered scales: 1 where all agree, 0 where they agree no more than chance would have it. From 0.8 scores can be relied on; between 0.67 and 0.8 with care." }
            (table)
            p {
                "It rests on " (shared) @if shared == 1 { " application that two or more have scored. " } @else { " applications that two or more have scored. " }
                @if shared < FEW { "With so few, a single application can move it a good deal: read it as a hint. " }
                "Where nearly everything gets the same points, it can be low though people agree. It says nothing of who is right."
            }
        }))
    })
}

fn meaning(alpha: f64) -> &'static str {
    match alpha {
        a if a >= 0.8 => "They read it alike",
        a if a >= 0.667 => "Alike enough to go by with care",
        a if a >= 0.0 => "They differ: talk about what the points mean before relying on them",
        _ => "They differ more than chance would have it: some may read the scale the other way round",
    }
}

fn mildness(marks: &Marks, names: &HashMap<PersonId, String>) -> Html {
    let all = leniency(&marks.scores).unwrap_or_default();
    let rows = all.iter().map(|one| {
        let signed = |d: f64| if d.abs() < 0.05 { "0.0".to_string() } else { format!("{d:+.1}").replace('-', "−") };
        vec![
            Cell::text(names.get(&one.assessor).map_or("", String::as_str)).head(),
            one.deviation.map_or_else(|| Cell::text("–"), |d| Cell::number(signed(d))),
            Cell::number(one.shared),
            Cell::number(one.scored),
        ]
    });
    let headers = ["Assessor", "Milder (+) or stricter (−)", "Applications others scored too", "Scored"];
    let table = Table::new("Who is mild, who is strict", &headers, rows.collect()).quiet().html();
    html(maud! {
        @if !all.is_empty() {
            (parts::section("leniency", "Who is mild, who is strict", maud! {
                p { "By how much each one’s scores lie above or below those of the others who scored the same applications, on average. Whoever happened to read with strict people looks milder than they are." }
                (table)
            }))
        }
    })
}

/// What people are called.
pub(super) async fn names(cx: &Cx, of: impl Iterator<Item = PersonId>) -> Result<HashMap<PersonId, String>, Fault> {
    let mut ids: Vec<PersonId> = of.collect();
    ids.sort_unstable();
    ids.dedup();
    let found = person::Entity::find().filter(person::COLUMN.id.is_in(ids)).all(cx.read()).await;
    Ok(found.map_err(fault("list people"))?.into_iter().map(|p| (p.id, p.name)).collect())
}

/// The same as CSV, whole.
pub(super) async fn csv(cx: Cx) -> Answer {
    let call = cx.call()?.clone();
    let marks = Marks::load(&cx, &call).await?;
    let mut header: Vec<String> =
        ["Reference", "Partnership", "Wanted", "Submitted", "Mean", "Least", "Most", "Difference", "Standard deviation"]
            .map(String::from)
            .to_vec();
    for criterion in &marks.stage.criteria {
        header.extend(["mean", "least", "most"].map(|what| format!("{}: {what}", criterion.name.en)));
    }
    let exact = |value: Option<f64>| value.map(|v| format!("{v:.4}")).unwrap_or_default();
    let mut text = csv_line(header.iter().cloned())?;
    for one in lines(&marks, "number") {
        let mut cells = vec![reference(&call, one.seen.number)];
        match one.seen.hidden {
            Some(hidden) => cells.push(hidden.says().into()),
            None => {
                let s = &one.summary;
                cells.extend([one.seen.name.clone(), s.wanted.to_string(), s.submitted.to_string()]);
                cells.extend([s.mean, s.least, s.most, one.difference(), s.deviation].map(exact));
                for criterion in &marks.stage.criteria {
                    let found = points(&marks, one.seen.id, &criterion.key);
                    cells.push(exact(found.map(|f| f.0)));
                    cells.extend([found.map(|f| f.1), found.map(|f| f.2)].map(|p| p.map(|p| p.to_string()).unwrap_or_default()));
                }
            }
        }
        cells.resize(header.len(), String::new());
        text.extend(csv_line(cells.into_iter())?);
    }
    Ok(sent_as_file("text/csv; charset=utf-8", "scores.csv", text.into()))
}
