//! Deciding on many together: those ticked in the forum, or all that it shows, hear the same, and each what it should
//! hear besides. Each has a decision of its own all the same, to which every sponsor assents.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use axum::http::StatusCode;
use kernel::Invalid;
use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{ApplicationId, application, call};
use ui::form::{self, Field};
use ui::table::{Cell, Table};
use ui::{Html, html, parts};

use super::forum::score;
use super::portfolio::{Line, Portfolio, Seen, portfolio};
use super::propose::{
    Hindered, Proposal, TOO_LONG, Typed, closed_to_deciding, fields, may_propose, propose_all, speaks_for_none, standing_aside,
};
use super::shown::{self, Names};
use super::standing::{Decided, deciders, keeps_unsuccessful, names};
use super::wanted::{TICK, Wanted};
use crate::calls::{SUBMITTED, reference, stage_of};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form, Snapshot, Stop};

/// As many as can be decided on at once.
pub(super) const MOST: usize = 500;

/// One of them, with what was typed for it alone.
#[derive(Debug, Clone, Default)]
struct One {
    ticked: bool,
    /// The decision that stood when the page was opened; nothing where it is opened now.
    seen: Option<String>,
    reasons: String,
    feedback: String,
}

impl One {
    fn fresh() -> Self {
        Self { ticked: true, ..Self::default() }
    }
    /// What is said of this one: what is said of all, and what is said of it besides.
    fn with(&self, common: &Typed) -> Typed {
        let both =
            |common: &str, own: &str| [common, own].iter().copied().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("\n\n");
        Typed {
            seen: self.seen.clone().unwrap_or_default(),
            reasons: both(&common.reasons, &self.reasons),
            feedback: both(&common.feedback, &self.feedback),
            ..common.clone()
        }
    }
}

/// What was sent: what is said of all, and each by its number.
struct Sent {
    common: Typed,
    ones: BTreeMap<i32, One>,
}

impl Sent {
    fn of(form: &Form) -> Self {
        let numbers = |field| form.pairs().filter(move |(name, _)| *name == field).filter_map(|(_, n)| n.parse::<i32>().ok());
        let ticked: BTreeSet<i32> = numbers(TICK).collect();
        let texts: HashMap<&str, &str> = form.pairs().map(|(name, text)| (name, text.trim())).collect();
        let text = |name: String| texts.get(name.as_str()).copied().unwrap_or_default().to_string();
        let one = |number: i32| One {
            ticked: ticked.contains(&number),
            seen: Some(text(format!("_seen.{number}"))),
            reasons: text(own("reasons", number)),
            feedback: text(own("feedback", number)),
        };
        Self { common: Typed::of(form), ones: numbers("_row").map(|number| (number, one(number))).collect() }
    }
    fn ticked(&self) -> impl Iterator<Item = (i32, &One)> {
        self.ones.iter().filter(|(_, one)| one.ticked).map(|(number, one)| (*number, one))
    }
    /// What is wrong with it, by the same rules as a decision on one.
    fn check(&mut self, keeps: bool) -> Invalid {
        let mut wrong = self.common.check(keeps);
        if let (None, Some((first, _))) = (self.ticked().next(), self.ones.first_key_value()) {
            wrong.add(own(TICK, *first), "Tick the applications that this is said of");
        }
        if !wrong.is_empty() {
            return wrong;
        }
        for (number, one) in self.ticked() {
            let bad = one.with(&self.common).check(keeps);
            for name in ["reasons", "feedback"] {
                let said = bad.of(name).map(|said| match said {
                    TOO_LONG => "With what is said of all, this is more than 10,000 characters. Shorten it",
                    said => said,
                });
                if let Some(said) = said {
                    wrong.add(own(name, number), said);
                }
            }
        }
        wrong
    }
}

/// The field of one application alone.
fn own(name: &str, number: i32) -> String {
    format!("{name}.{number}")
}

/// The call, where the viewer may propose decisions on its applications and nobody was told any yet.
fn proposing(cx: &Cx) -> Result<call::Model, Stop> {
    let (programme, call) = (cx.programme()?, cx.call()?.clone());
    if !may_propose(cx, programme, &stage_of(programme, &call)?) {
        return Err(speaks_for_none());
    }
    match call.released_at {
        None => Ok(call),
        Some(_) => Err(told_already(forum(programme, &call))),
    }
}

fn forum(programme: &Snapshot, call: &call::Model) -> String {
    format!("{}/calls/{}/forum", programme.href(), call.slug)
}

