//! Signing in with a password or with a link sent by mail, and out.

use axum::http::StatusCode;
use kernel::Invalid;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{person, session};
use ui::form::{self, Field};
use ui::parts;

use super::next::with_next;
use super::{demonstration, mail, passwords, sessions, throttle};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Stop, see_other};

const LINK_LASTS_SECONDS: i64 = 30 * 60;
const SAID: &[(&str, &str)] = &[
    ("link", "If that address has an account, a link is on its way to it. It works once, for half an hour."),
    ("out", "You are signed out."),
];

pub(super) async fn form(cx: Cx) -> Answer {
    page(&cx, "", cx.query("next"), &Invalid::default()).await
}

async fn page(cx: &Cx, email: &str, next: &str, wrong: &Invalid) -> Answer {
    let keys = cx.form_keys();
    let demonstration = demonstration::buttons(cx, next).await?;
    let address = Field::new("email", "E-mail address").value(email).autocomplete("username").error(wrong.of("email"));
    let password = Field::new("password", "Password").autocomplete("current-password").error(wrong.of("password"));
    let draft =
        Draft::new("Sign in").lead("For people who hold a role in a programme. Everything public is open without signing in.");
    Ok(draft.done(cx, SAID).invalid(wrong).page(
        cx,
        maud! {
            @if let Some(demonstration) = &demonstration { (demonstration) }
            (parts::section("with-password", "With your password", form::form("/sign-in", &keys, maud! {
                (form::hidden("next", next))
                (form::email(address))
                (form::password(password))
                (form::button("Sign in"))
            })))
            (parts::section("with-link", "With a link sent to you", form::form("/sign-in/link", &cx.form_keys(), maud! {
                (form::hidden("next", next))
                (form::email(Field::new("link_email", "E-mail address to send a link to").autocomplete("email").error(wrong.of("link_email"))))
                (form::secondary_button("Send me a link"))
            })))
        },
    ))
}

pub(super) async fn with_password(act: Act) -> Answer {
    let (email, next) = (act.form.get("email").to_lowercase(), act.form.get("next").to_string());
    let password = act.form.untouched("password").to_string();
    let mut wrong = Invalid::default();
    if !email.contains('@') {
        wrong.add("email", "Enter your e-mail address, like name@example.org");
    }
    if password.is_empty() {
        wrong.add("password", "Enter your password");
    }
    if !wrong.is_empty() {
        return page(&act, &email, &next, &wrong).await;
    }
    if let Some(until) = throttle::attempt(&act, &email).await? {
        return page(&act, &email, &next, &Invalid::one("email", wait(until))).await.map(too_many);
    }
    let known = person::Entity::find()
        .filter(person::COLUMN.email.eq(email.as_str()))
        .one(act.read())
        .await
        .map_err(fault("load a person"))?;
    let right = passwords::is_right(password, known.as_ref().and_then(|p| p.password_hash.clone())).await?;
    match known.filter(|_| right) {
        Some(person) => {
            throttle::was_right(&act, &email).await?;
            let write = act.write_as(Some(person.id), "sign in").await?;
            Ok(sessions::start(&act, write, person.id, &next).await?)
        }
        None => {
            page(
                &act,
                &email,
                &next,
                &Invalid::one(
                    "email",
                    "No account has this address and password together. Check both, or have a link sent to you",
                ),
            )
            .await
        }
    }
}

fn wait(until: kernel::Moment) -> String {
    format!("There were too many attempts. Wait until {}, or have a link sent to you", until.clock_time())
}

fn too_many(mut response: axum::response::Response) -> axum::response::Response {
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    response
}

/// Says the same whether there is an account or not, so that nobody can find out who has one.
pub(super) async fn ask_for_link(act: Act) -> Answer {
    let (email, next) = (act.form.get("link_email").to_lowercase(), act.form.get("next"));
    if !email.contains('@') {
        return page(&act, "", next, &Invalid::one("link_email", "Enter your e-mail address, like name@example.org")).await;
    }
    if let Some(until) = throttle::attempt(&act, &format!("link {email}")).await? {
        return page(&act, "", next, &Invalid::one("link_email", wait(until))).await.map(too_many);
    }
    let mut write = act.write("ask for a link").await?;
    let known = person::Entity::find()
        .filter(person::COLUMN.email.eq(email.as_str()))
        .one(write.tx())
        .await
        .map_err(fault("load a person"))?;
    if let Some(person) = known {
        let secret = act.secret();
        sessions::new_ticket(&mut write, &secret, person.id, "sign-in", LINK_LASTS_SECONDS).await?;
        let until = write.at().plus_seconds(LINK_LASTS_SECONDS);
        let (subject, text) = mail::sign_in_link(&act.app().settings.address, &secret, next, until);
        write.mail(&email, subject, text).await?;
    }
    act.save(write, &with_next("/sign-in?done=link", next)).await
}

/// Opening the link only shows a button: mail programmes open links by themselves, and must not use them up.
pub(super) async fn link(cx: Cx) -> Answer {
    let (secret, next) = (cx.param("ticket"), cx.query("next"));
    if sessions::ticket(cx.read(), secret, "sign-in", cx.now()).await?.is_none() {
        return Err(spent(next));
    }
    let action = format!("/sign-in/link/{secret}");
    Ok(Draft::new("Sign in").lead("Your link is good. It works once.").page(
        &cx,
        maud! {
            (form::form(&action, &cx.form_keys(), maud! {
                (form::hidden("next", next))
                (form::button("Sign in"))
            }))
        },
    ))
}

/// The link does not work any more. A new one leads where this one would have.
pub(super) fn spent(next: &str) -> Stop {
    Stop::Refused {
        status: StatusCode::GONE,
        title: "This link has been used, or has run out".into(),
        why: "A link works once and only for a while. Ask for a new one.".into(),
        next: Some(("Sign in".into(), with_next("/sign-in", next))),
    }
}

pub(super) async fn with_link(act: Act) -> Answer {
    let next = act.form.get("next");
    let mut write = act.write("sign in by a link").await?;
    let person = sessions::use_ticket(&mut write, act.param("ticket"), "sign-in").await?.ok_or_else(|| spent(next))?;
    Ok(sessions::start(&act, write, person, next).await?)
}

pub(super) async fn out(act: Act) -> Answer {
    if let Some(current) = &act.viewer().signed_in {
        let mut write = act.write("sign out").await?;
        if let Some(row) = write.lock::<session::Entity>(current.session).await? {
            let ended = session::Model { ended_at: Some(write.at()), ..row.clone() };
            write.replace(&row, ended).await?;
        }
        write.save().await?;
    }
    let mut response = see_other("/sign-in?done=out");
    sessions::set_cookie(&mut response, &act.session_cookie("", 0));
    Ok(response)
}
