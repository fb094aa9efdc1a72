// What is written without a connection is kept on the device, and sent once: never twice, and in nobody else's name.
import type { BrowserContext, Page } from "@playwright/test";
import { Keyboard, Mouse } from "./support/hands.ts";
import { forgiveCuts, listen } from "./support/page-checks.ts";
import { type Visitor, expect, test } from "./support/story.ts";

const home = "/programmes/practice-healthy-communities-together";
const place = `${home}/places/riverside`;
const form = `${place}/entries/new?kind=conversation`;
const keptHere = "What you wrote is kept on this device";

interface Talk {
  title: string;
  text: string;
}

async function write({ page, hands }: AtAPage, { title, text }: Talk) {
  await hands.write(page.getByLabel("Title"), title);
  await hands.write(page.getByLabel("What there is to say"), text);
  await hands.write(page.getByLabel("How they agreed"), "Spoken, for the place.");
}

const record = ({ page }: AtAPage) => page.getByRole("button", { name: "Record", exact: true });
const bar = (page: Page) => page.getByRole("region", { name: "Kept on this device" });

type AtAPage = Pick<Visitor, "page" | "hands">;

/** Another page of the same browser. */
async function pageBeside({ page }: AtAPage, byKeyboard: boolean): Promise<AtAPage> {
  const beside = await page.context().newPage();
  listen(beside);
  return { page: beside, hands: byKeyboard ? new Keyboard(beside) : new Mouse() };
}

async function entriesCalled(page: Page, title: string) {
  await page.goto(`${place}/entries`);
  return page.locator(".entry-title a").filter({ hasText: title });
}

async function inNewBrowser(visitor: () => Promise<Visitor>, person: string): Promise<Visitor & { line: BrowserContext }> {
  const somebody = await visitor();
  await somebody.signInAs(person);
  forgiveCuts(somebody.page);
  return { ...somebody, line: somebody.page.context() };
}

test("a conversation written without a connection is kept when its page is closed, and sent once", async ({ visitor, byKeyboard }) => {
  const talk = { title: "At the flimmerbridge", text: "Two neighbours spoke of the wharfling.\n\nThey agreed that it may be told." };
  const lead = await inNewBrowser(visitor, "Project lead, Riverside");

  await lead.page.goto(form);
  await lead.line.setOffline(true);
  await write(lead, talk);
  await lead.hands.press(record(lead));
  await expect(lead.page.getByRole("status")).toContainText(`There is no connection. ${keptHere}`);
  await expect(lead.page.getByLabel("What there is to say"), "an empty form for the next").toHaveValue("");
  await expect(bar(lead.page)).toContainText("1 entry is kept on this device and not sent yet.");

  // The next conversation on the same page is an entry of its own.
  await write(lead, { title: "At the second flimmerbridge", text: "Somebody else, of something else." });
  await lead.hands.press(record(lead));
  await expect(bar(lead.page)).toContainText("2 entries are kept on this device and not sent yet.");
  await lead.page.close();

  await lead.line.setOffline(false);
  const later = await pageBeside(lead, byKeyboard);
  await later.page.goto("/");
  await expect(later.page.getByRole("status")).toContainText("What was kept on this device is sent: At the flimmerbridge, At the second flimmerbridge");
  await expect(bar(later.page)).toBeHidden();
  await later.hands.press(later.page.getByRole("status").getByRole("link", { name: talk.title }));
  await expect(later.page.getByRole("heading", { level: 1, name: talk.title })).toBeVisible();
  await expect(later.page.locator("main")).toContainText("Two neighbours spoke of the wharfling.");
  await later.page.goto("/");
  await expect(await entriesCalled(later.page, talk.title)).toHaveCount(1);
  await expect(await entriesCalled(later.page, "At the second flimmerbridge")).toHaveCount(1);
});

test("an answer that is lost on its way leads to one entry", async ({ visitor, byKeyboard }) => {
  const talk = { title: "The gristlemill talk", text: "Sent, saved, and never heard of." };
  const lead = await inNewBrowser(visitor, "Project lead, Riverside");
  let saved = 0;
  await lead.page.route(`**${place}/entries/new`, async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    const answer = await route.fetch({ maxRedirects: 0 });
    if (answer.status() === 303) saved += 1;
    return route.abort("connectionreset");
  });
  await lead.page.goto(form);
  await write(lead, talk);
  await lead.hands.press(record(lead));
  await expect(lead.page.getByRole("status")).toContainText(keptHere);
  expect(saved, "the server has it").toBe(1);
  await lead.hands.press(bar(lead.page).getByRole("button", { name: "Send now" }));
  await expect(lead.page.getByRole("status")).toContainText(keptHere);
  await expect.poll(() => saved, "and knows it again").toBe(2);

  // Two pages at once, and neither sends it anew.
  await lead.page.unrouteAll();
  const beside = await pageBeside(lead, byKeyboard);
  await Promise.all([lead.page.goto(form), beside.page.goto("/")]);
  for (const { page } of [lead, beside]) await expect(bar(page)).toBeHidden();
  await expect(await entriesCalled(beside.page, talk.title)).toHaveCount(1);
  await expect(bar(beside.page)).toHaveCount(0);
});

