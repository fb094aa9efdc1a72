//! Who gets where: every route for every role. What is expected stands here in a table that people can read; nothing in
//! it is worked out by the code that it checks. Entries have their own, in `access_entries.rs`.

use std::collections::BTreeSet;

use axum::http::Method;
use testkit::visitor::Reply;
use testkit::{TestSite, Visitor, both, site};

use crate::access_entries::ENTRY_ROUTES;

/// Who stands for which column of the tables, each letter one of them.
pub const PEOPLE: [&str; 22] = [
    // Nobody who is signed in, and somebody whose appointment has ended.
    "",
    "Project lead before, Riverside",
    // Those with a role for the whole programme.
    "Programme lead, funder",
    "Grant manager",
    "Support lead",
    "Learning capture team",
    "Evaluator",
    "Advisory group member",
    // Those with a role for the place that the paths name.
    "Consultant, Riverside",
    "Project lead, Riverside",
    "Learning lead, Riverside",
    "Partner organisation's representative, Riverside",
    "Community member, Riverside",
    // The same roles for another place.
    "Consultant, Lantern Hill",
    "Project lead, Lantern Hill",
    "Learning lead, Lantern Hill",
    "Partner organisation's representative, Lantern Hill",
    "Community member, Lantern Hill",
    // Those who choose among applications; the one that the paths name was given to this assessor.
    "Assessor 1",
    "Panel member, funder",
    // Those who keep accounts for a place.
    "Finance person, Riverside",
    "Finance person, Lantern Hill",
];

// y gets in · n is refused (who is not signed in is asked to) · x is told that there is no such page

