//! Writing a plan, and revising it: line by line, with the reason for the revision.

use axum::http::StatusCode;
use design::{EntryKind, TextPart};
use kernel::{Day, Invalid, Money};
use store::Write;
use tables::{EntryId, PlanLineId, entry, place, plan_line};
use ui::form::{self, Field};
use ui::{Html, html, parts};

use super::lines::{self, Line, as_text};
use crate::entries::{self, EntryOffer, EntryTyped, Revised};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form, Snapshot, Stop, see_other};

/// Empty lines at the end of each part, to write new ones in.
const NEW: usize = 3;
/// As many lines as a part may have: nobody follows more.
const MOST: usize = 60;
const LONGEST: usize = 1_000;

/// The plan's kind with the circles in which the viewer may write it about this place.
pub(super) fn offer<'a>(cx: &'a Cx, programme: &'a Snapshot, place: &place::Model) -> Option<EntryOffer<'a>> {
    entries::offers(cx, programme, Some(place.id)).into_iter().find(|o| o.kind.plan)
}

fn may_write<'a>(cx: &'a Cx, programme: &'a Snapshot, place: &place::Model) -> Result<EntryOffer<'a>, Stop> {
    super::kind(programme)?;
    offer(cx, programme, place)
        .ok_or_else(|| Stop::forbidden("Others write the plan", "Your roles read it, and do not write it."))
}

/// A line as typed.
#[derive(Debug, Clone, Default)]
struct Typed {
    part: String,
    key: String,
    text: String,
    day: String,
    money: String,
}

impl Typed {
    fn of(line: &Line) -> Self {
        Self {
            part: line.part.clone(),
            key: line.key.clone(),
            text: line.text.clone(),
            day: line.by_day.map(|d| d.to_string()).unwrap_or_default(),
            money: line.amount.map(|a| a.to_string().trim_start_matches('£').to_string()).unwrap_or_default(),
        }
    }
}

fn name(part: &TextPart, i: usize, what: &str) -> String {
    format!("{}-{i}-{what}", part.key)
}

fn typed(kind: &EntryKind, form: &Form) -> Vec<Typed> {
    let mut all = Vec::new();
    for part in &kind.parts {
        for i in 0..MOST {
            let got = |what: &str| form.get(&name(part, i, what)).to_string();
            let line = Typed { part: part.key.clone(), key: got("key"), text: got("text"), day: got("day"), money: got("money") };
            if !line.text.is_empty() || !line.day.is_empty() || !line.money.is_empty() {
                all.push(line);
            }
        }
    }
    all
}

/// The number in a line's key.
fn number(key: &str) -> Option<u16> {
    key.strip_prefix('l')?.parse().ok()
}

/// The lines, read; what is wrong with one is said beside it.
fn read(kind: &EntryKind, typed: &[Typed], known: &[u16], wrong: &mut Invalid) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    // A key is never used again, so that no line is taken for one that was dropped.
    let mut next = known.iter().copied().max().unwrap_or(0);
    for part in &kind.parts {
        for (i, one) in typed.iter().filter(|t| t.part == part.key).enumerate() {
            if one.text.is_empty() {
                wrong.add(name(part, i, "text"), "Say what this is, or empty the whole line");
            } else if one.text.chars().count() > LONGEST || one.text.contains('\n') {
                wrong.add(name(part, i, "text"), format!("Keep it to one line of {LONGEST} characters"));
            }
            let by_day = match one.day.as_str() {
                "" => None,
                text => Day::parse_as_written(text).map_err(|e| wrong.add(name(part, i, "day"), e.to_string())).ok(),
            };
            let amount = match one.money.as_str() {
                "" => None,
                text => text.parse::<Money>().map_err(|e| wrong.add(name(part, i, "money"), e.to_string())).ok(),
            };
            let taken = lines.iter().any(|l| l.key == one.key);
            let key = match number(&one.key).filter(|n| known.contains(n) && !taken) {
                Some(_) => one.key.clone(),
                None => {
                    next = next.saturating_add(1);
                    format!("l{next}")
                }
            };
            lines.push(Line { part: part.key.clone(), key, text: one.text.clone(), by_day, amount });
        }
    }
    lines
}

