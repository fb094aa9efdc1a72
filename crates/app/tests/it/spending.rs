//! What a place spent: read from the spreadsheet that it keeps anyway, and taken back where it was noted wrongly.

use rust_xlsxwriter::{Format, Workbook};
use testkit::site::{PRACTICE, today};
use testkit::{TestSite, Visitor, both};

use crate::awards::{agreed, balanced, holds, home, riverside};

/// What the partnership keeps: something above the headings, days, names of its own, a sum at the end.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("About").expect("a workbook");
    let sheet = book.add_worksheet().set_name("Spend").expect("a workbook");
    let date = Format::new().set_num_format("dd/mm/yyyy");
    sheet.write_string(0, 0, "Our partnership, all that we paid").expect("a workbook");
    for (column, heading) in (0u16..).zip(["Date", "What", "Kind", "Paid"]) {
        sheet.write_string(2, column, heading).expect("a workbook");
    }
    // 46,346 is 20 November 2026, the award’s first day.
    for (row, (day, what, kind, paid)) in (3u32..).zip([
        (46_346.0, "Wages", "staff", 1_200.5),
        (46_346.0, "Hall", "Hall and food", 80.0),
        (46_346.25, "Hall, paid back", "hall and food", -30.0),
        (46_345.0, "Wages", "staff", 1_000.0),
    ]) {
        sheet.write_number_with_format(row, 0, day, &date).expect("a workbook");
        sheet
            .write_string(row, 1, what)
            .expect("a workbook")
            .write_string(row, 2, kind)
            .expect("a workbook")
            .write_number(row, 3, paid)
            .expect("a workbook");
    }
    sheet.write_string(7, 2, "Total").expect("a workbook").write_number(7, 3, 2_250.5).expect("a workbook");
    book.save_to_buffer().expect("a workbook")
}

async fn read(place: &mut Visitor, site: &TestSite, name: &str, bytes: &[u8]) {
    place.open(&format!("{}/sheet", home(site).await)).await.must_be(200);
    place.form("Read it").attach("The spreadsheet", name, bytes);
    place.press("Read it").await;
}

