//! Organisations, the places of a programme and the partners in each.

use crate::{OrganisationId, PartnerId, PlaceId, ProgrammeId, rows};
use kernel::{Day, Moment};

rows! {
    /// An organisation is shared by all programmes.
    organisation: "organisations" as "organisation", OrganisationId, of |_| None; {
        id: OrganisationId,
        /// As design files name it, unique.
        key: String,
        name: String,
        /// `voluntary`, `nhs`, `council`, `community` or `other`.
        sector: String,
        /// What it is known by in public, as `GB-CHC-…`; empty where nobody has said.
        #[serde(default)]
        identifier: String,
        practice: bool,
        created_at: Moment,
    }
    /// One partnership and where it works.
    place: "places" as "place", PlaceId, of |r| Some(r.programme_id); {
        id: PlaceId,
        programme_id: ProgrammeId,
        /// Its part of the address, unique in the programme.
        slug: String,
        name: String,
        /// What the partnership wants to change, in its own words.
        #[sea_orm(column_type = "Text")]
        problem: String,
        /// What it would look like, in its own words.
        #[sea_orm(column_type = "Text")]
        vision: String,
        /// Counts the changes of the words above, so that two people who change them at once find out.
        revision: i32,
        created_at: Moment,
    }
    /// An organisation's seat in a place, from and to a day.
    partner: "partners" as "partner", PartnerId, of |r| Some(r.programme_id); {
        id: PartnerId,
        programme_id: ProgrammeId,
        place_id: PlaceId,
        organisation_id: OrganisationId,
        /// It leads the partnership or holds its grant.
        lead: bool,
        from_day: Option<Day>,
        to_day: Option<Day>,
        created_at: Moment,
    }
}
