//! What the server does for the channels by itself: it tells people by mail what is new for them, as often and when they chose.
//! What is new is worked out at that moment, from what they may read at that moment; nothing waits anywhere with a name on it.

use std::collections::{HashMap, HashSet};

use design::PeerPart;
use kernel::{Fault, Moment};
use sea_orm::entity::prelude::*;
use sea_orm::{JoinType, QueryOrder, QuerySelect};
use store::{Writer, fault};
use tables::{EntryId, PersonId, entry, follow, mail_choice, matter, mention, origin, person, programme, step};

use super::channel::{self, Channel, ROOTS};
use super::quiet::{Rhythm, tells};
use crate::ground::{App, Snapshot, Viewer};

/// What was written in the last minute waits for the next look, so that nothing is passed over that is being saved just now.
const SETTLES_SECONDS: i64 = 60;
/// What one mail looks through; more is told in the next.
const MOST: u64 = 200;

/// Tells everybody what is new for them in the channels that they read. Any number of servers may ask at once: the first to hold
/// somebody's row tells them, and the others find that it was told. Gives how many mails went into the post.
///
/// # Errors
/// Where the database does not answer; asking again finds what is left.
pub async fn tend_peers(app: &App) -> Result<usize, Fault> {
    let now = app.clock.now();
    let until = now.plus_seconds(-SETTLES_SECONDS);
    let link =
        mail_choice::Entity::belongs_to(programme::Entity).from(mail_choice::Column::ProgrammeId).to(programme::Column::Id);
    let found = mail_choice::Entity::find()
        .join(JoinType::InnerJoin, link.into())
        .select_also(programme::Entity)
        .filter(mail_choice::COLUMN.rhythm.ne(Rhythm::Nothing.key()))
        .order_by_asc(mail_choice::Column::ProgrammeId)
        .order_by_asc(mail_choice::Column::Id)
        .all(app.db.reader())
        .await
        .map_err(fault("look whom to tell of what peers say"))?;
    let (mut told, mut failed) = (0, None);
    let mut newest = HashMap::new();
    for (row, programme) in found.into_iter().filter_map(|(row, programme)| Some((row, programme?))) {
        let programme = app.snapshots.of(&app.db, &programme).await?;
        let Some(channel) = channel::of(&programme) else { continue };
        let last = match newest.get(&programme.id) {
            Some(last) => *last,
            None => {
                let last = newest_in(app.db.reader(), &channel, until).await?;
                newest.insert(programme.id, last);
                last
            }
        };
        if last.is_none_or(|last| last <= row.told_until) {
            continue;
        }
        // One person for whom it fails does not keep the others waiting.
        match one(app, &channel, row, (now, until)).await {
            Ok(true) => told += 1,
            Ok(false) => {}
            Err(fault) => failed = Some(fault),
        }
    }
    failed.map_or(Ok(told), Err)
}

/// When the last thing was said here, be it readable for somebody or not.
async fn newest_in(db: &impl ConnectionTrait, channel: &Channel<'_>, until: Moment) -> Result<Option<Moment>, Fault> {
    entry::Entity::find()
        .select_only()
        .column(entry::Column::WrittenAt)
        .filter(entry::COLUMN.programme_id.eq(channel.programme.id))
        .filter(entry::COLUMN.circle_id.eq(channel.id))
        .filter(entry::COLUMN.kind.is_in(channel.kinds(PeerPart::ALL)))
        .filter(entry::COLUMN.written_at.lte(until))
        .order_by_desc(entry::Column::WrittenAt)
        .order_by_desc(entry::Column::Id)
        .into_tuple()
        .one(db)
        .await
        .map_err(fault("look for what is new in a channel"))
}

/// Something new, and the conversation it belongs to.
struct News {
    at: Moment,
    root: EntryId,
    title: String,
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Named,
    Begun,
    Answered,
}

async fn one(app: &App, channel: &Channel<'_>, seen: mail_choice::Model, (now, until): (Moment, Moment)) -> Result<bool, Fault> {
    let viewer = Viewer::of_person(app, seen.person_id).await?;
    let news = news(app.db.reader(), (channel, &viewer), &seen, until).await?;
    if news.first().is_some_and(|first| !tells(&seen, first.at, now)) {
        return Ok(false);
    }
    let writer = Writer { actor: None, clock: app.clock.clone(), ids: app.ids.clone() };
    let mut write = app.db.write(&writer, "tell somebody what peers say").await?;
    let Some(row) = write.lock::<mail_choice::Entity>(seen.id).await?.filter(|row| *row == seen) else { return Ok(false) };
    if news.is_empty() {
        // That there was nothing to tell is nothing that happened, and the journal leaves it out.
        let looked = mail_choice::ActiveModel { told_until: sea_orm::Set(until), ..Default::default() };
        let mine = mail_choice::Entity::update_many().set(looked).filter(mail_choice::COLUMN.id.eq(row.id));
        mine.exec(write.unrecorded()).await.map_err(fault("note what was looked through"))?;
        write.save().await?;
        return Ok(false);
    }
    // Where there is more than one mail holds, the next goes on from here.
    let full = news.len() as u64 >= MOST;
    let told_until = news.last().filter(|_| full).map_or(until, |last| last.at);
    let person = person::Entity::find_by_id(row.person_id).one(write.tx()).await.map_err(fault("load a person"))?;
    let email = person.and_then(|person| person.email);
    if let Some(email) = &email {
        let (subject, text) = mail(&app.settings.address, channel, &news);
        write.mail(email, subject, text).await?;
    }
    write.replace(&row, mail_choice::Model { told_until, ..row.clone() }).await?;
    write.save().await?;
    Ok(email.is_some())
}

