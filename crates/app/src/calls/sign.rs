//! An organisation says that it stands behind the text.

use axum::http::StatusCode;
use forms::Lang;
use sea_orm::EntityTrait;
use tables::{applicant, sheet};

use super::apply::cannot_write;
use super::reopen;
use crate::answers;
use crate::ground::{Act, Answer, Stop};

pub(super) async fn save(act: Act) -> Answer {
    let (programme, applied) = (act.programme()?.clone(), act.application()?.clone());
    let mine = applied.mine.as_ref().ok_or(Stop::Missing)?;
    let mut write = act.write("stand behind an application").await?;
    if !reopen::open(write.tx(), &applied.row, &applied.call, write.at()).await?.any() {
        return Err(cannot_write(&applied, &act));
    }
    let sheet = write.lock::<sheet::Entity>(applied.row.sheet_id).await?.ok_or(Stop::Missing)?;
    if act.form.get("revision") != sheet.revision.to_string() {
        return Err(Stop::Refused {
            status: StatusCode::CONFLICT,
            title: "The text has changed".into(),
            why: "Somebody changed it after you opened the page. Read it again before your organisation stands behind it.".into(),
            next: Some(("Read the whole text".into(), format!("{}/whole", applied.href(&programme.href())))),
        });
    }
    let filled = answers::load(act.app(), write.tx(), applied.row.sheet_id).await?;
    if !filled.form.look(&filled.answers, Lang::En).ready() {
        return Err(Stop::forbidden(
            "It is not finished yet",
            "Some answers are missing or have to be looked at again. The application’s page lists them.",
        ));
    }
    let found =
        applicant::Entity::find_by_id(mine.applicant_id).one(write.tx()).await.map_err(store::fault("load an organisation"))?;
    let before = found.ok_or(Stop::Missing)?;
    let after = applicant::Model {
        signed_revision: Some(sheet.revision),
        signed_by: Some(act.person()?),
        signed_at: Some(write.at()),
        ..before.clone()
    };
    write.replace(&before, after).await?;
    act.save(write, &format!("{}?done=signed", applied.href(&programme.href()))).await
}
