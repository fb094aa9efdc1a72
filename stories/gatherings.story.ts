// An event is shaped by those who come: proposed, chosen among others, agreed. People sign up with what they need, come, say in two
// minutes how it was, and write down what came of it.
import { expect, test } from "./support/story.ts";

const home = "/programmes/practice-healthy-communities-together";
const events = `${home}/gatherings`;
const title = "An afternoon at the tinderbarrow";
const need = "A tinderbarrow ramp";
const guests = [
  "Learning lead, Orchard Vale",
  "Project lead, Orchard Vale",
  "Learning lead, Weavers Green",
  "Project lead, Weavers Green",
  "Community member, Weavers Green",
];

/** So many days from today, as a person writes it. */
function day(days: number): string {
  const at = new Date(Date.now() + days * 24 * 3600 * 1000);
  return at.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "Europe/London" });
}

test("an event is shaped, held and looked back on", async ({ page, hands, signInAs, checkPage, pictures }) => {
  test.setTimeout(240_000);
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const field = (name: string) => page.getByLabel(name, { exact: true });
  const link = (name: string) => page.getByRole("link", { name, exact: true });
  const heading = (name: string) => page.getByRole("heading", { level: 1, name, exact: true });
  const status = page.getByRole("status");
  const main = page.locator("main");
  const take = async (name: string, part: string, words: string) => {
    await hands.press(link(name));
    await expect(heading(name)).toBeVisible();
    await hands.write(field(part), words);
    await hands.press(button(name));
    await expect(status).toContainText("Saved.");
  };

  let event = "";
  await test.step("somebody from a place proposes it", async () => {
    await signInAs("Community member, Orchard Vale");
    await page.goto(home);
    await hands.press(link("Events"));
    await expect(heading("Learning events")).toBeVisible();
    await expect(page.locator("#ideas")).toContainText("Would you come to this?");
    await checkPage();
    await pictures("events");
    await hands.press(link("Propose: learning event"));
    await hands.press(button("Propose it"));
    await expect(page.getByRole("alert")).toContainText("Give it a title");
    await checkPage();
    await hands.write(field("Title"), title);
    await hands.write(field("What it is for"), "To see what the others do with a broken plan.");
    await hands.write(field("For whom"), "Whoever has one.");
    await hands.press(button("Propose it"));
    await expect(status).toContainText("Proposed.");
    event = new URL(page.url()).pathname;
    await checkPage();
  });
  const entry = event.replace("/gatherings/", "/entries/");

  await test.step("people of other places say whether they would come, and a learning lead shortlists and agrees it", async () => {
    await signInAs("Learning lead, Weavers Green");
    await page.goto(event);
    await hands.press(link("Say how you see it"));
    await hands.tick(page.getByRole("radio", { name: "Yes, I would come", exact: true }));
    await hands.press(button("Say it"));
    await expect(status).toContainText("Said.");
    await page.goto(event);
    await take("Shortlist it", "Why this one", "Three places have asked for it.");
    await page.goto(event);
    await take("Agree it", "What was agreed", "Orchard Vale opens, we look after the room.");
    await page.goto(event);
    await expect(main).toContainText("It is agreed.");
  });

  const set = async (on: number) => {
    await signInAs("Learning capture team");
    await page.goto(`${event}/details`);
    await hands.write(field("On which day"), day(on));
    await hands.write(field("When it begins"), "10:00");
    await hands.write(field("When it ends"), "11:30");
  };
  await test.step("those who run it say when and where", async () => {
    await set(5);
    await hands.write(field("Where the room is"), "The tinder mill");
    await hands.write(field("Agenda (optional)"), "- Three stories\n- Lunch");
    await checkPage();
    await hands.press(button("Save"));
    await expect(status).toContainText("Saved.");
    await expect(main).toContainText("The tinder mill");
    await checkPage();
  });

  await test.step("people sign up, with what they need", async () => {
    for (const [number, guest] of guests.entries()) {
      await signInAs(guest);
      await page.goto(event);
      await hands.press(link("Sign up"));
      if (number === 0) {
        await hands.write(field("What you need to take part (optional)"), need);
        await expect(main).toContainText("They are wiped 14 days after the event");
        await checkPage();
        await pictures("event-sign-up");
      }
      await hands.press(button("Sign up"));
      await expect(status).toContainText("You are signed up.");
      await expect(main).not.toContainText(number === 0 ? "Who is signed up" : need);
    }
    await page.goto("/");
    await expect(page.getByRole("region", { name: "What waits for you" })).toContainText(title);
    const file = await page.request.get(`${event}/event.ics`);
    expect(file.headers()["content-type"]).toContain("text/calendar");
    expect(await file.text()).toContain(`SUMMARY:${title}`);
  });

  await test.step("the day goes by, and those who run it note who came", async () => {
    // A story does not wait for days: the event is moved to yesterday.
    await set(-1);
    await hands.press(button("Save"));
    await expect(main).toContainText(need);
    await hands.press(link("Note who came"));
    for (const guest of guests) await hands.tick(page.getByRole("checkbox", { name: `${guest}: In the room`, exact: true }));
    await checkPage();
    await hands.press(button("Save who came"));
    await expect(status).toContainText("Saved who came.");
    await take("Say it was held", "How it went", "Nobody wanted to go home.");
    await page.goto(event);
    await expect(page.locator("#came")).toContainText("Weavers Green");
    await checkPage();
    await pictures("event-attendance");
  });

  await test.step("those who came say how it was, without a name", async () => {
    for (const [number, guest] of guests.entries()) {
      await signInAs(guest);
      await page.goto(event);
      await hands.press(link("Say how it was"));
      if (number === 0) {
        await hands.press(button("Send"));
        await expect(page.getByRole("alert")).toBeVisible();
        await checkPage();
        await pictures("event-feedback");
      }
      const choose = (question: string, answer: string) =>
        hands.tick(page.getByRole("group", { name: question, exact: true }).getByRole("radio", { name: answer, exact: true }));
      await choose("Was it worth your time?", number === 0 ? "3 Mostly" : "4 Fully");
      await choose("Was there room to talk with people from other places?", "3 Enough");
      await choose("Will you do something differently after it?", "Perhaps");
      await hands.press(button("Send"));
      await expect(status).toContainText("without your name");
      await expect(page.locator("#how")).toContainText(number < 4 ? "once 5 have answered" : "5 have answered, without their names.");
    }
    await checkPage();
    await pictures("event-how-it-was");
    await hands.press(link("In a room and online, compared over all events"));
    await expect(main).toContainText(title);
    await checkPage();
    await pictures("events-compared");
  });

  await test.step("what came of it is written down, and stands there for whoever may read it", async () => {
    await page.goto(event);
    await hands.press(link("Record: action"));
    await expect(main).toContainText(`It came of ${title}`);
    await hands.tick(page.getByRole("radio", { name: "Network", exact: true }));
    await hands.write(field("Title"), "Send round the tinderbarrow list");
    await hands.write(field("What there is to say"), "By Friday, to all.");
    await hands.press(button("Record"));
    await expect(status).toContainText("Recorded.");
    await signInAs("Grant manager");
    await page.goto(event);
    await expect(page.locator("#came-of-it")).toContainText("Send round the tinderbarrow list");
    await expect(main).not.toContainText(need);
    await expect(page.locator("#how")).toHaveCount(0);
    await checkPage();
  });

  await test.step("an address for one's own calendar is made, and tells nobody's name", async () => {
    await page.goto("/calendar");
    await checkPage();
    await hands.press(button("Make the address"));
    await expect(status).toContainText("Made.");
    const address = (await page.locator("code").textContent()) ?? "";
    await checkPage();
    const file = await (await page.request.get(new URL(address).pathname)).text();
    expect(file).toContain(`SUMMARY:${title}`);
    for (const hidden of [...guests, need]) expect(file).not.toContain(hidden);
    expect((await page.request.get("/calendar/0000.ics")).status()).toBe(404);
  });

  await test.step("who is not in the network is told of nothing", async () => {
    await signInAs("Evaluator");
    expect((await page.goto(event))?.status()).toBe(404);
    expect((await page.goto(entry))?.status()).toBe(404);
    await expect(main).not.toContainText(title);
  });
});
