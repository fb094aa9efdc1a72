//! Somebody begins a conversation: a thread, an ask or an offer, with what it is about and whom they tell.

use design::PeerPart;
use kernel::Invalid;
use tables::{PersonId, ThemeId};
use ui::form::{self, Field};
use ui::parts::{self, FilterGroup, FilterOption};

use super::channel::{self, Channel, ROOTS};
use super::{mentions, topics};
use crate::entries::{self, EntryOffer, EntryTyped};
use crate::ground::html::*;
use crate::ground::{Act, Answer, Cx, Draft, Stop};
use crate::learning::Vocabulary;

/// What the viewer can begin here.
fn offers<'a>(cx: &'a Cx, channel: &Channel<'a>) -> Result<Vec<EntryOffer<'a>>, Stop> {
    let mut offers = channel.offers(cx);
    offers.retain(|offer| offer.kind.peer_part().is_some_and(|part| ROOTS.contains(&part)));
    match offers.is_empty() {
        true => Err(Stop::forbidden("Others write in this channel", "Your roles read it, and do not write in it.")),
        false => Ok(offers),
    }
}

/// What is typed beside the words.
#[derive(Default)]
struct Beside {
    themes: Vec<ThemeId>,
    told: Vec<PersonId>,
}

/// `/programmes/{programme}/channel/new`
pub(super) async fn form(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let channel = channel::open(&cx, &programme)?;
    let offers = offers(&cx, &channel)?;
    let asked = offers.iter().find(|offer| offer.kind.key == cx.query("kind"));
    let offer = asked.or(offers.first()).ok_or(Stop::Missing)?;
    let vocabulary = Vocabulary::load(cx.read(), programme.id).await?;
    let topic = topics::asked(&cx, &vocabulary).map(|(id, _)| id);
    let beside = Beside { themes: topic.into_iter().collect(), ..Beside::default() };
    page(&cx, (&channel, &vocabulary), &offers, offer, (&EntryTyped::default(), &beside, &Invalid::default())).await
}

const fn verb(part: Option<PeerPart>) -> (&'static str, &'static str) {
    match part {
        Some(PeerPart::Ask) => ("Ask for something", "Ask"),
        Some(PeerPart::Offer) => ("Offer something", "Offer it"),
        _ => ("Start a thread", "Start it"),
    }
}

async fn page(
    cx: &Cx,
    (channel, vocabulary): (&Channel<'_>, &Vocabulary),
    offers: &[EntryOffer<'_>],
    offer: &EntryOffer<'_>,
    (typed, beside, wrong): (&EntryTyped, &Beside, &Invalid),
) -> Answer {
    let fields = entries::words_fields(cx, None, offer, typed, wrong).await?;
    let people = mentions::people(cx, channel).await?;
    let about = Field::new("topics", "What it is about")
        .hint("By these it is found, and people are pointed to each other.")
        .error(wrong.of("topics"))
        .optional();
    let about = topics::boxes(vocabulary, about, &beside.themes);
    let told = mentions::field(&people, &beside.told, wrong);
    let kinds = offers.iter().map(|o| FilterOption {
        text: verb(o.kind.peer_part()).0.into(),
        href: format!("{}?kind={}", cx.path(), o.kind.key),
        current: o.kind.key == offer.kind.key,
        count: None,
    });
    let kinds = FilterGroup { label: "What do you want to do?".into(), options: kinds.collect() };
    let (title, button) = verb(offer.kind.peer_part());
    let draft = Draft::new(title).crumb(&channel.programme.name, channel.programme.href());
    let draft = draft.crumb("Channel", channel.href()).invalid(wrong);
    Ok(draft.lead(&offer.kind.about).page(
        cx,
        maud! {
            @if offers.len() > 1 { (parts::filters(std::slice::from_ref(&kinds))) }
            (form::kept_form(cx.path(), &format!("{}?kind={}", cx.path(), offer.kind.key), &cx.form_keys(), maud! {
                (form::hidden("kind", &offer.kind.key))
                (fields)
                (about)
                (told)
                (form::button(button))
            }))
        },
    ))
}

pub(super) async fn save(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let channel = channel::open(&act, &programme)?;
    let offers = offers(&act, &channel)?;
    let offer = offers.iter().find(|offer| offer.kind.key == act.form.get("kind"));
    let offer = offer.or(offers.first()).ok_or(Stop::Missing)?;
    let vocabulary = Vocabulary::load(act.read(), programme.id).await?;
    let circle = offer.circles.first().map(|(circle, _)| circle.key.clone()).unwrap_or_default();
    let typed = EntryTyped { happened_on: act.today().to_string(), circle, ..EntryTyped::of(&act.form, offer.kind) };
    let people = mentions::people(&act, &channel).await?;
    let mut wrong = Invalid::default();
    let read = typed.read(&act, &programme, offer).map_err(|found| wrong = found).ok();
    // The page said who reads it, and others must not read it instead.
    if read.is_some() && act.form.get("circle") != typed.circle {
        wrong.add("title", "Who reads this has changed. Look at it, and send it again");
    }
    let themes = topics::ticked(&vocabulary, &act.form, "topics", &mut wrong);
    let beside = Beside { themes, told: mentions::named(&people, &act.form, &mut wrong) };
    let Some(read) = read.filter(|_| wrong.is_empty()) else {
        return page(&act, (&channel, &vocabulary), &offers, offer, (&typed, &beside, &wrong)).await;
    };
    let mut write = act.write("begin a conversation with peers").await?;
    let entry = entries::record_entry(&mut write, &act, &programme, None, &offer.kind.key, read).await?;
    if offer.kind.is_matter() {
        entries::open_matter(&mut write, offer.kind, &entry, entries::About::default()).await?;
    }
    topics::note(&mut write, &programme, entry.id, &beside.themes).await?;
    mentions::note(&mut write, &entry, entry.id, &beside.told).await?;
    mentions::hears(&mut write, programme.id, act.person()?).await?;
    act.save(write, &format!("{}?done=begun", channel.href_of(entry.id))).await
}
