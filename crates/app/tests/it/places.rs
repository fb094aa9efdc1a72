//! A place says in its own words what it wants.

use testkit::both;

const RIVERSIDE: &str = "/programmes/practice-healthy-communities-together/places/riverside";

both! {
    async fn a_place_describes_itself_and_its_words_have_a_history(site: TestSite) {
        let mut lead = site.signed_in_as("Project lead, Riverside").await;
        lead.open("/").await.must_say("Say what Riverside wants, in its own words");
        lead.follow("Say what Riverside wants, in its own words").await;
        lead.fill("The problem", "Letters arrive that **nobody** can read.").fill("The vision", "People are asked.");
        let saved = lead.press("Save").await;
        assert_eq!(saved.notice(), "Saved. The words before are kept in the place’s history.");
        assert_eq!(saved.texts("main strong"), ["nobody"], "it is formatted");
        // Everybody reads it.
        site.visitor().open(RIVERSIDE).await.must_say("Letters arrive that nobody can read.").must_say("People are asked.");

        let mut neighbour = site.signed_in_as("Community member, Riverside").await;
        neighbour.open(&format!("{RIVERSIDE}/describe")).await;
        lead.open(&format!("{RIVERSIDE}/describe")).await;
        neighbour.fill("The vision", "People are asked, and answered.");
        neighbour.press("Save").await.must_be(200);
        lead.fill("The vision", "People ask.");
        lead.press("Save").await.must_be(409).must_say("Nothing was overwritten").must_say("and answered").must_say("People ask.");
        assert_eq!(site.place("riverside").await.vision, "People are asked, and answered.");
        lead.press("Save").await.must_be(200).must_say("People ask.");

        let history = lead.open(&format!("{RIVERSIDE}/history")).await;
        history.must_say("Describe a place").must_say("Project lead, Riverside").must_say("Community member, Riverside").must_say("and answered");
        lead.open("/").await.must_not_say("Say what Riverside wants");
        assert!(!site.place("lantern-hill").await.vision.contains("People"));
        site.journal_is_whole().await;
    }

    async fn words_that_are_too_long_stay_in_the_form(site: TestSite) {
        let mut lead = site.signed_in_as("Project lead, Riverside").await;
        lead.open(&format!("{RIVERSIDE}/describe")).await;
        let long = "long ".repeat(3_000);
        lead.fill("The problem", &long);
        let page = lead.press("Save").await;
        page.must_be(422);
        assert_eq!(page.errors(), ["Shorten this to 10000 characters"]);
        assert_eq!(lead.value("The problem").trim(), long.trim());
    }
}
