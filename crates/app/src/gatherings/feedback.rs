//! What those who came say of an event: in two minutes, once each, and so that nobody can be told by what they said. An answer
//! stands in a row of its own that names nobody; the journal says that somebody has answered, and not what.

use std::collections::BTreeMap;

use forms::{Answers, CompiledForm, FieldProblem, Fields, Form, Kind, Lang, Path, Question, Shown, Value};
use kernel::Fault;
use sea_orm::IntoActiveModel;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{FeedbackId, GatheringId, feedback, gathering, sign_up};
use ui::answers::{Asked, long_text, question};
use ui::figures::{ShareRow, share_bars};
use ui::shell::InvalidSummary;
use ui::{Html, form, html, parts, words};

use super::found::{Event, counts, named, sign_up_of, sign_ups, when};
use crate::answers::form_of;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Snapshot, Stop};

/// The questions of a form, with their paths.
pub(super) fn questions(form: &Form) -> impl Iterator<Item = (&Question, Path)> {
    form.sections.iter().flat_map(|s| &s.questions).filter_map(|q| Some((q, Path::new(&q.key).ok()?)))
}

/// Whether somebody can be asked how it was: they came, or as long as nobody has noted who did, they meant to.
pub(super) fn is_asked(row: &gathering::Model, mine: &sign_up::Model) -> bool {
    counts(mine) && (!mine.came.is_empty() || (row.counted_at.is_none() && mine.seated_at.is_some()))
}

struct Desk<'a> {
    event: Event<'a>,
    row: gathering::Model,
    mine: sign_up::Model,
    form: std::sync::Arc<CompiledForm>,
}

async fn desk<'a>(cx: &Cx, programme: &'a Snapshot) -> Result<Desk<'a>, Stop> {
    let event = named(cx, programme).await?;
    let missing =
        || Stop::forbidden("Nobody is asked how it was", "It was not held, has not ended yet, or asks for no feedback.");
    let row = event.row.clone().filter(|row| (event.is_agreed() || event.is_held()) && row.ends_at <= cx.now());
    let row = row.ok_or_else(missing)?;
    let form = form_of(cx.app(), row.form_id.ok_or_else(missing)?).await?;
    let mine = sign_up_of(cx.read(), row.id, cx.person()?).await?.filter(|mine| is_asked(&row, mine));
    let mine = mine.ok_or_else(|| Stop::forbidden("Those who came say how it was", "You are not among those who came."))?;
    if mine.answered {
        return Err(Stop::forbidden(
            "You have said how it was",
            "What you said stands among what the others said, without a name, so that it cannot be found to be changed.",
        ));
    }
    Ok(Desk { event, row, mine, form })
}

pub(super) async fn form(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let desk = desk(&cx, &programme).await?;
    Ok(page(&cx, &programme, &desk, &Fields::default(), &BTreeMap::new()))
}

fn page(
    cx: &Cx,
    programme: &Snapshot,
    desk: &Desk<'_>,
    typed: &Fields,
    wrong: &BTreeMap<Path, Vec<FieldProblem>>,
) -> axum::response::Response {
    static NONE: Vec<FieldProblem> = Vec::new();
    let form = desk.form.form();
    let look = desk.form.look(&Answers::default(), Lang::En);
    let asked = questions(form).map(|(q, path)| {
        let required = look.at(&path).is_some_and(|l| l.required);
        let problems = wrong.get(&path).unwrap_or(&NONE);
        question(&Asked::new(q, &path, Lang::En, typed).required(required).problems(problems))
    });
    let asked: Vec<Html> = asked.collect();
    let items = questions(form).flat_map(|(question, path)| {
        let label = question.label.get(Lang::En);
        let problems = wrong.get(&path).unwrap_or(&NONE);
        problems.iter().map(move |p| (p.field(&path.to_string()), format!("{label}: {}", p.message)))
    });
    let items: Vec<(String, String)> = items.collect();
    let summary = (!items.is_empty()).then(|| InvalidSummary { title: "Please look at this again".into(), items });
    let fewest = programme.programme.design.small_numbers;
    let draft = Draft::new(form.title.get(Lang::En)).crumb(&programme.name, programme.href());
    let draft = draft.crumb("Learning events", format!("{}/gatherings", programme.href()));
    let draft = draft.crumb(&desk.event.entry.title, desk.event.href(programme)).invalid_items(summary);
    draft.lead(format!("{}: {}.", desk.event.entry.title, when(&desk.row))).page(
        cx,
        maud! {
            @if !form.about.is_empty() { (long_text(&form.about, Lang::En)) }
            (parts::inset(maud! {
                p { strong { "Who reads this: " } "those who run it and those who came, once at least " (fewest) " have answered. It carries no name, and the journal does not hold it." }
                p { "You answer once, and cannot change it later: nobody could find which answer was yours." }
            }))
            (form::form(cx.path(), &cx.form_keys(), maud! {
                @for one in &asked { (one) }
                (form::button("Send"))
            }))
        },
    )
}

