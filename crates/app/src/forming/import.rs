//! A form read from an XLSForm workbook, put before whoever sent it to be looked through and saved. Nothing is kept before.

use axum::http::StatusCode;
use forms::{Form, xlsform};
use kernel::Invalid;
use ui::form::{self, Field};

use super::edit::{self, Work};
use super::home;
use crate::answers::latest_form;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Content, Cx, Draft};

pub(super) async fn page(cx: Cx) -> Answer {
    show(&cx, &Invalid::default())
}

fn show(cx: &Cx, wrong: &Invalid) -> Answer {
    let (programme, home) = (cx.programme()?, home(cx)?);
    let hint = "A spreadsheet of the kind .xlsx, as ODK, KoboToolbox and this page write it, with up to 10 MB. You look through it before anything is kept.";
    let field = Field::new("workbook", "The workbook").hint(hint).error(wrong.of("workbook"));
    let draft = Draft::new("A form from a workbook")
        .lead("An XLSForm becomes a draft here. What could not be carried over is listed row by row.")
        .crumb(&programme.name, programme.href())
        .crumb("Forms", &home)
        .invalid(wrong);
    Ok(draft.page(
        cx,
        maud! {
            (form::form_with_files(cx.path(), &cx.form_keys(), maud! {
                (form::file(field, ".xlsx"))
                (form::button("Read it"))
            }))
        },
    ))
}

/// What came of reading it, or why it cannot be read.
async fn form_of(act: &Act) -> Result<(String, Form, Vec<xlsform::Lost>), String> {
    let upload = act.files.iter().find(|u| u.field == "workbook").ok_or("Choose a workbook")?;
    let bytes = match &upload.content {
        Content::Whole(bytes) => bytes.clone(),
        Content::TooLarge => return Err("Choose a smaller workbook: one with at most 10 MB".into()),
        Content::NoRoom => return Err("Very many files are arriving just now. Choose yours again in a minute".into()),
    };
    // Not where others wait for a turn; and whatever goes wrong with it goes wrong there alone.
    let read = tokio::task::spawn_blocking(move || xlsform::read(&bytes).map_err(|bad| bad.to_string())).await;
    let (form, lost) = read.unwrap_or_else(|_| Err("This workbook could not be read. Choose another".into()))?;
    Ok((upload.name.chars().take(100).collect(), form, lost))
}

pub(super) async fn read(act: Act) -> Answer {
    let (name, form, lost) = match form_of(&act).await {
        Ok(read) => read,
        Err(why) => return show(&act, &Invalid::one("workbook", why)),
    };
    let programme = act.programme()?;
    let version = latest_form(act.read(), programme.id, &form.key).await?.map_or(0, |row| row.version);
    let mut told: Vec<String> = lost.iter().map(ToString::to_string).collect();
    if version > 0 || programme.programme.form(&form.key).is_some() {
        told.insert(0, format!("There is a form ‘{}’ already: saved, this becomes its next version", form.key));
    }
    // A name or a text may hold a line break, and each of these is a line.
    let told = told.into_iter().map(|one| one.split_whitespace().collect::<Vec<_>>().join(" "));
    let work = Work::new(form, version).read_from(&name, told.collect());
    edit::page(&act, &work, &Invalid::default(), StatusCode::OK)
}
