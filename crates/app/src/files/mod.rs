//! Files that people send. What a file is, is decided by its content; it is scanned where a scanner is set up; and it is
//! kept in the database, each content once, under its hash. Nothing here says who may have a file: that is for what it
//! was sent in answer to.

mod content;
mod names;
mod pictures;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use kernel::{Fault, Moment};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryOrder, QuerySelect, Set};
use store::{Write, fault, sha256};
use tables::{FileId, PersonId, SheetId, blob, file, photograph, sheet};

use crate::ground::{Cx, Verdict, download};

/// All that one sheet may hold, those that were replaced among them: no more than is ever needed, so that nobody fills
/// the disk.
const MOST_OF_A_SHEET: i64 = 250_000_000;

/// A file that has been looked at.
pub(crate) struct Checked {
    pub name: String,
    pub media_type: &'static str,
    pub hash: String,
    pub bytes: Bytes,
    pub scanned_at: Option<Moment>,
}

impl Checked {
    pub fn size(&self) -> i64 {
        i64::try_from(self.bytes.len()).unwrap_or(i64::MAX)
    }
    /// As an answer holds it.
    pub fn answer(&self) -> forms::FileRef {
        forms::FileRef {
            name: self.name.clone(),
            size: self.bytes.len() as u64,
            hash: self.hash.clone(),
            media_type: self.media_type.into(),
        }
    }
}

/// Looks at what a file is.
///
/// # Errors
/// Why it is not taken, in a sentence.
pub(crate) async fn check(name: String, bytes: Bytes) -> Result<Checked, String> {
    // Millions of bytes are gone through: not where others wait for a turn.
    let looked = tokio::task::spawn_blocking(move || {
        if bytes.is_empty() {
            return Err("This file is empty; choose another".to_string());
        }
        let known = content::known(&bytes, &name)?;
        let (name, hash) = (names::clean(&name, known.endings), sha256(&bytes));
        Ok(Checked { name, media_type: known.media_type, hash, bytes, scanned_at: None })
    });
    looked.await.unwrap_or_else(|_| Err("This file could not be read. Choose another".into()))
}

/// A photograph drawn anew, and how wide and high it is.
///
/// # Errors
/// Why it is not taken, in a sentence.
pub(crate) async fn draw(bytes: Bytes) -> Result<(Checked, u32, u32), String> {
    let drawn = tokio::task::spawn_blocking(move || pictures::drawn(&bytes)).await;
    let drawn = drawn.map_err(|_| "This photograph could not be read. Choose another".to_string())??;
    let bytes = Bytes::from(drawn.bytes);
    let hash = sha256(&bytes);
    let checked = Checked { name: "photograph.jpg".into(), media_type: "image/jpeg", hash, bytes, scanned_at: None };
    Ok((checked, drawn.width, drawn.height))
}

/// Has the scanner look through it, where one is set up.
///
/// # Errors
/// Why it is not taken, in a sentence. Where the scanner does not answer, no file is.
pub(crate) async fn scan(cx: &Cx, file: &mut Checked) -> Result<(), String> {
    let Some(clamd) = &cx.app().settings.clamd else { return Ok(()) };
    match clamd.scan(&file.bytes).await {
        Verdict::Clean => {
            file.scanned_at = Some(cx.app().clock().now());
            Ok(())
        }
        Verdict::Infected(found) => {
            tracing::warn!(found, "a file was refused");
            Err("The virus scanner found something harmful in this file, so it was not kept. Have your computer looked at".into())
        }
        Verdict::Unknown(why) => {
            tracing::error!(scanner = %clamd, why, "a file could not be scanned");
            Err("This file could not be looked through for viruses just now, so it was not kept. Try again in a few minutes"
                .into())
        }
    }
}

/// Keeps a file that was sent in answer to a question.
///
/// # Errors
/// Where the database refuses it.
pub(crate) async fn keep(
    write: &mut Write,
    sheet: &sheet::Model,
    path: &forms::Path,
    checked: &Checked,
    by: PersonId,
) -> Result<(), Fault> {
    keep_content(write, checked).await?;
    let row = file::Model {
        id: FileId(write.id()),
        programme_id: sheet.programme_id,
        sheet_id: sheet.id,
        path: path.to_string(),
        name: checked.name.clone(),
        media_type: checked.media_type.into(),
        size: checked.size(),
        hash: checked.hash.clone(),
        added_by: by,
        added_at: write.at(),
        scanned_at: checked.scanned_at,
    };
    write.insert(row).await.map(drop)
}

/// Keeps what is in a file, once, whoever else has sent the same.
///
/// # Errors
/// Where the database refuses it.
pub(crate) async fn keep_content(write: &mut Write, checked: &Checked) -> Result<(), Fault> {
    let content = blob::ActiveModel { hash: Set(checked.hash.clone()), content: Set(checked.bytes.to_vec()) };
    let once = OnConflict::column(blob::Column::Hash).do_nothing().to_owned();
    let kept = blob::Entity::insert(content).on_conflict(once).try_insert().exec_without_returning(write.unrecorded()).await;
    kept.map(drop).map_err(fault("keep a file"))
}