/// What was sent as answers; or what is wrong, question by question.
fn read(form: &CompiledForm, fields: &Fields) -> Result<Answers, BTreeMap<Path, Vec<FieldProblem>>> {
    let (mut answers, mut wrong) = (Answers::default(), BTreeMap::<Path, Vec<FieldProblem>>::new());
    for (question, path) in questions(form.form()) {
        match question.kind.draft(&path.to_string(), fields) {
            Ok(value) => answers.set(path, value),
            Err(problems) => drop(wrong.insert(path, problems)),
        }
    }
    let look = form.look(&answers, Lang::En);
    for (path, seen) in &look.questions {
        if seen.shown == Shown::Shown && !seen.problems.is_empty() {
            wrong.entry(path.clone()).or_insert_with(|| seen.problems.clone());
        }
    }
    for missing in &look.missing {
        let problem = FieldProblem { part: missing.part.clone(), message: missing.message.clone() };
        wrong.entry(missing.path.clone()).or_insert_with(|| vec![problem]);
    }
    if wrong.is_empty() { Ok(answers) } else { Err(wrong) }
}

pub(super) async fn save(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let desk = desk(&act, &programme).await?;
    let mut fields = Fields::default();
    for (name, text) in act.form.pairs() {
        fields.add(name, text.trim());
    }
    let answers = match read(&desk.form, &fields) {
        Ok(answers) => answers,
        Err(wrong) => return Ok(page(&act, &programme, &desk, &fields, &wrong)),
    };
    let said: BTreeMap<String, &Value> = answers.iter().map(|(path, value)| (path.to_string(), value)).collect();
    let said = serde_json::to_string(&said).map_err(|e| Fault::new("keep feedback", e))?;
    let mut write = act.write("say how an event was").await?;
    let mine =
        write.lock::<sign_up::Entity>(desk.mine.id).await?.filter(|mine| !mine.answered).ok_or_else(|| {
            Stop::forbidden("You have said how it was", "What you said first stands among what the others said.")
        })?;
    let row = feedback::Model {
        id: FeedbackId(write.silent_id()),
        programme_id: programme.id,
        gathering_id: desk.row.id,
        form_id: desk.row.form_id.ok_or(Stop::Missing)?,
        mode: if mine.came.is_empty() { mine.mode.clone() } else { mine.came.clone() },
        answers: said,
    };
    // The journal would put it beside whoever wrote it.
    let row = row.into_active_model().reset_all();
    feedback::Entity::insert(row).exec_without_returning(write.unrecorded()).await.map_err(fault("keep feedback"))?;
    write.replace(&mine, sign_up::Model { answered: true, ..mine.clone() }).await?;
    act.save(write, &format!("{}?done=answered", desk.event.href(&programme))).await
}

/// What one person said, without who it was.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub mode: String,
    pub answers: BTreeMap<String, Value>,
}

/// What was said of these events, in no order.
pub(super) async fn said(db: &impl ConnectionTrait, of: &[GatheringId]) -> Result<Vec<(GatheringId, Said)>, Fault> {
    let rows = feedback::Entity::find()
        .filter(feedback::COLUMN.gathering_id.is_in(of.iter().copied()))
        .order_by_asc(feedback::Column::Id)
        .all(db)
        .await
        .map_err(fault("load feedback"))?;
    rows.into_iter()
        .map(|row| {
            let answers = serde_json::from_str(&row.answers).map_err(|e| Fault::new("read feedback", e))?;
            Ok((row.gathering_id, Said { mode: row.mode, answers }))
        })
        .collect()
}

