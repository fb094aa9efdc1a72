//! What people try to do in the channel between peers: they talk, ask and offer, answer, and say what they work on.

use design::{EntryKind, PeerPart};
use rand::RngExt;
use tables::entry;

use super::acts::{Errand, one_of};
use super::form::Pick;
use super::play::Run;

impl Run {
    /// Somebody begins a thread, asks for something or offers it.
    pub(super) fn begin_talk(&mut self) -> Option<Errand> {
        let kinds = self.design.kinds.iter().filter(|k| k.peer_part().is_some_and(|part| part != PeerPart::Reply));
        let kinds: Vec<(String, Vec<String>)> = kinds.map(|k| (k.key.clone(), k.writers.clone())).collect();
        let (kind, writers) = one_of(&mut self.rng, kinds)?;
        let who = self.anybody(&writers)?;
        Some(self.errand(who, &format!("/channel/new?kind={kind}"), Pick::Field("title", "")))
    }

    pub(super) fn reply(&mut self) -> Option<Errand> {
        let part = |run: &Self, e: &entry::Model| run.design.kind(&e.kind).and_then(EntryKind::peer_part);
        let thread = self.entry(|run, e| e.source_id.is_none() && part(run, e) == Some(PeerPart::Thread))?;
        let writers = self.design.peer_kind(PeerPart::Reply)?.writers.clone();
        let who = self.anybody(&writers)?;
        Some(self.errand(who, &format!("/channel/{}", thread.id), Pick::Field("text", "")))
    }

    /// Somebody answers an ask, takes up an offer, or closes their own.
    pub(super) fn answer_peer(&mut self) -> Option<Errand> {
        let open = self.world.matters.iter().filter(|m| m.open);
        let all =
            open.filter_map(|m| Some((m.entry_id, self.design.kind(&m.kind).filter(|k| k.peers.is_some())?, m.state.clone())));
        let all: Vec<_> = all.map(|(id, kind, state)| (id, kind.clone(), state)).collect();
        let (id, kind, state) = one_of(&mut self.rng, all)?;
        let next: Vec<_> = kind.next(Some(state.as_str()).filter(|s| !s.is_empty())).cloned().collect();
        let rule = one_of(&mut self.rng, next)?;
        let opened = self.entry(|_, e| e.id == id)?;
        let who = if rule.own { self.author(&opened)? } else { self.anybody(&rule.by)? };
        Some(self.errand(who, &format!("/entries/{id}/steps/{}", rule.key), Pick::Field("happened_on", "")))
    }

    pub(super) fn say_of_oneself(&mut self) -> Option<Errand> {
        let readers = self.design.channel()?.readers.clone();
        let who = self.anybody(&readers)?;
        let errand = self.errand(who, "/peers/me", Pick::Field("works_on", ""));
        let shows = if self.rng.random_bool(0.5) { vec![("shows_contact", "yes".to_string())] } else { Vec::new() };
        Some(Errand { set: shows, ..errand })
    }
}
