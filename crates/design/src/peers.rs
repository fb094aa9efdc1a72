//! A channel of people's own, across places: who works on what, what they talk about, and what they ask and offer each other.

use serde::{Deserialize, Serialize};

use crate::choice::choice;
use crate::{Design, EntryKind};

choice! {
    /// What a kind of entry is in the channel between peers.
    PeerPart {
        /// Something to talk about.
        Thread = "thread", "threads";
        /// What is said to a thread.
        Reply = "reply", "replies";
        /// Somebody asks the others for something: a matter.
        Ask = "ask", "asks";
        /// Somebody offers the others something: a matter.
        Offer = "offer", "offers";
    }
}

/// A kind of entry that stands in the channel between peers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peers {
    pub part: PeerPart,
}

impl EntryKind {
    /// What it is in the channel between peers, if it stands there.
    #[must_use]
    pub fn peer_part(&self) -> Option<PeerPart> {
        self.peers.as_ref().map(|mark| mark.part)
    }
    /// It is of no place: whoever comes from one writes it with all others.
    #[must_use]
    pub const fn is_of_all(&self) -> bool {
        self.gathering.is_some() || self.peers.is_some()
    }
}

impl Design {
    /// The kind that is this part of the channel between peers.
    #[must_use]
    pub fn peer_kind(&self, part: PeerPart) -> Option<&EntryKind> {
        self.kinds.iter().find(|kind| kind.peer_part() == Some(part))
    }
    /// The circle in which the channel between peers stands.
    #[must_use]
    pub fn channel(&self) -> Option<&crate::Circle> {
        self.peer_kind(PeerPart::Thread)?.circles.first().and_then(|key| self.circle(key))
    }
}
