//! What people try to do: who, at which address, with which form. Most of it they may do; the rest is refused.

use design::{Group, Power, Scope, Statement};
use rand::RngExt;
use rand::rngs::StdRng;
use tables::{EntryId, PersonId, PlaceId, entry, mark as excerpt, place, reflection_round};

use super::form::{Manner, Pick};
use super::play::Run;

/// Something that somebody sets out to do.
pub(super) struct Errand {
    /// By their number.
    pub who: usize,
    pub path: String,
    /// The form of the first page, that of the page it leads to, and so on.
    pub picks: Vec<Pick>,
    pub manner: Manner,
    /// What is put into which field, where the form has it.
    pub set: Vec<(&'static str, String)>,
    /// The button that is pressed, where it says something.
    pub pressed: Option<(&'static str, &'static str)>,
}

type Act = fn(&mut Run) -> Option<Errand>;

/// What is done, the more often the more often it stands here.
pub(super) const ACTS: &[Act] = &[
    Run::record,
    Run::record,
    Run::record,
    Run::record,
    Run::record,
    Run::record,
    Run::record,
    Run::step,
    Run::step,
    Run::step,
    Run::speak,
    Run::speak,
    Run::change,
    Run::change,
    Run::change,
    Run::share,
    Run::share,
    Run::share,
    Run::share,
    Run::share,
    Run::answer,
    Run::answer,
    Run::answer,
    Run::agree,
    Run::sign,
    Run::sign,
    Run::plan,
    Run::ask,
    Run::digest,
    Run::tipping,
    Run::marker,
    Run::evidence,
    Run::appoint,
    Run::end,
    Run::theme,
    Run::theme,
    Run::keep,
    Run::mark,
    Run::mark,
    Run::mark,
    Run::mark,
    Run::show,
    Run::show,
    Run::note,
    Run::link,
    Run::unmark,
    Run::begin_output,
    Run::write_output,
    Run::quote,
    Run::quote,
    Run::put_output,
    Run::put_output,
    Run::answer_words,
    Run::answer_words,
    Run::answer_words,
    Run::sign_off,
    Run::sign_off,
    Run::publish,
    Run::publish,
    Run::take_words_back,
    Run::tend_output,
    Run::open_round,
    Run::reflect,
    Run::reflect,
    Run::reflect,
    Run::reveal,
    Run::reveal,
    Run::write_from_round,
    Run::write_from_round,
    Run::propose,
    Run::propose,
    Run::agree_event,
    Run::set_event,
    Run::set_event,
    Run::sign_up,
    Run::sign_up,
    Run::sign_up,
    Run::attend,
    Run::feedback,
    Run::feedback,
    Run::begin_talk,
    Run::begin_talk,
    Run::reply,
    Run::reply,
    Run::answer_peer,
    Run::say_of_oneself,
    Run::say_of_oneself,
];
/// What is done before chance has its way: without themes, excerpts, rounds of reflection and events their pages
/// would have nothing to tell.
pub(super) const FIRST: &[Act] = &[
    Run::theme,
    Run::mark,
    Run::mark,
    Run::open_round,
    Run::reflect,
    Run::reflect,
    Run::reflect,
    Run::reveal,
    Run::open_round,
    Run::reflect,
    Run::propose,
    Run::agree_event,
    Run::agree_event,
    Run::set_event,
    Run::sign_up,
    Run::sign_up,
    Run::say_of_oneself,
    Run::begin_talk,
    Run::begin_talk,
    Run::reply,
];
/// A withdrawal takes words away, so there are few.
const WITHDRAWALS: f64 = 0.1;

pub(super) fn one_of<T>(rng: &mut StdRng, mut from: Vec<T>) -> Option<T> {
    if from.is_empty() { None } else { Some(from.swap_remove(rng.random_range(0..from.len()))) }
}

impl Run {
    pub(super) fn errand(&self, who: usize, end: &str, pick: Pick) -> Errand {
        let path = format!("{}{end}", self.home);
        Errand { who, path, picks: vec![pick], manner: Manner::Anew, set: Vec::new(), pressed: None }
    }

    /// Somebody who holds one of these roles now, for this place or for all.
    pub(super) fn holder(&mut self, roles: &[String], place: Option<PlaceId>) -> Option<usize> {
        let holds = |who: &usize| {
            let mut held = self.world.held(self.people[*who].id);
            held.any(|h| roles.contains(&h.role) && (h.place_id.is_none() || h.place_id == place))
        };
        let all: Vec<usize> = (0..self.people.len()).filter(holds).collect();
        one_of(&mut self.rng, all)
    }

