// What a consultant writes with a place stays with those two, what they choose to pass on goes further, and roles that
// change hands take the reading with them.
import type { Page } from "@playwright/test";
import { type Visitor, expect, test } from "./support/story.ts";

const home = "/programmes/practice-healthy-communities-together";
const meeting = { title: "The quarrelbrook meeting", text: "Nobody wanted to chair, and we said so: vexillomatic." };
const summary = {
  title: "Where the place stands",
  text: "The partners met and talked plainly.\nThey ask for a plumbograph before spring.",
};

/** What somebody comes upon when they look for a word. */
async function find(page: Page, word: string) {
  await page.goto(`/search?q=${word}`);
  await expect(page.getByRole("heading", { name: "Search", exact: true })).toBeVisible();
  return page.locator("main");
}

async function readsBoth({ page }: Visitor, session: string, shared: string) {
  await page.goto(`${home}/places/lantern-hill/entries`);
  await expect(page.getByRole("link", { name: meeting.title })).toBeVisible();
  await expect(page.getByRole("link", { name: summary.title })).toBeVisible();
  await page.goto(session);
  await expect(page.getByText("vexillomatic")).toBeVisible();
  await page.goto(shared);
  await expect(page.getByText("plumbograph")).toBeVisible();
  await expect(await find(page, "vexillomatic")).toContainText(meeting.title);
  await expect(await find(page, "plumbograph")).toContainText(summary.title);
}

async function doesNotRead(page: Page, entry: string, title: string, word: string) {
  const reply = await page.goto(entry);
  expect(reply?.status(), "as if there were no such page").toBe(404);
  for (const behind of ["history", "share", "change"]) {
    expect((await page.request.get(`${entry}/${behind}`)).status(), behind).toBe(404);
  }
  const found = await find(page, word);
  await expect(found).toContainText("Nothing that you may read holds");
  for (const list of ["/", `${home}/entries`, `${home}/places/lantern-hill`, `${home}/places/lantern-hill/entries`]) {
    const text = await (await page.request.get(list)).text();
    expect(text, list).not.toContain(title);
    expect(text, list).not.toContain(word);
  }
}

