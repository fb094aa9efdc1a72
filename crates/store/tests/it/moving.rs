//! Moving from one engine to the other and back loses nothing, and either happens whole or not at all.

use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};
use store::Write;
use store::journal::verify;
use store::move_all;
use store::search::{Reach, fold, search};
use tables::{
    EntryId, account, agreement, answer, applicant, application, appointment, approval, assent, assessor, attempt, award, blob,
    budget_cell, calendar_feed, call, circle, conflict, consent, decision, design_version, entry, entry_revision, evidence,
    feedback, file, follow, form, gathering, grant_segment, grant_words, handled_form, instalment, journal, journal_head, mail,
    mail_choice, mark, mark_link, mark_theme, marker_reading, matter, member, mention, movement, organisation, origin, output,
    partner, payment_file, peer_profile, person, photograph, place, plan_line, portfolio, posting, programme, proposal,
    publication, published_grant, published_quotation, quotation, reached, reading, reflection, reflection_link,
    reflection_round, remark, reopening, review_answer, score, session, sheet, sign_up, signature, skill, spend_layout,
    statement_move, step, theme, theme_change, ticket, topic, variation,
};

use crate::house::{House, NOON, Setting, TABLES, new_id, today};
use crate::moving_events::event_one;
use crate::moving_money::{account_for, award_one};
use crate::moving_peers::peer_one;
use crate::moving_support::support_one;

on_both!(
    everything_arrives_and_comes_back,
    a_database_that_is_not_empty_is_left_alone,
    a_move_that_fails_half_way_leaves_nothing,
    what_does_not_arrive_as_it_was_sent_is_noticed,
    an_extract_arrives_with_its_source_however_the_clocks_stood,
);

/// Something in every table, and more entries than go at once.
async fn furnish(house: &House) -> Setting {
    let setting = house.programme("small").await;
    let entries: Vec<entry::Model> = (0..603)
        .map(|n| entry::Model {
            place_id: (n % 5 > 0).then(|| setting.places[n % 2]),
            circle_id: setting.circles[n % 3],
            ..setting.entry(&format!("Entry {n} – ŵ'\"\\"), &format!("word{} on £5\n\n* {n}", n % 7))
        })
        .collect();
    let mut write = house.write_as(setting.author, "fill").await;
    write.insert_all(entries.clone()).await.unwrap();
    write.index(&entries).await.unwrap();
    let (at, programme_id) = (write.at(), setting.id);
    let version = design_version::Model {
        id: tables::DesignVersionId(new_id()),
        programme_id,
        number: 1,
        digest: "d".into(),
        document: "{\"design\": \"one\"}".into(),
        adopted_at: at,
        adopted_by: Some(setting.author),
    };
    write.insert(version).await.unwrap();
    let seat = organisation::Model {
        id: tables::OrganisationId(new_id()),
        key: "org".into(),
        name: "Org".into(),
        sector: "nhs".into(),
        identifier: "GB-NHS-ŵ".into(),
        practice: false,
        created_at: at,
    };
    let seat = write.insert(seat).await.unwrap();
    let partner = partner::Model {
        id: tables::PartnerId(new_id()),
        programme_id,
        place_id: setting.places[0],
        organisation_id: seat.id,
        lead: true,
        from_day: Some(today()),
        to_day: None,
        created_at: at,
    };
    write.insert(partner).await.unwrap();
    let session = session::Model {
        id: tables::SessionId(new_id()),
        token_hash: "t".into(),
        person_id: setting.author,
        device: "A browser".into(),
        created_at: at,
        seen_at: at,
        before_at: None,
        expires_at: at.plus_seconds(9),
        ended_at: None,
    };
    write.insert(session).await.unwrap();
    let ticket = ticket::Model {
        id: tables::TicketId(new_id()),
        token_hash: "u".into(),
        person_id: setting.author,
        purpose: "sign-in".into(),
        created_at: at,
        expires_at: at,
        used_at: Some(at),
    };
    write.insert(ticket).await.unwrap();
    let earlier = entry_revision::Model {
        id: tables::RevisionId(new_id()),
        programme_id,
        entry_id: entries[0].id,
        revision: 1,
        title: "Before".into(),
        text: "Before".into(),
        happened_on: today(),
        circle_id: setting.circles[0],
        author_id: setting.author,
        written_at: at,
        reason: "It was wrong".into(),
    };
    write.insert(earlier).await.unwrap();
    apply(&mut write, &setting).await;
    publish(&mut write).await;
    let tried = attempt::ActiveModel { subject: sea_orm::Set("s".into()), count: sea_orm::Set(3), until: sea_orm::Set(at) };
    attempt::Entity::insert(tried).exec_without_returning(write.unrecorded()).await.unwrap();
    write.mail("ada@people.example", "News".into(), "Text".into()).await.unwrap();
    write.handled("somebody/once", "/there").await.unwrap();
    write.save().await.unwrap();
    setting
}

