//! Who may read what, worked out from the rows and the design alone, and by nothing of what the product works it out with.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use design::{Circle, Design, Scope};
use kernel::Moment;
use sea_orm::{EntityTrait, JsonValue};
use store::{Db, Reader};
use tables::{
    CircleId, EntryId, GatheringId, PersonId, PlaceId, ProposalId, PublicationId, QuotationId, ReflectionRoundId, Uuid,
    agreement, appointment, circle, consent, entry, entry_revision, evidence, feedback, gathering, mark as excerpt, matter,
    origin, output, peer_profile, person, place, proposal, publication, published_quotation, quotation, reached, reflection,
    reflection_round, sign_up, step, theme,
};

use super::marks::{Mark, found_in};

/// For each marker word, the texts in which it is told by right: those it was planted in. What else it stands in later has been
/// copied there, and counts only where everybody who was told that copy when it was made knew the word already.
pub(super) type Origins = BTreeMap<Mark, BTreeSet<Uuid>>;

/// Those to whom a text is told.
#[derive(Debug, Clone, Copy)]
enum Audience {
    /// Who reads an entry as it stands.
    Entry(EntryId),
    /// Who reads an entry, and the circle in which an earlier version of it stood.
    Version(EntryId, CircleId),
    /// Who reads what something is to be shared of, and whoever is asked to agree.
    Proposal(ProposalId),
    /// This person alone, as long as they read this entry.
    Apart(PersonId, EntryId),
    /// Who reads an output where it is written; those whose words or place it is about, while they are asked and once they have
    /// agreed.
    Output(EntryId),
    /// Who reads where a quotation is from, whoever is asked for it, and once they agree, who reads what it is quoted in.
    Quotation(QuotationId),
    /// Everybody, as long as it stands in the library.
    Library(PublicationId),
    /// This person alone, as long as they take part in this round.
    Alone(PersonId, ReflectionRoundId),
    /// All who take part in this round.
    Group(ReflectionRoundId),
    /// This person and those who run the event, as long as they read its entry.
    Needs(PersonId, EntryId),
    /// Those who came to an event and those who run it, once enough have said something.
    Feedback(GatheringId),
    /// Who reads the channel between peers, as long as this person reads it too.
    Peers(PersonId),
}

/// A role and a circle that it reads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reading {
    pub role: String,
    pub circle: String,
}

/// Everything as it stands at a moment.
pub(super) struct World {
    pub now: Moment,
    /// What is kept from this oracle, to see whether it is missed: it does not believe that this role reads this circle.
    pub blind_to: Option<Reading>,
    pub places: Vec<place::Model>,
    pub people: Vec<person::Model>,
    pub entries: Vec<entry::Model>,
    pub proposals: Vec<proposal::Model>,
    pub matters: Vec<matter::Model>,
    pub agreements: Vec<agreement::Model>,
    pub reached: Vec<reached::Model>,
    pub evidence: Vec<evidence::Model>,
    pub excerpts: Vec<excerpt::Model>,
    pub themes: Vec<theme::Model>,
    pub outputs: Vec<output::Model>,
    pub quotations: Vec<quotation::Model>,
    pub publications: Vec<publication::Model>,
    pub rounds: Vec<reflection_round::Model>,
    pub reflections: Vec<reflection::Model>,
    pub gatherings: Vec<gathering::Model>,
    pub sign_ups: Vec<sign_up::Model>,
    feedbacks: Vec<feedback::Model>,
    profiles: Vec<peer_profile::Model>,
    origins: Vec<origin::Model>,
    design: Arc<Design>,
    circles: BTreeMap<CircleId, String>,
    appointments: Vec<appointment::Model>,
    revisions: Vec<entry_revision::Model>,
    steps: Vec<step::Model>,
    voices: Vec<consent::Model>,
    published: Vec<published_quotation::Model>,
    /// Where each marker word stands: in which text, and who is told that.
    standing: BTreeMap<Mark, Vec<(Uuid, Audience)>>,
}

/// All rows of a table, always in the same order.
async fn all<E: EntityTrait, K: Ord>(read: &Reader, key: impl Fn(&E::Model) -> K) -> Vec<E::Model> {
    let mut rows = E::find().all(read).await.expect("rows to look at");
    rows.sort_by_key(key);
    rows
}

