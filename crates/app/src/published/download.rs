//! What was found, to be worked with elsewhere: every field of every grant as it was published. Grants are read some at a time,
//! so that a million of them take no more memory than a thousand.

use std::fs::File;
use std::io::{Read as _, Seek as _};

use axum::body::{Body, Bytes};
use facets::Matches;
use futures::stream::{self, Stream};
use kernel::Fault;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use store::{Db, fault};
use tables::published_grant;
use threesixty::{Format, Writer};

use super::asked::matching;
use super::import;
use crate::calls::sent_as_file as file;
use crate::ground::{Answer, Cx, Stop};

/// Grants that are read at a time.
const AT_A_TIME: usize = 500;
/// A sheet has no more rows, and one of them holds the headings.
const SHEET: u64 = 1_048_575;

/// Reads on through what was found, in the order in which it is kept.
struct Reader {
    db: Db,
    matches: Matches,
    /// The last number read.
    after: i64,
}

impl Reader {
    async fn of(cx: &Cx) -> Result<Self, Stop> {
        let db = cx.app().db.clone();
        let index = cx.app().shelf.index(&db).await?;
        Ok(Self { matches: matching(cx, &index).await?, db, after: i64::MIN })
    }

    /// The documents of the next grants; none at the end.
    async fn next(&mut self) -> Result<Vec<String>, Fault> {
        use published_grant::Column::{Document, Number};
        loop {
            let numbers = self.matches.after(self.after, AT_A_TIME);
            let Some(last) = numbers.last() else { return Ok(Vec::new()) };
            self.after = *last;
            let rows = published_grant::Entity::find().filter(Number.is_in(numbers)).order_by_asc(Number);
            let rows = rows.select_only().column(Document).into_tuple::<String>().all(self.db.reader());
            let rows = rows.await.map_err(fault("read grants"))?;
            // Of a portfolio that is replaced just now there may be none.
            if !rows.is_empty() {
                return Ok(rows);
            }
        }
    }
}

/// What stands beside the grants: who published them, and by which licence.
async fn about(cx: &Cx) -> Result<[(&'static str, String); 2], Fault> {
    let portfolios = import::current(&cx.app().db).await?;
    let each: Vec<String> = portfolios
        .iter()
        .map(|p| match &p.licence {
            Some(licence) => format!("{} ({}, licence {licence})", p.publisher, p.file),
            None => format!("{} ({})", p.publisher, p.file),
        })
        .collect();
    let text = |text: String| serde_json::to_string(&text).map_err(|e| Fault::new("write grants", e));
    let title = format!("Grants found on {}", cx.today());
    let description = format!("Taken from what these have published: {}", each.join("; "));
    Ok([("title", text(title)?), ("description", text(description)?)])
}

/// As a package of the standard, sent while it is read.
pub(super) async fn json(cx: Cx) -> Answer {
    let (reader, about) = (Reader::of(&cx).await?, about(&cx).await?);
    let mut first = String::from("{\n");
    for (name, text) in about {
        first.push_str(&format!("\"{name}\": {text},\n"));
    }
    first.push_str("\"grants\": [");
    let body = stream::try_unfold(Some((reader, first, "\n")), |state| async move {
        let Some((mut reader, mut piece, mut between)) = state else { return Ok::<_, Fault>(None) };
        let grants = reader.next().await?;
        for grant in &grants {
            piece.push_str(between);
            piece.push_str(grant);
            between = ",\n";
        }
        let next = (!grants.is_empty()).then(|| (reader, String::new(), between));
        if next.is_none() {
            piece.push_str("\n]\n}\n");
        }
        Ok(Some((Bytes::from(piece), next)))
    });
    Ok(file("application/json", "grants.json", Body::from_stream(body)))
}

pub(super) async fn csv(cx: Cx) -> Answer {
    let (reader, about) = (Reader::of(&cx).await?, Vec::new());
    Ok(file("text/csv; charset=utf-8", "grants.csv", Body::from_stream(table(reader, Format::Csv, about))))
}

pub(super) async fn xlsx(cx: Cx) -> Answer {
    let (reader, about) = (Reader::of(&cx).await?, about(&cx).await?.to_vec());
    if reader.matches.count() > SHEET {
        return Err(Stop::Refused {
            status: axum::http::StatusCode::UNPROCESSABLE_ENTITY,
            title: "This is more than a workbook holds".into(),
            why: "A sheet has room for 1,048,575 grants. Narrow the list, or download it as CSV or JSON.".into(),
            next: Some(("Back to the list".into(), super::asked::with(&cx, "/grants", &[]))),
        });
    }
    let mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(file(mime, "grants.xlsx", Body::from_stream(table(reader, Format::Xlsx, about))))
}

/// Which columns a table has is known once its last grant was read: it grows on the disk, and is sent from there.
fn table(reader: Reader, format: Format, about: Vec<(&'static str, String)>) -> impl Stream<Item = Result<Bytes, Fault>> + Send {
    let made = stream::once(async move { Ok(in_pieces(written(reader, format, about).await?)) });
    futures::TryStreamExt::try_flatten(made)
}

async fn written(mut reader: Reader, format: Format, about: Vec<(&'static str, String)>) -> Result<File, Fault> {
    let unwritten = |e: threesixty::Stop| Fault::new("write grants", e);
    let lost = |e: tokio::task::JoinError| Fault::new("write grants", e);
    let mut writer = Writer::new(format).map_err(unwritten)?;
    for (name, text) in &about {
        writer.field(name, text).map_err(unwritten)?;
    }
    loop {
        let grants = reader.next().await?;
        if grants.is_empty() {
            break;
        }
        let put = move || {
            grants.iter().try_for_each(|grant| writer.grant(grant))?;
            Ok::<_, threesixty::Stop>(writer)
        };
        writer = tokio::task::spawn_blocking(put).await.map_err(lost)?.map_err(unwritten)?;
    }
    let finish = move || -> Result<File, Fault> {
        let mut file = tempfile::tempfile().map_err(|e| Fault::new("write grants", e))?;
        writer.finish(&file).map_err(unwritten)?;
        file.rewind().map_err(|e| Fault::new("write grants", e))?;
        Ok(file)
    };
    tokio::task::spawn_blocking(finish).await.map_err(lost)?
}

fn in_pieces(file: File) -> impl Stream<Item = Result<Bytes, Fault>> + Send {
    stream::try_unfold(file, |mut file| async move {
        let mut piece = vec![0; 256 * 1024];
        let length = file.read(&mut piece).map_err(|e| Fault::new("send grants", e))?;
        piece.truncate(length);
        Ok((length > 0).then(|| (Bytes::from(piece), file)))
    })
}
