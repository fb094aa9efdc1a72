//! What belongs to support and oversight as the tests of moving put it in: one row of each kind.

use sea_orm::EntityTrait;
use store::Write;
use tables::{
    AgreementId, AppointmentId, ConsentId, EntryId, EvidenceId, MarkId, MarkLinkId, MarkThemeId, MarkerReadingId, MatterId,
    OutputId, PlanLineId, ProposalId, PublicationId, PublishedQuotationId, QuotationId, ReachedId, ReflectionId,
    ReflectionLinkId, ReflectionRoundId, ReviewAnswerId, SkillId, StatementMoveId, StepId, ThemeChangeId, ThemeId, agreement,
    appointment, consent, entry, evidence, form, mark, mark_link, mark_theme, marker_reading, matter, output, plan_line,
    proposal, publication, published_quotation, quotation, reached, reflection, reflection_link, reflection_round, review_answer,
    skill, statement_move, step, theme, theme_change,
};

use crate::house::{Setting, new_id, today};

/// A matter with a step, an agreement that is signed, a proposal, and what is looked at again and again.
pub async fn support_one(write: &mut Write, setting: &Setting) {
    let (programme_id, at, person_id, place_id) = (setting.id, write.at(), setting.author, setting.places[0]);
    let entry_id: EntryId = entry::Entity::find().one(write.tx()).await.unwrap().unwrap().id;
    let appointment_id: AppointmentId = appointment::Entity::find().one(write.tx()).await.unwrap().unwrap().id;
    let opened = matter::Model {
        id: MatterId(new_id()),
        programme_id,
        place_id: Some(place_id),
        entry_id,
        kind: "challenge".into(),
        state: "answered".into(),
        open: true,
        to_person: Some(person_id),
        due_on: Some(today()),
        opened_on: today(),
        moved_at: at,
        about: String::new(),
    };
    let matter_id = write.insert(opened).await.unwrap().id;
    let taken = step::Model { id: StepId(new_id()), programme_id, matter_id, entry_id, step: "answered".into(), at };
    write.insert(taken).await.unwrap();
    let agreed = agreement::Model {
        id: AgreementId(new_id()),
        programme_id,
        place_id,
        entry_id,
        number: 1,
        phase: "first – ŵ".into(),
        from_day: today(),
        flows: "[]".into(),
        hash: "abc".into(),
        made_by: person_id,
        made_at: at,
        in_force_at: Some(at),
        void_at: None,
    };
    let agreement_id = Some(write.insert(agreed).await.unwrap().id);
    let proposed = proposal::Model {
        id: ProposalId(new_id()),
        programme_id,
        place_id: Some(place_id),
        source_id: entry_id,
        source_revision: 1,
        circle_id: setting.circles[1],
        title: "To share – ŵ".into(),
        text: "Words".into(),
        needs: "lead".into(),
        appointment_id,
        person_id,
        proposed_at: at,
        state: "waiting".into(),
        extract_id: None,
        answer: String::new(),
        ended_at: None,
    };
    let proposal_id = Some(write.insert(proposed).await.unwrap().id);
    for (agreement_id, proposal_id) in [(agreement_id, None), (None, proposal_id)] {
        let given = consent::Model {
            id: ConsentId(new_id()),
            programme_id,
            agreement_id,
            proposal_id,
            side: "place".into(),
            person_id,
            role: "lead".into(),
            hash: "abc".into(),
            given_at: at,
            answer: String::new(),
            why: String::new(),
            replaced_at: None,
            entry_id: None,
        };
        write.insert(given).await.unwrap();
    }
    let line = plan_line::Model {
        id: PlanLineId(new_id()),
        programme_id,
        entry_id,
        revision: 1,
        part: "aims".into(),
        key: "a1".into(),
        position: 1,
        text: "An aim – ŵ".into(),
        by_day: Some(today()),
        amount: Some(5_000),
    };
    write.insert(line).await.unwrap();
    let read = marker_reading::Model {
        id: MarkerReadingId(new_id()),
        programme_id,
        place_id,
        marker: "strength".into(),
        round: today(),
        role: "lead".into(),
        person_id,
        value: 3,
        why: "We meet".into(),
        read_at: at,
    };
    write.insert(read).await.unwrap();
    let tipped = reached::Model {
        id: ReachedId(new_id()),
        programme_id,
        place_id,
        point: "silence".into(),
        cause: "a round".into(),
        reached_on: today(),
        told_at: at,
        entry_id: Some(entry_id),
    };
    write.insert(tipped).await.unwrap();
    let moved = statement_move::Model {
        id: StatementMoveId(new_id()),
        programme_id,
        statement: "hypotheses.trust".into(),
        status: "supported".into(),
        why: "Seen twice".into(),
        next_look: Some(today()),
        person_id,
        appointment_id,
        at,
    };
    write.insert(moved).await.unwrap();
    let speaks = evidence::Model {
        id: EvidenceId(new_id()),
        programme_id,
        statement: "hypotheses.trust".into(),
        entry_id,
        side: "for".into(),
        note: String::new(),
        person_id,
        at,
    };
    write.insert(speaks).await.unwrap();
    let answered = review_answer::Model {
        id: ReviewAnswerId(new_id()),
        programme_id,
        review: "2027".into(),
        consideration: "time".into(),
        verdict: "partly".into(),
        note: "Soon".into(),
        person_id,
        at,
        replaced_at: None,
    };
    write.insert(answered).await.unwrap();
    let can = skill::Model {
        id: SkillId(new_id()),
        programme_id,
        person_id: Some(person_id),
        place_id: None,
        what: "has".into(),
        key: "facilitation".into(),
        weight: 2,
        noted_by: person_id,
        at,
    };
    write.insert(can).await.unwrap();
    excerpt_one(write, setting, entry_id, appointment_id).await;
    reflection_one(write, setting, entry_id).await;
}

