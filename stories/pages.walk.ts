// Every page as everybody sees it. A page with a part that no page before it had is checked in full and pictured in
// shots/; the same parts again, with other words in them, are looked at quickly.
import type { Page } from "@playwright/test";
import { checkPage as checkAnyPage, checkQuickly, takePictures } from "./support/page-checks.ts";
import { expect, test } from "./support/story.ts";

const practice = "/programmes/practice-healthy-communities-together";
const place = `${practice}/places/saltmarsh`;
const designs = [
  "common-ambition", "connecting-health-communities", "hct-national-evaluation", "health-equalities",
  "healthy-communities-together", "shaping-places-for-healthier-lives", "the-team",
];
const people = [
  "Programme lead, funder", "Grant manager", "Support lead", "Consultant, Saltmarsh", "Learning capture team", "Evaluator",
  "Advisory group member", "Project lead, Saltmarsh", "Learning lead, Saltmarsh", "Partner organisation's representative, Saltmarsh",
  "Community member, Saltmarsh", "Project lead before, Saltmarsh",
];
const spenders = ["Grant manager", "Project lead, Saltmarsh", "Finance person, Saltmarsh", "Consultant, Saltmarsh"];
const moneyPages = ["", "?on=1+March+2026", "/payments", "/commit", "/publish"];
const awardPages = ["", "/agreement", "/talk", "/sheet", "/change", "/changes/1", "/changes/2", "/close", "/instalments"];
const dayPages = ["", "/staff", "/allot", "/year-end"];
const choosers = ["Programme lead, funder", "Assessor 1", "Panel member, funder"];
const call = `${practice}/calls/application`;
const callPages = [
  "applications", "assessors", "conflicts", "allocation", "allocation/preview", "reading", "moderation", "forum", "decide", "decide?all=yes", "assents",
  "release", "practise",
];
const applicationPages = [
  "", "whole", "receipt", "excerpts", "notes", "reopen", "assess", "assess?by=equal", "scores", "decision", "way", "place",
];

const seen = new Set<string>();

/** The parts a page is put together from, whatever they say. */
function partsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const parts = new Set<string>();
    for (const element of document.querySelectorAll("body *")) {
      if (element.closest("svg") && element.tagName !== "svg") continue;
      const own = (name: string) => element.getAttribute(name) ?? "";
      parts.add(`${element.tagName}.${own("class")} ${own("role")} ${own("type")}`);
    }
    return [...parts];
  });
}

async function look(page: Page, name: string) {
  await test.step(name, async () => {
    const parts = await partsOf(page);
    const fresh = parts.filter((part) => !seen.has(part));
    if (fresh.length === 0) return checkQuickly(page);
    fresh.forEach((part) => seen.add(part));
    await checkAnyPage(page);
    await takePictures(page, name);
  });
}

async function open(page: Page, name: string, path: string): Promise<number> {
  const status = (await page.goto(path))?.status() ?? 0;
  expect(status, path).toBeLessThan(500);
  await look(page, status === 200 ? name : `${name}-${status}`);
  return status;
}

test.describe.configure({ timeout: 240_000 });

test("pages for everybody", async ({ page }) => {
  const pages = {
    start: "/", programmes: "/programmes", sources: "/sources", "sign-in": "/sign-in", search: "/search?q=trust", join: "/join",
    calls: `${practice}/calls`,
  };
  for (const [name, path] of Object.entries(pages)) expect(await open(page, `everybody-${name}`, path)).toBe(200);
  expect(await open(page, "everybody-nowhere", "/nowhere")).toBe(404);
  expect(await open(page, "everybody-spent-link", "/sign-in/link/none")).toBe(410);
  for (const design of designs) {
    for (const [name, end] of Object.entries({ about: "", places: "/places", design: "/design", versions: "/design/versions", sources: "/sources" })) {
      expect(await open(page, `${design}-${name}`, `/programmes/${design}${end}`), `${design}${end}`).toBe(200);
    }
  }
  expect(await open(page, "coventry", "/programmes/healthy-communities-together/places/coventry")).toBe(200);
  expect(await open(page, "coventry-entries", "/programmes/healthy-communities-together/places/coventry/entries")).toBe(200);
  expect(await open(page, "practice-about", practice)).toBe(200);
  expect(await open(page, "practice-place", place)).toBe(200);
  await page.goto("/sign-in");
  await page.locator("input[name=form_token]").evaluateAll((inputs: HTMLInputElement[]) => inputs.forEach((i) => (i.value = "old")));
  await page.getByLabel("E-mail address", { exact: true }).fill("somebody@example.org");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "This form has gone stale" })).toBeVisible();
  await look(page, "everybody-stale-form");
});

