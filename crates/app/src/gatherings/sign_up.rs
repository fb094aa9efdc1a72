//! Somebody says that they come, in which way, and what they need; or that they cannot come after all.

use kernel::{Fault, Invalid};
use store::Write;
use tables::{PersonId, SignUpId, gathering, sign_up};
use ui::form::{self, Choice, Field};
use ui::parts;

use super::found::{Event, named, sign_up_of, sign_ups, when};
use super::{BOTH, IN_PERSON, ONLINE, mode_words, needs, seats};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Snapshot, Stop};

struct Typed {
    mode: String,
    access: String,
    dietary: String,
}

/// When nobody can sign up any more, or not yet.
fn not_now(cx: &Cx, programme: &Snapshot, event: &Event<'_>) -> Option<Stop> {
    let next = Some(("To the event’s page".to_string(), event.href(programme)));
    let refuse = |why: String| Stop::Refused {
        status: axum::http::StatusCode::CONFLICT,
        title: "Nobody signs up for it now".into(),
        why,
        next: next.clone(),
    };
    let Some(row) = &event.row else {
        return Some(refuse("It has no day yet. Once those who run it have set one, people can sign up.".into()));
    };
    if !event.is_agreed() {
        return Some(refuse(format!("It is {}. People sign up for what is agreed.", event.stands())));
    }
    (row.ends_at <= cx.now()).then(|| refuse("It is over. Those who run it note who came.".into()))
}

/// The event of the path with its row, where somebody can sign up.
fn row_of<'e>(cx: &Cx, programme: &Snapshot, event: &'e Event<'_>) -> Result<&'e gathering::Model, Stop> {
    if let Some(stop) = not_now(cx, programme, event) {
        return Err(stop);
    }
    event.row.as_ref().ok_or(Stop::Missing)
}

pub(super) async fn form(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let event = named(&cx, &programme).await?;
    let row = row_of(&cx, &programme, &event)?;
    let mine = sign_up_of(cx.read(), row.id, cx.person()?).await?;
    let first = if row.mode == ONLINE { ONLINE } else { IN_PERSON };
    let typed = match mine.as_ref().filter(|mine| mine.left_at.is_none()) {
        Some(mine) => Typed { mode: mine.mode.clone(), access: mine.access_needs.clone(), dietary: mine.dietary_needs.clone() },
        None => Typed { mode: first.into(), access: String::new(), dietary: String::new() },
    };
    page(&cx, &programme, (&event, row), mine.as_ref(), (&typed, &Invalid::default())).await
}

async fn page(
    cx: &Cx,
    programme: &Snapshot,
    (event, row): (&Event<'_>, &gathering::Model),
    mine: Option<&sign_up::Model>,
    (typed, wrong): (&Typed, &Invalid),
) -> Answer {
    let signed = mine.filter(|mine| mine.left_at.is_none());
    let all = sign_ups(cx.read(), row.id).await?;
    let full = signed.is_none() && seats::free(row, &all) == Some(0);
    let modes: Vec<Choice> = [IN_PERSON, ONLINE]
        .iter()
        .map(|mode| Choice::new(*mode, if *mode == ONLINE { "Online" } else { "In the room" }).checked(typed.mode == *mode))
        .collect();
    let fields = needs::fields(programme, (event, row), (&typed.access, &typed.dietary), wrong);
    let title = if signed.is_some() { "Your sign-up" } else { "Sign up" };
    let draft = Draft::new(title).crumb(&programme.name, programme.href());
    let draft = draft.crumb("Learning events", format!("{}/gatherings", programme.href()));
    let lead = format!("{}: {}, {}.", event.entry.title, when(row), mode_words(&row.mode));
    Ok(draft.crumb(&event.entry.title, event.href(programme)).lead(lead).invalid(wrong).page(
        cx,
        maud! {
            @if full {
                (parts::inset(maud! { p { "All seats " @if row.mode == BOTH { "in the room " } "are taken. Whoever signs up now waits, in order, and is told by mail when one is free." } }))
            }
            p { strong { "Who reads that you come: " } "those who run it: " (event.run_by(programme)) ". The journal notes it too, for those who read that." }
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (form::hidden("do", "sign"))
                @if row.mode == BOTH {
                    (form::radios(Field::new("mode", "How you take part").error(wrong.of("mode")), &modes))
                } @else {
                    (form::hidden("mode", if row.mode == ONLINE { ONLINE } else { IN_PERSON }))
                }
                (fields)
                (form::button(if signed.is_some() { "Save" } else { "Sign up" }))
            }))
            @if signed.is_some() {
                (parts::section("leave", "If you cannot come after all", maud! {
                    p { "Your seat goes to whoever waits for one. What you need is wiped at once." }
                    (form::form(cx.path(), &cx.form_keys(), maud! {
                        (form::hidden("do", "leave"))
                        (form::secondary_button("I cannot come"))
                    }))
                }))
            }
        },
    ))
}

