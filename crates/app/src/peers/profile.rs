//! What somebody says of themselves to those who read the channel: what they work on, what they can help with and what they look
//! for; and how to reach them, only where they choose so, and no longer than that.

use std::collections::HashMap;

use kernel::{Fault, Invalid};
use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{PeerProfileId, PersonId, ProgrammeId, ThemeId, peer_profile, person};
use ui::form::{self, Choice, Field};
use ui::parts;

use super::channel::{self, Channel, MOST_PEOPLE};
use super::topics;
use crate::entries;
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Form, Stop};
use crate::learning::Vocabulary;

const LONGEST: usize = 2_000;
const LONGEST_CONTACT: usize = 500;
const SAID: &[(&str, &str)] = &[("saved", "Saved. This is what the others see from now on.")];

/// A profile with its themes as they stand now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Profile {
    pub works_on: String,
    pub offers: String,
    pub seeks: String,
    pub works: Vec<ThemeId>,
    pub offered: Vec<ThemeId>,
    pub sought: Vec<ThemeId>,
    pub contact: String,
}

impl Profile {
    fn of(row: &peer_profile::Model, vocabulary: &Vocabulary) -> Self {
        let themes = |text: &str| topics::standing(vocabulary, topics::split(text));
        Self {
            works_on: row.works_on.clone(),
            offers: row.offers.clone(),
            seeks: row.seeks.clone(),
            works: themes(&row.works_themes),
            offered: themes(&row.offers_themes),
            sought: themes(&row.seeks_themes),
            contact: row.contact.clone(),
        }
    }
    /// There is nothing in it to show.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
    /// Everything that it is about.
    pub fn themes(&self) -> impl Iterator<Item = ThemeId> + '_ {
        self.works.iter().chain(&self.offered).chain(&self.sought).copied()
    }
}

/// What people have said of themselves in a programme. Whoever shows it shows that of those who read the channel now.
pub(super) async fn all(
    db: &impl ConnectionTrait,
    programme: ProgrammeId,
    vocabulary: &Vocabulary,
) -> Result<HashMap<PersonId, Profile>, Fault> {
    let found = peer_profile::Entity::find().filter(peer_profile::COLUMN.programme_id.eq(programme)).limit(MOST_PEOPLE);
    let found = found.all(db).await.map_err(fault("list profiles"))?;
    let profiles = found.into_iter().map(|row| (row.person_id, Profile::of(&row, vocabulary)));
    Ok(profiles.filter(|(_, profile)| !profile.is_empty()).collect())
}

async fn row_of(db: &impl ConnectionTrait, programme: ProgrammeId, me: PersonId) -> Result<Option<peer_profile::Model>, Fault> {
    let mine = peer_profile::Entity::find()
        .filter(peer_profile::COLUMN.programme_id.eq(programme))
        .filter(peer_profile::COLUMN.person_id.eq(me));
    mine.one(db).await.map_err(fault("load a profile"))
}

/// `/programmes/{programme}/peers/me`
pub(super) async fn form(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let channel = channel::open(&cx, &programme)?;
    let vocabulary = Vocabulary::load(cx.read(), programme.id).await?;
    let row = row_of(cx.read(), programme.id, cx.person()?).await?;
    let profile = row.map(|row| Profile::of(&row, &vocabulary)).unwrap_or_default();
    let shows = !profile.contact.is_empty();
    page(&cx, (&channel, &vocabulary), (&profile, shows), &Invalid::default()).await
}

