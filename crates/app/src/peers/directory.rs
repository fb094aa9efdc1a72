//! Who works on what, and whom the viewer might talk to: of those who read the channel today, what each says of themselves.

use tables::ThemeId;
use ui::parts::{self, FilterGroup, FilterOption, Page};
use ui::{Html, html, words};

use super::channel::{self, Peer};
use super::profile::{self, Profile};
use super::{suggest, topics};
use crate::entries;
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft};
use crate::learning::Vocabulary;

/// People on one page.
const PAGE: usize = 25;

pub(super) async fn page(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let channel = channel::open(&cx, &programme)?;
    let vocabulary = Vocabulary::load(cx.read(), programme.id).await?;
    let people = channel::peers(&cx, &channel).await?;
    let profiles = profile::all(cx.read(), programme.id, &vocabulary).await?;
    let mine = cx.viewer().person().and_then(|me| profiles.get(&me));
    let suggested = suggest::for_viewer(&cx, &channel, &vocabulary, (&people, &profiles)).await?;
    let line = entries::who_reads(&cx, channel.circle, None).await?;
    let asked = topics::asked(&cx, &vocabulary);
    let said: Vec<(&Peer, &Profile)> = people.iter().filter_map(|peer| Some((peer, profiles.get(&peer.id)?))).collect();
    let used = topics::standing(&vocabulary, said.iter().flat_map(|(_, profile)| profile.themes()));
    let is_asked = |profile: &Profile| asked.as_ref().is_none_or(|(_, all)| profile.themes().any(|id| all.contains(&id)));
    let shown: Vec<(&Peer, &Profile)> = said.iter().copied().filter(|(_, profile)| is_asked(profile)).collect();
    let of = shown.len().div_ceil(PAGE).max(1);
    let number = cx.query("page").parse::<usize>().unwrap_or(1).clamp(1, of);
    let here = format!("{}/peers", programme.href());
    let base_href = asked.as_ref().map_or_else(|| here.clone(), |(id, _)| format!("{here}?topic={id}"));
    let more = parts::pagination(&Page { number, of, base_href });
    let filters = filters(&vocabulary, &used, &here, asked.as_ref().map(|(id, _)| *id));
    let cards: Vec<Html> = shown
        .iter()
        .skip((number - 1) * PAGE)
        .take(PAGE)
        .map(|(peer, profile)| card(&vocabulary, peer, profile, &here))
        .collect();
    let suggested = suggest::section(&suggested, mine.is_some(), &here);
    let draft = Draft::new("Who works on what").crumb(&programme.name, programme.href());
    let silent = people.len() - said.len();
    Ok(draft.crumb("Channel", channel.href()).lead("What people of different places say of themselves, and whom you might talk to.").page(
        &cx,
        maud! {
            (line)
            p class="entry-actions" {
                a href={ (&here) "/me" } { @if mine.is_some() { "Change what I say of myself" } @else { "Say what I work on" } }
                " · " a href=(channel.href()) { "The channel" }
            }
            (suggested)
            (parts::section("people", "Who says what", maud! {
                (filters)
                @if said.is_empty() {
                    p { "Nobody has said yet what they work on. Begin: the others see that it is easy." }
                } @else if shown.is_empty() {
                    p { "Nobody names this topic. " a href=(&here) { "Show everybody" } "." }
                } @else {
                    p { (shown.len()) @if shown.len() == 1 { " person." } @else { " people." } }
                    ol class="entries" { @for card in &cards { li { (card) } } }
                }
                (more)
                @if silent > 0 && asked.is_none() { p class="muted" { (silent) " more read this channel and have said nothing of themselves." } }
            }))
        },
    ))
}

fn filters(vocabulary: &Vocabulary, used: &[ThemeId], here: &str, current: Option<ThemeId>) -> Html {
    if used.is_empty() {
        return html("");
    }
    let all = FilterOption { text: "All".into(), href: here.into(), current: current.is_none(), count: None };
    let one = |id: &ThemeId| FilterOption {
        text: vocabulary.name(*id).to_string(),
        href: format!("{here}?topic={id}"),
        current: current == Some(*id),
        count: None,
    };
    let options = std::iter::once(all).chain(used.iter().map(one)).collect();
    parts::filters(&[FilterGroup { label: "Topic".into(), options }])
}

fn card(vocabulary: &Vocabulary, peer: &Peer, profile: &Profile, here: &str) -> Html {
    let parts = [
        ("Works on", &profile.works_on, &profile.works),
        ("Can help with", &profile.offers, &profile.offered),
        ("Looks for help with", &profile.seeks, &profile.sought),
    ];
    html(maud! {
        article class="entry" id=(peer.id.to_string()) {
            h3 class="entry-title" { (peer.byline()) }
            @for (label, text, themes) in &parts {
                @if !text.is_empty() || !themes.is_empty() {
                    p class="entry-by" { strong { (label) } @if !themes.is_empty() { ": " (topics::links(vocabulary, themes, here)) } }
                    (words::plain(text))
                }
            }
            @if !profile.contact.is_empty() {
                p class="entry-by" { strong { "How to reach them" } }
                (words::plain(&profile.contact))
            }
        }
    })
}
