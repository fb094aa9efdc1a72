// Getting in, getting out, and what is left on the screen afterwards.
import type { Page } from "@playwright/test";
import type { Hands } from "./support/hands.ts";
import { expect, test } from "./support/story.ts";

const home = "/programmes/practice-healthy-communities-together";
const host = "practice-healthy-communities-together.example";

async function signOut(page: Page, hands: Hands) {
  await hands.press(page.locator(".bar-account > summary"));
  await hands.press(page.getByRole("button", { name: "Sign out", exact: true }));
  await expect(page.getByRole("status")).toContainText("You are signed out.");
}

async function signInWith(page: Page, hands: Hands, address: string, password: string) {
  await page.goto("/sign-in");
  await hands.write(page.getByLabel("E-mail address", { exact: true }), address);
  await hands.write(page.getByLabel("Password", { exact: true }), password);
  await hands.press(page.getByRole("button", { name: "Sign in", exact: true }));
}

test("a wrong password keeps the door shut and says what to do", async ({ page, hands, signInAs, checkPage, pictures }) => {
  const address = `community-member.weavers-green@${host}`;
  await signInAs("Community member, Weavers Green");
  await page.goto("/account");
  await expect(page.getByText(address)).toBeVisible();
  await hands.write(page.getByLabel("The new password"), "too short");
  await hands.press(page.getByRole("button", { name: "Save the password" }));
  await expect(page.getByRole("alert")).toBeVisible();
  await checkPage();
  await hands.write(page.getByLabel("The new password"), "thimble orchard rainy tuba");
  await hands.press(page.getByRole("button", { name: "Save the password" }));
  await expect(page.getByRole("status")).toContainText("Your password is changed.");
  await signOut(page, hands);

  await signInWith(page, hands, address, "thimble orchard rainy drum");
  await expect(page.getByRole("alert")).toContainText("No account has this address and password together");
  await expect(page.getByLabel("E-mail address", { exact: true })).toHaveValue(address);
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
  await checkPage();
  await pictures("wrong-password");
  expect((await page.request.get("/account", { maxRedirects: 0 })).status(), "still outside").toBe(303);

  await signInWith(page, hands, address, "thimble orchard rainy tuba");
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
});

test("a link sent by mail works once", async ({ page, hands, server, checkPage }) => {
  const address = `community-member.riverside@${host}`;
  await page.goto("/sign-in");
  await hands.write(page.getByLabel("E-mail address to send a link to"), address);
  await hands.press(page.getByRole("button", { name: "Send me a link" }));
  await expect(page.getByRole("status")).toContainText("If that address has an account");
  const mail = await server.mailTo(address, "/sign-in/link/");
  const link = /\S+\/sign-in\/link\/\S+/.exec(mail)?.[0] ?? "";
  await page.goto(link);
  await expect(page.getByText("It works once.")).toBeVisible();
  await checkPage();
  await hands.press(page.getByRole("button", { name: "Sign in", exact: true }));
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
  await signOut(page, hands);
  expect((await page.goto(link))?.status()).toBe(410);
  await expect(page.getByRole("heading", { level: 1, name: "This link has been used, or has run out" })).toBeVisible();
  await checkPage();
});

test("after signing out, the back button shows nothing private", async ({ page, hands, signInAs }) => {
  await signInAs("Project lead, Weavers Green");
  await page.goto(`${home}/places/weavers-green/entries?circle=place`);
  const title = (await page.locator(".entry-title").first().textContent()) ?? "";
  await hands.press(page.locator(".entry-title a").first());
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  const words = (await page.locator("main .words").first().innerText()).slice(0, 60);
  expect(words.length).toBeGreaterThan(20);
  await signOut(page, hands);
  for (let back = 0; back < 3; back++) {
    await page.goBack();
    await expect(page.locator("h1")).toHaveCount(1);
    await expect(page.locator("body")).not.toContainText(words);
    await expect(page.locator(".bar")).not.toContainText("Project lead");
  }
});

test("what was typed is kept when somebody signed out meanwhile", async ({ page, hands, signInAs, checkPage, pictures, javaScriptEnabled }) => {
  await signInAs("Learning lead, Weavers Green");
  await page.goto(`${home}/places/weavers-green/entries/new?kind=note`);
  await hands.write(page.getByLabel("Title"), "The flibberwick note");
  await hands.write(page.getByLabel("What there is to say"), "Four paragraphs about the zorbling hall.");
  const beside = await page.context().newPage();
  await beside.goto("/account");
  await beside.locator(".bar-account > summary").click();
  await beside.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(beside.getByRole("status")).toContainText("You are signed out.");
  await beside.close();
  await hands.press(page.getByRole("button", { name: "Record", exact: true }));
  if (javaScriptEnabled) {
    // The device keeps it until its writer is back.
    await expect(page.getByRole("status")).toContainText("You are signed out. What you wrote is kept on this device");
    await checkPage();
    await pictures("signed-out-meanwhile");
    await signInAs("Learning lead, Weavers Green");
    await expect(page.getByRole("status")).toContainText("What was kept on this device is sent: The flibberwick note");
    await page.goto(`${home}/places/weavers-green/entries`);
    await expect(page.locator(".entry-title a").filter({ hasText: "The flibberwick note" })).toHaveCount(1);
    return;
  }
  await expect(page.getByRole("heading", { level: 2, name: "What you typed" })).toBeVisible();
  await expect(page.getByText("Nothing was saved.")).toBeVisible();
  await expect(page.locator("textarea").filter({ hasText: "zorbling" })).toHaveValue("Four paragraphs about the zorbling hall.");
  await expect(page.locator("textarea").filter({ hasText: "flibberwick" })).toHaveValue("The flibberwick note");
  await checkPage();
});

test("a session in another browser can be ended from here", async ({ page, hands, signInAs, visitor, checkPage, pictures }) => {
  const person = "Partner organisation's representative, Weavers Green";
  const elsewhere = await visitor();
  await elsewhere.signInAs(person);
  await signInAs(person);
  await page.goto("/account");
  await expect(page.getByText("This browser")).toHaveCount(1);
  const others = page.getByRole("button", { name: "Sign out there" });
  await expect(others).toHaveCount(1);
  await checkPage();
  await pictures("sessions");
  await hands.press(others);
  await expect(page.getByRole("status")).toContainText("That browser is signed out.");
  await expect(others).toHaveCount(0);
  await elsewhere.page.goto("/account");
  await expect(elsewhere.page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
});