/// Forgets what was in files of these hashes, unless another file or photograph that stands has the same content.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn forget_content(write: &mut Write, hashes: Vec<String>) -> Result<(), Fault> {
    let files = file::Entity::find().select_only().column(file::Column::Hash).filter(file::COLUMN.hash.is_in(hashes.clone()));
    let stands = photograph::COLUMN.removed_at.is_null();
    let photographs = photograph::Entity::find().select_only().column(photograph::Column::Hash).filter(stands);
    let photographs = photographs.filter(photograph::COLUMN.hash.is_in(hashes.clone()));
    let mut kept: Vec<String> = files.into_tuple().all(write.tx()).await.map_err(fault("look for files"))?;
    kept.extend(photographs.into_tuple::<String>().all(write.tx()).await.map_err(fault("look for photographs"))?);
    let gone: Vec<String> = hashes.into_iter().filter(|hash| !kept.contains(hash)).collect();
    let gone = blob::Entity::delete_many().filter(blob::COLUMN.hash.is_in(gone));
    gone.exec(write.unrecorded()).await.map(drop).map_err(fault("forget a file"))
}

/// A photograph to be shown within a page, and nowhere else. It is drawn anew by us, so nothing in it is anybody's but its points.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn to_show(cx: &Cx, hash: &str) -> Result<Option<Response>, Fault> {
    let found = blob::Entity::find_by_id(hash.to_string()).one(cx.read()).await.map_err(fault("load a photograph"))?;
    let Some(found) = found else { return Ok(None) };
    let mut response = download("image/jpeg", Body::from(found.content));
    let set = [
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        // Once it is taken back, no browser shows it again.
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in set {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(Some(response))
}

/// The files of one sheet that are named by these hashes belong to another as well: their answers are carried there.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn carry(write: &mut Write, from: SheetId, to: &sheet::Model, hashes: Vec<String>) -> Result<(), Fault> {
    let found = file::Entity::find()
        .filter(file::COLUMN.sheet_id.eq(from))
        .filter(file::COLUMN.hash.is_in(hashes))
        .order_by_asc(file::Column::Id)
        .all(write.tx())
        .await
        .map_err(fault("look for files"))?;
    let mut rows = Vec::with_capacity(found.len());
    for row in found {
        rows.push(file::Model { id: FileId(write.id()), programme_id: to.programme_id, sheet_id: to.id, ..row });
    }
    write.insert_all(rows).await
}

/// Whether so many bytes more are too many for a sheet.
pub(crate) async fn is_full(db: &impl ConnectionTrait, sheet: SheetId, more: i64) -> Result<bool, Fault> {
    let sizes = file::Entity::find().filter(file::COLUMN.sheet_id.eq(sheet)).select_only().column(file::Column::Size);
    let sizes: Vec<i64> = sizes.into_tuple().all(db).await.map_err(fault("count files"))?;
    Ok(sizes.into_iter().fold(more, i64::saturating_add) > MOST_OF_A_SHEET)
}

/// The file with this hash that was sent to a sheet, as the answer holds it. Whoever names another's has none.
pub(crate) async fn of_sheet(
    db: &impl ConnectionTrait,
    sheet: SheetId,
    asked: &forms::FileRef,
) -> Result<Option<forms::FileRef>, Fault> {
    let found = file::Entity::find()
        .filter(file::COLUMN.sheet_id.eq(sheet))
        .filter(file::COLUMN.hash.eq(asked.hash.clone()))
        .order_by_desc(file::Column::AddedAt)
        .order_by_desc(file::Column::Id)
        .all(db)
        .await
        .map_err(fault("look for a file"))?;
    // The same content may have been sent under two names.
    let row = found.iter().find(|row| row.name == asked.name).or(found.first());
    Ok(row.map(|row| forms::FileRef {
        name: row.name.clone(),
        size: u64::try_from(row.size).unwrap_or_default(),
        hash: row.hash.clone(),
        media_type: row.media_type.clone(),
    }))
}

/// A file to be saved by whoever asked for it. No browser shows it in a page of ours, whatever is in it.
pub(crate) async fn to_save(cx: &Cx, asked: &forms::FileRef) -> Result<Option<Response>, Fault> {
    let found = blob::Entity::find_by_id(asked.hash.clone()).one(cx.read()).await.map_err(fault("load a file"))?;
    let Some(found) = found else { return Ok(None) };
    let mut response = download("application/octet-stream", Body::from(found.content));
    let ascii: String = asked.name.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '_' }).collect();
    let ascii = ascii.replace(['"', '\\', '%', ';'], "_");
    let name = utf8_percent_encode(&asked.name, NON_ALPHANUMERIC);
    let set = [
        (header::CONTENT_TYPE, asked.media_type.clone()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{name}")),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'".to_string()),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin".to_string()),
    ];
    for (name, value) in set {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(Some(response))
}
