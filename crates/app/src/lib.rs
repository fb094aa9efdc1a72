//! The product: one folder a slice, in the order in which they may use each other, on a common ground.

mod answers;
mod assessing;
mod calls;
mod deciding;
mod entries;
mod files;
mod forming;
mod gatherings;
mod grants;
mod ground;
mod home;
mod house;
mod influence;
mod learning;
pub mod ledger;
mod outputs;
mod oversight;
mod peers;
mod people;
mod places;
mod plans;
pub mod practice;
mod programmes;
mod published;
mod reflecting;
mod stages;
mod support;

pub use deciding::release_due;
pub use gatherings::tend_gatherings;
pub use grants::{Exported, export_grants};
pub use ground::{App, Clamd, Publishing, RouteInfo, Settings, Who};
pub use learning::read_ahead;
pub use oversight::look_for_silence;
pub use peers::tend_peers;
pub use people::{Invitation, invite};
pub use programmes::{Adopted, adopt};
pub use published::{Imported, OWN, Portfolio, Wrong, import_grants};

use ground::Route;

/// Every route there is, each with who may use it.
fn routes() -> Vec<Route> {
    let slices: [Vec<Route>; 23] = [
        home::routes(),
        people::routes(),
        programmes::routes(),
        places::routes(),
        entries::routes(),
        forming::routes(),
        calls::routes(),
        assessing::routes(),
        deciding::routes(),
        stages::routes(),
        published::routes(),
        grants::routes(),
        support::routes(),
        learning::routes(),
        outputs::routes(),
        reflecting::routes(),
        gatherings::routes(),
        peers::routes(),
        plans::routes(),
        oversight::routes(),
        influence::routes(),
        house::routes(),
        practice::routes(),
    ];
    slices.into_iter().flatten().collect()
}

/// The whole site, ready to be served.
pub fn site(app: App) -> axum::Router {
    ground::site(app, routes())
}

/// What the access test walks: method, path and rule of every route.
#[must_use]
pub fn route_list() -> Vec<RouteInfo> {
    routes().iter().map(Route::info).collect()
}
