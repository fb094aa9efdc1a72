//! What a place and those who support it agree on: both sides sign, sharing follows it from then on, what needs consent
//! waits for it, and a session has layers as far as they were agreed.

use kernel::Day;
use sea_orm::entity::prelude::*;
use tables::{AgreementId, circle, consent, entry, movement};
use testkit::site::{PRACTICE, today};
use testkit::{TestSite, Visitor, both};

const RIVERSIDE: &str = "/programmes/practice-healthy-communities-together/places/riverside";
const CONSULTANT: &str = "Consultant, Riverside";
const LEAD: &str = "Project lead, Riverside";
const PARTNER: &str = "Partner organisation's representative, Riverside";

const FIRST: &str = "How we work together";
const RENEWED: &str = "How we work while we deliver";
const SUPPORT_SIGNS: &str = "Sign for: Those who support";
const PLACE_SIGNS: &str = "Sign for: The place";
const TO_SIGN: &str = "Sign the agreement with Riverside";
const IN_FORCE: &str = "Signed by both sides. From its first day on, sharing follows it.";
const ASKED: &str = "Agree to what is to be shared with Programme team, or decline";
const AGREE: &str = "Agree to share exactly this";

/// The flows that most of these stories agree on.
const BOTH: &[&str] = &["support-support-team", "support-programme-team"];
const ALL_THREE: [&str; 3] = ["Learning", "Programme team", "Support team"];

pub fn without_query(path: &str) -> String {
    path.split('?').next().unwrap_or_default().to_string()
}

/// The row of a table that holds these words.
pub fn row(visitor: &Visitor, words: &str) -> Option<String> {
    visitor.page().texts("table tbody tr").into_iter().find(|row| row.contains(words))
}

/// Whether a row holds these cells side by side.
pub fn has_row(visitor: &Visitor, cells: &str) -> bool {
    let closed = |text: &str| text.split_whitespace().collect::<String>();
    visitor.page().texts("table tbody tr").iter().any(|row| closed(row).contains(&closed(cells)))
}

/// What waits for somebody in their Today.
pub async fn waits(visitor: &mut Visitor) -> Vec<String> {
    visitor.open("/").await.texts("ul.tasks a")
}

/// Whether somebody's search finds any entry that holds this word.
pub async fn finds(visitor: &mut Visitor, word: &str) -> bool {
    visitor.open(&format!("/search?q={word}")).await.links().iter().any(|link| link.contains("/entries/"))
}

/// The entry with this title that stands in this circle.
async fn in_circle(site: &TestSite, key: &str, title: &str) -> Option<entry::Model> {
    let programme = site.programme(PRACTICE).await.id;
    let circle = circle::Entity::find().filter(circle::COLUMN.programme_id.eq(programme)).filter(circle::COLUMN.key.eq(key));
    let circle = circle.one(site.db().reader()).await.expect("circles").expect("the circle");
    let found = entry::Entity::find().filter(entry::COLUMN.title.eq(title)).filter(entry::COLUMN.circle_id.eq(circle.id));
    found.one(site.db().reader()).await.expect("entries")
}

async fn with_title(site: &TestSite, title: &str) -> u64 {
    entry::Entity::find().filter(entry::COLUMN.title.eq(title)).count(site.db().reader()).await.expect("entries")
}

/// How many have signed the agreement at this address.
async fn signatures(site: &TestSite, agreement: &str) -> u64 {
    let id: AgreementId = agreement.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an agreement");
    let given = consent::Entity::find().filter(consent::COLUMN.agreement_id.eq(id));
    given.count(site.db().reader()).await.expect("signatures")
}

