//! Calls, and the applications that would-be partnerships write together. A draft is read by those who write it and by
//! nobody else; what was submitted is also read by those who run the call.

mod apply;
mod before;
mod call_page;
mod change_call;
mod check;
mod evidence;
mod export;
mod files;
mod further;
mod language;
mod list;
mod mine;
mod open_call;
mod overview;
mod partners;
mod reading;
mod remarks;
mod reopen;
mod section;
mod sign;
mod start;
mod submit;
mod told;

use design::Power;

use crate::ground::{Route, Who};

pub(crate) use apply::{not_open, sectors};
pub(crate) use before::going_on;
pub(crate) use call_page::href;
pub(crate) use evidence::{Evidence, as_evidence};
pub(crate) use export::{file as sent_as_file, line as csv_line};
pub(crate) use further::on_decision as gone_further;
pub(crate) use mine::written;
pub(crate) use open_call::{Opening, stage_slug};
pub(crate) use overview::{Receipt, receipt_of, submitted_text};
pub(crate) use reading::{
    Applied, DRAFT, SUBMITTED, Standing, Submitted, WITHDRAWN, applicants, conflicts, find, reference, stage_of, standing,
    submitted, with_slug,
};
pub(crate) use reopen::{open_among, submitted_before};
pub(crate) use start::{new_applicant, new_application, new_member, new_sheet, start};
pub(crate) use submit::mail_writers;
pub(crate) use told::{Outcome, counting};

pub(crate) fn routes() -> Vec<Route> {
    use Who::{Anyone, Applicants, ApplicationReaders, CallStaff, May, SignedIn};
    vec![
        Route::page("/programmes/{programme}/calls", Anyone, call_page::all),
        Route::page("/programmes/{programme}/calls/new", May(Power::RunCalls), open_call::form),
        Route::action("/programmes/{programme}/calls/new", May(Power::RunCalls), open_call::save),
        Route::page("/programmes/{programme}/calls/{call}", Anyone, call_page::page),
        Route::page("/programmes/{programme}/calls/{call}/change", May(Power::RunCalls), change_call::form),
        Route::action("/programmes/{programme}/calls/{call}/change", May(Power::RunCalls), change_call::save),
        Route::page("/programmes/{programme}/calls/{call}/questions", Anyone, call_page::questions),
        Route::page("/programmes/{programme}/calls/{call}/check", Anyone, check::page),
        Route::page("/programmes/{programme}/calls/{call}/apply", SignedIn, apply::form),
        Route::action("/programmes/{programme}/calls/{call}/apply", SignedIn, apply::save),
        Route::page("/programmes/{programme}/calls/{call}/applications", May(Power::RunCalls), list::page),
        Route::page("/programmes/{programme}/calls/{call}/applications.csv", May(Power::RunCalls), export::list),
        Route::page("/programmes/{programme}/calls/{call}/applications/answers.csv", May(Power::RunCalls), export::csv),
        Route::page("/programmes/{programme}/calls/{call}/applications/answers.xlsx", May(Power::RunCalls), export::xlsx),
        Route::page("/programmes/{programme}/calls/{call}/applications/answers.json", May(Power::RunCalls), export::json),
        Route::page("/programmes/{programme}/applications/{application}", ApplicationReaders, overview::page),
        Route::page("/programmes/{programme}/applications/{application}/whole", ApplicationReaders, overview::whole),
        Route::page("/programmes/{programme}/applications/{application}/receipt", ApplicationReaders, overview::receipt),
        Route::page(
            "/programmes/{programme}/applications/{application}/receipts/{receipt}",
            ApplicationReaders,
            overview::earlier,
        ),
        Route::page("/programmes/{programme}/applications/{application}/comments", Applicants, remarks::comments),
        Route::action("/programmes/{programme}/applications/{application}/comments", Applicants, remarks::add_comment),
        Route::page("/programmes/{programme}/applications/{application}/note", Applicants, remarks::note),
        Route::action("/programmes/{programme}/applications/{application}/note", Applicants, remarks::add_note),
        Route::page("/programmes/{programme}/applications/{application}/notes", CallStaff, remarks::notes),
        Route::action(
            "/programmes/{programme}/applications/{application}/remarks/{remark}/take-back",
            Applicants,
            remarks::take_back,
        ),
        Route::page("/programmes/{programme}/applications/{application}/reopen", CallStaff, reopen::form),
        Route::action("/programmes/{programme}/applications/{application}/reopen", CallStaff, reopen::save),
        Route::page("/programmes/{programme}/applications/{application}/sections/{section}", Applicants, section::form),
        Route::action("/programmes/{programme}/applications/{application}/sections/{section}", Applicants, section::save)
            .taking_files(),
        Route::page("/programmes/{programme}/applications/{application}/files/{file}", ApplicationReaders, files::save),
        Route::page("/programmes/{programme}/applications/{application}/partners", Applicants, partners::form),
        Route::action("/programmes/{programme}/applications/{application}/partners", Applicants, partners::save),
        Route::action("/programmes/{programme}/applications/{application}/sign", Applicants, sign::save),
        Route::action("/programmes/{programme}/applications/{application}/submit", Applicants, submit::save),
        Route::action("/programmes/{programme}/applications/{application}/withdraw", Applicants, submit::withdraw),
    ]
}