fn refused(title: &str, why: String, next: String) -> Stop {
    Stop::Refused { status: StatusCode::CONFLICT, title: title.into(), why, next: Some(("The forum".into(), next)) }
}

fn told_already(next: String) -> Stop {
    let why = "From then on each is decided anew by itself, on its own page: it is talked over with those it concerns.";
    refused("Everybody was told already", why.into(), next)
}

fn too_many(many: usize, next: String) -> Stop {
    let why = format!(
        "These are {many}, and at most {MOST} can be decided on together. Nothing was saved. Tick fewer, or narrow the list."
    );
    refused("These are too many at once", why, next)
}

pub(super) async fn page(cx: Cx) -> Answer {
    let call = proposing(&cx)?;
    let wanted = Wanted::of(&cx);
    let all = portfolio(&cx, &call).await?;
    let numbers: Vec<i32> = match cx.query("all") {
        "" => wanted.ticked.iter().copied().collect(),
        _ => wanted.lines(&all).iter().filter(|line| line.seen.is_some()).map(|line| line.number).take(MOST).collect(),
    };
    if numbers.len() > MOST {
        return Err(too_many(numbers.len(), forum(cx.programme()?, &call)));
    }
    let ones = numbers.into_iter().map(|number| (number, One::fresh())).collect();
    show(&cx, &all, Sent { common: Typed::default(), ones }, Invalid::default()).await
}

/// One of them as it stands now.
struct Row<'a> {
    line: &'a Line,
    seen: &'a Seen,
    one: One,
    /// What somebody proposed since the page was opened.
    changed: Option<&'a Decided>,
}

/// One that cannot be decided on here any more, and why.
struct Left {
    number: i32,
    why: &'static str,
    one: One,
}

/// What can be decided on, in the forum's order, and what cannot. One on which somebody proposed something meanwhile
/// is ticked no more: whoever ticks it again has read that.
fn sorted_out<'a>(all: &'a Portfolio, wanted: &Wanted, mut ones: BTreeMap<i32, One>) -> (Vec<Row<'a>>, Vec<Left>) {
    let (mut rows, mut left) = (Vec::new(), Vec::new());
    for line in wanted.sorted(all.lines.iter()) {
        let Some(mut one) = ones.remove(&line.number) else { continue };
        let Some(seen) = &line.seen else {
            left.push(Left { number: line.number, why: "you stand aside, for a conflict of interest", one });
            continue;
        };
        let latest = seen.said.as_ref().map(super::standing::Said::latest);
        let now = latest.map(|d| d.row.id.to_string()).unwrap_or_default();
        let changed = latest.filter(|_| one.seen.as_ref().is_some_and(|then| *then != now));
        // One whose proposal was taken back meanwhile has to be looked at again as well.
        one.ticked &= one.seen.as_ref().is_none_or(|then| *then == now);
        one.seen = Some(now);
        rows.push(Row { line, seen, one, changed });
    }
    let why = "it is not among those submitted: it was withdrawn";
    left.extend(ones.into_iter().map(|(number, one)| Left { number, why, one }));
    (rows, left)
}

