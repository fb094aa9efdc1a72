//! The excerpts of an application: passages of what it answers, marked and read like those of an entry, by those who read the
//! application as evidence. What others may not read of it is never counted for them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use forms::{Answers, CompiledForm, Kind, Lang, Path, Question, Value};
use kernel::{Fault, Invalid, Moment};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};
use store::fault;
use tables::{ApplicationId, MarkId, ThemeId, application, call, mark};
use ui::parts;
use ui::passages::{Passage, Reading, marked};

use super::excerpts::{self, Excerpt, Marked, Stood, Texts, fields, listed, marker};
use super::giving::themes_of;
use super::inside;
use super::source::Source;
use super::vocabulary::Vocabulary;
use crate::calls::{self, Evidence, Receipt};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form, Snapshot, Stop};

const SAID: &[(&str, &str)] = &[
    ("marked", "Marked. Whoever reads this page sees it."),
    ("apart", "Marked. Only you see it, until you show what you marked."),
    ("shown", "Shown. Whoever reads this page sees what you marked."),
    ("removed", "Removed."),
];

/// An answer in words, in the order of the form.
struct InWords {
    path: String,
    section: usize,
    question: String,
    text: String,
}

/// An application that the viewer reads as evidence, as it stands and as it was submitted before.
pub(super) struct Answered {
    pub evidence: Evidence,
    form: Arc<CompiledForm>,
    now: Receipt,
    /// Each with the moment until which it stood, the oldest first.
    before: Vec<(Moment, Receipt)>,
}

impl Answered {
    pub async fn load(cx: &Cx, programme: &Snapshot, id: ApplicationId) -> Result<Option<Self>, Fault> {
        let Some(evidence) = calls::as_evidence(cx, programme, &[id]).await?.pop() else { return Ok(None) };
        let row = application::Entity::find_by_id(id).one(cx.read()).await.map_err(fault("load an application"))?;
        let Some((row, receipt)) = row.and_then(|row| calls::receipt_of(&row).transpose().map(|receipt| (row, receipt))) else {
            return Ok(None);
        };
        let call = call::Entity::find_by_id(row.call_id).one(cx.read()).await.map_err(fault("load a call"))?;
        let Some(call) = call else { return Ok(None) };
        let form = crate::answers::form_of(cx.app(), call.form_id).await?;
        let before = calls::submitted_before(cx, id).await?;
        Ok(Some(Self { evidence, form, now: receipt?, before }))
    }

    /// The excerpts of it that the viewer may see.
    async fn excerpts(&self, cx: &Cx) -> Result<Vec<Excerpt>, Fault> {
        let me = cx.viewer().person();
        let rows = mark::Entity::find()
            .filter(mark::COLUMN.application_id.eq(self.evidence.id))
            .filter(mark::COLUMN.removed_at.is_null())
            .order_by_asc(mark::Column::Id);
        let rows = rows.all(cx.read()).await.map_err(fault("list excerpts"))?;
        self.read(cx, rows.into_iter().filter(|r| r.shown_at.is_some() || me == Some(r.person_id)).collect()).await
    }

    /// What is answered in words, longer than a line.
    fn in_words(&self) -> Vec<InWords> {
        let answers = &self.now.answers;
        let mut found = Vec::new();
        for (section, of) in self.form.form().sections.iter().enumerate() {
            for question in &of.questions {
                for (path, asked) in paths(question, answers) {
                    if let (Kind::LongText { .. }, Some(text)) = (&asked.kind, words(answers, &path)) {
                        let question = asked.label.get(Lang::En).to_string();
                        found.push(InWords { path: path.to_string(), section, question, text: text.to_string() });
                    }
                }
            }
        }
        found
    }

    /// Gives excerpts of this application their words, in the order in which they stand.
    pub async fn read(&self, cx: &Cx, rows: Vec<mark::Model>) -> Result<Vec<Excerpt>, Fault> {
        let mut now: HashMap<&str, Reading> = HashMap::new();
        let mut then: HashMap<MarkId, Reading> = HashMap::new();
        for row in &rows {
            let Some((question, path)) = row.question.as_deref().and_then(|q| Some((q, q.parse::<Path>().ok()?))) else {
                continue;
            };
            if let Some(text) = words(&self.now.answers, &path) {
                now.entry(question).or_insert_with(|| Reading::of(text));
            }
            let stood = self.before.iter().find(|(until, _)| *until >= row.made_at).map(|(_, receipt)| &receipt.answers);
            if let Some(text) = stood.filter(|_| row.revision != self.evidence.revision).and_then(|a| words(a, &path)) {
                then.insert(row.id, Reading::of(text));
            }
        }
        let texts = |row: &mark::Model| {
            let now = row.question.as_deref().and_then(|q| now.get(q));
            let same = row.revision == self.evidence.revision;
            Texts { then: if same { now } else { then.get(&row.id) }, now, same }
        };
        let mut found = excerpts::with_words(cx, rows.clone(), texts).await?;
        let order: BTreeMap<String, usize> = self.in_words().into_iter().enumerate().map(|(i, one)| (one.path, i)).collect();
        let at = |e: &Excerpt| e.row.question.as_ref().and_then(|q| order.get(q)).copied();
        found.sort_by_key(|e| (e.letters.is_none(), at(e), e.letters.as_ref().map(|l| (l.start, l.end)), e.row.id));
        Ok(found)
    }
}

