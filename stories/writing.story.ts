// Nothing that people write is doubled, overwritten or lost.
import type { Page } from "@playwright/test";
import type { Hands } from "./support/hands.ts";
import { expect, test } from "./support/story.ts";

const home = "/programmes/practice-healthy-communities-together";
const place = `${home}/places/riverside`;

async function fillIn(page: Page, hands: Hands, title: string, text: string) {
  await page.goto(`${place}/entries/new?kind=note`);
  await hands.tick(page.getByRole("radio", { name: "The place's own" }));
  await hands.write(page.getByLabel("Title"), title);
  await hands.write(page.getByLabel("What there is to say"), text);
}

test("pressing Record twice records once", async ({ page, hands, signInAs }) => {
  await signInAs("Learning lead, Riverside");
  await fillIn(page, hands, "The doublecrumb note", "Pressed like an icon.");
  await hands.pressTwice(page.getByRole("button", { name: "Record", exact: true }));
  await expect(page.getByRole("heading", { level: 1, name: "The doublecrumb note" })).toBeVisible();
  await page.goto(`${place}/entries`);
  await expect(page.getByRole("link", { name: "The doublecrumb note" })).toHaveCount(1);
});

test("mistakes are named beside their fields, and what was typed stays", async ({ page, hands, signInAs, checkPage, pictures }) => {
  await signInAs("Learning lead, Riverside");
  await fillIn(page, hands, "", "Words without a title, about the snorfling.");
  await hands.write(page.getByLabel("When it happened"), "the day after tomorrow");
  await hands.press(page.getByRole("button", { name: "Record", exact: true }));
  await expect(page.getByRole("alert")).toContainText("Give it a title");
  await expect(page).toHaveTitle(/^Error: /);
  await expect(page.getByLabel("What there is to say")).toHaveValue("Words without a title, about the snorfling.");
  await expect(page.getByLabel("When it happened")).toHaveValue("the day after tomorrow");
  await checkPage();
  await pictures("mistakes");
  await hands.press(page.getByRole("alert").getByRole("link", { name: /Give it a title/ }));
  await expect(page.getByLabel("Title")).toBeFocused();
});

test("what turns out to be of another kind is written on, with every word", async ({ page, hands, signInAs }) => {
  await signInAs("Learning lead, Riverside");
  await fillIn(page, hands, "The thistledown walk", "We went along the water.");
  await hands.press(page.locator("summary", { hasText: "It is something else after all" }));
  await hands.choose(page.getByLabel("Record it as"), "Reflection");
  await hands.press(page.getByRole("button", { name: "Go on with that" }));
  await expect(page.getByRole("heading", { level: 1, name: "Record: reflection" })).toBeVisible();
  await expect(page.getByLabel("Title")).toHaveValue("The thistledown walk");
  expect(await page.locator("textarea").evaluateAll((all: HTMLTextAreaElement[]) => all.map((box) => box.value).join())).toContain("We went along the water.");
  await hands.tick(page.getByRole("radio", { name: "The place's own" }));
  await hands.press(page.getByRole("button", { name: "Record", exact: true }));
  await expect(page.getByRole("heading", { level: 1, name: "The thistledown walk" })).toBeVisible();
  await expect(page.getByText("We went along the water.")).toBeVisible();
});

test("two browsers change one entry, and nothing is lost", async ({ page, hands, signInAs, visitor, checkPage, pictures }) => {
  await signInAs("Project lead, Riverside");
  await fillIn(page, hands, "The glimmerpond plan", "First we ask the neighbours.");
  await hands.press(page.getByRole("button", { name: "Record", exact: true }));
  await expect(page.getByRole("status")).toContainText("Recorded.");
  const entry = new URL(page.url()).pathname;

  const other = await visitor();
  await other.signInAs("Project lead, Riverside");
  await other.page.goto(`${entry}/change`);
  await page.goto(`${entry}/change`);

  await other.hands.write(other.page.getByLabel("What there is to say"), "First we ask the ferrymen.");
  await other.hands.write(other.page.getByLabel("Why you change it (optional)"), "They know more");
  await other.hands.press(other.page.getByRole("button", { name: "Save the change" }));
  await expect(other.page.getByRole("status")).toContainText("Changed.");

  await hands.write(page.getByLabel("What there is to say"), "First we ask the beekeepers.");
  await hands.press(page.getByRole("button", { name: "Save the change" }));
  await expect(page.getByText("Nothing was overwritten.")).toBeVisible();
  await expect(page.getByLabel("What there is to say")).toHaveValue("First we ask the beekeepers.");
  await expect(page.locator(".difference")).toContainText("ferrymen");
  await expect(page.locator(".difference")).toContainText("beekeepers");
  await checkPage();
  await pictures("changed-meanwhile");

  await hands.press(page.getByRole("button", { name: "Save the change" }));
  await expect(page.getByRole("status")).toContainText("Changed.");
  await expect(page.getByText("First we ask the beekeepers.")).toBeVisible();

  await hands.press(page.getByRole("link", { name: "History", exact: true }));
  await expect(page.getByRole("heading", { level: 1, name: /^History of/ })).toBeVisible();
  await expect(page.getByRole("row")).toHaveCount(8);
  await hands.press(page.getByRole("link", { name: "What changed" }).last());
  await expect(page.locator(".difference")).toContainText("neighbours");
  await expect(page.locator(".difference")).toContainText("ferrymen");
  await checkPage();
});
