//! Grants that others have published: public data, imported a portfolio at a time.

use crate::{PortfolioId, rows};
use kernel::Moment;

rows! {
    /// A file of grants, taken whole. Another of the same name takes its place whole.
    portfolio: "portfolios" as "portfolio of grants", PortfolioId, of |_| None; {
        id: PortfolioId,
        /// What it is known by here: that of its file, unless somebody said otherwise.
        name: String,
        /// `arriving`, `current`, `replaced` or `stopped`. Grants are shown of what is current; of others there are none, or soon none.
        state: String,
        file: String,
        /// SHA-256 of the file, in hexadecimal.
        hash: String,
        publisher: String,
        title: Option<String>,
        /// The address of the licence.
        licence: Option<String>,
        /// Where the publisher has the file.
        address: Option<String>,
        grants: i64,
        begun_at: Moment,
        /// When its import last gave a sign of life.
        seen_at: Moment,
        imported_at: Option<Moment>,
    }
}

/// What is held in memory of up to 65,536 grants, to count by: `facets::Segment` knows how to read it.
pub mod grant_segment {
    use crate::PortfolioId;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "grant_segments")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i64,
        pub portfolio_id: PortfolioId,
        pub grants: i64,
        pub columns: Vec<u8>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// Which grants of a segment hold which words, for the words of one bucket.
pub mod grant_words {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "grant_words")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub bucket: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub segment: i64,
        pub words: Vec<u8>,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// A grant as it was published.
pub mod published_grant {
    use crate::PortfolioId;
    use kernel::Day;
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "published_grants")]
    pub struct Model {
        /// Its segment and its place there.
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i64,
        pub portfolio_id: PortfolioId,
        /// As it was published: `360G-…`.
        pub grant_id: String,
        #[sea_orm(column_type = "Text")]
        pub title: String,
        pub funder_id: String,
        /// Those who fund together, with `; ` between them.
        #[sea_orm(column_type = "Text")]
        pub funder: String,
        pub recipient_id: Option<String>,
        #[sea_orm(column_type = "Text")]
        pub recipient: String,
        #[sea_orm(column_type = "Text", nullable)]
        pub programme: Option<String>,
        #[sea_orm(column_type = "Text", nullable)]
        pub area: Option<String>,
        /// In hundredths of the currency: pence.
        pub amount: i64,
        pub currency: String,
        pub awarded_on: Day,
        /// Where in its file it stands, as people find it.
        pub place: String,
        /// All that was published of it, as JSON.
        #[sea_orm(column_type = "Text")]
        pub document: String,
    }
    impl ActiveModelBehavior for ActiveModel {}
}