    /// Somebody with a role that has this power.
    fn powerful(&mut self, power: Power) -> Option<usize> {
        let roles: Vec<String> = self.design.roles.iter().filter(|r| r.may.contains(&power)).map(|r| r.key.clone()).collect();
        let place = self.place().map(|p| p.id);
        self.holder(&roles, place)
    }

    pub(super) fn place(&mut self) -> Option<place::Model> {
        one_of(&mut self.rng, self.world.places.clone())
    }

    pub(super) fn entry(&mut self, wanted: impl Fn(&Self, &entry::Model) -> bool) -> Option<entry::Model> {
        let run = &*self;
        let all: Vec<entry::Model> = run.world.entries.iter().filter(|e| wanted(run, e)).cloned().collect();
        one_of(&mut self.rng, all)
    }

    pub(super) fn author(&self, entry: &entry::Model) -> Option<usize> {
        self.people.iter().position(|p| p.id == Some(entry.author_id))
    }

    fn record(&mut self) -> Option<Errand> {
        let kinds = self.design.kinds.iter();
        // What has a page of its own to be written on is written there.
        let kinds = kinds.filter(|k| !k.plan && !k.asks && !k.digest && k.output.is_none() && !k.is_of_all());
        let kinds: Vec<(String, Vec<String>)> = kinds.map(|k| (k.key.clone(), k.writers.clone())).collect();
        let (kind, writers) = one_of(&mut self.rng, kinds)?;
        let place = if self.rng.random_bool(0.8) { self.place() } else { None };
        let who = self.holder(&writers, place.as_ref().map(|p| p.id))?;
        let here = place.map_or_else(String::new, |p| format!("/places/{}", p.slug));
        Some(self.errand(who, &format!("{here}/entries/new?kind={kind}"), Pick::Field("title", "")))
    }

    fn step(&mut self) -> Option<Errand> {
        let open: Vec<_> = self.world.matters.iter().filter(|m| m.open).cloned().collect();
        let matter = one_of(&mut self.rng, open)?;
        let design = self.design.clone();
        let state = Some(matter.state.as_str()).filter(|s| !s.is_empty());
        let next: Vec<_> = design.kind(&matter.kind)?.next(state).collect();
        let rule = one_of(&mut self.rng, next)?;
        let who = self.holder(&rule.by, matter.place_id)?;
        let end = format!("/entries/{}/steps/{}", matter.entry_id, rule.key);
        Some(self.errand(who, &end, Pick::Field("happened_on", "")))
    }

    /// Somebody says how they see an idea or a decision, and why.
    fn speak(&mut self) -> Option<Errand> {
        let entry = self.entry(|run, e| run.design.kind(&e.kind).is_some_and(|k| k.voices.is_some()))?;
        let by = self.design.kind(&entry.kind)?.voices.as_ref()?.by.clone();
        let who = self.holder(&by, entry.place_id)?;
        Some(self.errand(who, &format!("/entries/{}/voice", entry.id), Pick::Field("answer", "")))
    }

    /// Other words, or the same in another circle; now and then those who are quoted take theirs back.
    fn change(&mut self) -> Option<Errand> {
        if self.rng.random_bool(WITHDRAWALS) {
            return self.withdraw();
        }
        let entry = self.entry(|run, e| e.source_id.is_none() && run.author(e).is_some())?;
        let who = self.author(&entry)?;
        let errand = self.errand(who, &format!("/entries/{}/change", entry.id), Pick::Field("revision", ""));
        let manner = if self.rng.random_bool(0.5) { Manner::Anew } else { Manner::Leave };
        Some(Errand { manner, ..errand })
    }

    fn withdraw(&mut self) -> Option<Errand> {
        let quoted = |run: &Self, e: &entry::Model| run.design.kind(&e.kind).is_some_and(|k| k.consent);
        let entry = self.entry(|run, e| e.source_id.is_none() && quoted(run, e))?;
        let who = self.author(&entry)?;
        Some(self.errand(who, &format!("/entries/{}/withdraw", entry.id), Pick::Field("sure", "")))
    }

    fn share(&mut self) -> Option<Errand> {
        let flow = one_of(&mut self.rng, self.design.flows.clone())?;
        let entry = self.entry(|run, e| run.world.circle(e.circle_id).is_some_and(|c| c.key == flow.from))?;
        let who = self.holder(&flow.by, entry.place_id)?;
        let errand = self.errand(who, &format!("/entries/{}/share", entry.id), Pick::Field("step", "preview"));
        let picks = vec![Pick::Field("step", "preview"), Pick::Field("step", "share")];
        Some(Errand { picks, set: vec![("to", flow.to)], ..errand })
    }

