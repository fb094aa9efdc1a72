// Those who read a place's markers see it differently: those concerned are told, the sponsors decide together, one of them
// otherwise, and what was done stands beside the tipping point.
import { expect, test } from "./support/story.ts";

const home = "/programmes/practice-healthy-communities-together";
const place = `${home}/places/orchard-vale`;
const reached = "Orchard Vale: Readings of the strength of the partnership from the same round lie two points or more apart";
const decision = "A second consultant for Orchard Vale";

test("readings lie apart, a tipping point is reached, sponsors decide together, and what was done is recorded", async ({
  page, hands, signInAs, checkPage, pictures, server,
}) => {
  test.setTimeout(150_000);
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const field = (name: string) => page.getByLabel(name, { exact: true });
  const link = (name: string) => page.getByRole("link", { name, exact: true });
  const waiting = page.getByRole("region", { name: "What waits for you" });
  const strength = page.locator("#strength");

  // In the practice programme the project lead has not read yet. What the others read is left to chance, two points of the
  // scale at most, so that one of its ends lies far from them.
  let far = "";
  await test.step("the consultant has read, and sees the others’ readings as they come", async () => {
    await signInAs("Consultant, Orchard Vale");
    await page.goto(`${place}/markers`);
    await expect(strength).toContainText("Still to read: Project lead.");
    const readings = strength.getByRole("table", { name: /readings by round$/ }).locator("tbody tr td:nth-of-type(2)");
    const points = (await readings.allTextContents()).slice(0, 2).map((reading) => Number(reading.split(":")[0]));
    far = Math.max(...points) > 2 ? "1: It hangs on one person" : "5: Nobody could end it alone";
  });

  await test.step("the project lead reads alone, and lies apart", async () => {
    await signInAs("Project lead, Orchard Vale");
    await page.goto(place);
    await hands.press(link("Markers"));
    await hands.tick(strength.getByRole("radio", { name: far, exact: true }));
    await hands.write(field("Strength of the partnership: why"), "The tanglewharf agreement is signed by one of us.");
    await hands.press(button("Save my reading of strength of the partnership"));
    await expect(page.getByRole("status")).toContainText("Saved.");
    await expect(strength).toContainText(/the readings lie [234] points apart/);
    await pictures("markers-apart");
  });

  await test.step("those concerned are told, on their Today and by mail, and nobody else is", async () => {
    await signInAs("Consultant, Orchard Vale");
    await expect(waiting).not.toContainText(reached);
    for (const person of ["Support lead", "Grant manager"]) {
      await signInAs(person);
      await expect(waiting.getByRole("link", { name: reached })).toBeVisible();
    }
    await pictures("today-tipping");
    await server.mailTo("grant-manager@practice-healthy-communities-together.example", "Orchard Vale: a tipping point was reached");
  });

  await test.step("it calls for a conversation, which is written down for all who read the markers", async () => {
    await page.goto(`${place}/entries/new?kind=joint-review`);
    await hands.write(field("Title"), "Why we read it so differently");
    await hands.write(field("What we see differently, and why"), "Two of us see a partnership, one sees a signature.");
    await hands.write(field("What we agreed"), "To ask for somebody who helps large partners to let go.");
    await hands.press(button("Record"));
    await expect(page.getByRole("status")).toContainText("Recorded.");
    await checkPage();
    await pictures("joint-review");
  });

  await test.step("the funder writes a joint decision and assents to it", async () => {
    await signInAs("Programme lead, funder");
    await page.goto(`${place}/entries/new?kind=joint-decision`);
    await hands.write(field("Title"), decision);
    await hands.write(field("Options"), "Wait for the next round, or bring a second consultant in now.");
    await hands.write(field("What was decided"), "A second consultant, for half a year.");
    await hands.write(field("Reasons"), "By the next round the hospice may have left.");
    await checkPage();
    await pictures("joint-decision-write");
    await hands.press(button("Record"));
    await expect(page.locator("#voices")).toContainText("Nobody has said anything yet. Not said yet: The funder, The support partner.");
    await hands.press(link("Say how you see it"));
    await hands.tick(page.getByRole("radio", { name: "We assent", exact: true }));
    await hands.press(button("Say it"));
    await expect(page.getByRole("status")).toContainText("Said.");
    await expect(page.locator("#voices")).toContainText("We assent: 1 · We see it differently: 0. Not said yet: The support partner.");
  });

  await test.step("the support partner sees it differently, and has to say why", async () => {
    await signInAs("Programme lead, support partner");
    await hands.press(waiting.getByRole("link", { name: decision, exact: true }));
    await hands.tick(page.getByRole("radio", { name: "We see it differently", exact: true }));
    await hands.press(button("Say it"));
    await expect(page.getByRole("alert")).toContainText("Say why, so that it can be understood later");
    await expect(page.getByRole("radio", { name: "We see it differently", exact: true })).toBeChecked();
    await checkPage();
    await pictures("voice");
    await hands.write(field("Why"), "Two consultants halve the trust in one.");
    await hands.press(button("Say it"));
    const said = page.getByRole("table", { name: "What each says" }).getByRole("row").filter({ hasText: "The support partner" });
    await expect(said).toContainText("We see it differently");
    await expect(said).toContainText("Two consultants halve the trust in one.");
    await expect(page.locator("#voices")).toContainText("We assent: 1 · We see it differently: 1.");
    await checkPage();
    await pictures("joint-decision");
    await page.goto("/");
    await expect(waiting).not.toContainText(decision);
  });

  await test.step("what was done is said at the tipping point, and waits for nobody any more", async () => {
    await signInAs("Programme lead, funder");
    await hands.press(waiting.getByRole("link", { name: reached }));
    await hands.write(field("What was done, or why nothing was"), "We talked with all three, and a second consultant comes.");
    await checkPage();
    await pictures("tipping-answer");
    await hands.press(button("Save what was done"));
    await expect(page.getByRole("status")).toContainText("Saved.");
    await checkPage();
    await pictures("tipping-points");
    await signInAs("Grant manager");
    await expect(waiting).not.toContainText(reached);
    await page.goto(`${home}/tipping-points`);
    const row = page.getByRole("table", { name: "Reached" }).getByRole("row").filter({ hasText: reached.split(": ")[1] ?? "" });
    await hands.press(row.filter({ hasText: "Orchard Vale" }).getByRole("link", { name: "What was said" }));
    await expect(page.locator("main")).toContainText("a second consultant comes");
    await page.goto(`/search?q=hospice`);
    await expect(page.locator("main"), "the decision stays with the sponsors").not.toContainText(decision);
  });
});
