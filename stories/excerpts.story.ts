// What was said is marked with words that all share: by one for all who read it, by another apart, so that they can be compared;
// and across places it is counted, for whoever may read it.
import { expect, test } from "./support/story.ts";

const home = "/programmes/practice-healthy-communities-together";
const place = `${home}/places/riverside`;
const session = { title: "The wickerbridge session", text: "Nobody knew who decides about the wickerbridge. They asked twice. Somebody drew it on the wall." };
const summary = { title: "Who decides in Riverside", text: "They do not know who decides yet, and have begun to ask." };
const decides = "Who decides, by wickerbridge";
const heard = "Who is heard, by wickerbridge";

test("a passage is marked and given a theme, two readings are compared, and the theme is found across places", async ({
  page, hands, signInAs, checkPage, pictures,
}) => {
  test.setTimeout(150_000);
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const field = (name: string) => page.getByLabel(name, { exact: true });
  const link = (name: string) => page.getByRole("link", { name, exact: true });
  const box = (name: string) => page.getByRole("checkbox", { name, exact: true });
  const heading = (name: string) => page.getByRole("heading", { level: 1, name, exact: true });
  const main = page.locator("main");
  const rows = page.getByRole("row");
  const marked = page.locator("ol.excerpts > li");

  await test.step("those who keep the themes add two, each with what belongs to it", async () => {
    await signInAs("Learning capture team");
    await page.goto(`${home}/themes`);
    await expect(heading("Themes")).toBeVisible();
    await hands.press(button("Add it"));
    await expect(page.getByRole("alert")).toContainText("Give the theme a name");
    for (const theme of [decides, heard]) {
      await hands.write(field("Theme"), theme);
      await hands.write(field("What belongs to it"), "What people say of it, and not what we make of that.");
      await hands.press(button("Add it"));
      await expect(page.getByRole("status")).toContainText("Added.");
      await expect(link(theme)).toBeVisible();
    }
    await checkPage();
    await pictures("themes");
  });

  let entry = "";
  await test.step("the consultant marks a passage of a session, in the words that stand there", async () => {
    await signInAs("Consultant, Riverside");
    await page.goto(`${place}/entries/new?kind=session`);
    await hands.tick(page.getByRole("radio", { name: "Support", exact: true }));
    await hands.write(field("Title"), session.title);
    await hands.write(field("What there is to say"), session.text);
    await hands.press(button("Record"));
    await expect(page.getByRole("status")).toContainText("Recorded.");
    entry = new URL(page.url()).pathname;
    await hands.press(link("Excerpts"));
    await expect(heading("Excerpts")).toBeVisible();
    await hands.write(field("The words"), "Nobody knows who decides.");
    await hands.tick(box(decides));
    await hands.write(field("A note (optional)"), "The hub does, says the hub.");
    await hands.press(button("Mark it"));
    await expect(page.getByRole("alert")).toContainText("These words do not stand in the text like this");
    await expect(box(decides)).toBeChecked();
    await expect(field("A note (optional)")).toHaveValue("The hub does, says the hub.");
    await hands.write(field("The words"), "Nobody knew who decides about the wickerbridge.");
    await hands.press(button("Mark it"));
    await expect(page.getByRole("status")).toContainText("Marked. Whoever reads the entry sees it.");
    await expect(page.locator("main mark")).toHaveText("Nobody knew who decides about the wickerbridge.");
    await expect(page.locator("#excerpt-1")).toContainText("The hub does, says the hub.");
    await checkPage();
    await pictures("excerpts");
    await hands.press(link("Change excerpt 1"));
    await expect(heading("Excerpt")).toBeVisible();
    await checkPage();
    await pictures("excerpt");
  });

  await test.step("the learning lead reads the same apart, and then shows what they marked", async () => {
    await signInAs("Learning lead, Riverside");
    await page.goto(entry);
    await hands.press(link("Excerpts"));
    await expect(marked).toHaveCount(1);
    for (const [words, theme, count] of [["Nobody knew who decides about the wickerbridge.", decides, 2], ["They asked twice.", heard, 3]] as const) {
      await hands.write(field("The words"), words);
      await hands.tick(box(theme));
      await hands.tick(page.getByRole("checkbox", { name: /^Keep it to myself/ }));
      await hands.press(button("Mark it"));
      await expect(page.getByRole("status")).toContainText("Only you see it");
      await expect(marked).toHaveCount(count);
    }
    const theirs = new URL(page.url()).pathname;
    await signInAs("Consultant, Riverside");
    await page.goto(theirs);
    await expect(marked, "what is marked apart is seen by nobody else").toHaveCount(1);
    await expect(page.getByRole("link", { name: /^Compare what/ })).toHaveCount(0);
    await signInAs("Learning lead, Riverside");
    await page.goto(theirs);
    await hands.press(button("Show the 2 that only you see"));
    await expect(page.getByRole("status")).toContainText("Shown.");
  });

  await test.step("they look where they agree, and where they do not", async () => {
    await hands.press(link("Compare what 2 people marked"));
    await expect(heading("Two readings")).toBeVisible();
    await expect(rows.filter({ hasText: "Nobody knew who decides" })).toContainText("alike");
    await expect(rows.filter({ hasText: "They asked twice." })).toContainText("differently");
    await checkPage();
    await pictures("compare");
  });

  let shared = "";
  await test.step("the consultant shares a line of it with the programme team", async () => {
    await signInAs("Consultant, Riverside");
    await page.goto(entry);
    await hands.press(link("Share part of it"));
    await hands.tick(page.getByRole("radio", { name: "Programme team" }));
    await hands.write(field("Title"), summary.title);
    await hands.write(field("What they will read"), summary.text);
    await hands.press(button("See it as they will"));
    await hands.press(button("Share with Programme team"));
    await expect(page.getByRole("status")).toContainText("Shared.");
    shared = new URL(page.url()).pathname;
  });

  await test.step("the programme lead marks it, and finds the theme across places", async () => {
    await signInAs("Programme lead, funder");
    expect((await page.goto(`${entry}/excerpts`))?.status(), "the session is not for them").toBe(404);
    await page.goto(shared);
    await hands.press(link("Excerpts"));
    await hands.write(field("The words"), "They do not know who decides yet");
    await hands.tick(box(decides));
    await hands.press(button("Mark it"));
    await expect(page.getByRole("status")).toContainText("Marked.");
    await page.goto(`${home}/themes`);
    await hands.press(link("Themes, places and time, one against the other"));
    await expect(heading("Themes, places and time")).toBeVisible();
    const table = page.locator("#theme-table");
    await expect(table.getByRole("columnheader", { name: "Riverside" })).toBeVisible();
    await expect(table.getByRole("row").filter({ hasText: heard }), "it was seen only where they may not read").toHaveCount(0);
    await checkPage();
    await pictures("theme-table");
    await hands.press(link("Quarters"));
    await expect(link("Quarters")).toHaveAttribute("aria-current", "true");
    await expect(table.getByRole("row").filter({ hasText: decides })).toHaveCount(1);
    await checkPage();
    await hands.press(table.getByRole("row").filter({ hasText: decides }).getByRole("link", { name: "1", exact: true }).first());
    await expect(heading(decides)).toBeVisible();
    await expect(main).toContainText("They do not know who decides yet");
    await expect(main).not.toContainText("Nobody knew");
    await expect(main).not.toContainText(session.title);
    await checkPage();
    await pictures("theme");
  });
});