/// Whether there is something that somebody has chosen to hear and was not told yet.
pub(super) async fn waits(app: &App, programme: &Snapshot, choice: &mail_choice::Model, now: Moment) -> Result<bool, Fault> {
    let Some(channel) = channel::of(programme) else { return Ok(false) };
    let viewer = Viewer::of_person(app, choice.person_id).await?;
    Ok(!news(app.db.reader(), (&channel, &viewer), choice, now).await?.is_empty())
}

/// What is new for somebody, the first first: what they may read now, chose to hear, and did not write themselves.
async fn news(
    db: &impl ConnectionTrait,
    (channel, viewer): (&Channel<'_>, &Viewer),
    choice: &mail_choice::Model,
    until: Moment,
) -> Result<Vec<News>, Fault> {
    let me = choice.person_id;
    let said = entry::Entity::find()
        .filter(channel.said(viewer))
        .filter(entry::COLUMN.kind.is_in(channel.kinds(PeerPart::ALL)))
        .filter(entry::COLUMN.written_at.gt(choice.told_until))
        .filter(entry::COLUMN.written_at.lte(until))
        .filter(entry::COLUMN.author_id.ne(me))
        .order_by_asc(entry::Column::WrittenAt)
        .order_by_asc(entry::Column::Id)
        .limit(MOST)
        .all(db)
        .await
        .map_err(fault("list what peers said"))?;
    if said.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<EntryId> = said.iter().map(|one| one.id).collect();
    let begun = begun_by(db, &ids).await?;
    let root_of = |id: EntryId| begun.get(&id).copied().unwrap_or(id);
    let roots: HashSet<EntryId> = ids.iter().map(|id| root_of(*id)).collect();
    let opened = entry::Entity::find()
        .filter(entry::COLUMN.id.is_in(roots.iter().copied()))
        .filter(channel.roots(viewer, &ROOTS))
        .all(db)
        .await
        .map_err(fault("load what peers talk about"))?;
    let opened: HashMap<EntryId, entry::Model> = opened.into_iter().map(|one| (one.id, one)).collect();
    let hears = Hears::load(db, me, &roots, &ids).await?;
    let all = said.into_iter().filter_map(|one| {
        let root = opened.get(&root_of(one.id))?;
        let what = hears.what(choice, me, &one, root)?;
        Some(News { at: one.written_at, root: root.id, title: root.title.clone(), what })
    });
    Ok(all.collect())
}

/// Of replies and steps among these, the conversation that each belongs to.
async fn begun_by(db: &impl ConnectionTrait, ids: &[EntryId]) -> Result<HashMap<EntryId, EntryId>, Fault> {
    let replies: Vec<(EntryId, EntryId)> = origin::Entity::find()
        .select_only()
        .columns([origin::Column::EntryId, origin::Column::OfEntry])
        .filter(origin::COLUMN.entry_id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(db)
        .await
        .map_err(fault("look what replies belong to"))?;
    let link = step::Entity::belongs_to(matter::Entity).from(step::Column::MatterId).to(matter::Column::Id);
    let steps: Vec<(EntryId, EntryId)> = step::Entity::find()
        .select_only()
        .column(step::Column::EntryId)
        .column_as(matter::Column::EntryId, "opened")
        .join(JoinType::InnerJoin, link.into())
        .filter(step::COLUMN.entry_id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(db)
        .await
        .map_err(fault("look what steps belong to"))?;
    Ok(replies.into_iter().chain(steps).collect())
}

/// What somebody hears of: what names them, what they follow or have muted, and where they have said something.
struct Hears {
    named: HashSet<EntryId>,
    chosen: HashMap<EntryId, bool>,
    part: HashSet<EntryId>,
}

impl Hears {
    async fn load(db: &impl ConnectionTrait, me: PersonId, roots: &HashSet<EntryId>, ids: &[EntryId]) -> Result<Self, Fault> {
        let named: Vec<(EntryId, EntryId)> = mention::Entity::find()
            .select_only()
            .columns([mention::Column::EntryId, mention::Column::ThreadId])
            .filter(mention::COLUMN.person_id.eq(me))
            .filter(mention::COLUMN.thread_id.is_in(roots.iter().copied()))
            .into_tuple()
            .all(db)
            .await
            .map_err(fault("list mentions"))?;
        let chosen: Vec<(EntryId, bool)> = follow::Entity::find()
            .select_only()
            .columns([follow::Column::ThreadId])
            .column(follow::Column::Muted)
            .filter(follow::COLUMN.person_id.eq(me))
            .filter(follow::COLUMN.thread_id.is_in(roots.iter().copied()))
            .into_tuple()
            .all(db)
            .await
            .map_err(fault("list what somebody follows"))?;
        let mut part: HashSet<EntryId> = named.iter().map(|(_, thread)| *thread).collect();
        part.extend(taken_part(db, me, roots).await?);
        let named = named.into_iter().map(|(entry, _)| entry).filter(|id| ids.contains(id)).collect();
        Ok(Self { named, chosen: chosen.into_iter().collect(), part })
    }

    /// What it is to somebody, if they want to hear of it.
    fn what(&self, choice: &mail_choice::Model, me: PersonId, one: &entry::Model, root: &entry::Model) -> Option<What> {
        let chosen = self.chosen.get(&root.id).copied();
        if chosen == Some(true) {
            return None;
        }
        if self.named.contains(&one.id) {
            return Some(What::Named);
        }
        let begun = one.id == root.id;
        let follows = chosen == Some(false);
        let hears = match Rhythm::of(&choice.rhythm)? {
            Rhythm::Nothing => false,
            Rhythm::Named => !begun && (root.author_id == me || follows),
            Rhythm::AtOnce | Rhythm::Daily | Rhythm::Weekly => {
                begun || root.author_id == me || follows || self.part.contains(&root.id)
            }
        };
        hears.then_some(if begun { What::Begun } else { What::Answered })
    }
}

/// Of these conversations those in which somebody has said something.
async fn taken_part(db: &impl ConnectionTrait, me: PersonId, roots: &HashSet<EntryId>) -> Result<Vec<EntryId>, Fault> {
    let link = origin::Entity::belongs_to(entry::Entity).from(origin::Column::EntryId).to(entry::Column::Id);
    let mut found: Vec<EntryId> = origin::Entity::find()
        .select_only()
        .column(origin::Column::OfEntry)
        .join(JoinType::InnerJoin, link.into())
        .filter(origin::COLUMN.of_entry.is_in(roots.iter().copied()))
        .filter(entry::COLUMN.author_id.eq(me))
        .into_tuple()
        .all(db)
        .await
        .map_err(fault("look where somebody replied"))?;
    let of_matter = step::Entity::belongs_to(matter::Entity).from(step::Column::MatterId).to(matter::Column::Id);
    let of_entry = step::Entity::belongs_to(entry::Entity).from(step::Column::EntryId).to(entry::Column::Id);
    let stepped: Vec<EntryId> = step::Entity::find()
        .select_only()
        .column_as(matter::Column::EntryId, "opened")
        .join(JoinType::InnerJoin, of_matter.into())
        .join(JoinType::InnerJoin, of_entry.into())
        .filter(matter::COLUMN.entry_id.is_in(roots.iter().copied()))
        .filter(entry::COLUMN.author_id.eq(me))
        .into_tuple()
        .all(db)
        .await
        .map_err(fault("look where somebody answered"))?;
    found.extend(stepped);
    Ok(found)
}

/// Subject and text: each conversation once, with what is new in it and where it stands, and none of what was said.
fn mail(address: &str, channel: &Channel<'_>, news: &[News]) -> (String, String) {
    let mut roots: Vec<EntryId> = Vec::new();
    for one in news {
        if !roots.contains(&one.root) {
            roots.push(one.root);
        }
    }
    let lines = roots.iter().map(|root| {
        let of: Vec<&News> = news.iter().filter(|one| one.root == *root).collect();
        let many = |what: What| of.iter().filter(|one| one.what == what).count();
        let mut said: Vec<String> = Vec::new();
        if many(What::Begun) > 0 {
            said.push("It is new.".into());
        }
        match many(What::Named) {
            0 => {}
            1 => said.push("Somebody names you in it.".into()),
            n => said.push(format!("You are named in it {n} times.")),
        }
        match many(What::Answered) {
            0 => {}
            1 => said.push("There is one answer.".into()),
            n => said.push(format!("There are {n} answers.")),
        }
        let title = of.first().map_or("", |one| one.title.as_str());
        format!("{title}\n{}\n{address}{}\n\n", said.join(" "), channel.href_of(*root))
    });
    let lines: String = lines.collect();
    let programme = &channel.programme.name;
    let subject = match news.iter().any(|one| one.what == What::Named) {
        true => format!("{programme}: somebody names you"),
        false => format!("{programme}: new in the channel"),
    };
    let mail = format!("{address}{}/peers/mail", channel.programme.href());
    (subject, format!("{lines}To hear of it more or less often, or not at certain hours:\n{mail}\n"))
}
