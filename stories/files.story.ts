// A would-be partnership sends a file with its application, says something about it, and is reopened.
import { expect, test } from "./support/story.ts";

const design = "shaping-places-for-healthier-lives";
const home = `/programmes/practice-${design}`;
const map = { name: "Map of what lies behind it – ŵ.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\nA map.\n%%EOF") };
const trap = { name: "map.pdf", mimeType: "application/pdf", buffer: Buffer.from("<!doctype html><script>alert(1)</script>") };

test.use({ design });

test("a file is sent with an application, and what poses as one is not", async ({
  page, hands, signInAs, checkPage, pictures, server,
}) => {
  test.setTimeout(120_000);
  const withScript = () => page.evaluate(() => document.body.classList.contains("js-enabled"));

  await test.step("a call opens", async () => {
    await signInAs("Programme lead, sponsor");
    await page.goto(`${home}/calls/new`);
    await hands.tick(page.getByRole("radio", { name: "Development", exact: true }));
    // Whatever the hour is at which this is told.
    await hands.write(page.getByLabel("Opens on"), "01/01/2026");
    await hands.write(page.getByLabel("Closes on"), "18/12/2099");
    await hands.press(page.getByRole("button", { name: "Open the call" }));
    await expect(page.getByText("This call is open until")).toBeVisible();
  });

  const call = new URL(page.url()).pathname;
  await page.context().clearCookies();
  await test.step("somebody begins an application", async () => {
    const address = `newcomer-${Date.now()}@fern.example`;
    await page.goto(`/join?next=${encodeURIComponent(`${call}/apply`)}`);
    await hands.write(page.getByLabel("Your name"), "A newcomer");
    await hands.write(page.getByLabel("Your e-mail address"), address);
    await hands.press(page.getByRole("button", { name: "Send me a link" }));
    await expect(page.getByRole("status")).toContainText("We have sent a link");
    const mail = await server.mailTo(address, "/sign-in/link/");
    await page.goto(/\S+\/sign-in\/link\/\S+/.exec(mail)?.[0] ?? "");
    await hands.press(page.getByRole("button", { name: "Sign in", exact: true }));
    await hands.write(page.getByLabel("What is your partnership called?"), "Fern Street Together");
    await hands.write(page.getByLabel("Which organisation do you write for?"), "Fern Street Council");
    await hands.tick(page.getByRole("radio", { name: "Council", exact: true }));
    await hands.press(page.getByRole("button", { name: "Start", exact: true }));
    await expect(page.getByRole("heading", { level: 1, name: "Fern Street Together" })).toBeVisible();
    await checkPage();
  });

  const application = new URL(page.url()).pathname;
  await test.step("what poses as a PDF is refused, and what was typed is saved", async () => {
    await page.goto(`${application}/sections/programme`);
    await hands.write(page.getByLabel("What would you change?"), "Who is asked first.");
    await page.getByLabel("Your map of what lies behind it").setInputFiles(trap);
    if (await withScript()) {
      await expect(page.locator("[data-saved]"), "a page with a file saves as one writes").toContainText("is sent when you press");
    }
    await hands.press(page.getByRole("button", { name: "Save and stay" }));
    await expect(page.getByRole("alert")).toContainText("This is a web page");
    await expect(page.getByLabel("What would you change?")).toHaveValue("Who is asked first.");
    await checkPage();
  });

  await test.step("a PDF is kept, and comes back as it was sent", async () => {
    await page.getByLabel("Your map of what lies behind it").setInputFiles(map);
    await hands.press(page.getByRole("button", { name: "Save and stay" }));
    await expect(page.getByLabel(/^Keep Map of what lies behind it – ŵ\.pdf/)).toBeChecked();
    await checkPage();
    await pictures("application-file");
    const link = page.getByRole("link", { name: `Look at ${map.name}` });
    const [download] = await Promise.all([page.waitForEvent("download"), hands.press(link)]);
    expect(download.suggestedFilename()).toBe(map.name);
    const sent = await page.request.get((await link.getAttribute("href")) ?? "");
    expect((await sent.body()).equals(map.buffer)).toBe(true);
    if (await withScript()) {
      await hands.write(page.getByLabel("What would you change?"), "Who is asked first, and who decides.");
      await expect(page.locator("[data-saved]")).toContainText("Saved");
      await page.reload();
      await expect(page.getByLabel(/^Keep Map of what/), "saving as one writes keeps the file").toBeChecked();
      await expect(page.getByLabel("What would you change?")).toHaveValue("Who is asked first, and who decides.");
    }
  });

  await test.step("partners say something, and one tells the programme team something", async () => {
    await hands.press(page.getByRole("link", { name: "Comments on this section: no comments yet" }));
    await hands.write(page.getByLabel("What do you want to say?"), "Is the map up to date?");
    await checkPage();
    await hands.press(page.getByRole("button", { name: "Add the comment" }));
    await expect(page.getByText("Is the map up to date?")).toBeVisible();
    await checkPage();
    await pictures("application-comments");
    await page.goto(`${application}/note`);
    await hands.write(page.getByLabel("What do you want to say?"), "We are short of people.");
    await hands.press(page.getByRole("button", { name: "Add the note" }));
    await expect(page.getByText("We are short of people.")).toBeVisible();
    await checkPage();
  });
});
