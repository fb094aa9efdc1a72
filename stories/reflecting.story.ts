// People of a place reflect: each alone, then together, and again; something to try comes out of it. Whoever pays sees nothing of it.
import { expect, test } from "./support/story.ts";

const home = "/programmes/practice-healthy-communities-together";
const place = `${home}/places/weavers-green`;
const rounds = `${place}/reflections`;
const lead = "Project lead, Weavers Green";
const learningLead = "Learning lead, Weavers Green";
const partner = "Partner organisation's representative, Weavers Green";
const rely = "How far can we rely on one another?";
const unsaid = "What do we not talk about, and should?";
const differently = "What should we try differently?";

test("a group answers alone, looks together, tries something, and does so again, and no sponsor sees any of it", async ({
  page, hands, signInAs, checkPage, pictures,
}) => {
  test.setTimeout(240_000);
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const field = (name: string) => page.getByLabel(name, { exact: true });
  const link = (name: string) => page.getByRole("link", { name, exact: true });
  const question = (name: string) => page.getByRole("group", { name, exact: true });
  const heading = (name: string) => page.getByRole("heading", { level: 1, name, exact: true });
  const status = page.locator(".notice");
  const waiting = page.getByRole("region", { name: "What waits for you" });
  const answers = (name: string) => page.getByRole("table", { name: `How many answered what: ${name}` }).getByRole("row");
  const instead = async (asked: string, words: string) => {
    await hands.tick(question(`In place of an answer: ${asked}`).getByRole("radio", { name: words, exact: true }));
  };
  const answer = async (person: string, number: number, trust: string, text: string) => {
    await signInAs(person);
    await hands.press(waiting.getByRole("link", { name: `Reflect alone: How we work together, round ${number}`, exact: true }));
    await expect(heading(`How we work together, round ${number}`)).toBeVisible();
    await hands.tick(question(rely).getByRole("radio", { name: trust, exact: true }));
    await hands.tick(question("Who settles things in the end?").getByRole("radio", { name: "The same few", exact: true }));
    await hands.tick(question("Whose voice do we hear too little?").getByRole("checkbox", { name: "Small organisations", exact: true }));
    await hands.write(field(unsaid), text);
    await instead("Has anything about how we work changed since we last looked?", "Skip");
    await instead(differently, "Not safe to say yet");
    await hands.press(button("I have finished"));
    await expect(status).toContainText("Saved, and you have finished.");
  };
  const open = async (number: number) => {
    await hands.press(button(`Open round ${number} of “How we work together”`));
    await expect(status).toContainText("Opened.");
    return new URL(page.url()).pathname;
  };
  const lookTogether = async (round: string) => {
    await page.goto(round);
    await hands.tick(page.getByRole("checkbox", { name: "Show them now", exact: true }));
    await hands.press(button("Show the answers together"));
    await expect(status).toContainText("All see it now.");
  };

  let first = "";
  await test.step("the project lead opens a round", async () => {
    await signInAs(lead);
    await page.goto(place);
    await hands.press(link("Reflect"));
    await expect(heading("Reflection in Weavers Green")).toBeVisible();
    await checkPage();
    await pictures("reflection-empty");
    first = await open(1);
    await hands.press(button("I have finished"));
    await expect(page.getByRole("alert")).toContainText("Answer this, or choose below to skip it");
    await checkPage();
    await pictures("reflection-alone");
  });

  await test.step("three answer alone, and none sees another’s answers", async () => {
    await answer(lead, 1, "2 We are polite", "Who gets the tinderbrook rooms.");
    await answer(learningLead, 1, "4 We say what is hard to say", "That two of us left the last meeting early.");
    await page.goto(first);
    await expect(page.locator("main")).toContainText("2 of 4 have finished. You have finished.");
    await expect(page.locator("main")).not.toContainText("tinderbrook");
    await expect(page.locator("#together")).toContainText("It waits until at least 3 have finished");
    await answer(partner, 1, "2 We are polite", "The tinderbrook rooms, again.");
    await page.goto(first);
    await expect(page.locator("main")).toContainText("3 of 4 have finished.");
    await expect(button("Show the answers together")).toHaveCount(0);
  });

  await test.step("they look together", async () => {
    await signInAs(lead);
    await lookTogether(first);
    await expect(answers(rely).filter({ hasText: "2: We are polite" })).toContainText("2");
    await expect(page.locator("#unsaid")).toContainText("Who gets the tinderbrook rooms.");
    await expect(page.locator("#try")).toContainText("Skipped by 0. Not safe to say yet for 3.");
    await expect(page.locator("main")).not.toContainText(partner);
    await checkPage();
    await pictures("reflection-together");
  });

  let words = "";
  await test.step("the group says what it makes of it, and something to try comes out of it", async () => {
    await signInAs(learningLead);
    await page.goto(first);
    await hands.press(link("Write what we make of it"));
    await hands.write(field("What there is to say"), "Rooms stand for something else. We want to say what, at the gatherlight table.");
    await checkPage();
    await hands.press(button("Record"));
    await expect(status).toContainText("Recorded.");
    words = new URL(page.url()).pathname;
    await hands.press(link("How we work together, round 1"));
    await hands.press(link("Out of this comes: experiment"));
    await hands.write(field("Title"), "Rooms by lot");
    await hands.write(field("What we believe"), "Whoever sorts out the rooms decides who feels at home.");
    await hands.write(field("What we try"), "For three months rooms go by lot.");
    await hands.write(field("What we will watch"), "Who stays behind to talk.");
    await hands.press(button("Record"));
    await expect(status).toContainText("Recorded.");
    await page.goto(first);
    await expect(page.locator("#ours")).toContainText("What we make of how we work together, round 1");
    await expect(page.locator("#came-out")).toContainText("Rooms by lot");
    await checkPage();
  });

  let second = "";
  await test.step("they come back to the same questions, with the earlier round beside them", async () => {
    await signInAs(lead);
    await page.goto(rounds);
    await expect(page.locator("#partnership")).toContainText("The next round is due on");
    second = await open(2);
    await answer(lead, 2, "3 We say most things", "Money.");
    await answer(learningLead, 2, "4 We say what is hard to say", "Nothing that I know of.");
    await answer(partner, 2, "3 We say most things", "What happens when we are gone.");
    await signInAs(learningLead);
    await lookTogether(second);
    await expect(answers(rely).filter({ hasText: "2: We are polite" })).toHaveText(/2: We are polite\s*2\s*0/);
    await expect(answers(rely).filter({ hasText: "3: We say most things" })).toHaveText(/3: We say most things\s*0\s*2/);
    await checkPage();
    await pictures("reflection-again");
    await page.goto(rounds);
    await expect(page.getByRole("row").filter({ hasText: "How we work together, round" })).toHaveCount(2);
    await checkPage();
    await pictures("reflection-rounds");
  });

  await test.step("no sponsor sees any of it", async () => {
    for (const person of ["Programme lead, funder", "Grant manager"]) {
      await signInAs(person);
      await expect(page.locator("main")).not.toContainText("How we work together");
      for (const address of [rounds, first, second, words]) {
        expect((await page.goto(address))?.status(), `${address} for ${person}`).toBe(404);
        await expect(page.locator("main")).not.toContainText("tinderbrook");
      }
      for (const address of [place, `${place}/entries`, `${home}/entries`, "/search?q=gatherlight"]) {
        await page.goto(address);
        for (const word of ["How we work together", "Rooms by lot", "What we make of how"]) {
          await expect(page.locator("main"), `${address} for ${person}`).not.toContainText(word);
        }
      }
      await page.goto(`${home}/journal`);
      await expect(page.locator("main")).toContainText("Do something among a group");
      await expect(page.locator("main")).not.toContainText("eflection");
    }
  });
});
