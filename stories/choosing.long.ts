// A call with three hundred applications, from its opening to the places that it leads to: read, scored, decided by both
// sponsors, told to all at once, gone on to a second stage, and one of them becomes a place.
import { answerEverything, assent, begin, letAllRead, letThem, openCall, propose, submit, tellEverybody } from "./support/applying.ts";
import { expect, test } from "./support/story.ts";

const design = "healthy-communities-together";
const home = `/programmes/practice-${design}`;
const partnership = "Fern Street Together";
const organisation = "Fern Street Centre";
const newcomer = "newcomer@fern.example";

test.use({ design });

test("three hundred apply, six are chosen, five go on, and one becomes a place", async ({
  page, hands, signInAs, checkPage, pictures, server, visitor,
}) => {
  test.setTimeout(300_000);
  const lead = await visitor();
  await lead.signInAs("Programme lead, funder");
  const call = await openCall(lead.page, lead.hands, home, { stage: "Application", name: "The great call" });

  let application = "";
  await test.step("somebody applies: every question, their organisation’s word, and a receipt", async () => {
    application = await begin(page, hands, server, call, { address: newcomer, partnership, organisation, sector: "Voluntary sector" });
    await answerEverything(page, application);
    await page.goto(application);
    await checkPage();
    await submit(page, hands, application, [organisation]);
    await page.goto(`${application}/receipt`);
    await expect(page.getByText("GREAT", { exact: false }).or(page.getByText("APPLICATION", { exact: false })).first()).toBeVisible();
    await checkPage();
    await pictures("receipt");
  });

  await test.step("two hundred and ninety-nine others do as well, and the call closes", async () => {
    await letThem(lead.page, lead.hands, call, "Let them come in", () => lead.hands.write(lead.page.getByLabel("How many?"), "299"));
    await letThem(lead.page, lead.hands, call, "Close it now");
  });

  await test.step("who runs the call finds one among three hundred", async () => {
    const { page } = lead;
    await page.goto(`${call}/applications`);
    await expect(page.getByText("300").first()).toBeVisible();
    await lead.hands.write(page.getByLabel("Part of a partnership’s name, or its number"), "fern street");
    await lead.hands.press(page.getByRole("button", { name: "Look for it" }));
    await expect(page.locator("main tbody tr")).toHaveCount(1);
    await expect(page.locator("main tbody tr")).toContainText(partnership);
    const list = await page.request.get(`${call}/applications.csv`);
    expect((await list.text()).trim().split("\n")).toHaveLength(301);
  });

  await test.step("an assessor who knows one of them says so, and reads the others", async () => {
    await lead.page.goto(`${call}/assessors`);
    for (const [name, sector] of [["Assessor 1", "Voluntary, community or social enterprise"], ["Assessor 2", "NHS"]] as const) {
      await lead.hands.choose(lead.page.getByLabel("Who?"), name);
      await lead.hands.tick(lead.page.getByRole("radio", { name: new RegExp(`^${sector.split(",")[0]}`) }));
      await lead.hands.press(lead.page.getByRole("button", { name: "Save", exact: true }));
      await expect(lead.page.getByRole("rowheader", { name })).toBeVisible();
    }
    const near = await visitor();
    await near.signInAs("Assessor 1");
    await near.page.goto(`${call}/conflicts`);
    await near.hands.press(near.page.getByRole("link", { name: new RegExp(partnership) }).or(near.page.locator("tr", { hasText: partnership }).getByRole("link")).first());
    await near.hands.write(near.page.getByLabel("What is the conflict?"), "My sister works there.");
    await near.hands.press(near.page.getByRole("button", { name: "Declare it" }));
    expect((await near.page.request.get(application)).status(), "who is too near does not read it").toBe(404);

    await letThem(lead.page, lead.hands, call, "Let them read", () =>
      lead.hands.tick(lead.page.getByRole("radio", { name: "Assessor 2", exact: true })));
    await lead.page.goto(`${call}/allocation`);
    await expect(lead.page.getByText("Every application has its readers.")).toBeVisible();
    const reader = await visitor();
    await reader.signInAs("Assessor 2");
    await reader.page.goto(`${call}/reading`);
    await reader.hands.press(reader.page.locator("main tbody a").first());
    for (const group of await reader.page.getByRole("group", { name: /^Points for/ }).all()) await reader.hands.tick(group.getByRole("radio").last());
    for (const why of await reader.page.getByLabel(/^Why, for/).all()) await reader.hands.write(why, "They show it with a case.");
    await reader.hands.press(reader.page.getByRole("button", { name: "Submit your scores" }));
    await expect(reader.page.getByRole("status")).toContainText("submitted", { ignoreCase: true });
    await letAllRead(lead.page, lead.hands, call);
  });

  await test.step("they talk first about where they differ most", async () => {
    await lead.page.goto(`${call}/moderation`);
    await expect(lead.page.getByText("Krippendorff").first()).toBeVisible();
    await expect(lead.page.getByRole("img").first()).toBeVisible();
  });

  await test.step("those with the least scores are decided on together, and each sponsor reads once what all of them hear", async () => {
    const { page, hands } = lead;
    const boxes = () => page.getByRole("group", { name: "Tick those of which the same is to be said" }).getByRole("checkbox");
    await page.goto(`${call}/forum?outcome=none&sort=score&page=5`);
    await hands.tick(boxes().last());
    await hands.press(page.getByRole("button", { name: "Next page →" }));
    await expect(page.getByText("1 that you ticked stands on other pages.")).toBeVisible();
    for (const box of await boxes().all()) await hands.tick(box);
    const many = 1 + (await boxes().count());
    await hands.press(page.getByRole("button", { name: "Decide on those ticked together" }));
    await expect(page.getByRole("heading", { level: 1, name: `Decide on ${many} together` })).toBeVisible();
    await hands.tick(page.getByRole("radio", { name: "Not chosen", exact: true }));
    await hands.write(page.getByLabel("Reasons", { exact: true }), "They would deliver alone.");
    await hands.write(page.getByLabel("Feedback to the applicant"), "Say who decides with you.");
    await hands.write(page.getByLabel("Who was present?"), "Both sponsors");
    await hands.press(page.getByRole("button", { name: "Propose it for those ticked" }));
    await expect(page.getByRole("status")).toContainText("Each of these decisions counts once");
    for (const person of ["Panel member, support partner", "Panel member, funder"]) {
      const voice = await visitor();
      await voice.signInAs(person);
      await voice.page.goto(`${call}/assents`);
      await voice.hands.tick(voice.page.getByRole("checkbox", { name: `${many} applications in the same words: Not chosen` }));
      await voice.hands.press(voice.page.getByRole("button", { name: "Assent to those ticked" }));
      await expect(voice.page.getByRole("status")).toContainText("assent is noted");
    }
    await page.goto(`${call}/forum`);
    await expect(page.getByText(`${many} counting, 0 proposed`)).toBeVisible();
  });

  await test.step("both sponsors choose one together; the rest is decided likewise", async () => {
    await propose(lead.page, lead.hands, application, {
      outcome: "Chosen", reasons: "Residents changed the plan.", feedback: "Go on as you began: let those decide whom it is about.",
    });
    await assent(lead.page, lead.hands, application);
    const partner = await visitor();
    await partner.signInAs("Panel member, support partner");
    await partner.page.goto(`${call}/assents`);
    await partner.hands.tick(partner.page.getByRole("checkbox", { name: new RegExp(partnership) }));
    await partner.hands.press(partner.page.getByRole("button", { name: "Assent to those ticked" }));
    await expect(partner.page.getByRole("status")).toContainText("assent is noted");
    await letThem(lead.page, lead.hands, call, "Let them decide");
    await lead.page.goto(`${call}/forum`);
    await expect(lead.page.getByText("6 counting, 0 proposed; the design foresees 6")).toBeVisible();
  });

  await test.step("nobody hears before everybody does", async () => {
    await page.goto(application);
    await expect(page.getByText("Your application was chosen.")).toHaveCount(0);
    await tellEverybody(lead.page, lead.hands, call);
    await server.mailTo(newcomer, "The sponsors have decided");
    await page.goto(application);
    await expect(page.getByText("Your application was chosen.")).toBeVisible();
    await expect(page.getByText("let those decide whom it is about")).toBeVisible();
    await expect(page.getByText("Residents changed the plan."), "the sponsors’ own reasons stay theirs").toHaveCount(0);
    await checkPage();
    await pictures("application-told");
  });

  const next = await openCall(lead.page, lead.hands, home, { stage: "Phase 1", name: "The next phase", after: "The great call" });
  let further = "";
  await test.step("those chosen go on with what they wrote", async () => {
    await page.goto(`${next}/carry-on`);
    await checkPage();
    await hands.press(page.getByRole("button", { name: `Go on with ${partnership}` }));
    await expect(page.getByRole("heading", { level: 1, name: partnership })).toBeVisible();
    further = new URL(page.url()).pathname;
    await answerEverything(page, further);
    await submit(page, hands, further, [organisation]);
    await letThem(lead.page, lead.hands, next, "Let them go on");
    await letThem(lead.page, lead.hands, next, "Close it now");
    await letAllRead(lead.page, lead.hands, next);
  });

  await test.step("five of the six are chosen, with the way they have come in view", async () => {
    await lead.page.goto(`${further}/way`);
    await expect(lead.page.getByText("The great call").first()).toBeVisible();
    await propose(lead.page, lead.hands, further, { outcome: "Chosen", reasons: "They have come far.", feedback: "You have come far." });
    await assent(lead.page, lead.hands, further);
    const partner = await visitor();
    await partner.signInAs("Panel member, support partner");
    await assent(partner.page, partner.hands, further);
    await letThem(lead.page, lead.hands, next, "Let them decide");
    await tellEverybody(lead.page, lead.hands, next);
    await lead.page.goto(`${home}/funnel`);
    const rows = lead.page.getByRole("table").first().getByRole("row");
    await expect(rows.filter({ hasText: "The great call" })).toContainText("300");
    await expect(rows.filter({ hasText: "The next phase" })).toContainText("6");
  });

  await test.step("one becomes a place, and nothing is typed again", async () => {
    await lead.page.goto(`${further}/place`);
    await lead.hands.press(lead.page.getByRole("button", { name: "Make it a place" }));
    await expect(lead.page.getByRole("heading", { level: 1 })).toContainText(partnership);
    await expect(lead.page.getByText(organisation).first()).toBeVisible();
    await page.goto(new URL(lead.page.url()).pathname);
    await expect(page.getByRole("link", { name: "Record an entry" }).or(page.getByRole("button", { name: "Record an entry" })).first()).toBeVisible();
  });
});
