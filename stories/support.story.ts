// A consultant's year with a place: an agreement that changes at the phase and with it what can be shared, consent, a
// challenge answered, a plan revised, a marker read.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/story.ts";

const home = "/programmes/practice-healthy-communities-together";
const place = `${home}/places/weavers-green`;

const aDay = 24 * 3600 * 1000;
const yesterday = new Date(Date.now() - aDay).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "Europe/London" });

/** Those with whom something of an entry can be shared, as they stand on its page for sharing. */
const sharedWith = (page: Page) => page.getByRole("group", { name: "Share it with" }).getByRole("radio");

test("a consultant’s year with a place: the agreement changes at the phase, and what happened before stays under the one before", async ({ page, hands, signInAs, visitor, checkPage, pictures }) => {
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const field = (name: string) => page.getByLabel(name, { exact: true });
  const link = (name: string) => page.getByRole("link", { name, exact: true });

  let before = "";
  await test.step("what stands lets a session be written for three circles at once, and shared further", async () => {
    await signInAs("Consultant, Weavers Green");
    await page.goto(`${place}/entries/new?kind=session`);
    await hands.write(field("Title"), "Before the new phase");
    await hands.write(field("When it happened"), yesterday);
    await hands.write(field("What there is to say"), "They are tired of the sandgrouse.");
    await hands.write(field("For Support team (optional)"), "Does anybody know the sandgrouse?");
    await hands.write(field("For Programme team (optional)"), "They may need a longer winter.");
    await hands.press(button("Record"));
    await expect(page.getByRole("status")).toContainText("each text in its circle");
    before = new URL(page.url()).pathname;
    await hands.press(link("Share part of it"));
    await expect(sharedWith(page)).toHaveCount(3);
  });

  await test.step("for the next phase the consultant writes an agreement that opens one way, with consent", async () => {
    // The list of agreements and the form for one are checked in the walk through all pages.
    await page.goto(`${place}/agreements`);
    await pictures("agreements");
    await hands.press(link("Renew it"));
    await pictures("agreement-new");
    await hands.write(field("Title"), "How we go on");
    await hands.choose(field("For which phase"), "Phase 2: delivery");
    const onlyOne = page.locator("details fieldset");
    // A hundred boxes: nobody's patience is at stake here.
    await onlyOne.locator("input:checked").evaluateAll((boxes) => boxes.forEach((box) => ((box as HTMLInputElement).checked = false)));
    await hands.press(page.locator("summary", { hasText: "From Support to Programme team" }));
    await hands.tick(page.getByRole("group", { name: /^From Support to Programme team: parts of which entries\?/ }).getByLabel("Session", { exact: true }));
    await hands.tick(page.getByRole("group", { name: /^From Support to Programme team: who agrees each time\?/ }).getByLabel("Project lead", { exact: true }));
    await hands.press(button("Offer it for signature"));
    await expect(page.getByRole("status")).toContainText("once both sides have signed");
    await hands.press(button("Sign for: Those who support"));
    await expect(page.getByRole("status")).toContainText("Signed.");
    await checkPage();
    await pictures("agreement");
  });

  const lead = await visitor();
  await test.step("the place signs, and from then on it is in force", async () => {
    const { page, hands } = lead;
    await lead.signInAs("Project lead, Weavers Green");
    await hands.press(page.getByRole("link", { name: "Sign the agreement with Weavers Green", exact: true }));
    await hands.press(page.getByRole("button", { name: "Sign for: The place", exact: true }));
    await expect(page.getByRole("status")).toContainText("Signed by both sides.");
    await expect(page.locator("main")).toContainText("With Weavers Green, for Phase 2: delivery: in force since");
  });

  await test.step("what could be shared the day before cannot be now, and two lines of a session wait for consent", async () => {
    await page.goto(`${place}/entries/new?kind=session`);
    await hands.write(field("Title"), "A frank talk");
    await hands.write(field("What there is to say"), "The corncrake of it stays between us.");
    await hands.write(field("For Support team (optional)"), "Has anybody met a corncrake?");
    await hands.press(button("Record"));
    await expect(page.getByRole("alert")).toContainText("The agreement with the place does not open this way");
    await checkPage();
    await pictures("session-layers");
    await hands.write(field("For Support team (optional)"), "");
    await hands.press(button("Record"));
    await expect(page.getByRole("status")).toContainText("Recorded.");
    await expect(page.locator("main")).toContainText("It cannot be shared with Learning, Support team: that was not agreed with the place when it happened.");
    await hands.press(link("Share part of it"));
    await expect(sharedWith(page)).toHaveCount(1);
    await hands.write(field("Title"), "Where Weavers Green stands");
    await hands.write(field("What they will read"), "They ask for more time.");
    await hands.press(button("See it as they will"));
    await hands.press(button("Ask to share with Programme team"));
    await expect(page.getByRole("status")).toContainText("Asked.");
    await checkPage();
    await pictures("proposal");
  });

  await test.step("the session of the day before goes where it could go then, and nobody is asked", async () => {
    await page.goto(before);
    await hands.press(link("Share part of it"));
    await expect(sharedWith(page)).toHaveCount(3);
    await hands.tick(page.getByRole("radio", { name: "Learning", exact: true }));
    await hands.write(field("Title"), "Tired, and not alone");
    await hands.write(field("What they will read"), "It comes up elsewhere as well.");
    await hands.press(button("See it as they will"));
    await hands.press(button("Share with Learning"));
    await expect(page.getByRole("status")).toContainText("Shared.");
  });

  await test.step("the project lead reads the words, and agrees", async () => {
    await lead.page.goto("/");
    await lead.hands.press(lead.page.getByRole("link", { name: "Agree to what is to be shared with Programme team, or decline", exact: true }));
    await lead.hands.press(lead.page.getByRole("button", { name: "Agree to share exactly this", exact: true }));
    await expect(lead.page.locator("main")).toContainText("They ask for more time.");
    await signInAs("Grant manager");
    await page.goto(`${place}/entries`);
    await expect(page.locator("main")).toContainText("Where Weavers Green stands");
    await expect(page.locator("main")).not.toContainText("corncrake");
  });
});

