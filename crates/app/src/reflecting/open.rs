//! Those whom the design names open a round, show what was answered, or close it without anybody seeing anything.

use axum::http::StatusCode;
use design::Group;
use kernel::{Fault, Invalid};
use store::Write;
use tables::{ReflectionRoundId, place, programme, reflection_round};

use super::{FEWEST, Round, alone, group, href, is_open, list, opens, takes_part};
use crate::answers::keep_form;
use crate::ground::{Act, Answer, Stop, see_other};
use crate::house::OF_A_GROUP;

fn not_theirs() -> Stop {
    Stop::forbidden(
        "Others open and show rounds here",
        "You take part: you answer alone, and see what all said once it is shown.",
    )
}

/// Opens the next round of a group, unless one is open.
pub(super) async fn save(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let place = act.place().ok().map(|p| p.id);
    let framework = programme.programme.design.framework(act.form.get("framework")).ok_or(Stop::Missing)?;
    if !takes_part(&act, &programme, framework, place) {
        return Err(Stop::Missing);
    }
    if !opens(&act, &programme, framework, place) {
        return Err(not_theirs());
    }
    let form = programme.programme.form(&framework.form).ok_or_else(|| Fault::new("open a round", "its form is not there"))?;
    let mut write = act.write(OF_A_GROUP).await?;
    // Of two who open it at the same time, the second finds the first one’s.
    match (framework.each, place) {
        (Group::Place, Some(id)) => drop(write.lock::<place::Entity>(id).await?.ok_or(Stop::Missing)?),
        _ => drop(write.lock::<programme::Entity>(programme.id).await?.ok_or(Stop::Missing)?),
    }
    let before = group::rounds(write.tx(), programme.id, framework, place).await?;
    if let Some(open) = before.iter().find(|r| is_open(r)) {
        let to = href(&programme, open.id);
        write.leave().await?;
        return Ok(see_other(&to));
    }
    let form_id = keep_form(&mut write, programme.id, &form.form).await?;
    let row = reflection_round::Model {
        id: ReflectionRoundId(write.id()),
        programme_id: programme.id,
        place_id: place,
        framework: framework.key.clone(),
        number: before.last().map_or(1, |last| last.number + 1),
        form_id,
        opened_by: act.person()?,
        opened_at: write.at(),
        revealed_by: None,
        revealed_at: None,
        shown: String::new(),
        ended_at: None,
    };
    let row = write.insert(row).await?;
    act.save(write, &format!("{}?done=opened", href(&programme, row.id))).await
}

/// The round, so that nobody answers while it is shown. Nothing where it is not open any more.
pub(super) async fn locked(write: &Write, round: &Round) -> Result<Option<reflection_round::Model>, Stop> {
    let row = write.lock::<reflection_round::Entity>(round.row.id).await?.ok_or(Stop::Missing)?;
    Ok(Some(row).filter(is_open))
}

/// Shows what was answered: from then on nothing is changed.
pub(super) async fn reveal(act: Act, round: Round) -> Answer {
    let programme = act.programme()?.clone();
    if !opens(&act, &programme, &round.framework, round.row.place_id) {
        return Err(not_theirs());
    }
    if round.is_open() && act.form.get("sure") != "yes" {
        let wrong = Invalid::one("sure", "Tick the box to show the answers: it cannot be taken back");
        return alone::again(&act, &round, &wrong).await;
    }
    let to = format!("{}?done=revealed", round.href(&programme));
    let mut write = act.write(OF_A_GROUP).await?;
    let Some(before) = locked(&write, &round).await? else {
        write.leave().await?;
        return Ok(see_other(&to));
    };
    let people = group::people(write.tx(), &round.framework, &before, write.at()).await?;
    let finished = group::finished(write.tx(), &before, &people).await?;
    if finished.len() < FEWEST {
        return Err(Stop::Refused {
            status: StatusCode::CONFLICT,
            title: "It is too early to look together".into(),
            why: format!("Fewer than {FEWEST} have finished, and each could tell who said what. Nothing was shown."),
            next: Some(("Back to the round".into(), round.href(&programme))),
        });
    }
    let after = reflection_round::Model {
        revealed_by: Some(act.person()?),
        revealed_at: Some(write.at()),
        shown: group::kept(&finished),
        ..before.clone()
    };
    write.replace(&before, after).await?;
    act.save(write, &to).await
}

/// Closes a round without anybody seeing what was answered.
pub(super) async fn close(act: Act, round: Round) -> Answer {
    let programme = act.programme()?.clone();
    if !opens(&act, &programme, &round.framework, round.row.place_id) {
        return Err(not_theirs());
    }
    if round.is_open() && act.form.get("gone") != "yes" {
        let wrong = Invalid::one("gone", "Tick the box to close it: it cannot be opened again");
        return alone::again(&act, &round, &wrong).await;
    }
    let mut write = act.write(OF_A_GROUP).await?;
    let to = format!("{}?done=closed", list::home(&programme, round.place.as_ref()));
    let Some(before) = locked(&write, &round).await? else {
        write.leave().await?;
        return Ok(see_other(&round.href(&programme)));
    };
    let after = reflection_round::Model { ended_at: Some(write.at()), ..before.clone() };
    write.replace(&before, after).await?;
    act.save(write, &to).await
}