async fn show(cx: &Cx, all: &Portfolio, sent: Sent, mut wrong: Invalid) -> Answer {
    let (programme, call) = (cx.programme()?.clone(), cx.call()?.clone());
    let stage = stage_of(&programme, &call)?;
    let wanted = Wanted::of(cx);
    let typed = sent.ones.values().any(|one| one.seen.is_some());
    let (rows, left) = sorted_out(all, &wanted, sent.ones);
    for row in rows.iter().filter(|row| row.changed.is_some()) {
        let said =
            "somebody proposed another decision while you wrote. Read it, and tick this one again to put yours in its place";
        wrong.add(own(TICK, row.line.number), format!("{}: {said}", reference(&call, row.line.number)));
    }
    let gone = typed && left.iter().any(|one| one.one.ticked);
    let changed: Vec<Decided> = rows.iter().filter_map(|row| row.changed.cloned()).collect();
    let names = names(cx.read(), &changed).await?;
    let back = format!("{}?{}", forum(&programme, &call), wanted.query());
    let title = match rows.len() {
        1 => "Decide on one".to_string(),
        n => format!("Decide on {n} together"),
    };
    let draft = Draft::new(if rows.is_empty() { "Decide on several together".into() } else { title })
        .lead(format!("{}. Each has a decision of its own, to which every sponsor assents.", call.name))
        .status(if gone { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK })
        .invalid(&wrong)
        .crumb(&programme.name, programme.href())
        .crumb(&call.name, format!("{}/calls/{}", programme.href(), call.slug))
        .crumb("Forum", &back);
    let closed = closed_to_deciding(&call, SUBMITTED, cx.now());
    let asks = if rows.is_empty() || closed.is_some() {
        html("")
    } else {
        let table = table(&programme, &call, &rows, (&deciders(&programme, &stage), &names), !stage.criteria.is_empty(), &wrong);
        form_of(cx, &sent.common, &rows, &table, &wrong, keeps_unsuccessful(&programme))
    };
    Ok(draft.page(
        cx,
        maud! {
            @if let Some(closed) = &closed { (parts::inset(maud! { p { (closed) } })) }
            @else if rows.is_empty() && left.is_empty() {
                (parts::empty_state("Nothing is ticked yet", "Tick in the forum the applications of which the same is to be said. What one of them should hear besides can be added here.", Some(("Go to the forum", &back))))
            }
            @if !left.is_empty() { (left_out(&call, &left, gone)) }
            @if !typed && !rows.is_empty() && closed.is_none() { p { a href=(&back) { "Change which ones in the forum" } } }
            @if call.tells_at.is_some() { p { "This call was marked ready to be told. Proposing other decisions takes that back." } }
            (asks)
        },
    ))
}