/// A portfolio of grants that somebody else published.
async fn publish(write: &mut Write) {
    let (at, id) = (write.at(), tables::PortfolioId(new_id()));
    let portfolio = portfolio::Model {
        id,
        name: "grants".into(),
        state: "current".into(),
        file: "grants.json".into(),
        hash: "h".into(),
        publisher: "A funder".into(),
        title: Some("Grants – ŵ".into()),
        licence: None,
        address: Some("https://funder.example/grants.json".into()),
        grants: 601,
        begun_at: at,
        seen_at: at,
        imported_at: Some(at),
    };
    write.insert(portfolio).await.unwrap();
    let segment = grant_segment::Model { number: 1, portfolio_id: id, grants: 601, columns: (0..=255).collect() };
    grant_segment::Entity::insert(segment.into_active_model().reset_all())
        .exec_without_returning(write.unrecorded())
        .await
        .unwrap();
    let words = grant_words::Model { bucket: 7, segment: 1, words: vec![0, 1, 255] };
    grant_words::Entity::insert(words.into_active_model().reset_all()).exec_without_returning(write.unrecorded()).await.unwrap();
    let grants = (0..601).map(|n| published_grant::Model {
        number: 65_536 + n,
        portfolio_id: id,
        grant_id: format!("360G-a-{n}"),
        title: "Beds".into(),
        funder_id: "GB-CHC-1".into(),
        funder: "A funder".into(),
        recipient_id: None,
        recipient: "Somebody".into(),
        programme: None,
        area: Some("Leeds".into()),
        amount: n,
        currency: "GBP".into(),
        awarded_on: today(),
        place: format!("row {n}"),
        document: "{}".into(),
    });
    let grants = grants.map(|g| g.into_active_model().reset_all());
    published_grant::Entity::insert_many(grants).exec_without_returning(write.unrecorded()).await.unwrap();
}

