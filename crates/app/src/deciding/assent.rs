//! A sponsor assents to a decision, by one of its people, to the very text that they read.

use axum::http::StatusCode;
use axum::response::Response;
use design::Sponsor;
use sea_orm::entity::prelude::*;
use store::{Write, fault};
use tables::{AssentId, DecisionId, PersonId, application, assent, call, decision};

use super::propose::{cannot_decide, closed_to_deciding};
use super::shown;
use super::standing::{Decided, deciders, said, stands_aside, voices, with_assents};
use crate::calls::stage_of;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Draft, Stop};

/// What became of an assent.
pub(super) enum Given {
    /// It is noted, or was before; `all` where none is missing any more.
    Noted { all: bool },
    /// Another decision has taken the place of the one that was read.
    Stale { seen: Box<Decided>, now: Box<Decided> },
    /// The application was submitted anew since the decision was proposed.
    Overtaken,
    /// The same person spoke for another sponsor.
    SpokeForAnother,
}

/// Somebody speaks for a sponsor.
pub(super) struct Voice<'a> {
    pub person: PersonId,
    pub sponsor: &'a str,
    pub deciders: &'a [&'a Sponsor],
}

/// Gives one assent, in a write that holds the call's row.
pub(super) async fn give(write: &mut Write, call: &call::Model, id: DecisionId, voice: &Voice<'_>) -> Result<Given, Stop> {
    let wanted = decision::Entity::find_by_id(id).filter(decision::COLUMN.call_id.eq(call.id));
    let seen = with_assents(write.tx(), wanted).await?.pop().ok_or(Stop::Missing)?;
    let of = seen.row.application_id;
    if stands_aside(write.tx(), voice.person, of).await? {
        return Err(Stop::Missing);
    }
    let row = application::Entity::find_by_id(of).one(write.tx()).await.map_err(fault("load an application"))?;
    let state = row.map(|a| a.state).unwrap_or_default();
    if let Some(why) = closed_to_deciding(call, &state, write.at()) {
        return Err(Stop::Refused {
            status: StatusCode::CONFLICT,
            title: "It cannot be assented to now".into(),
            why,
            next: None,
        });
    }
    if seen.row.replaced_at.is_some() {
        let now = said(write.tx(), of).await?.ok_or(Stop::Missing)?.latest().clone();
        return Ok(Given::Stale { seen: Box::new(seen), now: Box::new(now) });
    }
    if seen.overtaken {
        return Ok(Given::Overtaken);
    }
    if seen.has(voice.sponsor) {
        return Ok(Given::Noted { all: seen.all_assented(voice.deciders) });
    }
    if seen.assents.iter().any(|a| a.person_id == voice.person) {
        return Ok(Given::SpokeForAnother);
    }
    let row = assent::Model {
        id: AssentId(write.id()),
        programme_id: call.programme_id,
        decision_id: id,
        sponsor: voice.sponsor.to_string(),
        person_id: voice.person,
        given_at: write.at(),
    };
    write.insert(row).await?;
    let all = voice.deciders.iter().all(|s| s.key == voice.sponsor || seen.has(&s.key));
    // Once everybody was told, another decision counts from when its applicant is told of it.
    if all && call.released_at.is_none() {
        write.replace(&seen.row, decision::Model { counts_at: Some(write.at()), ..seen.row.clone() }).await?;
    }
    Ok(Given::Noted { all })
}

/// The sponsor that the form names, if the viewer speaks for it; the only one, where the form names none.
pub(super) fn sponsor_of<'a>(act: &Act, mine: &[&'a Sponsor]) -> Result<&'a Sponsor, Stop> {
    let named = act.form.get("_sponsor");
    let found = match mine {
        [one] if named.is_empty() => Some(*one),
        several => several.iter().find(|s| s.key == named).copied(),
    };
    found.ok_or_else(|| {
        Stop::forbidden("You do not speak for this sponsor", "Each sponsor’s assent is given by one of its own people.")
    })
}

pub(super) fn overtaken() -> Stop {
    Stop::Refused {
        status: StatusCode::CONFLICT,
        title: "The application was submitted anew meanwhile".into(),
        why: "The decision was proposed on a text that does not stand any more. Read the new one; then the decision, or another, has to be proposed again.".into(),
        next: None,
    }
}

pub(super) fn spoke_for_another() -> Stop {
    Stop::Refused {
        status: StatusCode::CONFLICT,
        title: "You have assented to this for another sponsor".into(),
        why: "Each sponsor decides for itself, so nobody assents for two. Ask somebody else of this sponsor.".into(),
        next: None,
    }
}

pub(super) async fn save(act: Act) -> Answer {
    let (programme, applied) = (act.programme()?.clone(), act.application()?.clone());
    let here = format!("{}/decision", applied.href(&programme.href()));
    let stage = stage_of(&programme, &applied.call)?;
    let sponsors = deciders(&programme, &stage);
    let id: DecisionId = act.form.get("_decision").parse().map_err(|_| Stop::Missing)?;
    let sponsor = sponsor_of(&act, &voices(&act, &programme, &stage))?;
    if let Some(why) = closed_to_deciding(&applied.call, &applied.row.state, act.now()) {
        return Err(cannot_decide(why, here));
    }
    let mut write = act.write("assent to a decision").await?;
    let call = write.lock::<call::Entity>(applied.call.id).await?.ok_or(Stop::Missing)?;
    let known = decision::Entity::find_by_id(id).filter(decision::COLUMN.application_id.eq(applied.row.id));
    known.one(write.tx()).await.map_err(fault("load a decision"))?.ok_or(Stop::Missing)?;
    let voice = Voice { person: act.person()?, sponsor: &sponsor.key, deciders: &sponsors };
    match give(&mut write, &call, id, &voice).await? {
        Given::Noted { all } => {
            let done = match (all, call.released_at) {
                (true, None) => "counts",
                (true, Some(_)) => "to-tell",
                (false, _) => "assented",
            };
            act.save(write, &format!("{here}?done={done}")).await
        }
        Given::SpokeForAnother => Err(spoke_for_another()),
        Given::Overtaken => Err(overtaken()),
        Given::Stale { seen, now } => {
            drop(write);
            Ok(changed(&act, &programme.name, &programme.href(), &[(applied.row.name.clone(), here, *seen, *now)]))
        }
    }
}

/// Decisions that were changed while somebody was about to assent to them, each with both texts. Nothing was saved.
pub(super) fn changed(act: &Act, name: &str, home: &str, stale: &[(String, String, Decided, Decided)]) -> Response {
    let (title, lead) = match stale {
        [_] => (
            "The decision was changed meanwhile",
            "Your assent was not given: it would have been to a text that does not stand any more. Read both, then assent to the new one if you agree with it.",
        ),
        _ => (
            "Some decisions were changed meanwhile",
            "No assent was given. Read both texts of each, go back to the list, and tick those that you agree with.",
        ),
    };
    let draft = Draft::new(title).lead(lead).status(StatusCode::CONFLICT).crumb(name, home);
    draft.page(
        act,
        maud! {
            @for (name, href, seen, now) in stale {
                h2 class="section-heading" { (name) }
                (shown::both(seen, now))
                p { a href=(href) { "The decision on " (name) " as it stands" } }
            }
        },
    )
}