fn form_of(cx: &Cx, common: &Typed, rows: &[Row<'_>], table: &Html, wrong: &Invalid, keeps: bool) -> Html {
    let again = rows.iter().filter(|row| row.seen.said.is_some()).count();
    let aside =
        "One name a line. Those who declared a conflict of interest are named by themselves, each where it concerns them.";
    form::form(
        &format!("{}?{}", cx.path(), Wanted::of(cx).filter()),
        &cx.form_keys(),
        maud! {
            h2 class="section-heading" { "What is said of all of them" }
            p { a href="#these" { "Which they are, and what one of them hears besides" } }
            (fields(common, wrong, aside, keeps))
            (parts::section("these", "Of these", maud! {
                @if again > 0 { p { (again) @if again == 1 { " has" } @else { " have" } " a decision already. This takes its place, and takes back every assent to it." } }
                @for row in rows {
                    (form::hidden("_row", &row.line.number.to_string()))
                    (form::hidden(&own("_seen", row.line.number), row.one.seen.as_deref().unwrap_or_default()))
                }
                fieldset class="govuk-fieldset" {
                    legend class="govuk-fieldset__legend" { "It is said of those ticked" }
                    (table)
                }
            }))
            (form::button("Propose it for those ticked"))
        },
    )
}

fn table(
    programme: &Snapshot,
    call: &call::Model,
    rows: &[Row<'_>],
    (sponsors, names): (&[&design::Sponsor], &Names),
    scored: bool,
    wrong: &Invalid,
) -> Html {
    // Mostly nothing stands of any of them.
    let stand = rows.iter().any(|row| row.seen.said.is_some());
    let cells = rows.iter().map(|row| {
        let number = reference(call, row.line.number);
        let id = own(TICK, row.line.number);
        let label = format!("{number} {}", row.seen.name);
        let stands = maud! {
            @match row.seen.outcome() {
                None => "Nothing yet",
                Some(outcome) => { (outcome.tag()) " " (row.seen.how_far(sponsors)) }
            }
            @if let Some(changed) = row.changed { (parts::details_open("What was proposed meanwhile", true, shown::whole(changed, names))) }
        };
        let href = format!("{}/applications/{}/decision", programme.href(), row.line.id);
        let mut cells = vec![
            Cell::html(form::tick(&id, TICK, &row.line.number.to_string(), &label, row.one.ticked)),
            Cell::link(&href, &number).head(),
            Cell::html(maud! {
                (&row.seen.name)
                @if let Some(error) = wrong.of(&id) { p class="govuk-error-message" { span class="govuk-visually-hidden" { "Error: " } (error) } }
            }),
        ];
        if scored {
            cells.push(score(row.seen.scores.as_ref()));
        }
        if stand {
            cells.push(Cell::html(stands));
        }
        cells.push(Cell::html(besides(&number, row, wrong)));
        cells
    });
    let headers =
        [("Tick", true), ("Reference", true), ("Partnership", true), ("Score", scored), ("What stands", stand), ("", true)];
    let headers: Vec<&str> = headers.into_iter().filter(|(_, there)| *there).map(|(header, _)| header).collect();
    Table::new("Applications", &headers, cells.collect()).quiet().html()
}

/// What one of them hears besides, and the sponsors' reasons for that.
fn besides(reference: &str, row: &Row<'_>, wrong: &Invalid) -> Html {
    let (feedback, reasons) = (own("feedback", row.line.number), own("reasons", row.line.number));
    let bad = wrong.of(&feedback).or(wrong.of(&reasons)).is_some();
    let open = bad || !row.one.feedback.is_empty() || !row.one.reasons.is_empty();
    let words = [format!("What {reference} should hear besides"), format!("Reasons besides, for {reference}")];
    let body = maud! {
        (form::long_text(Field::new(&feedback, &words[0]).hint("It follows the feedback to all.").value(&row.one.feedback).error(wrong.of(&feedback)).optional(), 3))
        (form::long_text(Field::new(&reasons, &words[1]).hint("For the sponsors, after the reasons for all.").value(&row.one.reasons).error(wrong.of(&reasons)).optional(), 3))
    };
    let summary = maud! { "For it alone" span class="govuk-visually-hidden" { ": " (reference) } };
    parts::details_open(summary, open, body)
}

/// Those that were left out, with what was typed for each of them.
fn left_out(call: &call::Model, left: &[Left], meanwhile: bool) -> Html {
    parts::section(
        "left",
        "Left out",
        maud! {
            @if meanwhile { p { strong { "Nothing was saved: this came about while you wrote." } " Send it again to decide on the others without these." } }
            ul {
                @for one in left {
                    li {
                        (reference(call, one.number)) ": " (one.why) "."
                        @for (what, text) in [("to be heard besides", &one.one.feedback), ("as reasons besides", &one.one.reasons)] {
                            @if !text.is_empty() { p { "You typed " (what) ": " q { (text) } } }
                        }
                    }
                }
            }
        },
    )
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, call, person) = (act.programme()?.clone(), proposing(&act)?, act.person()?);
    let back = forum(&programme, &call);
    let still_open = |why| refused("Nothing can be decided here now", why, back.clone());
    if let Some(why) = closed_to_deciding(&call, SUBMITTED, act.now()) {
        return Err(still_open(why));
    }
    let mut sent = Sent::of(&act.form);
    if sent.ones.len() > MOST {
        return Err(too_many(sent.ones.len(), back));
    }
    let wrong = sent.check(keeps_unsuccessful(&programme));
    if !wrong.is_empty() || sent.ones.is_empty() {
        return show(&act, &portfolio(&act, &call).await?, sent, wrong).await;
    }
    let rows = numbered(&act, &call, sent.ticked().map(|(number, _)| number).collect()).await?;
    let ids: Vec<ApplicationId> = rows.values().copied().collect();
    let mut aside = standing_aside(&act, &ids).await?;
    let proposals = sent.ticked().filter_map(|(number, one)| {
        let of = *rows.get(&number)?;
        Some(Proposal { of, typed: one.with(&sent.common), aside: aside.remove(&of).unwrap_or_default().names })
    });
    let proposals: Vec<Proposal> = proposals.collect();
    let all_there = proposals.len() == sent.ticked().count();
    let mut write = act.write("propose decisions together").await?;
    let locked = write.lock::<call::Entity>(call.id).await?.ok_or(Stop::Missing)?;
    if locked.released_at.is_some() {
        return Err(told_already(back));
    }
    let hindered: HashMap<ApplicationId, Hindered> = propose_all(&mut write, &locked, person, proposals).await?;
    if all_there && hindered.is_empty() {
        let to = format!("{back}?{}&done=together", Wanted::of(&act).filter());
        return act.save(write, &to).await;
    }
    drop(write);
    show(&act, &portfolio(&act, &call).await?, sent, wrong).await
}

/// The applications of a call with these numbers.
async fn numbered(cx: &Cx, call: &call::Model, numbers: Vec<i32>) -> Result<HashMap<i32, ApplicationId>, Stop> {
    let found = application::Entity::find()
        .filter(application::COLUMN.call_id.eq(call.id))
        .filter(application::COLUMN.number.is_in(numbers))
        .filter(application::COLUMN.submitted_at.is_not_null())
        .select_only()
        .columns([application::Column::Number, application::Column::Id])
        .into_tuple::<(i32, ApplicationId)>()
        .all(cx.read())
        .await
        .map_err(fault("list applications"))?;
    Ok(found.into_iter().collect())
}