/// Offers an agreement that opens these flows for sessions alone, the one to the programme team with the project lead's
/// consent each time; gives its address.
async fn offer(consultant: &mut Visitor, flows: &[&str], from: Day) -> String {
    consultant.open(&format!("{RIVERSIDE}/agreements/new")).await.must_be(200);
    consultant.choose("For which phase", "Phase 2: delivery").fill("Title", RENEWED).fill("In force from", &from.to_string());
    consultant.choose("From Support to Programme team: who agrees each time?", "Project lead");
    let mut form = consultant.filled_form("Offer it for signature");
    // What holds now stands ticked: of that only this is left.
    form.fields.retain(|(name, kind)| name.strip_prefix("kinds-").is_none_or(|flow| kind == "session" && flows.contains(&flow)));
    let page = consultant.send(&form).await;
    assert_eq!(page.notice(), "Saved. It is in force once both sides have signed.");
    without_query(&page.path)
}

/// A new agreement is offered and signed by both sides: gives the consultant and the project lead, with its address.
async fn renewed(site: &TestSite, flows: &[&str]) -> (Visitor, Visitor, String) {
    let (mut consultant, mut lead) = (site.signed_in_as(CONSULTANT).await, site.signed_in_as(LEAD).await);
    let agreement = offer(&mut consultant, flows, today()).await;
    consultant.press(SUPPORT_SIGNS).await.must_be(200);
    lead.open(&agreement).await.must_be(200);
    assert_eq!(lead.press(PLACE_SIGNS).await.notice(), IN_FORCE);
    (consultant, lead, agreement)
}

/// Turns to the form on which a session is recorded.
async fn session_form(consultant: &mut Visitor, title: &str, text: &str, on: Day) {
    consultant.open(&format!("{RIVERSIDE}/entries/new?kind=session")).await.must_be(200);
    consultant.fill("Title", title).fill("What there is to say", text).fill("When it happened", &on.to_string());
}

/// Records a session, and gives its address.
async fn session(consultant: &mut Visitor, title: &str, text: &str, on: Day) -> String {
    session_form(consultant, title, text, on).await;
    without_query(&consultant.press("Record").await.must_be(200).path)
}

/// The circles with which somebody can share part of an entry.
async fn offered(visitor: &mut Visitor, entry: &str) -> Vec<String> {
    visitor.open(&format!("{entry}/share")).await.must_be(200);
    visitor.choices("Share it with")
}

/// Asks to share this with the programme team; gives the address where the project lead answers.
async fn ask(consultant: &mut Visitor, session: &str, title: &str, text: &str) -> String {
    consultant.open(&format!("{session}/share")).await.must_be(200).must_say("It is shared once they agree: Project lead.");
    consultant.choose("Share it with", "Programme team").fill("Title", title).fill("What they will read", text);
    let preview = consultant.press("See it as they will").await;
    assert_eq!(preview.heading(), "Look before you share");
    preview.must_say("It is shared once they agree: Project lead.").must_say(text);
    assert!(!consultant.sees_button("Share with Programme team"), "nothing is shared without consent");
    let asked = consultant.press("Ask to share with Programme team").await;
    assert_eq!(asked.notice(), "Asked. It is shared once everybody has agreed who has to; until then nobody else reads it.");
    without_query(&asked.path)
}

