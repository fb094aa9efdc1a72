//! Deciding: the sponsors say together what becomes of each application, and everybody hears at once. What is proposed
//! counts once each sponsor who decides has assented to that very text; whoever has a conflict of interest stands aside.

mod anew;
mod assent;
mod assents;
mod decision;
mod forum;
mod money;
mod portfolio;
mod propose;
mod release;
mod shown;
mod standing;
mod together;
mod wanted;

use design::Power;

use crate::calls::Outcome;
use crate::ground::{Route, Who};

pub(crate) use assents::waiting;
pub use release::release_due;
pub(crate) use standing::outcomes;

pub(crate) fn routes() -> Vec<Route> {
    use Who::{CallStaff, Choosers, Choosing, Deciders, May};
    vec![
        Route::page("/programmes/{programme}/calls/{call}/forum", Choosing, forum::page),
        Route::page("/programmes/{programme}/calls/{call}/decide", Choosing, together::page),
        Route::action("/programmes/{programme}/calls/{call}/decide", Choosing, together::save),
        Route::page("/programmes/{programme}/calls/{call}/assents", May(Power::Decide), assents::page),
        Route::action("/programmes/{programme}/calls/{call}/assents", May(Power::Decide), assents::save),
        Route::page("/programmes/{programme}/calls/{call}/release", May(Power::RunCalls), release::page),
        Route::action("/programmes/{programme}/calls/{call}/release", May(Power::RunCalls), release::ready),
        Route::action("/programmes/{programme}/calls/{call}/release/now", May(Power::RunCalls), release::now),
        Route::page("/programmes/{programme}/applications/{application}/decision", Choosers, decision::page),
        Route::action("/programmes/{programme}/applications/{application}/decision", Choosers, decision::propose),
        Route::action("/programmes/{programme}/applications/{application}/decision/assent", Deciders, assent::save),
        Route::action("/programmes/{programme}/applications/{application}/decision/tell", CallStaff, anew::tell),
        Route::action("/programmes/{programme}/applications/{application}/decision/take-back", Choosers, anew::take_back),
    ]
}