/// The answers to a question: one, or those of each row of a group.
fn paths<'a>(question: &'a Question, answers: &Answers) -> Vec<(Path, &'a Question)> {
    match &question.kind {
        Kind::Group { questions, .. } => {
            let rows = answers.rows(&question.key).iter();
            let of = |row| questions.iter().filter_map(move |q| Some((Path::in_row(&question.key, row, &q.key).ok()?, q)));
            rows.flat_map(of).collect()
        }
        _ => Path::new(&question.key).ok().map(|path| (path, question)).into_iter().collect(),
    }
}

fn words<'a>(answers: &'a Answers, path: &Path) -> Option<&'a str> {
    match answers.get(path) {
        Some(Value::Text(text)) if !text.trim().is_empty() => Some(text),
        _ => None,
    }
}

/// The application that the path names, for those of the programme who read it as evidence.
async fn named(cx: &Cx) -> Result<(Arc<Snapshot>, Answered), Stop> {
    inside(cx)?;
    let programme = cx.programme()?.clone();
    let id = cx.application()?.row.id;
    let answered = Answered::load(cx, &programme, id).await?.ok_or(Stop::Missing)?;
    Ok((programme, answered))
}

/// `/programmes/{programme}/applications/{application}/excerpts`
pub(super) async fn page(cx: Cx) -> Answer {
    let (programme, answered) = named(&cx).await?;
    shown(&cx, &programme, &answered, &Form::default(), &Invalid::default()).await
}

async fn shown(cx: &Cx, programme: &Snapshot, answered: &Answered, typed: &Form, wrong: &Invalid) -> Answer {
    let evidence = &answered.evidence;
    let home = format!("{}/applications/{}", programme.href(), evidence.id);
    let here = format!("{home}/excerpts");
    let me = cx.viewer().person();
    let all = answered.excerpts(cx).await?;
    let vocabulary = Vocabulary::load(cx.read(), programme.id).await?;
    let answers = answered.in_words();
    let passages = |path: &str| -> Vec<Passage> {
        let here = all.iter().enumerate().filter(|(_, e)| e.row.question.as_deref() == Some(path));
        here.filter_map(|(i, e)| Some(Passage { letters: e.letters.clone()?, number: i + 1 })).collect()
    };
    let texts = |number: usize, title: &str| {
        let of: Vec<&InWords> = answers.iter().filter(|a| a.section == number).collect();
        let body = maud! {
            @for one in &of {
                h3 class="govuk-heading-s" { (&one.question) }
                (marked(&one.text, &passages(&one.path)))
            }
        };
        if of.is_empty() { ui::html("") } else { parts::section(&format!("section-{}", number + 1), title, body) }
    };
    let others = excerpts::markers(&all);
    let hidden = all.iter().filter(|e| e.row.shown_at.is_none()).count();
    let marks = marker(cx, evidence.place).is_some();
    let draft = Draft::new("Excerpts").crumb(&programme.name, programme.href()).crumb(&evidence.name, &home);
    let lead = "Passages of what this application answers, and what each is about.";
    Ok(draft.lead(lead).done(cx, SAID).invalid(wrong).page(
        cx,
        maud! {
            p { strong { "Who reads this: " } "those who run the call or decide on it, once they have no scores of their own left to give. Those who wrote it, and the place it becomes, read it too once decisions were told. Whoever stands aside from it does not." }
            @for (number, section) in answered.form.form().sections.iter().enumerate() { (texts(number, section.title.get(Lang::En))) }
            @if answers.is_empty() { p class="muted" { "It answers nothing in words." } }
            (parts::section("excerpts", "What is marked", maud! {
                @if all.is_empty() { p class="muted" { "Nothing is marked yet." } } @else { (listed(programme, &vocabulary, &all, me)) }
                @if others > 1 { p { a href={ (&here) "/compare" } { "Compare what " (others) " people marked" } } }
                @if hidden > 0 && marks { (excerpts::show_form(cx, &here, hidden)) }
            }))
            @if marks && !answers.is_empty() { (parts::section("mark", "Mark a passage", fields(cx, &here, &vocabulary, typed, wrong))) }
        },
    ))
}

