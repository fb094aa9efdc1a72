//! Peers find peers: who works on what, what they talk about, and what they ask and offer each other, in the circle that people
//! of all places read. Threads, replies, asks and offers are entries; what stands here is what they are about, whom they name,
//! what people say of themselves, and which news of it they want.

mod channel;
mod choices;
mod digest;
mod directory;
mod list;
mod mentions;
mod profile;
mod quiet;
mod respond;
mod start;
mod suggest;
mod thread;
mod topics;
mod waiting;

use crate::ground::{Route, Who};

pub use digest::tend_peers;
pub(crate) use quiet::Rhythm;
pub(crate) use waiting::waiting;

pub(crate) fn routes() -> Vec<Route> {
    const HERE: Who = Who::InProgramme;
    vec![
        // Each of these asks whether the viewer reads the circle in which the channel stands.
        Route::page("/programmes/{programme}/channel", HERE, list::page),
        Route::page("/programmes/{programme}/channel/new", HERE, start::form),
        Route::action("/programmes/{programme}/channel/new", HERE, start::save),
        Route::page("/programmes/{programme}/channel/{entry}", Who::Readers, thread::page),
        Route::action("/programmes/{programme}/channel/{entry}", Who::Readers, respond::save),
        Route::page("/programmes/{programme}/peers", HERE, directory::page),
        Route::page("/programmes/{programme}/peers/me", HERE, profile::form),
        Route::action("/programmes/{programme}/peers/me", HERE, profile::save),
        Route::page("/programmes/{programme}/peers/mail", HERE, choices::form),
        Route::action("/programmes/{programme}/peers/mail", HERE, choices::save),
    ]
}
