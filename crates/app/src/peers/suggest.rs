//! Whom somebody might talk to, each with why in words. It is worked out when it is looked at, from what the viewer reads: what
//! people say of themselves, what is asked and offered, and what is talked about. Nothing is weighed and nothing is kept.

use std::collections::HashMap;

use design::PeerPart;
use kernel::{Day, Fault};
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{EntryId, PersonId, ThemeId, entry, matter};
use ui::{Html, html, parts};

use super::channel::{Channel, Peer, Thread, peers};
use super::profile::{self, Profile};
use super::topics;
use crate::ground::Cx;
use crate::ground::html::*;
use crate::learning::Vocabulary;

/// The newest so many conversations are looked through.
const MOST: u64 = 500;
/// So many people are suggested; whoever wants more looks for a topic.
const SHOWN: usize = 6;

/// Why somebody is suggested: words, and what they are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reason {
    said: String,
    /// Its title, and where it is.
    of: Option<(String, String)>,
}

#[derive(Debug, Clone)]
pub(super) struct Suggestion {
    peer: Peer,
    reasons: Vec<Reason>,
}

/// A conversation that is about something, as far as it tells of whoever began it.
struct Begun {
    id: EntryId,
    part: PeerPart,
    title: String,
    author: PersonId,
    on: Day,
    about: Vec<ThemeId>,
}

/// Threads, and the asks and offers that are open, which the viewer reads and which say what they are about.
async fn begun(cx: &Cx, channel: &Channel<'_>, vocabulary: &Vocabulary, of: &[PeerPart]) -> Result<Vec<Begun>, Fault> {
    type Row = (EntryId, String, String, PersonId, Day, Option<bool>);
    let link = entry::Entity::belongs_to(matter::Entity).from(entry::Column::Id).to(matter::Column::EntryId);
    let found: Vec<Row> = entry::Entity::find()
        .select_only()
        .columns([entry::Column::Id, entry::Column::Kind, entry::Column::Title])
        .columns([entry::Column::AuthorId])
        .column(entry::Column::HappenedOn)
        .column_as(matter::Column::Open, "open")
        .join(JoinType::LeftJoin, link.into())
        .filter(channel.roots(cx.viewer(), of))
        .order_by_desc(entry::Column::HappenedOn)
        .order_by_desc(entry::Column::Id)
        .limit(MOST)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list what was begun"))?;
    let ids: Vec<EntryId> = found.iter().map(|row| row.0).collect();
    let mut about = topics::of_entries(cx.read(), vocabulary, &ids).await?;
    let design = &channel.programme.programme.design;
    let begun = found.into_iter().filter(|row| row.5 != Some(false)).filter_map(|(id, kind, title, author, on, _)| {
        let about = about.remove(&id).filter(|about| !about.is_empty())?;
        Some(Begun { id, part: design.kind(&kind)?.peer_part()?, title, author, on, about })
    });
    Ok(begun.collect())
}

fn shared(one: &[ThemeId], other: &[ThemeId]) -> Vec<ThemeId> {
    one.iter().copied().filter(|id| other.contains(id)).collect()
}

/// Whom the viewer might talk to: those with more reasons first, and else by name.
pub(super) async fn for_viewer(
    cx: &Cx,
    channel: &Channel<'_>,
    vocabulary: &Vocabulary,
    (people, profiles): (&[Peer], &HashMap<PersonId, Profile>),
) -> Result<Vec<Suggestion>, Fault> {
    let Some(me) = cx.viewer().person() else { return Ok(Vec::new()) };
    let nothing = Profile::default();
    let mine = profiles.get(&me).unwrap_or(&nothing);
    let begun = begun(cx, channel, vocabulary, &[PeerPart::Thread, PeerPart::Ask, PeerPart::Offer]).await?;
    let places: Vec<_> = channel_places(cx, channel);
    // What the viewer asked, or somebody of their place.
    let ours: Vec<(&Begun, String)> = begun
        .iter()
        .filter(|one| one.part == PeerPart::Ask)
        .filter_map(|one| {
            let by = people.iter().find(|peer| peer.id == one.author)?;
            match by.place.filter(|place| places.contains(place)) {
                _ if one.author == me => Some((one, "you".to_string())),
                Some(_) => Some((one, by.place_name.clone())),
                None => None,
            }
        })
        .collect();
    let mut all: Vec<Suggestion> = Vec::new();
    for peer in people.iter().filter(|peer| peer.id != me) {
        let theirs = profiles.get(&peer.id).unwrap_or(&nothing);
        let mut reasons = of_profiles(vocabulary, mine, theirs);
        let from: Vec<&Begun> = begun.iter().filter(|one| one.author == peer.id).collect();
        reasons.extend(of_asks(channel, vocabulary, &ours, (peer, theirs, &from)));
        reasons.extend(of_begun(channel, vocabulary, mine, &from));
        if !reasons.is_empty() {
            all.push(Suggestion { peer: peer.clone(), reasons });
        }
    }
    // They come by name, and those with as many reasons stay so.
    all.sort_by_key(|one| std::cmp::Reverse(one.reasons.len()));
    all.truncate(SHOWN);
    Ok(all)
}

fn channel_places(cx: &Cx, channel: &Channel<'_>) -> Vec<tables::PlaceId> {
    cx.viewer().held_in(channel.programme.id).filter_map(|held| held.place).collect()
}

