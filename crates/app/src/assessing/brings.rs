//! What somebody brings to reading: their sector, lived experience, and how much they can read. Those who run the call
//! note it when they add an assessor; from then on the assessor says it for themselves.

use kernel::Invalid;
use store::Write;
use tables::{assessor, call};
use ui::form::{self, Choice, Field};
use ui::{Html, html, parts};

use super::people::assessors;
use crate::calls::{href, sectors};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form, Stop};

/// Nobody reads more than this.
const MOST: i32 = 1000;
const SAID: &[(&str, &str)] = &[("saved", "Saved. The next allocation goes by it.")];

#[derive(Debug, Clone, Default)]
pub(super) struct Brings {
    sector: String,
    lived: bool,
    most: String,
}

impl Brings {
    pub fn of(form: &Form) -> Self {
        let text = |name| form.get(name).to_string();
        Self { sector: text("sector"), lived: form.get("lived") == "yes", most: text("most") }
    }
    pub fn known(row: &assessor::Model) -> Self {
        let most = row.most.map(|m| m.to_string()).unwrap_or_default();
        Self { sector: row.sector.clone(), lived: row.lived_experience, most }
    }
    /// How much they can read, where they say so.
    fn most(&self) -> Option<i32> {
        self.most.parse().ok().filter(|most| (1..=MOST).contains(most))
    }
    pub fn check(&self, wrong: &mut Invalid) {
        if !sectors().iter().any(|s| s.value == self.sector) {
            wrong.add("sector", "Choose the sector");
        }
        if !self.most.is_empty() && self.most().is_none() {
            wrong.add("most", "Enter a number from 1 to 1000, or nothing");
        }
    }
    pub fn put_on(self, row: assessor::Model) -> assessor::Model {
        let most = self.most();
        assessor::Model { sector: self.sector, lived_experience: self.lived, most, ..row }
    }
    /// The questions, put to the assessor or to somebody who notes it for them.
    pub fn fields(&self, wrong: &Invalid, own: bool) -> Html {
        let (sector, lived, most) = match own {
            true => {
                ("Which sector do you come from?", "I have lived experience of what the call is about", "The most you can read")
            }
            false => (
                "Which sector do they come from?",
                "They have lived experience of what the call is about",
                "The most they can read",
            ),
        };
        let hint = match own {
            true => "Only if you want to say so. Only those who run the call see it.",
            false => "Only as they say it themselves. Only those who run the call see it.",
        };
        let lived = [Choice::new("yes", lived).checked(self.lived)];
        let most_hint = if own { "A number, or nothing." } else { "A number, or nothing where they said none." };
        html(maud! {
            (form::radios(Field::new("sector", sector).value(&self.sector).error(wrong.of("sector")), &sectors()))
            (form::checkboxes(Field::new("lived", "Lived experience").hint(hint).error(wrong.of("lived")).optional(), &lived))
            (form::text(Field::new("most", most).hint(most_hint).value(&self.most).error(wrong.of("most")).width(4).inputmode("numeric").optional()))
        })
    }
}

/// The viewer among those who read for the call, where they have been added and have not dropped out.
async fn mine(cx: &Cx) -> Result<Option<assessor::Model>, Stop> {
    let me = cx.person()?;
    let all = assessors(cx.read(), cx.call()?).await?;
    Ok(all.into_iter().find(|a| a.person_id == me && a.left_at.is_none()))
}

pub(super) async fn page(cx: Cx) -> Answer {
    let mine = mine(&cx).await?;
    show(&cx, mine.as_ref().map(Brings::known), &Invalid::default())
}

fn show(cx: &Cx, brings: Option<Brings>, wrong: &Invalid) -> Answer {
    let (programme, call) = (cx.programme()?.clone(), cx.call()?.clone());
    let home = href(&programme, &call);
    let draft = Draft::new("What you bring")
        .lead("Each application is read by people of different sectors, some of them with lived experience.")
        .done(cx, SAID)
        .invalid(wrong)
        .crumb(&programme.name, programme.href())
        .crumb(&call.name, &home);
    let body = match &brings {
        None => parts::empty_state(
            "You are not among this call’s assessors",
            "Those who run the call add you. From then on you can say here what you bring.",
            None,
        ),
        Some(brings) => form::form(cx.path(), &cx.form_keys(), maud! { (brings.fields(wrong, true)) (form::button("Save")) }),
    };
    Ok(draft.crumb("What you are to read", format!("{home}/reading")).page(cx, body))
}

pub(super) async fn save(act: Act) -> Answer {
    let call = act.call()?.clone();
    let brings = Brings::of(&act.form);
    let mut wrong = Invalid::default();
    brings.check(&mut wrong);
    let Some(mine) = mine(&act).await? else {
        return Err(Stop::forbidden("You are not among this call’s assessors", "Those who run the call add you."));
    };
    if !wrong.is_empty() {
        return show(&act, Some(brings), &wrong);
    }
    let mut write = act.write("say what an assessor brings").await?;
    let before = locked(&write, &call, &mine).await?;
    let after = brings.put_on(before.clone());
    if after != before {
        write.replace(&before, after).await?;
    }
    act.save(write, &format!("{}?done=saved", act.path())).await
}

async fn locked(write: &Write, call: &call::Model, mine: &assessor::Model) -> Result<assessor::Model, Stop> {
    // An allocation that is worked out at this moment goes by one answer or the other.
    write.lock::<call::Entity>(call.id).await?.ok_or(Stop::Missing)?;
    write.lock::<assessor::Entity>(mine.id).await?.filter(|a| a.left_at.is_none()).ok_or(Stop::Missing)
}
