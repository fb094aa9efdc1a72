//! A conversation: what began it, what was said to it in order, and what the viewer can do.

use design::PeerPart;
use kernel::{Fault, Invalid};
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::fault;
use tables::{EntryId, PersonId, entry, follow, origin};
use ui::form::{self, Field};
use ui::parts::{self, Page};
use ui::{Html, html, words};

use super::channel::{self, Channel, Thread, named};
use super::{mentions, suggest, topics};
use crate::entries;
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft};
use crate::learning::Vocabulary;

/// Replies on one page.
pub(super) const PAGE: usize = 50;

const SAID: &[(&str, &str)] = &[
    ("begun", "Said. Everybody in the circle named below can read it now."),
    ("replied", "Said. Your reply stands below."),
    ("follow", "You follow it: you hear of every reply, as often as you chose."),
    ("mute", "Muted: you get no mail about it."),
    ("seen", "Noted. It does not wait for you any more."),
];

/// What is being typed below a thread.
#[derive(Default)]
pub(super) struct Typed {
    pub text: String,
    pub told: Vec<PersonId>,
}

pub(super) async fn page(cx: Cx) -> Answer {
    show(&cx, &Typed::default(), &Invalid::default()).await
}

pub(super) async fn show(cx: &Cx, typed: &Typed, wrong: &Invalid) -> Answer {
    let programme = cx.programme()?.clone();
    let thread = named(cx, &programme).await?;
    let channel = thread.channel;
    let line = entries::who_reads_entry(cx, &thread.entry).await?;
    let names = cx.entry_names()?.clone();
    let vocabulary = Vocabulary::load(cx.read(), programme.id).await?;
    let about =
        topics::of_entries(cx.read(), &vocabulary, &[thread.entry.id]).await?.remove(&thread.entry.id).unwrap_or_default();
    let about_links = topics::links(&vocabulary, &about, &channel.href());
    let said = match thread.part {
        PeerPart::Thread => replies(cx, &channel, &thread).await?,
        _ => steps(cx, &thread).await?,
    };
    let told = told(cx, &channel, &[thread.entry.id]).await?;
    let reply = match (thread.part, channel.is_written_by(cx.viewer())) {
        (PeerPart::Thread, true) => reply_form(cx, &channel, (typed, wrong)).await?,
        _ => html(""),
    };
    let helpers = suggest::helpers(cx, &thread, &vocabulary, &about).await?;
    let mine = your_part(cx, &thread).await?;
    let author = entries::byline(&names.author, programme.role_name(&names.role)).into_owned();
    let lead = format!("{} of {}, by {author}.", thread.kind.name, thread.entry.happened_on);
    let draft = Draft::new(&thread.entry.title).crumb(&programme.name, programme.href());
    let draft = draft.crumb("Channel", channel.href()).lead(lead).done(cx, SAID).invalid(wrong);
    let its_page = format!("{}/entries/{}", programme.href(), thread.entry.id);
    Ok(draft.page(
        cx,
        maud! {
            (line)
            @if !about.is_empty() { p { "About: " (about_links) } }
            (words::markdown(&thread.entry.text))
            (told)
            p class="muted" { a href=(its_page) { "Its own page, with history" } }
            (said)
            (reply)
            (helpers)
            (mine)
        },
    ))
}

/// Whom entries name, as their readers see it.
async fn told(cx: &Cx, channel: &Channel<'_>, ids: &[EntryId]) -> Result<Html, Fault> {
    let names = mentions::of_entries(cx.read(), ids).await?;
    Ok(html(maud! {
        @if !names.is_empty() && channel.is_read_by(cx.viewer()) {
            p class="entry-by" { "For: " @for (i, (_, name)) in names.iter().enumerate() { @if i > 0 { ", " } "@" (name) } }
        }
    }))
}

