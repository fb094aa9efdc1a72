//! What people do with outputs: begin, write, quote, ask, answer, sign off, publish and take back.

use rand::RngExt;
use tables::{entry, output, place, quotation};

use super::acts::{Errand, one_of};
use super::form::{Manner, Pick};
use super::play::Run;

impl Run {
    fn output(&mut self, states: &[&str]) -> Option<(output::Model, entry::Model)> {
        let wanted = self.world.outputs.iter().filter(|o| states.contains(&o.state.as_str())).cloned().collect();
        let row: output::Model = one_of(&mut self.rng, wanted)?;
        let entry = self.world.entries.iter().find(|e| e.id == row.entry_id)?.clone();
        Some((row, entry))
    }

    /// Somebody who writes an output.
    fn output_writer(&mut self, of: &entry::Model) -> Option<usize> {
        let writers = self.design.kind(&of.kind)?.writers.clone();
        self.holder(&writers, of.place_id)
    }

    pub(super) fn begin_output(&mut self) -> Option<Errand> {
        let kinds = self.design.kinds.iter().filter(|k| k.output.is_some());
        let kinds: Vec<(String, Vec<String>)> = kinds.map(|k| (k.key.clone(), k.writers.clone())).collect();
        let (kind, writers) = one_of(&mut self.rng, kinds)?;
        let place: Option<place::Model> = if self.rng.random_bool(0.8) { self.place() } else { None };
        let who = self.holder(&writers, place.as_ref().map(|p| p.id))?;
        let slug = place.map(|p| p.slug).unwrap_or_default();
        Some(self.errand(who, &format!("/outputs/new?place={slug}&kind={kind}"), Pick::Field("audience", "")))
    }

    pub(super) fn write_output(&mut self) -> Option<Errand> {
        let (_, entry) = self.output(&["idea", "draft", "asking", "published"])?;
        let who = self.output_writer(&entry)?;
        let errand = self.errand(who, &format!("/outputs/{}/write", entry.id), Pick::Field("summary", ""));
        // What stands in it already stays, its quotations among it.
        Some(Errand { manner: Manner::After, ..errand })
    }

    pub(super) fn quote(&mut self) -> Option<Errand> {
        let (_, entry) = self.output(&["idea", "draft", "asking"])?;
        let who = self.output_writer(&entry)?;
        let excerpts: Vec<_> = self.world.excerpts.iter().filter(|e| e.removed_at.is_none()).map(|e| e.id).collect();
        let excerpt = one_of(&mut self.rng, excerpts)?;
        let path = format!("/outputs/{}/quote?excerpt={excerpt}", entry.id);
        let errand = self.errand(who, &path, Pick::Field("attribution", ""));
        Some(Errand { manner: Manner::After, ..errand })
    }

    pub(super) fn put_output(&mut self) -> Option<Errand> {
        let (row, entry) = self.output(&["idea", "draft"])?;
        let who = self.output_writer(&entry)?;
        let next = if row.state == "idea" { "draft" } else { "asking" };
        Some(self.errand(who, &format!("/outputs/{}", entry.id), Pick::Field("do", next)))
    }

    /// Whoever is asked for words, mostly saying yes.
    fn asked(&mut self, wanted: impl Fn(&quotation::Model) -> bool) -> Option<(quotation::Model, usize)> {
        let all = self.world.quotations.iter().filter(|q| q.taken_back_at.is_none() && wanted(q)).cloned().collect();
        let q: quotation::Model = one_of(&mut self.rng, all)?;
        let who = self.people.iter().position(|p| p.id == Some(q.person_id))?;
        Some((q, who))
    }

    /// Opens an address that belongs to no programme.
    fn at(&self, who: usize, path: String, pick: Pick, set: Vec<(&'static str, String)>) -> Errand {
        Errand { who, path, picks: vec![pick], manner: Manner::Anew, set, pressed: None }
    }

    pub(super) fn answer_words(&mut self) -> Option<Errand> {
        let asking: Vec<_> = self.world.outputs.iter().filter(|o| o.state == "asking").map(|o| o.entry_id).collect();
        let (q, who) = self.asked(|q| q.removed_at.is_none() && asking.contains(&q.entry_id))?;
        let answer = one_of(&mut self.rng, vec!["yes", "yes", "yes", "changed", "no"])?;
        let path = format!("/your-words/{}", q.id);
        Some(self.at(who, path, Pick::Field("do", "say"), vec![("answer", answer.to_string())]))
    }

    pub(super) fn take_words_back(&mut self) -> Option<Errand> {
        let (q, who) = self.asked(|_| true)?;
        let path = format!("/your-words/{}", q.id);
        Some(self.at(who, path, Pick::Field("do", "take-back"), vec![("sure", "yes".to_string())]))
    }

    pub(super) fn sign_off(&mut self) -> Option<Errand> {
        let (row, entry) = self.output(&["asking"])?;
        let signs = self.design.kind(&entry.kind)?.output.as_ref()?.signed_by.clone();
        let place = entry.place_id.or(self.place().map(|p| p.id))?;
        let who = self.holder(&signs, Some(place))?;
        let answer = one_of(&mut self.rng, vec!["yes", "yes", "yes", "yes", "changed", "no"])?;
        let errand = self.errand(who, &format!("/sign-off/{}?place={place}", row.id), Pick::Field("do", "say"));
        Some(Errand { set: vec![("answer", answer.to_string())], ..errand })
    }

    /// A quotation is removed, other words are taken over, a place takes back what it signed.
    pub(super) fn tend_output(&mut self) -> Option<Errand> {
        let (row, entry) = self.output(&["draft", "asking", "published"])?;
        let what = one_of(&mut self.rng, vec!["unquote", "take-over", "take-over", "take-back"])?;
        if what == "take-back" {
            let signs = self.design.kind(&entry.kind)?.output.as_ref()?.signed_by.clone();
            let who = self.holder(&signs, entry.place_id)?;
            let place = entry.place_id?;
            let errand = self.errand(who, &format!("/sign-off/{}?place={place}", row.id), Pick::Field("do", what));
            return Some(Errand { set: vec![("sure", "yes".to_string())], ..errand });
        }
        let who = self.output_writer(&entry)?;
        Some(self.errand(who, &format!("/outputs/{}", entry.id), Pick::Field("do", what)))
    }

    pub(super) fn publish(&mut self) -> Option<Errand> {
        let (_, entry) = self.output(&["asking"])?;
        let roles = self.design.kind(&entry.kind)?.output.as_ref()?.published_by.clone();
        let who = self.holder(&roles, entry.place_id)?;
        Some(self.errand(who, &format!("/outputs/{}/publish", entry.id), Pick::Field("hash", "")))
    }
}
