//! Made-up outputs on their way: an idea, one that is being asked about, and one that was published, with what its people
//! and its place said to it.

use design::{EntryKind, Scope};
use kernel::{Day, Fault};
use rand::rngs::StdRng;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder, QuerySelect};
use store::{Write, fault};
use tables::{ConsentId, EntryId, OutputId, PlaceId, QuotationId, consent, entry, mark, output, place, quotation};
use ui::passages::Reading;

use super::document::one;
use super::entries::Writing;
use super::people::Player;
use crate::entries::is_gone;
use crate::outputs::made_up;

/// What is written of the first places, the first of them the furthest.
const PIECES: [Piece; 4] = [
    Piece {
        title: "What the first hundred days taught us",
        summary: "Trust grew where two people kept a small promise, and nowhere else.",
        before: "A hundred days is long enough to promise something and to see whether it was kept. We asked each other what had changed, and the answers were smaller than the plans.",
        after: "None of it cost anything. All of it took somebody who came back.",
        audience: "Other partnerships in their first year: so that they promise less, and keep it.",
        back: 60,
        reached: Reached::Published,
    },
    Piece {
        title: "Why the meeting moved to the kitchen",
        summary: "Who speaks depends on the room, and the room can be chosen.",
        before: "For half a year we met where we had always met. Then the heating failed.",
        after: "We have kept the kitchen. The minutes are shorter, and more of us are in them.",
        audience: "Boards that wonder why nobody from outside speaks.",
        back: 12,
        reached: Reached::Asking,
    },
    Piece {
        title: "A checklist before you invite anybody",
        summary: "",
        before: "Who pays the bus? Who looks after the children? Who says what happens afterwards?",
        after: "",
        audience: "Whoever runs an event for the first time.",
        back: 45,
        reached: Reached::Draft,
    },
    Piece {
        title: "What nobody told the new consultant",
        summary: "",
        before: "Perhaps a page, perhaps a short film: what is handed on when somebody leaves, and what is not.",
        after: "",
        audience: "",
        back: 5,
        reached: Reached::Idea,
    },
];

/// Letters that a sentence has at least which is worth quoting.
const SHORTEST: usize = 30;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reached {
    Idea,
    Draft,
    Asking,
    Published,
}

struct Piece {
    title: &'static str,
    summary: &'static str,
    before: &'static str,
    after: &'static str,
    audience: &'static str,
    /// Days back to when it was begun.
    back: i64,
    reached: Reached,
}

pub(super) async fn fill(writing: &Writing<'_>, rng: &mut StdRng) -> Result<(), Fault> {
    let places: Vec<PlaceId> = writing.cast.places.iter().copied().take(PIECES.len()).collect();
    let mut write = writing.db.write(writing.writer, "make practice outputs").await?;
    for (number, (piece, place)) in PIECES.iter().zip(places).enumerate() {
        Making { writing, piece, place, number }.make(&mut write, rng).await?;
    }
    write.save().await
}

struct Making<'a> {
    writing: &'a Writing<'a>,
    piece: &'a Piece,
    place: PlaceId,
    /// Which of the places it is.
    number: usize,
}

