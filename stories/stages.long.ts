// Three stages of a call: expressions of interest, proposals with a file, full applications; those who come far and are
// not funded stay in the learning network.
import { answerEverything, assent, begin, letAllRead, letThem, openCall, propose, submit, tellEverybody } from "./support/applying.ts";
import { expect, test } from "./support/story.ts";

const design = "shaping-places-for-healthier-lives";
const home = `/programmes/practice-${design}`;
const partnership = "Fern Street Together";
const organisation = "Fern Street Council";
const panel = ["Panel member, sponsor", "Panel member, sponsor 2"];

test.use({ design });

test("forty are interested, thirty are supported, up to twelve work it out, and five are funded", async ({
  page, hands, signInAs, checkPage, pictures, server, visitor,
}) => {
  test.setTimeout(300_000);
  const lead = await visitor();
  await lead.signInAs("Programme lead, sponsor");
  const stages = [
    { stage: "Expression of interest", name: "Who is interested", chosen: 30 },
    { stage: "Discovery", name: "Proposals", chosen: 12 },
    { stage: "Development", name: "Full applications", chosen: 5 },
  ];
  let before = "";
  let application = "";
  let after: string | undefined;
  for (const { stage, name, chosen } of stages) {
    await test.step(name, async () => {
      const call = await openCall(lead.page, lead.hands, home, after ? { stage, name, after } : { stage, name });
      if (after) {
        await page.goto(`${call}/carry-on`);
        await hands.press(page.getByRole("button", { name: `Go on with ${partnership}` }));
        await expect(page.getByRole("heading", { level: 1, name: partnership })).toBeVisible();
        application = new URL(page.url()).pathname;
        await page.goto(`${application}/whole`);
        await expect(page.getByText(organisation).first()).toBeVisible();
      } else {
        const who = { address: "newcomer@fern.example", partnership, organisation, sector: "Council" };
        application = await begin(page, hands, server, call, who);
      }
      await answerEverything(page, application);
      await submit(page, hands, application, [organisation]);
      await checkPage();
      if (after) await letThem(lead.page, lead.hands, call, "Let them go on");
      else await letThem(lead.page, lead.hands, call, "Let them come in", () => lead.hands.write(lead.page.getByLabel("How many?"), "39"));
      await letThem(lead.page, lead.hands, call, "Close it now");
      await letAllRead(lead.page, lead.hands, call);
      // A place of their own is made sure of for the story; the others are decided by their scores.
      await propose(lead.page, lead.hands, application, {
        outcome: "Chosen", reasons: "They see more than one cause.", feedback: "You see more than one cause.",
      });
      for (const sponsor of panel) {
        const member = await visitor();
        await member.signInAs(sponsor);
        await assent(member.page, member.hands, application);
      }
      await letThem(lead.page, lead.hands, call, "Let them decide");
      await lead.page.goto(`${call}/forum`);
      await expect(lead.page.getByText(`${chosen} counting, 0 proposed`)).toBeVisible();
      await tellEverybody(lead.page, lead.hands, call);
      await page.goto(application);
      await expect(page.getByText("Your application was chosen.")).toBeVisible();
      [before, after] = [call, name];
    });
  }

  await test.step("those who came far and were not funded stay in the network", async () => {
    await lead.page.goto(`${before}/forum?outcome=network`);
    await expect(lead.page.locator("main table").first().locator("tbody tr").first()).toBeVisible();
    await lead.page.goto(`${home}/funnel`);
    for (const [name, count] of [["Who is interested", "40"], ["Proposals", "30"], ["Full applications", "12"]] as const) {
      await expect(lead.page.getByRole("table").first().getByRole("row").filter({ hasText: name })).toContainText(count);
    }
  });
});
