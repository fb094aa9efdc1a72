//! Made-up peers: what some say of themselves, what they talk about, and what they ask and offer each other.

use design::{Circle, EntryKind, PeerPart, StepRule};
use kernel::{Fault, Moment};
use rand::RngExt;
use rand::rngs::StdRng;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use store::{Write, fault};
use tables::{
    EntryId, MailChoiceId, MatterId, MentionId, OriginId, PeerProfileId, StepId, ThemeId, TopicId, entry, mail_choice, matter,
    mention, origin, peer_profile, step, theme, topic,
};

use super::entries::Writing;
use super::matters::{Written, put};
use super::people::Player;
use crate::peers::Rhythm;

/// So many people say what they work on: enough to look through, and some who have said nothing.
const PROFILES: usize = 12;
/// Days back to when the first of them did.
const SAID: i64 = 60;

struct Say {
    works: &'static str,
    offers: &'static str,
    seeks: &'static str,
    contact: &'static str,
}

const SAYINGS: [Say; 6] = [
    Say {
        works: "A weekly walk from the surgery to the community café.",
        offers: "How we got the surgery to send people without a form.",
        seeks: "Somebody who has counted what such a walk saves.",
        contact: "Ring me at the café on Tuesday mornings: 020 7946 0001.",
    },
    Say {
        works: "One front door for people who come home from hospital.",
        offers: "Our agreement on who may see what, two pages long.",
        seeks: "",
        contact: "",
    },
    Say {
        works: "Keeping small groups at the table when a big partner changes its people.",
        offers: "",
        seeks: "Words for a hard talk with those who pay.",
        contact: "",
    },
    Say {
        works: "Young people who decide on a small budget themselves.",
        offers: "A visit on any Thursday. Bring somebody who doubts it.",
        seeks: "A place that does the same with older people.",
        contact: "young.budget@practice.example, any day but Friday.",
    },
    Say {
        works: "Listening at bus stops.",
        offers: "Our questions, and what went wrong with the first ones.",
        seeks: "How others write down what people say without a clipboard.",
        contact: "",
    },
    Say {
        works: "What stays when the money ends.",
        offers: "",
        seeks: "Anybody who has handed something over to the council and would do it otherwise now.",
        contact: "",
    },
];

struct Talk {
    title: &'static str,
    text: &'static str,
    replies: &'static [&'static str],
    /// Days back to when it was begun.
    back: i64,
}

const TALKS: [Talk; 3] = [
    Talk {
        title: "Who else has lost a link worker twice in a year?",
        text: "Ours goes in June. What did you do so that people were not passed from hand to hand?",
        replies: &[
            "We let the old and the new one walk the round together for two weeks. It cost little and people still speak of it.",
            "We did not, and spent the summer on the telephone. Do what they did.",
            "Thank you both. Two weeks it is.",
        ],
        back: 45,
    },
    Talk {
        title: "What do you say when a board asks for numbers?",
        text: "We have stories and they want a chart. Has anybody found something between the two?",
        replies: &[
            "Three stories, each with what it would have cost without us. They stopped asking.",
            "Could you show us one of them?",
        ],
        back: 20,
    },
    Talk {
        title: "A quiet week: how do you spend it?",
        text: "For the first time in months nothing is due. What would you use it for?",
        replies: &[],
        back: 3,
    },
];

/// An ask and an offer are told alike: what it is, what somebody said to it, and whether that closed it.
struct Wish {
    part: PeerPart,
    title: &'static str,
    text: &'static str,
    answer: Option<&'static str>,
    back: i64,
}

const WISHES: [Wish; 4] = [
    Wish {
        part: PeerPart::Ask,
        title: "An agreement on sharing notes that fits on two pages",
        text: "Ours has fourteen, and nobody has read them.",
        answer: Some("You can have ours. Two pages, and a drawing."),
        back: 30,
    },
    Wish {
        part: PeerPart::Ask,
        title: "Somebody to talk to our steering group about young people",
        text: "Half an hour, on a screen, before the summer.",
        answer: None,
        back: 8,
    },
    Wish {
        part: PeerPart::Offer,
        title: "Come and see our kitchen table meetings",
        text: "Every second Thursday. There is soup.",
        answer: Some("Two of us come on the next one."),
        back: 25,
    },
    Wish {
        part: PeerPart::Offer,
        title: "A letter that got a surgery to ring back",
        text: "Take it, change the names, and tell us whether it worked.",
        answer: None,
        back: 6,
    },
];

