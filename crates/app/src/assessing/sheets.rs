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
use super::summary;
use crate::calls::stage_of;
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

/// `/programmes/{programme}/applications/{application}/scores`, for those who choose.
pub(super) async fn page(cx: Cx) -> Answer {
    let (programme, applied) = (cx.programme()?.clone(), cx.application()?.clone());
    let stage = stage_of(&programme, &applied.call)?;
    let all = summary(&cx, &applied.call).await?;
    let Some(mean) = all.get(&applied.row.id) else {
        return Err(Stop::forbidden(
            "You do not see these scores yet",
            "You have applications of this call to score yourself. Once you have, you see what others gave. An application that was withdrawn has none.",
        ));
    };
    let sheets = sheets(cx.read(), applied.row.id).await?;
    let submitted: Vec<&Sheet> = sheets.iter().filter(|s| s.reading.submitted_at.is_some()).collect();
    let waiting: Vec<&str> = sheets.iter().filter(|s| s.reading.submitted_at.is_none()).map(|s| s.name.as_str()).collect();
    let weighted = mean.by.iter().map(|(who, score)| {
        let name = submitted.iter().find(|s| s.reading.person_id == *who).map_or("", |s| s.name.as_str());
        vec![Cell::text(name).head(), Cell::number(tenths(*score))]
    });
    let mut table = Table::new("Weighted scores, from 0 to 100", &["Assessor", "Score"], weighted.collect());
    if let Some(mean) = mean.mean {
        table = table.foot(vec![Cell::text("Mean").head(), Cell::number(tenths(mean))]);
    }
    let table = table.html();
    let home = programme.href();
    let draft = Draft::new(format!("Scores of {}", applied.row.name))
        .lead(format!("{}. Applicants never see these.", applied.reference()));
    let draft = draft.crumb(&programme.name, &home).crumb(&applied.call.name, crate::calls::href(&programme, &applied.call));
    Ok(draft.crumb(&applied.row.name, applied.href(&home)).page(
        &cx,
        maud! {
            @if submitted.is_empty() { p { "Nobody has submitted scores yet." } } @else {
                (&table)
                @if let (Some(least), Some(most)) = (mean.least, mean.most) {
                    p { "From " (tenths(least)) " to " (tenths(most)) ": " (tenths(most - least)) " apart." @if let Some(sd) = mean.deviation { " Standard deviation " (tenths(sd)) "." } }
                }
                (parts::section("criteria", "By criterion", side_by_side(&stage, &submitted)))
            }
            @if !waiting.is_empty() { p { "Not submitted yet: " (waiting.join(", ")) "." } }
        },
    ))
}
