// Sponsors choose with the scores before them, everybody is told, and one that follows in reserve moves up.
import { letThem } from "./support/applying.ts";
import { expect, test } from "./support/story.ts";

const home = "/programmes/practice-healthy-communities-together";
const call = `${home}/calls/application`;

test("scores are read, several are decided on together, everybody is told, and a reserve moves up", async ({ page, hands, signInAs, checkPage, pictures }) => {
  test.setTimeout(180_000);
  const button = (name: string) => page.getByRole("button", { name, exact: true });

  await test.step("an assessor says what they bring, and reads by one criterion", async () => {
    await signInAs("Assessor 1");
    await page.goto(`${call}/reading/you`);
    await hands.tick(page.getByRole("checkbox", { name: "I have lived experience of what the call is about" }));
    await checkPage();
    await pictures("what-you-bring");
    await hands.press(button("Save"));
    await expect(page.getByRole("status")).toContainText("The next allocation goes by it");
    await page.goto(`${call}/reading`);
    await hands.press(page.getByRole("link", { name: /^Score .* by Would it go on\?$/ }).first());
    await expect(page.getByRole("heading", { name: "What they wrote, for “Would it go on?”" })).toBeVisible();
    await checkPage();
    await pictures("read-by-criterion");
  });

  await test.step("whoever runs the call lets the others read and decide", async () => {
    await signInAs("Programme lead, funder");
    await letThem(page, hands, call, "Let them read", () => hands.tick(page.getByRole("radio", { name: "Nobody", exact: true })));
  });

  await test.step("two that are clearly not chosen are decided on together", async () => {
    await page.goto(`${call}/forum?outcome=none&sort=score`);
    const ticks = page.getByRole("group", { name: "Tick those of which the same is to be said" }).getByRole("checkbox");
    for (const number of [0, 1]) await hands.tick(ticks.nth(number));
    await checkPage();
    await pictures("forum-ticks");
    await hands.press(button("Decide on those ticked together"));
    await expect(page.getByRole("heading", { level: 1, name: "Decide on 2 together" })).toBeVisible();
    await hands.tick(page.getByRole("radio", { name: "Not chosen", exact: true }));
    await hands.write(page.getByLabel("Reasons", { exact: true }), "Neither says who else decides.");
    await hands.write(page.getByLabel("Feedback to the applicant"), "Say who decides, and how that came about.");
    await hands.press(page.locator("#these summary").first());
    await hands.write(page.getByLabel(/should hear besides/).first(), "Your choir is known beyond your town.");
    await checkPage();
    await hands.press(button("Propose it for those ticked"));
    await expect(page.getByRole("alert")).toContainText("Enter who was present");
    await checkPage();
    await pictures("decide-together");
    await hands.write(page.getByLabel("Who was present?"), "Both sponsors");
    await hands.press(button("Propose it for those ticked"));
    await expect(page.getByRole("status")).toContainText("Each of these decisions counts once");
  });

  await test.step("both sponsors assent to each of them, and the rest is decided", async () => {
    for (const person of ["Panel member, support partner", "Programme lead, funder"]) {
      await signInAs(person);
      await page.goto(`${call}/assents`);
      for (const box of await page.getByRole("checkbox").all()) await hands.tick(box);
      await hands.press(button("Assent to those ticked"));
      await expect(page.getByRole("status")).toContainText("assent is noted");
    }
    await letThem(page, hands, call, "Let them decide");
    await page.goto(`${call}/forum`);
    await hands.press(page.getByRole("link", { name: "Score", exact: true }));
    await expect(page.getByRole("link", { name: "Score", exact: true })).toHaveAttribute("aria-current", "true");
    await expect(page.getByRole("img", { name: "What they ask for, against what there is" })).toBeVisible();
    await checkPage();
    await pictures("forum-scores");
    await page.goto(`${call}/release`);
    await hands.tick(page.getByRole("checkbox", { name: /^Tell (all|the one)/ }));
    await hands.press(button("Tell everybody now"));
    await expect(page.getByRole("status")).toContainText("Everybody is told");
  });

  await test.step("a place falls through, and a new decision is proposed", async () => {
    await page.goto(`${call}/forum`);
    await checkPage();
    await pictures("forum-told");
    await hands.press(page.locator("#since").getByRole("link").first());
    await expect(page.getByRole("heading", { name: "Decide anew" })).toBeVisible();
    await hands.tick(page.getByRole("radio", { name: "Chosen", exact: true }));
    await hands.write(page.getByLabel("Reasons"), "It is the next in order.");
    await hands.write(page.getByLabel("Feedback to the applicant"), "A place has come free.");
    await hands.write(page.getByLabel("Who was present?"), "Both sponsors");
    await hands.press(button("Propose this instead"));
    await expect(page.getByRole("heading", { name: "Proposed since everybody was told" })).toBeVisible();
    await hands.press(button("The funder assents to this"));
    await expect(page.getByRole("status")).toContainText("assent is noted");
  });
  const decision = new URL(page.url()).pathname;

  await test.step("the other sponsor assents, and the applicant is told", async () => {
    await signInAs("Panel member, support partner");
    await page.goto(decision);
    await hands.press(button("The support partner assents to this"));
    await expect(page.getByRole("status")).toContainText("it counts once the applicant is told");
    await signInAs("Programme lead, funder");
    await hands.press(page.getByRole("link", { name: /^Tell .* what was decided anew$/ }));
    await checkPage();
    await pictures("decided-anew");
    await hands.press(button("Tell the applicant now"));
    await expect(page.getByRole("status")).toContainText("Told.");
    await expect(page.getByRole("heading", { name: "Earlier decisions" })).toBeVisible();
  });

  await test.step("a form can be read from a workbook", async () => {
    await page.goto(`${home}/design/form-from-workbook`);
    await checkPage();
    await hands.press(button("Read it"));
    await expect(page.getByRole("alert")).toContainText("Choose a workbook");
    await checkPage();
    await pictures("form-from-workbook");
  });
});
