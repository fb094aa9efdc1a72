//! The start page: for a visitor what Commonweal is, for somebody signed in what waits for them today.

mod today;
mod welcome;

use crate::ground::{Answer, Cx, Route, Who};

pub(crate) fn routes() -> Vec<Route> {
    vec![Route::page("/", Who::Anyone, start)]
}

async fn start(cx: Cx) -> Answer {
    match cx.viewer().signed_in {
        Some(_) => today::page(cx).await,
        None => welcome::page(cx).await,
    }
}
