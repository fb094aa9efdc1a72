//! What was submitted to a call, to be worked with elsewhere: the list, and every answer. Files are sent as they are
//! read, some applications at a time, so that a call with ten thousand of them takes no more memory than one with ten.

use std::io::{Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use forms::{Answers, Cell, CompiledForm, Lang, Sheet};
use futures::stream::{self, Stream};
use kernel::{Fault, Moment};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Query;
use sea_orm::{Condition, ExprTrait, QueryOrder, QuerySelect};
use store::fault;
use tables::{application, call, conflict, member};

use super::list::shown;
use super::reading::reference;
use crate::answers::form_of;
use crate::ground::{Answer, Cx, Stop, download};

/// Applications that are read at a time.
const AT_A_TIME: u64 = 100;
/// The most that a cell of a workbook holds, with room for what is said where more was written.
const CELL_CHARS: usize = 32_000;
const CUT: &str = "… (There is more: the CSV has all of it.)";

/// One submitted application.
#[derive(sea_orm::FromQueryResult)]
struct Row {
    number: i32,
    name: String,
    state: String,
    submitted_at: Option<Moment>,
    receipt: Option<String>,
}

impl Row {
    fn answers(&self) -> Result<Answers, Fault> {
        #[derive(serde::Deserialize)]
        struct Receipt {
            answers: Answers,
        }
        let text = self.receipt.as_deref().unwrap_or("{\"answers\":{}}");
        let receipt: Receipt = serde_json::from_str(text).map_err(|e| Fault::new("read a receipt", e))?;
        Ok(receipt.answers)
    }

    /// What stands before the answers in every line.
    fn lead(&self, call: &call::Model) -> [String; 4] {
        let at = self.submitted_at.map(Moment::iso).unwrap_or_default();
        [reference(call, self.number), self.name.clone(), self.state.clone(), at]
    }
}

const LEAD: [(&str, &str); 4] =
    [("reference", "Reference"), ("partnership", "Partnership"), ("state", "State"), ("submitted", "Submitted")];

/// Reads on through the applications.
struct Reader {
    cx: Cx,
    call: call::Model,
    wanted: Condition,
    with_answers: bool,
    /// The last number read; nothing is left where this is none.
    after: Option<i32>,
}

impl Reader {
    /// Whoever has a conflict of interest with an application does not read it here either.
    fn of_answers(cx: &Cx) -> Result<Self, Stop> {
        let person = cx.person()?;
        let declared = Query::select()
            .column(conflict::Column::ApplicationId)
            .from(conflict::Entity)
            .cond_where(Condition::all().add(conflict::COLUMN.person_id.eq(person)).add(conflict::COLUMN.ended_at.is_null()))
            .to_owned();
        let written = Query::select()
            .column(member::Column::ApplicationId)
            .from(member::Entity)
            .cond_where(Condition::all().add(member::COLUMN.person_id.eq(person)))
            .to_owned();
        let near = application::Column::Id.in_subquery(declared).or(application::Column::Id.in_subquery(written));
        let reader = Self::of_list(cx)?;
        Ok(Self { wanted: reader.wanted.add(near.not()), with_answers: true, ..reader })
    }

    fn of_list(cx: &Cx) -> Result<Self, Stop> {
        let (cx, call, wanted) = (cx.clone(), cx.call()?.clone(), shown(cx)?);
        Ok(Self { cx, call, wanted, with_answers: false, after: Some(0) })
    }

    async fn next(&mut self) -> Result<Vec<Row>, Fault> {
        use application::Column::{Name, Number, Receipt, State, SubmittedAt};
        let Some(after) = self.after else { return Ok(Vec::new()) };
        let some = application::Entity::find()
            .filter(self.wanted.clone())
            .filter(application::COLUMN.number.gt(after))
            .order_by_asc(Number)
            .limit(AT_A_TIME)
            .select_only()
            .columns([Number, Name, State, SubmittedAt]);
        let some = if self.with_answers { some.column(Receipt) } else { some.column_as(Expr::val(None::<String>), "receipt") };
        let rows: Vec<Row> = some.into_model().all(self.cx.read()).await.map_err(fault("read applications"))?;
        self.after = rows.last().map(|row| row.number);
        Ok(rows)
    }
}

/// A file that is sent while it is written: what comes first, then a piece for each few applications, then the end.
fn sent<W>(reader: Reader, first: Vec<u8>, last: &'static [u8], write: W) -> impl Stream<Item = Result<Bytes, Fault>> + Send
where
    W: FnMut(&[Row]) -> Result<Vec<u8>, Fault> + Send + 'static,
{
    stream::try_unfold(Some((reader, first, write)), move |state| async move {
        let Some((mut reader, mut piece, mut write)) = state else { return Ok(None) };
        let rows = reader.next().await?;
        if rows.is_empty() {
            piece.extend_from_slice(last);
            return Ok(Some((Bytes::from(piece), None)));
        }
        piece.extend(write(&rows)?);
        Ok(Some((Bytes::from(piece), Some((reader, Vec::new(), write)))))
    })
}

pub(crate) fn file(mime: &'static str, name: &str, body: Body) -> Response {
    let mut response = download(mime, body);
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// The list as CSV, whole.
pub(super) async fn list(cx: Cx) -> Answer {
    let reader = Reader::of_list(&cx)?;
    let call = reader.call.clone();
    let first = line(LEAD.iter().map(|(_, label)| (*label).to_string()))?;
    let body = sent(reader, first, b"", move |rows| lines(rows.iter().map(|row| row.lead(&call).into_iter().collect())));
    Ok(file("text/csv; charset=utf-8", "applications.csv", Body::from_stream(body)))
}

/// Answers as CSV: one table, the main one or that of a group.
pub(super) async fn csv(cx: Cx) -> Answer {
    let reader = Reader::of_answers(&cx)?;
    let (call, form) = (reader.call.clone(), form_of(cx.app(), reader.call.form_id).await?);
    let wanted = cx.query("table").to_string();
    let heads = |sheet: &Sheet<'_>| sheet.columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>();
    let sheets = form.form().sheets(Lang::En);
    let columns = sheets.iter().find(|sheet| sheet.group == wanted).map(heads).ok_or(Stop::Missing)?;
    drop(sheets);
    let first = line(LEAD.iter().map(|(name, _)| (*name).to_string()).chain(columns))?;
    let name = if wanted.is_empty() { "answers.csv".to_string() } else { format!("answers-{wanted}.csv") };
    let body = sent(reader, first, b"", move |rows| {
        let sheets = form.form().sheets(Lang::En);
        let sheet = sheets.iter().find(|sheet| sheet.group == wanted);
        let mut all = Vec::new();
        for row in rows {
            let answers = row.answers()?;
            let look = form.look(&answers, Lang::En);
            for cells in sheet.map(|sheet| sheet.rows(&answers, &look)).unwrap_or_default() {
                all.push(row.lead(&call).into_iter().chain(cells.iter().map(Cell::to_string)).collect());
            }
        }
        lines(all.into_iter())
    });
    Ok(file("text/csv; charset=utf-8", &name, Body::from_stream(body)))
}

/// Answers as JSON, as they were frozen.
pub(super) async fn json(cx: Cx) -> Answer {
    let reader = Reader::of_answers(&cx)?;
    let (call, form) = (reader.call.clone(), form_of(cx.app(), reader.call.form_id).await?);
    let head = serde_json::json!({ "name": call.name, "form": form.form().key });
    let first = format!("{{\"call\":{head},\"applications\":[").into_bytes();
    let mut between = "\n";
    let body = sent(reader, first, b"\n]}\n", move |rows| {
        let mut piece = Vec::new();
        for row in rows {
            let [reference, name, state, submitted] = row.lead(&call);
            let one = serde_json::json!({
                "reference": reference, "partnership": name, "state": state, "submitted": submitted, "answers": row.answers()?,
            });
            piece.extend_from_slice(between.as_bytes());
            serde_json::to_writer(&mut piece, &one).map_err(|e| Fault::new("write answers", e))?;
            between = ",\n";
        }
        Ok(piece)
    });
    Ok(file("application/json", "answers.json", Body::from_stream(body)))
}

fn lines(rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>, Fault> {
    let mut piece = Vec::new();
    for row in rows {
        piece.extend(line(row.into_iter())?);
    }
    Ok(piece)
}

/// A line of CSV. What a spreadsheet would take for a formula is led by an apostrophe, so that it stays text; a number
/// may well be negative.
pub(crate) fn line(cells: impl Iterator<Item = String>) -> Result<Vec<u8>, Fault> {
    let mut writer =
        csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let safe = cells.map(|cell| match cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err() {
        true => format!("'{cell}"),
        false => cell,
    });
    writer.write_record(safe).map_err(|e| Fault::new("write a line", e))?;
    writer.into_inner().map_err(|e| Fault::new("write a line", e))
}

/// Answers as a workbook: a sheet for the applications, one more for each group of questions. It grows on the disk and is
/// sent from there.
pub(super) async fn xlsx(cx: Cx) -> Answer {
    let reader = Reader::of_answers(&cx)?;
    let form = form_of(cx.app(), reader.call.form_id).await?;
    let made = stream::once(async move { Ok(in_pieces(workbook(reader, form).await?)) });
    let body = futures::TryStreamExt::try_flatten(made);
    let mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(file(mime, "answers.xlsx", Body::from_stream(body)))
}

fn in_pieces(file: std::fs::File) -> impl Stream<Item = Result<Bytes, Fault>> + Send {
    stream::try_unfold(file, |mut file| async move {
        let mut piece = vec![0; 256 * 1024];
        let length = file.read(&mut piece).map_err(|e| Fault::new("send a workbook", e))?;
        piece.truncate(length);
        Ok((length > 0).then(|| (Bytes::from(piece), file)))
    })
}

async fn workbook(mut reader: Reader, form: Arc<CompiledForm>) -> Result<std::fs::File, Fault> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let sheets = form.form().sheets(Lang::En);
    let mut ends = vec![1; sheets.len()];
    for sheet in &sheets {
        let name = if sheet.group.is_empty() { "applications" } else { sheet.group };
        let page = book.add_worksheet_with_constant_memory().map_err(unwritten)?;
        // A key is longer than a sheet's name may be.
        page.set_name(name.chars().take(31).collect::<String>()).map_err(unwritten)?;
        let heads = LEAD.iter().map(|(_, label)| *label).chain(sheet.columns.iter().map(|c| c.label.as_str()));
        for (column, head) in (0..).zip(heads) {
            page.write_string_with_format(0, column, short(head), &bold).map_err(unwritten)?;
        }
    }
    loop {
        let rows = reader.next().await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            let answers = row.answers()?;
            let look = form.look(&answers, Lang::En);
            for (number, sheet) in sheets.iter().enumerate() {
                let page = book.worksheet_from_index(number).map_err(unwritten)?;
                for cells in sheet.rows(&answers, &look) {
                    let lead = row.lead(&reader.call).map(Cell::Text);
                    for (column, cell) in (0..).zip(lead.iter().chain(&cells)) {
                        put(page, ends[number], column, cell).map_err(unwritten)?;
                    }
                    ends[number] += 1;
                }
            }
        }
    }
    let mut file = tempfile::tempfile().map_err(|e| Fault::new("make room for a workbook", e))?;
    let save = move || -> Result<std::fs::File, Fault> {
        book.save_to_writer(&mut file).map_err(unwritten)?;
        file.flush().and_then(|()| file.seek(SeekFrom::Start(0))).map_err(|e| Fault::new("write a workbook", e))?;
        Ok(file)
    };
    tokio::task::spawn_blocking(save).await.map_err(|e| Fault::new("write a workbook", e))?
}

/// Texts stand in a workbook as texts: nothing that begins with = is worked out.
fn put(page: &mut rust_xlsxwriter::Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => return Ok(()),
        Cell::Number(number) => page.write_number(row, column, number.approx())?,
        Cell::Money(money) => {
            #[expect(clippy::cast_precision_loss, reason = "pounds as spreadsheets know them")]
            let pounds = money.pence() as f64 / 100.0;
            page.write_number(row, column, pounds)?
        }
        Cell::Text(text) => page.write_string(row, column, short(text))?,
        Cell::Date(day) => page.write_string(row, column, day.iso())?,
    };
    Ok(())
}

fn short(text: &str) -> String {
    match text.char_indices().nth(CELL_CHARS) {
        Some((end, _)) => format!("{}{CUT}", &text[..end]),
        None => text.to_string(),
    }
}

fn unwritten(error: XlsxError) -> Fault {
    Fault::new("write a workbook", error)
}
