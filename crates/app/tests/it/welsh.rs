//! An application in Welsh, where its form has Welsh.

use testkit::both;

use crate::calls::{call_home, newcomer, start};
use crate::made::put_call;

both! {
    async fn an_application_is_written_in_welsh(site: TestSite) {
        put_call(&site).await;
        let mut lead = newcomer(&site, "Lead writer", "lead@fern.example").await;
        let home = start(&mut lead, "Fern Street Together").await;
        lead.open(&format!("{home}/sections/story")).await.must_not_say("Eich stori");
        lead.follow("Cymraeg").await.must_be(200);
        assert_eq!(lead.page().texts("h1[lang=cy]"), ["Eich stori"]);
        assert_eq!(lead.page().texts("[lang=cy] label[for=problem]"), ["Beth sy’n sownd?"]);
        // What has no Welsh yet stands there in English, and is read out in English.
        assert_eq!(lead.page().texts("[lang=cy] label[for=vision] span[lang=en]"), ["What would be different?"]);
        lead.fill("Beth sy’n sownd?", "Does neb yn ateb y ffôn.");
        lead.press("Cadw ac aros ar y dudalen hon").await.must_be(200).must_say("Saved.");
        assert_eq!(lead.page().texts("h1[lang=cy]"), ["Eich stori"]);
        assert_eq!(lead.value("Beth sy’n sownd?"), "Does neb yn ateb y ffôn.");
        // The language goes along, also past a page that comes back.
        lead.press("Cadw a pharhau").await.must_be(200);
        assert_eq!(lead.page().texts("h1"), ["What you need"], "no Welsh yet");
        assert!(lead.page().texts("h1[lang=cy]").is_empty());
        lead.fill("How much do you ask for?", "llawer");
        lead.press("Cadw ac aros ar y dudalen hon").await.must_be(422);
        assert!(!lead.page().texts("[lang=cy] .govuk-error-message span[lang=en]").is_empty(), "the message is in English, and says so");
        lead.fill("How much do you ask for?", "£40,000");
        lead.press("Cadw a pharhau").await.must_be(200);
        assert!(lead.page().path.contains("lang=cy"), "{}", lead.page().path);
        assert_eq!(lead.page().texts(".sections[lang=cy] a[href$='/sections/story?lang=cy']"), ["1. Eich stori"]);
        lead.follow("Read and print the whole application").await.must_be(200);
        assert!(lead.page().texts("[lang=cy] h2").iter().any(|h| h == "1. Eich stori"));
        lead.follow("English").await.must_be(200).must_say("1. Your story").must_not_say("Eich stori");

        let mut nobody = site.visitor();
        nobody.open(&call_home()).await.must_be(200);
        nobody.follow("Cymraeg").await.must_be(200);
        nobody.follow("Read and print all the questions").await.must_be(200).must_say("Beth sy’n sownd?").must_not_say("What is stuck?");
        nobody.follow("English").await.must_say("What is stuck?");
        // Any other language is none.
        nobody.open(&format!("{}/questions?lang=%3Cscript%3E", call_home())).await.must_be(200).must_say("What is stuck?");
    }
}
