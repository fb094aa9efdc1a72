//! Who scored one application, by which criterion, and why; what was changed stays, struck through.

use design::{Criterion, Stage};
use kernel::Fault;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{ApplicationId, person, reading, score};
use ui::table::{Cell, Table};
use ui::{Html, html, parts, words};

use super::moderation::tenths;
use super::{Summary, summary};
use crate::calls::{Applied, stage_of};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Stop};

/// What one assessor made of an application.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    pub reading: reading::Model,
    pub name: String,
    /// The replaced ones too, the newest first.
    pub scores: Vec<score::Model>,
}

impl Sheet {
    /// The scores that count, or are being written.
    pub fn current(&self, criterion: &str) -> Option<&score::Model> {
        self.scores.iter().find(|s| s.criterion == criterion && s.replaced_at.is_none())
    }
}

/// The sheets of an application's readings that stand. Whoever shows them has asked whether the viewer may see them.
pub(super) async fn sheets(db: &impl ConnectionTrait, id: ApplicationId) -> Result<Vec<Sheet>, Fault> {
    let found = reading::Entity::find()
        .filter(reading::COLUMN.application_id.eq(id))
        .filter(reading::COLUMN.ended_at.is_null())
        .order_by_asc(reading::Column::Id);
    let readings = found.all(db).await.map_err(fault("list readings"))?;
    let scores = score::Entity::find()
        .filter(score::COLUMN.reading_id.is_in(readings.iter().map(|r| r.id)))
        .order_by_desc(score::Column::GivenAt)
        .order_by_desc(score::Column::Id)
        .all(db)
        .await
        .map_err(fault("list scores"))?;
    let people = person::Entity::find().filter(person::COLUMN.id.is_in(readings.iter().map(|r| r.person_id))).all(db).await;
    let people = people.map_err(fault("list people"))?;
    let sheets = readings.into_iter().map(|reading| Sheet {
        name: people.iter().find(|p| p.id == reading.person_id).map(|p| p.name.clone()).unwrap_or_default(),
        scores: scores.iter().filter(|s| s.reading_id == reading.id).cloned().collect(),
        reading,
    });
    Ok(sheets.collect())
}

/// A point of the scale with what it means.
pub(super) fn point(criterion: &Criterion, points: Option<i32>) -> String {
    let Some(points) = points else { return "–".into() };
    let meant = criterion.scale.iter().find(|p| p.value == points).map_or("", |p| p.label.en.as_str());
    if meant.is_empty() { points.to_string() } else { format!("{points}: {meant}") }
}

/// The scores of these sheets, criterion by criterion.
pub(super) fn side_by_side(stage: &Stage, sheets: &[&Sheet]) -> Html {
    html(maud! {
        @for criterion in &stage.criteria {
            (Table::new(&criterion.name.en, &["Assessor", "Points", "Why", "When"], rows(criterion, sheets)).html())
        }
        @for sheet in sheets {
            @if !sheet.reading.remark.is_empty() {
                h3 { (&sheet.name) ", on the whole" }
                (words::markdown(&sheet.reading.remark))
            }
        }
    })
}

fn rows(criterion: &Criterion, sheets: &[&Sheet]) -> Vec<Vec<Cell>> {
    let of = |sheet: &'_ &Sheet| {
        let scores = sheet.scores.iter().filter(|s| s.criterion == criterion.key).map(|s| {
            let (points, name, why) = (point(criterion, s.points), sheet.name.clone(), s.why.clone());
            match s.replaced_at {
                None => vec![Cell::text(name).head(), Cell::text(points), Cell::text(why), Cell::text(s.given_at.to_string())],
                Some(at) => vec![
                    Cell::text(format!("{name}, before")).head(),
                    Cell::html(html(maud! { del { (&points) } })),
                    Cell::html(html(maud! { del { (&why) } })),
                    Cell::text(format!("{}, changed by {name} on {at}", s.given_at)),
                ],
            }
        });
        scores.collect::<Vec<_>>()
    };
    sheets.iter().flat_map(of).collect()
}

/// What assessors made of an application, for those who choose.
pub(crate) struct Scores {
    pub overall: Html,
    /// With the reasons, and what was changed.
    pub by_criterion: Html,
}

/// The scores of an application; nothing where the viewer must not see them, or not yet.
pub(crate) async fn scores_of(cx: &Cx, applied: &Applied) -> Result<Option<Scores>, Fault> {
    let Some(mean) = summary(cx, &applied.call).await?.remove(&applied.row.id) else { return Ok(None) };
    let stage = stage_of(cx.programme().map_err(|_| Fault::new("list scores", "no programme is named"))?, &applied.call)?;
    let sheets = sheets(cx.read(), applied.row.id).await?;
    let (submitted, waiting): (Vec<&Sheet>, Vec<&Sheet>) = sheets.iter().partition(|s| s.reading.submitted_at.is_some());
    let by_criterion = if submitted.is_empty() { html("") } else { side_by_side(&stage, &submitted) };
    Ok(Some(Scores { overall: overall(&mean, &submitted, &waiting), by_criterion }))
}

fn overall(mean: &Summary, submitted: &[&Sheet], waiting: &[&Sheet]) -> Html {
    let weighted = mean.by.iter().map(|(who, score)| {
        let name = submitted.iter().find(|s| s.reading.person_id == *who).map_or("", |s| s.name.as_str());
        vec![Cell::text(name).head(), Cell::number(tenths(*score))]
    });
    let mut table = Table::new("Weighted scores, from 0 to 100", &["Assessor", "Score"], weighted.collect());
    if let Some(mean) = mean.mean {
        table = table.foot(vec![Cell::text("Mean").head(), Cell::number(tenths(mean))]);
    }
    let table = table.html();
    let waiting: Vec<&str> = waiting.iter().map(|s| s.name.as_str()).collect();
    html(maud! {
        @if submitted.is_empty() { p { "Nobody has submitted scores yet." } } @else {
            (&table)
            @if let (Some(least), Some(most)) = (mean.least, mean.most) {
                p { "From " (tenths(least)) " to " (tenths(most)) ": " (tenths(most - least)) " apart." @if let Some(sd) = mean.deviation { " Standard deviation " (tenths(sd)) "." } }
            }
        }
        @if !waiting.is_empty() { p { "Not submitted yet: " (waiting.join(", ")) "." } }
    })
}

/// `/programmes/{programme}/applications/{application}/scores`, for those who choose.
pub(super) async fn page(cx: Cx) -> Answer {
    let (programme, applied) = (cx.programme()?.clone(), cx.application()?.clone());
    let Some(scores) = scores_of(&cx, &applied).await? else {
        return Err(Stop::forbidden(
            "You do not see these scores yet",
            "You have applications of this call to score yourself. Once you have, you see what others gave. An application that was withdrawn has none.",
        ));
    };
    let home = programme.href();
    let draft = Draft::new(format!("Scores of {}", applied.row.name))
        .lead(format!("{}. Applicants never see these.", applied.reference()));
    let draft = draft.crumb(&programme.name, &home).crumb(&applied.call.name, crate::calls::href(&programme, &applied.call));
    Ok(draft.crumb(&applied.row.name, applied.href(&home)).page(
        &cx,
        maud! {
            (&scores.overall)
            @if !scores.by_criterion.as_str().is_empty() { (parts::section("criteria", "By criterion", &scores.by_criterion)) }
        },
    ))
}
