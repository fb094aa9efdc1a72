//! One's own account: roles, password, and where one is signed in.

use kernel::Invalid;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{SessionId, person, place, session};
use ui::form::{self, Field};
use ui::table::{Cell, Table};
use ui::{Html, parts};

use super::passwords;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Stop};

const SAID: &[(&str, &str)] =
    &[("password", "Your password is changed. Everywhere else, you are signed out."), ("ended", "That browser is signed out.")];

pub(super) async fn page(cx: Cx) -> Answer {
    show(&cx, &Invalid::default()).await
}

async fn show(cx: &Cx, wrong: &Invalid) -> Answer {
    let person = load(cx).await?;
    let roles = roles(cx).await?;
    let sessions = sessions(cx).await?;
    let has_password = person.password_hash.is_some();
    let old = Field::new("password", "Your password now").autocomplete("current-password").error(wrong.of("password"));
    let new = Field::new("new_password", "The new password")
        .hint("At least 12 characters.")
        .autocomplete("new-password")
        .error(wrong.of("new_password"));
    let lead =
        person.email.as_deref().map_or_else(|| "What Commonweal keeps of you.".to_string(), |e| format!("You sign in as {e}."));
    Ok(Draft::new("Your account").lead(lead).done(cx, SAID).invalid(wrong).page(
        cx,
        maud! {
            (parts::section("roles", "Your roles", &roles))
            (parts::section("words", "Your words", maud! { p { "What you said that others want to publish, or have: " a href="/your-words" { "see it, and take it back" } "." } }))
            p { a href="/calendar" { "Events in your calendar" } }
            (parts::section("sessions", "Where you are signed in", &sessions))
            @if person.email.is_some() {
                (parts::section("password-change", if has_password { "Change your password" } else { "Set a password" }, form::form("/account/password", &cx.form_keys(), maud! {
                    @if has_password { (form::password(old)) }
                    (form::password(new))
                    (form::button("Save the password"))
                })))
            }
        },
    ))
}

async fn load(cx: &Cx) -> Result<person::Model, Stop> {
    person::Entity::find_by_id(cx.person()?).one(cx.read()).await.map_err(fault("load a person"))?.ok_or(Stop::Missing)
}

async fn roles(cx: &Cx) -> Result<Html, Stop> {
    let mut rows = Vec::new();
    for held in &cx.viewer().held {
        let place = match held.place {
            Some(id) => place::Entity::find_by_id(id).one(cx.read()).await.map_err(fault("load a place"))?,
            None => None,
        };
        let role = held.programme.role_name(&held.role).to_string();
        rows.push(vec![
            Cell::text(role).head(),
            Cell::text(place.map_or_else(|| "The whole programme".to_string(), |p| p.name)),
            Cell::link(&held.programme.href(), &held.programme.name),
        ]);
    }
    Ok(match rows.is_empty() {
        true => ui::html(
            maud! { p { "You hold no role today. What you wrote is kept; to read it again, somebody has to appoint you." } },
        ),
        false => Table::new("Roles you hold today", &["Role", "For", "Programme"], rows).quiet().html(),
    })
}

async fn sessions(cx: &Cx) -> Result<Html, Stop> {
    let mine = session::Entity::find()
        .filter(session::COLUMN.person_id.eq(cx.person()?))
        .filter(session::COLUMN.ended_at.is_null())
        .filter(session::COLUMN.expires_at.gt(cx.now()))
        .order_by_desc(session::Column::SeenAt)
        .order_by_desc(session::Column::Id)
        .all(cx.read())
        .await
        .map_err(fault("list sessions"))?;
    let here = cx.viewer().signed_in.as_ref().map(|s| s.session);
    let keys = cx.form_keys();
    let rows = mine.iter().map(|s| {
        let end = if Some(s.id) == here {
            Cell::text("This browser")
        } else {
            let action = format!("/account/sessions/{}/end", s.id);
            Cell::html(form::form(&action, &keys, form::secondary_button("Sign out there")))
        };
        vec![Cell::text(&s.device).head(), Cell::text(s.created_at.to_string()), Cell::text(s.seen_at.to_string()), end]
    });
    Ok(Table::new("Browsers in which you are signed in", &["Browser", "Signed in", "Last here, about", "End it"], rows.collect())
        .quiet()
        .html())
}

pub(super) async fn change_password(act: Act) -> Answer {
    let person = load(&act).await?;
    let (old, new) = (act.form.untouched("password").to_string(), act.form.untouched("new_password").to_string());
    let email = person.email.clone().ok_or(Stop::Missing)?;
    let mut wrong = Invalid::default();
    if person.password_hash.is_some() {
        if let Some(until) = super::throttle::attempt(&act, &email).await? {
            wrong.add("password", format!("There were too many attempts. Wait until {}", until.clock_time()));
        } else if !passwords::is_right(old, person.password_hash.clone()).await? {
            wrong.add("password", "This is not your password now");
        } else {
            super::throttle::was_right(&act, &email).await?;
        }
    }
    if let Some(weak) = passwords::too_weak(&new, &person.name, &email) {
        wrong.add("new_password", weak);
    }
    if !wrong.is_empty() {
        return show(&act, &wrong).await;
    }
    let password_hash = Some(passwords::hash(new).await?);
    let mut write = act.write("change the password").await?;
    let before = write.lock::<person::Entity>(person.id).await?.ok_or(Stop::Missing)?;
    write.replace(&before, person::Model { password_hash, ..before.clone() }).await?;
    let here = act.viewer().signed_in.as_ref().map(|s| s.session);
    let others =
        session::Entity::find().filter(session::COLUMN.person_id.eq(person.id)).filter(session::COLUMN.ended_at.is_null());
    for other in others.all(write.tx()).await.map_err(fault("list sessions"))? {
        if Some(other.id) != here {
            let ended = session::Model { ended_at: Some(write.at()), ..other.clone() };
            write.replace(&other, ended).await?;
        }
    }
    act.save(write, "/account?done=password").await
}

pub(super) async fn end_session(act: Act) -> Answer {
    let id: SessionId = act.param("session").parse().map_err(|_| Stop::Missing)?;
    let mut write = act.write("sign out elsewhere").await?;
    let row =
        write.lock::<session::Entity>(id).await?.filter(|s| Some(s.person_id) == act.viewer().person()).ok_or(Stop::Missing)?;
    if row.ended_at.is_none() {
        let ended = session::Model { ended_at: Some(write.at()), ..row.clone() };
        write.replace(&row, ended).await?;
    }
    act.save(write, "/account?done=ended").await
}
