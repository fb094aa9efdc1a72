//! An event's page: when and where, what awaits those who come, who came, how it was, and what came of it.

use kernel::Fault;
use sea_orm::entity::prelude::*;
use store::fault;
use tables::{gathering, place, sign_up};
use ui::parts::{self, SummaryRow};
use ui::{Html, html, words};

use super::found::{Event, counts, named, sign_up_of, when};
use super::{ONLINE, attendance, feedback, mode_words};
use crate::entries;
use crate::ground::html::*;
use crate::ground::{Answer, Cx, Draft, Snapshot};

const SAID: &[(&str, &str)] = &[
    ("proposed", "Proposed. Those who read it can say whether they would come."),
    ("details", "Saved. Who has signed up is told where time or place are others now."),
    ("signed", "You are signed up. You are reminded by mail before it begins."),
    ("waits", "You are on the waiting list. You are told by mail when a seat is free for you."),
    ("left", "Taken back. What you said that you need is gone."),
    ("counted", "Saved who came."),
    ("answered", "Thank you. What you said stands without your name."),
];

pub(super) async fn page(cx: Cx) -> Answer {
    let programme = cx.programme()?.clone();
    let event = named(&cx, &programme).await?;
    let line = entries::who_reads_entry(&cx, &event.entry).await?;
    let runs = event.is_run_by(&cx, &programme);
    let steps = steps(&cx, &programme, &event);
    let mine = match (&event.row, cx.viewer().person()) {
        (Some(row), Some(me)) => sign_up_of(cx.read(), row.id, me).await?,
        _ => None,
    };
    let set = when_and_where(&programme, &event, runs);
    let mine = match &event.row {
        Some(row) => your_part(&cx, &programme, (&event, row), mine.as_ref()),
        None => html(""),
    };
    let over = match &event.row {
        Some(row) if event.is_over(cx.now()) => over(&cx, &programme, (&event, row), runs).await?,
        _ => html(""),
    };
    let signed = match &event.row {
        Some(row) if runs => Some(attendance::signed(&cx, row).await?),
        _ => None,
    };
    let came_of = came_of(&cx, &programme, &event).await?;
    let entry = format!("{}/entries/{}", programme.href(), event.entry.id);
    let voices = event.kind.voices.is_some() && event.is_idea();
    let lead = match &event.row {
        Some(row) => format!("{}: {}, {}.", event.kind.name, when(row), mode_words(&row.mode)),
        None => format!("{}, without a day yet.", event.kind.name),
    };
    let draft = Draft::new(&event.entry.title).crumb(&programme.name, programme.href());
    let draft = draft.crumb("Learning events", format!("{}/gatherings", programme.href())).lead(lead).done(&cx, SAID);
    Ok(draft.page(
        &cx,
        maud! {
            (line)
            p {
                "It is " strong { (event.stands()) } ". "
                a href=(&entry) { "Its words, what each says of it and every step" }
                @if voices { " · " a href={ (&entry) "/voice" } { "Say how you see it" } }
            }
            @if !steps.is_empty() {
                p class="entry-actions" { @for (i, (text, href)) in steps.iter().enumerate() { @if i > 0 { " · " } a href=(href) { (text) } } }
            }
            (words::markdown(&event.entry.text))
            (set)
            (mine)
            @if let Some(signed) = &signed { (parts::section("signed", "Who is signed up", maud! { p class="muted" { "Those who run it read this: " (event.run_by(&programme)) "." } (signed) })) }
            (over)
            (came_of)
        },
    ))
}

/// The steps that the viewer can take now, each with where.
fn steps(cx: &Cx, programme: &Snapshot, event: &Event<'_>) -> Vec<(String, String)> {
    if !event.matter.open {
        return Vec::new();
    }
    let next = event.kind.next(entries::matter_state(&event.matter));
    next.filter(|rule| entries::takes_step(cx, programme, &event.entry, &rule.key))
        .map(|rule| (rule.name.clone(), format!("{}/entries/{}/steps/{}", programme.href(), event.entry.id, rule.key)))
        .collect()
}

fn when_and_where(programme: &Snapshot, event: &Event<'_>, runs: bool) -> Html {
    let change = if event.row.is_some() { "Change when and where" } else { "Say when and where" };
    let may = runs && (event.matter.open || event.is_held());
    let facts = event.row.as_ref().map(|row| facts(event, row));
    html(maud! {
        (parts::section("when", "When and where", maud! {
            @match &facts {
                Some(facts) => { (facts) }
                None => { p { "No day is set yet. Those who run it set one: " (event.run_by(programme)) "." } }
            }
            @if may { p { a href={ (event.href(programme)) "/details" } { (change) } } }
            @if event.row.is_some() && (!event.is_idea()) {
                p { a href={ (event.href(programme)) "/event.ics" } { "Put it into your calendar" } }
            }
        }))
    })
}

fn facts(event: &Event<'_>, row: &gathering::Model) -> Html {
    let fact = |key: &str, value: Html| SummaryRow { key: key.into(), value, action: None };
    let mut facts = vec![fact("When", html(when(row))), fact("How", html(mode_words(&row.mode)))];
    if !row.venue.is_empty() {
        facts.push(fact("Where", html(row.venue.as_str())));
    }
    if row.mode != super::IN_PERSON {
        let link = match row.link.as_str() {
            "" => html("The address to join comes later."),
            link => html(maud! { a href=(link) rel="noreferrer" { (link) } }),
        };
        facts.push(fact("Online", link));
    }
    if let Some(most) = row.most {
        let of = if row.mode == super::BOTH { " in the room" } else { "" };
        facts.push(fact("Seats", html(format!("{most}{of}"))));
    }
    let facts = parts::summary_list(facts);
    html(maud! {
        @if event.is_cancelled() { (parts::inset(maud! { p { strong { "It is cancelled." } " It would have been:" } })) }
        (facts)
        @if !row.agenda.is_empty() { h3 { "Agenda" } (words::markdown(&row.agenda)) }
        @if !row.materials.is_empty() { h3 { "Materials" } (words::markdown(&row.materials)) }
    })
}

