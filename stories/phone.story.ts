// A story told where it happens: on a phone of 320 points, over a line as slow as they come, with a photograph; within a minute of
// waiting, and read by the place alone.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/story.ts";

const home = "/programmes/practice-healthy-communities-together";
const place = `${home}/places/riverside`;
const told = "At the tanglebank stop";
const seen = "A bus stop whose bench is broken";
/** What one waits for pages and answers, from opening the place to standing before the finished story, at most. */
const MINUTE_MS = 60_000;

test.use({ viewport: { width: 320, height: 640 }, hasTouch: true });
test.setTimeout(180_000);

/** Four hundred kilobits a second, and nearly half a second until anything comes. */
async function slowLine(page: Page): Promise<void> {
  const line = await page.context().newCDPSession(page);
  await line.send("Network.enable");
  await line.send("Network.emulateNetworkConditions", { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 });
}

/** A picture as a phone takes it: larger than any page shows, and of several hundred kilobytes. */
async function phonePicture(page: Page): Promise<Buffer> {
  const encoded = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [3200, 2400];
    const brush = canvas.getContext("2d");
    for (let n = 0; brush && n < 6000; n++) {
      brush.fillStyle = `hsl(${(n * 47) % 360} 70% ${30 + (n % 50)}%)`;
      brush.fillRect((n * 733) % 3200, (n * 541) % 2400, 6 + (n % 40), 6 + (n % 30));
    }
    return canvas.toDataURL("image/jpeg", 0.95).split(",")[1] ?? "";
  });
  return Buffer.from(encoded, "base64");
}

test("a story is told on a phone over a slow line, with a photograph, and only the place sees it", async ({ page, hands, signInAs, visitor, checkPage, pictures }) => {
  await signInAs("Project lead, Riverside");
  const picture = await phonePicture(page);
  expect(picture.length, "a picture that would take long").toBeGreaterThan(300_000);
  await slowLine(page);
  const began = Date.now();

  await test.step("the story is written and recorded", async () => {
    await page.goto(`${place}/entries/new?kind=conversation`);
    await hands.write(page.getByLabel("Title"), told);
    await hands.write(page.getByLabel("What there is to say"), "Somebody who waits there every day told us that the bench has been broken since spring.");
    await hands.write(page.getByLabel("How they agreed"), "Spoken, for the place, without a name.");
    await hands.press(page.getByRole("button", { name: "Record", exact: true }));
    await expect(page.getByRole("status").filter({ hasText: "Recorded." })).toBeVisible();
  });

  await test.step("a photograph is added", async () => {
    await hands.press(page.getByRole("link", { name: "Photographs", exact: true }));
    await page.getByLabel("Photograph", { exact: true }).setInputFiles({ name: "IMG_2041.jpg", mimeType: "image/jpeg", buffer: picture });
    // As small as it will be shown, before it is sent.
    const size = () => page.getByLabel("Photograph", { exact: true }).evaluate((box: HTMLInputElement) => box.files?.[0]?.size);
    await expect.poll(size).toBeLessThan(picture.length / 2);
    await hands.write(page.getByLabel("What can be seen"), seen);
    await hands.tick(page.getByLabel("Everybody who can be recognised has agreed, or nobody can be"));
    await hands.press(page.getByRole("button", { name: "Add it", exact: true }));
    await expect(page.getByRole("status").filter({ hasText: "Added." })).toBeVisible();
    await hands.press(page.getByRole("link", { name: "Back to the entry" }));
    await expect(page.getByRole("heading", { level: 1, name: told })).toBeVisible();
    const shown = page.getByRole("img", { name: seen });
    await expect(shown).toBeVisible();
    await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1600);
    expect(Date.now() - began, "a minute, with every page over the slow line").toBeLessThan(MINUTE_MS);
  });
  await checkPage();
  await pictures("phone-story");

  const story = page.url().split("?")[0] ?? "";
  await page.goto(`${story}/photographs`);
  await checkPage();
  await pictures("phone-photographs");

  await test.step("the place reads it, and the funder finds nothing", async () => {
    const partner = await visitor();
    await partner.signInAs("Partner organisation's representative, Riverside");
    await partner.page.goto(story);
    await expect(partner.page.getByRole("img", { name: seen })).toBeVisible();
    const funder = await visitor();
    await funder.signInAs("Grant manager");
    const answer = await funder.page.goto(story);
    expect(answer?.status()).toBe(404);
    await funder.page.goto("/search?q=tanglebank");
    await expect(funder.page.locator("main")).not.toContainText(told);
  });
});