test("a session stays in its circle, a summary goes further, and a successor takes over", async ({
  page, hands, signInAs, visitor, checkPage, pictures, server,
}) => {
  test.setTimeout(150_000);

  await test.step("the consultant records a session", async () => {
    await signInAs("Consultant, Lantern Hill");
    await hands.press(page.getByRole("table").getByRole("link", { name: "Lantern Hill", exact: true }));
    await expect(page.getByRole("heading", { level: 1, name: "Lantern Hill" })).toBeVisible();
    await hands.press(page.getByRole("link", { name: "Record an entry" }));
    await expect(page.getByRole("heading", { level: 1, name: "Record: session" })).toBeVisible();
    await checkPage();
    await hands.tick(page.getByRole("radio", { name: "Support", exact: true }));
    await hands.write(page.getByLabel("Title"), meeting.title);
    await hands.write(page.getByLabel("What there is to say"), meeting.text);
    await hands.press(page.getByRole("button", { name: "Record", exact: true }));
    await expect(page.getByRole("status")).toContainText("Recorded.");
    await expect(page.getByRole("heading", { level: 1, name: meeting.title })).toBeVisible();
    await expect(page.getByText("3 people: consultant, project lead, learning lead")).toBeVisible();
    await checkPage();
    await pictures("session");
  });
  const session = new URL(page.url()).pathname;

  await test.step("the consultant shares two lines with the programme team, after seeing them as they will", async () => {
    await hands.press(page.getByRole("link", { name: "Share part of it" }));
    await expect(page.getByRole("heading", { level: 1, name: "Share part of this entry" })).toBeVisible();
    await hands.tick(page.getByRole("radio", { name: "Programme team" }));
    await hands.write(page.getByLabel("Title"), summary.title);
    await hands.write(page.getByLabel("What they will read"), summary.text);
    await hands.press(page.getByRole("button", { name: "See it as they will" }));
    await expect(page.getByRole("heading", { level: 1, name: "Look before you share" })).toBeVisible();
    await expect(page.locator(".extract")).toContainText("plumbograph");
    await expect(page.locator("main")).not.toContainText("vexillomatic");
    await checkPage();
    await pictures("preview");
    await hands.press(page.getByRole("button", { name: "Share with Programme team" }));
    await expect(page.getByRole("status")).toContainText("Shared.");
    await expect(page.locator(".extract")).toContainText("plumbograph");
  });
  const shared = new URL(page.url()).pathname;

  await test.step("the place's project lead reads both", async () => {
    const lead = await visitor();
    await lead.signInAs("Project lead, Lantern Hill");
    await readsBoth(lead, session, shared);
  });

  await test.step("the grant manager reads the summary only", async () => {
    const grants = await visitor();
    await grants.signInAs("Grant manager");
    await grants.page.goto(`${home}/places/lantern-hill/entries`);
    await grants.hands.press(grants.page.getByRole("link", { name: summary.title }));
    await expect(grants.page.locator(".extract")).toContainText("plumbograph");
    await expect(grants.page.locator("main")).not.toContainText(meeting.title);
    await expect(await find(grants.page, "plumbograph")).toContainText(summary.title);
    await doesNotRead(grants.page, session, meeting.title, "vexillomatic");
    await expect(await find(grants.page, "quarrelbrook")).toContainText("Nothing that you may read holds");
  });

  await test.step("a partner of another place reads neither", async () => {
    const other = await visitor();
    await other.signInAs("Partner organisation's representative, Orchard Vale");
    await doesNotRead(other.page, session, meeting.title, "vexillomatic");
    await doesNotRead(other.page, shared, summary.title, "plumbograph");
  });

  const programmeLead = await visitor();
  await test.step("the programme lead ends the consultant's appointment", async () => {
    const { page, hands } = programmeLead;
    await programmeLead.signInAs("Programme lead, funder");
    await page.goto(home);
    await hands.press(page.getByRole("link", { name: "People", exact: true }));
    await hands.press(page.getByRole("link", { name: "Consultant, Lantern Hill" }));
    await expect(page.getByRole("heading", { level: 1, name: "Consultant, Lantern Hill" })).toBeVisible();
    await hands.press(page.getByRole("button", { name: "End it now" }));
    await expect(page.getByRole("status")).toContainText("Ended.");
    await expect(page.getByText("Does not hold today")).toBeVisible();
  });

  await test.step("the consultant, still signed in, reads nothing any more", async () => {
    await page.goto("/");
    await expect(page.getByText("You hold no role today").first()).toBeVisible();
    await checkPage();
    expect((await page.goto(session))?.status()).toBe(404);
    expect((await page.goto(shared))?.status()).toBe(404);
    expect((await page.goto(`${home}/entries`))?.status()).toBe(403);
    await expect(await find(page, "vexillomatic")).toContainText("Nothing that you may read holds");
    await expect(await find(page, "plumbograph")).toContainText("Nothing that you may read holds");
  });

  await test.step("the programme lead appoints a successor by e-mail", async () => {
    const { page, hands } = programmeLead;
    await page.goto(`${home}/people`);
    await hands.press(page.getByRole("link", { name: "Appoint somebody" }));
    await hands.write(page.getByLabel("Name"), "Wren Thistlewick");
    await hands.write(page.getByLabel("E-mail address"), "wren@thistlewick.example");
    await hands.choose(page.getByLabel("Role"), "Consultant");
    await hands.choose(page.getByLabel("For", { exact: true }), "Lantern Hill");
    await hands.press(page.getByRole("button", { name: "Appoint", exact: true }));
    await expect(page.getByRole("status")).toContainText("Appointed.");
    await expect(page.getByRole("heading", { level: 1, name: "Wren Thistlewick" })).toBeVisible();
  });

  const successor = await visitor();
  await test.step("the successor accepts the invitation and reads all that the role may", async () => {
    const { page, hands } = successor;
    const mail = await server.mailTo("wren@thistlewick.example", "/invitations/");
    const link = /\S+\/invitations\/\S+/.exec(mail)?.[0] ?? "";
    await page.goto(link);
    await expect(page.getByText("wren@thistlewick.example")).toBeVisible();
    await hands.write(page.getByLabel("A password"), "kettle harbour moss violin");
    await hands.press(page.getByRole("button", { name: "Accept the invitation" }));
    await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
    await readsBoth(successor, session, shared);
    await page.goto(session);
    await expect(page.getByRole("link", { name: "Share part of it" })).toBeVisible();
    await expect(page.getByRole("link", { name: "Change", exact: true })).toHaveCount(0);
    expect((await page.goto(link))?.status(), "an invitation works once").toBe(410);
  });

  await test.step("the journal shows every step, and not what was written", async () => {
    const { page } = programmeLead;
    await page.goto(`${home}/journal`);
    const did = (who: string, what: string, toWhat: string) =>
      expect(page.getByRole("row").filter({ hasText: who }).filter({ hasText: what }).filter({ hasText: toWhat }).first()).toBeVisible();
    await did("Consultant, Lantern Hill", "Record an entry", "an entry in a circle that you are not in");
    await did("Consultant, Lantern Hill", "Share an extract", summary.title);
    await did("Programme lead, funder", "End an appointment", "appointment");
    await did("Programme lead, funder", "Appoint somebody", "appointment");
    await expect(page.locator("main")).not.toContainText("vexillomatic");
    await expect(page.locator("main")).not.toContainText(meeting.title);
  });
});