/// What the viewer has to do with it: whether they come, what they need, whether they are asked how it was.
fn your_part(
    cx: &Cx,
    programme: &Snapshot,
    (event, row): (&Event<'_>, &gathering::Model),
    mine: Option<&sign_up::Model>,
) -> Html {
    let home = event.href(programme);
    let signed = mine.filter(|mine| counts(mine));
    if event.is_agreed() && row.ends_at > cx.now() {
        return html(maud! {
            (parts::section("you", "Whether you come", maud! {
                @match signed {
                    None => { p { a href={ (&home) "/sign-up" } { "Sign up" } } }
                    Some(mine) => {
                        p {
                            @if mine.seated_at.is_some() { "You are signed up, " } @else { "You wait for a seat, " }
                            @if mine.mode == ONLINE { "online." } @else { "in the room." }
                        }
                        p { a href={ (&home) "/sign-up" } { "Change it, or say that you cannot come" } }
                    }
                }
            }))
        });
    }
    let Some(mine) = signed.filter(|_| event.is_over(cx.now())) else { return html("") };
    let asked = row.form_id.is_some() && feedback::is_asked(row, mine);
    let has = !mine.access_needs.is_empty() || !mine.dietary_needs.is_empty();
    html(maud! {
        (parts::section("you", "Your part in it", maud! {
            @if asked && !mine.answered { p { a href={ (&home) "/feedback" } { "Say how it was" } ". It takes two minutes." } }
            @if mine.answered { p { "You have said how it was." } }
            @if let Some(at) = row.wiped_at {
                p { "What you said that you need was wiped on " (at.day().to_string()) "." }
            } @else if has {
                p { "What you said that you need is wiped on " (super::needs::until(event, row).day().to_string()) "." }
            }
        }))
    })
}

/// Who came, and how it was.
async fn over(cx: &Cx, programme: &Snapshot, (event, row): (&Event<'_>, &gathering::Model), runs: bool) -> Result<Html, Fault> {
    let came = attendance::shown(cx, programme, (event, row)).await?;
    let spread = feedback::spread(cx, programme, (event, row)).await?;
    let none = spread.as_str().is_empty();
    Ok(html(maud! {
        (parts::section("came", "Who came", maud! {
            @if runs { p { a href={ (event.href(programme)) "/attendance" } { "Note who came" } } }
            (came)
        }))
        @if !none { (parts::section("how", "How it was", maud! {
            (spread)
            p { a href={ (programme.href()) "/gathering-feedback" } { "In a room and online, compared over all events" } }
        })) }
    }))
}

/// What came of it, as far as the viewer may read it, and what they can write down of it.
async fn came_of(cx: &Cx, programme: &Snapshot, event: &Event<'_>) -> Result<Html, Fault> {
    let found = entries::came_of(cx, programme, event.entry.id).await?;
    let mut offered: Vec<(String, String)> = Vec::new();
    let held: Vec<_> = cx.held().filter_map(|h| h.place).collect();
    let place = match held.first() {
        Some(id) => place::Entity::find_by_id(*id).one(cx.read()).await.map_err(fault("load a place"))?,
        None => None,
    };
    let bases = [(None, format!("{}/entries/new", programme.href()))].into_iter();
    let bases = bases.chain(place.map(|p| (Some(p.clone()), format!("{}/places/{}/entries/new", programme.href(), p.slug))));
    let bases: Vec<(Option<place::Model>, String)> = bases.collect();
    let on = event.row.as_ref().map_or(cx.today(), |row| row.begins_at.day()).min(cx.today());
    for key in &event.rule.notes {
        let may =
            |place: Option<&place::Model>| entries::plain_offers(cx, programme, place).into_iter().any(|o| o.kind.key == *key);
        let whole = cx.held().any(|h| h.place.is_none());
        let base = bases.iter().find(|(place, _)| (place.is_some() || whole) && may(place.as_ref()));
        let Some((_, base)) = base else { continue };
        let href = format!("{base}?kind={key}&{}={}&on={}", entries::CAME_OF, event.entry.id, on.iso());
        offered.push((format!("Record: {}", programme.kind_name(key).to_lowercase()), href));
    }
    let begun = event.row.as_ref().is_some_and(|row| row.begins_at <= cx.now());
    if found.is_empty() && (offered.is_empty() || !begun) {
        return Ok(html(""));
    }
    Ok(html(maud! {
        (parts::section("came-of-it", "What came of it", maud! {
            @if found.is_empty() { p { "Nothing is written down yet. Notes and promises stand here for whoever may read them." } }
            @else {
                ul { @for entry in &found {
                    li { a href={ (programme.href()) "/entries/" (entry.id.to_string()) } { (&entry.title) } ", " (programme.kind_name(&entry.kind).to_lowercase()) " of " (entry.happened_on.to_string()) }
                } }
            }
            @if !offered.is_empty() {
                p class="entry-actions" { @for (i, (text, href)) in offered.iter().enumerate() { @if i > 0 { " · " } a href=(href) { (text) } } }
            }
        }))
    }))
}
