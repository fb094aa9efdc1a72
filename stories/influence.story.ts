// A place asks a sponsor to use its name. The sponsor says that it will, does it, and the place says what came of it; how often
// that happens is counted, and both sides see the same count.
import { expect, test } from "./support/story.ts";

const home = "/programmes/practice-healthy-communities-together";
const influence = `${home}/influence`;
const letter = "A word for the grindlestone group";

test("a place asks for backing, and both sides see what came of it", async ({ page, hands, signInAs, checkPage, pictures }) => {
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const field = (name: string) => page.getByLabel(name, { exact: true });
  const link = (name: string) => page.getByRole("link", { name, exact: true });
  const waits = () => page.getByRole("region", { name: "What waits for you" }).getByRole("link", { name: letter, exact: true });
  const counted = () =>
    page.getByRole("table", { name: "Who asked, and what became of it" }).getByRole("row").filter({ hasText: "Orchard Vale" });
  const take = async (name: string, part: string, words: string) => {
    await hands.press(link(name));
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    await hands.write(field(part), words);
    await checkPage();
    await hands.press(button(name));
    await expect(page.getByRole("status")).toContainText("Saved.");
  };

  await test.step("the place asks somebody who can open a door", async () => {
    await signInAs("Project lead, Orchard Vale");
    await page.goto(`${home}/needs`);
    await hands.press(link("Influence"));
    await expect(page.getByRole("heading", { level: 1, name: "Influence" })).toBeVisible();
    await expect(page.locator("#backing")).toContainText("No ask for backing that you may read");
    await checkPage();
    await pictures("influence-before");
    await hands.press(link("Record: ask for backing, for Orchard Vale"));
    await hands.write(field("Title"), letter);
    await hands.write(field("What we ask you to do"), "Write to those who let the hall, and say why you support the group.");
    await hands.write(field("Why you, and why now"), "The lease ends in spring, and they read what you sign.");
    await hands.choose(field("To whom"), "Programme lead, funder");
    await checkPage();
    await hands.press(button("Record"));
    await expect(page.getByRole("status")).toContainText("Recorded.");
    await expect(page.locator("#became")).toContainText(/It is with Programme lead, funder\. Expected by/);
  });
  const asked = new URL(page.url()).pathname;

  await test.step("the sponsor says that it will, and does it", async () => {
    await signInAs("Programme lead, funder");
    await hands.press(waits());
    await take("Say that you will", "What you will do, and by when", "We write this week.");
    await expect(page.locator("#became")).toContainText("It is promised.");
    await take("Say that it is done", "What was done, and with whom", "They have the letter, and rang at once.");
    await expect(page.locator("#became")).toContainText("It is done.");
  });

  await test.step("the place says what came of it", async () => {
    await signInAs("Project lead, Orchard Vale");
    await hands.press(waits());
    await take("Say what came of it", "What came of it", "The lease runs for three more years.");
    await expect(page.locator("#became")).toContainText("It is closed, and led to something.");
    await pictures("ask-for-backing");
  });

  await test.step("both sides see the same count", async () => {
    await page.goto(influence);
    await expect(counted()).toContainText(/Orchard Vale\s*1\s*1\s*0\s*1\s*1\s*0/);
    const seen = (await counted().textContent()) ?? "";
    await expect(page.locator("#backing")).toContainText("None is open.");
    await checkPage();
    await pictures("influence-place");
    await signInAs("Programme lead, funder");
    await page.goto(influence);
    await expect(counted()).toHaveText(seen);
    await expect(page.locator("#stages")).toContainText("Never stood anywhere");
    await checkPage();
    await pictures("influence-sponsor");
  });

  await test.step("another place reads nothing of it", async () => {
    await signInAs("Project lead, Weavers Green");
    await page.goto(influence);
    await expect(page.getByRole("heading", { level: 1, name: "Influence" })).toBeVisible();
    await expect(counted()).toHaveCount(0);
    expect((await page.goto(asked))?.status()).toBe(404);
    await expect(page.locator("main")).not.toContainText(letter);
  });
});