impl Making<'_> {
    fn on(&self) -> Day {
        self.writing.as_of.plus_days(-self.piece.back)
    }

    /// Somebody of this place, or of all, in one of these roles.
    fn player(&self, roles: &[String]) -> Option<&Player> {
        let here = |p: &&Player| roles.contains(&p.role) && (p.place.is_none() || p.place == Some(self.number));
        self.writing.cast.players.iter().find(here)
    }

    async fn make(&self, write: &mut Write, rng: &mut StdRng) -> Result<(), Fault> {
        let design = &self.writing.document.design;
        let of_a_place = |kind: &&EntryKind| {
            let circle = kind.circles.first().and_then(|key| design.circle(key));
            kind.output.as_ref().is_some_and(|o| !o.evaluation) && circle.is_some_and(|c| c.scope == Scope::Place)
        };
        let kinds: Vec<&EntryKind> = design.kinds.iter().filter(of_a_place).collect();
        let Some(kind) = one(rng, &kinds).copied() else { return Ok(()) };
        let Some(circle) = kind.circles.first() else { return Ok(()) };
        let Some(rule) = &kind.output else { return Ok(()) };
        let writers = design.circle(circle).map(|c| c.writers.clone()).unwrap_or_default();
        let writers: Vec<String> = kind.writers.iter().filter(|role| writers.contains(role)).cloned().collect();
        let Some(author) = self.player(&writers) else { return Ok(()) };
        let Some(circle) = self.writing.cast.circles.get(circle).copied() else { return Ok(()) };
        let said = match self.piece.reached {
            Reached::Asking | Reached::Published => self.said(write, rng, circle).await?,
            _ => None,
        };
        let marker = said.as_ref().map(|_| made_up::marker(1)).unwrap_or_default();
        let parts = [self.piece.before, marker.as_str(), self.piece.after];
        let text = parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("\n\n");
        let at = self.writing.at(self.on());
        let row = entry::Model {
            id: EntryId(self.writing.writer.ids.next(at)),
            programme_id: self.writing.programme,
            place_id: Some(self.place),
            circle_id: circle,
            kind: kind.key.clone(),
            title: self.piece.title.into(),
            text,
            happened_on: self.on(),
            author_id: author.person,
            appointment_id: author.appointment,
            revision: 1,
            written_at: at,
            changed_at: at,
            source_id: None,
            source_circle_id: None,
            source_revision: None,
        };
        let row = write.insert(row).await?;
        write.index(std::slice::from_ref(&row)).await?;
        let place = place::Entity::find_by_id(self.place).one(write.tx()).await.map_err(fault("load a place"))?;
        let Some(place) = place else { return Ok(()) };
        let output = self.output(write, &row, &place).await?;
        let quoted = match said {
            Some((mark, words, from)) => Some(self.quote(write, &row, &mark, words, &from).await?),
            None => None,
        };
        if self.piece.reached == Reached::Published {
            self.agree(write, &row, &output, (quoted.as_ref(), &rule.signed_by), &place).await?;
        }
        Ok(())
    }

    async fn output(&self, write: &mut Write, row: &entry::Model, place: &place::Model) -> Result<output::Model, Fault> {
        let state = match self.piece.reached {
            Reached::Idea => "idea",
            Reached::Draft => "draft",
            Reached::Asking | Reached::Published => "asking",
        };
        let output = output::Model {
            id: OutputId(write.id()),
            programme_id: row.programme_id,
            entry_id: row.id,
            state: state.into(),
            owner_id: row.author_id,
            due_on: Some(self.on().plus_days(40)),
            audience: self.piece.audience.into(),
            booked: 6,
            summary: self.piece.summary.into(),
            by_line: if self.piece.summary.is_empty() { String::new() } else { format!("The partners in {}", place.name) },
            topics: String::new(),
            about: String::new(),
            moved_at: row.written_at,
            slug: None,
        };
        write.insert(output).await
    }

    /// A sentence that somebody marked in the same circle of the place, with its entry.
    async fn said(
        &self,
        write: &Write,
        rng: &mut StdRng,
        circle: tables::CircleId,
    ) -> Result<Option<(mark::Model, String, entry::Model)>, Fault> {
        let of = mark::Entity::belongs_to(entry::Entity).from(mark::Column::EntryId).to(entry::Column::Id);
        let here = Condition::all().add(entry::COLUMN.place_id.eq(self.place)).add(entry::COLUMN.circle_id.eq(circle));
        let found: Vec<(mark::Model, Option<entry::Model>)> = mark::Entity::find()
            .select_also(entry::Entity)
            .join(sea_orm::JoinType::InnerJoin, of.into())
            .filter(here)
            .filter(entry::COLUMN.source_id.is_null())
            .filter(mark::COLUMN.removed_at.is_null())
            .order_by_asc(mark::Column::Id)
            .all(write.tx())
            .await
            .map_err(fault("list what can be quoted"))?;
        let all = found.into_iter().filter_map(|(mark, entry)| {
            let entry = entry.filter(|e| !is_gone(e) && e.revision == mark.revision)?;
            let letters = usize::try_from(mark.from_letter).ok()?..usize::try_from(mark.to_letter).ok()?;
            let words = Reading::of(&entry.text).words(&letters).filter(|w| w.len() >= SHORTEST)?.to_string();
            Some((mark, words, entry))
        });
        let all: Vec<_> = all.collect();
        Ok(one(rng, &all).cloned())
    }

    async fn quote(
        &self,
        write: &mut Write,
        row: &entry::Model,
        mark: &mark::Model,
        words: String,
        from: &entry::Model,
    ) -> Result<quotation::Model, Fault> {
        let role = self.writing.cast.players.iter().find(|p| p.appointment == from.appointment_id).map(|p| p.role.clone());
        let role = role.and_then(|key| self.writing.document.design.role(&key).map(|r| r.name.clone())).unwrap_or_default();
        let quoted = quotation::Model {
            id: QuotationId(write.id()),
            programme_id: row.programme_id,
            entry_id: row.id,
            mark_id: mark.id,
            place_id: from.place_id,
            number: 1,
            words,
            attribution: role,
            person_id: from.author_id,
            for_another: false,
            made_by: row.author_id,
            made_at: row.written_at,
            removed_at: None,
            taken_back_at: None,
        };
        write.insert(quoted).await
    }

    /// Whoever is quoted agrees, the place signs off, and it is published.
    async fn agree(
        &self,
        write: &mut Write,
        row: &entry::Model,
        output: &output::Model,
        (quoted, signed_by): (Option<&quotation::Model>, &[String]),
        place: &place::Model,
    ) -> Result<(), Fault> {
        let at = self.writing.at(self.on().plus_days(7));
        let yes = |side: String, hash: &str, person: &Player, role: &str| consent::Model {
            id: ConsentId(self.writing.writer.ids.next(at)),
            programme_id: row.programme_id,
            agreement_id: None,
            proposal_id: None,
            entry_id: Some(row.id),
            side,
            person_id: person.person,
            role: role.into(),
            hash: hash.into(),
            given_at: at,
            answer: "yes".into(),
            why: String::new(),
            replaced_at: None,
        };
        let mut given = Vec::new();
        if let Some(q) = quoted {
            let hash = made_up::hash_of_quotation(row, q);
            let Some(person) = self.writing.cast.players.iter().find(|p| p.person == q.person_id) else { return Ok(()) };
            given.push(yes(made_up::side(q.id, &hash), &hash, person, &person.role));
        }
        let Some(signer) = self.player(signed_by) else { return Ok(()) };
        let hash = made_up::hash_of_all(row, output, quoted);
        given.push(yes(made_up::side(self.place, &hash), &hash, signer, &signer.role));
        for one in given {
            write.insert(one).await?;
        }
        let on = self.on().plus_days(14).min(self.writing.as_of);
        made_up::publish(write, (row, output, quoted), (place.id, place.name.clone()), (on, self.writing.at(on))).await
    }
}
