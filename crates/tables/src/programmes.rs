//! Programmes, the versions of their designs, and the circles entries are written in.

use crate::{CircleId, DesignVersionId, PersonId, ProgrammeId, rows};
use kernel::Moment;

rows! {
    programme: "programmes" as "programme", ProgrammeId, of |r| Some(r.id); {
        id: ProgrammeId,
        /// Its part of the address.
        slug: String,
        name: String,
        /// A practice programme: its places are fictional and its people are named by role.
        practice: bool,
        /// The version of the design in force.
        design_version_id: DesignVersionId,
        created_at: Moment,
    }
    /// A design as it was adopted. Never changed: a changed design is another version.
    design_version: "design_versions" as "design version", DesignVersionId, of |r| Some(r.programme_id); {
        id: DesignVersionId,
        programme_id: ProgrammeId,
        number: i32,
        /// SHA-256 of the document, in hexadecimal.
        digest: String,
        /// The design and its public history, as JSON with keys in a fixed order.
        #[sea_orm(column_type = "Text")]
        #[serde(skip_serializing, default)]
        document: String,
        adopted_at: Moment,
        /// Nobody when it was loaded from files by the server.
        adopted_by: Option<PersonId>,
    }
    /// A circle of a programme. Who is in it stands in the design; this row gives it an identity that outlasts versions.
    circle: "circles" as "circle", CircleId, of |r| Some(r.programme_id); {
        id: CircleId,
        programme_id: ProgrammeId,
        /// As the design names it.
        key: String,
        created_at: Moment,
    }
}
