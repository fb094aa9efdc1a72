//! Who appoints whom: never themselves, never across the sides, never for another's place.

use testkit::site::PRACTICE;
use testkit::visitor::Reply;
use testkit::{TestSite, Visitor, both};

/// Tries to appoint somebody past what the page offers.
async fn appoint(visitor: &mut Visitor, role: &str, place: &str, email: &str) -> Reply {
    let fields = [("name", "Alex Smith"), ("email", email), ("role", role), ("place", place), ("from", "20 November 2026")];
    visitor.post(&format!("{PRACTICE}/people/new"), &fields).await
}

/// Fails unless it was refused with these words, and nothing was written or sent.
async fn refused(site: &TestSite, visitor: &mut Visitor, role: &str, place: &str, email: &str, why: &str) {
    let before = site.written().await;
    let reply = appoint(visitor, role, place, email).await;
    assert_eq!(reply.status, 422, "{role} for “{place}”: {}", reply.text());
    let errors = reply.page("/people/new").errors().join(" | ");
    assert!(errors.contains(why), "{role} for “{place}”: {errors}");
    assert_eq!(site.written().await, before, "{role} for “{place}” was refused, and yet something was written");
}

const NOT_THEIRS: &str = "Choose a role";

both! {
    async fn nobody_appoints_themselves(site: TestSite) {
        for (name, role, place) in [
            ("Project lead, Riverside", "partner", "riverside"),
            ("Programme lead, funder", "grant-manager", ""),
            ("Support lead", "consultant", "riverside"),
        ] {
            let email = site.person(name).await.email.expect("an address");
            let mut visitor = site.signed_in_as(name).await;
            refused(&site, &mut visitor, role, place, &email, "You cannot appoint yourself").await;
            refused(&site, &mut visitor, role, place, &email.to_uppercase(), "You cannot appoint yourself").await;
        }
    }

    async fn a_project_lead_appoints_people_of_their_place(site: TestSite) {
        let mut lead = site.signed_in_as("Project lead, Riverside").await;
        lead.open(&format!("{PRACTICE}/people/new")).await;
        let roles = ["Project lead", "Finance person", "Learning lead", "Partner organisation's representative", "Community member"];
        assert_eq!(lead.choices("Role"), roles);
        assert_eq!(lead.choices("For"), ["Riverside"]);
        for role in ["consultant", "programme-lead", "grant-manager", "support-lead", "evaluator", "nonsense", ""] {
            refused(&site, &mut lead, role, "riverside", "alex@example.org", NOT_THEIRS).await;
            refused(&site, &mut lead, role, "", "alex@example.org", NOT_THEIRS).await;
        }
        for place in ["lantern-hill", "saltmarsh", "nowhere", ""] {
            let before = site.written().await;
            let reply = appoint(&mut lead, "partner", place, "alex@example.org").await;
            assert_eq!((reply.status, site.written().await), (422, before), "for “{place}”");
        }
        lead.open(&format!("{PRACTICE}/people/new")).await;
        lead.fill("Name", "Alex Smith").fill("E-mail address", "alex@example.org").choose("Role", "Community member");
        lead.choose("Organisation", "Riverside Council").fill("Last day", "31 December 2026");
        lead.press("Appoint").await.must_be(200).must_say("Community member").must_say("Riverside Council").must_say("20 November 2026 to 31 December 2026");
        assert_eq!(site.mails_to("alex@example.org").await.len(), 1);
        // They end it, and nobody else's.
        lead.press("End it now").await.must_be(200).must_say("Does not hold today");
        for other in ["Consultant, Riverside", "Project lead, Lantern Hill", "Grant manager"] {
            let held = site.appointment(other).await;
            assert_eq!(lead.post(&format!("{PRACTICE}/appointments/{}/end", held.id), &[]).await.status, 404, "{other}");
            assert_eq!(site.appointment(other).await.ended_at, None);
        }
    }

    async fn a_place_that_manages_its_own_people_is_left_to_do_so(site: TestSite) {
        let mut lead = site.signed_in_as("Programme lead, funder").await;
        for role in ["project-lead", "learning-lead", "partner", "community-member"] {
            refused(&site, &mut lead, role, "riverside", "alex@example.org", "This place appoints its own people").await;
        }
        assert_eq!(appoint(&mut lead, "consultant", "riverside", "alex@example.org").await.status, 303);
    }

    async fn the_support_lead_appoints_supporters(site: TestSite) {
        let mut lead = site.signed_in_as("Support lead").await;
        lead.open(&format!("{PRACTICE}/people/new")).await;
        assert_eq!(lead.choices("Role"), ["Support lead", "Consultant", "Learning capture team"]);
        for role in ["programme-lead", "grant-manager", "evaluator", "advisory-member"] {
            refused(&site, &mut lead, role, "", "alex@example.org", NOT_THEIRS).await;
        }
        for role in ["project-lead", "partner"] {
            refused(&site, &mut lead, role, "riverside", "alex@example.org", NOT_THEIRS).await;
        }
        assert_eq!(appoint(&mut lead, "consultant", "saltmarsh", "alex@example.org").await.status, 303);
        for other in ["Grant manager", "Programme lead, funder", "Project lead, Riverside", "Evaluator"] {
            let held = site.appointment(other).await;
            assert_eq!(lead.post(&format!("{PRACTICE}/appointments/{}/end", held.id), &[]).await.status, 404, "{other}");
        }
    }

    async fn nobody_sits_on_two_sides(site: TestSite) {
        let of_place = site.person("Partner organisation's representative, Riverside").await.email.expect("an address");
        let mut lead = site.signed_in_as("Programme lead, funder").await;
        for (role, place) in [("grant-manager", ""), ("evaluator", ""), ("consultant", "lantern-hill")] {
            refused(&site, &mut lead, role, place, &of_place, "holds a role on another side").await;
        }
        let consultant = site.person("Consultant, Riverside").await.email.expect("an address");
        let mut project_lead = site.signed_in_as("Project lead, Riverside").await;
        refused(&site, &mut project_lead, "community-member", "riverside", &consultant, "holds a role on another side").await;
        // Nor is one side entered tomorrow and the other today, or both tomorrow.
        let later = [("name", "Alex Smith"), ("email", "alex@example.org"), ("role", "evaluator"), ("place", ""), ("from", "1 December 2026")];
        assert_eq!(lead.post(&format!("{PRACTICE}/people/new"), &later).await.status, 303);
        refused(&site, &mut project_lead, "partner", "riverside", "alex@example.org", "holds a role on another side").await;
        // Called off, it stands in nobody's way.
        let held = site.appointment("Alex Smith").await;
        assert_eq!(lead.post(&format!("{PRACTICE}/appointments/{}/end", held.id), &[]).await.status, 303);
        assert_eq!(appoint(&mut project_lead, "partner", "riverside", "alex@example.org").await.status, 303);
    }

    async fn a_role_for_a_place_is_given_for_a_place(site: TestSite) {
        let mut lead = site.signed_in_as("Programme lead, funder").await;
        for (role, place) in [("consultant", ""), ("consultant", "nowhere"), ("grant-manager", "riverside")] {
            let before = site.written().await;
            let reply = appoint(&mut lead, role, place, "alex@example.org").await;
            assert_eq!((reply.status, site.written().await), (422, before), "{role} for “{place}”");
        }
    }

    async fn somebody_who_is_known_keeps_their_account(site: TestSite) {
        let email = site.person("Consultant, Riverside").await.email.expect("an address");
        let mut lead = site.signed_in_as("Support lead").await;
        assert_eq!(appoint(&mut lead, "consultant", "lantern-hill", &email).await.status, 303);
        let mails = site.mails_to(&email).await;
        assert!(mails.len() == 1 && !mails[0].1.contains("/invitations/"), "{mails:?}");
        let mut consultant = site.signed_in_as("Consultant, Riverside").await;
        consultant.open("/account").await.must_say("Riverside").must_say("Lantern Hill");
    }

    async fn a_role_holds_from_its_first_day_to_its_last(site: TestSite) {
        let mut lead = site.signed_in_as("Programme lead, funder").await;
        lead.open(&format!("{PRACTICE}/people/new")).await;
        lead.fill("Name", "Jo Bloggs").fill("E-mail address", "jo@example.org").choose("Role", "Evaluator");
        lead.fill("First day", "22/11/2026").fill("Last day", "21/11/2026");
        assert_eq!(lead.press("Appoint").await.errors(), ["Enter a last day that is not before the first"]);
        lead.fill("Last day", "22/11/2026");
        let appointed = lead.press("Appoint").await;
        assert_eq!(appointed.notice(), "Appointed. They get a mail, and can do and read what the role includes from its first day on.");
        assert!(lead.sees_button("Call it off") && !lead.sees_button("End it now"));
        let link = site.link_sent_to("jo@example.org").await;
        let mut jo = site.visitor();
        jo.open(&link).await;
        jo.fill("A password", "four quiet green words");
        jo.press("Accept the invitation").await.must_say("You hold no role today");
        let entries = format!("{PRACTICE}/entries");
        jo.open(&entries).await.must_be(403);
        site.clock().advance_seconds(38 * 3600 - 1);
        assert_eq!(site.now().day().iso(), "2026-11-21");
        jo.open(&entries).await.must_be(403);
        site.clock().advance_seconds(1);
        jo.open(&entries).await.must_be(200);
        site.clock().advance_seconds(24 * 3600 - 1);
        jo.open(&entries).await.must_be(200);
        site.clock().advance_seconds(1);
        jo.open(&entries).await.must_be(403);
    }

    async fn a_role_that_starts_later_is_seen_and_called_off(site: TestSite) {
        let mut lead = site.signed_in_as("Project lead, Riverside").await;
        let people = format!("{PRACTICE}/people");
        lead.open(&people).await.must_not_say("Starting later");
        for (name, role) in [("Jo Bloggs", "Community member"), ("Alex Smith", "Partner organisation's representative")] {
            lead.open(&format!("{people}/new")).await;
            lead.fill("Name", name).fill("E-mail address", &format!("{}@example.org", &name[..2])).choose("Role", role);
            lead.fill("First day", "22 November 2026").fill("Last day", "31 December 2026");
            lead.press("Appoint").await.must_be(200);
        }
        lead.open(&people).await.must_say("Starting later");
        assert_eq!(lead.page().texts("#later tbody th"), ["Alex Smith", "Jo Bloggs"]);
        let said = ["Community member", "Riverside", "Not stated", "22 November 2026 to 31 December 2026"];
        assert_eq!(lead.page().texts("#later tbody td")[4..], said);
        let riverside = format!("{PRACTICE}/places/riverside");
        let place = lead.open(&riverside).await;
        assert!(place.text().find("Starting later") < place.text().find("Jo Bloggs"), "on the place’s page, too: {}", place.text());

        // Who sees people sees it; who does not manage them cannot call it off.
        let mut partner = site.signed_in_as("Partner organisation's representative, Riverside").await;
        partner.open(&people).await;
        let jo = partner.page().link("Jo Bloggs").expect("a way to the person");
        partner.open(&jo).await.must_say("Starts later");
        assert!(!partner.sees_button("Call it off"));
        let held = site.appointment("Jo Bloggs").await;
        let end = format!("{PRACTICE}/appointments/{}/end", held.id);
        assert_eq!(partner.post(&end, &[]).await.status, 403);
        let mut elsewhere = site.signed_in_as("Project lead, Lantern Hill").await;
        elsewhere.open(&people).await.must_not_say("Jo Bloggs");
        assert_eq!(elsewhere.post(&end, &[]).await.status, 404);
        assert_eq!(site.appointment("Jo Bloggs").await.ended_at, None);

        lead.open(&jo).await;
        let off = lead.press("Call it off").await;
        assert_eq!(off.notice(), "Called off. The role will not start, and opens nothing to them.");
        off.must_say("Called off before it started").must_say("22 November 2026 to 31 December 2026");
        assert!(!lead.sees_button("Call it off"));
        lead.open(&people).await.must_not_say("Jo Bloggs").must_say("Alex Smith");
        lead.open(&riverside).await.must_not_say("Jo Bloggs").must_say("Alex Smith");

        // On the day, one has the role and the other does not.
        site.clock().advance_seconds(48 * 3600);
        lead.open(&people).await.must_say("Alex Smith").must_not_say("Jo Bloggs").must_not_say("Starting later");
        site.journal_is_whole().await;
    }

    async fn an_invitation_runs_out(site: TestSite) {
        let mut lead = site.signed_in_as("Programme lead, funder").await;
        appoint(&mut lead, "evaluator", "", "alex@example.org").await;
        let link = site.link_sent_to("alex@example.org").await;
        let mut alex = site.visitor();
        alex.open(&link).await;
        alex.fill("A password", "alex@example.org");
        assert_eq!(alex.press("Accept the invitation").await.errors(), ["Choose a password that is harder to guess than this one"]);
        site.clock().advance_seconds(14 * 24 * 3600);
        site.visitor().open(&link).await.must_be(410);
        alex.fill("A password", "four quiet green words");
        alex.press("Accept the invitation").await.must_be(410);
    }
}
