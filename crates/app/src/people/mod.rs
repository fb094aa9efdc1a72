//! People, the roles they hold, and how they sign in. What somebody may do and read follows from the roles they hold
//! today, and from nothing else.

mod account;
mod appoint;
mod demonstration;
mod directory;
mod invitation;
mod join;
mod mail;
mod next;
mod passwords;
mod sessions;
mod sign_in;
mod throttle;

use design::Power;

use crate::ground::{Route, Who};

pub use appoint::{Invitation, invite};
pub(crate) use appoint::{invited, looks_like_an_address, manages};
pub(crate) use directory::{Named, Standing, appointments, held_on};
pub(crate) use mail::appointed;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::page("/sign-in", Who::Anyone, sign_in::form),
        Route::action("/sign-in", Who::Anyone, sign_in::with_password),
        Route::action("/sign-in/practice", Who::Anyone, demonstration::sign_in),
        Route::action("/sign-in/link", Who::Anyone, sign_in::ask_for_link),
        Route::page("/sign-in/link/{ticket}", Who::Anyone, sign_in::link),
        Route::action("/sign-in/link/{ticket}", Who::Anyone, sign_in::with_link),
        Route::action("/sign-out", Who::SignedIn, sign_in::out),
        Route::page("/join", Who::Anyone, join::form),
        Route::action("/join", Who::Anyone, join::save),
        Route::page("/invitations/{ticket}", Who::Anyone, invitation::form),
        Route::action("/invitations/{ticket}", Who::Anyone, invitation::accept),
        Route::page("/account", Who::SignedIn, account::page),
        Route::action("/account/password", Who::SignedIn, account::change_password),
        Route::action("/account/sessions/{session}/end", Who::SignedIn, account::end_session),
        Route::page("/programmes/{programme}/people", Who::May(Power::SeePeople), directory::page),
        Route::page("/programmes/{programme}/people/new", Who::May(Power::ManagePeople), appoint::form),
        Route::action("/programmes/{programme}/people/new", Who::May(Power::ManagePeople), appoint::save),
        Route::page("/programmes/{programme}/people/{person}", Who::May(Power::SeePeople), directory::person),
        Route::action("/programmes/{programme}/appointments/{appointment}/end", Who::May(Power::ManagePeople), appoint::end),
    ]
}