/// `/programmes/{programme}/places/{place}/plan/edit`
pub(super) async fn form(cx: Cx) -> Answer {
    let (programme, place) = (cx.programme()?.clone(), cx.place()?.clone());
    let offer = may_write(&cx, &programme, &place)?;
    let plan = super::of_place(cx.read(), &cx, &programme, &place).await?;
    let now = match &plan {
        Some(plan) => lines::versions(cx.read(), plan.id).await?.remove(&plan.revision).unwrap_or_default(),
        None => Vec::new(),
    };
    let typed: Vec<Typed> = now.iter().map(Typed::of).collect();
    let revision = plan.as_ref().map(|p| p.revision.to_string()).unwrap_or_default();
    let shown = Shown { plan: plan.as_ref(), revision: &revision, typed: &typed, reason: "", meanwhile: None };
    page(&cx, (&programme, &place), offer.kind, &shown, &Invalid::default()).await
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, place) = (act.programme()?.clone(), act.place()?.clone());
    let offer = may_write(&act, &programme, &place)?;
    let (typed, reason) = (typed(offer.kind, &act.form), act.form.get("reason").to_string());
    let plan = super::of_place(act.read(), &act, &programme, &place).await?;
    let mut wrong = Invalid::default();
    let known: Vec<u16> = match &plan {
        Some(plan) => {
            lines::versions(act.read(), plan.id).await?.into_values().flatten().filter_map(|l| number(&l.key)).collect()
        }
        None => Vec::new(),
    };
    let read = read(offer.kind, &typed, &known, &mut wrong);
    if read.is_empty() && wrong.is_empty() {
        let first = offer.kind.parts.first().map(|p| name(p, 0, "text")).unwrap_or_default();
        wrong.add(first, "Write at least one line");
    }
    // Written as the first one, and somebody was faster: there is theirs to look at before there is a reason to give.
    if let Some(theirs) = plan.as_ref().filter(|_| wrong.is_empty() && act.form.get("revision").is_empty()) {
        let difference = ui::words::difference(&theirs.text, &as_text(offer.kind, &read));
        let revision = theirs.revision.to_string();
        let shown =
            Shown { plan: plan.as_ref(), revision: &revision, typed: &typed, reason: &reason, meanwhile: Some(difference) };
        return page(&act, (&programme, &place), offer.kind, &shown, &wrong).await;
    }
    if plan.is_some() && reason.is_empty() {
        wrong.add("reason", "Say why it changes: it is what people will look for later");
    } else if reason.chars().count() > 2_000 {
        wrong.add("reason", "Shorten this to 2,000 characters");
    }
    // The version that this person has seen, also where the form comes back for something else.
    let revision = act.form.get("revision").to_string();
    let shown = Shown { plan: plan.as_ref(), revision: &revision, typed: &typed, reason: &reason, meanwhile: None };
    if !wrong.is_empty() {
        return page(&act, (&programme, &place), offer.kind, &shown, &wrong).await;
    }
    let location = format!("{}?done=saved", super::home(&programme, &place));
    let text = as_text(offer.kind, &read);
    let mut write = act.write("save a plan").await?;
    write.lock::<place::Entity>(place.id).await?.ok_or(Stop::Missing)?;
    let (id, revision) = match &plan {
        None => {
            let circle = offer.circles.first().map(|(c, _)| c.key.clone()).unwrap_or_default();
            let title = format!("Plan of {}", place.name);
            let words =
                EntryTyped { title, text: text.clone(), circle, happened_on: act.today().to_string(), ..EntryTyped::default() };
            // Two first plans at once: whoever comes second finds the other's beside their own.
            if let Some(theirs) = super::of_place(write.tx(), &act, &programme, &place).await? {
                let difference = ui::words::difference(&theirs.text, &text);
                let revision = theirs.revision.to_string();
                let shown = Shown { plan: Some(&theirs), revision: &revision, meanwhile: Some(difference), ..shown };
                return page(&act, (&programme, &place), offer.kind, &shown, &wrong).await;
            }
            let read = words.read_words(&act, &programme, &offer).map_err(|_| Stop::Missing)?;
            let saved = entries::record_entry(&mut write, &act, &programme, Some(&place), &offer.kind.key, read).await?;
            (saved.id, saved.revision)
        }
        Some(seen) => {
            let before = write.lock::<entry::Entity>(seen.id).await?.ok_or(Stop::Missing)?;
            if act.form.get("revision") != before.revision.to_string() {
                drop(write);
                let meanwhile = ui::words::difference(&before.text, &text);
                let revision = before.revision.to_string();
                let shown = Shown { plan: Some(&before), revision: &revision, meanwhile: Some(meanwhile), ..shown };
                return page(&act, (&programme, &place), offer.kind, &shown, &wrong).await;
            }
            if before.text == text {
                return Ok(see_other(&super::home(&programme, &place)));
            }
            let by = offer.circles.iter().find(|(c, _)| programme.circle_id(&c.key) == Some(before.circle_id));
            let (_, appointment) = *by.ok_or(Stop::Missing)?;
            let revised =
                Revised { title: before.title.clone(), text, on: act.today(), author: act.person()?, appointment, reason };
            let after = entries::revise(&mut write, &before, revised).await?;
            (after.id, after.revision)
        }
    };
    insert(&mut write, &programme, (id, revision), &read).await?;
    act.save(write, &location).await
}

