//! People, the roles they hold, and how they sign in.

use crate::{AppointmentId, OrganisationId, PersonId, PlaceId, ProgrammeId, SessionId, TicketId, rows};
use kernel::{Day, Moment};

rows! {
    person: "people" as "person", PersonId, of |_| None; {
        id: PersonId,
        name: String,
        /// In lower case, unique; nobody where a person cannot sign in by mail.
        email: Option<String>,
        /// Argon2id in the PHC string format.
        #[serde(skip_serializing, default)]
        password_hash: Option<String>,
        /// Made up for a practice programme: offered on the sign-in page in demonstration mode, and nowhere else.
        practice: bool,
        created_at: Moment,
    }
    /// A role held from a day to a day, both included. All that a person may do and read follows from these.
    appointment: "appointments" as "appointment", AppointmentId, of |r| Some(r.programme_id); {
        id: AppointmentId,
        programme_id: ProgrammeId,
        person_id: PersonId,
        /// As the design names it.
        role: String,
        organisation_id: Option<OrganisationId>,
        /// The sponsor whose voice it has, as the design names it; nobody where the role speaks for none.
        #[serde(default)]
        sponsor: Option<String>,
        /// The one place it is for; nobody where the role is for the whole programme.
        place_id: Option<PlaceId>,
        from_day: Day,
        /// The last day in the role; open where nobody knows.
        to_day: Option<Day>,
        /// The moment it was ended before its time: access stops then, not at midnight.
        ended_at: Option<Moment>,
        created_at: Moment,
    }
    /// A signed-in browser.
    session: "sessions" as "sign-in", SessionId, of |_| None; {
        id: SessionId,
        /// SHA-256 of the cookie's value, in hexadecimal.
        #[serde(skip_serializing, default)]
        token_hash: String,
        person_id: PersonId,
        /// What the browser said of itself, shortened to words like “Firefox on Windows”.
        device: String,
        created_at: Moment,
        seen_at: Moment,
        /// When the person was last here before this session: what is newer, is new to them.
        before_at: Option<Moment>,
        expires_at: Moment,
        ended_at: Option<Moment>,
    }
    /// A link sent by mail that can be used once: to sign in or to accept an invitation.
    ticket: "tickets" as "link", TicketId, of |_| None; {
        id: TicketId,
        #[serde(skip_serializing, default)]
        token_hash: String,
        person_id: PersonId,
        /// `sign-in` or `invitation`.
        purpose: String,
        created_at: Moment,
        expires_at: Moment,
        used_at: Option<Moment>,
    }
}