impl World {
    pub async fn load(db: &Db, design: Arc<Design>, now: Moment) -> Self {
        let read = db.reader();
        let circles = all::<circle::Entity, _>(read, |c| c.id).await;
        let mut world = Self {
            now,
            blind_to: None,
            places: all::<place::Entity, _>(read, |p| p.id).await,
            people: all::<person::Entity, _>(read, |p| p.id).await,
            entries: all::<entry::Entity, _>(read, |e| e.id).await,
            proposals: all::<proposal::Entity, _>(read, |p| p.id).await,
            matters: all::<matter::Entity, _>(read, |m| m.id).await,
            agreements: all::<agreement::Entity, _>(read, |a| a.id).await,
            reached: all::<reached::Entity, _>(read, |r| r.id).await,
            evidence: all::<evidence::Entity, _>(read, |e| e.id).await,
            excerpts: all::<excerpt::Entity, _>(read, |e| e.id).await,
            themes: all::<theme::Entity, _>(read, |t| t.id).await,
            outputs: all::<output::Entity, _>(read, |o| o.id).await,
            quotations: all::<quotation::Entity, _>(read, |q| q.id).await,
            publications: all::<publication::Entity, _>(read, |p| p.id).await,
            published: all::<published_quotation::Entity, _>(read, |q| q.id).await,
            rounds: all::<reflection_round::Entity, _>(read, |r| r.id).await,
            reflections: all::<reflection::Entity, _>(read, |r| r.id).await,
            gatherings: all::<gathering::Entity, _>(read, |g| g.id).await,
            sign_ups: all::<sign_up::Entity, _>(read, |s| s.id).await,
            feedbacks: all::<feedback::Entity, _>(read, |f| f.id).await,
            profiles: all::<peer_profile::Entity, _>(read, |p| p.id).await,
            origins: all::<origin::Entity, _>(read, |o| o.id).await,
            design,
            circles: circles.into_iter().map(|c| (c.id, c.key)).collect(),
            appointments: all::<appointment::Entity, _>(read, |a| a.id).await,
            revisions: all::<entry_revision::Entity, _>(read, |r| r.id).await,
            steps: all::<step::Entity, _>(read, |s| s.id).await,
            voices: all::<consent::Entity, _>(read, |c| c.id).await,
            standing: BTreeMap::new(),
        };
        world.standing = world.planted();
        world
    }

    fn planted(&self) -> BTreeMap<Mark, Vec<(Uuid, Audience)>> {
        let mut standing: BTreeMap<Mark, Vec<(Uuid, Audience)>> = BTreeMap::new();
        let mut note = |text: String, of: Uuid, audience: Audience| {
            for mark in found_in(&text) {
                standing.entry(mark).or_default().push((of, audience));
            }
        };
        for entry in &self.entries {
            note(format!("{} {}", entry.title, entry.text), self.text_of(entry.id), Audience::Entry(entry.id));
        }
        for old in &self.revisions {
            let text = format!("{} {} {}", old.title, old.text, old.reason);
            note(text, self.text_of(old.entry_id), Audience::Version(old.entry_id, old.circle_id));
        }
        for row in &self.proposals {
            note(format!("{} {} {}", row.title, row.text, row.answer), row.id.0, Audience::Proposal(row.id));
        }
        // Whoever reads an entry reads how others see it; what is said of a quotation, who may read that.
        for (row, of) in self.voices.iter().filter_map(|row| Some((row, row.entry_id?))) {
            let quoted = self.quotations.iter().find(|q| row.side.starts_with(&format!("{}/", q.id)));
            let audience = match quoted {
                Some(q) => Audience::Quotation(q.id),
                None if self.outputs.iter().any(|o| o.entry_id == of) => Audience::Output(of),
                None => Audience::Entry(of),
            };
            note(row.why.clone(), quoted.map_or(row.id.0, |q| self.said_in(q)), audience);
        }
        self.on_the_way(&mut note);
        // What is noted beside a passage is read by whoever reads the entry, once it is shown; what was removed by nobody.
        for row in self.excerpts.iter().filter(|row| row.removed_at.is_none()) {
            let Some(of) = row.entry_id else { continue };
            let apart = Audience::Apart(row.person_id, of);
            note(row.note.clone(), row.id.0, row.shown_at.map_or(apart, |_| Audience::Entry(of)));
        }
        for row in &self.reflections {
            for (text, shown) in self.answered(row) {
                let alone = Audience::Alone(row.person_id, row.round_id);
                note(text, row.id.0, if shown { Audience::Group(row.round_id) } else { alone });
            }
        }
        for row in &self.gatherings {
            note(format!("{} {} {}", row.agenda, row.materials, row.venue), row.id.0, Audience::Entry(row.entry_id));
        }
        for row in &self.sign_ups {
            let Some(event) = self.gatherings.iter().find(|g| g.id == row.gathering_id) else { continue };
            let text = format!("{} {}", row.access_needs, row.dietary_needs);
            note(text, row.id.0, Audience::Needs(row.person_id, event.entry_id));
        }
        for row in &self.feedbacks {
            note(row.answers.clone(), row.id.0, Audience::Feedback(row.gathering_id));
        }
        for row in &self.profiles {
            let text = format!("{} {} {} {}", row.works_on, row.offers, row.seeks, row.contact);
            note(text, row.id.0, Audience::Peers(row.person_id));
        }
        standing
    }