    fn answer(&mut self) -> Option<Errand> {
        let waiting: Vec<_> = self.world.proposals.iter().filter(|p| p.state == "waiting").cloned().collect();
        let proposal = one_of(&mut self.rng, waiting)?;
        let needs: Vec<String> = proposal.needs.split(' ').map(ToString::to_string).collect();
        let answer = one_of(&mut self.rng, vec!["agree", "agree", "agree", "agree", "decline", "take-back"])?;
        let who = match answer {
            "take-back" => self.people.iter().position(|p| p.id == Some(proposal.person_id))?,
            _ => self.holder(&needs, proposal.place_id)?,
        };
        Some(self.errand(who, &format!("/proposals/{}", proposal.id), Pick::Field("answer", answer)))
    }

    fn agree(&mut self) -> Option<Errand> {
        let writers = self.design.agreement_kind()?.writers.clone();
        let place = self.place()?;
        let who = self.holder(&writers, Some(place.id))?;
        Some(self.errand(who, &format!("/places/{}/agreements/new", place.slug), Pick::Field("from", "")))
    }

    fn sign(&mut self) -> Option<Errand> {
        let sides = &self.design.agreement.as_ref()?.sides;
        let signers: Vec<String> = sides.iter().flat_map(|s| s.signed_by.clone()).collect();
        let waits = self.world.agreements.iter().filter(|a| a.in_force_at.is_none() && a.void_at.is_none());
        let waits: Vec<_> = waits.cloned().collect();
        let agreement = one_of(&mut self.rng, waits)?;
        let place = self.world.places.iter().find(|p| p.id == agreement.place_id)?.slug.clone();
        let who = self.holder(&signers, Some(agreement.place_id))?;
        Some(self.errand(who, &format!("/places/{place}/agreements/{}", agreement.id), Pick::Field("do", "sign")))
    }

    fn plan(&mut self) -> Option<Errand> {
        let writers = self.design.kinds.iter().find(|k| k.plan)?.writers.clone();
        let place = self.place()?;
        let who = self.holder(&writers, Some(place.id))?;
        Some(self.errand(who, &format!("/places/{}/plan/edit", place.slug), Pick::Ends("-text")))
    }

    fn ask(&mut self) -> Option<Errand> {
        let writers = self.design.kinds.iter().find(|k| k.asks)?.writers.clone();
        let place = self.place()?;
        let who = self.holder(&writers, Some(place.id))?;
        let needs: Vec<String> = self.design.components.iter().flat_map(|c| &c.needs).map(|n| n.key.clone()).collect();
        let need = one_of(&mut self.rng, needs).unwrap_or_default();
        Some(self.errand(who, &format!("/places/{}/ask?need={need}", place.slug), Pick::Field("title", "")))
    }

    /// What a digest begins with stays in it.
    fn digest(&mut self) -> Option<Errand> {
        let writers = self.design.kinds.iter().find(|k| k.digest)?.writers.clone();
        let place = self.place()?;
        let who = self.holder(&writers, Some(place.id))?;
        let errand = self.errand(who, &format!("/places/{}/digest", place.slug), Pick::Field("title", ""));
        Some(Errand { manner: Manner::After, ..errand })
    }

    fn tipping(&mut self) -> Option<Errand> {
        let open: Vec<_> = self.world.reached.iter().filter(|r| r.entry_id.is_none()).cloned().collect();
        let reached = one_of(&mut self.rng, open)?;
        let tells = self.design.tipping.iter().find(|t| t.key == reached.point)?.tells.clone();
        let who = self.holder(&tells, Some(reached.place_id))?;
        Some(self.errand(who, &format!("/tipping-points/{}", reached.id), Pick::Field("title", "")))
    }

    fn marker(&mut self) -> Option<Errand> {
        let marker = one_of(&mut self.rng, self.design.markers.clone())?;
        let place = self.place()?;
        let who = self.holder(&marker.read_by, Some(place.id))?;
        let errand = self.errand(who, &format!("/places/{}/markers", place.slug), Pick::Field("marker", ""));
        Some(Errand { manner: Manner::Plain, ..errand })
    }

