// What several stories do at a call: opening it, applying to it, and letting made-up people play their part.
import { type Page, expect } from "@playwright/test";
import type { Hands } from "./hands.ts";
import type { Server } from "./server.ts";

export interface Stage {
  stage: string;
  name: string;
  /** The call out of which those come who may apply, and the outcomes there that lead here. */
  after?: string;
  outcomes?: string[];
}

/** Whoever runs calls opens a stage that is open from now on, and whose decisions can be told today. Gives its address. */
export async function openCall(page: Page, hands: Hands, home: string, { stage, name, after, outcomes }: Stage): Promise<string> {
  await page.goto(`${home}/calls/new`);
  await hands.tick(page.getByRole("radio", { name: stage, exact: true }));
  await hands.write(page.getByLabel("What is it called?"), name);
  if (after) {
    await hands.tick(page.getByRole("radio", { name: `Those who come from “${after}”` }));
    for (const outcome of outcomes ?? []) await hands.tick(page.getByRole("checkbox", { name: outcome, exact: true }));
  }
  await hands.write(page.getByLabel("Opens on"), "01/01/2026");
  await hands.write(page.getByLabel("Closes on"), "18/12/2099");
  await hands.write(page.getByLabel("Everybody hears on"), new Date().toLocaleDateString("en-GB", { timeZone: "Europe/London" }));
  await hands.press(page.getByRole("button", { name: "Open the call" }));
  await expect(page.getByText("This call is open until")).toBeVisible();
  return new URL(page.url()).pathname;
}

/** Somebody nobody knew makes an account and begins an application. Gives its address. */
export async function begin(
  page: Page, hands: Hands, server: Server, call: string, who: { address: string; partnership: string; organisation: string; sector: string },
): Promise<string> {
  await page.context().clearCookies();
  await page.goto(`/join?next=${encodeURIComponent(`${call}/apply`)}`);
  await hands.write(page.getByLabel("Your name"), "A newcomer");
  await hands.write(page.getByLabel("Your e-mail address"), who.address);
  await hands.press(page.getByRole("button", { name: "Send me a link" }));
  await expect(page.getByRole("status")).toContainText("We have sent a link");
  const mail = await server.mailTo(who.address, "/sign-in/link/");
  await page.goto(/\S+\/sign-in\/link\/\S+/.exec(mail)?.[0] ?? "");
  await hands.press(page.getByRole("button", { name: "Sign in", exact: true }));
  await hands.write(page.getByLabel("What is your partnership called?"), who.partnership);
  await hands.write(page.getByLabel("Which organisation do you write for?"), who.organisation);
  await hands.tick(page.getByRole("radio", { name: who.sector, exact: true }));
  await hands.press(page.getByRole("button", { name: "Start", exact: true }));
  await expect(page.getByRole("heading", { level: 1, name: who.partnership })).toBeVisible();
  return new URL(page.url()).pathname;
}

const aFile = { name: "A map.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\nA map.\n%%EOF") };

/** Answers what the sections of an application still ask, one page after the other. */
export async function answerEverything(page: Page, application: string) {
  await page.goto(application);
  const sections = await page.locator(".sections a").evaluateAll((all) => all.map((a) => a.getAttribute("href") ?? ""));
  for (const section of sections) {
    await page.goto(section);
    await answerSection(page);
    await page.getByRole("button", { name: "Save and go on" }).click();
    await page.waitForURL((url) => url.pathname !== section);
  }
}