for (const person of people) {
  test(`pages for: ${person}`, async ({ page, signInAs }) => {
    const who = person.toLowerCase().replace(/[^a-z]+/g, "-");
    const open_ = (name: string, path: string) => open(page, `${who}-${name}`, path);
    await signInAs(person);
    await look(page, `${who}-today`);
    await open_("account", "/account");
    await open_("found", "/search?q=trust");
    await open_("not-found", "/search?q=xyzzyplugh");
    await page.goto(practice);
    // The design and its sources are the same for everybody.
    const sections = (await hrefs(page, ".rail a")).filter((path) => !/design|sources/.test(path));
    for (const [i, path] of sections.entries()) expect(await open_(`section-${i}`, path), path).toBe(200);
    await open_("place", place);
    for (const end of ["entries", "entries?kind=report&circle=public", "history", "describe", "entries/new", "entries/new?kind=note"]) {
      await open_(`place-${end.replace(/\W+/g, "-")}`, `${place}/${end}`);
    }
    await open_("record-for-programme", `${practice}/entries/new?kind=reflection`);
    await presses(page, `${who}-record-nothing`, `${place}/entries/new`, "Record");
    if ((await open_("appoint", `${practice}/people/new`)) === 200) {
      await presses(page, `${who}-appoint-nobody`, `${practice}/people/new`, "Appoint");
    }
    await page.goto(`${practice}/people`);
    for (const path of (await hrefs(page, "main table a")).slice(0, 2)) await open_("person", path);
    await page.goto(`${practice}/entries`);
    const entries = await hrefs(page, ".entry-title a");
    for (const path of entries.slice(0, 2)) {
      await open_("entry", path);
      await open_("entry-history", `${path}/history`);
    }
    for (const end of ["change", "share"]) {
      const mine = await firstThatOpens(page, entries.map((path) => `${path}/${end}`));
      if (mine) await open_(`entry-${end}`, mine);
      if (mine && end === "share") {
        await presses(page, `${who}-share-nothing`, mine, "See it as they will");
        await page.getByLabel("Title").fill("In short");
        await page.getByLabel("What they will read").fill("We met twice.\n\nWe agreed what comes next.");
        await page.getByRole("button", { name: "See it as they will" }).click();
        await expect(page.getByRole("heading", { level: 1, name: "Look before you share" })).toBeVisible();
        await look(page, `${who}-share-preview`);
      }
    }
  });
}

for (const person of choosers) {
  test(`pages of choosing for: ${person}`, async ({ page, signInAs }) => {
    const who = person.toLowerCase().replace(/[^a-z]+/g, "-");
    const openIfThere = async (name: string, path: string) => {
      if (await firstThatOpens(page, [path])) await open(page, `${who}-${name}`, path);
    };
    await signInAs(person);
    await look(page, `${who}-today`);
    for (const end of callPages) await openIfThere(`call-${end.replace(/\W+/g, "-")}`, `${call}/${end}`);
    await page.goto(`${call}/assessors`);
    const leave = (await hrefs(page, "main a[href$='/leave']"))[0];
    if (leave) await openIfThere("assessor-drops-out", leave);
    const given = await firstThatOpens(page, ["applications", "reading", "forum"].map((end) => `${call}/${end}`));
    await page.goto(given ?? call);
    const application = (await hrefs(page, "main tbody a[href*='/applications/']"))[0]?.replace(/(\/applications\/[^/]+).*/, "$1");
    for (const end of applicationPages) await openIfThere(`application-${end.replace(/\W+/g, "-")}`, `${application}/${end}`.replace(/\/$/, ""));
  });
}

