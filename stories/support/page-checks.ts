import { AxeBuilder } from "@axe-core/playwright";
import { type ConsoleMessage, type Page, expect } from "@playwright/test";

const wide = { width: 1280, height: 900 };
const narrow = { width: 320, height: 640 };

const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

const complaints = new WeakMap<Page, string[]>();
const cut = new WeakSet<Page>();

/** Remembers what the browser complains about: errors in scripts, what the content security policy refused, what was missing. */
export function listen(page: Page) {
  const heard: string[] = [];
  complaints.set(page, heard);
  page.on("console", (message: ConsoleMessage) => {
    // A page that answers "not found" is a page; a picture or script that does is heard below.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      heard.push(`console: ${message.text()} (${message.location().url})`);
    }
  });
  page.on("pageerror", (error) => heard.push(`script: ${error.message}`));
  page.on("response", (response) => {
    // What a script sends for a person may be answered with a page that says what is wrong.
    const answered = response.request().method() === "POST" && [403, 409, 422].includes(response.status());
    if (response.status() >= 400 && !answered && !response.request().isNavigationRequest()) {
      heard.push(`${response.status()} for ${response.url()}`);
    }
  });
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText ?? "";
    const lineCut = cut.has(page) && /^net::ERR_(INTERNET_DISCONNECTED|FAILED|CONNECTION_\w+|EMPTY_RESPONSE)$/.test(why);
    if (why !== "net::ERR_ABORTED" && !lineCut) heard.push(`${why} for ${request.url()}`);
  });
}

/** The line of this page is cut in its story, and the browser says so whenever it hears of it. It may say nothing else. */
export function forgiveCuts(page: Page) {
  cut.add(page);
}

export function complaintsOf(page: Page): string[] {
  return complaints.get(page) ?? [];
}

/** What every page must be: usable by everybody at both widths, with one main heading and nothing to complain about. */
export async function checkPage(page: Page, script = true) {
  const before = page.viewportSize();
  const copy = script ? undefined : await copyWithScript(page);
  for (const size of [wide, narrow]) {
    await page.setViewportSize(size);
    await copy?.setViewportSize(size);
    expect(await violations(copy ?? page), `${page.url()} at ${size.width}`).toEqual([]);
  }
  await copy?.context().close();
  if (before) await page.setViewportSize(before);
  await checkQuickly(page);
}

/** The same without the slow part: where the same page is checked in full elsewhere. */
export async function checkQuickly(page: Page) {
  const before = page.viewportSize();
  await expect(page.locator("h1"), "one main heading").toHaveCount(1, { timeout: 2_000 });
  await page.setViewportSize(narrow);
  const sideways = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
  expect(sideways, `${page.url()} scrolls sideways at 320`).toBe(0);
  expect(complaintsOf(page), "what the browser complained about").toEqual([]);
  if (before) await page.setViewportSize(before);
}

/** Axe needs script, so a page that is shown without is copied as it stands, its own scripts left out, to where there is some. */
async function copyWithScript(page: Page): Promise<Page> {
  const browser = page.context().browser();
  if (!browser) throw new Error("the page has no browser");
  const copy = await (await browser.newContext({ javaScriptEnabled: true })).newPage();
  const shown = (await page.content())
    .replace(/<script\b[^>]*>[\s\S]*?<\/script>/g, "")
    .replace(/<(\/?)noscript>/g, "<$1div>");
  const address = page.url();
  if (address === "about:blank") {
    await copy.setContent(shown);
  } else {
    await copy.route(address, (route) => route.fulfill({ body: shown, contentType: "text/html; charset=utf-8" }));
    await copy.goto(address);
  }
  return copy;
}

async function violations(page: Page): Promise<string[]> {
  // No page of ours holds a page of somebody else's, so axe may look at it as one document, and nobody reads what it has to
  // praise: a quarter of the time.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).withTags(rules).setLegacyMode(true);
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, html }) => `${id}: ${help}; ${target.join(" ")}: ${html.slice(0, 160)}`),
  );
}

/** Two pictures for people to look at, in shots/, when somebody wants to look: SHOTS=1 npx playwright test. */
export async function takePictures(page: Page, name: string) {
  if (!process.env["SHOTS"]) return;
  const before = page.viewportSize();
  for (const size of [wide, narrow]) {
    await page.setViewportSize(size);
    const path = `shots/${name}-${size === wide ? "wide" : size.width}.png`;
    // A hidden caret takes a style of its own, which the pages' policy refuses.
    await page.screenshot({ path, fullPage: true, caret: "initial" });
  }
  if (before) await page.setViewportSize(before);
}