/// A round of reflection with what one person answered, and an entry that came out of it.
async fn reflection_one(write: &mut Write, setting: &Setting, entry_id: EntryId) {
    let (programme_id, person_id, at) = (setting.id, setting.author, write.at());
    let form_id = form::Entity::find().one(write.tx()).await.unwrap().unwrap().id;
    let round_id = ReflectionRoundId(new_id());
    let round = reflection_round::Model {
        id: round_id,
        programme_id,
        place_id: Some(setting.places[0]),
        framework: "together".into(),
        number: 1,
        form_id,
        opened_by: person_id,
        opened_at: at,
        revealed_by: Some(person_id),
        revealed_at: Some(at),
        shown: "rfl_1".into(),
        ended_at: None,
    };
    write.insert(round).await.unwrap();
    let (id, given) = (ReflectionId(new_id()), "{\"answers\":{\"unsaid\":{\"text\":\"We hide it – ŵ\"}}}".to_string());
    let alone = reflection::Model { id, programme_id, round_id, person_id, given, revision: 3, done_at: Some(at) };
    write.insert(alone).await.unwrap();
    let id = ReflectionLinkId(new_id());
    write.insert(reflection_link::Model { id, programme_id, round_id, entry_id, at }).await.unwrap();
}

/// Two themes, of which the older stands under the newer, and an excerpt.
async fn excerpt_one(write: &mut Write, setting: &Setting, entry_id: EntryId, appointment_id: AppointmentId) {
    let (programme_id, person_id) = (setting.id, setting.author);
    let at = write.at();
    let (narrow, wide) = (ThemeId(new_id()), ThemeId(new_id()));
    for (id, parent_id, name) in [(narrow, Some(wide), "Trust between two"), (wide, None, "Trust")] {
        let theme = theme::Model {
            id,
            programme_id,
            parent_id,
            name: name.into(),
            about: "Who relies on whom".into(),
            made_at: at,
            merged_into: None,
            ended_at: None,
        };
        write.insert(theme).await.unwrap();
    }
    let change = theme_change::Model {
        id: ThemeChangeId(new_id()),
        programme_id,
        theme_id: narrow,
        what: "moved".into(),
        was: String::new(),
        now: "Trust".into(),
        why: "It is a part of it".into(),
        person_id,
        at,
    };
    write.insert(change).await.unwrap();
    let mark = mark::Model {
        id: MarkId(new_id()),
        programme_id,
        entry_id: Some(entry_id),
        revision: 1,
        circle_id: Some(setting.circles[0]),
        from_letter: 0,
        to_letter: 4,
        note: "Said twice".into(),
        person_id,
        appointment_id,
        made_at: at,
        shown_at: Some(at),
        removed_at: None,
        application_id: None,
        question: None,
    };
    let mark_id = mark.id;
    write.insert(mark).await.unwrap();
    let (id, theme_id) = (MarkThemeId(new_id()), narrow);
    write.insert(mark_theme::Model { id, programme_id, mark_id, theme_id, person_id, at, ended_at: None }).await.unwrap();
    let (id, to_entry) = (MarkLinkId(new_id()), entry_id);
    write.insert(mark_link::Model { id, programme_id, mark_id, to_entry, person_id, at, ended_at: None }).await.unwrap();
    let output = output::Model {
        id: OutputId(new_id()),
        programme_id,
        entry_id,
        state: "published".into(),
        owner_id: person_id,
        due_on: Some(at.day()),
        audience: "Other funders".into(),
        booked: 6,
        summary: "What waiting teaches".into(),
        by_line: "The learning team".into(),
        topics: "Waiting\nTrust".into(),
        about: String::new(),
        moved_at: at,
        slug: Some("what-waiting-teaches".into()),
    };
    write.insert(output).await.unwrap();
    let quoted = quotation::Model {
        id: QuotationId(new_id()),
        programme_id,
        entry_id,
        mark_id,
        place_id: None,
        number: 1,
        words: "We wait".into(),
        attribution: "A parent".into(),
        person_id,
        for_another: true,
        made_by: person_id,
        made_at: at,
        removed_at: None,
        taken_back_at: None,
    };
    let quotation_id = quoted.id;
    write.insert(quoted).await.unwrap();
    let published = publication::Model {
        id: PublicationId(new_id()),
        programme_id,
        entry_id,
        slug: "what-waiting-teaches".into(),
        number: 1,
        latest: true,
        kind: "insight".into(),
        title: "What waiting teaches".into(),
        summary: "That nobody is asked".into(),
        text: "First.\n\n[quotation 1]".into(),
        by_line: "The learning team".into(),
        topics: "Trust".into(),
        places: String::new(),
        place_ids: String::new(),
        folded: "what waiting teaches".into(),
        hash: "abc".into(),
        published_on: at.day(),
        published_at: at,
        published_by: person_id,
        withdrawn_at: None,
        withdrawn_why: String::new(),
    };
    let publication_id = published.id;
    write.insert(published).await.unwrap();
    let row = published_quotation::Model {
        id: PublishedQuotationId(new_id()),
        programme_id,
        publication_id,
        quotation_id,
        number: 1,
        words: "We wait".into(),
        attribution: "A parent".into(),
        hash: "def".into(),
    };
    write.insert(row).await.unwrap();
}
