//! Somebody who holds no role makes an account: to apply, together with others, to an open call.

use kernel::Invalid;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{PersonId, person};
use ui::form::{self, Field};

use super::next::{local, with_next};
use super::{appoint, mail, sessions, throttle};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft};

/// A day: long enough to be read on another machine.
const LINK_LASTS_SECONDS: i64 = 24 * 3600;
const SAID: &[(&str, &str)] = &[("sent", "We have sent a link to that address. Open it to go on. It works once, for a day.")];

pub(super) async fn form(cx: Cx) -> Answer {
    page(&cx, "", "", cx.query("next"), &Invalid::default())
}

fn page(cx: &Cx, name: &str, email: &str, next: &str, wrong: &Invalid) -> Answer {
    let field = |of: &'static str, label, hint, value| Field::new(of, label).hint(hint).value(value).error(wrong.of(of));
    let name = field("name", "Your name", "As those you write with should see it.", name).autocomplete("name");
    let email = field("email", "Your e-mail address", "We send you a link. You need no password.", email).autocomplete("email");
    let lead = "With an account you can write an application together with others. It takes a minute.";
    Ok(Draft::new("Make an account").lead(lead).done(cx, SAID).invalid(wrong).page(
        cx,
        maud! {
            (form::form("/join", &cx.form_keys(), maud! {
                (form::hidden("next", next))
                (form::text(name))
                (form::email(email))
                (form::button("Send me a link"))
            }))
            p { "You have an account already? " a href=(with_next("/sign-in", next)) { "Sign in" } "." }
        },
    ))
}

/// Says the same whether there was an account or not, so that nobody can find out who has one.
pub(super) async fn save(act: Act) -> Answer {
    let (name, next) = (act.form.get("name").to_string(), local(act.form.get("next")).to_string());
    let email = act.form.get("email").to_lowercase();
    let mut wrong = Invalid::default();
    if name.is_empty() || name.chars().count() > 120 {
        wrong.add("name", "Enter your name, in at most 120 characters");
    }
    if !appoint::looks_like_an_address(&email) {
        wrong.add("email", "Enter your e-mail address, like name@example.org");
    }
    if wrong.is_empty() && throttle::attempt(&act, &format!("link {email}")).await?.is_some() {
        wrong.add("email", "Several links were sent to this address just now. Use the newest, or wait a quarter of an hour");
    }
    if !wrong.is_empty() {
        return page(&act, &name, &email, &next, &wrong);
    }
    let mut write = act.write("make an account").await?;
    let known = person::Entity::find().filter(person::COLUMN.email.eq(email.as_str())).one(write.tx()).await;
    let id = match known.map_err(fault("look for a person"))? {
        Some(known) => known.id,
        None => {
            let (id, created_at) = (PersonId(write.id()), write.at());
            let email = Some(email.clone());
            write.insert(person::Model { id, name, email, password_hash: None, practice: false, created_at }).await?.id
        }
    };
    let secret = act.secret();
    sessions::new_ticket(&mut write, &secret, id, "sign-in", LINK_LASTS_SECONDS).await?;
    let until = write.at().plus_seconds(LINK_LASTS_SECONDS);
    let (subject, text) = mail::sign_in_link(&act.app().settings.address, &secret, &next, until);
    write.mail(&email, subject, text).await?;
    act.save(write, &with_next("/join?done=sent", &next)).await
}