async fn page(
    cx: &Cx,
    (channel, vocabulary): (&Channel<'_>, &Vocabulary),
    (profile, shows): (&Profile, bool),
    wrong: &Invalid,
) -> Answer {
    let line = entries::who_reads(cx, channel.circle, None).await?;
    let words = |name, label, value, hint| {
        form::long_text(Field::new(name, label).hint(hint).value(value).error(wrong.of(name)).optional(), 3)
    };
    let themes = |name, label, chosen: &[ThemeId]| {
        topics::boxes(vocabulary, Field::new(name, label).error(wrong.of(name)).optional(), chosen)
    };
    let shows = [Choice::new("yes", "Show it to those who read this channel").checked(shows)];
    let contact = Field::new("contact", "How to reach me")
        .hint("In your words: an address, a number, when it suits you. Without the tick below it is not kept.")
        .value(&profile.contact)
        .error(wrong.of("contact"))
        .optional();
    let draft = Draft::new("What I say of myself").crumb(&channel.programme.name, channel.programme.href());
    let draft = draft.crumb("Who works on what", format!("{}/peers", channel.programme.href())).done(cx, SAID).invalid(wrong);
    Ok(draft.lead("So that people of other places find you. Write as much or as little as you like.").page(
        cx,
        maud! {
            (line)
            (form::form(cx.path(), &cx.form_keys(), maud! {
                (words("works_on", "What I work on", &profile.works_on, "A line or two is enough."))
                (themes("works_themes", "Topics of what I work on", &profile.works))
                (words("offers", "What I can help others with", &profile.offers, "Something you have done, know or could show."))
                (themes("offers_themes", "Topics that I can help with", &profile.offered))
                (words("seeks", "What I look for help with", &profile.seeks, "Whatever you would like to ask somebody who has done it."))
                (themes("seeks_themes", "Topics that I look for help with", &profile.sought))
                (form::long_text(contact, 2))
                (form::checkboxes(Field::new("shows_contact", "Whether others see how to reach me").hint("In this programme only. Take the tick away, and it is gone at once.").optional(), &shows))
                (form::button("Save"))
            }))
            @if vocabulary.themes.is_empty() {
                (parts::inset(maud! { p { "There are no topics to choose yet: they are the themes of this programme, and those who keep them have added none." } }))
            }
        },
    ))
}

fn typed(form: &Form, vocabulary: &Vocabulary, wrong: &mut Invalid) -> (Profile, bool) {
    let text = |name: &str| form.get(name).to_string();
    let shows = form.get("shows_contact") == "yes";
    let profile = Profile {
        works_on: text("works_on"),
        offers: text("offers"),
        seeks: text("seeks"),
        works: topics::ticked(vocabulary, form, "works_themes", wrong),
        offered: topics::ticked(vocabulary, form, "offers_themes", wrong),
        sought: topics::ticked(vocabulary, form, "seeks_themes", wrong),
        contact: text("contact"),
    };
    for (name, value, most) in [
        ("works_on", &profile.works_on, LONGEST),
        ("offers", &profile.offers, LONGEST),
        ("seeks", &profile.seeks, LONGEST),
        ("contact", &profile.contact, LONGEST_CONTACT),
    ] {
        let many = value.chars().count();
        if many > most {
            wrong.add(name, format!("Shorten this to {most} characters; it has {many}"));
        }
    }
    if shows && profile.contact.is_empty() {
        wrong.add("contact", "Write how people reach you, or take the tick away");
    }
    (profile, shows)
}

pub(super) async fn save(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let channel = channel::open(&act, &programme)?;
    let vocabulary = Vocabulary::load(act.read(), programme.id).await?;
    let mut wrong = Invalid::default();
    let (profile, shows) = typed(&act.form, &vocabulary, &mut wrong);
    if !wrong.is_empty() {
        return page(&act, (&channel, &vocabulary), (&profile, shows), &wrong).await;
    }
    let me = act.person()?;
    let mut write = act.write("say what one works on").await?;
    // One after the other, so that there is one of each person.
    write.lock::<person::Entity>(me).await?.ok_or(Stop::Missing)?;
    let before = row_of(write.tx(), programme.id, me).await?;
    let after = peer_profile::Model {
        id: before.as_ref().map_or_else(|| PeerProfileId(write.id()), |row| row.id),
        programme_id: programme.id,
        person_id: me,
        works_on: profile.works_on,
        offers: profile.offers,
        seeks: profile.seeks,
        works_themes: topics::joined(&profile.works),
        offers_themes: topics::joined(&profile.offered),
        seeks_themes: topics::joined(&profile.sought),
        contact: if shows { profile.contact } else { String::new() },
        changed_at: write.at(),
    };
    match &before {
        Some(before) => drop(write.replace(before, after).await?),
        None => drop(write.insert(after).await?),
    }
    act.save(write, &format!("{}/peers/me?done=saved", programme.href())).await
}