/// Those who read the channel, where it stands, and the words for what it is about.
struct Stage<'a> {
    circle: &'a Circle,
    players: Vec<&'a Player>,
    themes: Vec<ThemeId>,
}

impl Stage<'_> {
    /// Somebody who may write this kind, another one for each number.
    fn writer(&self, kind: &EntryKind, number: usize) -> Option<&Player> {
        let may: Vec<&&Player> =
            self.players.iter().filter(|p| kind.writers.contains(&p.role) && self.circle.writers.contains(&p.role)).collect();
        may.get(number % may.len().max(1)).map(|player| **player)
    }
    fn themes(&self, first: usize, many: usize) -> Vec<ThemeId> {
        self.themes.iter().cycle().skip(first).take(many.min(self.themes.len())).copied().collect()
    }
}

pub(super) async fn fill(writing: &Writing<'_>, rng: &mut StdRng) -> Result<(), Fault> {
    let design = &writing.document.design;
    let Some(circle) = design.channel() else { return Ok(()) };
    let mut write = writing.db.write(writing.writer, "make practice peers").await?;
    let themes = theme::Entity::find()
        .filter(theme::COLUMN.programme_id.eq(writing.programme))
        .filter(theme::COLUMN.ended_at.is_null())
        .order_by_asc(theme::Column::Id)
        .all(write.tx())
        .await
        .map_err(fault("list themes"))?;
    let mut players: Vec<&Player> = Vec::new();
    for player in writing.cast.players.iter().filter(|p| circle.readers.contains(&p.role)) {
        if players.iter().all(|before| before.person != player.person) {
            players.push(player);
        }
    }
    let stage = Stage { circle, players, themes: themes.into_iter().map(|theme| theme.id).collect() };
    profiles(writing, &mut write, &stage, rng).await?;
    for (number, talk) in TALKS.iter().enumerate() {
        begin(writing, &mut write, &stage, (number, talk)).await?;
    }
    for (number, wish) in WISHES.iter().enumerate() {
        ask(writing, &mut write, &stage, (number, wish)).await?;
    }
    write.save().await
}

async fn profiles(writing: &Writing<'_>, write: &mut Write, stage: &Stage<'_>, rng: &mut StdRng) -> Result<(), Fault> {
    let ids = |themes: Vec<ThemeId>| themes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    for (number, player) in stage.players.iter().take(PROFILES).enumerate() {
        let say = &SAYINGS[number % SAYINGS.len()];
        let on = writing.as_of.plus_days(-SAID + i64::try_from(number).unwrap_or_default());
        let about = rng.random_range(0..stage.themes.len().max(1));
        let row = peer_profile::Model {
            id: PeerProfileId(write.id()),
            programme_id: writing.programme,
            person_id: player.person,
            works_on: say.works.into(),
            offers: say.offers.into(),
            seeks: say.seeks.into(),
            works_themes: ids(stage.themes(about, 2)),
            offers_themes: if say.offers.is_empty() { String::new() } else { ids(stage.themes(about + 2, 1)) },
            seeks_themes: if say.seeks.is_empty() { String::new() } else { ids(stage.themes(about + 3, 1)) },
            contact: say.contact.into(),
            changed_at: writing.at(on),
        };
        write.insert(row).await?;
    }
    Ok(())
}

async fn topics(
    writing: &Writing<'_>,
    write: &mut Write,
    (entry_id, at): (EntryId, Moment),
    themes: Vec<ThemeId>,
) -> Result<(), Fault> {
    for theme_id in themes {
        write.insert(topic::Model { id: TopicId(write.id()), programme_id: writing.programme, entry_id, theme_id, at }).await?;
    }
    Ok(())
}

