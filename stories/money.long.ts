// A grant from its award to a later end: offered and signed, paid by two people, talked about, changed, extended.
import { expect, test } from "./support/story.ts";

const home = "/programmes/practice-healthy-communities-together";
const place = `${home}/places/riverside`;
const today = new Date().toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "Europe/London" });
const later = (months: number) => {
  const day = new Date();
  day.setDate(1);
  day.setMonth(day.getMonth() + months);
  return day.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
};

test("a place is awarded a grant, is paid, tells what it spent, moves money and ends later", async ({ page, hands, signInAs, checkPage, pictures }) => {
  test.setTimeout(180_000);
  const button = (name: string | RegExp) => page.getByRole("button", { name, exact: typeof name === "string" });
  const field = (name: string) => page.getByLabel(name, { exact: true });

  await test.step("money is committed, and an award is drafted", async () => {
    await signInAs("Grant manager");
    await page.goto(`${home}/money/commit`);
    await checkPage();
    await hands.tick(page.getByRole("radio", { name: "Development grants" }));
    await hands.write(field("How much?"), "300,000");
    await hands.write(field("On what ground?"), "The boards have decided");
    await hands.press(button("Note it"));
    await expect(page.getByRole("status")).toContainText("Committed.");
    await page.goto(place);
    await hands.press(page.getByRole("link", { name: "Make an award" }));
    await checkPage();
    await pictures("award-new");
    await hands.tick(page.getByRole("radio", { name: "Riverside Voluntary Action, which leads" }));
    await hands.tick(page.getByRole("radio", { name: "Development grants" }));
    await hands.write(field("How much is it?"), "50,000");
    await hands.write(field("It starts on"), today);
    await hands.write(field("It ends on"), later(9));
    await hands.write(field("What is it for?"), "To begin, together.");
    await hands.press(button("Go on to the budget"));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Budget of award RIVERSIDE-1");
    await checkPage();
    await pictures("award-budget");
    await hands.write(field("People who do the work"), "30,000");
    await hands.write(field("Community involvement"), "20,000");
    await hands.press(button("Save the budget"));
    await hands.press(page.getByRole("link", { name: "Set the instalments" }));
    await checkPage();
    await pictures("award-instalments");
    await hands.write(field("Amount of instalment 1"), "20,000");
    await hands.write(field("Instalment 1 is due on (optional)"), today);
    await hands.write(field("Amount of instalment 2 (optional)"), "30,000");
    await hands.write(field("What has to have happened before instalment 2 (optional)"), "A plan that all partners stand behind");
    await hands.press(button("Save the instalments"));
    await checkPage();
    await pictures("award-draft");
    await hands.press(button("Offer it to the place"));
    await expect(page.getByRole("status")).toContainText("Offered.");
  });
  const award = new URL(page.url()).pathname;

  await test.step("both sides sign the same text", async () => {
    await page.goto(`${award}/agreement`);
    await hands.press(button("Sign for the funder"));
    await expect(page.getByRole("status")).toContainText("The other side has still to sign");
    await signInAs("Project lead, Riverside");
    await page.goto(`${award}/agreement`);
    await checkPage();
    await pictures("award-agreement");
    await hands.press(button("Sign for the place"));
    await expect(page.getByRole("status")).toContainText("The award is in force");
  });

  await test.step("two people approve the first instalment, and it is paid; then the second, once its milestone is reached", async () => {
    for (const [number, reference] of [[1, "BACS 17"], [2, "BACS 18"]] as const) {
      await signInAs("Programme lead, funder");
      await page.goto(`${home}/money/payments`);
      await hands.press(button(`Approve RIVERSIDE-1, instalment ${number}`));
      await expect(page.getByRole("status")).toContainText("Approved.");
      await signInAs("Grant manager");
      await page.goto(`${home}/money/payments`);
      await checkPage();
      if (number === 1) await pictures("payments");
      await hands.press(button(`Approve RIVERSIDE-1, instalment ${number}`));
      await hands.press(button("Make a payment file of these 1"));
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Payment file \d+$/);
      await hands.write(field("Paid on"), today);
      await hands.write(field("Reference"), reference);
      await checkPage();
      if (number === 1) await pictures("payment-file");
      await hands.press(button("Note them as paid"));
      await expect(page.getByRole("status")).toContainText("Noted as paid.");
      await page.goto(award);
      if (number === 1) {
        await hands.press(button("It has happened before instalment 2"));
        await expect(page.getByRole("status")).toContainText("it has happened");
      }
    }
  });

  await test.step("they talk, and what was spent goes with it", async () => {
    await signInAs("Project lead, Riverside");
    await page.goto(`${award}/talk`);
    await checkPage();
    await pictures("award-talk");
    await hands.write(field("Title"), "How the autumn went");
    await hands.write(field("What there is to say"), "Two people work with us, and thirty come every week.");
    await hands.write(field("People who do the work (optional)"), "31,000");
    await hands.press(button("Save it for both sides"));
    await expect(page.getByRole("alert")).toContainText("holds £30,000");
    await expect(field("What there is to say")).toHaveValue(/thirty come every week/);
    await hands.write(field("People who do the work (optional)"), "12,000");
    await hands.press(button("Save it for both sides"));
    await expect(page.getByRole("status")).toContainText("What was spent stands in the ledger");
  });

  await test.step("the place reads what it spent from its own spreadsheet, and takes one of it back", async () => {
    await hands.press(page.getByRole("link", { name: "Read it from a spreadsheet" }));
    await checkPage();
    await pictures("award-sheet");
    const rows = `Our own book,,\nDate,What for,Paid\n${today},Bus fares,120.50\n${today},Bus fares,\"1,000.00\"\n,Total,1120.50\n`;
    await page.getByLabel("The spreadsheet").setInputFiles({ name: "our book.csv", mimeType: "text/csv", buffer: Buffer.from(rows) });
    await hands.press(button("Read it"));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("What the spreadsheet says");
    // Something was noted for today already, so that the sheet would be read from tomorrow on.
    await hands.write(field("Only from (optional)"), today);
    await hands.choose(page.getByLabel("‘Bus fares’ is"), "Community involvement");
    await hands.press(button("Add it up again"));
    await expect(page.getByRole("table", { name: "Spent, by line of the budget" })).toContainText("£1,120.50");
    await checkPage();
    await pictures("award-sheet-match");
    await hands.press(button("Use these amounts"));
    await expect(page.getByRole("alert")).toContainText("Say what this is, or that its rows are left out");
    await hands.choose(page.getByLabel("‘Total’ is"), "Leave these rows out");
    await hands.press(button("Use these amounts"));
    await expect(page.getByText("Nothing is saved yet")).toBeVisible();
    await expect(field("Community involvement (optional)")).toHaveValue("1,120.50");
    await hands.write(field("Title"), "What the buses cost");
    await hands.press(button("Save it for both sides"));
    await expect(page.getByRole("status")).toContainText("What was spent stands in the ledger");
    await hands.press(page.getByRole("link", { name: /^Take back £1,120.50 for Community involvement/ }));
    await checkPage();
    await pictures("award-take-back");
    await hands.write(field("What is wrong with it?"), "The council paid the buses.");
    await hands.press(button("Take it back"));
    await expect(page.getByRole("table", { name: "What was noted as spent" })).toContainText("The council paid the buses.");
  });

  await test.step("the place moves money, with what it has learnt", async () => {
    await hands.press(page.getByRole("link", { name: "Propose to move money, or to end later" }));
    await checkPage();
    await pictures("award-change");
    await hands.write(field("What have you learnt that makes this right?"), "People come when the bus is paid.");
    await hands.write(field("People who do the work, year 1"), "26,000");
    await hands.write(field("Community involvement, year 1"), "24,000");
    await hands.press(button("Propose it"));
    await expect(page.getByRole("status")).toContainText("Those who have to approve it have been told");
    await checkPage();
    await signInAs("Grant manager");
    await page.goto(`${award}/changes/2`);
    await checkPage();
    await pictures("award-change-answer");
    await hands.press(button("Approve it as grant manager"));
    await expect(page.getByRole("status")).toContainText("Approved, and in force.");
  });

  await test.step("underspend is foreseen, and the place ends later with a plan", async () => {
    await signInAs("Project lead, Riverside");
    await page.goto(`${award}/change`);
    await hands.write(field("What have you learnt that makes this right?"), "It takes longer than we thought.");
    await hands.write(field("A later end (optional)"), later(12));
    await hands.write(field("What will you do in the time that this adds? (optional)"), "Two more forums, and a handover.");
    await hands.press(button("Propose it"));
    for (const [person, role] of [["Grant manager", "grant manager"], ["Programme lead, funder", "programme lead"]] as const) {
      await signInAs(person);
      await page.goto(`${award}/changes/3`);
      await hands.press(button(`Approve it as ${role}`));
      await expect(page.getByRole("status")).toContainText(role === "grant manager" ? "Others have still to approve it" : "Approved, and in force.");
    }
    await page.goto(award);
    await checkPage();
    await pictures("award");
    await expect(page.getByRole("table", { name: "The budget through its versions" })).toContainText("£24,000");
    await page.goto(`${home}/money`);
    await checkPage();
    await pictures("money");
    await expect(page.getByRole("table", { name: "Money by line" })).toContainText("£300,000");
    await signInAs("Community member, Riverside");
    await page.goto(award);
    await checkPage();
    await page.goto(`${home}/money`);
    await expect(page.getByText("By line")).toHaveCount(0);
  });
});