test("a challenge is answered, and a plan is revised", async ({ page, hands, signInAs, checkPage, pictures }) => {
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const field = (name: string) => page.getByLabel(name, { exact: true });
  const link = (name: string) => page.getByRole("link", { name, exact: true });

  await test.step("a challenge is said plainly", async () => {
    await signInAs("Consultant, Weavers Green");
    await page.goto(`${place}/entries/new?kind=challenge`);
    await hands.write(field("Title"), "Who decides here?");
    await hands.write(field("What there is to say"), "The hub decides before you meet.");
    await hands.press(button("Record"));
    await expect(page.getByRole("status")).toContainText("Recorded.");
    await checkPage();
    await pictures("challenge");
    await signInAs("Project lead, Weavers Green");
    await page.goto("/");
    await hands.press(link("Who decides here?").first());
    await hands.press(link("Answer"));
    await hands.write(field("What there is to say"), "We did not see it. We will send papers to all.");
    await hands.press(button("Answer"));
    await expect(page.locator("main")).toContainText("It is answered");
    await page.goto(`${place}/matters`);
    await checkPage();
    await pictures("matters");
  });

  await test.step("the plan is revised, with a reason", async () => {
    await page.goto(`${place}/plan`);
    await hands.press(link("Revise the plan"));
    await checkPage();
    await hands.write(field("Aims, line 1 (optional)"), "Nobody waits alone, or at night");
    await hands.press(button("Save this version"));
    await expect(page.getByRole("alert")).toContainText("Say why it changes");
    await expect(field("Aims, line 1 (optional)")).toHaveValue("Nobody waits alone, or at night");
    await hands.write(field("Why it changes"), "We walked the estate after dark.");
    await hands.press(button("Save this version"));
    await expect(page.locator("main")).toContainText("We walked the estate after dark.");
    await checkPage();
    await pictures("plan");
  });
});

test("a marker is read before the others’ readings are seen", async ({ page, hands, signInAs, checkPage, pictures }) => {
  // In the practice programme, of those who read markers here the consultant has not yet.
  await signInAs("Consultant, Riverside");
  await page.goto(`${home}/places/riverside/markers`);
  const progress = page.locator("#progress");
  const readings = progress.getByRole("table", { name: "Progress: readings by round" }).getByRole("row");
  await expect(progress).toContainText("Still to read: Consultant.");
  const seen = await readings.count();
  await hands.tick(page.getByRole("group", { name: "Progress: how do you read it?" }).getByLabel("4: Some of it works"));
  await hands.write(page.getByLabel("Progress: why", { exact: true }), "Two of four things run.");
  await hands.press(page.getByRole("button", { name: "Save my reading of progress", exact: true }));
  await expect(page.getByRole("status")).toContainText("Saved.");
  await expect(progress).toContainText("Everybody has read.");
  await expect(readings, "their own, and two others").toHaveCount(seen + 3);
  await checkPage();
  await pictures("markers");
});