/// The page of replies that is asked for, and where one is among them.
async fn reply_ids(cx: &Cx, channel: &Channel<'_>, of: EntryId) -> Result<(Vec<EntryId>, Page), Fault> {
    let link = entry::Entity::belongs_to(origin::Entity).from(entry::Column::Id).to(origin::Column::EntryId);
    let found = entry::Entity::find()
        .select_only()
        .column(entry::Column::Id)
        .join(JoinType::InnerJoin, link.into())
        .filter(origin::COLUMN.of_entry.eq(of))
        .filter(channel.said(cx.viewer()))
        .filter(entry::COLUMN.kind.is_in(channel.kinds(&[PeerPart::Reply])))
        .order_by_asc(origin::Column::At)
        .order_by_asc(origin::Column::Id);
    let all = usize::try_from(found.clone().count(cx.read()).await.map_err(fault("count replies"))?).unwrap_or_default();
    let of_pages = all.div_ceil(PAGE).max(1);
    let number = cx.query("page").parse::<usize>().unwrap_or(1).clamp(1, of_pages);
    let first = u64::try_from((number - 1) * PAGE).unwrap_or_default();
    let ids: Vec<EntryId> =
        found.offset(first).limit(PAGE as u64).into_tuple().all(cx.read()).await.map_err(fault("list replies"))?;
    Ok((ids, Page { number, of: of_pages, base_href: channel.href_of(of) }))
}

async fn replies(cx: &Cx, channel: &Channel<'_>, thread: &Thread<'_>) -> Result<Html, Fault> {
    let (ids, page) = reply_ids(cx, channel, thread.entry.id).await?;
    let limit = ids.len() as u64;
    let asked = entries::Asked { only: Some(ids.clone()), whole_text: true, limit, ..entries::Asked::default() };
    let found = entries::list(cx, channel.programme, &asked).await?;
    let told = mentions::of_entries(cx.read(), &ids).await?;
    let in_order: Vec<_> = ids.iter().filter_map(|id| found.iter().find(|one| one.id == *id)).collect();
    let more = parts::pagination(&page);
    let name = |id: &EntryId| {
        let names: Vec<&str> = told.iter().filter(|(of, _)| of == id).map(|(_, name)| name.as_str()).collect();
        names.join(", @")
    };
    Ok(html(maud! {
        (parts::section("replies", "What was said to it", maud! {
            @if in_order.is_empty() { p { "Nobody has replied yet." } }
            @else {
                ol class="govuk-list steps-taken" start=(((page.number - 1) * PAGE + 1).to_string()) {
                    @for one in &in_order {
                        li id=(one.id.to_string()) {
                            p class="entry-by" {
                                a href={ (channel.programme.href()) "/entries/" (one.id.to_string()) } { (one.happened_on.to_string()) }
                                " · " (entries::byline(&one.author, channel.programme.role_name(&one.role)))
                            }
                            (words::markdown(&one.start))
                            @let named = name(&one.id);
                            @if !named.is_empty() { p class="entry-by" { "For: @" (named) } }
                        }
                    }
                }
            }
            (more)
        }))
    }))
}

/// What was said to an ask or an offer, how it stands, and what can be said next.
async fn steps(cx: &Cx, thread: &Thread<'_>) -> Result<Html, Fault> {
    let (programme, kind) = (thread.channel.programme, thread.kind);
    let Some(matter) = &thread.matter else { return Ok(html("")) };
    let taken = entries::matter_steps(cx, programme, matter.id).await?;
    let next: Vec<_> = match matter.open {
        true => kind
            .next(entries::matter_state(matter))
            .filter(|rule| entries::takes_step(cx, programme, &thread.entry, &rule.key))
            .collect(),
        false => Vec::new(),
    };
    let home = format!("{}/entries/{}", programme.href(), thread.entry.id);
    Ok(html(maud! {
        (parts::section("replies", "What was said to it", maud! {
            p { "It is " strong { (entries::stands(Some(kind), matter)) } "." }
            @if !taken.is_empty() {
                ol class="govuk-list steps-taken" {
                    @for one in &taken {
                        li {
                            p class="entry-by" {
                                a href={ (programme.href()) "/entries/" (one.entry.id.to_string()) } { (kind.step(&one.step).map_or(one.step.as_str(), |s| s.name.as_str())) }
                                " · " (one.entry.happened_on.to_string()) " · " (entries::byline(&one.author, programme.role_name(&one.role)))
                            }
                            (words::markdown(&one.entry.text))
                        }
                    }
                }
            }
            @if !next.is_empty() {
                p class="entry-actions" {
                    @for (i, rule) in next.iter().enumerate() { @if i > 0 { " · " } a href={ (&home) "/steps/" (&rule.key) } { (&rule.name) } }
                }
            }
        }))
    }))
}

