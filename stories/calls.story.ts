// A call is opened, and somebody nobody knew begins an application to it.
import { expect, test } from "./support/story.ts";

const home = "/programmes/practice-healthy-communities-together";

test("a call is opened, and a newcomer begins an application", async ({
  page, hands, signInAs, checkPage, pictures, server,
}) => {
  test.setTimeout(120_000);

  await test.step("whoever runs calls opens one with the design's form", async () => {
    await signInAs("Programme lead, funder");
    await page.goto(`${home}/calls/new`);
    await hands.write(page.getByLabel("What is it called?"), "The spring call");
    // Whatever the hour is at which this is told.
    await hands.write(page.getByLabel("Opens on"), "01/01/2026");
    await hands.write(page.getByLabel("Closes on"), "18/12/2099");
    await checkPage();
    await hands.press(page.getByRole("button", { name: "Open the call" }));
    await expect(page.getByRole("heading", { level: 1, name: "The spring call" })).toBeVisible();
    await pictures("call");
  });

  const call = new URL(page.url()).pathname;
  await test.step("the forum stands ready, and says that nothing can be told yet", async () => {
    const ready = [["forum", "Forum"], ["assents", "What waits for your sponsor’s assent"], ["release", "Tell everybody"]] as const;
    for (const [part, heading] of ready) {
      await page.goto(`${call}/${part}`);
      await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
      await checkPage();
    }
  });

  await page.context().clearCookies();
  await test.step("somebody sees whether it is for them, and makes an account", async () => {
    await page.goto(call);
    await expect(page.getByText("This call is open until")).toBeVisible();
    await checkPage();
    await page.goto(`${call}/questions`);
    await checkPage();
    await page.goto(`${call}/check`);
    await checkPage();
    const address = "newcomer@fern.example";
    await page.goto(`/join?next=${encodeURIComponent(`${call}/apply`)}`);
    await hands.write(page.getByLabel("Your name"), "A newcomer");
    await hands.write(page.getByLabel("Your e-mail address"), address);
    await checkPage();
    await hands.press(page.getByRole("button", { name: "Send me a link" }));
    await expect(page.getByRole("status")).toContainText("We have sent a link");
    const mail = await server.mailTo(address, "/sign-in/link/");
    await page.goto(/\S+\/sign-in\/link\/\S+/.exec(mail)?.[0] ?? "");
    await hands.press(page.getByRole("button", { name: "Sign in", exact: true }));
    await expect(page.getByRole("heading", { level: 1, name: "Start an application" })).toBeVisible();
  });

  await test.step("they begin, and write the first section", async () => {
    await hands.write(page.getByLabel("What is your partnership called?"), "Fern Street Together");
    await hands.write(page.getByLabel("Which organisation do you write for?"), "Fern Street Centre");
    await hands.tick(page.getByRole("radio", { name: "Voluntary sector" }));
    await checkPage();
    await hands.press(page.getByRole("button", { name: "Start", exact: true }));
    await expect(page.getByRole("heading", { level: 1, name: "Fern Street Together" })).toBeVisible();
    await checkPage();
    await pictures("application");
    await hands.press(page.locator(".sections a").first());
    await expect(page.getByRole("button", { name: "Save and go on" })).toBeVisible();
    await checkPage();
    await pictures("application-section");
    const first = page.locator("main textarea, main input[type=text]").first();
    await hands.write(first, "Fern Street");
    if (await page.evaluate(() => document.body.classList.contains("js-enabled"))) {
      await expect(page.locator("[data-saved]")).toContainText("Saved");
      await page.reload();
      await expect(first, "it was saved as one wrote").toHaveValue("Fern Street");
    }
    await hands.press(page.getByRole("button", { name: "Save and go on" }));
    await expect(page.getByRole("button", { name: "Save and go on" })).toBeVisible();
    await checkPage();
    await hands.press(page.getByRole("link", { name: "Cymraeg" }));
    await expect(page.getByRole("button", { name: "Cadw a pharhau" })).toBeVisible();
    await checkPage();
    await hands.press(page.getByRole("link", { name: "English" }));
    await hands.press(page.getByRole("link", { name: "Fern Street Together" }));
    await hands.press(page.getByRole("link", { name: "Add an organisation, or somebody who writes for one" }));
    await expect(page.getByRole("heading", { level: 1, name: "Add somebody who writes" })).toBeVisible();
    await checkPage();
  });
});