/// A call with an application to it.
async fn apply(write: &mut Write, setting: &Setting) {
    let (programme_id, at) = (setting.id, write.at());
    let form_id = tables::FormId(new_id());
    let form = form::Model {
        id: form_id,
        programme_id,
        key: "application".into(),
        version: 1,
        document: "{}".into(),
        digest: "d".into(),
        created_at: at,
        made_by: None,
        reason: Some("Shorter".into()),
    };
    write.insert(form).await.unwrap();
    let sheet_id = tables::SheetId(new_id());
    let sheet =
        sheet::Model { id: sheet_id, programme_id, form_id, revision: 1, created_at: at, changed_at: at, closed_at: Some(at) };
    write.insert(sheet).await.unwrap();
    let answer = answer::Model {
        id: tables::AnswerId(new_id()),
        programme_id,
        sheet_id,
        path: "partners.r3.name".into(),
        value: Some(r#"{"text":"Oak Lane"}"#.into()),
        version: 2,
        changed_by: setting.author,
        changed_at: at,
        source: Some("your profile".into()),
    };
    write.insert(answer).await.unwrap();
    for n in 0..9_u8 {
        let content: Vec<u8> = (0..=255).cycle().skip(usize::from(n)).take(3000).collect();
        let hash = store::sha256(&content);
        let size = i64::try_from(content.len()).unwrap();
        let kept = blob::ActiveModel { hash: sea_orm::Set(hash.clone()), content: sea_orm::Set(content) };
        blob::Entity::insert(kept).exec_without_returning(write.unrecorded()).await.unwrap();
        let file = file::Model {
            id: tables::FileId(new_id()),
            programme_id,
            sheet_id,
            path: "letter".into(),
            name: format!("Letter {n} – ŵ.pdf"),
            media_type: "application/pdf".into(),
            size,
            hash,
            added_by: setting.author,
            added_at: at,
            scanned_at: (n > 0).then_some(at),
        };
        let hash = file.hash.clone();
        let entry_id = entry::Entity::find().one(write.tx()).await.unwrap().unwrap().id;
        write.insert(file).await.unwrap();
        let photograph = photograph::Model {
            id: tables::PhotographId(new_id()),
            programme_id,
            entry_id,
            about: format!("A bench – {n}"),
            hash,
            width: 1_600,
            height: 900,
            size,
            added_by: setting.author,
            added_at: at,
            scanned_at: None,
            removed_at: (n > 0).then_some(at),
        };
        write.insert(photograph).await.unwrap();
    }
    let call_id = tables::CallId(new_id());
    let call = call::Model {
        id: call_id,
        programme_id,
        stage: "open".into(),
        slug: "open".into(),
        name: "Open".into(),
        about: "For all.".into(),
        form_id,
        opens_at: at,
        closes_at: at.plus_seconds(60),
        decides_on: Some(today()),
        applications: 1,
        revision: 1,
        created_at: at,
        terms: Some("{}".into()),
        after_id: None,
        tells_at: None,
        after_outcomes: Some("chosen".into()),
        released_at: Some(at),
    };
    write.insert(call).await.unwrap();
    let application_id = tables::ApplicationId(new_id());
    let application = application::Model {
        id: application_id,
        programme_id,
        call_id,
        number: 1,
        name: "Allies".into(),
        folded: "allies".into(),
        sheet_id,
        state: "submitted".into(),
        created_at: at,
        submitted_at: Some(at),
        submitted_by: Some(setting.author),
        submitted_revision: Some(1),
        receipt: Some("{}".into()),
        receipt_hash: Some("h".into()),
        earlier_id: None,
        place_id: Some(setting.places[0]),
    };
    write.insert(application).await.unwrap();
    let applicant_id = tables::ApplicantId(new_id());
    let applicant = applicant::Model {
        id: applicant_id,
        programme_id,
        application_id,
        name: "Oak Lane".into(),
        sector: "voluntary".into(),
        lead: true,
        signed_revision: Some(1),
        signed_by: Some(setting.author),
        signed_at: Some(at),
        created_at: at,
        left_at: None,
    };
    write.insert(applicant).await.unwrap();
    let member = member::Model {
        id: tables::MemberId(new_id()),
        programme_id,
        application_id,
        applicant_id,
        person_id: setting.author,
        sections: Some("story".into()),
        created_at: at,
        ended_at: None,
    };
    write.insert(member).await.unwrap();
    let remark = remark::Model {
        id: tables::RemarkId(new_id()),
        programme_id,
        application_id,
        applicant_id,
        audience: "team".into(),
        section: Some("story".into()),
        text: "Between us: **ŵ**.".into(),
        person_id: setting.author,
        created_at: at,
        taken_back_at: None,
    };
    write.insert(remark).await.unwrap();
    let reopening = reopening::Model {
        id: tables::ReopeningId(new_id()),
        programme_id,
        application_id,
        sections: "story means".into(),
        reasons: "The price has changed.".into(),
        until: at.plus_seconds(600),
        opened_by: setting.author,
        opened_at: at,
        ended_at: Some(at),
        receipt: Some("{\"before\":1}".into()),
        receipt_hash: Some("b".into()),
    };
    write.insert(reopening).await.unwrap();
    choose(write, setting, call_id, application_id).await;
}

/// What was made of the application.
async fn choose(write: &mut Write, setting: &Setting, call_id: tables::CallId, application_id: tables::ApplicationId) {
    let (programme_id, at, person_id) = (setting.id, write.at(), setting.author);
    let assessor = assessor::Model {
        id: tables::AssessorId(new_id()),
        programme_id,
        call_id,
        person_id,
        sector: "nhs".into(),
        lived_experience: true,
        most: Some(9),
        created_at: at,
        left_at: None,
    };
    write.insert(assessor).await.unwrap();
    let conflict = conflict::Model {
        id: tables::ConflictId(new_id()),
        programme_id,
        application_id,
        person_id,
        why: "Worked there".into(),
        declared_at: at,
        ended_at: Some(at),
    };
    write.insert(conflict).await.unwrap();
    let reading_id = tables::ReadingId(new_id());
    let reading = reading::Model {
        id: reading_id,
        programme_id,
        call_id,
        application_id,
        person_id,
        remark: "Strong".into(),
        given_at: at,
        submitted_at: Some(at),
        ended_at: None,
        ended_why: None,
        given_why: Some("Knows the place".into()),
    };
    write.insert(reading).await.unwrap();
    let score = score::Model {
        id: tables::ScoreId(new_id()),
        programme_id,
        reading_id,
        criterion: "equal".into(),
        points: Some(3),
        why: "There is a case".into(),
        given_at: at,
        replaced_at: None,
    };
    write.insert(score).await.unwrap();
    let decision_id = tables::DecisionId(new_id());
    let decision = decision::Model {
        id: decision_id,
        programme_id,
        call_id,
        application_id,
        outcome: "chosen".into(),
        reasons: "Equal".into(),
        conditions: String::new(),
        feedback: "Well done".into(),
        present: "All".into(),
        stood_aside: String::new(),
        proposed_by: person_id,
        proposed_at: at,
        counts_at: Some(at),
        replaced_at: None,
    };
    write.insert(decision).await.unwrap();
    let assent = assent::Model {
        id: tables::AssentId(new_id()),
        programme_id,
        decision_id,
        sponsor: "funder".into(),
        person_id,
        given_at: at,
    };
    write.insert(assent).await.unwrap();
    award_one(write, setting).await;
    Box::pin(account_for(write, setting)).await;
    Box::pin(support_one(write, setting)).await;
    Box::pin(event_one(write, setting)).await;
    Box::pin(peer_one(write, setting)).await;
}

/// Every row of every table, in an order of its own; what the index holds is looked at by searching.
async fn contents(house: &House) -> Vec<String> {
    let mut all = Vec::new();
    macro_rules! read {
        ($($table:ident),+) => {$(
            for row in house.all::<$table::Entity>().await {
                all.push(format!("{} {row:?}", stringify!($table)));
            }
        )+};
    }
    read!(programme, design_version, circle, organisation, place, partner, person, appointment, session, ticket);
    read!(reflection_round, reflection, reflection_link);
    read!(form, sheet, answer, blob, file, photograph, call, application, applicant, member, remark, reopening);
    read!(assessor, conflict, reading, score, decision, assent);
    read!(award, signature, instalment, payment_file, approval, variation, budget_cell, spend_layout);
    read!(account, movement, posting);
    read!(matter, step, agreement, proposal, consent);
    read!(plan_line, marker_reading, reached, statement_move, evidence, review_answer, skill);
    read!(theme, theme_change, mark, mark_theme, mark_link);
    read!(output, quotation, publication, published_quotation);
    read!(gathering, sign_up, feedback, origin, calendar_feed);
    read!(peer_profile, topic, mention, follow, mail_choice);
    read!(portfolio, grant_segment, grant_words, published_grant);
    read!(entry, entry_revision, journal, journal_head, mail, handled_form, attempt);
    all.sort();
    all
}

async fn found(house: &House, setting: &Setting) -> Vec<EntryId> {
    let reach = [Reach { place: Some(setting.places[0]), circles: vec![setting.circles[1]] }];
    let mut hits: Vec<EntryId> =
        search(&house.db, &fold("word3"), &reach, None, 1_000).await.unwrap().into_iter().map(|h| h.entry).collect();
    hits.sort();
    hits
}

async fn everything_arrives_and_comes_back(first: House) {
    let setting = furnish(&first).await;
    let (second, third) = (first.opposite().await, first.opposite().await.opposite().await);
    let before = contents(&first).await;
    let mut told = Vec::new();
    let moved = move_all(&first.db, &second.db, &mut |m| told.push(m.clone())).await.unwrap();
    assert_eq!(told, moved);
    for m in &moved {
        assert_eq!(i64::try_from(m.rows).unwrap(), first.count(&m.table).await, "{}", m.table);
        assert!(m.rows > 0, "{} had nothing to move", m.table);
    }
    assert_eq!(moved.len(), TABLES.len() - 2, "all but the index, made anew, and the note of migrations");
    move_all(&second.db, &third.db, &mut |_| {}).await.unwrap();
    for house in [&first, &second, &third] {
        assert!(contents(house).await == before, "a row is not what it was");
        assert_eq!(verify(&house.db).await.unwrap().broken, Vec::<String>::new());
        assert!(!found(house, &setting).await.is_empty());
        assert_eq!(found(house, &setting).await, found(&first, &setting).await);
        assert_eq!(house.count("search_documents").await, 603);
    }
    // Life goes on there: what is written next is found first, and the journal goes on.
    let next = second.record(setting.entry("Next", "word3")).await;
    let reach = [Reach { place: None, circles: setting.circles.to_vec() }];
    assert_eq!(search(&second.db, &fold("word3"), &reach, None, 1).await.unwrap()[0].entry, next);
    assert_eq!(verify(&second.db).await.unwrap().broken, Vec::<String>::new());
}

async fn a_database_that_is_not_empty_is_left_alone(from: House) {
    from.programme("small").await;
    let to = from.opposite().await;
    to.programme("another").await;
    let before = contents(&to).await;
    let fault = move_all(&from.db, &to.db, &mut |_| {}).await.unwrap_err();
    assert!(fault.cause.contains("not empty"), "{fault}");
    assert_eq!(contents(&to).await, before);
    let fault = move_all(&from.db, &from.db, &mut |_| {}).await.unwrap_err();
    assert!(fault.cause.contains("not empty"), "{fault}");
}

/// Has the database do something of its own when a row arrives in a table.
async fn spoil(to: &House, table: &str, when_sqlite: &str, in_sqlite: &str, in_postgres: &str) {
    let raw = to.intruder().await;
    let statements = if to.db.is_sqlite() {
        vec![format!("CREATE TRIGGER spoil {when_sqlite} INSERT ON {table} BEGIN {in_sqlite}; END")]
    } else {
        vec![
            format!("CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN {in_postgres}; RETURN NEW; END'"),
            format!("CREATE TRIGGER spoil BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION spoil()"),
        ]
    };
    for statement in statements {
        raw.execute_unprepared(&statement).await.unwrap();
    }
}

async fn a_move_that_fails_half_way_leaves_nothing(from: House) {
    furnish(&from).await;
    let to = from.opposite().await;
    spoil(&to, "mails", "BEFORE", "SELECT RAISE(ABORT, 'the disk is full')", "RAISE EXCEPTION ''the disk is full''").await;
    let before = contents(&from).await;
    let fault = move_all(&from.db, &to.db, &mut |_| {}).await.unwrap_err();
    assert!(fault.doing == "mail" && fault.cause.contains("the disk is full"), "{fault}");
    assert_eq!(to.rows().await, 0);
    assert_eq!(contents(&from).await, before);
}

async fn what_does_not_arrive_as_it_was_sent_is_noticed(from: House) {
    furnish(&from).await;
    let to = from.opposite().await;
    spoil(&to, "people", "AFTER", "UPDATE people SET name = 'Another'", "NEW.name = ''Another''").await;
    let fault = move_all(&from.db, &to.db, &mut |_| {}).await.unwrap_err();
    assert!(fault.doing == "person" && fault.cause.contains("did not arrive as it was sent"), "{fault}");
    assert_eq!(to.rows().await, 0);
}

/// Two servers' clocks differ a little, so an extract may bear an earlier moment than what it was taken from.
async fn an_extract_arrives_with_its_source_however_the_clocks_stood(from: House) {
    let setting = from.programme("small").await;
    let mut entries: Vec<entry::Model> = (0..700).map(|n| setting.entry(&format!("Entry {n}"), "heron")).collect();
    let mut previous: Option<EntryId> = None;
    // A chain of extracts, each written a second before its source, spread over all the pages.
    for n in (0..700).rev().step_by(100) {
        entries[n].source_id = previous;
        previous = Some(entries[n].id);
    }
    for (n, entry) in (0..).zip(entries.iter_mut()) {
        entry.written_at = NOON.plus_seconds(n);
    }
    let mut write = from.write("fill").await;
    entries.reverse();
    write.insert_all(entries.clone()).await.unwrap();
    write.index(&entries).await.unwrap();
    write.save().await.unwrap();
    let to = from.opposite().await;
    move_all(&from.db, &to.db, &mut |_| {}).await.unwrap();
    assert_eq!(contents(&to).await, contents(&from).await);
}