    /// Outputs with what they quote, and what of them was published. Words that are quoted are those of where they are from.
    fn on_the_way(&self, note: &mut impl FnMut(String, Uuid, Audience)) {
        for row in &self.outputs {
            let entry = self.entries.iter().find(|e| e.id == row.entry_id);
            let text = entry.map(|e| format!("{} {}", e.title, e.text)).unwrap_or_default();
            let text = format!("{text} {} {} {}", row.summary, row.by_line, row.audience);
            note(text, self.text_of(row.entry_id), Audience::Output(row.entry_id));
        }
        for row in &self.quotations {
            note(format!("{} {}", row.words, row.attribution), self.said_in(row), Audience::Quotation(row.id));
        }
        for row in &self.publications {
            let text = format!("{} {} {} {}", row.title, row.summary, row.text, row.by_line);
            let of = self.text_of(row.entry_id);
            // A version that was withdrawn is named where it was written.
            note(text.clone(), of, Audience::Output(row.entry_id));
            if row.withdrawn_at.is_none() {
                note(text, of, Audience::Library(row.id));
            }
            note(row.withdrawn_why.clone(), of, Audience::Library(row.id));
        }
        for row in &self.published {
            let Some(quotation) = self.quotations.iter().find(|q| q.id == row.quotation_id) else { continue };
            let stands = self.agreed(&format!("{}/{}", quotation.id, row.hash));
            if stands {
                note(
                    format!("{} {}", row.words, row.attribution),
                    self.said_in(quotation),
                    Audience::Library(row.publication_id),
                );
            }
        }
    }

    /// The text that a quotation's words are from.
    fn said_in(&self, of: &quotation::Model) -> Uuid {
        let from = self.excerpts.iter().find(|e| e.id == of.mark_id).and_then(|e| e.entry_id);
        from.map_or(of.id.0, |entry| self.text_of(entry))
    }

    /// Whether somebody agrees now to what they were asked.
    fn agreed(&self, side: &str) -> bool {
        self.voices.iter().any(|c| c.side == side && c.answer == "yes" && c.replaced_at.is_none())
    }

    /// Whether somebody is asked about an output, for themselves or for a place of theirs, or was and has agreed.
    fn is_asked(&self, who: Option<PersonId>, row: &output::Model) -> bool {
        let Some(entry) = self.entries.iter().find(|e| e.id == row.entry_id) else { return false };
        let signs =
            self.design.kind(&entry.kind).and_then(|k| k.output.as_ref()).map(|o| o.signed_by.as_slice()).unwrap_or_default();
        let asking = row.state == "asking";
        let given = |start: String| {
            self.voices.iter().any(|c| c.side.starts_with(&start) && c.answer == "yes" && c.replaced_at.is_none())
        };
        let mine = |q: &&quotation::Model| q.entry_id == row.entry_id && Some(q.person_id) == who;
        let quoted = self.quotations.iter().filter(mine).any(|q| asking && q.removed_at.is_none() || given(format!("{}/", q.id)));
        let quoted_in = |place: PlaceId| self.quotations.iter().any(|q| q.entry_id == row.entry_id && q.place_id == Some(place));
        let about = |place: PlaceId| entry.place_id == Some(place) || row.about.contains(&place.to_string()) || quoted_in(place);
        let places = self.held(who).filter(|h| signs.contains(&h.role)).filter_map(|h| h.place_id);
        quoted || places.into_iter().any(|place| about(place) && (asking || given(format!("{place}/"))))
    }