both! {
    async fn both_sides_sign_and_from_then_on_sharing_follows(site: TestSite) {
        let (mut consultant, mut lead) = (site.signed_in_as(CONSULTANT).await, site.signed_in_as(LEAD).await);
        consultant.open(&format!("{RIVERSIDE}/agreements")).await.must_be(200).must_say(FIRST);
        consultant.follow("Renew it").await.must_be(200);
        assert_eq!(consultant.value("Ways of working"), "As we said at our first meeting: plainly, and in time.", "it begins with what holds now");
        assert_eq!(consultant.choices("From Support to Programme team: who agrees each time?"), ["Consultant", "Project lead", "Learning lead"]);
        let agreement = offer(&mut consultant, BOTH, today()).await;
        consultant.page().must_say("Phase 2: delivery: waits for signatures.");
        assert!(has_row(&consultant, "Support Programme team Session Project lead"), "{}", consultant.page().text());
        assert!(has_row(&consultant, "Support Support team Session nobody beside whoever shares it"));
        assert!(!has_row(&consultant, "Support Learning"), "what was not ticked is not agreed");
        assert!(waits(&mut consultant).await.contains(&TO_SIGN.to_string()) && waits(&mut lead).await.contains(&TO_SIGN.to_string()));

        consultant.open(&agreement).await.must_be(200);
        let signing = consultant.filled_form(SUPPORT_SIGNS);
        assert_eq!(consultant.press(SUPPORT_SIGNS).await.notice(), "Signed.");
        assert!(!consultant.sees_button(SUPPORT_SIGNS) && !consultant.sees_button(PLACE_SIGNS), "nobody signs for both sides");
        consultant.send(&signing.clone().with("once", "another press")).await.must_be(403).must_say("You do not sign this");
        consultant.send(&signing).await.must_be(200);
        assert_eq!(signatures(&site, &agreement).await, 1, "pressing twice signs once");
        assert!(!waits(&mut consultant).await.contains(&TO_SIGN.to_string()));

        // One signature puts nothing in force.
        let met = session(&mut consultant, "Met today", "We met.", today()).await;
        assert_eq!(offered(&mut consultant, &met).await, ALL_THREE, "what was agreed before still holds");
        lead.open("/").await;
        lead.follow(TO_SIGN).await.must_be(200).must_say("waits for signatures").must_say("Consultant, Riverside");
        // Whoever signs has read this very text.
        let other_text = lead.filled_form(PLACE_SIGNS).with("hash", "00").with("once", "of another text");
        lead.send(&other_text).await.must_be(403);
        lead.open(&agreement).await;
        let signed = lead.press(PLACE_SIGNS).await;
        assert_eq!(signed.notice(), IN_FORCE);
        signed.must_say("in force since 20 November 2026");

        assert_eq!(offered(&mut consultant, &met).await, ["Programme team", "Support team"], "exactly what was agreed");
        consultant.page().must_say("Not agreed with the place when this happened: Learning.");
        consultant.open(&met).await.must_say("It cannot be shared with Learning: that was not agreed with the place when it happened.");
        // Past the page it is no different, and other kinds and other people were not agreed on.
        let forged = [("to", "learning"), ("title", "Onward"), ("text", "x"), ("step", "share")];
        assert_eq!(consultant.post(&format!("{met}/share"), &forged).await.status, 422);
        assert_eq!(with_title(&site, "Onward").await, 0);
        lead.open(&format!("{met}/share")).await.must_be(403);
        consultant.open(&format!("{RIVERSIDE}/entries/new?kind=reflection")).await;
        consultant.choose("Who reads this", "Support").fill("Title", "On listening").fill("What there is to say", "We listened.");
        let reflection = without_query(&consultant.press("Record").await.must_be(200).path);
        assert_eq!(consultant.page().link("Share part of it"), None);
        consultant.open(&format!("{reflection}/share")).await.must_be(403);

        // What happened before is still as it was agreed then.
        let earlier = session(&mut consultant, "Met yesterday", "We met as well.", today().plus_days(-1)).await;
        assert_eq!(offered(&mut consultant, &earlier).await, ALL_THREE);
        site.journal_is_whole().await;
    }

    async fn what_goes_to_the_programme_team_waits_for_the_project_leads_consent(site: TestSite) {
        let (mut consultant, mut lead, _) = renewed(&site, BOTH).await;
        let mut manager = site.signed_in_as("Grant manager").await;
        let talk = session(&mut consultant, "A hard talk", "The treasurer whispered periwinkle.", today()).await;
        let proposal = ask(&mut consultant, &talk, "Where Riverside stands", "They ask for a marigold of time.").await;
        consultant.open(&talk).await.must_say("Waits for consent to be shared with Programme team: Where Riverside stands");

        manager.open(&proposal).await.must_be(404).must_not_say("marigold");
        manager.open(&format!("{RIVERSIDE}/entries")).await.must_not_say("Where Riverside stands");
        assert!(!waits(&mut manager).await.contains(&ASKED.to_string()) && !finds(&mut manager, "marigold").await);
        // Whoever reads the session reads what is proposed of it; only who is asked agrees.
        let mut learning = site.signed_in_as("Learning lead, Riverside").await;
        learning.open(&proposal).await.must_be(200).must_say("Project lead: is asked");
        for visitor in [&mut learning, &mut consultant] {
            visitor.open(&proposal).await.must_be(200);
            assert!(!visitor.sees_button(AGREE));
            assert_eq!(visitor.post(&proposal, &[("answer", "agree")]).await.status, 403);
        }
        assert_eq!(with_title(&site, "Where Riverside stands").await, 0);

        lead.open("/").await;
        lead.follow(ASKED).await.must_be(200).must_say("They ask for a marigold of time.").must_say("It waits for consent.");
        assert_eq!(lead.page().path, proposal);
        let agreeing = lead.filled_form(AGREE);
        let shared = lead.press(AGREE).await;
        assert_eq!(shared.notice(), "Shared. Its readers see what stands below, and not the entry it was taken from.");
        let extract = without_query(&shared.path);
        lead.send(&agreeing.with("once", "another press")).await.must_be(200);
        assert_eq!(with_title(&site, "Where Riverside stands").await, 1, "agreeing twice shares once");
        assert!(!waits(&mut lead).await.contains(&ASKED.to_string()));

        manager.open(&extract).await.must_be(200).must_say("marigold").must_not_say("periwinkle").must_not_say("A hard talk");
        manager.open(&format!("{RIVERSIDE}/entries")).await.must_say("Where Riverside stands");
        assert!(finds(&mut manager, "marigold").await && !finds(&mut manager, "periwinkle").await);
        manager.open(&proposal).await.must_be(404);
        consultant.open(&proposal).await.must_say("It was shared.").must_say("Project lead: has agreed");
        site.journal_is_whole().await;
    }

    async fn what_was_declined_or_taken_back_is_read_by_nobody(site: TestSite) {
        let (mut consultant, mut lead, _) = renewed(&site, BOTH).await;
        let talk = session(&mut consultant, "A hard talk", "The treasurer whispered.", today()).await;
        let proposal = ask(&mut consultant, &talk, "Too soon", "They ask for a marigold of time.").await;
        lead.open(&proposal).await.must_be(200);
        lead.press("Decline").await.must_be(422);
        assert_eq!(lead.page().errors(), ["Say why, so that they can find other words"]);
        lead.fill("Why not", "Say it once we have met");
        assert_eq!(lead.press("Decline").await.notice(), "Declined. Nothing was shared.");
        consultant.open(&proposal).await.must_say("It was declined.").must_say("Why it was declined: Say it once we have met");
        assert!(!consultant.sees_button("Take it back"), "it is over");
        assert_eq!(lead.post(&proposal, &[("answer", "agree")]).await.status, 303);

        let second = ask(&mut consultant, &talk, "Other words", "They ask for a primrose of time.").await;
        lead.open(&second).await.must_be(200);
        let agreeing = lead.filled_form(AGREE);
        assert!(!lead.sees_button("Take it back"), "only who asks takes it back");
        assert_eq!(lead.post(&second, &[("answer", "take-back")]).await.status, 403);
        assert_eq!(consultant.press("Take it back").await.notice(), "Taken back. Nothing was shared.");
        lead.send(&agreeing).await.must_be(200).must_say("It was taken back.");

        assert_eq!((with_title(&site, "Too soon").await, with_title(&site, "Other words").await), (0, 0));
        let mut manager = site.signed_in_as("Grant manager").await;
        manager.open(&format!("{RIVERSIDE}/entries")).await.must_not_say("Too soon").must_not_say("Other words");
        assert!(!finds(&mut manager, "marigold").await && !finds(&mut manager, "primrose").await);
        consultant.open(&talk).await.must_not_say("Waits for consent");
        site.journal_is_whole().await;
    }

    async fn a_session_has_layers_and_each_stands_in_its_circle(site: TestSite) {
        const TITLE: &str = "A long afternoon";
        let layer = |circle: &str| format!("Session of {} ({circle})", today());
        let (for_support, for_programme) = (layer("Support team"), layer("Programme team"));
        let mut consultant = site.signed_in_as(CONSULTANT).await;
        session_form(&mut consultant, TITLE, "Between us: a bramble of a month.", today()).await;
        consultant.fill("For Support team", "Among us: a thistle for all.").fill("For Programme team", "For them: a marigold.");
        consultant.fill("Days used", "½");
        let page = consultant.press("Record").await;
        page.must_be(200).must_say("bramble").must_say("Days used: ½ day.").must_not_say("thistle").must_say("Shared from this entry");
        let main = without_query(&page.path);

        let (said, among) = (in_circle(&site, "support", TITLE).await, in_circle(&site, "support-team", &for_support).await);
        let (said, among) = (said.expect("what was said"), among.expect("what was said among supporters"));
        let shared = in_circle(&site, "programme-team", &for_programme).await.expect("what was shared");
        assert_eq!(with_title(&site, TITLE).await, 1, "the title is for its own readers");
        assert_eq!((with_title(&site, &for_support).await, with_title(&site, &for_programme).await), (1, 1), "layers are told apart");
        assert!(main.ends_with(&said.id.to_string()));
        assert_eq!((shared.source_id, shared.text.as_str()), (Some(said.id), "For them: a marigold."));
        assert_eq!((among.source_id, among.text.as_str()), (None, "Among us: a thistle for all."), "it is nobody's extract");
        let logged = movement::Entity::find().filter(movement::COLUMN.why.eq(TITLE)).all(site.db().reader()).await.expect("movements");
        assert_eq!(logged.iter().map(|m| m.entry_id).collect::<Vec<_>>(), [Some(said.id)], "the days are logged once, with what was said");

        let address = |entry: &entry::Model| format!("{PRACTICE}/entries/{}", entry.id);
        for (name, reads) in [
            (LEAD, [true, false, true]),
            ("Learning lead, Riverside", [true, false, true]),
            (PARTNER, [false, false, false]),
            ("Grant manager", [false, false, true]),
            ("Support lead", [false, true, true]),
            ("Consultant, Lantern Hill", [false, true, false]),
            ("Evaluator", [false, false, false]),
        ] {
            let mut visitor = site.signed_in_as(name).await;
            for ((layer, word), reads) in [(&said, "bramble"), (&among, "thistle"), (&shared, "marigold")].into_iter().zip(reads) {
                let page = visitor.open(&address(layer)).await;
                if reads { page.must_be(200).must_say(word) } else { page.must_be(404).must_not_say(word) };
                assert_eq!(finds(&mut visitor, word).await, reads, "{name} looks for {word}");
            }
        }
        site.journal_is_whole().await;
    }

    async fn a_layer_that_was_not_agreed_is_refused_and_kept(site: TestSite) {
        let (mut consultant, _, _) = renewed(&site, &["support-support-team"]).await;
        session_form(&mut consultant, "A long afternoon", "Between us: a bramble.", today()).await;
        consultant.page().must_say("Nothing was agreed with the place that lets this flow. Agree on it first.");
        consultant.fill("For Support team", "Among us: a thistle.").fill("For Programme team", "For them: a marigold.");
        consultant.fill("Days used", "½");
        let before = site.written().await;
        consultant.press("Record").await.must_be(422);
        assert_eq!(consultant.page().errors(), ["The agreement with the place does not open this way. Leave it empty, or renew the agreement"]);
        for (field, typed) in [
            ("Title", "A long afternoon"),
            ("What there is to say", "Between us: a bramble."),
            ("For Support team", "Among us: a thistle."),
            ("For Programme team", "For them: a marigold."),
            ("Days used", "½"),
        ] {
            assert_eq!(consultant.value(field), typed, "nothing typed is lost");
        }
        assert_eq!(site.written().await, before, "and nothing is written");

        consultant.fill("For Programme team", "").press("Record").await.must_be(200);
        let layer = |circle: &str, on: Day| format!("Session of {on} ({circle})");
        assert_eq!(with_title(&site, "A long afternoon").await, 1);
        assert!(in_circle(&site, "support-team", &layer("Support team", today())).await.is_some());
        assert!(in_circle(&site, "programme-team", &layer("Programme team", today())).await.is_none());
        // Of what happened before, more was agreed.
        session_form(&mut consultant, "The day before", "Between us: a bramble.", today().plus_days(-1)).await;
        consultant.fill("For Programme team", "For them: a marigold.").press("Record").await.must_be(200);
        let before = layer("Programme team", today().plus_days(-1));
        assert!(in_circle(&site, "programme-team", &before).await.is_some());
    }

    async fn an_agreement_stays_as_it_was_signed(site: TestSite) {
        let (mut consultant, mut lead, agreement) = renewed(&site, BOTH).await;
        lead.open(&format!("{RIVERSIDE}/agreements")).await.must_be(200);
        assert_eq!(lead.page().link("Renew it"), None);
        assert!(row(&lead, FIRST).is_some_and(|row| row.contains("until a later one")), "{}", lead.page().text());
        assert!(row(&lead, RENEWED).is_some_and(|row| row.contains("in force since 20 November 2026")));
        lead.follow(FIRST).await.must_be(200).must_say("As we said at our first meeting: plainly, and in time.");
        lead.open(&format!("{RIVERSIDE}/agreements/new")).await.must_be(403).must_say("Others write the agreement");

        consultant.open(&agreement).await.must_be(200);
        assert!(!consultant.sees_button("Take it back"), "it is in force");
        assert_eq!(consultant.post(&agreement, &[("do", "take-back")]).await.status, 303);
        consultant.follow("The entry that holds these words").await.must_be(200);
        assert_eq!(consultant.page().link("Change"), None);
        let words = without_query(&consultant.page().path);
        let before = site.written().await;
        consultant.open(&format!("{words}/change")).await.must_be(403);
        let fields = [("title", "Mine"), ("part-working", "As I like it"), ("revision", "1"), ("circle", "support")];
        assert_eq!(consultant.post(&format!("{words}/change"), &fields).await.status, 403);
        // Nor is one recorded past its own page, or dated back.
        let fields = [("kind", "agreement"), ("circle", "support"), ("title", "Mine"), ("part-working", "As I like it")];
        assert_eq!(consultant.post(&format!("{RIVERSIDE}/entries/new"), &fields).await.status, 403);
        consultant.open(&format!("{RIVERSIDE}/agreements/new")).await;
        consultant.fill("In force from", "19 November 2026").fill("What stays between us", "Nearly everything");
        consultant.press("Offer it for signature").await.must_be(422);
        assert_eq!(consultant.page().errors(), ["Enter today or a later day: what was said before stays under what was agreed then"]);
        assert_eq!(consultant.value("What stays between us"), "Nearly everything");
        assert_eq!(site.written().await, before);

        // Who does not read what is said in support is told that there is one, and nothing of it.
        for name in [PARTNER, "Grant manager", "Consultant, Lantern Hill"] {
            let mut visitor = site.signed_in_as(name).await;
            visitor.open(&format!("{RIVERSIDE}/agreements")).await.must_be(200).must_not_say(FIRST).must_not_say(RENEWED);
            visitor.page().must_say("Riverside and those who support it have an agreement. You are not one of its readers.");
            visitor.open(&agreement).await.must_be(404).must_not_say(RENEWED);
            assert_eq!(visitor.post(&agreement, &[("do", "sign")]).await.status, 404);
        }
        site.journal_is_whole().await;
    }

    async fn an_agreement_is_taken_back_by_who_wrote_it_before_both_have_signed(site: TestSite) {
        let (mut consultant, mut lead) = (site.signed_in_as(CONSULTANT).await, site.signed_in_as(LEAD).await);
        let agreement = offer(&mut consultant, &["support-support-team"], today()).await;
        lead.open(&agreement).await.must_be(200);
        assert!(!lead.sees_button("Take it back"));
        assert_eq!(lead.post(&agreement, &[("do", "take-back")]).await.status, 403);
        let signing = lead.filled_form(PLACE_SIGNS);
        consultant.open(&agreement).await;
        let back = consultant.press("Take it back").await;
        assert_eq!(back.notice(), "Taken back. What was agreed before stays in force.");
        back.must_say("taken back on 20 November 2026");
        assert!(!consultant.sees_button(SUPPORT_SIGNS) && !waits(&mut lead).await.contains(&TO_SIGN.to_string()));
        lead.send(&signing).await.must_be(200).must_say("taken back on 20 November 2026");
        assert_eq!(signatures(&site, &agreement).await, 0);
        let met = session(&mut consultant, "Met today", "We met.", today()).await;
        assert_eq!(offered(&mut consultant, &met).await, ALL_THREE);
    }

    async fn those_who_sign_at_once_sign_once_for_each_side(site: TestSite) {
        let (mut consultant, mut lead) = (site.signed_in_as(CONSULTANT).await, site.signed_in_as(LEAD).await);
        let mut learning = site.signed_in_as("Learning lead, Riverside").await;
        let agreement = offer(&mut consultant, BOTH, today()).await;
        lead.open(&agreement).await;
        let (ours, theirs) = (consultant.filled_form(SUPPORT_SIGNS), lead.filled_form(PLACE_SIGNS));
        let (mut consultant_again, mut lead_again) = (consultant.second_window(), lead.second_window());
        let (one, two, three, four) =
            futures::join!(consultant.send(&ours), lead.send(&theirs), consultant_again.send(&ours), lead_again.send(&theirs));
        for page in [one, two, three, four] {
            page.must_be(200);
        }
        lead.open(&agreement).await.must_say("in force since 20 November 2026");
        assert_eq!(signatures(&site, &agreement).await, 2);

        // Two of the same side: one of them signs for it.
        let next = offer(&mut consultant, BOTH, today()).await;
        consultant.press(SUPPORT_SIGNS).await.must_be(200);
        lead.open(&next).await;
        learning.open(&next).await;
        let (mine, hers) = (lead.filled_form(PLACE_SIGNS), learning.filled_form(PLACE_SIGNS));
        let (one, other) = futures::join!(lead.send(&mine), learning.send(&hers));
        one.must_be(200);
        other.must_be(200);
        assert_eq!(signatures(&site, &next).await, 2);
        site.journal_is_whole().await;
    }

    async fn an_agreement_for_a_later_day_waits_for_it(site: TestSite) {
        let (mut consultant, mut lead) = (site.signed_in_as(CONSULTANT).await, site.signed_in_as(LEAD).await);
        let agreement = offer(&mut consultant, &["support-support-team"], today().plus_days(11)).await;
        consultant.press(SUPPORT_SIGNS).await.must_be(200);
        lead.open(&agreement).await;
        lead.press(PLACE_SIGNS).await.must_be(200).must_say("agreed, in force from 1 December 2026");
        let now = session(&mut consultant, "Met in November", "We met.", today()).await;
        assert_eq!(offered(&mut consultant, &now).await, ALL_THREE);
        site.clock().advance_seconds(11 * 24 * 3600);
        let later = session(&mut consultant, "Met in December", "We met again.", today().plus_days(11)).await;
        assert_eq!(offered(&mut consultant, &later).await, ["Support team"]);
        assert_eq!(offered(&mut consultant, &now).await, ALL_THREE, "it was said under the earlier one");
        lead.open(&agreement).await.must_say("in force since 1 December 2026");
    }
}