async fn insert(
    write: &mut Write,
    programme: &Snapshot,
    (entry_id, revision): (EntryId, i32),
    lines: &[Line],
) -> Result<(), Stop> {
    let mut rows = Vec::with_capacity(lines.len());
    for (position, line) in (1..).zip(lines) {
        rows.push(plan_line::Model {
            id: PlanLineId(write.id()),
            programme_id: programme.id,
            entry_id,
            revision,
            part: line.part.clone(),
            key: line.key.clone(),
            position,
            text: line.text.clone(),
            by_day: line.by_day,
            amount: line.amount.map(Money::pence),
        });
    }
    Ok(write.insert_all(rows).await?)
}

struct Shown<'a> {
    plan: Option<&'a entry::Model>,
    /// The version that whoever writes has seen.
    revision: &'a str,
    typed: &'a [Typed],
    reason: &'a str,
    /// Somebody saved another version in between: how it differs from what was typed.
    meanwhile: Option<Html>,
}

async fn page(
    cx: &Cx,
    (programme, place): (&Snapshot, &place::Model),
    kind: &EntryKind,
    shown: &Shown<'_>,
    wrong: &Invalid,
) -> Answer {
    let home = super::home(programme, place);
    let boxes: Vec<Html> = kind.parts.iter().map(|part| part_fields(part, shown.typed, wrong)).collect();
    let title = if shown.plan.is_some() { "Revise the plan" } else { "Write the plan" };
    let mut draft =
        Draft::new(title).crumb(&programme.name, programme.href()).crumb(format!("Plan of {}", place.name), &home).invalid(wrong);
    if shown.meanwhile.is_some() {
        draft = draft.status(StatusCode::CONFLICT);
    }
    let hint = "What you learnt, what became possible or impossible. Everybody who reads the plan reads it.";
    let circle = offer(cx, programme, place).and_then(|o| o.circles.first().map(|(c, _)| (*c).clone()));
    let readers = match &circle {
        Some(circle) => Some(entries::who_reads(cx, circle, Some(place.id)).await?),
        None => None,
    };
    let why = Field::new("reason", "Why it changes").hint(hint).value(shown.reason).error(wrong.of("reason"));
    Ok(draft.lead("A line each. The version as it stands is kept; empty a line to drop it.").page(
        cx,
        maud! {
            @if let Some(readers) = &readers { (readers) }
            @if let Some(difference) = &shown.meanwhile {
                (parts::inset(maud! { p { "Somebody saved another version after you opened this page. Nothing was overwritten: what you typed stands below, and here is how it differs from theirs. If you save again, yours becomes the next version." } }))
                (difference)
            }
            (form::form(&format!("{home}/edit"), &cx.form_keys(), maud! {
                @if shown.plan.is_some() { (form::hidden("revision", shown.revision)) }
                @for part in &boxes { (part) }
                @if shown.plan.is_some() { (form::long_text(why, 3)) }
                (form::button("Save this version"))
            }))
        },
    ))
}

fn part_fields(part: &TextPart, typed: &[Typed], wrong: &Invalid) -> Html {
    let mine: Vec<&Typed> = typed.iter().filter(|t| t.part == part.key).collect();
    let empty = Typed::default();
    let rows = (mine.len() + NEW).min(MOST);
    html(maud! {
        fieldset class="govuk-fieldset plan-part" {
            legend class="govuk-fieldset__legend govuk-fieldset__legend--m" { h2 class="govuk-fieldset__heading" { (&part.name) } }
            @if !part.about.is_empty() { p { (&part.about) } }
            @for i in 0..rows {
                @let line = mine.get(i).copied().unwrap_or(&empty);
                @let (text, day, money) = (name(part, i, "text"), name(part, i, "day"), name(part, i, "money"));
                @let number = i + 1;
                div class="plan-line" {
                    (form::hidden(&name(part, i, "key"), &line.key))
                    (form::text(Field::new(&text, &format!("{}, line {number}", part.name)).value(&line.text).error(wrong.of(&text)).optional()))
                    @if part.dated { (form::date(Field::new(&day, &format!("{}, line {number}: by when", part.name)).value(&line.day).error(wrong.of(&day)).optional())) }
                    @if part.money { (form::money(Field::new(&money, &format!("{}, line {number}: how much", part.name)).value(&line.money).error(wrong.of(&money)).optional())) }
                }
            }
        }
    })
}