/// `/programmes/{programme}/applications/{application}/excerpts/compare`
pub(super) async fn compare(cx: Cx) -> Answer {
    let (programme, answered) = named(&cx).await?;
    let all = answered.excerpts(&cx).await?;
    let texts: Vec<_> = answered.in_words().into_iter().map(|a| (Some(a.path), Reading::of(&a.text))).collect();
    let source = Source::Application(answered.evidence);
    super::compare::compared(&cx, &programme, &source, &texts, &all).await
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, answered) = named(&act).await?;
    let evidence = &answered.evidence;
    let here = format!("{}/applications/{}/excerpts", programme.href(), evidence.id);
    let Some(appointment_id) = marker(&act, evidence.place) else {
        return Err(Stop::forbidden("Others mark passages here", "Those who write in this programme do."));
    };
    let of = mark::COLUMN.application_id.eq(evidence.id);
    if act.form.get("do") == "show" {
        let mut write = act.write("show what was marked").await?;
        write.lock::<application::Entity>(evidence.id).await?.ok_or(Stop::Missing)?;
        excerpts::show(&mut write, act.person()?, of).await?;
        return act.save(write, &format!("{here}?done=shown")).await;
    }
    let vocabulary = Vocabulary::load(act.read(), programme.id).await?;
    let answers = answered.in_words();
    if answers.is_empty() {
        return Err(Stop::forbidden("There is nothing to mark", "This application answers nothing in words."));
    }
    let readings: Vec<Reading> = answers.iter().map(|a| Reading::of(&a.text)).collect();
    let (read, wrong) = Marked::read(&act, &vocabulary, &readings);
    let Some((read, answer)) = read.and_then(|r| answers.get(r.text).map(|a| (r, a))) else {
        return shown(&act, &programme, &answered, &act.form, &wrong).await;
    };
    let mut write = act.write("mark a passage").await?;
    let now = write.lock::<application::Entity>(evidence.id).await?.ok_or(Stop::Missing)?;
    if now.submitted_revision != Some(evidence.revision) || now.state != calls::SUBMITTED {
        drop(write);
        return Err(excerpts::changed("The application was submitted anew, or withdrawn, this moment"));
    }
    let stood = Stood::InAnswer(evidence.id, answer.path.clone());
    if let Some(wrong) = read.refused(&write, act.person()?, of, (&stood, evidence.revision)).await? {
        drop(write);
        return shown(&act, &programme, &answered, &act.form, &wrong).await;
    }
    read.insert(&mut write, &act, stood, evidence.revision, appointment_id).await?;
    act.save(write, &format!("{here}?done={}", read.said())).await
}

/// A theme of an excerpt of an application that the viewer may read, and that others see too.
pub(super) struct Given {
    pub mark: MarkId,
    pub theme: ThemeId,
    pub evidence: Arc<Evidence>,
}

/// All of a programme, the newest excerpts first.
pub(super) async fn given(cx: &Cx, programme: &Snapshot) -> Result<Vec<Given>, Fault> {
    // There are few of them among all excerpts: they are found first, and their themes after.
    let found: Vec<(MarkId, ApplicationId)> = mark::Entity::find()
        .select_only()
        .columns([mark::Column::Id, mark::Column::ApplicationId])
        .filter(mark::COLUMN.programme_id.eq(programme.id))
        .filter(mark::COLUMN.application_id.is_not_null())
        .filter(mark::COLUMN.shown_at.is_not_null())
        .filter(mark::COLUMN.removed_at.is_null())
        .order_by_desc(mark::Column::Id)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list excerpts of applications"))?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let mut ids: Vec<ApplicationId> = found.iter().map(|(_, of)| *of).collect();
    ids.sort_unstable();
    ids.dedup();
    let open: HashMap<ApplicationId, Arc<Evidence>> =
        calls::as_evidence(cx, programme, &ids).await?.into_iter().map(|e| (e.id, Arc::new(e))).collect();
    let read: Vec<(MarkId, &Arc<Evidence>)> = found.iter().filter_map(|(mark, of)| Some((*mark, open.get(of)?))).collect();
    let themes = themes_of(cx.read(), read.iter().map(|(mark, _)| *mark).collect()).await?;
    let given = read.into_iter().flat_map(|(mark, evidence)| {
        let themes = themes.get(&mark).into_iter().flatten();
        themes.map(move |theme| Given { mark, theme: *theme, evidence: evidence.clone() })
    });
    Ok(given.collect())
}