    fn evidence(&mut self) -> Option<Errand> {
        let design = self.design.clone();
        let of =
            |(list, all): (&'static str, &[Statement])| all.iter().map(move |s| format!("{list}.{}", s.key)).collect::<Vec<_>>();
        let followed = ["purpose", "hypotheses", "assumptions", "gaps", "unintended", "questions"];
        let lists = design.statements().into_iter().filter(|(list, _)| followed.contains(list));
        let keys: Vec<String> = lists.flat_map(of).collect();
        let statement = one_of(&mut self.rng, keys)?;
        let who = self.powerful(Power::WriteEntries)?;
        let brought: EntryId = self.entry(|run, e| run.world.reads_entry(run.people[who].id, e))?.id;
        let errand = self.errand(who, &format!("/statements/{statement}"), Pick::Field("do", "link"));
        let address = format!("{}/entries/{brought}", self.home);
        Some(Errand { manner: Manner::Plain, set: vec![("entry", address)], ..errand })
    }

    /// Somebody who is here already gets another role, for good or for a few days.
    fn appoint(&mut self) -> Option<Errand> {
        let who = self.powerful(Power::ManagePeople)?;
        let people: Vec<(String, String)> =
            self.world.people.iter().filter_map(|p| Some((p.name.clone(), p.email.clone()?))).collect();
        let (name, email) = one_of(&mut self.rng, people)?;
        let role = one_of(&mut self.rng, self.design.roles.clone())?;
        let place = if role.scope == Scope::Place { self.place()?.slug } else { String::new() };
        let mut set = vec![("name", name), ("email", email), ("role", role.key), ("place", place)];
        if !role.may.contains(&Power::Decide) {
            set.push(("sponsor", String::new()));
        }
        if self.rng.random_bool(0.4) {
            let days = self.rng.random_range(0..4_i64);
            set.push(("to", self.world.now.day().plus_days(days).iso()));
        }
        let errand = self.errand(who, "/people/new", Pick::Field("email", ""));
        Some(Errand { set, ..errand })
    }

    fn end(&mut self) -> Option<Errand> {
        let who = self.powerful(Power::ManagePeople)?;
        let people: Vec<String> = self.people.iter().filter_map(|p| Some(p.id?.to_string())).collect();
        let person = one_of(&mut self.rng, people)?;
        Some(self.errand(who, &format!("/people/{person}"), Pick::Leads("/end")))
    }

    /// A new theme, whose words hold no marker: they are for all who write in the programme.
    fn theme(&mut self) -> Option<Errand> {
        let who = self.powerful(Power::KeepThemes)?;
        let name = self.theme_name();
        let errand = self.errand(who, "/themes", Pick::Field("about", ""));
        Some(Errand { manner: Manner::Plain, set: vec![("name", name)], ..errand })
    }

    fn theme_name(&mut self) -> String {
        format!("What comes up {}", self.rng.random_range(0..100_000_u32))
    }

    /// A theme is worded anew, merged into another, split or ended, mostly by somebody who reads little of what has it.
    fn keep(&mut self) -> Option<Errand> {
        let who = self.powerful(Power::KeepThemes)?;
        let offered: Vec<_> = self.world.themes.iter().filter(|t| t.ended_at.is_none()).map(|t| t.id).collect();
        let theme = one_of(&mut self.rng, offered)?;
        let what = one_of(&mut self.rng, vec!["word", "merge", "merge", "split", "split", "end"])?;
        let name = self.theme_name();
        let errand = self.errand(who, &format!("/themes/{theme}"), Pick::Field("do", what));
        let set = vec![("name", name.clone()), ("split_name", name), ("merge_why", "Nobody tells them apart".to_string())];
        Some(Errand { manner: Manner::Plain, set, ..errand })
    }

    /// Somebody marks a line of what they read, and notes something beside it: for all who read it, or for now for themselves.
    fn mark(&mut self) -> Option<Errand> {
        let who = self.powerful(Power::WriteEntries)?;
        let entry = self.entry(|run, e| run.world.reads_entry(run.people[who].id, e))?;
        let words = one_of(&mut self.rng, plain_lines(&entry.text))?;
        let errand = self.errand(who, &format!("/entries/{}/excerpts", entry.id), Pick::Field("words", ""));
        Some(Errand { set: vec![("words", words)], ..errand })
    }

    /// An excerpt that stands, with whoever marked it.
    fn excerpt(&mut self, wanted: impl Fn(&excerpt::Model) -> bool) -> Option<(excerpt::Model, usize)> {
        let standing = self.world.excerpts.iter().filter(|e| e.removed_at.is_none() && wanted(e));
        let all: Vec<excerpt::Model> = standing.cloned().collect();
        let found = one_of(&mut self.rng, all)?;
        let who = self.people.iter().position(|p| p.id == Some(found.person_id))?;
        Some((found, who))
    }

    fn show(&mut self) -> Option<Errand> {
        let (apart, who) = self.excerpt(|e| e.shown_at.is_none())?;
        Some(self.errand(who, &format!("/entries/{}/excerpts", apart.entry_id?), Pick::Field("do", "show")))
    }

    /// Other themes and another note.
    fn note(&mut self) -> Option<Errand> {
        let (excerpt, who) = self.excerpt(|_| true)?;
        Some(self.errand(who, &format!("/excerpts/{}", excerpt.id), Pick::Field("do", "change")))
    }

    fn unmark(&mut self) -> Option<Errand> {
        let (excerpt, who) = self.excerpt(|_| true)?;
        Some(self.errand(who, &format!("/excerpts/{}", excerpt.id), Pick::Field("do", "remove")))
    }

    /// A round of a framework, in a place or of the programme.
    fn open_round(&mut self) -> Option<Errand> {
        let framework = one_of(&mut self.rng, self.design.frameworks.clone())?;
        let place = if framework.each == Group::Place { Some(self.place()?) } else { None };
        let who = self.holder(&framework.opens, place.as_ref().map(|p| p.id))?;
        let here = place.map_or_else(String::new, |p| format!("/places/{}", p.slug));
        Some(self.errand(who, &format!("{here}/reflections"), Pick::Field("framework", "")))
    }

    fn round(&mut self, wanted: impl Fn(&reflection_round::Model) -> bool) -> Option<reflection_round::Model> {
        let all: Vec<reflection_round::Model> = self.world.rounds.iter().filter(|r| wanted(r)).cloned().collect();
        one_of(&mut self.rng, all)
    }

    /// Somebody who has not finished answers alone, mostly to the end.
    fn reflect(&mut self) -> Option<Errand> {
        let open = self.round(|r| r.revealed_at.is_none() && r.ended_at.is_none())?;
        let roles = self.world.group(&open, false);
        let of_round = self.world.reflections.iter().filter(|r| r.round_id == open.id && r.done_at.is_some());
        let finished: Vec<PersonId> = of_round.map(|r| r.person_id).collect();
        let mut who = self.holder(&roles, open.place_id)?;
        for _ in 0..6 {
            if self.people[who].id.is_some_and(|id| !finished.contains(&id)) {
                break;
            }
            who = self.holder(&roles, open.place_id)?;
        }
        let then = if self.rng.random_bool(0.85) { "finish" } else { "stay" };
        let errand = self.errand(who, &format!("/reflections/{}", open.id), Pick::Field("version.reflection", ""));
        Some(Errand { pressed: Some(("then", then)), ..errand })
    }

    fn reveal(&mut self) -> Option<Errand> {
        let open = self.round(|r| r.revealed_at.is_none() && r.ended_at.is_none())?;
        let roles = self.world.group(&open, true);
        let who = self.holder(&roles, open.place_id)?;
        Some(self.errand(who, &format!("/reflections/{}", open.id), Pick::Field("do", "reveal")))
    }

    /// What the group makes of it, or something that comes out of it.
    fn write_from_round(&mut self) -> Option<Errand> {
        let shown = self.round(|r| r.revealed_at.is_some())?;
        let roles = self.world.group(&shown, false);
        let who = self.holder(&roles, shown.place_id)?;
        let framework = self.design.framework(&shown.framework)?;
        let kinds: Vec<String> = framework.kinds().map(ToString::to_string).collect();
        let kind = one_of(&mut self.rng, kinds)?;
        Some(self.errand(who, &format!("/reflections/{}/write?kind={kind}", shown.id), Pick::Field("title", "")))
    }

    /// What somebody reads is said to speak to something else that they read.
    fn link(&mut self) -> Option<Errand> {
        let who = self.powerful(Power::WriteEntries)?;
        let from = self.entry(|run, e| run.world.reads_entry(run.people[who].id, e))?.id;
        let (excerpt, _) = self.excerpt(|e| e.entry_id == Some(from) && e.shown_at.is_some())?;
        let to = self.entry(|run, e| run.world.reads_entry(run.people[who].id, e))?.id;
        let errand = self.errand(who, &format!("/excerpts/{}", excerpt.id), Pick::Field("do", "link"));
        Some(Errand { manner: Manner::Plain, set: vec![("entry", format!("{}/entries/{to}", self.home))], ..errand })
    }
}

impl Run {
    /// Somebody, wherever in the programme, in one of these roles.
    pub(super) fn anybody(&mut self, roles: &[String]) -> Option<usize> {
        let holds = |who: &usize| self.world.held(self.people[*who].id).any(|h| roles.contains(&h.role));
        let all: Vec<usize> = (0..self.people.len()).filter(holds).collect();
        one_of(&mut self.rng, all)
    }

