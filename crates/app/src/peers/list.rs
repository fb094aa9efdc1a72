//! The channel: what people talk about, ask and offer, the newest first, by topic if one likes.

use std::collections::HashMap;

use design::PeerPart;
use kernel::{Fault, Moment};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{Condition, QueryOrder, QuerySelect};
use store::fault;
use tables::{EntryId, ThemeId, entry, matter, topic};
use ui::parts::{self, EntryCard, FilterGroup, FilterOption, Page, Shape};
use ui::words;

use super::channel::{self, Channel, ROOTS};
use super::topics;
use crate::entries::{self, EntryListed};
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot};
use crate::learning::Vocabulary;

/// Conversations on one page.
const PAGE: usize = 25;

/// What the address asks for.
struct Wanted {
    part: Option<PeerPart>,
    topic: Option<(ThemeId, Vec<ThemeId>)>,
    /// Only asks and offers that nobody has closed.
    open: bool,
}

pub(super) async fn page(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let channel = channel::open(&cx, &programme)?;
    let vocabulary = Vocabulary::load(cx.read(), programme.id).await?;
    let wanted = Wanted {
        part: PeerPart::from_key(cx.query("kind")).filter(|part| ROOTS.contains(part)),
        topic: topics::asked(&cx, &vocabulary),
        open: cx.query("open") == "yes",
    };
    let found = conversations(&cx, (&channel, &vocabulary), &wanted).await?;
    let line = entries::who_reads(&cx, channel.circle, None).await?;
    let filters = filters(&cx, &channel, &vocabulary, &wanted).await?;
    let more = parts::pagination(&found.page);
    let begin = begin(&cx, &channel, &wanted);
    let narrowed = wanted.part.is_some() || wanted.topic.is_some() || wanted.open;
    let cards = cards(&channel, &vocabulary, &found);
    let draft = Draft::new("Channel").crumb(&programme.name, programme.href());
    Ok(draft.lead("What people of different places talk about, ask for and offer each other.").page(
        &cx,
        maud! {
            (line)
            p class="entry-actions" {
                @for (text, href) in &begin { a href=(href) { (text) } " · " }
                a href={ (programme.href()) "/peers" } { "Who works on what" }
                " · " a href={ (programme.href()) "/peers/mail" } { "What you hear by mail" }
            }
            (filters)
            @if found.all == 0 && narrowed { p { "Nothing here matches. " a href=(channel.href()) { "Show everything" } "." } }
            @else if found.all == 0 {
                (parts::empty_state(
                    "Nobody has begun yet",
                    "A question, something that worked, something you need or have: people of other places read it here and answer.",
                    begin.first().map(|(text, href)| (text.as_str(), href.as_str())),
                ))
            } @else {
                h2 class="govuk-visually-hidden" { "The newest first" }
                p { (found.all) @if found.all == 1 { " conversation." } @else { " conversations." } }
                (parts::timeline(cards.iter().cloned()))
            }
            (more)
        },
    ))
}

/// What the viewer can begin, each with where.
fn begin(cx: &Cx, channel: &Channel<'_>, wanted: &Wanted) -> Vec<(String, String)> {
    if !channel.is_written_by(cx.viewer()) {
        return Vec::new();
    }
    let offers = channel.offers(cx);
    let topic = wanted.topic.as_ref().map(|(id, _)| format!("&topic={id}")).unwrap_or_default();
    let one = |(part, text): (PeerPart, &str)| {
        let kind = offers.iter().find(|offer| offer.kind.peer_part() == Some(part))?.kind;
        Some((text.to_string(), format!("{}/new?kind={}{topic}", channel.href(), kind.key)))
    };
    let all = [(PeerPart::Thread, "Start a thread"), (PeerPart::Ask, "Ask for something"), (PeerPart::Offer, "Offer something")];
    all.into_iter().filter_map(one).collect()
}

/// A page of conversations with what stands beside each.
struct Found {
    all: usize,
    page: Page,
    listed: Vec<EntryListed>,
    matters: HashMap<EntryId, matter::Model>,
    replies: HashMap<EntryId, (i64, Moment)>,
    about: HashMap<EntryId, Vec<ThemeId>>,
}