    /// What somebody answered in a round, question by question, and whether the group has been shown it: it was revealed, they had
    /// finished and were in the group then, and they did not say that they skip the question or that it is not safe.
    fn answered(&self, row: &reflection::Model) -> Vec<(String, bool)> {
        let given: JsonValue = row.given.parse().expect("answers as JSON");
        let round = self.rounds.iter().find(|r| r.id == row.round_id);
        let counts = |at: Moment| row.done_at.is_some() && self.takes_part(Some(row.person_id), row.round_id, at);
        let shown = round.and_then(|r| r.revealed_at).is_some_and(counts);
        let answers = given["answers"].as_object().into_iter().flatten();
        answers.map(|(key, value)| (value.to_string(), shown && given["instead"].get(key).is_none())).collect()
    }

    /// Whether somebody was in the group of a round at a moment.
    fn takes_part(&self, who: Option<PersonId>, round: ReflectionRoundId, at: Moment) -> bool {
        let Some(round) = self.rounds.iter().find(|r| r.id == round) else { return false };
        let Some(framework) = self.design.frameworks.iter().find(|f| f.key == round.framework) else { return false };
        let here = |held: &appointment::Model| held.place_id.is_none() || held.place_id == round.place_id;
        self.held_at(who, at).any(|held| framework.roles.contains(&held.role) && here(held))
    }

    /// Those whom the design names for a round: who opens and shows it, or who takes part, as long as they do.
    pub fn group(&self, round: &reflection_round::Model, opens: bool) -> Vec<String> {
        let framework = self.design.frameworks.iter().find(|f| f.key == round.framework);
        framework.map(|f| if opens { f.opens.clone() } else { f.roles.clone() }).unwrap_or_default()
    }

    /// Whether somebody runs an event: they hold a role now that may say that it was held, where it stands.
    fn runs(&self, who: Option<PersonId>, event: &entry::Model) -> bool {
        let kind = self.design.kind(&event.kind);
        let Some(step) = kind.and_then(|k| k.step(&k.gathering.as_ref()?.held)) else { return false };
        let writes = |role: &String| {
            self.circle(event.circle_id).is_some_and(|c| c.writers.contains(role))
                && self.design.role(role).is_some_and(|r| r.may.contains(&design::Power::WriteEntries))
        };
        self.held(who).any(|held| step.by.contains(&held.role) && writes(&held.role))
    }

    /// The text that an entry is one with: a matter's steps carry its title, and so do the replies to a thread; what was shared
    /// with consent says what was proposed. All else stands for itself.
    fn text_of(&self, id: EntryId) -> Uuid {
        let proposed = self.proposals.iter().find(|p| p.extract_id == Some(id)).map(|p| p.id.0);
        let step = || self.steps.iter().find(|s| s.entry_id == id);
        let matter = || step().and_then(|s| self.matters.iter().find(|m| m.id == s.matter_id)).map(|m| m.entry_id.0);
        let is_reply = |e: &&entry::Model| {
            e.id == id && self.design.kind(&e.kind).and_then(design::EntryKind::peer_part) == Some(design::PeerPart::Reply)
        };
        let reply = || self.entries.iter().find(is_reply).and_then(|_| self.origins.iter().find(|o| o.entry_id == id));
        let thread = || reply().map(|o| o.of_entry.0);
        proposed.or_else(matter).or_else(thread).unwrap_or(id.0)
    }