    fn propose(&mut self) -> Option<Errand> {
        let kinds: Vec<(String, Vec<String>)> =
            self.design.gatherings().map(|(k, _)| (k.key.clone(), k.writers.clone())).collect();
        let (kind, writers) = one_of(&mut self.rng, kinds)?;
        let who = self.anybody(&writers)?;
        Some(self.errand(who, &format!("/gatherings/new?kind={kind}"), Pick::Field("title", "")))
    }

    /// An event that is not closed, with its kind.
    fn event(&mut self) -> Option<(EntryId, design::EntryKind, String)> {
        let open = self.world.matters.iter().filter(|m| m.open);
        let all: Vec<_> = open
            .filter_map(|m| {
                Some((m.entry_id, self.design.kind(&m.kind).filter(|k| k.gathering.is_some())?.clone(), m.state.clone()))
            })
            .collect();
        one_of(&mut self.rng, all)
    }

    /// It is shortlisted, and then agreed.
    fn agree_event(&mut self) -> Option<Errand> {
        let (entry, kind, state) = self.event()?;
        let state = Some(state.as_str()).filter(|s| !s.is_empty());
        let step = kind.next(state).find(|step| !step.ends)?.clone();
        let who = self.anybody(&step.by)?;
        Some(self.errand(who, &format!("/entries/{entry}/steps/{}", step.key), Pick::Field("happened_on", "")))
    }

