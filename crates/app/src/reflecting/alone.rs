//! A round that is open: one's own answers, seen by nobody else, and how many have finished.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use forms::{CompiledForm, FieldProblem, Fields, Lang, Path, Question};
use kernel::{Invalid, Moment};
use store::Write;
use tables::{ReflectionId, reflection, reflection_round};
use ui::answers::{self, Asked};
use ui::form::{self, Choice, Field};
use ui::shell::InvalidSummary;
use ui::{Html, html, parts};

use super::given::{Said, Wrong, instead_name, questions};
use super::{FEWEST, Given, Instead, Round, group, list, open, opens};
use crate::answers::form_of;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Snapshot, Stop, download, see_other};
use crate::house::OF_A_GROUP;

const SAID: &[(&str, &str)] = &[
    ("opened", "Opened. Those who take part see it in their Today."),
    ("reopened", "Saved. You have not finished any more: there is a question to which you say nothing now."),
    ("saved", "Saved. Nobody else reads it."),
    ("finished", "Saved, and you have finished. You can still change it until you look at it together."),
];
/// The hidden field that says which save a page was made from. A page that saves as one writes goes on with the next.
const SEEN: &str = "version.reflection";

/// What stands in somebody's boxes, and what is wrong with it.
struct Desk {
    form: Arc<CompiledForm>,
    row: Option<reflection::Model>,
    kept: Given,
    fields: Fields,
    wrong: Wrong,
    /// Another window has saved something else meanwhile.
    clash: bool,
}

impl Desk {
    async fn load(cx: &Cx, round: &Round) -> Result<Self, Stop> {
        let form = form_of(cx.app(), round.row.form_id).await?;
        let row = group::own(cx.read(), &round.row, cx.person()?).await?;
        let kept = row.as_ref().map(|row| Given::read(&row.given)).transpose()?.unwrap_or_default();
        let fields = kept.fields(form.form());
        Ok(Self { form, row, kept, fields, wrong: Wrong::new(), clash: false })
    }
    fn revision(&self) -> i32 {
        self.row.as_ref().map_or(0, |row| row.revision)
    }
    fn finished(&self) -> bool {
        self.row.as_ref().is_some_and(|row| row.done_at.is_some())
    }
    /// What to look at again, each line leading to its box.
    fn summary(&self) -> Option<InvalidSummary> {
        let of = |question: &Question| {
            let problems = self.wrong.get(&question.key).into_iter().flatten();
            let line = |p: &FieldProblem| (p.field(&question.key), format!("{}: {}", question.label.en, p.message));
            problems.map(line).collect::<Vec<_>>()
        };
        let items: Vec<(String, String)> = questions(self.form.form()).flat_map(of).collect();
        (!items.is_empty()).then(|| InvalidSummary { title: InvalidSummary::from(Invalid::default()).title, items })
    }
}

pub(super) async fn page(cx: &Cx, round: &Round) -> Answer {
    let desk = Desk::load(cx, round).await?;
    shown(cx, round, &desk, &Invalid::default()).await
}

/// The page again, where something about showing or closing the round is to be looked at.
pub(super) async fn again(cx: &Cx, round: &Round, wrong: &Invalid) -> Answer {
    let desk = Desk::load(cx, round).await?;
    shown(cx, round, &desk, wrong).await
}

