//! Submitting, with a receipt that does not change any more; and withdrawing.

use axum::http::StatusCode;
use forms::{Answers, Lang};
use kernel::Fault;
use sea_orm::EntityTrait;
use sea_orm::entity::prelude::*;
use store::{Write, fault, sha256};
use tables::{ApplicationId, applicant, application, member, person, sheet};

use super::apply::not_open;
use super::overview::{Receipt, leads};
use super::reading::{Applied, DRAFT, SUBMITTED, WITHDRAWN, applicants};
use super::reopen;
use crate::answers;
use crate::ground::{Act, Answer, Stop};

pub(super) async fn save(act: Act) -> Answer {
    let (programme, applied) = (act.programme()?.clone(), act.application()?.clone());
    let home = applied.href(&programme.href());
    let mut write = act.write("submit an application").await?;
    // First the sheet, as whoever writes in it does: two who lock in another order would wait for each other.
    let sheet = write.lock::<sheet::Entity>(applied.row.sheet_id).await?.ok_or(Stop::Missing)?;
    let before = write.lock::<application::Entity>(applied.row.id).await?.ok_or(Stop::Missing)?;
    let open = reopen::open(write.tx(), &before, &applied.call, write.at()).await?;
    match (open.any(), before.state.as_str()) {
        (true, _) => {}
        (false, DRAFT) => return Err(not_open(&applied.call, &act)),
        (false, _) => {
            return Err(Stop::forbidden("It is not a draft any more", "It has been submitted or withdrawn already."));
        }
    }
    let organisations = applicants(write.tx(), before.id).await?;
    let filled = answers::load(act.app(), write.tx(), sheet.id).await?;
    let unsigned: Vec<&str> =
        organisations.iter().filter(|o| o.signed_revision != Some(sheet.revision)).map(|o| o.name.as_str()).collect();
    if !unsigned.is_empty() || !filled.form.look(&filled.answers, Lang::En).ready() {
        return Err(Stop::Refused {
            status: StatusCode::CONFLICT,
            title: "It cannot be submitted yet".into(),
            why: match unsigned.is_empty() {
                true => "Some answers are missing or have to be looked at again.".into(),
                false => format!("These have to stand behind the text as it is now: {}.", unsigned.join(", ")),
            },
            next: Some(("The application".into(), home)),
        });
    }
    if let Some(reopened) = open.reopened() {
        reopen::ended(&mut write, reopened, &before).await?;
    }
    let receipt = receipt(&write, &applied, organisations, filled.answers).await?;
    let after = application::Model {
        state: SUBMITTED.into(),
        submitted_at: Some(write.at()),
        submitted_by: Some(act.person()?),
        submitted_revision: Some(sheet.revision),
        receipt_hash: Some(sha256(receipt.as_bytes())),
        receipt: Some(receipt),
        ..before.clone()
    };
    write.replace(&before, after).await?;
    write.replace(&sheet, sheet::Model { closed_at: Some(write.at()), ..sheet.clone() }).await?;
    let text = format!(
        "{} was submitted on {} as {}.\n\nRead and print the receipt: {}{home}/receipt\n",
        before.name,
        write.at(),
        applied.reference(),
        act.app().settings.address,
    );
    mail_writers(&mut write, before.id, &format!("{} is submitted", applied.reference()), &text).await?;
    act.save(write, &format!("{home}?done=submitted")).await
}

/// What is submitted, with who stands behind it, as JSON.
async fn receipt(
    write: &Write,
    applied: &Applied,
    organisations: Vec<applicant::Model>,
    answers: Answers,
) -> Result<String, Fault> {
    let mut signed = Vec::new();
    for o in organisations {
        let who = match o.signed_by {
            Some(id) => person::Entity::find_by_id(id).one(write.tx()).await.map_err(fault("load a person"))?.map(|p| p.name),
            None => None,
        };
        let when = o.signed_at.map(|at| at.to_string());
        signed.push([o.name, o.sector, who.unwrap_or_default(), when.unwrap_or_default()]);
    }
    let (reference, name) = (applied.reference(), applied.row.name.clone());
    let receipt = Receipt { reference, name, submitted_at: write.at(), signed, answers };
    serde_json::to_string(&receipt).map_err(|e| Fault::new("write a receipt", e))
}

/// A mail to everybody who writes an application.
pub(crate) async fn mail_writers(write: &mut Write, id: ApplicationId, subject: &str, text: &str) -> Result<(), Fault> {
    let members = member::Entity::find()
        .filter(member::COLUMN.application_id.eq(id))
        .filter(member::COLUMN.ended_at.is_null())
        .all(write.tx())
        .await
        .map_err(fault("list who writes"))?;
    for one in members {
        let person = person::Entity::find_by_id(one.person_id).one(write.tx()).await.map_err(fault("load a person"))?;
        if let Some(email) = person.and_then(|p| p.email) {
            write.mail(&email, subject.to_string(), text.to_string()).await?;
        }
    }
    Ok(())
}

pub(super) async fn withdraw(act: Act) -> Answer {
    let (programme, applied) = (act.programme()?.clone(), act.application()?.clone());
    if !leads(&applied, &applicants(act.read(), applied.row.id).await?) {
        return Err(Stop::forbidden(
            "Only the organisation that leads can withdraw it",
            "Talk with them: it is everybody’s text.",
        ));
    }
    let mut write = act.write("withdraw an application").await?;
    let sheet = write.lock::<sheet::Entity>(applied.row.sheet_id).await?.ok_or(Stop::Missing)?;
    let before = write.lock::<application::Entity>(applied.row.id).await?.ok_or(Stop::Missing)?;
    if before.state != WITHDRAWN {
        write.replace(&before, application::Model { state: WITHDRAWN.into(), ..before.clone() }).await?;
        if sheet.closed_at.is_none() {
            write.replace(&sheet, sheet::Model { closed_at: Some(write.at()), ..sheet.clone() }).await?;
        }
    }
    act.save(write, &format!("{}?done=withdrawn", applied.href(&programme.href()))).await
}
