// People of different places find each other: they say what they work on, talk, ask and offer, and hear of it as they choose.
import { expect, test } from "./support/story.ts";

const home = "/programmes/practice-healthy-communities-together";
const title = "Who has mended a thistlegate?";
const contact = "Ring the thistlegate bell";
const asker = "Community member, Orchard Vale";
const answerer = "Learning lead, Weavers Green";

test("peers find each other, talk, ask and offer", async ({ page, hands, signInAs, checkPage, pictures }) => {
  test.setTimeout(240_000);
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const field = (name: string) => page.getByLabel(name, { exact: true });
  const link = (name: string) => page.getByRole("link", { name, exact: true });
  const heading = (name: string) => page.getByRole("heading", { level: 1, name, exact: true });
  const box = (name: string) => page.getByRole("checkbox", { name, exact: true });
  // A form whose words are kept on the device has a status of its own.
  const status = page.locator(".notice[role=status]");
  const main = page.locator("main");

  await test.step("somebody says what they work on, and how to reach them", async () => {
    await signInAs(answerer);
    await page.goto(home);
    await hands.press(link("Channel"));
    await expect(heading("Channel")).toBeVisible();
    await checkPage();
    await pictures("channel");
    await hands.press(link("Who works on what"));
    await checkPage();
    await pictures("peers");
    await page.goto(`${home}/peers/me`);
    await hands.write(field("What I can help others with (optional)"), "A thistlegate that closes by itself.");
    await hands.write(field("How to reach me (optional)"), contact);
    await checkPage();
    const shows = box("Show it to those who read this channel");
    if (!(await shows.isChecked())) await hands.tick(shows);
    await hands.press(button("Save"));
    await expect(status).toContainText("Saved.");
  });

  let thread = "";
  await test.step("somebody of another place begins a thread and names them", async () => {
    await signInAs(asker);
    await page.goto(`${home}/peers`);
    await expect(main).toContainText(contact);
    await page.goto(`${home}/channel/new?kind=thread`);
    await hands.write(field("What there is to say"), "Ours hangs by one thistle.");
    await hands.press(button("Start it"));
    await expect(page.getByRole("alert")).toContainText("Give it a title");
    await expect(field("What there is to say")).toHaveValue("Ours hangs by one thistle.");
    await checkPage();
    await hands.write(field("Title"), title);
    await hands.press(page.locator("summary", { hasText: "Name people (@)" }));
    await hands.tick(box(`@ ${answerer}`));
    await checkPage();
    await hands.press(button("Start it"));
    await expect(status).toContainText("Said.");
    thread = new URL(page.url()).pathname;
    await expect(main).toContainText(`@${answerer}`);
    await checkPage();
    await pictures("thread");
  });

  await test.step("who is named finds it in their Today and answers", async () => {
    await signInAs(answerer);
    await page.goto("/");
    await expect(page.getByRole("region", { name: "What waits for you" })).toContainText(title);
    await page.goto(thread);
    await hands.write(field("Your reply"), "With a bent nail and some patience.");
    await hands.press(button("Reply"));
    await expect(status).toContainText("Your reply stands below.");
    await expect(page.locator("#replies")).toContainText("With a bent nail");
    await checkPage();
    await page.goto("/");
    await expect(main).not.toContainText("Somebody names you in it.");
  });

  await test.step("somebody asks, another answers, and it is settled", async () => {
    await signInAs(asker);
    await page.goto(`${home}/channel/new?kind=ask`);
    await hands.write(field("Title"), "A bent nail");
    await hands.write(field("What there is to say"), "One is enough.");
    await hands.press(button("Ask"));
    await expect(status).toContainText("Said.");
    const ask = new URL(page.url()).pathname;
    await checkPage();
    await signInAs(answerer);
    await page.goto(ask);
    await hands.press(link("Answer it"));
    await hands.write(field("Your answer"), "Take two.");
    await hands.press(button("Answer it"));
    await expect(status).toContainText("Saved.");
    await page.goto(ask);
    await expect(link("Say that it is settled")).toHaveCount(0);
    await signInAs(asker);
    await page.goto(ask);
    await hands.press(link("Say that it is settled"));
    await hands.write(field("What helped"), "Both nails.");
    await hands.press(button("Say that it is settled"));
    await expect(status).toContainText("Saved.");
    await page.goto(ask);
    await expect(main).toContainText("It is settled.");
  });

  await test.step("people choose what they hear, and what they show", async () => {
    await signInAs(answerer);
    await page.goto(`${home}/peers/mail`);
    await hands.tick(page.getByRole("radio", { name: "Once a day", exact: true }));
    await hands.write(field("No mail from (optional)"), "late");
    await hands.press(button("Save"));
    await expect(page.getByRole("alert")).toContainText("Enter a time");
    await checkPage();
    await hands.write(field("No mail from (optional)"), "20:00");
    await hands.write(field("until (optional)"), "7:30");
    await hands.press(button("Save"));
    await expect(status).toContainText("Saved.");
    await page.goto(`${home}/peers/me`);
    await box("Show it to those who read this channel").uncheck();
    await hands.press(button("Save"));
    await expect(status).toContainText("Saved.");
    await signInAs(asker);
    await page.goto(`${home}/peers`);
    await expect(main).toContainText("A thistlegate that closes by itself.");
    await expect(main).not.toContainText(contact);
  });

  await test.step("whoever is not in the network is told nothing of it", async () => {
    await signInAs("Evaluator");
    await page.goto(home);
    await expect(link("Channel")).toHaveCount(0);
    const reply = await page.goto(thread);
    expect(reply?.status()).toBe(404);
    await expect(page.locator("body")).not.toContainText("thistlegate");
  });
});
