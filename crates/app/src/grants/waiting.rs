//! What waits for somebody about grants, for their Today: what is to be signed, answered, proposed anew or approved.

use design::Power;
use kernel::Fault;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{AwardId, PlaceId, award, place, variation};
use ui::parts::{Task, Tone};

use super::award::{ASKED_BACK, FUNDER, PLACE, Standing, Whole, href, whole};
use super::{answer, payments};
use crate::ground::{Cx, Snapshot, Stop};

pub(crate) async fn waiting(cx: &Cx, programme: &Snapshot) -> Result<Vec<Task>, Stop> {
    let may = |power| cx.viewer().may_somewhere(power, programme.id);
    let mut tasks = Vec::new();
    if !programme.programme.design.has_awards() {
        return Ok(tasks);
    }
    if cx.viewer().may(Power::ApprovePayments, programme.id, None) {
        tasks.extend(to_approve(programme, payments::to_approve(cx, programme).await?));
    }
    if may(Power::PlanMoney) || may(Power::ManageGrants) || may(Power::ApprovePayments) {
        for (all, place) in open(cx, programme).await? {
            tasks.extend(about(cx, programme, &all, &place).await?);
        }
    }
    Ok(tasks)
}

fn to_approve(programme: &Snapshot, count: usize) -> Option<Task> {
    let text = if count == 1 { "Approve a payment".into() } else { format!("Approve {count} payments") };
    let (href, detail) = (format!("{}/money/payments", programme.href()), "They are due, and each takes two people.");
    (count > 0).then(|| Task { text, href, detail: Some(detail.into()), due: None, tone: Tone::Waiting })
}

/// Awards that are offered and not agreed, and those of which a change waits or was asked back, where the viewer has a part.
async fn open(cx: &Cx, programme: &Snapshot) -> Result<Vec<(Whole, place::Model)>, Fault> {
    let awards =
        || award::Entity::find().filter(award::COLUMN.programme_id.eq(programme.id)).filter(award::COLUMN.closed_at.is_null());
    let mut open = awards().filter(award::COLUMN.offered_at.is_not_null()).filter(award::COLUMN.agreed_at.is_null());
    open = open.order_by_asc(award::Column::OfferedAt).order_by_asc(award::Column::Id);
    let mut found = open.all(cx.read()).await.map_err(fault("list offers"))?;
    let changing = variation::Entity::find().filter(variation::COLUMN.programme_id.eq(programme.id));
    let changing = changing
        .filter(variation::COLUMN.number.gt(1))
        .filter(sea_orm::Condition::any().add(variation::COLUMN.outcome.is_null()).add(variation::COLUMN.outcome.eq(ASKED_BACK)));
    let changing = changing.all(cx.read()).await.map_err(fault("list changes that wait"))?;
    let ids: Vec<AwardId> = changing.iter().map(|v| v.award_id).collect();
    let changing = awards().filter(award::COLUMN.id.is_in(ids)).order_by_asc(award::Column::Id).all(cx.read()).await;
    found.extend(changing.map_err(fault("list awards"))?);
    let mine = |id: PlaceId| {
        let may = |power| cx.viewer().may(power, programme.id, Some(id));
        may(Power::PlanMoney) || may(Power::ManageGrants) || may(Power::ApprovePayments)
    };
    found.retain(|row| mine(row.place_id));
    let places = place::Entity::find().filter(place::COLUMN.id.is_in(found.iter().map(|row| row.place_id)));
    let places = places.all(cx.read()).await.map_err(fault("list places"))?;
    let mut all = Vec::new();
    for row in found {
        let Some(place) = places.iter().find(|p| p.id == row.place_id).cloned() else { continue };
        all.push((whole(cx.read(), row).await?, place));
    }
    Ok(all)
}

/// What the viewer can do about one.
async fn about(cx: &Cx, programme: &Snapshot, all: &Whole, place: &place::Model) -> Result<Option<Task>, Stop> {
    let (home, reference) = (href(programme, place, all.row.id), &all.row.reference);
    let may = |power| cx.viewer().may(power, programme.id, Some(place.id));
    let task = |text: String, to: String, detail: String| {
        Some(Task { text, href: format!("{home}{to}"), detail: Some(detail), due: None, tone: Tone::Waiting })
    };
    if all.standing() == Standing::Offered {
        let side = [(FUNDER, Power::ManageGrants), (PLACE, Power::PlanMoney)];
        let signs = side.into_iter().any(|(side, power)| may(power) && all.signed(side).is_none());
        let detail = format!("{} for {}, in force once both sides have signed.", all.amount(), place.name);
        return Ok(signs.then(|| task(format!("Sign the agreement on {reference}"), "/agreement".into(), detail)).flatten());
    }
    if let Some(version) = all.waiting() {
        let answers = answer::waits_for(cx, programme, all, version).await?;
        let (text, to) =
            (format!("Answer what {} proposes for {reference}", place.name), format!("/changes/{}", version.row.number));
        return Ok(answers.then(|| task(text, to, super::show::said(version))).flatten());
    }
    let last = all.versions.last().filter(|v| v.row.outcome.as_deref() == Some(ASKED_BACK));
    Ok(last.filter(|_| may(Power::PlanMoney)).and_then(|version| {
        let (text, to) = (format!("Your change to {reference} was asked back"), format!("/changes/{}", version.row.number));
        task(text, to, version.row.answer.chars().take(200).collect())
    }))
}