    /// Every marker word that stands somewhere now, with the texts it stands in.
    pub fn marks(&self) -> impl Iterator<Item = (Mark, BTreeSet<Uuid>)> + '_ {
        self.standing.iter().map(|(mark, texts)| (*mark, texts.iter().map(|(of, _)| *of).collect()))
    }

    /// Words that were copied into another text, where nobody is told of them by that who did not know them.
    pub fn copies(&self, origins: &Origins) -> Vec<(Mark, Uuid)> {
        let everybody: Vec<Option<PersonId>> = std::iter::once(None).chain(self.people.iter().map(|p| Some(p.id))).collect();
        let mut found = Vec::new();
        for (mark, texts) in &self.standing {
            let known = origins.get(mark);
            for (of, audience) in texts.iter().filter(|(of, _)| known.is_some_and(|known| !known.contains(of))) {
                let tells = |who: &Option<PersonId>| self.is_told(*who, *audience) && !self.may_know(*who, *mark, origins);
                if !everybody.iter().any(tells) {
                    found.push((*mark, *of));
                }
            }
        }
        found
    }

    /// Whether somebody may be told this word: they are told a text in which it was planted.
    pub fn may_know(&self, who: Option<PersonId>, mark: Mark, origins: &Origins) -> bool {
        let (Some(texts), Some(origins)) = (self.standing.get(&mark), origins.get(&mark)) else { return false };
        texts.iter().any(|(of, audience)| origins.contains(of) && self.is_told(who, *audience))
    }

    fn is_told(&self, who: Option<PersonId>, audience: Audience) -> bool {
        let entry = |id: EntryId| self.entries.iter().find(|e| e.id == id);
        match audience {
            Audience::Entry(id) => entry(id).is_some_and(|e| self.reads_entry(who, e)),
            Audience::Version(id, circle) => {
                entry(id).is_some_and(|e| self.reads_entry(who, e) && self.reads(who, circle, e.place_id))
            }
            Audience::Proposal(id) => self.proposals.iter().find(|p| p.id == id).is_some_and(|row| {
                let asked = |held: &appointment::Model| row.needs.split(' ').any(|role| role == held.role);
                let here = |held: &appointment::Model| held.place_id.is_none() || held.place_id == row.place_id;
                let reads = entry(row.source_id).is_some_and(|source| self.reads_entry(who, source));
                reads || self.held(who).any(|held| asked(held) && here(held))
            }),
            Audience::Output(id) => {
                let row = self.outputs.iter().find(|o| o.entry_id == id);
                entry(id).is_some_and(|e| self.reads_entry(who, e)) || row.is_some_and(|row| self.is_asked(who, row))
            }
            Audience::Quotation(id) => self.quotations.iter().find(|q| q.id == id).is_some_and(|q| {
                let from = self.excerpts.iter().find(|e| e.id == q.mark_id);
                let reads = from.is_some_and(|mark| {
                    mark.entry_id.and_then(entry).zip(mark.circle_id).is_some_and(|(e, stood)| {
                        self.reads_entry(who, e) && (stood == e.circle_id || self.reads(who, stood, e.place_id))
                    })
                });
                let agreed = self
                    .voices
                    .iter()
                    .any(|c| c.side.starts_with(&format!("{id}/")) && c.answer == "yes" && c.replaced_at.is_none());
                reads || who == Some(q.person_id) || agreed && self.is_told(who, Audience::Output(q.entry_id))
            }),
            Audience::Library(id) => self.publications.iter().any(|p| p.id == id),
            Audience::Alone(person, round) => who == Some(person) && self.takes_part(who, round, self.now),
            Audience::Group(round) => self.takes_part(who, round, self.now),
            Audience::Apart(person, id) => who == Some(person) && entry(id).is_some_and(|e| self.reads_entry(who, e)),
            Audience::Needs(person, id) => {
                entry(id).is_some_and(|e| self.reads_entry(who, e) && (who == Some(person) || self.runs(who, e)))
            }
            Audience::Peers(person) => self.reads_channel(who) && self.reads_channel(Some(person)),
            Audience::Feedback(id) => {
                let event = self.gatherings.iter().find(|g| g.id == id).and_then(|g| entry(g.entry_id));
                let there = |s: &sign_up::Model| Some(s.person_id) == who && s.left_at.is_none() && !s.came.is_empty();
                let came = self.sign_ups.iter().any(|s| s.gathering_id == id && there(s));
                let enough = self.feedbacks.iter().filter(|f| f.gathering_id == id).count() >= self.design.small_numbers as usize;
                enough && event.is_some_and(|e| self.reads_entry(who, e) && (came || self.runs(who, e)))
            }
        }
    }

    /// Whether somebody reads what stands in the channel between peers.
    pub fn reads_channel(&self, who: Option<PersonId>) -> bool {
        let of = self.design.channel().map(|circle| &circle.key);
        let found = self.circles.iter().find(|(_, key)| Some(*key) == of).map(|(id, _)| *id);
        found.is_some_and(|id| self.reads(who, id, None))
    }

    /// Whether somebody reads an entry: its circle, or where it is an extract, the circle in which its source stands now.
    pub fn reads_entry(&self, who: Option<PersonId>, entry: &entry::Model) -> bool {
        let source = entry.source_id.and_then(|id| self.entries.iter().find(|e| e.id == id));
        self.reads(who, entry.circle_id, entry.place_id)
            || source.is_some_and(|source| self.reads(who, source.circle_id, source.place_id))
    }

    /// Whether somebody reads what stands in a circle about this place, or where there is none, about the programme.
    fn reads(&self, who: Option<PersonId>, id: CircleId, place: Option<PlaceId>) -> bool {
        let Some(circle) = self.circle(id) else { return false };
        let kept = |role: &str| self.blind_to.as_ref().is_some_and(|r| (r.role.as_str(), &r.circle) == (role, &circle.key));
        circle.public || self.ways(who, id, place).any(|held| !kept(&held.role))
    }

    /// The roles in which somebody reads it.
    fn ways(
        &self,
        who: Option<PersonId>,
        id: CircleId,
        place: Option<PlaceId>,
    ) -> impl Iterator<Item = &appointment::Model> + '_ {
        let circle = self.circle(id);
        self.held(who).filter(move |held| {
            circle.is_some_and(|circle| {
                let here = circle.scope == Scope::Programme || held.place_id.is_none() || held.place_id == place;
                here && circle.readers.contains(&held.role)
            })
        })
    }

    /// What most is read by and by no other way: kept from an oracle, it has to be missed.
    pub fn most_read_by(&self) -> Option<Reading> {
        let mut all: BTreeMap<Reading, usize> = BTreeMap::new();
        for entry in self.entries.iter().filter(|e| e.source_id.is_none()) {
            let Some(circle) = self.circle(entry.circle_id).filter(|c| !c.public) else { continue };
            for person in &self.people {
                let ways = self.ways(Some(person.id), entry.circle_id, entry.place_id);
                let roles: BTreeSet<&str> = ways.map(|held| held.role.as_str()).collect();
                if let (Some(role), 1) = (roles.first(), roles.len()) {
                    *all.entry(Reading { role: (*role).into(), circle: circle.key.clone() }).or_default() += 1;
                }
            }
        }
        all.into_iter().max_by_key(|(_, count)| *count).map(|(reading, _)| reading)
    }

    /// How many entries somebody reads of which this oracle does not believe it.
    pub fn disbelieved(&self, who: Option<PersonId>) -> usize {
        let read = |e: &&entry::Model| self.ways(who, e.circle_id, e.place_id).next().is_some() && !self.reads_entry(who, e);
        self.entries.iter().filter(read).count()
    }

    pub fn circle(&self, id: CircleId) -> Option<&Circle> {
        self.design.circle(self.circles.get(&id)?)
    }

    /// The roles that somebody holds at this moment.
    pub fn held(&self, who: Option<PersonId>) -> impl Iterator<Item = &appointment::Model> + '_ {
        self.held_at(who, self.now)
    }

    fn held_at(&self, who: Option<PersonId>, now: Moment) -> impl Iterator<Item = &appointment::Model> + '_ {
        let today = now.day();
        self.appointments.iter().filter(move |held| {
            let begun = held.from_day <= today;
            let goes_on = held.to_day.is_none_or(|last| last >= today) && held.ended_at.is_none_or(|at| at > now);
            Some(held.person_id) == who && begun && goes_on
        })
    }

    /// Where a word stands, for whoever has to find out how it got out.
    pub fn whereabouts(&self, mark: Mark) -> String {
        let texts = self.standing.get(&mark).map(Vec::as_slice).unwrap_or_default();
        let told: Vec<String> = texts.iter().map(|(_, audience)| self.described(*audience)).collect();
        if told.is_empty() { "nowhere now".into() } else { told.join("; ") }
    }

    fn described(&self, audience: Audience) -> String {
        let circle = |id: CircleId| self.circles.get(&id).map_or("no circle", String::as_str).to_string();
        let entry = |id: EntryId| {
            let Some(entry) = self.entries.iter().find(|e| e.id == id) else { return format!("{id}, which is gone") };
            let place = self.places.iter().find(|p| Some(p.id) == entry.place_id).map_or("no place", |p| &p.slug);
            format!("the {} {id} in {} of {place}", entry.kind, circle(entry.circle_id))
        };
        match audience {
            Audience::Entry(id) => entry(id),
            Audience::Version(id, stood) => format!("an earlier version, in {}, of {}", circle(stood), entry(id)),
            Audience::Proposal(id) => format!("the proposal {id}"),
            Audience::Output(id) => format!("the output {}", entry(id)),
            Audience::Quotation(id) => format!("the quotation {id}"),
            Audience::Library(id) => format!("the publication {id}"),
            Audience::Alone(_, id) => format!("what somebody answered alone in {id}"),
            Audience::Group(id) => format!("what a group was shown in {id}"),
            Audience::Apart(_, id) => format!("what somebody has noted for themselves beside {}", entry(id)),
            Audience::Needs(_, id) => format!("what somebody needs at {}", entry(id)),
            Audience::Feedback(id) => format!("what was said of {id}"),
            Audience::Peers(_) => "what somebody says of themselves to their peers".into(),
        }
    }
}
