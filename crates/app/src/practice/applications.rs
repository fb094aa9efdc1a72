//! Made-up applications: would-be partnerships, their organisations, the people who write for them, and what they say.

use axum::body::Bytes;
use axum::http::StatusCode;
use forms::{Answers, CompiledForm, Lang, Value};
use kernel::{Fault, Moment};
use rand::rngs::StdRng;
use store::{Write, sha256};
use tables::{
    AnswerId, ApplicantId, ApplicationId, MemberId, PersonId, SheetId, answer, applicant, application, call, member, person,
    sheet,
};

use super::answers::{About, fill};
use super::document::place_name;
use crate::calls::{self, Receipt, SUBMITTED};
use crate::files;
use crate::ground::Stop;

/// Places that practice programmes use up themselves: applications come from others.
const BEYOND_PLACES: usize = 1_000;
const KINDS: [&str; 6] = ["Together", "Alliance", "Partnership", "Neighbours", "Network", "Circle"];
/// Sector and name of the organisations of an application. The council leads where only it may.
const SEATS: [(&str, &str); 4] =
    [("voluntary", "Voluntary Action"), ("nhs", "NHS Partnership"), ("council", "Council"), ("community", "Neighbours")];

/// What applications are made for.
pub struct To<'a> {
    pub call: &'a call::Model,
    pub form: &'a CompiledForm,
    /// The programme's part of the address, for addresses that belong to nobody.
    pub host: &'a str,
    /// The sector of whoever leads.
    pub led_by: &'a str,
    /// What is sent where a file is asked for.
    pub(crate) file: Option<&'a files::Checked>,
}

/// How one application is made.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    pub number: i32,
    /// How many organisations make it, and how many people write for them in turn.
    pub organisations: usize,
    pub writers: usize,
    pub submitted: bool,
}

/// Applications that go in together, as rows.
#[derive(Default)]
pub struct Rows {
    pub people: Vec<person::Model>,
    pub sheets: Vec<sheet::Model>,
    pub applications: Vec<application::Model>,
    pub applicants: Vec<applicant::Model>,
    pub members: Vec<member::Model>,
    pub answers: Vec<answer::Model>,
}

/// A made-up area, and what a partnership of it calls itself.
fn names(number: i32) -> (String, String) {
    let number = usize::try_from(number).unwrap_or_default();
    let area = place_name(BEYOND_PLACES + number);
    let name = format!("{area} {}", KINDS[number % KINDS.len()]);
    (area, name)
}

impl Rows {
    /// Makes one application.
    ///
    /// # Errors
    /// Where made-up answers do not answer the form.
    pub fn add(&mut self, write: &Write, to: &To<'_>, wanted: Wanted, rng: &mut StdRng) -> Result<(), Stop> {
        // Most come in the last days.
        let early = i64::from(wanted.number).wrapping_mul(7_919) % (6 * 24 * 3600);
        let at = write.at().min(to.call.closes_at.plus_seconds(-early));
        let (area, name) = names(wanted.number);
        let mut seats = SEATS;
        seats.sort_by_key(|(sector, _)| *sector != to.led_by);
        let seats = seats.iter().cycle().take(wanted.organisations);
        let named: Vec<(String, String)> = seats.map(|(sector, what)| (format!("{area} {what}"), (*sector).into())).collect();
        let sheet = sheet::Model { revision: 1, ..calls::new_sheet(SheetId(write.id()), to.call, at) };
        let id = ApplicationId(write.id());
        let row = calls::new_application(id, to.call, wanted.number, name, &sheet, at);
        let mut organisations: Vec<applicant::Model> = Vec::new();
        for (of, (name, sector)) in named.iter().enumerate() {
            organisations.push(calls::new_applicant(ApplicantId(write.id()), &row, name.clone(), sector.clone(), of == 0, at));
        }
        for of in 0..wanted.writers {
            let organisation = &organisations[of % organisations.len()];
            let again = if of < organisations.len() { String::new() } else { format!(" {}", of / organisations.len() + 1) };
            let person = PersonId(write.id());
            self.people.push(person::Model {
                id: person,
                name: format!("Writer{again}, {}", organisation.name),
                email: Some(format!(
                    "writer-{}.{}@{}.example",
                    of + 1,
                    calls::reference(to.call, wanted.number).to_lowercase(),
                    to.host
                )),
                password_hash: None,
                practice: true,
                created_at: at,
            });
            self.members.push(calls::new_member(MemberId(write.id()), organisation, person, None, at));
        }
        let by = self.members.last().map(|_| self.members[self.members.len() - wanted.writers].person_id);
        let about = About { area: &area, organisations: &named, file: to.file.map(files::Checked::answer), today: at.day() };
        let answers = fill(to.form, Answers::default(), &about, rng);
        if let Some(by) = by {
            self.answers.extend(answer_rows(write, &sheet, &answers, by)?);
        }
        self.keep(row, sheet, organisations, (answers, by.filter(|_| wanted.submitted)), to)
    }

