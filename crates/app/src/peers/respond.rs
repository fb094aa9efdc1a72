//! What somebody does with a conversation: they reply, follow or mute it, or say that they have read where it names them.

use design::PeerPart;
use kernel::Invalid;
use tables::{FollowId, follow, person};

use super::channel::{Thread, named};
use super::mentions;
use super::thread::{Typed, following, last_page, show};
use crate::entries::{self, EntryTyped};
use crate::ground::{Act, Answer, Snapshot, Stop};

const LONGEST_TITLE: usize = 200;

pub(super) async fn save(act: Act) -> Answer {
    let programme = act.programme()?.clone();
    let thread = named(&act, &programme).await?;
    match act.form.get("do") {
        "follow" => choose(act, &thread, false).await,
        "mute" => choose(act, &thread, true).await,
        "seen" => seen(act, &thread).await,
        _ => reply(act, &programme, &thread).await,
    }
}

async fn choose(act: Act, thread: &Thread<'_>, muted: bool) -> Answer {
    let me = act.person()?;
    let mut write = act.write(if muted { "mute a thread" } else { "follow a thread" }).await?;
    // One after the other, so that two presses make one row.
    write.lock::<person::Entity>(me).await?.ok_or(Stop::Missing)?;
    match following(write.tx(), thread.entry.id, me).await? {
        Some(before) if before.muted == muted => {}
        Some(before) => {
            write.replace(&before, follow::Model { muted, at: write.at(), ..before.clone() }).await?;
        }
        None => {
            let row = follow::Model {
                id: FollowId(write.id()),
                programme_id: thread.entry.programme_id,
                thread_id: thread.entry.id,
                person_id: me,
                muted,
                at: write.at(),
            };
            write.insert(row).await?;
        }
    }
    let done = if muted { "mute" } else { "follow" };
    act.save(write, &format!("{}?done={done}", thread.channel.href_of(thread.entry.id))).await
}

async fn seen(act: Act, thread: &Thread<'_>) -> Answer {
    let me = act.person()?;
    let mut write = act.write("read where one is named").await?;
    write.lock::<person::Entity>(me).await?.ok_or(Stop::Missing)?;
    mentions::see(&mut write, thread.entry.id, me).await?;
    act.save(write, &format!("{}?done=seen", thread.channel.href_of(thread.entry.id))).await
}

async fn reply(act: Act, programme: &Snapshot, thread: &Thread<'_>) -> Answer {
    let offers = thread.channel.offers(&act);
    let offer = offers.iter().find(|offer| offer.kind.peer_part() == Some(PeerPart::Reply));
    let offer = match (offer, thread.part) {
        (Some(offer), PeerPart::Thread) => offer,
        (_, PeerPart::Thread) => {
            return Err(Stop::forbidden("Others write in this channel", "Your roles read it, and do not write in it."));
        }
        // An ask and an offer are answered by their steps.
        _ => return Err(Stop::Missing),
    };
    let people = mentions::people(&act, &thread.channel).await?;
    let mut wrong = Invalid::default();
    let told = mentions::named(&people, &act.form, &mut wrong);
    let text = act.form.get("text").to_string();
    let circle = offer.circles.first().map(|(circle, _)| circle.key.clone()).unwrap_or_default();
    let (title, happened_on) = (title_of(&thread.entry.title), act.today().to_string());
    let typed = EntryTyped { title, text: text.clone(), happened_on, circle, ..EntryTyped::default() };
    let read = match typed.read(&act, programme, offer) {
        Ok(read) => Some(read),
        Err(found) => {
            for problem in found.problems() {
                wrong.add(problem.field.clone(), problem.message.clone());
            }
            None
        }
    };
    let Some(read) = read.filter(|_| wrong.is_empty()) else {
        return show(&act, &Typed { text, told }, &wrong).await;
    };
    let me = act.person()?;
    let mut write = act.write("reply to a thread").await?;
    let entry = entries::record_entry(&mut write, &act, programme, None, &offer.kind.key, read).await?;
    entries::note_origin(&mut write, &entry, &thread.entry).await?;
    mentions::note(&mut write, &entry, thread.entry.id, &told).await?;
    // Whoever began it hears of the answer, and whoever answers has read where they were named.
    mentions::hears(&mut write, programme.id, thread.entry.author_id).await?;
    mentions::hears(&mut write, programme.id, me).await?;
    mentions::see(&mut write, thread.entry.id, me).await?;
    let page = last_page(&act, &thread.channel, thread.entry.id, 1).await?;
    let home = thread.channel.href_of(thread.entry.id);
    act.save(write, &format!("{home}?done=replied&page={page}#{}", entry.id)).await
}

/// A reply has the title of what it replies to, as a letter has.
fn title_of(thread: &str) -> String {
    let title = format!("Reply: {thread}");
    match title.char_indices().nth(LONGEST_TITLE - 1) {
        Some((at, _)) => format!("{}…", &title[..at]),
        None => title,
    }
}