both! {
    async fn what_was_spent_is_read_from_the_places_own_spreadsheet_and_known_the_next_time(site: TestSite) {
        let (_, mut place) = agreed(&site).await;
        read(&mut place, &site, "our spend.xlsx", &workbook()).await;
        place.page().must_be(200).must_say("From ‘our spend.xlsx’, sheet ‘Spend’, 5 rows").must_say("No row counts yet");
        // The columns are guessed; what the names stand for only the place knows. What was before the award’s first day does not count.
        place.form("Add it up again").choose("‘staff’ is", "People who do the work").choose("‘Hall and food’ is", "Community involvement");
        place.press("Add it up again").await.must_say("£1,200.50").must_say("£50").must_say("Rows that count: 3.").must_say("Rows of other days: 1.");
        // A name that nobody has said anything about is not passed over.
        place.form("Use these amounts");
        place.press("Use these amounts").await.must_be(422).must_say("Say what this is, or that its rows are left out");
        place.form("Use these amounts").choose("‘Total’ is", "Leave these rows out").fill("Only from", "soon");
        place.press("Use these amounts").await.must_be(422).must_say("Enter a date");
        assert_eq!(place.form("Use these amounts").value("Only from"), "soon");
        place.fill("Only from", &today().to_string());
        place.press("Use these amounts").await.must_say("Nothing is saved yet").must_say("our spend.xlsx");
        assert_eq!(holds(&site, "spent").await, 0, "nothing is noted before somebody has looked at it");
        assert_eq!(place.form("Save it for both sides").value("People who do the work"), "1,200.50");
        place.fill("Title", "Winter");
        place.press("Save it for both sides").await.must_say("What was spent stands in the ledger").must_say("£1,250.50");
        assert_eq!((holds(&site, "spent").await, holds(&site, "budget").await), (1_250, 48_749));
        // The next file, two days later, in another order and as CSV: everything is known, and what was noted is not counted again.
        site.clock().advance_seconds(2 * 86_400);
        let next = "Kind,Paid,Date\nSTAFF,10,20/11/2026\nhall  and food,\"£1,000.00\",21/11/2026\nTotal,1010,\n";
        read(&mut place, &site, "next.csv", next.as_bytes()).await;
        place.page().must_say("£1,000").must_say("Rows of other days: 1.");
        place.form("Use these amounts").fill("Only from", "");
        place.press("Use these amounts").await.must_say("Talk about award");
        let form = place.form("Save it for both sides");
        assert_eq!((form.value("People who do the work"), form.value("Community involvement")), ("10".into(), "1,000".into()));
        assert_eq!(form.value("When it happened"), "21 November 2026");
        // Where no column tells the day, everything counts again: that is said. Signs that nobody can see are passed over.
        read(&mut place, &site, "sums.csv", b"Ki\0nd,Paid\x1b\nst\0aff,1210.50\n").await;
        place.page().must_say("is noted already. Without a column of days every row counts");
        balanced(&site).await;
        site.journal_is_whole().await;
    }

    async fn a_spreadsheet_that_cannot_be_used_says_so_with_the_cell(site: TestSite) {
        let (_, mut place) = agreed(&site).await;
        for (name, bytes, said) in [
            ("notes.pdf", &b"%PDF"[..], "Choose a spreadsheet whose name ends in .xlsx or .csv"),
            ("spend.xlsx", b"not a workbook", "this file cannot be read as one"),
            ("empty.csv", b"", "There is nothing in this file"),
            ("one.csv", b"Kind,Paid\n", "There is nothing in this file"),
            ("gone.csv", b"Kind,Paid\n,", "There is nothing in this file"),
        ] {
            read(&mut place, &site, name, bytes).await;
            place.page().must_be(422).must_say(said);
        }
        place.form("Read it").press("Read it").await.must_be(422).must_say("Choose a spreadsheet");
        let wrong = "Line,Spent\nPeople who do the work,twelve\nPeople who do the work,€5\nCommunity involvement,-3\n";
        read(&mut place, &site, "spend.csv", wrong.as_bytes()).await;
        place.page().must_say("Cell B2: ‘twelve’ is no amount").must_say("Cell B3: ‘€5’ is not in pounds").must_say("£3 less than nought");
        assert!(!place.sees_button("Use these amounts"));
        // An amount that the line does not hold stops at the ledger, with all that was read still there.
        read(&mut place, &site, "spend.csv", b"Line,Spent\nPeople who do the work,30001\n").await;
        place.form("Use these amounts");
        place.press("Use these amounts").await.must_be(200);
        place.form("Save it for both sides").fill("Title", "Winter");
        place.press("Save it for both sides").await.must_be(422).must_say("holds £30,000");
        assert_eq!(holds(&site, "spent").await, 0);
    }

    async fn what_was_noted_wrongly_is_taken_back_with_a_reason_and_once(site: TestSite) {
        let (mut grants, mut place) = agreed(&site).await;
        let award = home(&site).await;
        place.open(&format!("{award}/talk")).await;
        place.form("Save it for both sides").fill("Title", "Autumn").fill("What there is to say", "We began.");
        place.fill("People who do the work", "4,000").fill("Community involvement", "10");
        place.press("Save it for both sides").await.must_be(200);
        place.open(&award).await.must_say("What was noted as spent");
        place.follow(&format!("Take back £4,000 for People who do the work, {}", today())).await.must_say("Take back what was noted as spent");
        let mut other = place.second_window();
        place.form("Take it back");
        place.press("Take it back").await.must_be(422).must_say("Say what is wrong with it");
        let (page, form) = (place.page().path.clone(), place.fill("What is wrong with it?", "It was £400").filled_form("Take it back"));
        place.send(&form).await.must_say("Taken back.").must_say("It was £400");
        assert_eq!((holds(&site, "spent").await, holds(&site, "budget").await), (10, 49_990));
        other.send(&form.with("once", "again")).await.must_be(409).must_say("It was taken back already");
        other.open(&page).await.must_be(409);
        assert_eq!(holds(&site, "budget").await, 49_990);
        // Twenty at once take back what is left of it: one does.
        place.open(&award).await;
        place.follow(&format!("Take back £10 for Community involvement, {}", today())).await;
        let form = place.form("Take it back").fill("What is wrong with it?", "It was nothing").filled_form("Take it back");
        let presses = (0..20).map(|n| {
            let (mut window, form) = (place.second_window(), form.clone().with("once", &format!("back-{n}")));
            async move { window.send(&form).await.status }
        });
        let done = futures::future::join_all(presses).await;
        assert_eq!(done.iter().filter(|s| **s == 200).count(), 1, "{done:?}");
        assert_eq!((holds(&site, "spent").await, holds(&site, "budget").await), (0, 50_000));
        // What was taken back is not noted: the next spreadsheet is read from the award’s first day on.
        read(&mut place, &site, "spend.csv", format!("Date,Line,Spent\n{},Community involvement,20\n", today().iso()).as_bytes()).await;
        assert_eq!(place.form("Use these amounts").value("Only from"), today().to_string());
        // Those who only see the money see that it was taken back, and take nothing back.
        let mut partner = site.signed_in_as("Partner organisation's representative, Riverside").await;
        partner.open(&award).await.must_say("It was £400").must_not_say("Take back £");
        partner.open(&page).await.must_be(403);
        grants.open(&format!("{}/entries", riverside())).await.must_say("Autumn");
        balanced(&site).await;
        site.journal_is_whole().await;
    }
}

both! {
    async fn awards_of_a_practice_programme_are_shown_as_they_would_be_published_and_not_published(site: TestSite) {
        let (mut grants, _) = agreed(&site).await;
        let publish = format!("{PRACTICE}/money/publish");
        grants.open(&publish).await.must_say("its awards are made up").must_say("It would be accepted.").must_say("RIVERSIDE-1");
        assert!(!grants.sees_button("Publish it"));
        let forced = grants.post(&publish, &[("_do", "publish")]).await;
        assert_eq!(forced.status, 409);
        assert_eq!(grants.get(&format!("{PRACTICE}/grants.json")).await.status, 404);
    }
}
