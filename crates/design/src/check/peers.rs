//! The channel between peers stands in one circle that people of all places read, and everything said there can be answered.

use super::Check;
use crate::tree::at;
use crate::{EntryKind, PeerPart, Scope};

impl Check<'_, '_> {
    pub(super) fn peers(&mut self) {
        let channel = self.design.peer_kind(PeerPart::Thread).and_then(|kind| kind.circles.first());
        for (i, kind) in self.design.kinds.iter().enumerate() {
            let Some(part) = kind.peer_part() else { continue };
            let way = at!["kinds", i, "peers", "part"];
            if self.design.kinds[..i].iter().any(|before| before.peer_part() == Some(part)) {
                let what = format!("‘{}’ is a second kind for the {} of the channel", kind.key, part.words());
                self.wrong(&way, what, "Keep to one: a programme has one channel between peers");
            }
            if channel.is_none() {
                let what = format!("‘{}’ stands in a channel between peers that has no threads", kind.key);
                self.wrong(&way, what, "Give a kind part = \"thread\"");
            }
            self.peer_circles(i, kind, channel.map(String::as_str));
            let matter = matches!(part, PeerPart::Ask | PeerPart::Offer);
            if matter != kind.is_matter() {
                let (what, instead) = match matter {
                    true => (format!("Nothing can become of ‘{}’", kind.key), "Give it steps, one of which closes it"),
                    false => (format!("‘{}’ has steps, and is there to talk", kind.key), "Take its steps away"),
                };
                self.wrong(&way, what, instead);
            }
            if part == PeerPart::Thread && self.design.peer_kind(PeerPart::Reply).is_none() {
                let what = format!("Nobody can reply to ‘{}’", kind.key);
                self.wrong(&way, what, "Give a kind in the same circle part = \"reply\"");
            }
        }
        self.stays();
    }

    fn peer_circles(&mut self, i: usize, kind: &EntryKind, channel: Option<&str>) {
        let way = at!["kinds", i, "circles"];
        let [only] = kind.circles.as_slice() else {
            let what = format!("‘{}’ is of the channel between peers, which stands in one circle", kind.key);
            return self.wrong(&way, what, "Name one circle that people of all places read");
        };
        let of_all = self.design.circle(only).is_none_or(|c| c.scope == Scope::Programme && !c.public);
        if !of_all {
            let what =
                format!("‘{}’ is of the channel between peers, but ‘{only}’ is public or the circle of one place", kind.key);
            self.wrong(&way, what, "Name a circle of the whole programme that people of all places read");
        }
        if channel.is_some_and(|channel| channel != only) {
            let what = format!("‘{}’ stands in another circle than the threads of the channel", kind.key);
            self.wrong(&way, what, format!("Write circles = [\"{}\"]", channel.unwrap_or_default()));
        }
    }

    /// Whoever stays though they were not chosen holds a role of their own, on the side of those who applied.
    fn stays(&mut self) {
        for (s, stage) in self.design.call.iter().flat_map(|call| &call.stages).enumerate() {
            let Some(key) = &stage.stays_as else { continue };
            let way = at!["call", "stages", s, "stays_as"];
            match self.design.roles.iter().find(|role| role.key == *key) {
                None => {
                    let roles = self.design.roles.iter().map(|role| role.key.as_str());
                    let instead = crate::words::did_you_mean(key, roles);
                    self.wrong(&way, format!("There is no role ‘{key}’"), instead);
                }
                Some(role) if role.scope != Scope::Programme || role.side != crate::Side::Applicant => {
                    let what = format!("‘{key}’ is for somebody else than those who applied");
                    self.wrong(&way, what, "Name a role with scope = \"programme\" and side = \"applicant\"");
                }
                Some(_) => {}
            }
        }
    }
}