for (const person of spenders) {
  test(`pages of money and days for: ${person}`, async ({ page, signInAs }) => {
    const who = person.toLowerCase().replace(/[^a-z]+/g, "-");
    const openIfThere = async (name: string, path: string) => {
      if (await firstThatOpens(page, [path])) await open(page, `${who}-${name.replace(/\W+/g, "-")}`, path);
    };
    await signInAs(person);
    for (const end of moneyPages) await openIfThere(`money${end}`, `${practice}/money${end}`);
    for (const end of dayPages) await openIfThere(`days${end}`, `${practice}/days${end}`);
    await page.goto(`${practice}/money/payments`);
    const file = (await hrefs(page, "main a[href*='/money/files/']"))[0];
    if (file) await openIfThere("payment-file", file);
    await page.goto(place);
    const award = (await hrefs(page, "main a[href*='/awards/awd_']"))[0];
    for (const end of award ? awardPages : []) await openIfThere(`award${end}`, `${award}${end}`);
    await page.goto(award ?? place);
    const spent = (await hrefs(page, "main a[href*='/spent/']"))[0];
    if (spent) await openIfThere("take-back", spent);
  });
}

// Each page by one of those who open it.
const watching: Record<string, string[]> = {
  "Programme lead, funder": ["needs", "statements", "statements/hypotheses.practical-support", "review?at=start&on=signs-of-progress", "tipping-points", "briefing", "handover", "matters", "match", "groups", "influence"].map((end) => `${practice}/${end}`),
  "Consultant, Saltmarsh": [
    ...["agreements", "agreements/new", "markers", "digest", "handover", ...["session", "challenge", "experiment"].map((kind) => `entries/new?kind=${kind}`)].map((end) => `${place}/${end}`),
    `${practice}/skills`,
  ],
  "Project lead, Saltmarsh": ["plan", "plan/edit", "briefing", "matters", "skills", "meetings", ...["conversation", "minutes"].map((kind) => `entries/new?kind=${kind}`)].map((end) => `${place}/${end}`),
  "Grant manager": ["ask?need=place-progress"].map((end) => `${place}/${end}`),
  "Learning capture team": ["themes", "theme-table", "theme-table?across=time", "gatherings", "gatherings/new", "gathering-feedback", "channel", "channel/new", "channel/new?kind=ask", "peers", "peers/me", "peers/mail"].map((end) => `${practice}/${end}`),
};

for (const [person, paths] of Object.entries(watching)) {
  test(`pages of support and oversight for: ${person}`, async ({ page, signInAs }) => {
    const who = person.toLowerCase().replace(/[^a-z]+/g, "-");
    await signInAs(person);
    for (const path of paths) await open(page, `${who}-${path.replace(practice, "").replace(/\W+/g, "-")}`, path);
  });
}

test("pages of what waits for a sponsor’s voice", async ({ page, signInAs }) => {
  await signInAs("Programme lead, support partner");
  const [voice = ""] = await hrefs(page, ".waiting a[href$='/voice']");
  await open(page, "voice", voice);
  await presses(page, "voice-nothing-said", voice, "Say it");
  await open(page, "voiced-entry", voice.replace(/\/voice$/, ""));
});

test("pages in the dark", async ({ page, signInAs }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await signInAs("Project lead, Saltmarsh");
  const pages = { about: "/programmes/healthy-communities-together", place, entries: `${practice}/entries`, record: `${place}/entries/new` };
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(path);
    await checkAnyPage(page);
    await takePictures(page, `dark-${name}`);
  }
  await presses(page, "dark-record-nothing", `${place}/entries/new`, "Record");
  await checkAnyPage(page);
});

/** Presses a form's button with nothing filled in. */
async function presses(page: Page, name: string, path: string, button: string) {
  await page.goto(path);
  const pressed = page.getByRole("button", { name: button, exact: true });
  if ((await pressed.count()) === 0) return;
  for (const field of await page.locator("main input[type=text]").all()) await field.fill("");
  await pressed.click();
  await expect(page.getByRole("alert")).toBeVisible();
  await look(page, name);
}

function hrefs(page: Page, links: string): Promise<string[]> {
  return page.locator(links).evaluateAll((all) => all.map((a) => a.getAttribute("href") ?? ""));
}

async function firstThatOpens(page: Page, paths: string[]): Promise<string | undefined> {
  for (const path of paths) {
    if ((await page.request.get(path, { maxRedirects: 0 })).status() === 200) return path;
  }
  return undefined;
}