async fn shown(cx: &Cx, round: &Round, desk: &Desk, wrong: &Invalid) -> Answer {
    let programme = cx.programme()?.clone();
    let mut draft = round.draft(&programme, round.name()).done(cx, SAID);
    if round.row.ended_at.is_some() {
        return Ok(draft.lead("This round was closed without anybody seeing what was answered.").page(cx, own(desk)));
    }
    let lead = "Answer alone. What you write is yours; the group sees all answers at once, without names.";
    draft = draft.lead(lead).invalid(wrong);
    if wrong.is_empty() {
        draft = draft.invalid_items(desk.summary());
    }
    if desk.clash {
        draft = draft.status(StatusCode::CONFLICT);
    }
    let people = group::people(cx.read(), &round.framework, &round.row, cx.now()).await?;
    let finished = group::finished(cx.read(), &round.row, &people).await?.len();
    let about = desk.form.form().about.clone();
    Ok(draft.page(
        cx,
        maud! {
            @if desk.clash { (parts::inset(maud! {
                p { "You saved something else in another window meanwhile. It stands here, and what you typed now in the form below. Save again to keep what the form says." }
                (said(desk))
            })) }
            @if !about.is_empty() { (answers::long_text(&about, Lang::En)) }
            @if desk.row.is_some() && !desk.finished() && !desk.wrong.is_empty() { (parts::inset(maud! { p { strong { "What you typed is kept, and you have not finished." } " Your answers are not among those shown until you have." } })) }
            p { (how_far(finished, people.len())) " " @if desk.finished() { strong { "You have finished. " } } "Who they are is told nobody." }
            p { strong { "Who reads this: " } (readers(&programme, round, people.len())) }
            (asking(cx, round, desk, &programme))
            @if opens(cx, &programme, &round.framework, round.row.place_id) { (together(cx, round, &programme, (finished, people.len()), wrong)) }
        },
    ))
}

/// “2 of 4 have finished.”
pub(super) fn how_far(finished: usize, of: usize) -> String {
    format!("{finished} of {of} {} finished.", if finished == 1 { "has" } else { "have" })
}

fn readers(programme: &Snapshot, round: &Round, people: usize) -> String {
    let roles: Vec<&str> = round.framework.roles.iter().map(|r| programme.role_name(r)).collect();
    let (roles, many) = (roles.join(", "), if people == 1 { "1 person".to_string() } else { format!("{people} people") });
    format!(
        "you alone, until the group looks together. From then on those who take part, without your name: {many} today ({roles}). Nobody else ever does."
    )
}

fn asking(cx: &Cx, round: &Round, desk: &Desk, programme: &Snapshot) -> Html {
    let sections: Vec<(&str, Html, Vec<Html>)> = desk
        .form
        .form()
        .sections
        .iter()
        .map(|s| {
            (s.title.en.as_str(), answers::long_text(&s.about, Lang::En), s.questions.iter().map(|q| one(desk, q)).collect())
        })
        .collect();
    html(maud! {
        div data-autosave="" {
            (form::form(&round.href(programme), &cx.form_keys(), maud! {
                (form::hidden(SEEN, &desk.revision().to_string()))
                @for (title, about, asked) in &sections {
                    h2 { (title) }
                    (about)
                    @for question in asked { (question) }
                }
                (form::button_group(maud! {
                    (form::main_named_button("I have finished", "then", "finish"))
                    (form::named_button("Save and stay", "then", "stay"))
                }))
                p class="muted" data-saved="" role="status" {}
            }))
        }
    })
}

/// One question, and what can be said in its place.
fn one(desk: &Desk, question: &Question) -> Html {
    let Ok(path) = Path::new(&question.key) else { return html("") };
    static NONE: Vec<FieldProblem> = Vec::new();
    let problems = desk.wrong.get(&question.key).unwrap_or(&NONE);
    let asked = Asked::new(question, &path, Lang::En, &desk.fields).required(true).problems(problems);
    let (name, legend) = (instead_name(question), format!("In place of an answer: {}", question.label.en));
    let choices: Vec<Choice> = std::iter::once(Choice::new("", "My answer above").checked(desk.fields.get(&name).is_empty()))
        .chain(Instead::ALL.into_iter().map(|i| Choice::new(i.key(), i.words())))
        .collect();
    let both = desk.kept.instead.contains_key(&question.key) && desk.kept.answers.get(&path).is_some();
    html(maud! {
        div data-instead=(&name) {
            (answers::question(&asked))
            @if both { p class="muted" { "As you saved it, what is answered above counts for nothing: below it says why not to answer." } }
            (form::radios(Field::new(&name, &legend).value(desk.fields.get(&name)), &choices))
        }
    })
}

