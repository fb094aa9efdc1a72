//! `/programmes/{programme}/calls/{call}/practise`: in a practice programme, whoever runs calls lets made-up people play
//! their part, one step after the other.

use kernel::Invalid;
use tables::{PersonId, call};
use ui::form::{self, Choice, Field};
use ui::{Html, html, parts};

use super::playing::Played;
use crate::answers;
use crate::assessing::able;
use crate::calls::{Standing, href, standing};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Stop};

/// Applications in one go.
const MOST: u32 = 500;
const USUAL: &str = "20";
const NOBODY: &str = "nobody";
const SAID: &[(&str, &str)] = &[
    ("come-in", "They have come in, complete and signed."),
    ("gone-on", "They have gone on, and handed in what this stage asks."),
    ("closed", "The call is closed."),
    ("assessed", "The others have handed in their scores."),
    ("decided", "What nobody had proposed anything on is decided. What was proposed by hand waits for those whom it waited for."),
    ("nothing", "There was nothing left that nobody has begun."),
];

/// Something that others can do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    ComeIn,
    GoOn,
    Close,
    Assess,
    Decide,
}

impl Step {
    const ALL: [Self; 5] = [Self::ComeIn, Self::GoOn, Self::Close, Self::Assess, Self::Decide];

    const fn key(self) -> &'static str {
        match self {
            Self::ComeIn => "come-in",
            Self::GoOn => "go-on",
            Self::Close => "close",
            Self::Assess => "assess",
            Self::Decide => "decide",
        }
    }
    /// Whether it is time for it.
    fn now(self, cx: &Cx, call: &call::Model) -> bool {
        let (now, told) = (standing(call, cx.now()), call.released_at.is_some());
        match self {
            Self::ComeIn => now == Standing::Open && call.after_id.is_none(),
            Self::GoOn => now == Standing::Open && call.after_id.is_some(),
            Self::Close => now == Standing::Open,
            Self::Assess | Self::Decide => now == Standing::Closed && !told,
        }
    }
}

/// The call, where it is one of a practice programme. Others have no such page.
fn practice_call(cx: &Cx) -> Result<call::Model, Stop> {
    if cx.programme()?.practice { Ok(cx.call()?.clone()) } else { Err(Stop::Missing) }
}

pub(super) async fn page(cx: Cx) -> Answer {
    show(&cx, (USUAL, ""), &Invalid::default()).await
}

async fn show(cx: &Cx, (count, but_for): (&str, &str), wrong: &Invalid) -> Answer {
    let (programme, call) = (cx.programme()?.clone(), practice_call(cx)?);
    let mut assessors: Vec<(PersonId, String)> = able(cx).await?.into_iter().collect();
    assessors.sort_by(|a, b| a.1.cmp(&b.1));
    let nobody = [Choice::new(NOBODY, "Nobody")];
    let who: Vec<Choice> =
        nobody.into_iter().chain(assessors.iter().map(|(id, name)| Choice::new(id.to_string(), name))).collect();
    let home = href(&programme, &call);
    let steps: Vec<Html> = Step::ALL
        .into_iter()
        .filter(|step| step.now(cx, &call))
        .map(|step| {
            let fields = match step {
                Step::ComeIn => html(maud! {
                    (form::text(Field::new("count", "How many?").hint("From 1 to 500.").value(count).error(wrong.of("count")).width(4)))
                }),
                Step::Assess => html(maud! {
                    (form::radios(Field::new("but_for", "Who keeps what they have to read?").hint("Sign in as one of them to read it yourself.").value(but_for).error(wrong.of("but_for")), &who))
                }),
                _ => html(""),
            };
            offer(cx, step, &fields)
        })
        .collect();
    let draft = Draft::new("Let others play their part").done(cx, SAID).invalid(wrong);
    let draft =
        draft.lead(format!("{}. Everybody else in a practice programme is made up, and does what you tell them.", call.name));
    Ok(draft.crumb(&programme.name, programme.href()).crumb(&call.name, &home).page(
        cx,
        maud! {
            p { "What somebody has done by hand stays as it is." }
            @for step in &steps { (step) }
            @if steps.is_empty() {
                @if call.released_at.is_some() { p { "Everybody has heard. " a href={ (programme.href()) "/calls/new" } { "Open the next stage" } "." } }
                @else { p { "The call opens on " (call.opens_at.to_string()) "." } }
            }
        },
    ))
}

/// One step, with its button.
fn offer(cx: &Cx, step: Step, fields: &Html) -> Html {
    let (title, about, button) = match step {
        Step::ComeIn => {
            ("Applications come in", "Made-up partnerships answer all the questions, sign and submit.", "Let them come in")
        }
        Step::GoOn => (
            "The others go on",
            "Everybody who may go on to this stage and has not yet begun does, and submits.",
            "Let them go on",
        ),
        Step::Close => ("The call closes", "At once, and not on its day. Drafts stay drafts.", "Close it now"),
        Step::Assess => (
            "Assessors read",
            "Those who are not on the list yet are put on it, what lacks readers is given out, and all hand in what they have not begun.",
            "Let them read",
        ),
        Step::Decide => (
            "Sponsors decide",
            "What nobody has proposed anything on is decided by its scores, and every sponsor assents to it.",
            "Let them decide",
        ),
    };
    parts::section(
        step.key(),
        title,
        maud! {
            p { (about) }
            (form::form(cx.path(), &cx.form_keys(), maud! { (fields) (form::named_button(button, "_step", step.key())) }))
        },
    )
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, call) = (act.programme()?.clone(), practice_call(&act)?);
    let step = Step::ALL.into_iter().find(|step| step.key() == act.form.get("_step")).ok_or(Stop::Missing)?;
    if !step.now(&act, &call) {
        return Err(Stop::forbidden("It is not the time for this", "The call has gone on since you opened this page."));
    }
    let (count, but_for) = (act.form.get("count").to_string(), act.form.get("but_for").to_string());
    let number = count.parse::<u32>().ok().filter(|n| (1..=MOST).contains(n));
    if step == Step::ComeIn && number.is_none() {
        return show(&act, (&count, &but_for), &Invalid::one("count", "Enter a number from 1 to 500")).await;
    }
    if step == Step::Assess && but_for.is_empty() {
        return show(&act, (&count, &but_for), &Invalid::one("but_for", "Choose who keeps what they have to read, or nobody"))
            .await;
    }
    let form = answers::form_of(act.app(), call.form_id).await?;
    let mut played = Played::new(&programme, call, &form).await?;
    let mut write = act.write("let made-up people play their part").await?;
    let done = match step {
        Step::ComeIn => played.apply(&mut write, number.unwrap_or(1)).await.map(|()| "come-in")?,
        Step::GoOn => something(played.go_on(act.app(), &mut write).await?, "gone-on"),
        Step::Close => played.close(&mut write).await.map(|()| "closed")?,
        Step::Assess => something(played.assess(&mut write, but_for.parse().ok()).await?, "assessed"),
        Step::Decide => something(played.decide(&mut write, act.person()?).await?, "decided"),
    };
    act.save(write, &format!("{}?done={done}", act.path())).await
}

fn something(count: usize, done: &'static str) -> &'static str {
    if count == 0 { "nothing" } else { done }
}