/// Method, path, what a request that gets in is answered, and who gets in: nobody and former · programme lead, grant
/// manager, support lead, learning team, evaluator, advisory member · consultant, project lead, learning lead, partner,
/// community member of Riverside · the same of Lantern Hill · assessor, panel member · finance person of Riverside and of Lantern Hill.
///
/// A form is sent without answers, so where it gets in it is mostly told what is missing (422).
const ROUTES: &[(&str, &str, u16, &str)] = &[
    ("GET", "/", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/search", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/sources", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    // Published grants; the one named is none
    ("GET", "/grants", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/grants.csv", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/grants.json", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/grants.xlsx", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/grants/{grant}", 404, "yy yyyyyy yyyyy yyyyy yy yy"),
    // Signing in
    ("GET", "/sign-in", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("POST", "/sign-in", 422, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("POST", "/sign-in/practice", 404, "yy yyyyyy yyyyy yyyyy yy yy"), // names nobody
    ("POST", "/sign-in/link", 422, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/sign-in/link/{ticket}", 410, "yy yyyyyy yyyyy yyyyy yy yy"), // the link is made up
    ("POST", "/sign-in/link/{ticket}", 410, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/invitations/{ticket}", 410, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("POST", "/invitations/{ticket}", 410, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("POST", "/sign-out", 303, "ny yyyyyy yyyyy yyyyy yy yy"),
    // One's own account
    ("GET", "/account", 200, "ny yyyyyy yyyyy yyyyy yy yy"),
    ("POST", "/account/password", 422, "ny yyyyyy yyyyy yyyyy yy yy"),
    ("POST", "/account/sessions/{session}/end", 404, "ny yyyyyy yyyyy yyyyy yy yy"), // it is somebody else's
    // Programmes
    ("GET", "/programmes", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/design", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/design/versions", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    // Forms; the one named is the design's
    ("GET", "/programmes/{programme}/design/forms", 200, "nn ynnnnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/design/forms", 422, "nn ynnnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/design/form-from-workbook", 200, "nn ynnnnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/design/form-from-workbook", 422, "nn ynnnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/design/forms/{form}", 200, "nn ynnnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/design/forms/{form}/xlsform", 200, "nn ynnnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/design/forms/{form}/edit", 200, "nn ynnnnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/design/forms/{form}/edit", 400, "nn ynnnnn nnnnn nnnnn nn nn"), // without the form
    ("GET", "/programmes/{programme}/design/forms/{form}/text", 200, "nn ynnnnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/design/forms/{form}/text", 422, "nn ynnnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/sources", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/journal", 200, "nn yynnnn nnnnn nnnnn nn nn"),
    // People
    ("GET", "/programmes/{programme}/people", 200, "nn yyyyyn yyyyy yyyyy nn nn"),
    ("GET", "/programmes/{programme}/people/new", 200, "nn ynynnn nynnn nynnn nn nn"),
    ("POST", "/programmes/{programme}/people/new", 422, "nn ynynnn nynnn nynnn nn nn"),
    ("GET", "/programmes/{programme}/people/{person}", 200, "nn yyyyyn yyyyy xxxxx nn nn"),
    ("POST", "/programmes/{programme}/appointments/{appointment}/end", 303, "nn ynxnnn nynnn nxnnn nn nn"),
    // Places
    ("GET", "/programmes/{programme}/places", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/places/{place}", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/places/{place}/history", 200, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/places/{place}/describe", 200, "nn nnnnnn nyyyy nnnnn nn nn"),
    ("POST", "/programmes/{programme}/places/{place}/describe", 409, "nn nnnnnn nyyyy nnnnn nn nn"), // of no version
    // Calls; the application named is one that the partner of Lantern Hill has submitted
    ("GET", "/join", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("POST", "/join", 422, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/calls", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/calls/new", 200, "nn yynnnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/calls/new", 422, "nn yynnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/calls/{call}", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/calls/{call}/change", 200, "nn yynnnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/calls/{call}/change", 422, "nn yynnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/calls/{call}/questions", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/calls/{call}/check", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/calls/{call}/apply", 200, "ny yyyyyy yyyyy yyyyy yy yy"),
    ("POST", "/programmes/{programme}/calls/{call}/apply", 422, "ny yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/calls/{call}/applications", 200, "nn yynnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/calls/{call}/applications.csv", 200, "nn yynnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/calls/{call}/applications/answers.csv", 200, "nn yynnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/calls/{call}/applications/answers.xlsx", 200, "nn yynnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/calls/{call}/applications/answers.json", 200, "nn yynnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/calls/{call}/assessors", 200, "nn yynnnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/calls/{call}/assessors", 422, "nn yynnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/calls/{call}/assessors/{assessor}/leave", 404, "nn yynnnn nnnnn nnnnn nn nn"), // nobody
    // Without a tick it is asked again; who it is of is nobody all the same.
    ("POST", "/programmes/{programme}/calls/{call}/assessors/{assessor}/leave", 404, "nn yynnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/calls/{call}/conflicts", 200, "nn yynnnn nnnnn nnnnn yy nn"),
    ("GET", "/programmes/{programme}/calls/{call}/conflicts/declare", 404, "nn yynnnn nnnnn nnnnn yy nn"), // with nothing
    ("POST", "/programmes/{programme}/calls/{call}/conflicts/declare", 404, "nn yynnnn nnnnn nnnnn yy nn"),
    ("POST", "/programmes/{programme}/calls/{call}/conflicts/{conflict}/end", 404, "nn yynnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/calls/{call}/allocation", 200, "nn yynnnn nnnnn nnnnn nn nn"),
    // The call has not closed yet.
    ("POST", "/programmes/{programme}/calls/{call}/allocation", 403, "nn yynnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/calls/{call}/allocation/preview", 403, "nn yynnnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/calls/{call}/allocation/hand", 403, "nn yynnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/calls/{call}/reading", 200, "nn nnnnnn nnnnn nnnnn yn nn"),
    ("GET", "/programmes/{programme}/calls/{call}/reading/you", 200, "nn nnnnnn nnnnn nnnnn yn nn"),
    ("POST", "/programmes/{programme}/calls/{call}/reading/you", 403, "nn nnnnnn nnnnn nnnnn yn nn"), // nobody has added them
    ("GET", "/programmes/{programme}/applications/{application}/assess", 200, "xx nnxxxx xxxxx xxxnx yn xx"),
    ("POST", "/programmes/{programme}/applications/{application}/assess", 303, "xx nnxxxx xxxxx xxxnx yn xx"),
    ("POST", "/programmes/{programme}/applications/{application}/assess/change", 404, "xx nnxxxx xxxxx xxxnx yn xx"), // of nothing
    ("GET", "/programmes/{programme}/calls/{call}/moderation", 200, "nn yynnnn nnnnn nnnnn ny nn"),
    ("GET", "/programmes/{programme}/calls/{call}/moderation.csv", 200, "nn yynnnn nnnnn nnnnn ny nn"),
    ("GET", "/programmes/{programme}/applications/{application}/scores", 200, "xx yyxxxx xxxxx xxxnx ny xx"),
    ("GET", "/programmes/{programme}/applications/{application}", 200, "xx yyxxxx xxxxx xxxyx yy xx"),
    ("GET", "/programmes/{programme}/applications/{application}/whole", 200, "xx yyxxxx xxxxx xxxyx yy xx"),
    ("GET", "/programmes/{programme}/applications/{application}/receipt", 200, "xx yyxxxx xxxxx xxxyx yy xx"),
    ("GET", "/programmes/{programme}/applications/{application}/files/{file}", 200, "xx yyxxxx xxxxx xxxyx yy xx"),
    ("GET", "/programmes/{programme}/applications/{application}/receipts/{receipt}", 404, "xx yyxxxx xxxxx xxxyx yy xx"), // it was never reopened
    // What is marked in it would weigh on those who score, and is told to those who wrote it once decisions are.
    ("GET", "/programmes/{programme}/applications/{application}/excerpts", 200, "xx yyxxxx xxxxx xxxxx xx xx"),
    ("POST", "/programmes/{programme}/applications/{application}/excerpts", 403, "xx yyxxxx xxxxx xxxxx xx xx"), // it answers nothing in words
    ("GET", "/programmes/{programme}/applications/{application}/excerpts/compare", 404, "xx yyxxxx xxxxx xxxxx xx xx"), // nobody marked any
    // What partners say to each other is theirs alone; what one says to the programme team is read by those who run the call.
    ("GET", "/programmes/{programme}/applications/{application}/comments", 200, "xx nnxxxx xxxxx xxxyx nn xx"),
    ("POST", "/programmes/{programme}/applications/{application}/comments", 422, "xx nnxxxx xxxxx xxxyx nn xx"),
    ("GET", "/programmes/{programme}/applications/{application}/note", 200, "xx nnxxxx xxxxx xxxyx nn xx"),
    ("POST", "/programmes/{programme}/applications/{application}/note", 422, "xx nnxxxx xxxxx xxxyx nn xx"),
    ("GET", "/programmes/{programme}/applications/{application}/notes", 200, "xx yyxxxx xxxxx xxxnx nn xx"),
    ("POST", "/programmes/{programme}/applications/{application}/remarks/{remark}/take-back", 404, "xx nnxxxx xxxxx xxxyx nn xx"),
    ("GET", "/programmes/{programme}/applications/{application}/reopen", 200, "xx yyxxxx xxxxx xxxnx nn xx"),
    ("POST", "/programmes/{programme}/applications/{application}/reopen", 422, "xx yyxxxx xxxxx xxxnx nn xx"),
    ("GET", "/programmes/{programme}/applications/{application}/sections/{section}", 200, "xx nnxxxx xxxxx xxxyx nn xx"),
    // It is submitted, so that nobody writes in it any more; it can still be withdrawn.
    ("POST", "/programmes/{programme}/applications/{application}/sections/{section}", 403, "xx nnxxxx xxxxx xxxyx nn xx"),
    ("GET", "/programmes/{programme}/applications/{application}/partners", 403, "xx nnxxxx xxxxx xxxyx nn xx"),
    ("POST", "/programmes/{programme}/applications/{application}/partners", 403, "xx nnxxxx xxxxx xxxyx nn xx"),
    ("POST", "/programmes/{programme}/applications/{application}/sign", 403, "xx nnxxxx xxxxx xxxyx nn xx"),
    ("POST", "/programmes/{programme}/applications/{application}/submit", 403, "xx nnxxxx xxxxx xxxyx nn xx"),
    ("POST", "/programmes/{programme}/applications/{application}/withdraw", 303, "xx nnxxxx xxxxx xxxyx nn xx"),
    // Deciding: the call is still open, so that nothing can be proposed, assented to or told
    ("GET", "/programmes/{programme}/calls/{call}/forum", 200, "nn yynnnn nnnnn nnnnn ny nn"),
    ("GET", "/programmes/{programme}/calls/{call}/decide", 200, "nn yynnnn nnnnn nnnnn ny nn"),
    ("POST", "/programmes/{programme}/calls/{call}/decide", 409, "nn yynnnn nnnnn nnnnn ny nn"),
    ("GET", "/programmes/{programme}/calls/{call}/assents", 200, "nn ynnnnn nnnnn nnnnn ny nn"),
    ("POST", "/programmes/{programme}/calls/{call}/assents", 200, "nn ynnnnn nnnnn nnnnn ny nn"), // nothing waits
    ("GET", "/programmes/{programme}/calls/{call}/practise", 200, "nn yynnnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/calls/{call}/practise", 404, "nn yynnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/calls/{call}/release", 200, "nn yynnnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/calls/{call}/release", 422, "nn yynnnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/calls/{call}/release/now", 409, "nn yynnnn nnnnn nnnnn nn nn"),
    // This design keeps no role for those who were not chosen.
    ("GET", "/programmes/{programme}/calls/{call}/stay", 404, "nn yynnnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/calls/{call}/stay", 404, "nn yynnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/applications/{application}/decision", 200, "xx yyxxxx xxxxx xxxnx ny xx"),
    ("POST", "/programmes/{programme}/applications/{application}/decision", 409, "xx yyxxxx xxxxx xxxnx ny xx"),
    ("POST", "/programmes/{programme}/applications/{application}/decision/assent", 404, "xx ynxxxx xxxxx xxxnx ny xx"), // names none
    ("POST", "/programmes/{programme}/applications/{application}/decision/tell", 409, "xx yyxxxx xxxxx xxxnx nn xx"), // nothing to tell
    ("POST", "/programmes/{programme}/applications/{application}/decision/take-back", 409, "xx yyxxxx xxxxx xxxnx ny xx"),
    // Money; no award has been made, and no payment file
    ("GET", "/programmes/{programme}/money", 200, "nn yynnnn nyyyy nyyyy nn yy"),
    ("GET", "/programmes/{programme}/money/commit", 200, "nn nynnnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/money/commit", 422, "nn nynnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/money/publish", 200, "nn nynnnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/money/publish", 303, "nn nynnnn nnnnn nnnnn nn nn"), // identifiers of nobody
    ("GET", "/programmes/{programme}/grants.json", 404, "yy yyyyyy yyyyy yyyyy yy yy"),    // nothing is published
    ("GET", "/programmes/{programme}/grants.csv", 404, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/grants.xlsx", 404, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/money/payments", 200, "nn yynnnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/money/payments", 404, "nn yynnnn nnnnn nnnnn nn nn"), // names none
    ("POST", "/programmes/{programme}/money/files", 409, "nn yynnnn nnnnn nnnnn nn nn"),    // nothing is approved
    ("GET", "/programmes/{programme}/money/files/{file}", 404, "nn yynnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/money/files/{file}/payments.csv", 404, "nn yynnnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/money/files/{file}", 404, "nn yynnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/places/{place}/awards/new", 200, "nn nynnnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/places/{place}/awards/new", 422, "nn nynnnn nnnnn nnnnn nn nn"),
    // The award named is one of Riverside's that has been offered.
    ("GET", "/programmes/{programme}/places/{place}/awards/{award}", 200, "nn yynnnn nyyyy nnnnn nn yn"),
    ("GET", "/programmes/{programme}/places/{place}/awards/{award}/terms", 409, "nn nynnnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/places/{place}/awards/{award}/terms", 409, "nn nynnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/places/{place}/awards/{award}/budget", 409, "nn nynnnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/places/{place}/awards/{award}/budget", 409, "nn nynnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/places/{place}/awards/{award}/instalments", 409, "nn nynnnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/places/{place}/awards/{award}/instalments", 409, "nn nynnnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/places/{place}/awards/{award}/milestone", 409, "nn nynnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/places/{place}/awards/{award}/agreement", 200, "nn yynnnn nyyyy nnnnn nn yn"),
    ("POST", "/programmes/{programme}/places/{place}/awards/{award}/offer", 409, "nn nynnnn nnnnn nnnnn nn nn"),
    // A form that names no side signs nothing.
    ("POST", "/programmes/{programme}/places/{place}/awards/{award}/sign", 409, "nn nynnnn nynnn nnnnn nn yn"),
    ("GET", "/programmes/{programme}/places/{place}/awards/{award}/talk", 409, "nn nynnnn nynnn nnnnn nn yn"),
    ("POST", "/programmes/{programme}/places/{place}/awards/{award}/talk", 409, "nn nynnnn nynnn nnnnn nn yn"),
    ("GET", "/programmes/{programme}/places/{place}/awards/{award}/sheet", 409, "nn nynnnn nynnn nnnnn nn yn"),
    ("POST", "/programmes/{programme}/places/{place}/awards/{award}/sheet", 409, "nn nynnnn nynnn nnnnn nn yn"),
    ("POST", "/programmes/{programme}/places/{place}/awards/{award}/sheet/match", 409, "nn nynnnn nynnn nnnnn nn yn"),
    // Nothing was noted as spent of it.
    ("GET", "/programmes/{programme}/places/{place}/awards/{award}/spent/{movement}", 404, "nn nynnnn nynnn nnnnn nn yn"),
    ("POST", "/programmes/{programme}/places/{place}/awards/{award}/spent/{movement}", 404, "nn nynnnn nynnn nnnnn nn yn"),
    ("GET", "/programmes/{programme}/places/{place}/awards/{award}/change", 409, "nn nnnnnn nynnn nnnnn nn yn"),
    ("POST", "/programmes/{programme}/places/{place}/awards/{award}/change", 409, "nn nnnnnn nynnn nnnnn nn yn"),
    ("GET", "/programmes/{programme}/places/{place}/awards/{award}/changes/{number}", 200, "nn yynnnn nyyyy nnnnn nn yn"),
    ("POST", "/programmes/{programme}/places/{place}/awards/{award}/changes/{number}", 409, "nn yynnnn nnnnn nnnnn nn nn"),
    (
        "POST",
        "/programmes/{programme}/places/{place}/awards/{award}/changes/{number}/withdraw",
        409,
        "nn nnnnnn nynnn nnnnn nn yn",
    ),
    ("GET", "/programmes/{programme}/places/{place}/awards/{award}/close", 409, "nn nynnnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/places/{place}/awards/{award}/close", 409, "nn nynnnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/places/{place}/awards/{award}/take-back", 303, "nn nynnnn nnnnn nnnnn nn nn"),
    // Stages; the call named goes on from none, and nothing has been decided
    ("GET", "/programmes/{programme}/funnel", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/calls/{call}/carry-on", 404, "ny yyyyyy yyyyy yyyyy yy yy"),
    ("POST", "/programmes/{programme}/calls/{call}/carry-on", 404, "ny yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/applications/{application}/way", 200, "xx yyxxxx xxxxx xxxyx yy xx"),
    ("GET", "/programmes/{programme}/applications/{application}/place", 403, "xx yyxxxx xxxxx xxxnx nn xx"),
    ("POST", "/programmes/{programme}/applications/{application}/place", 403, "xx yyxxxx xxxxx xxxnx nn xx"),
    // Entries; those that name an entry stand in the tables below
    ("GET", "/programmes/{programme}/entries", 200, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/entries/new", 200, "nn yyyyyy nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/entries/new", 422, "nn yyyyyy nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/places/{place}/entries", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/places/{place}/entries/new", 200, "nn yyyyyy yyyyy nnnnn nn yn"),
    // Finance persons write no notes, and the form sends one.
    ("POST", "/programmes/{programme}/places/{place}/entries/new", 422, "nn yyyyyy yyyyy nnnnn nn nn"),
    // Matters; the proposal and the agreement named are none
    ("GET", "/programmes/{programme}/matters", 200, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/places/{place}/matters", 200, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/places/{place}/meetings", 200, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/proposals/{proposal}", 404, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("POST", "/programmes/{programme}/proposals/{proposal}", 404, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/places/{place}/agreements", 200, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/places/{place}/agreements/new", 200, "nn nnnnnn ynnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/places/{place}/agreements/new", 422, "nn nnnnnn ynnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/places/{place}/agreements/{agreement}", 404, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("POST", "/programmes/{programme}/places/{place}/agreements/{agreement}", 404, "nn yyyyyy yyyyy yyyyy yy yy"),
    // For those who advise
    ("GET", "/advisory", 200, "nx xxxxxy xxxxx xxxxx xx xx"),
    // Oversight; nothing was reached, and the statement named is one of the design's
    ("GET", "/programmes/{programme}/places/{place}/markers", 200, "nn yyynnn yynnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/places/{place}/markers", 404, "nn yyynnn yynnn nnnnn nn nn"), // names no marker
    ("GET", "/programmes/{programme}/tipping-points", 200, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/tipping-points/{reached}", 404, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("POST", "/programmes/{programme}/tipping-points/{reached}", 404, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/needs", 200, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/statements", 200, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/statements/{statement}", 200, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("POST", "/programmes/{programme}/statements/{statement}", 422, "nn ynnnnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/review", 200, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("POST", "/programmes/{programme}/review", 404, "nn ynnnnn nnnnn nnnnn nn nn"), // names no question
    ("GET", "/programmes/{programme}/handover", 200, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/groups", 200, "nn yyyyyn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/places/{place}/handover", 200, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/briefing", 200, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/places/{place}/briefing", 200, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/places/{place}/ask", 200, "nn yynyyn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/places/{place}/ask", 422, "nn yynyyn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/places/{place}/digest", 200, "nn nnynnn ynnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/places/{place}/digest", 422, "nn nnynnn ynnnn nnnnn nn nn"),
    // Excerpts and themes; the excerpt named is of Riverside's learning circle, and a form without answers says nothing to do
    ("GET", "/programmes/{programme}/excerpts/{excerpt}", 200, "nn xxxyxx yyyxx xxxxx xx xx"),
    ("POST", "/programmes/{programme}/excerpts/{excerpt}", 403, "nn xxxnxx nnnxx xxxxx xx xx"),
    ("GET", "/programmes/{programme}/themes", 200, "nn yyyyyy yyyyy yyyyy nn yy"),
    ("POST", "/programmes/{programme}/themes", 422, "nn ynyyyn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/themes/{theme}", 200, "nn yyyyyy yyyyy yyyyy nn yy"),
    ("POST", "/programmes/{programme}/themes/{theme}", 404, "nn ynyyyn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/theme-table", 200, "nn yyyyyy yyyyy yyyyy nn yy"),
    // Outputs, those that name one have a test of their own; the one to sign off and the quotation named are none
    ("GET", "/programmes/{programme}/outputs", 200, "nn yyyyyy yyyyy yyyyy nn yy"),
    ("GET", "/programmes/{programme}/outputs/new", 200, "nn nnnyyn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/outputs/new", 422, "nn nnnyyn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/sign-off/{output}", 404, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("POST", "/programmes/{programme}/sign-off/{output}", 404, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/your-words", 200, "ny yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/your-words/{quotation}", 404, "ny yyyyyy yyyyy yyyyy yy yy"),
    ("POST", "/your-words/{quotation}", 404, "ny yyyyyy yyyyy yyyyy yy yy"),
    // The library; there is no publication yet
    ("GET", "/library", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/library/feed.atom", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/library/feed.rss", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/library/{slug}", 404, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/library/{slug}/{number}", 404, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/sitemap.xml", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/robots.txt", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    // Reflection; the round named is one of Riverside's that its group has looked at, and a form without answers names no framework
    ("GET", "/programmes/{programme}/reflections", 200, "nn yyyyxx xyyyy xyyyy xx xx"),
    ("POST", "/programmes/{programme}/reflections", 404, "nn yyyyxx xyyyy xyyyy xx xx"),
    ("GET", "/programmes/{programme}/places/{place}/reflections", 200, "nn xxxxxx xyyyy xxxxx xx xx"),
    ("POST", "/programmes/{programme}/places/{place}/reflections", 404, "nn xxxxxx xyyyy xxxxx xx xx"),
    ("GET", "/programmes/{programme}/reflections/{round}", 200, "nn xxxxxx xyyyy xxxxx xx xx"),
    ("POST", "/programmes/{programme}/reflections/{round}", 409, "nn xxxxxx xyyyy xxxxx xx xx"), // nothing changes any more
    ("GET", "/programmes/{programme}/reflections/{round}/write", 200, "nn xxxxxx xyyyy xxxxx xx xx"),
    ("POST", "/programmes/{programme}/reflections/{round}/write", 404, "nn xxxxxx xyyyy xxxxx xx xx"), // no note comes out of it
    // Events; a proposal without words is told what is missing, and a calendar address that nobody made is none
    ("GET", "/programmes/{programme}/gatherings", 200, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/gatherings.ics", 200, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/gathering-feedback", 200, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/gatherings/new", 200, "nn nnyynn yyyyy yyyyy nn nn"),
    ("POST", "/programmes/{programme}/gatherings/new", 422, "nn nnyynn yyyyy yyyyy nn nn"),
    ("GET", "/calendar", 200, "ny yyyyyy yyyyy yyyyy yy yy"),
    ("POST", "/calendar", 303, "ny yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/calendar/{feed}", 404, "yy yyyyyy yyyyy yyyyy yy yy"),
    // Peers, for those who read the network; a conversation without words is told what is missing, and so is whoever chooses nothing
    ("GET", "/programmes/{programme}/channel", 200, "nn yyyynn yyyyy yyyyy nn yy"),
    ("GET", "/programmes/{programme}/channel/new", 200, "nn yyyynn yyyyy yyyyy nn yy"),
    ("POST", "/programmes/{programme}/channel/new", 422, "nn yyyynn yyyyy yyyyy nn yy"),
    ("GET", "/programmes/{programme}/peers", 200, "nn yyyynn yyyyy yyyyy nn yy"),
    ("GET", "/programmes/{programme}/peers/me", 200, "nn yyyynn yyyyy yyyyy nn yy"),
    ("POST", "/programmes/{programme}/peers/me", 303, "nn yyyynn yyyyy yyyyy nn yy"),
    ("GET", "/programmes/{programme}/peers/mail", 200, "nn yyyynn yyyyy yyyyy nn yy"),
    ("POST", "/programmes/{programme}/peers/mail", 422, "nn yyyynn yyyyy yyyyy nn yy"),
    // Influence, for those who write something
    ("GET", "/programmes/{programme}/influence", 200, "nn yyyyyy yyyyy yyyyy nn yy"),
    // Plans; there is none yet
    ("GET", "/programmes/{programme}/places/{place}/plan", 200, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/places/{place}/plan/compare", 404, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/places/{place}/plan/edit", 200, "nn nnnnnn nyyyn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/places/{place}/plan/edit", 422, "nn nnnnnn nyyyn nnnnn nn nn"),
    // Days; nobody and nothing is named where somebody or something has to be
    ("GET", "/programmes/{programme}/days", 200, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/days.csv", 200, "nn yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/programmes/{programme}/days/allot", 200, "nn ynynnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/days/allot", 422, "nn ynynnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/days/change", 404, "nn ynynnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/days/change", 404, "nn ynynnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/days/year-end", 200, "nn ynynnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/days/year-end", 404, "nn ynynnn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/days/staff", 200, "nn yyyyyn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/days/staff", 422, "nn yyyyyn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/days/staff/take-back", 404, "nn yyyyyn nnnnn nnnnn nn nn"),
    ("GET", "/programmes/{programme}/days/staff/plan", 404, "nn ynnnnn nnnnn nnnnn nn nn"),
    ("POST", "/programmes/{programme}/days/staff/plan", 404, "nn ynnnnn nnnnn nnnnn nn nn"),
    // Skills; a form without answers says that somebody can do nothing, and that a place needs nothing
    ("GET", "/programmes/{programme}/skills", 200, "nn nnnnnn ynnnn ynnnn nn nn"),
    ("POST", "/programmes/{programme}/skills", 303, "nn nnnnnn ynnnn ynnnn nn nn"),
    ("GET", "/programmes/{programme}/places/{place}/skills", 200, "nn ynynnn nyyyy nnnnn nn nn"),
    ("POST", "/programmes/{programme}/places/{place}/skills", 303, "nn ynynnn nyyyy nnnnn nn nn"),
    ("GET", "/programmes/{programme}/match", 200, "nn ynynnn nnnnn nnnnn nn nn"),
    // Machines
    ("GET", "/assets/{*file}", 404, "yy yyyyyy yyyyy yyyyy yy yy"), // there is no such file
    ("GET", "/healthz", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/readyz", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
    ("GET", "/metrics", 200, "yy yyyyyy yyyyy yyyyy yy yy"),
];

pub fn cells(table: &str) -> Vec<char> {
    let cells: Vec<char> = table.chars().filter(|c| *c != ' ').collect();
    assert_eq!(cells.len(), PEOPLE.len(), "{table}: a letter for each person");
    cells
}

#[test]
fn every_route_stands_in_a_table() {
    let listed: BTreeSet<(String, &str)> = ROUTES.iter().map(|(m, p, ..)| ((*m).to_string(), *p)).collect();
    let listed: BTreeSet<_> = listed.into_iter().chain(ENTRY_ROUTES.iter().map(|(m, p, _)| ((*m).to_string(), *p))).collect();
    let there: BTreeSet<(String, &str)> = app::route_list().iter().map(|r| (r.method.to_string(), r.path)).collect();
    let missing: Vec<_> = there.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&there).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "Say in ROUTES (or ENTRY_ROUTES, where the path names an entry) of {} who gets to: {missing:?}. Take away: {gone:?}",
        file!()
    );
}

/// One of the people, with a browser in which they are signed in.
pub struct Somebody {
    pub name: &'static str,
    pub visitor: Visitor,
    token: String,
}

pub async fn everybody(site: &TestSite) -> Vec<Somebody> {
    let mut all = Vec::new();
    for name in PEOPLE {
        let mut visitor = site.visitor();
        if !name.is_empty() {
            visitor.sign_in_as(name).await;
        }
        let token = visitor.token().await;
        all.push(Somebody { name, visitor, token });
    }
    all
}

impl Somebody {
    pub async fn ask(&mut self, method: &str, path: &str, token: bool) -> Reply {
        match method {
            "GET" => self.visitor.get(path).await,
            _ if token => self.visitor.post_raw(path, &format!("form_token={}&kind=note", self.token)).await,
            _ => self.visitor.post_raw(path, "form_token=0000&kind=note").await,
        }
    }
}

/// Says what is wrong with an answer, where it is not what the letter asks for.
pub fn differs(cell: char, ok: u16, reply: &Reply) -> Option<String> {
    let to_sign_in = || reply.location().starts_with("/sign-in?next=");
    let right = match cell {
        'y' => reply.status == ok && !(ok == 303 && to_sign_in()),
        'n' => reply.status == 403 || reply.status == 303 && to_sign_in(),
        'x' => reply.status == 404,
        other => panic!("no such letter: {other}"),
    };
    (!right).then(|| format!("{cell} was expected, and it was answered {} {}", reply.status, reply.location()))
}

both! {
    async fn every_route_lets_in_who_it_should(site: TestSite) {
        let mut wrong = Vec::new();
        let partner = site.person("Partner organisation's representative, Riverside").await.id;
        // A role that nobody of the table holds any more, though nobody ended it before its time.
        let ended = site.appointment("Project lead before, Riverside").await;
        let mut people = everybody(&site).await;
        let writes = site.person("Partner organisation's representative, Lantern Hill").await.id;
        let application = crate::made::put_submitted(&site, writes).await;
        crate::assessing::give(&site, application, "Assessor 1").await;
        let award = crate::awards::put_offered(&site).await;
        let (excerpt, theme) = crate::learning::put_marked(&site).await;
        let round = crate::reflecting::put_revealed(&site).await;
        let not_theirs = "ses_00000000000070008000000000000000";
        // Signing out comes last: it ends what the rest needs.
        let mut routes: Vec<_> = ROUTES.iter().collect();
        routes.sort_by_key(|(_, path, ..)| *path == "/sign-out");
        for (method, path, ok, table) in routes {
            let address = path
                .replace("/programmes/{programme}", site::PRACTICE)
                .replace("{place}", "riverside")
                .replace("{person}", &partner.to_string())
                .replace("{appointment}", &ended.id.to_string())
                .replace("{session}", not_theirs)
                .replace("{call}", "autumn")
                .replace("{application}", &application.to_string())
                .replace("{remark}", "rmk_00000000000070008000000000000000")
                .replace("{receipt}", "reo_00000000000070008000000000000000")
                .replace("{assessor}", "asr_00000000000070008000000000000000")
                .replace("{conflict}", "cfl_00000000000070008000000000000000")
                .replace("{section}", "story")
                .replace("{file}", &crate::made::letter_hash())
                .replace("{form}", "application")
                .replace("{grant}", "360G-nobody-1")
                .replace("{ticket}", "0123456789abcdef")
                .replace("{award}", &award.to_string())
                .replace("{excerpt}", &excerpt.to_string())
                .replace("{theme}", &theme.to_string())
                .replace("{round}", &round)
                .replace("{feed}", "0123456789abcdef.ics")
                .replace("{reached}", "rch_00000000000070008000000000000000")
                .replace("{statement}", "purpose.lasting-partnerships")
                .replace("{proposal}", "prp_00000000000070008000000000000000")
                .replace("{agreement}", "agr_00000000000070008000000000000000")
                .replace("{movement}", "mov_00000000000070008000000000000000")
                .replace("{output}", "out_00000000000070008000000000000000")
                .replace("{quotation}", "quo_00000000000070008000000000000000")
                .replace("{slug}", "nothing-there")
                .replace("{number}", "1")
                .replace("{*file}", "nothing.css");
            let before = site.written().await;
            for (somebody, cell) in people.iter_mut().zip(cells(table)).filter(|_| *method == "POST") {
                let forged = somebody.ask(method, &address, false).await;
                if forged.status != 403 && !(cell == 'n' && forged.status == 303) && !(cell == 'x' && forged.status == 404) {
                    wrong.push(format!("POST {path} by {:?} with a forged token: {}", somebody.name, forged.status));
                }
            }
            if site.written().await != before {
                wrong.push(format!("POST {path} with forged tokens wrote something"));
            }
            let mut looked_over = BTreeSet::new();
            // Whom it lets do something comes last, so that nobody before them may have written.
            let mut asking: Vec<_> = people.iter_mut().zip(cells(table)).collect();
            asking.sort_by_key(|(_, cell)| *cell == 'y');
            for (somebody, cell) in asking {
                if cell == 'y' && *ok == 303 && looked_over.insert('w') && site.written().await != before {
                    wrong.push(format!("{method} {path} wrote something for somebody whom it refused"));
                }
                let reply = somebody.ask(method, &address, true).await;
                if let Some(said) = differs(cell, *ok, &reply) {
                    wrong.push(format!("{method} {path} by {:?}: {said}", somebody.name));
                }
                if reply.is_page() && (cell == 'y' || looked_over.insert(cell)) {
                    reply.page(&address);
                }
            }
            if *ok != 303 && site.written().await != before {
                wrong.push(format!("{method} {path} wrote something"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        site.journal_is_whole().await;
    }
}

#[test]
fn only_pages_and_actions_are_routes() {
    assert!(app::route_list().iter().all(|r| r.method == Method::GET || r.method == Method::POST));
}