pub(super) async fn save(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let event = named(&act, &programme).await?;
    let row = row_of(&act, &programme, &event)?;
    let typed = Typed {
        mode: act.form.get("mode").into(),
        access: act.form.get("access_needs").into(),
        dietary: act.form.get("dietary_needs").into(),
    };
    if act.form.get("do") == "leave" {
        return leave(act, &programme, &event, row).await;
    }
    let mut wrong = Invalid::default();
    let offered = |mode: &str| match row.mode.as_str() {
        BOTH => [IN_PERSON, ONLINE].contains(&mode),
        only => mode == only,
    };
    if !offered(&typed.mode) {
        wrong.add("mode", "Choose how you take part");
    }
    needs::check(&typed.access, &typed.dietary, &mut wrong);
    if !wrong.is_empty() {
        let mine = sign_up_of(act.read(), row.id, act.person()?).await?;
        return page(&act, &programme, (&event, row), mine.as_ref(), (&typed, &wrong)).await;
    }
    let me = act.person()?;
    let mut write = act.write("sign up for an event").await?;
    // Seats are given under the event's row, so that the last one is given once.
    let row = write.lock::<gathering::Entity>(row.id).await?.ok_or(Stop::Missing)?;
    let seated = put(&mut write, &row, me, typed).await?;
    // Whoever takes part online from now on leaves a seat in the room.
    seats::fill(&mut write, (&programme, &act.app().settings.address), (&event.entry.title, &row)).await?;
    let done = if seated { "signed" } else { "waits" };
    act.save(write, &format!("{}?done={done}", event.href(&programme))).await
}

/// Notes that somebody comes, within a write that holds the event's row; gives whether they have a seat.
async fn put(write: &mut Write, row: &gathering::Model, me: PersonId, typed: Typed) -> Result<bool, Fault> {
    let all = sign_ups(write.tx(), row.id).await?;
    let before = all.iter().find(|one| one.person_id == me);
    let kept = before.filter(|b| b.left_at.is_none() && b.seated_at.is_some());
    let kept = kept.filter(|b| seats::takes_seat(row, &b.mode) || !seats::takes_seat(row, &typed.mode));
    let seated_at = match kept {
        Some(kept) => kept.seated_at,
        None if !seats::takes_seat(row, &typed.mode) => Some(write.at()),
        None => (seats::free(row, &all) != Some(0)).then_some(write.at()),
    };
    let (place_id, sector) = seats::comes_from(write, row.programme_id, me).await?;
    let stays = before.filter(|before| before.left_at.is_none());
    let after = sign_up::Model {
        id: before.map_or_else(|| SignUpId(write.id()), |before| before.id),
        programme_id: row.programme_id,
        gathering_id: row.id,
        person_id: me,
        mode: typed.mode,
        access_needs: typed.access,
        dietary_needs: typed.dietary,
        walked_in: stays.is_some_and(|before| before.walked_in),
        // Whoever comes back after they had left stands behind those who wait.
        signed_at: stays.map_or(write.at(), |before| before.signed_at),
        seated_at,
        left_at: None,
        came: stays.map(|before| before.came.clone()).unwrap_or_default(),
        place_id,
        sector,
        answered: before.is_some_and(|before| before.answered),
    };
    match before {
        Some(before) if after == *before => {}
        Some(before) => drop(write.replace(before, after).await?),
        None => drop(write.insert(after).await?),
    }
    Ok(seated_at.is_some())
}

async fn leave(act: Act, programme: &Snapshot, event: &Event<'_>, row: &gathering::Model) -> Answer {
    let me = act.person()?;
    let mut write = act.write("take back a sign-up").await?;
    let row = write.lock::<gathering::Entity>(row.id).await?.ok_or(Stop::Missing)?;
    let home = format!("{}?done=left", event.href(programme));
    let Some(before) = sign_up_of(write.tx(), row.id, me).await?.filter(|mine| mine.left_at.is_none()) else {
        return Ok(crate::ground::see_other(&home));
    };
    let after = sign_up::Model {
        access_needs: String::new(),
        dietary_needs: String::new(),
        left_at: Some(write.at()),
        seated_at: None,
        came: String::new(),
        ..before.clone()
    };
    write.replace(&before, after).await?;
    seats::fill(&mut write, (programme, &act.app().settings.address), (&event.entry.title, &row)).await?;
    act.save(write, &home).await
}