/// From what two people say of themselves.
fn of_profiles(vocabulary: &Vocabulary, mine: &Profile, theirs: &Profile) -> Vec<Reason> {
    type Pair<'t> = (&'t [ThemeId], &'t [ThemeId], fn(&str) -> String);
    let pairs: [Pair<'_>; 3] = [
        (&mine.works, &theirs.works, |names| format!("You both work on {names}.")),
        (&mine.sought, &theirs.offered, |names| format!("They can help with {names}, which you look for.")),
        (&mine.offered, &theirs.sought, |names| format!("They look for help with {names}, which you can give.")),
    ];
    let reasons = pairs.into_iter().filter_map(|(one, other, said)| {
        let both = shared(one, other);
        (!both.is_empty()).then(|| Reason { said: said(&topics::names(vocabulary, &both)), of: None })
    });
    reasons.collect()
}

/// From what the viewer or their place asked, and what somebody offers.
fn of_asks(
    channel: &Channel<'_>,
    vocabulary: &Vocabulary,
    ours: &[(&Begun, String)],
    (peer, theirs, from): (&Peer, &Profile, &[&Begun]),
) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for (ask, who) in ours.iter().filter(|(ask, _)| ask.author != peer.id) {
        let offer = from.iter().find(|one| one.part == PeerPart::Offer && !shared(&one.about, &ask.about).is_empty());
        let about = shared(&theirs.offered, &ask.about);
        match offer {
            Some(offer) => reasons.push(Reason {
                said: format!(
                    "They offer what {who} asked for on {} ({}):",
                    ask.on,
                    topics::names(vocabulary, &shared(&offer.about, &ask.about))
                ),
                of: Some((offer.title.clone(), channel.href_of(offer.id))),
            }),
            None if !about.is_empty() => reasons.push(Reason {
                said: format!("They can help with {}, which {who} asked about on {}:", topics::names(vocabulary, &about), ask.on),
                of: Some((ask.title.clone(), channel.href_of(ask.id))),
            }),
            None => {}
        }
    }
    reasons
}

/// From what somebody asks, offers and talks about.
fn of_begun(channel: &Channel<'_>, vocabulary: &Vocabulary, mine: &Profile, from: &[&Begun]) -> Vec<Reason> {
    let reasons = from.iter().filter_map(|one| {
        let (wanted, said, why): (Vec<ThemeId>, &str, &str) = match one.part {
            PeerPart::Ask => (mine.offered.iter().chain(&mine.works).copied().collect(), "They asked", "which you know about"),
            PeerPart::Offer => (mine.sought.clone(), "They offered something", "which you look for"),
            _ => (mine.works.iter().chain(&mine.sought).copied().collect(), "They began a thread", "which is yours as well"),
        };
        let both = shared(&one.about, &wanted);
        let names = topics::names(vocabulary, &both);
        let said = format!("{said} on {} about {names}, {why}:", one.on);
        (!both.is_empty()).then(|| Reason { said, of: Some((one.title.clone(), channel.href_of(one.id))) })
    });
    reasons.collect()
}

pub(super) fn section(all: &[Suggestion], has_profile: bool, here: &str) -> Html {
    if all.is_empty() && has_profile {
        return html("");
    }
    parts::section(
        "suggested",
        "Whom you might talk to",
        maud! {
            @if !has_profile {
                p { a href={ (here) "/me" } { "Say what you work on" } ", and people who share it are pointed out to you here, with the reason." }
            }
            @if !all.is_empty() {
                (reasons(all, here))
                p class="muted" { "From what people say of themselves, ask, offer and talk about here, and from nothing else. Whoever has more in common with you stands first." }
            }
        },
    )
}

fn reasons(all: &[Suggestion], here: &str) -> Html {
    html(maud! {
        ul {
            @for one in all {
                li {
                    a href={ (here) "#" (one.peer.id.to_string()) } { (one.peer.byline()) }
                    ul {
                        @for reason in &one.reasons {
                            li { (&reason.said) @if let Some((title, href)) = &reason.of { " “" a href=(href) { (title) } "”" } }
                        }
                    }
                }
            }
        }
    })
}

/// Who may help with an ask that is open: those who offer what it is about.
pub(super) async fn helpers(cx: &Cx, thread: &Thread<'_>, vocabulary: &Vocabulary, about: &[ThemeId]) -> Result<Html, Fault> {
    let open = thread.matter.as_ref().is_some_and(|matter| matter.open);
    if thread.part != PeerPart::Ask || !open || about.is_empty() {
        return Ok(html(""));
    }
    let channel = &thread.channel;
    let people = peers(cx, channel).await?;
    let profiles = profile::all(cx.read(), channel.programme.id, vocabulary).await?;
    let offers = begun(cx, channel, vocabulary, &[PeerPart::Offer]).await?;
    let mut all = Vec::new();
    for peer in people.into_iter().filter(|peer| peer.id != thread.entry.author_id) {
        let mut reasons = Vec::new();
        let known = profiles.get(&peer.id).map(|profile| shared(&profile.offered, about)).unwrap_or_default();
        if !known.is_empty() {
            let names = topics::names(vocabulary, &known);
            reasons.push(Reason { said: format!("They say that they can help with {names}."), of: None });
        }
        for offer in offers.iter().filter(|offer| offer.author == peer.id && !shared(&offer.about, about).is_empty()) {
            let names = topics::names(vocabulary, &shared(&offer.about, about));
            let of = Some((offer.title.clone(), channel.href_of(offer.id)));
            reasons.push(Reason { said: format!("They offered something on {} about {names}:", offer.on), of });
        }
        if !reasons.is_empty() {
            all.push(Suggestion { peer, reasons });
        }
    }
    all.truncate(SHOWN);
    if all.is_empty() {
        return Ok(html(""));
    }
    let listed = reasons(&all, &format!("{}/peers", channel.programme.href()));
    Ok(parts::section("helpers", "Who may help", listed))
}
