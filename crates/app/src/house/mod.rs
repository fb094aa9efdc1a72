//! What keeps house: the journal's pages, assets, and what machines ask a server.

mod journal;
mod machines;

use design::Power;

use crate::ground::{Route, Who};

pub(crate) use journal::{OF_A_GROUP, of_record, of_record_in_full};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::page("/programmes/{programme}/journal", Who::May(Power::ReadJournal), journal::page),
        Route::page("/assets/{*file}", Who::Anyone, machines::asset),
        Route::page("/healthz", Who::Anyone, machines::alive),
        Route::page("/readyz", Who::Anyone, machines::ready),
        Route::page("/metrics", Who::Anyone, machines::figures),
    ]
}