/** Answers the questions of one page that have no answer yet. */
async function answerSection(page: Page) {
  for (const name of await page.locator("button[name^='add.']").evaluateAll((all) => all.map((b) => b.getAttribute("name") ?? ""))) {
    const group = name.slice("add.".length);
    const rows = () => page.locator(`main [name^='${group}.']:not([type=hidden])`).evaluateAll((all) =>
      new Set(all.map((e) => (e.getAttribute("name") ?? "").split(".")[1])).size);
    if ((await rows()) > 0) continue;
    for (let had = 0; had < 3; had = await rows()) {
      await page.locator(`button[name='${name}']`).click();
      await expect.poll(rows).toBeGreaterThan(had);
    }
  }
  const radios = await page.locator("main input[type=radio]").evaluateAll((all) => [...new Set(all.map((r) => (r as HTMLInputElement).name))]);
  for (const [number, name] of radios.entries()) {
    const group = page.locator(`main input[type=radio][name='${name}']`);
    if (await group.evaluateAll((all) => all.some((r) => (r as HTMLInputElement).checked))) continue;
    // Not the same everywhere: partners come from different sectors.
    const yes = group.and(page.locator("[value=yes]"));
    await ((await yes.count()) > 0 ? yes : group.nth(number % (await group.count()))).check();
  }
  const boxes = await page.locator("main input[type=checkbox]").evaluateAll((all) => [...new Set(all.map((r) => (r as HTMLInputElement).name))]);
  for (const name of boxes) {
    const group = page.locator(`main input[type=checkbox][name='${name}']`);
    if (!(await group.evaluateAll((all) => all.some((b) => (b as HTMLInputElement).checked)))) await group.first().check();
  }
  for (const field of await page.locator("main textarea, main input[type=text]").all()) {
    if ((await field.inputValue()) === "" && (await field.isVisible())) await field.fill(await suited(field));
  }
  for (const field of await page.locator("main input[type=file]").all()) await field.setInputFiles(aFile);
}

/** Something that fits a field; nothing where it can be left empty. */
function suited(field: ReturnType<Page["locator"]>): Promise<string> {
  return field.evaluate((element) => {
    const input = element as HTMLInputElement | HTMLTextAreaElement;
    const label = input.labels?.[0]?.textContent ?? "";
    if (/\.(id|code)$/.test(input.name) || /\.line-\d+\./.test(input.name)) return "";
    if (input.inputMode === "decimal") return "4000";
    if (input.inputMode === "numeric") return "3";
    if (/since when/i.test(label)) return "May 2024";
    if (/^\s*when\b/i.test(label)) return "1 May 2099";
    return input.tagName === "TEXTAREA" ? "We asked those who live here, and they changed our minds." : "Fern Street";
  });
}

/** Every question is answered: the organisation stands behind it, and it is handed in. */
export async function submit(page: Page, hands: Hands, application: string, organisations: string[]) {
  await page.goto(application);
  for (const organisation of organisations) {
    await hands.press(page.getByRole("button", { name: `${organisation} stands behind this text` }));
    await expect(page.getByRole("status").first()).toBeVisible();
  }
  await hands.press(page.getByRole("button", { name: "Submit the application" }));
  await expect(page.getByRole("status").first()).toContainText("submitted", { ignoreCase: true });
}

/** Lets all made-up assessors read what they have to. */
export async function letAllRead(page: Page, hands: Hands, call: string) {
  await letThem(page, hands, call, "Let them read", () => hands.tick(page.getByRole("radio", { name: "Nobody", exact: true })));
}

/** Lets made-up people do one thing at a call. */
export async function letThem(page: Page, hands: Hands, call: string, button: string, first?: () => Promise<void>) {
  await page.goto(`${call}/practise`);
  await first?.();
  await hands.press(page.getByRole("button", { name: button }));
  await expect(page.getByRole("status").first()).toBeVisible({ timeout: 60_000 });
}

export interface Said {
  outcome: string;
  reasons: string;
  feedback: string;
}

/** Proposes a decision on an application. */
export async function propose(page: Page, hands: Hands, application: string, said: Said) {
  await page.goto(`${application}/decision`);
  await hands.tick(page.getByRole("radio", { name: said.outcome, exact: true }));
  await hands.write(page.getByLabel("Reasons"), said.reasons);
  await hands.write(page.getByLabel("Feedback to the applicant"), said.feedback);
  await hands.write(page.getByLabel("Who was present?"), "Both sponsors");
  await hands.press(page.getByRole("button", { name: "Propose it" }));
  await expect(page.getByRole("status")).toContainText("Proposed");
}

/** Assents to a decision for the sponsor for which somebody speaks. */
export async function assent(page: Page, hands: Hands, application: string) {
  await page.goto(`${application}/decision`);
  await hands.press(page.getByRole("button", { name: / assents to this$/ }));
  await expect(page.getByRole("status")).toContainText("assent is noted");
}

/** Everybody hears at once. */
export async function tellEverybody(page: Page, hands: Hands, call: string) {
  await page.goto(`${call}/release`);
  await hands.tick(page.getByRole("checkbox", { name: /^Tell (all|the one)/ }));
  await hands.press(page.getByRole("button", { name: "Tell everybody now" }));
  await expect(page.getByRole("status")).toContainText("Everybody is told");
}
