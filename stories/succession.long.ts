// Somebody who leads the programme leaves, and somebody follows: what the role may read is there for them in one place, and
// nothing else is.
import { expect, test } from "./support/story.ts";

const home = "/programmes/practice-healthy-communities-together";
const parting = "What I would tell whoever follows";
const session = "The murmurbrook session";

test("a programme lead leaves, and whoever follows reads the handover", async ({ page, hands, signInAs, visitor, checkPage, pictures, server }) => {
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const field = (name: string) => page.getByLabel(name, { exact: true });
  const link = (name: string) => page.getByRole("link", { name, exact: true });

  await test.step("a session stays between a place and its consultant", async () => {
    await signInAs("Consultant, Orchard Vale");
    await page.goto(`${home}/places/orchard-vale/entries/new?kind=session`);
    await hands.write(field("Title"), session);
    await hands.write(field("What there is to say"), "They doubt that anybody follows.");
    await hands.press(button("Record"));
    await expect(page.getByRole("status")).toContainText("Recorded.");
  });
  const ofOthers = new URL(page.url()).pathname;

  await test.step("who leaves writes down what should be known", async () => {
    await signInAs("Programme lead, support partner");
    await page.goto(`${home}/entries/new?kind=reflection`);
    await hands.tick(page.getByRole("radio", { name: "Oversight", exact: true }));
    await hands.write(field("Title"), parting);
    await hands.write(field("What there is to say"), "Ask the pumpwright before you ask anybody else.");
    await hands.press(button("Record"));
    await expect(page.getByRole("status")).toContainText("Recorded.");
  });

  await test.step("who manages the people of another side appoints nobody to it", async () => {
    await signInAs("Support lead");
    await page.goto(`${home}/people/new`);
    await expect(field("Role").getByRole("option", { name: "Consultant" })).toHaveCount(1);
    await expect(field("Role").getByRole("option", { name: "Programme lead" })).toHaveCount(0);
  });

  await test.step("the other programme lead ends the appointment, and appoints a successor", async () => {
    await signInAs("Programme lead, funder");
    await page.goto(`${home}/people`);
    await hands.press(link("Programme lead, support partner"));
    await hands.press(button("End it now"));
    await expect(page.getByRole("status")).toContainText("Ended.");
    await page.goto(`${home}/groups`);
    const left = page.getByRole("row").filter({ hasText: "Programme lead, support partner" });
    await expect(left).toContainText("nobody; 1 other holds the role");
    await page.goto(`${home}/people/new`);
    await hands.write(field("Name"), "Sorrel Underhill");
    await hands.write(field("E-mail address"), "sorrel@underhill.example");
    await hands.choose(field("Role"), "Programme lead");
    await hands.press(button("Appoint"));
    await expect(page.getByRole("alert")).toContainText("Choose the sponsor");
    await checkPage();
    await pictures("appoint-lead");
    await hands.choose(field("Speaks for (optional)"), "The support partner");
    await hands.press(button("Appoint"));
    await expect(page.getByRole("status")).toContainText("Appointed.");
  });

  await test.step("it is said who left, and who follows", async () => {
    await page.goto(`${home}/groups`);
    const left = page.getByRole("row").filter({ hasText: "Programme lead, support partner" });
    await expect(left).toContainText("Sorrel Underhill, at once");
    await checkPage();
    await pictures("groups");
  });

  const successor = await visitor();
  await test.step("the successor reads in one place what the role may read, the words of who left first", async () => {
    const { page, hands } = successor;
    const mail = await server.mailTo("sorrel@underhill.example", "/invitations/");
    await page.goto(/\S+\/invitations\/\S+/.exec(mail)?.[0] ?? "");
    await hands.write(page.getByLabel("A password"), "kettle harbour moss violin");
    await hands.press(page.getByRole("button", { name: "Accept the invitation" }));
    await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
    await page.goto(`${home}/needs`);
    await hands.press(page.getByRole("link", { name: "Handover", exact: true }));
    await expect(page.getByRole("heading", { level: 1, name: "Handover" })).toBeVisible();
    await expect(page.locator("main")).toContainText("For whoever follows as Programme lead");
    await expect(page.locator("#before").getByRole("link").first()).toHaveText(parting);
  });

  await test.step("and nothing that the role may not read", async () => {
    const { page } = successor;
    await expect(page.locator("main")).not.toContainText(session);
    expect((await page.request.get(ofOthers)).status(), "as if there were no such page").toBe(404);
    const there = await page.locator("main a[href*='/entries/']").evaluateAll((all) => [...new Set(all.map((a) => a.getAttribute("href") ?? ""))]);
    expect(there.length).toBeGreaterThan(10);
    for (const entry of there) expect((await page.request.get(entry)).status(), entry).toBe(200);
    await page.goto(`${home}/places/orchard-vale/handover`);
    await expect(page.getByRole("heading", { level: 1, name: "Handover: Orchard Vale" })).toBeVisible();
    await expect(page.locator("main")).not.toContainText(session);
  });

  await test.step("who left reads nothing of it any more", async () => {
    await signInAs("Programme lead, support partner");
    expect((await page.goto(`${home}/handover`))?.status()).toBe(403);
  });
});