/// What can be chosen in answer to a question, each as an answer says it and as people read it; nothing where it asks for words.
pub(super) fn options(question: &Question) -> Vec<(String, String)> {
    match &question.kind {
        Kind::Scale { points } => points
            .iter()
            .map(|p| (p.value.to_string(), if p.label.is_empty() { p.value.to_string() } else { p.label.en.clone() }))
            .collect(),
        Kind::ChooseOne { options } | Kind::ChooseSeveral { options, .. } => {
            options.iter().map(|o| (o.key.clone(), o.label.en.clone())).collect()
        }
        Kind::YesNo => vec![("yes".into(), "Yes".into()), ("no".into(), "No".into())],
        _ => Vec::new(),
    }
}

/// How many chose each of these.
pub(super) fn chosen<'s>(said: impl Iterator<Item = &'s Said>, key: &str, options: &[(String, String)]) -> Vec<u64> {
    let mut counts = vec![0; options.len()];
    for value in said.filter_map(|one| one.answers.get(key)) {
        let keys: Vec<String> = match value {
            Value::Point(point) => vec![point.to_string()],
            Value::Choice(key) => vec![key.clone()],
            Value::Choices(keys) => keys.clone(),
            Value::YesNo(yes) => vec![(if *yes { "yes" } else { "no" }).to_string()],
            _ => Vec::new(),
        };
        for at in (0..options.len()).filter(|at| keys.contains(&options[*at].0)) {
            counts[at] += 1;
        }
    }
    counts
}

/// How what was said of an event is spread, for those who run it and those who came; for everybody else, nothing.
pub(super) async fn spread(cx: &Cx, programme: &Snapshot, (event, row): (&Event<'_>, &gathering::Model)) -> Result<Html, Fault> {
    let all = sign_ups(cx.read(), row.id).await?;
    let me = cx.viewer().person();
    let came = all.iter().any(|one| Some(one.person_id) == me && counts(one) && !one.came.is_empty());
    let (Some(form_id), true) = (row.form_id, came || event.is_run_by(cx, programme)) else { return Ok(html("")) };
    let form = form_of(cx.app(), form_id).await?;
    let said: Vec<Said> = said(cx.read(), &[row.id]).await?.into_iter().map(|(_, said)| said).collect();
    let fewest = programme.programme.design.small_numbers as usize;
    if said.len() < fewest {
        let few = row.counted_at.is_some() && all.iter().filter(|one| counts(one) && !one.came.is_empty()).count() < fewest;
        return Ok(html(maud! {
            @if few {
                p { "Fewer than " (fewest) " came, so what each says is shown to nobody: they could be told from one another." }
            } @else {
                p { "What people say is shown here once " (fewest) " have answered, so that nobody can be told by it." }
            }
        }));
    }
    let figures = questions(form.form()).map(|(q, path)| one(q, &path, &said));
    let figures: Vec<Html> = figures.collect();
    Ok(html(maud! {
        p { (said.len()) " have answered, without their names. Those who run it and those who came read this." }
        @for figure in &figures { (figure) }
    }))
}

fn one(question: &Question, path: &Path, said: &[Said]) -> Html {
    let (label, key) = (question.label.get(Lang::En), path.to_string());
    let options = options(question);
    if !options.is_empty() {
        let names: Vec<String> = options.iter().map(|(_, name)| name.clone()).collect();
        let counts = chosen(said.iter(), &key, &options);
        return share_bars(&format!("said-{key}"), label, "Of", &names, &[ShareRow { name: "All who answered".into(), counts }]);
    }
    let texts: Vec<&str> = said
        .iter()
        .filter_map(|one| match one.answers.get(&key) {
            Some(Value::Text(text)) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    html(maud! {
        @if !texts.is_empty() {
            h3 { (label) }
            ul { @for text in &texts { li { (words::plain(text)) } } }
        }
    })
}
