// Plans are expected to change, and experiments to be stopped: what becomes of both is there for everybody to see.
import { expect, test } from "./support/story.ts";

const home = "/programmes/practice-healthy-communities-together";
const place = `${home}/places/orchard-vale`;

test("a plan is revised three times, and each change can be followed to its reason", async ({ page, hands, signInAs, checkPage, pictures }) => {
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const field = (name: string) => page.getByLabel(name, { exact: true });
  const link = (name: string) => page.getByRole("link", { name, exact: true });
  const aims = page.getByRole("group", { name: "Aims" }).getByRole("textbox");

  const revise = async (person: string, change: () => Promise<void>, why: string) => {
    await test.step(`${person}: ${why}`, async () => {
      await signInAs(person);
      await page.goto(`${place}/plan`);
      await hands.press(link("Revise the plan"));
      await change();
      await hands.write(field("Why it changes"), why);
      await hands.press(button("Save this version"));
      await expect(page.getByRole("status")).toContainText("Saved.");
      await expect(page.getByRole("row").filter({ hasText: why })).toContainText(person);
    });
  };
  // Where the first free line of the aims is, under those that were there before.
  let free = 0;
  await revise("Project lead, Orchard Vale", async () => {
    await checkPage();
    await pictures("plan-edit");
    free = (await aims.evaluateAll((all) => all.map((a) => (a as HTMLInputElement).value))).filter((text) => text !== "").length;
    await hands.write(aims.nth(free), "A door that opens at night");
  }, "Most of those who came to the wakehouse came after ten.");
  await revise("Learning lead, Orchard Vale", async () => {
    await hands.write(aims.nth(free), "A door that opens at night, with somebody behind it");
  }, "An open door alone made nobody come in.");
  await revise("Partner organisation's representative, Orchard Vale", async () => {
    await hands.write(aims.nth(free), "");
    await hands.write(field("Milestones, line 1: by when (optional)"), "1 May 2099");
  }, "The hospice opened one, and we send people there.");

  await test.step("two versions stand side by side, with what happened in between", async () => {
    await hands.press(link("Lay two versions side by side"));
    const [earlier, later] = [field("The earlier"), field("The later")];
    await hands.choose(earlier, (await earlier.locator("option").nth(3).textContent()) ?? "");
    await hands.choose(later, (await later.locator("option").nth(4).textContent()) ?? "");
    await hands.press(button("Compare"));
    const changed = page.getByRole("row").filter({ hasText: "A door that opens at night" });
    await expect(changed).toHaveCount(1);
    await expect(changed.locator("ins")).toContainText("somebody behind it");
    await expect(page.locator("main")).toContainText("Version 5, ");
    await expect(page.locator("main")).toContainText("Learning lead, Orchard Vale: An open door alone made nobody come in.");
    await expect(page.locator("main"), "what came later is another comparison").not.toContainText("The hospice opened one");
    await checkPage();
    await pictures("plan-compare");
  });

  await test.step("the whole story of a line stands on one line", async () => {
    await page.goto(`${place}/plan`);
    await expect(page.locator("#story .govuk-body-l")).toContainText(/Of the \d+ lines of the first version/);
    const story = page.getByRole("table", { name: "Every line through the versions" });
    await expect(story.getByRole("row").filter({ hasText: "A door that opens at night" }).getByRole("cell")).toHaveText([
      "Aims", "—", "—", "—", "new", "changed", "—",
    ]);
    await checkPage();
    await pictures("plan-story");
  });
});

test("one experiment is adapted and adopted, another is stopped, and the board shows both", async ({ page, hands, signInAs, checkPage, pictures }) => {
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const field = (name: string) => page.getByLabel(name, { exact: true });
  const link = (name: string) => page.getByRole("link", { name, exact: true });

  const begin = async (title: string, try_: string) => {
    await page.goto(`${place}/entries/new?kind=experiment`);
    await hands.tick(page.getByRole("radio", { name: "Support", exact: true }));
    await hands.write(field("Title"), title);
    await hands.write(field("What we believe"), "People come where others are.");
    await hands.write(field("What we try"), try_);
    await hands.write(field("What we will watch"), "Who comes twice.");
    await hands.press(button("Record"));
    await expect(page.getByRole("status")).toContainText("Recorded.");
    return new URL(page.url()).pathname;
  };
  const step = async (experiment: string, name: string, words: Record<string, string>) => {
    await page.goto(experiment);
    await hands.press(page.locator("#became .entry-actions").getByRole("link", { name, exact: true }));
    for (const [label, text] of Object.entries(words)) await hands.write(field(label), text);
    await hands.press(button(name));
    await expect(page.getByRole("status")).toContainText("Saved.");
  };
  const onTheBoard = (title: string) => page.locator("main tbody tr").filter({ hasText: title });
  const seen = (happened: string) => ({ "What happened": happened, "So what": "It is not the room.", "Now what": "We look at the hour." });
  let supper = "";
  let bus = "";

  await test.step("the place tries two things", async () => {
    await signInAs("Learning lead, Orchard Vale");
    supper = await begin("The lanternfish supper", "A long table on Tuesdays.");
    await checkPage();
    await pictures("experiment");
    bus = await begin("The quibblebus", "A bus to the clinic.");
  });

  await test.step("the first is looked at and adapted, and waits to be looked at again", async () => {
    await step(supper, "Say what happened", seen("Four came, and stayed late."));
    await step(supper, "Adapt it", { "What we try now": "The same table, at nine." });
    await page.goto(`${place}/matters?kind=experiment`);
    await expect(onTheBoard("The lanternfish supper")).toContainText("adapted");
    await expect(onTheBoard("The quibblebus")).toContainText("open");
    await checkPage();
    await pictures("board-open");
  });

  await test.step("those who support the place look too: one is adopted, one is stopped", async () => {
    await signInAs("Consultant, Orchard Vale");
    await step(supper, "Say what happened", seen("Twenty came."));
    await step(supper, "Adopt it", { "What there is to say": "It is on every week, and the choir pays for the soup." });
    await expect(page.locator("#became")).toContainText("It is adopted.");
    await checkPage();
    await pictures("experiment-adopted");
    await step(bus, "Stop it", { Why: "The clinic moved to the high street." });
    await expect(page.locator("#became")).toContainText("It is stopped.");
  });

  await test.step("what was stopped is worth as much room on the board as what was adopted", async () => {
    await page.goto(`${place}/matters`);
    await hands.press(link("Closed"));
    await hands.press(link("Experiment"));
    await expect(onTheBoard("The lanternfish supper")).toContainText("adopted");
    await expect(onTheBoard("The quibblebus")).toContainText("stopped");
    await checkPage();
    await pictures("board-closed");
  });
});