    /// Of those who run an event one says when and where it is: mostly on a day on which people can still sign up.
    fn set_event(&mut self) -> Option<Errand> {
        let (entry, kind, _) = self.event()?;
        let who = self.anybody(&kind.step(&kind.gathering.as_ref()?.held)?.by.clone())?;
        let day = self.world.now.day().plus_days(self.rng.random_range(-1..=1_i64)).iso();
        let set =
            vec![("day", day), ("begins", "00:30".to_string()), ("ends", "23:30".to_string()), ("venue", "The hall".to_string())];
        let errand = self.errand(who, &format!("/gatherings/{entry}/details"), Pick::Field("agenda", ""));
        Some(Errand { set, ..errand })
    }

    fn sign_up(&mut self) -> Option<Errand> {
        let (entry, ..) = self.event()?;
        let row = self.world.entries.iter().find(|e| e.id == entry)?.clone();
        let reads: Vec<usize> = (0..self.people.len()).filter(|who| self.world.reads_entry(self.people[*who].id, &row)).collect();
        let who = one_of(&mut self.rng, reads)?;
        Some(self.errand(who, &format!("/gatherings/{entry}/sign-up"), Pick::Field("access_needs", "")))
    }

    fn attend(&mut self) -> Option<Errand> {
        let (entry, kind, _) = self.event()?;
        let who = self.anybody(&kind.step(&kind.gathering.as_ref()?.held)?.by.clone())?;
        let errand = self.errand(who, &format!("/gatherings/{entry}/attendance"), Pick::Field("walk_in", ""));
        Some(Errand { manner: Manner::Plain, ..errand })
    }

    fn feedback(&mut self) -> Option<Errand> {
        let signed = self.world.sign_ups.iter().filter(|s| s.left_at.is_none() && !s.answered).cloned().collect();
        let signed: tables::sign_up::Model = one_of(&mut self.rng, signed)?;
        let entry = self.world.gatherings.iter().find(|g| g.id == signed.gathering_id)?.entry_id;
        let who = self.people.iter().position(|p| p.id == Some(signed.person_id))?;
        Some(self.errand(who, &format!("/gatherings/{entry}/feedback"), Pick::Field("next", "")))
    }
}

/// Lines that are read as they were typed.
fn plain_lines(text: &str) -> Vec<String> {
    let plain = |line: &&str| !line.trim().is_empty() && line.chars().all(|c| c.is_alphanumeric() || " .,:".contains(c));
    text.lines().filter(plain).map(ToString::to_string).collect()
}
