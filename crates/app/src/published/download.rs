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
use serde_json::json;
use store::{Db, fault};
use tables::published_grant;
use threesixty::{Format, Writer};

use super::asked::matching;
use super::import;
use super::own::of_programme;
use super::shelf::Shelf;
use crate::calls::sent_as_file as file;
use crate::ground::{Answer, Cx, Stop};

/// Grants that are read at a time.
const AT_A_TIME: usize = 500;
/// A sheet has no more rows, and one of them holds the headings.
const SHEET: u64 = 1_048_575;

/// Which grants are taken along.
enum Which {
    /// Those that a question finds.
    Found(Matches),
    /// All of a portfolio: the numbers of its segments, and how many grants are still to be read.
    Of { ranges: Vec<(i64, i64)>, left: u64 },
}

/// Reads on through them, in the order in which they are kept.
struct Reader {
    db: Db,
    which: Which,
    /// The last number read.
    after: i64,
}

impl Reader {
    async fn of(cx: &Cx) -> Result<Self, Stop> {
        let db = cx.app().db.clone();
        let index = cx.app().memory::<Shelf>().index(&db).await?;
        Ok(Self { which: Which::Found(matching(cx, &index).await?), db, after: i64::MIN })
    }

    /// The documents of the next grants; none at the end.
    async fn next(&mut self) -> Result<Vec<String>, Fault> {
        use published_grant::Column::{Document, Number};
        loop {
            let rows = published_grant::Entity::find().order_by_asc(Number);
            let (rows, last) = match &self.which {
                Which::Found(matches) => {
                    let numbers = matches.after(self.after, AT_A_TIME);
                    let Some(last) = numbers.last().copied() else { return Ok(Vec::new()) };
                    (rows.filter(Number.is_in(numbers)), Some(last))
                }
                Which::Of { ranges, left } => {
                    let Some((from, to)) = ranges.iter().copied().find(|(_, to)| *to > self.after + 1) else {
                        // It was replaced meanwhile: half a file is worse than none.
                        return if *left == 0 {
                            Ok(Vec::new())
                        } else {
                            Err(Fault::new("read grants", "they were published anew meanwhile"))
                        };
                    };
                    let rows = rows.filter(Number.gte(from.max(self.after + 1))).filter(Number.lt(to));
                    (rows.limit(AT_A_TIME as u64), None)
                }
            };
            let rows = rows.select_only().columns([Number, Document]).into_tuple::<(i64, String)>().all(self.db.reader());
            let rows = rows.await.map_err(fault("read grants"))?;
            if let Which::Of { ranges, left } = &mut self.which {
                *left = left.saturating_sub(rows.len() as u64);
                // Nothing is left in the range that was asked for.
                if rows.is_empty()
                    && let Some(at) = ranges.iter().position(|(_, to)| *to > self.after + 1)
                {
                    ranges.remove(at);
                }
            }
            let Some(last) = last.or(rows.last().map(|(number, _)| *number)) else { continue };
            self.after = last;
            let rows: Vec<String> = rows.into_iter().map(|(_, document)| document).collect();
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

/// A file as it is taken along.
struct Taken {
    reader: Reader,
    /// What stands beside the grants, each as JSON.
    about: Vec<(&'static str, String)>,
    /// The file's name, without its ending.
    name: String,
    grants: u64,
    /// The page it comes from.
    back: String,
}

impl Taken {
    async fn found(cx: &Cx) -> Result<Self, Stop> {
        let (reader, about) = (Reader::of(cx).await?, about(cx).await?.to_vec());
        let grants = if let Which::Found(matches) = &reader.which { matches.count() } else { 0 };
        Ok(Self { reader, about, name: "grants".into(), grants, back: super::asked::with(cx, "/grants", &[]) })
    }

    /// What a programme has published of its own awards.
    async fn own(cx: &Cx) -> Result<Self, Stop> {
        let (programme, db) = (cx.programme()?, cx.app().db.clone());
        let of = of_programme(&db, &programme.slug).await?.ok_or(Stop::Missing)?;
        let json = |value: serde_json::Value| value.to_string();
        let about = [
            ("version", Some(json!("1.4"))),
            ("title", of.title.as_ref().map(|t| json!(t))),
            ("issued", of.imported_at.map(|at| json!(at.day().iso()))),
            ("publisher", Some(json!({ "name": of.publisher }))),
            ("downloadURL", of.address.as_ref().map(|a| json!(a))),
            ("license", of.licence.as_ref().map(|l| json!(l))),
        ];
        let about = about.into_iter().filter_map(|(name, value)| Some((name, json(value?)))).collect();
        let ranges = import::ranges_of(&db, of.id).await?;
        let which = Which::Of { ranges, left: of.grants.unsigned_abs() };
        let reader = Reader { db, which, after: i64::MIN + 1 };
        let name = format!("{}-grants", programme.slug);
        Ok(Self { reader, about, name, grants: of.grants.unsigned_abs(), back: programme.href() })
    }

    fn send(self, format: Format) -> Answer {
        match format {
            Format::Json => Ok(file("application/json", &format!("{}.json", self.name), Body::from_stream(package(self)))),
            Format::Csv => {
                let body = Body::from_stream(table(self.reader, Format::Csv, Vec::new()));
                Ok(file("text/csv; charset=utf-8", &format!("{}.csv", self.name), body))
            }
            Format::Xlsx if self.grants > SHEET => Err(Stop::Refused {
                status: axum::http::StatusCode::UNPROCESSABLE_ENTITY,
                title: "This is more than a workbook holds".into(),
                why: "A sheet has room for 1,048,575 grants. Narrow the list, or download it as CSV or JSON.".into(),
                next: Some(("Back to the list".into(), self.back)),
            }),
            Format::Xlsx => {
                let mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
                let body = Body::from_stream(table(self.reader, Format::Xlsx, self.about));
                Ok(file(mime, &format!("{}.xlsx", self.name), body))
            }
        }
    }
}

/// As a package of the standard, sent while it is read.
fn package(taken: Taken) -> impl Stream<Item = Result<Bytes, Fault>> + Send {
    let mut first = String::from("{\n");
    for (name, value) in taken.about {
        first.push_str(&format!("\"{name}\": {value},\n"));
    }
    first.push_str("\"grants\": [");
    stream::try_unfold(Some((taken.reader, first, "\n")), |state| async move {
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
    })
}

pub(super) async fn as_json(cx: Cx) -> Answer {
    Taken::found(&cx).await?.send(Format::Json)
}
pub(super) async fn csv(cx: Cx) -> Answer {
    Taken::found(&cx).await?.send(Format::Csv)
}
pub(super) async fn xlsx(cx: Cx) -> Answer {
    Taken::found(&cx).await?.send(Format::Xlsx)
}

/// `/programmes/{programme}/grants.json`, `.csv` and `.xlsx`
pub(super) async fn own_json(cx: Cx) -> Answer {
    Taken::own(&cx).await?.send(Format::Json)
}
pub(super) async fn own_csv(cx: Cx) -> Answer {
    Taken::own(&cx).await?.send(Format::Csv)
}
pub(super) async fn own_xlsx(cx: Cx) -> Answer {
    Taken::own(&cx).await?.send(Format::Xlsx)
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
