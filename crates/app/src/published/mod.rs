//! Grants that funders have published as open data, for anybody to search, read and take along. They come in by
//! `commonweal grants import`, a portfolio at a time, and are nobody's to change here.

mod asked;
mod download;
mod grant_page;
mod import;
mod list;
mod money;
mod own;
mod reading;
mod shelf;

pub use import::{Imported, Portfolio, import_grants};
pub use own::OWN;
pub(crate) use own::{of_programme, publish};
pub use reading::Wrong;

use crate::ground::{Route, Who};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::page("/grants", Who::Anyone, list::page),
        Route::page("/grants.csv", Who::Anyone, download::csv),
        Route::page("/grants.json", Who::Anyone, download::as_json),
        Route::page("/grants.xlsx", Who::Anyone, download::xlsx),
        Route::page("/grants/{grant}", Who::Anyone, grant_page::page),
        Route::page("/programmes/{programme}/grants.json", Who::Anyone, download::own_json),
        Route::page("/programmes/{programme}/grants.csv", Who::Anyone, download::own_csv),
        Route::page("/programmes/{programme}/grants.xlsx", Who::Anyone, download::own_xlsx),
    ]
}

/// The address of a grant's page.
pub(crate) fn href(grant_id: &str) -> String {
    format!("/grants/{}", percent_encoding::utf8_percent_encode(grant_id, percent_encoding::NON_ALPHANUMERIC))
}