/// For those who show what was answered: when they can, and why not before.
fn together(cx: &Cx, round: &Round, programme: &Snapshot, (finished, of): (usize, usize), wrong: &Invalid) -> Html {
    let href = round.href(programme);
    let waits = of.saturating_sub(finished);
    let sure = Field::new("sure", "From then on nobody can change an answer").error(wrong.of("sure"));
    let gone = Field::new("gone", "It cannot be opened again").error(wrong.of("gone"));
    html(maud! {
        (parts::section("together", "Look together", maud! {
            @if finished < FEWEST {
                p { "It waits until at least " (FEWEST) " have finished: among fewer, each could tell who said what." }
            } @else {
                p { "Everybody who takes part sees all finished answers at once, and nobody’s name. "
                    @if waits == 1 { "1 has not finished: what they wrote stays with them alone." }
                    @if waits > 1 { (waits) " have not finished: what they wrote stays with them alone." } }
                (form::form(&href, &cx.form_keys(), maud! {
                    (form::hidden("do", "reveal"))
                    (form::checkboxes(sure, &[Choice::new("yes", "Show them now")]))
                    (form::button("Show the answers together"))
                }))
            }
            (parts::details_open("Close this round without showing anything", wrong.of("gone").is_some(), maud! {
                p { "Nobody sees what was answered, and another round can be opened." }
                (form::form(&href, &cx.form_keys(), maud! {
                    (form::hidden("do", "close"))
                    (form::checkboxes(gone, &[Choice::new("yes", "Close it all the same")]))
                    (form::warning_button("Close it"))
                }))
            }))
        }))
    })
}

/// One's own answers to read, as they are kept.
fn said(desk: &Desk) -> Html {
    let rows: Vec<(String, Html)> = questions(desk.form.form())
        .map(|question| {
            let shown = match desk.kept.said(question) {
                Some(Said::Answer(value)) => answers::shown(question, Some(value), Lang::En),
                Some(Said::Instead(instead)) => passed(desk, question, instead),
                None => answers::not_answered(Lang::En),
            };
            (question.label.en.clone(), shown)
        })
        .collect();
    parts::summary_list(rows)
}

/// What was said in place of an answer, and the answer that stands there all the same and is shown to nobody.
fn passed(desk: &Desk, question: &Question, instead: Instead) -> Html {
    let kept = Path::new(&question.key).ok().and_then(|path| desk.kept.answers.get(&path));
    let kept = kept.map(|value| answers::shown(question, Some(value), Lang::En));
    html(maud! {
        p { (instead.words()) }
        @if let Some(kept) = &kept { p class="muted" { "What you had answered was shown to nobody:" } (kept) }
    })
}

fn own(desk: &Desk) -> Html {
    match desk.row {
        None => html(maud! { p { "You had answered nothing." } }),
        Some(_) => html(maud! {
            p { "What you answered is still yours, and nobody else reads it." }
            (said(desk))
        }),
    }
}

/// One's own answers beside what the group sees.
pub(super) async fn mine(cx: &Cx, round: &Round) -> Result<Html, Stop> {
    let desk = Desk::load(cx, round).await?;
    Ok(match (&desk.row, desk.finished()) {
        (None, _) => html(""),
        (Some(_), true) => parts::details("What you answered, which only you see with your name", said(&desk)),
        (Some(_), false) => parts::details(
            "What you had begun to answer, which nobody else sees",
            maud! { p { "You had not finished when the group looked, so it counts nowhere above." } (said(&desk)) },
        ),
    })
}

fn too_late(programme: &Snapshot, round: &Round) -> Stop {
    Stop::Refused {
        status: StatusCode::CONFLICT,
        title: "This round is over".into(),
        why: "Answers cannot be changed any more. Nothing was saved. Copy what you need from below.".into(),
        next: Some(("Open the round".into(), round.href(programme))),
    }
}