async fn conversations(cx: &Cx, (channel, vocabulary): (&Channel<'_>, &Vocabulary), wanted: &Wanted) -> Result<Found, Fault> {
    let parts: Vec<PeerPart> = wanted.part.map_or(ROOTS.to_vec(), |part| vec![part]);
    let about = wanted.topic.as_ref().map(|(_, all)| {
        let mut of = topic::Entity::find().select_only().column(topic::Column::EntryId);
        of = of.filter(topic::COLUMN.theme_id.is_in(all.iter().copied()));
        Expr::col((entry::Entity, entry::Column::Id)).in_subquery(QuerySelect::query(&mut of).to_owned())
    });
    let open =
        wanted.open.then(|| Expr::cust("EXISTS (SELECT 1 FROM matters WHERE matters.entry_id = entries.id AND matters.open)"));
    let all = entry::Entity::find()
        .select_only()
        .column(entry::Column::Id)
        .filter(channel.roots(cx.viewer(), &parts))
        .filter(Condition::all().add_option(about).add_option(open));
    let many = usize::try_from(all.clone().count(cx.read()).await.map_err(fault("count conversations"))?).unwrap_or_default();
    let of = many.div_ceil(PAGE).max(1);
    let number = cx.query("page").parse::<usize>().unwrap_or(1).clamp(1, of);
    let ids: Vec<EntryId> = all
        .order_by_desc(entry::Column::HappenedOn)
        .order_by_desc(entry::Column::Id)
        .offset(u64::try_from((number - 1) * PAGE).unwrap_or_default())
        .limit(PAGE as u64)
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list conversations"))?;
    let asked = entries::Asked { only: Some(ids.clone()), limit: PAGE as u64, ..entries::Asked::default() };
    let listed = entries::list(cx, channel.programme, &asked).await?;
    let rows = matter::Entity::find().filter(matter::COLUMN.entry_id.is_in(ids.iter().copied()));
    let rows = rows.all(cx.read()).await.map_err(fault("list matters"))?;
    Ok(Found {
        all: many,
        page: Page { number, of, base_href: base(channel, wanted) },
        listed: in_order(&ids, listed),
        matters: rows.into_iter().map(|row| (row.entry_id, row)).collect(),
        replies: channel::replies(cx.read(), cx.viewer(), channel, &ids).await?,
        about: topics::of_entries(cx.read(), vocabulary, &ids).await?,
    })
}

/// What was found, in the order of what was asked for.
fn in_order(ids: &[EntryId], mut found: Vec<EntryListed>) -> Vec<EntryListed> {
    let place: HashMap<EntryId, usize> = ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    found.sort_by_key(|one| place.get(&one.id).copied());
    found
}

/// The address of the list with its filters and without its page.
fn base(channel: &Channel<'_>, wanted: &Wanted) -> String {
    let kind = wanted.part.map(|part| format!("kind={}", part.key()));
    let topic = wanted.topic.as_ref().map(|(id, _)| format!("topic={id}"));
    let open = wanted.open.then(|| "open=yes".to_string());
    let query: Vec<String> = [kind, topic, open].into_iter().flatten().collect();
    if query.is_empty() { channel.href() } else { format!("{}?{}", channel.href(), query.join("&")) }
}

fn cards<'a>(channel: &'a Channel<'_>, vocabulary: &Vocabulary, found: &'a Found) -> Vec<EntryCard<'a>> {
    let programme: &Snapshot = channel.programme;
    let card = |one: &'a EntryListed| {
        let mut when = vec![one.happened_on.to_string()];
        if let Some(matter) = found.matters.get(&one.id) {
            when.push(entries::stands(programme.programme.design.kind(&one.kind), matter).to_string());
        }
        match found.replies.get(&one.id) {
            Some((1, last)) => when.push(format!("1 reply, on {}", last.day())),
            Some((many, last)) => when.push(format!("{many} replies, the last on {}", last.day())),
            None => {}
        }
        if let Some(about) = found.about.get(&one.id).filter(|about| !about.is_empty()) {
            when.push(format!("about {}", topics::names(vocabulary, about)));
        }
        EntryCard {
            kind: programme.kind_name(&one.kind),
            title: &one.title,
            href: channel.href_of(one.id),
            when: when.join(" · "),
            author: entries::byline(&one.author, programme.role_name(&one.role)),
            circle: programme.circle_name(one.circle_id),
            shape: Shape::Programme,
            snippet: Some(words::snippet(&one.start, &[])),
            extract: false,
        }
    };
    found.listed.iter().map(card).collect()
}

/// By kind, by whether it is open, and by topic: of topics only those that something here is about.
async fn filters(cx: &Cx, channel: &Channel<'_>, vocabulary: &Vocabulary, wanted: &Wanted) -> Result<ui::Html, Fault> {
    let mut roots = entry::Entity::find().select_only().column(entry::Column::Id).filter(channel.roots(cx.viewer(), &ROOTS));
    let used: Vec<ThemeId> = topic::Entity::find()
        .select_only()
        .column(topic::Column::ThemeId)
        .distinct()
        .filter(topic::COLUMN.programme_id.eq(channel.programme.id))
        .filter(Expr::col((topic::Entity, topic::Column::EntryId)).in_subquery(QuerySelect::query(&mut roots).to_owned()))
        .into_tuple()
        .all(cx.read())
        .await
        .map_err(fault("list topics"))?;
    let with = |part: Option<PeerPart>, topic: Option<ThemeId>, open: bool| {
        base(channel, &Wanted { part, topic: topic.map(|id| (id, Vec::new())), open })
    };
    let topic = wanted.topic.as_ref().map(|(id, _)| *id);
    let option = |text: &str, href: String, current| FilterOption { text: text.into(), href, current, count: None };
    let mut kinds = vec![option("Everything", with(None, topic, false), wanted.part.is_none() && !wanted.open)];
    kinds.extend(ROOTS.into_iter().filter_map(|part| channel.kind(part)).map(|kind| {
        let part = kind.peer_part();
        option(&kind.name, with(part, topic, wanted.open && part != Some(PeerPart::Thread)), part == wanted.part)
    }));
    let open = !wanted.open;
    kinds.push(option("Still open", with(wanted.part.filter(|p| *p != PeerPart::Thread), topic, open), wanted.open));
    let mut groups = vec![FilterGroup { label: "Show".into(), options: kinds }];
    let used = topics::standing(vocabulary, used);
    if !used.is_empty() {
        let mut options = vec![option("All", with(wanted.part, None, wanted.open), topic.is_none())];
        options.extend(
            used.iter().map(|id| option(vocabulary.name(*id), with(wanted.part, Some(*id), wanted.open), topic == Some(*id))),
        );
        groups.push(FilterGroup { label: "Topic".into(), options });
    }
    Ok(parts::filters(&groups))
}