async fn reply_form(cx: &Cx, channel: &Channel<'_>, (typed, wrong): (&Typed, &Invalid)) -> Result<Html, crate::ground::Stop> {
    let people = mentions::people(cx, channel).await?;
    let told = mentions::field(&people, &typed.told, wrong);
    let line = entries::who_reads(cx, channel.circle, None).await?;
    let text = Field::new("text", "Your reply").value(&typed.text).error(wrong.of("text"));
    Ok(html(maud! {
        (parts::section("reply", "Reply", maud! {
            (line)
            (form::kept_form(cx.path(), cx.path(), &cx.form_keys(), maud! {
                (form::hidden("do", "reply"))
                (form::long_text(text, 6))
                (told)
                (form::button("Reply"))
            }))
        }))
    }))
}

/// Whether somebody takes part in a conversation: they began it, or said something to it, or are named in it.
async fn takes_part(cx: &Cx, thread: &Thread<'_>, me: PersonId) -> Result<bool, Fault> {
    if thread.entry.author_id == me {
        return Ok(true);
    }
    let link = entry::Entity::belongs_to(origin::Entity).from(entry::Column::Id).to(origin::Column::EntryId);
    let said = entry::Entity::find()
        .join(JoinType::InnerJoin, link.into())
        .filter(origin::COLUMN.of_entry.eq(thread.entry.id))
        .filter(entry::COLUMN.author_id.eq(me));
    if said.count(cx.read()).await.map_err(fault("look who replied"))? > 0 {
        return Ok(true);
    }
    let named = tables::mention::Entity::find()
        .filter(tables::mention::COLUMN.thread_id.eq(thread.entry.id))
        .filter(tables::mention::COLUMN.person_id.eq(me));
    Ok(named.count(cx.read()).await.map_err(fault("look who is named"))? > 0)
}

/// Whether the viewer hears of it, and what names them here.
async fn your_part(cx: &Cx, thread: &Thread<'_>) -> Result<Html, crate::ground::Stop> {
    let me = cx.person()?;
    let chosen = following(cx.read(), thread.entry.id, me).await?;
    let hears = match &chosen {
        Some(row) => !row.muted,
        None => takes_part(cx, thread, me).await?,
    };
    let waits = !mentions::unseen(cx.read(), thread.entry.id, me).await?.is_empty();
    let muted = chosen.is_some_and(|row| row.muted);
    let button = |what: &str, text: &str| {
        form::form(cx.path(), &cx.form_keys(), maud! { (form::hidden("do", what)) (form::secondary_button(text)) })
    };
    let (follow, mute, seen) = (button("follow", "Follow it"), button("mute", "Mute it"), button("seen", "I have read it"));
    Ok(html(maud! {
        (parts::section("you", "Whether you hear of it", maud! {
            @if waits { p { "Somebody named you here. It stands in your Today until you answer, or say that you have read it." } (seen) }
            @if muted { p { "You have muted it: you get no mail about it." } }
            @else if hears { p { "You hear of what is said to it, as often as you chose." } }
            @else { p { "You do not follow it." } }
            @if !hears { (follow) }
            @if !muted { (mute) }
            p { a href={ (thread.channel.programme.href()) "/peers/mail" } { "How often you hear by mail, and when not" } }
        }))
    }))
}

pub(super) async fn following(db: &impl ConnectionTrait, thread: EntryId, me: PersonId) -> Result<Option<follow::Model>, Fault> {
    let mine = follow::Entity::find().filter(follow::COLUMN.thread_id.eq(thread)).filter(follow::COLUMN.person_id.eq(me));
    mine.one(db).await.map_err(fault("look whether somebody follows a thread"))
}

/// The page on which the newest reply stands.
pub(super) async fn last_page(cx: &Cx, channel: &Channel<'_>, of: EntryId, more: usize) -> Result<usize, Fault> {
    let counted = channel::replies(cx.read(), cx.viewer(), channel, &[of]).await?;
    let many = counted.get(&of).map_or(0, |(many, _)| usize::try_from(*many).unwrap_or_default());
    Ok((many + more).div_ceil(PAGE).max(1))
}