test("what one person keeps on a device is not sent in the name of another", async ({ visitor, byKeyboard }) => {
  const talk = { title: "The quillerby secret", text: "For nobody else to send." };
  const lead = await inNewBrowser(visitor, "Project lead, Riverside");
  const sent: string[] = [];
  lead.line.on("request", (request) => request.method() === "POST" && request.url().endsWith("/entries/new") && sent.push(request.url()));
  await lead.page.goto(form);
  // For this page alone, so that somebody can sign in on another.
  await lead.page.route("**/*", (route) => route.abort("internetdisconnected"));
  await write(lead, talk);
  await lead.hands.press(record(lead));
  await expect(lead.page.getByRole("status")).toContainText(`There is no connection. ${keptHere}`);
  expect(sent).toHaveLength(1);

  const other = await pageBeside(lead, byKeyboard);
  await lead.line.clearCookies();
  await other.page.goto("/sign-in");
  await other.hands.press(other.page.getByRole("button", { name: "Learning lead, Riverside", exact: true }));
  await expect(other.page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
  await expect(await entriesCalled(other.page, talk.title)).toHaveCount(0);
  await expect(bar(other.page)).toHaveCount(0);
  await expect(other.page.locator("body")).not.toContainText(talk.title);

  // The first person's page is still open, and has its line back.
  await lead.page.unrouteAll();
  await lead.page.bringToFront();
  await lead.hands.press(bar(lead.page).getByRole("button", { name: "Send now" }));
  await expect(lead.page.getByRole("status")).toContainText("You are signed out.");
  expect(sent, "nothing more was sent").toHaveLength(1);
  await expect(await entriesCalled(other.page, talk.title)).toHaveCount(0);

  await lead.signInAs("Project lead, Riverside");
  await expect(lead.page.getByRole("status")).toContainText(`is sent: ${talk.title}`);
  await expect(await entriesCalled(lead.page, talk.title)).toHaveCount(1);
  expect(sent).toHaveLength(2);
});

test("a server that dies takes nothing along", async ({ page, hands, signInAs, server, checkPage, pictures }) => {
  test.setTimeout(150_000);
  forgiveCuts(page);
  const talk = { title: "Under the thrumbleside", text: "The lights went out while we wrote." };
  await signInAs("Project lead, Riverside");
  await page.goto(form);
  await write({ page, hands }, talk);
  await server.kill();
  await hands.press(record({ page, hands }));
  await expect(page.getByRole("status")).toContainText(keptHere);
  await expect(page.getByRole("status"), "whoever pressed is taken to what is said").toBeFocused();
  await server.startAgain();
  await checkPage();
  await pictures("kept-on-device");
  await hands.press(bar(page).getByRole("button", { name: "Send now" }));
  await expect(page.getByRole("status")).toContainText(`What was kept on this device is sent: ${talk.title}`);
  await checkPage();
  await expect(await entriesCalled(page, talk.title)).toHaveCount(1);
});

test("what is kept and not taken is corrected or discarded", async ({ page, hands, signInAs, checkPage, pictures }) => {
  const lead = { page, hands };
  forgiveCuts(page);
  await signInAs("Project lead, Riverside");
  await page.goto(form);
  await page.context().setOffline(true);
  await write(lead, { title: "", text: "It has no title: the snorkelwick." });
  await hands.press(record(lead));
  await expect(page.getByRole("status")).toContainText(keptHere);
  await write(lead, { title: "To be thrown away", text: "Nobody wants it." });
  await hands.press(record(lead));
  await expect(bar(page)).toContainText("2 entries");

  await hands.press(bar(page).getByRole("button", { name: "Discard “To be thrown away”" }));
  await expect(bar(page)).toContainText("Discard “To be thrown away” for good?");
  await hands.press(bar(page).getByRole("button", { name: "Keep it" }));
  await expect(bar(page)).toContainText("2 entries");
  await hands.press(bar(page).getByRole("button", { name: "Discard “To be thrown away”" }));
  await hands.press(bar(page).getByRole("button", { name: "Discard for good" }));
  await expect(page.getByRole("status")).toContainText("It is discarded.");
  await expect(bar(page)).toContainText("1 entry");

  await page.context().setOffline(false);
  await expect(bar(page)).toContainText("It was not recorded: Give it a title");
  await page.goto("/");
  await expect(bar(page), "on every page").toContainText("It was not recorded: Give it a title");
  await hands.press(bar(page).getByText("What you wrote"));
  await expect(bar(page).getByText("It has no title: the snorkelwick.")).toBeVisible();
  await checkPage();
  await pictures("kept-not-taken");
  await hands.press(bar(page).getByRole("button", { name: "Open it in the form" }));
  await expect(page.getByRole("heading", { level: 1, name: "Record: conversation" })).toBeVisible();
  await expect(page.getByLabel("What there is to say")).toHaveValue("It has no title: the snorkelwick.");
  await hands.write(page.getByLabel("Title"), "Now it has one");
  await hands.press(record(lead));
  await expect(page.getByRole("heading", { level: 1, name: "Now it has one" })).toBeVisible();
  await expect(bar(page)).toHaveCount(0);
  await expect(await entriesCalled(page, "Now it has one")).toHaveCount(1);
  await expect(await entriesCalled(page, "To be thrown away")).toHaveCount(0);
});