/// Saves one's own answers: as one writes, by a button, or as finished.
pub(super) async fn save(act: Act, round: Round) -> Answer {
    let programme = act.programme()?.clone();
    let form = form_of(act.app(), round.row.form_id).await?;
    let fields: Fields = act.form.pairs().collect();
    let then = act.form.get("then").to_string();
    let mut write = act.write(OF_A_GROUP).await?;
    let Some(locked) = open::locked(&write, &round).await? else { return Err(too_late(&programme, &round)) };
    let row = group::own(write.tx(), &locked, act.person()?).await?;
    let kept = row.as_ref().map(|row| Given::read(&row.given)).transpose()?.unwrap_or_default();
    let (given, mut wrong) = Given::of(form.form(), &fields, &kept);
    let mut desk = Desk { form, row, kept, fields, wrong: Wrong::new(), clash: false };
    if act.form.get(SEEN).parse() != Ok(desk.revision()) && given != desk.kept {
        drop(write);
        desk.clash = true;
        return shown(&act, &round, &desk, &Invalid::default()).await;
    }
    let unfinished = given.unfinished(desk.form.form());
    let complete = unfinished.is_empty() && wrong.is_empty();
    if then == "finish" {
        wrong.extend(unfinished);
    }
    desk.wrong = wrong;
    // Whoever has finished and takes an answer away has not finished any more.
    let done_at = match desk.row.as_ref().and_then(|row| row.done_at) {
        Some(at) => complete.then_some(at),
        None => (complete && then == "finish").then(|| write.at()),
    };
    let reopened = done_at.is_none() && desk.row.as_ref().is_some_and(|row| row.done_at.is_some());
    let changed = keep(&mut write, &act, &locked, &mut desk, given, done_at).await?;
    let to = match then.as_str() {
        "finish" => format!("{}?done=finished", list::home(&programme, round.place.as_ref())),
        _ if reopened => format!("{}?done=reopened", round.href(&programme)),
        _ => format!("{}?done=saved", round.href(&programme)),
    };
    match changed {
        // A page that comes back, or saves as one writes, is no press of a button that could be made twice.
        true if then == "auto" || !desk.wrong.is_empty() => write.save().await?,
        true => return act.save(write, &to).await,
        false => write.leave().await?,
    }
    match &*then {
        _ if !desk.wrong.is_empty() => shown(&act, &round, &desk, &Invalid::default()).await,
        "auto" => Ok(goes_on(&act, &round.href(&programme), &desk)),
        _ => Ok(see_other(&to)),
    }
}

/// Keeps what was given, if it is anything else than before; says whether it was.
async fn keep(
    write: &mut Write,
    act: &Act,
    of: &reflection_round::Model,
    desk: &mut Desk,
    given: Given,
    done_at: Option<Moment>,
) -> Result<bool, Stop> {
    if given == desk.kept && done_at == desk.row.as_ref().and_then(|row| row.done_at) {
        return Ok(false);
    }
    let text = given.written()?;
    desk.row = Some(match desk.row.take() {
        Some(row) => {
            let after = reflection::Model { given: text, done_at, revision: row.revision + 1, ..row.clone() };
            write.replace(&row, after).await?
        }
        None => {
            let (id, person_id) = (ReflectionId(write.id()), act.person()?);
            let (programme_id, round_id) = (of.programme_id, of.id);
            write.insert(reflection::Model { id, programme_id, round_id, person_id, given: text, revision: 1, done_at }).await?
        }
    });
    desk.kept = given;
    Ok(true)
}

/// What a page that saves as one writes goes on with: new keys, and the save that was just made.
fn goes_on(act: &Act, action: &str, desk: &Desk) -> Response {
    let fresh = form::form(action, &act.form_keys(), maud! { (form::hidden(SEEN, &desk.revision().to_string())) });
    download("text/html; charset=utf-8", fresh.into_inner())
}