async fn begin(writing: &Writing<'_>, write: &mut Write, stage: &Stage<'_>, (number, talk): (usize, &Talk)) -> Result<(), Fault> {
    let design = &writing.document.design;
    let (Some(kind), Some(reply)) = (design.peer_kind(PeerPart::Thread), design.peer_kind(PeerPart::Reply)) else {
        return Ok(());
    };
    let Some(player) = stage.writer(kind, number * 2) else { return Ok(()) };
    let circle = stage.circle;
    let on = writing.as_of.plus_days(-talk.back);
    let opened = Written { kind, circle, player, title: talk.title.into(), text: talk.text.into(), on };
    let opened = put(writing, write, None, opened).await?;
    topics(writing, write, (opened.id, opened.written_at), stage.themes(number * 2, 2)).await?;
    for (later, text) in talk.replies.iter().enumerate() {
        let Some(player) = stage.writer(reply, number * 2 + later + 1) else { break };
        let on = on.plus_days(i64::try_from(later).unwrap_or_default() + 1);
        let said = Written { kind: reply, circle, player, title: format!("Reply: {}", talk.title), text: (*text).into(), on };
        let said = put(writing, write, None, said).await?;
        let at = said.written_at;
        let row = origin::Model {
            id: OriginId(write.id()),
            programme_id: writing.programme,
            entry_id: said.id,
            of_entry: opened.id,
            at,
        };
        write.insert(row).await?;
        // The last one asks whoever answered before.
        if later + 1 == talk.replies.len() && said.author_id != opened.author_id {
            name(writing, write, &said, &opened).await?;
        }
    }
    Ok(())
}

/// A reply names whoever began the thread.
async fn name(writing: &Writing<'_>, write: &mut Write, said: &entry::Model, opened: &entry::Model) -> Result<(), Fault> {
    let (programme_id, person_id, at) = (writing.programme, opened.author_id, said.written_at);
    let id = MentionId(write.id());
    let row = mention::Model { id, programme_id, entry_id: said.id, thread_id: opened.id, person_id, at, seen_at: None };
    write.insert(row).await?;
    let choice = mail_choice::Model {
        id: MailChoiceId(write.id()),
        programme_id,
        person_id,
        rhythm: Rhythm::Named.key().into(),
        quiet_from: None,
        quiet_to: None,
        days_off: String::new(),
        // Nobody is written to of what was made up.
        told_until: write.at(),
        changed_at: at,
    };
    let of = [mail_choice::Column::ProgrammeId, mail_choice::Column::PersonId];
    write.insert_unless_there(choice, of).await.map(drop)
}

async fn ask(writing: &Writing<'_>, write: &mut Write, stage: &Stage<'_>, (number, wish): (usize, &Wish)) -> Result<(), Fault> {
    let Some(kind) = writing.document.design.peer_kind(wish.part) else { return Ok(()) };
    let Some(player) = stage.writer(kind, number * 3 + 1) else { return Ok(()) };
    let circle = stage.circle;
    let on = writing.as_of.plus_days(-wish.back);
    let opened = Written { kind, circle, player, title: wish.title.into(), text: wish.text.into(), on };
    let opened = put(writing, write, None, opened).await?;
    topics(writing, write, (opened.id, opened.written_at), stage.themes(number, 2)).await?;
    let answers = |rule: &&StepRule| rule.follows(None) && !rule.ends && !rule.own;
    let mut row = matter::Model {
        id: MatterId(write.id()),
        programme_id: writing.programme,
        place_id: None,
        entry_id: opened.id,
        kind: kind.key.clone(),
        state: String::new(),
        open: true,
        to_person: None,
        due_on: None,
        opened_on: on,
        moved_at: opened.written_at,
        about: String::new(),
    };
    let mut taken = None;
    if let (Some(text), Some(rule)) = (wish.answer, kind.steps.iter().find(answers)) {
        let may = |p: &&&Player| rule.by.contains(&p.role) && circle.writers.contains(&p.role) && p.person != player.person;
        if let Some(by) = stage.players.iter().filter(may).nth(number) {
            let said = crate::entries::joined(&rule.parts, &vec![text.to_string(); rule.parts.len()]);
            let said = if rule.parts.is_empty() { text.to_string() } else { said };
            let title = format!("{}: {}", rule.name, wish.title);
            let said = Written { kind, circle, player: by, title, text: said, on: on.plus_days(2) };
            let said = put(writing, write, None, said).await?;
            (row.state, row.moved_at) = (rule.key.clone(), said.written_at);
            taken = Some((said.id, rule.key.clone(), said.written_at));
        }
    }
    let row = write.insert(row).await?;
    if let Some((entry_id, key, at)) = taken {
        let id = StepId(write.id());
        write.insert(step::Model { id, programme_id: writing.programme, matter_id: row.id, entry_id, step: key, at }).await?;
    }
    Ok(())
}