    fn keep(
        &mut self,
        row: application::Model,
        mut sheet: sheet::Model,
        mut organisations: Vec<applicant::Model>,
        (answers, by): (Answers, Option<PersonId>),
        to: &To<'_>,
    ) -> Result<(), Stop> {
        let row = match by {
            Some(by) => submitted(to, row, &mut sheet, &mut organisations, answers, by)?,
            None => row,
        };
        self.applications.push(row);
        self.sheets.push(sheet);
        self.applicants.extend(organisations);
        Ok(())
    }

    /// Puts them in, with their files.
    ///
    /// # Errors
    /// Where the database refuses it.
    pub(super) async fn insert(self, write: &mut Write, file: Option<&files::Checked>) -> Result<(), Fault> {
        write.insert_all(self.people).await?;
        write.insert_all(self.sheets.clone()).await?;
        write.insert_all(self.applications).await?;
        write.insert_all(self.applicants).await?;
        write.insert_all(self.members).await?;
        for sheet in &self.sheets {
            let theirs: Vec<&answer::Model> = self.answers.iter().filter(|a| a.sheet_id == sheet.id).collect();
            keep_files(write, sheet, &theirs, file).await?;
        }
        write.insert_all(self.answers).await
    }
}

/// Keeps a file for each of these answers that names one.
///
/// # Errors
/// Where the database refuses it.
pub(super) async fn keep_files(
    write: &mut Write,
    sheet: &sheet::Model,
    answers: &[&answer::Model],
    file: Option<&files::Checked>,
) -> Result<(), Fault> {
    let Some(file) = file else { return Ok(()) };
    let is_file = |a: &&&answer::Model| a.value.as_ref().is_some_and(|v| v.starts_with("{\"file\""));
    for answer in answers.iter().filter(is_file) {
        let Ok(path) = answer.path.parse() else { continue };
        files::keep(write, sheet, &path, file, answer.changed_by).await?;
    }
    Ok(())
}

/// Answers as rows.
///
/// # Errors
/// Where one cannot be written as JSON.
pub(super) fn answer_rows(
    write: &Write,
    sheet: &sheet::Model,
    answers: &Answers,
    by: PersonId,
) -> Result<Vec<answer::Model>, Fault> {
    let row = |(path, value): (&forms::Path, &Value)| {
        Ok(answer::Model {
            id: AnswerId(write.id()),
            programme_id: sheet.programme_id,
            sheet_id: sheet.id,
            path: path.to_string(),
            value: Some(serde_json::to_string(value).map_err(|e| Fault::new("keep an answer", e))?),
            version: 1,
            changed_by: by,
            changed_at: sheet.changed_at,
            source: None,
        })
    };
    answers.iter().map(row).collect()
}

/// Every organisation stands behind the text, and it is handed in, within the last days of the call.
///
/// # Errors
/// Where the answers do not answer the form.
pub(super) fn submitted(
    to: &To<'_>,
    row: application::Model,
    sheet: &mut sheet::Model,
    organisations: &mut [applicant::Model],
    answers: Answers,
    by: PersonId,
) -> Result<application::Model, Stop> {
    let look = to.form.look(&answers, Lang::En);
    if !look.ready() {
        let asked = look.missing.iter().chain(&look.problems).next().and_then(|n| to.form.form().at(&n.path));
        let label = asked.map_or("its rules", |question| &question.label.en);
        return Err(Stop::Refused {
            status: StatusCode::CONFLICT,
            title: "Made-up people cannot answer this form".into(),
            why: format!("Nothing made up fits “{label}”. Let somebody apply by hand."),
            next: None,
        });
    }
    let at: Moment = sheet.changed_at;
    for one in organisations.iter_mut() {
        (one.signed_revision, one.signed_by, one.signed_at) = (Some(sheet.revision), Some(by), Some(at));
    }
    let signed = organisations.iter().map(|o| [o.name.clone(), o.sector.clone(), format!("Writer, {}", o.name), at.to_string()]);
    let receipt = Receipt {
        reference: calls::reference(to.call, row.number),
        name: row.name.clone(),
        submitted_at: at,
        signed: signed.collect(),
        answers,
    };
    let receipt = serde_json::to_string(&receipt).map_err(|e| Fault::new("write a receipt", e))?;
    sheet.closed_at = Some(at);
    Ok(application::Model {
        state: SUBMITTED.into(),
        submitted_at: Some(at),
        submitted_by: Some(by),
        submitted_revision: Some(sheet.revision),
        receipt_hash: Some(sha256(receipt.as_bytes())),
        receipt: Some(receipt),
        ..row
    })
}

/// What made-up partnerships send where a file is asked for: one page without a word on it.
///
/// # Errors
/// Where it is not taken, which would be a mistake of ours.
pub(super) async fn a_file() -> Result<files::Checked, Fault> {
    const PDF: &str = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
    files::check("A made-up map.pdf".into(), Bytes::from_static(PDF.as_bytes()))
        .await
        .map_err(|why| Fault::new("make up a file", why))
}
