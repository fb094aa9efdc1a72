//! How often somebody hears by mail what is said in the channel, and when they want to be left alone.

use kernel::{Fault, Invalid};
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{MailChoiceId, PersonId, ProgrammeId, mail_choice, person};
use ui::form::{self, Choice, Field};
use ui::parts;

use super::channel::{self, Channel};
use super::digest;
use super::quiet::{DAYS, Rhythm, time_words, typed_time};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Stop};

const SAID: &[(&str, &str)] = &[("saved", "Saved. It holds from now on.")];

struct Typed {
    rhythm: String,
    from: String,
    to: String,
    off: Vec<String>,
}

pub(super) async fn row_of(
    db: &impl ConnectionTrait,
    programme: ProgrammeId,
    me: PersonId,
) -> Result<Option<mail_choice::Model>, Fault> {
    let mine = mail_choice::Entity::find()
        .filter(mail_choice::COLUMN.programme_id.eq(programme))
        .filter(mail_choice::COLUMN.person_id.eq(me));
    mine.one(db).await.map_err(fault("load what somebody hears"))
}

/// `/programmes/{programme}/peers/mail`
pub(super) async fn form(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let channel = channel::open(&cx, &programme)?;
    let row = row_of(cx.read(), programme.id, cx.person()?).await?;
    let typed = match &row {
        Some(row) => Typed {
            rhythm: row.rhythm.clone(),
            from: time_words(row.quiet_from),
            to: time_words(row.quiet_to),
            off: row.days_off.split(' ').map(str::to_string).collect(),
        },
        None => Typed { rhythm: Rhythm::Named.key().into(), from: String::new(), to: String::new(), off: Vec::new() },
    };
    page(&cx, &channel, &typed, &Invalid::default())
}

fn page(cx: &Cx, channel: &Channel<'_>, typed: &Typed, wrong: &Invalid) -> Answer {
    let rhythms: Vec<Choice> = Rhythm::ALL
        .iter()
        .map(|one| Choice::new(one.key(), one.words().0).hint(one.words().1).checked(one.key() == typed.rhythm))
        .collect();
    let days: Vec<Choice> =
        DAYS.iter().map(|(key, name)| Choice::new(*key, *name).checked(typed.off.iter().any(|off| off == key))).collect();
    let time = |name, label, hint, value| {
        form::text(Field::new(name, label).hint(hint).value(value).error(wrong.of(name)).optional().width(5))
    };
    let draft = Draft::new("What you hear by mail").crumb(&channel.programme.name, channel.programme.href());
    let draft = draft.crumb("Channel", channel.href()).done(cx, SAID).invalid(wrong);
    Ok(draft.lead("Of the channel of this programme. A mail says what there is and where, and holds none of its words.").page(
        cx,
        maud! {
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (form::radios(Field::new("rhythm", "How often").error(wrong.of("rhythm")), &rhythms))
                (time("quiet_from", "No mail from", "In London time, like 20:00. What there is by then goes once these hours are over.", &typed.from))
                (time("quiet_to", "until", "Like 7:30.", &typed.to))
                (form::checkboxes(Field::new("days_off", "Days without mail").error(wrong.of("days_off")).optional(), &days))
                (form::button("Save"))
            }))
            (parts::inset(maud! { p { "A single thread can be followed or muted on its own page." } }))
        },
    ))
}

pub(super) async fn save(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let channel = channel::open(&act, &programme)?;
    let text = |name: &str| act.form.get(name).to_string();
    let off = act.form.all("days_off").map(str::to_string).collect();
    let typed = Typed { rhythm: text("rhythm"), from: text("quiet_from"), to: text("quiet_to"), off };
    let mut wrong = Invalid::default();
    let rhythm = Rhythm::of(&typed.rhythm);
    if rhythm.is_none() {
        wrong.add("rhythm", "Choose how often you want to hear");
    }
    let mut time = |name: &'static str, text: &str| match typed_time(text) {
        Ok(at) => at,
        Err(()) => {
            wrong.add(name, "Enter a time, like 20:00, or leave it empty");
            None
        }
    };
    let (from, to) = (time("quiet_from", &typed.from), time("quiet_to", &typed.to));
    if wrong.is_empty() && from.is_some() != to.is_some() {
        wrong.add(if from.is_some() { "quiet_to" } else { "quiet_from" }, "Enter both times, or neither");
    }
    if wrong.is_empty() && from.is_some() && from == to {
        wrong.add("quiet_to", "Enter another time than the first, or leave both empty");
    }
    if DAYS.iter().all(|(key, _)| typed.off.iter().any(|off| off == key)) {
        wrong.add("days_off", "Leave one day for mail, or choose “Nothing” above");
    }
    let Some(rhythm) = rhythm.filter(|_| wrong.is_empty()) else { return page(&act, &channel, &typed, &wrong) };
    let off: Vec<&str> = DAYS.iter().map(|(key, _)| *key).filter(|key| typed.off.iter().any(|off| off == key)).collect();
    let me = act.person()?;
    let mut write = act.write("choose what one hears by mail").await?;
    write.lock::<person::Entity>(me).await?.ok_or(Stop::Missing)?;
    let before = row_of(write.tx(), programme.id, me).await?;
    // What they chose to hear before and were not told yet is told; else it begins with what comes from now on.
    let goes_on = match &before {
        Some(before) if digest::waits(act.app(), &programme, before, act.now()).await? => Some(before),
        _ => None,
    };
    let after = mail_choice::Model {
        id: before.as_ref().map_or_else(|| MailChoiceId(write.id()), |row| row.id),
        programme_id: programme.id,
        person_id: me,
        rhythm: rhythm.key().into(),
        quiet_from: from,
        quiet_to: to,
        days_off: off.join(" "),
        told_until: goes_on.map_or_else(|| write.at(), |before| before.told_until),
        changed_at: write.at(),
    };
    match &before {
        Some(before) => drop(write.replace(before, after).await?),
        None => drop(write.insert(after).await?),
    }
    act.save(write, &format!("{}/peers/mail?done=saved", programme.href())).await
}
