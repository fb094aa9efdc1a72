//! Somebody invited opens the link from the mail, gives their name and chooses a password.

use kernel::Invalid;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{appointment, person};
use ui::form::{self, Field};

use super::{passwords, sessions, sign_in};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Stop};

pub(super) async fn form(cx: Cx) -> Answer {
    let ticket =
        sessions::ticket(cx.read(), cx.param("ticket"), "invitation", cx.now()).await?.ok_or_else(|| sign_in::spent("/"))?;
    let person = person::Entity::find_by_id(ticket.person_id)
        .one(cx.read())
        .await
        .map_err(fault("load a person"))?
        .ok_or(Stop::Missing)?;
    page(&cx, &person, &person.name, &Invalid::default())
}

fn page(cx: &Cx, person: &person::Model, name: &str, wrong: &Invalid) -> Answer {
    let action = format!("/invitations/{}", cx.param("ticket"));
    let name = Field::new("name", "Your name")
        .hint("As others in the programme should see it.")
        .value(name)
        .autocomplete("name")
        .error(wrong.of("name"));
    let password = Field::new("new_password", "A password")
        .hint("At least 12 characters. Three or four words that only you would put together are good.")
        .autocomplete("new-password")
        .error(wrong.of("new_password"));
    let lead = format!(
        "You are invited as {}. Choose how you are named and how you sign in.",
        person.email.as_deref().unwrap_or("a new person")
    );
    Ok(Draft::new("Welcome").lead(lead).invalid(wrong).page(
        cx,
        maud! {
            (form::form(&action, &cx.form_keys(), maud! {
                (form::text(name))
                (form::password(password))
                (form::button("Accept the invitation"))
            }))
        },
    ))
}

pub(super) async fn accept(act: Act) -> Answer {
    let secret = act.param("ticket").to_string();
    let ticket = sessions::ticket(act.read(), &secret, "invitation", act.now()).await?.ok_or_else(|| sign_in::spent("/"))?;
    let person = person::Entity::find_by_id(ticket.person_id)
        .one(act.read())
        .await
        .map_err(fault("load a person"))?
        .ok_or(Stop::Missing)?;
    let (name, password) = (act.form.get("name").to_string(), act.form.untouched("new_password").to_string());
    let mut wrong = Invalid::default();
    if name.is_empty() || name.chars().count() > 120 {
        wrong.add("name", "Enter your name, in at most 120 characters");
    }
    if let Some(weak) = passwords::too_weak(&password, &name, person.email.as_deref().unwrap_or("")) {
        wrong.add("new_password", weak);
    }
    if !wrong.is_empty() {
        return page(&act, &person, &name, &wrong);
    }
    let password_hash = Some(passwords::hash(password).await?);
    let mut write = act.write_as(Some(person.id), "accept an invitation").await?;
    sessions::use_ticket(&mut write, &secret, "invitation").await?.ok_or_else(|| sign_in::spent("/"))?;
    let before = write.lock::<person::Entity>(person.id).await?.ok_or(Stop::Missing)?;
    write.replace(&before, person::Model { name, password_hash, ..before.clone() }).await?;
    // A person belongs to no programme; the roles they are invited to do, and their programmes’ journals tell of it.
    let roles = appointment::Entity::find()
        .filter(appointment::COLUMN.person_id.eq(person.id))
        .filter(appointment::COLUMN.ended_at.is_null())
        .order_by_asc(appointment::Column::Id);
    for role in roles.all(write.tx()).await.map_err(fault("list roles"))? {
        write.note(&role);
    }
    Ok(sessions::start(&act, write, person.id, "/").await?)
}
