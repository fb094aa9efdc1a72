//! A submitted score is changed with a reason; what it was stays beside it.

use sea_orm::entity::prelude::*;
use store::fault;
use tables::score;
use ui::form::{self, Choice, Field};
use ui::shell::InvalidSummary;
use ui::{Html, html, parts};

use super::assess::{Desk, LONGEST, locked, new_score};
use super::sheets::point;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Stop};

/// What was typed, and what is wrong with it.
pub(super) struct Typed {
    criterion: String,
    points: String,
    why: String,
    wrong: Vec<(String, String)>,
}

/// A form for each criterion, closed until somebody wants it.
pub(super) fn form(cx: &Cx, desk: &Desk, typed: Option<&Typed>) -> Result<Html, Stop> {
    let home = format!("{}/change", desk.href(cx)?);
    let forms = desk.stage.criteria.iter().map(|criterion| {
        let typed = typed.filter(|t| t.criterion == criterion.key);
        let current = desk.mine.current(&criterion.key);
        let (points, why) = (format!("points.{}", criterion.key), format!("why.{}", criterion.key));
        let wrong = |id: &str| typed.and_then(|t| t.wrong.iter().find(|(field, _)| field == id)).map(|(_, m)| m.as_str());
        let chosen = typed.map(|t| t.points.clone()).or_else(|| current?.points.map(|p| p.to_string())).unwrap_or_default();
        let choices: Vec<Choice> =
            criterion.scale.iter().map(|p| Choice::new(p.value.to_string(), point(criterion, Some(p.value)))).collect();
        let body = html(maud! {
            (form::form(&home, &cx.form_keys(), maud! {
                (form::hidden("criterion", &criterion.key))
                (form::hidden("seen", &current.map(|c| c.id.to_string()).unwrap_or_default()))
                (form::radios(Field::new(&points, &format!("New points for “{}”", criterion.name.en)).value(&chosen).error(wrong(&points)), &choices))
                (form::long_text(Field::new(&why, &format!("Why you change “{}”", criterion.name.en)).hint("Those who choose read it beside the score you gave before.").value(typed.map_or("", |t| &t.why)).error(wrong(&why)), 3))
                (form::secondary_button(&format!("Change “{}”", criterion.name.en)))
            }))
        });
        if typed.is_some() { body } else { parts::details(&format!("Change “{}”", criterion.name.en), body) }
    });
    let forms: Vec<Html> = forms.collect();
    Ok(parts::section(
        "change",
        "Change a score",
        maud! {
            p { "After talking with the others you may see something differently. What you gave before stays, struck through, with when you changed it." }
            @for one in &forms { (one) }
        },
    ))
}

fn again(cx: &Cx, desk: &Desk, typed: &Typed) -> Answer {
    let programme = cx.programme()?;
    let items = typed.wrong.clone();
    let draft = Draft::new(format!("Assess {}", desk.applied.row.name)).lead(desk.applied.reference());
    let draft = draft.crumb(&programme.name, programme.href()).crumb("Your scores", desk.href(cx)?);
    let draft = draft.invalid_items(Some(InvalidSummary { title: "Please look at this again".into(), items }));
    Ok(draft.page(cx, form(cx, desk, Some(typed))?))
}

pub(super) async fn save(act: Act) -> Answer {
    let desk = Desk::open(&act).await?;
    let criterion = desk.stage.criterion(act.form.get("criterion")).cloned().ok_or(Stop::Missing)?;
    let (points, why) = (format!("points.{}", criterion.key), format!("why.{}", criterion.key));
    let mut typed = Typed {
        criterion: criterion.key.clone(),
        points: act.form.get(&points).to_string(),
        why: act.form.get(&why).to_string(),
        wrong: Vec::new(),
    };
    let new = criterion.scale.iter().map(|p| p.value).find(|value| value.to_string() == typed.points);
    let current = desk.mine.current(&criterion.key).cloned();
    if new.is_none() {
        typed.wrong.push((points, "Choose the new points".into()));
    } else if current.as_ref().and_then(|c| c.points) == new {
        typed.wrong.push((points, "These are the points you gave before: choose others, or leave them as they are".into()));
    }
    if typed.why.is_empty() || typed.why.chars().count() > LONGEST {
        typed.wrong.push((why, "Say why you change it, in at most 5,000 characters".into()));
    }
    let mut write = act.write("change a score").await?;
    let reading = locked(&write, &desk).await?;
    if reading.submitted_at.is_none() {
        return Err(Stop::forbidden("You have not submitted these scores yet", "Until you do, change them in the form itself."));
    }
    let seen = score::Entity::find()
        .filter(score::COLUMN.reading_id.eq(reading.id))
        .filter(score::COLUMN.criterion.eq(&criterion.key))
        .filter(score::COLUMN.replaced_at.is_null());
    let before = seen.one(write.tx()).await.map_err(fault("load a score"))?;
    if before.as_ref().map(|b| b.id.to_string()).unwrap_or_default() != act.form.get("seen") {
        typed.wrong =
            vec![(format!("points.{}", criterion.key), "You have changed this score meanwhile: look at it again".into())];
    }
    if !typed.wrong.is_empty() {
        drop(write);
        return again(&act, &Desk::open(&act).await?, &typed);
    }
    if let Some(before) = &before {
        write.replace(before, score::Model { replaced_at: Some(write.at()), ..before.clone() }).await?;
    }
    let row = new_score(&write, &reading, &criterion.key, new, typed.why);
    write.insert(row).await?;
    act.save(write, &format!("{}?done=changed", desk.href(&act)?)).await
}
