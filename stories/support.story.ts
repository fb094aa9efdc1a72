// Support and oversight: an agreement that changes what can be shared, consent, a challenge answered, a plan revised, a marker read.
import { expect, test } from "./support/story.ts";

const home = "/programmes/practice-healthy-communities-together";
const place = `${home}/places/weavers-green`;

test("a place and its consultant agree anew, and sharing follows what was agreed", async ({ page, hands, signInAs, checkPage, pictures }) => {
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const field = (name: string) => page.getByLabel(name, { exact: true });
  const link = (name: string) => page.getByRole("link", { name, exact: true });

  await test.step("the consultant writes an agreement that opens one way, with consent", async () => {
    await signInAs("Consultant, Weavers Green");
    await page.goto(`${place}/agreements`);
    await checkPage();
    await pictures("agreements");
    await hands.press(link("Renew it"));
    await checkPage();
    await pictures("agreement-new");
    await hands.write(field("Title"), "How we go on");
    const onlyOne = page.locator("details fieldset");
    // A hundred boxes: nobody's patience is at stake here.
    await onlyOne.locator("input:checked").evaluateAll((boxes) => boxes.forEach((box) => ((box as HTMLInputElement).checked = false)));
    await hands.press(page.locator("summary", { hasText: "From Support to Programme team" }));
    await hands.press(page.getByRole("group", { name: /^From Support to Programme team: parts of which entries\?/ }).getByLabel("Session", { exact: true }));
    await hands.press(page.getByRole("group", { name: /^From Support to Programme team: who agrees each time\?/ }).getByLabel("Project lead", { exact: true }));
    await hands.press(button("Offer it for signature"));
    await expect(page.getByRole("status")).toContainText("once both sides have signed");
    await hands.press(button("Sign for: Those who support"));
    await expect(page.getByRole("status")).toContainText("Signed.");
    await checkPage();
    await pictures("agreement");
  });

  await test.step("the place signs, and from then on it is in force", async () => {
    await signInAs("Project lead, Weavers Green");
    await page.goto("/");
    await hands.press(link("Sign the agreement with Weavers Green"));
    await hands.press(button("Sign for: The place"));
    await expect(page.getByRole("status")).toContainText("Signed by both sides.");
  });

  await test.step("two lines of a session wait for consent", async () => {
    await signInAs("Consultant, Weavers Green");
    await page.goto(`${place}/entries/new?kind=session`);
    await hands.write(field("Title"), "A frank talk");
    await hands.write(field("What there is to say"), "The corncrake of it stays between us.");
    await checkPage();
    await pictures("session-layers");
    await hands.press(button("Record"));
    await expect(page.getByRole("status")).toContainText("Recorded.");
    await hands.press(link("Share part of it"));
    await hands.write(field("Title"), "Where Weavers Green stands");
    await hands.write(field("What they will read"), "They ask for more time.");
    await hands.press(button("See it as they will"));
    await hands.press(button("Ask to share with Programme team"));
    await expect(page.getByRole("status")).toContainText("Asked.");
    await checkPage();
    await pictures("proposal");
  });

  await test.step("the project lead reads the words, and agrees", async () => {
    await signInAs("Project lead, Weavers Green");
    await page.goto("/");
    await hands.press(link("Agree to what is to be shared with Programme team, or decline"));
    await hands.press(button("Agree to share exactly this"));
    await expect(page.locator("main")).toContainText("They ask for more time.");
    await signInAs("Grant manager");
    await page.goto(`${place}/entries`);
    await expect(page.locator("main")).toContainText("Where Weavers Green stands");
    await expect(page.locator("main")).not.toContainText("corncrake");
  });
});

test("a challenge is answered, a plan is revised, and a marker is read alone", async ({ page, hands, signInAs, checkPage, pictures }) => {
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

  await test.step("the plan is written, and revised with a reason", async () => {
    await page.goto(`${place}/plan/edit`);
    await checkPage();
    await hands.write(field("Aims, line 1 (optional)"), "Nobody waits alone");
    await hands.write(field("Aims, line 2 (optional)"), "One front door");
    await hands.press(button("Save this version"));
    await expect(page.getByRole("status")).toContainText("Saved.");
    await hands.press(link("Revise the plan"));
    await hands.write(field("Aims, line 1 (optional)"), "Nobody waits alone, or at night");
    await hands.press(button("Save this version"));
    await expect(page.getByRole("alert")).toContainText("Say why it changes");
    await expect(field("Aims, line 1 (optional)")).toHaveValue("Nobody waits alone, or at night");
    await hands.write(field("Why it changes"), "We walked the estate after dark.");
    await hands.press(button("Save this version"));
    await expect(page.locator("main")).toContainText("We walked the estate after dark.");
    await checkPage();
    await pictures("plan");
    await hands.press(link("Lay two versions side by side"));
    await checkPage();
    await pictures("plan-compare");
  });

  await test.step("a marker is read before the others' readings are seen", async () => {
    await page.goto(`${place}/markers`);
    await checkPage();
    await hands.press(page.getByRole("group", { name: "Progress: how do you read it?" }).getByLabel("4: Some of it works"));
    await hands.write(field("Progress: why"), "Two of four things run.");
    await hands.press(button("Save my reading of progress"));
    await expect(page.getByRole("status")).toContainText("Saved.");
    await checkPage();
    await pictures("markers");
  });
});
