// What was said in a place is quoted, agreed to by whoever said it, signed off by the place, published, cited, and taken back.
import { invalidHtml } from "./support/html.ts";
import { expect, test } from "./support/story.ts";

const home = "/programmes/practice-healthy-communities-together";
const place = `${home}/places/riverside`;
const title = "What the willowgate taught us";
const words = "The willowgate opened when somebody asked who had the key.";
const theme = "Who has the key, by willowgate";

test("an excerpt becomes a theme and an output, is agreed to by two people, published, cited, and one takes it back", async ({
  page, hands, signInAs, checkPage, pictures,
}) => {
  test.setTimeout(180_000);
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const field = (name: string) => page.getByLabel(name, { exact: true });
  const link = (name: string) => page.getByRole("link", { name, exact: true });
  const heading = (name: string) => page.getByRole("heading", { level: 1, name, exact: true });
  const status = page.getByRole("status");
  const main = page.locator("main");

  let excerpt = "";
  await test.step("the consultant writes down what was said, and marks it with a theme", async () => {
    await signInAs("Learning capture team");
    await page.goto(`${home}/themes`);
    await hands.write(field("Theme"), theme);
    await hands.write(field("What belongs to it"), "Who can open what, and whether anybody asks.");
    await hands.press(button("Add it"));
    await expect(status).toContainText("Added.");
    await signInAs("Consultant, Riverside");
    await page.goto(`${place}/entries/new?kind=note`);
    await hands.tick(page.getByRole("radio", { name: "Learning", exact: true }));
    await hands.write(field("Title"), "At the willowgate");
    await hands.write(field("What there is to say"), `We stood outside for an hour. ${words}`);
    await hands.press(button("Record"));
    await hands.press(link("Excerpts"));
    await hands.write(field("The words"), words);
    await hands.tick(page.getByRole("checkbox", { name: theme, exact: true }));
    await hands.press(button("Mark it"));
    await hands.press(link("Change excerpt 1"));
    await expect(heading("Excerpt")).toBeVisible();
    excerpt = new URL(page.url()).pathname;
  });

  let output = "";
  await test.step("the learning team starts an insight, writes it, and quotes the excerpt", async () => {
    await signInAs("Learning capture team");
    await page.goto(`${home}/outputs/new?place=riverside&kind=insight`);
    await expect(heading("Start an output")).toBeVisible();
    await hands.press(button("Start it"));
    await expect(page.getByRole("alert")).toContainText("Give it a title");
    await hands.write(field("Title"), title);
    await hands.write(field("What there is to say"), "A gate is a person before it is a gate.");
    await hands.write(field("Whom it is for (optional)"), "Whoever plans a building together.");
    await hands.write(field("Days booked for it (optional)"), "1.5");
    await checkPage();
    await pictures("output-start");
    await hands.press(button("Start it"));
    await expect(status).toContainText("Started.");
    output = new URL(page.url()).pathname;
    await hands.press(link("Write"));
    await hands.write(field("In one sentence"), "Ask who has the key before you plan the door.");
    await hands.write(field("Who wrote it"), "The learning capture team, with Riverside");
    await hands.tick(page.getByRole("checkbox", { name: theme, exact: true }));
    await hands.press(button("Save"));
    await expect(status).toContainText("Saved.");
    await page.goto(excerpt);
    await hands.press(link("Quote it in an output"));
    await expect(heading("Outputs")).toBeVisible();
    await checkPage();
    await pictures("outputs");
    await hands.press(page.getByRole("link", { name: new RegExp(`^Quote it here.*${title}`) }));
    await expect(field("The words, as they would be published")).toHaveValue(words);
    await hands.write(field("Shown beneath them as (optional)"), "A consultant");
    await hands.tick(page.getByRole("radio", { name: /^Those of (?!somebody)/ }));
    await checkPage();
    await pictures("output-quote");
    await hands.press(button("Quote it"));
    await expect(status).toContainText("Quoted.");
    await hands.press(button("Begin to write it"));
    await expect(button("Put it to those it is about")).toBeVisible();
    await hands.press(button("Put it to those it is about"));
    await expect(status).toContainText("They are asked now");
    await checkPage();
    await pictures("output");
  });

  await test.step("the consultant sees exactly what would be published, and agrees", async () => {
    await signInAs("Consultant, Riverside");
    await page.goto("/");
    await hands.press(page.getByRole("link", { name: `Say whether your words may be used in “${title}”` }));
    await expect(main).toContainText(words);
    await expect(main).toContainText("A gate is a person before it is a gate.");
    await hands.tick(page.getByRole("radio", { name: "Yes, as it stands here", exact: true }));
    await checkPage();
    await pictures("your-words");
    await hands.press(button("Answer"));
    await expect(status).toContainText("Said.");
  });

  await test.step("the learning lead signs off for the place", async () => {
    await signInAs("Learning lead, Riverside");
    await page.goto("/");
    await hands.press(page.getByRole("link", { name: `Sign off “${title}”` }));
    await hands.tick(page.getByRole("radio", { name: "Yes, it can be published as it stands here", exact: true }));
    await checkPage();
    await pictures("sign-off");
    await hands.press(button("Say it"));
    await expect(status).toContainText("Said.");
  });

  let library = "";
  await test.step("it is published under its themes", async () => {
    await signInAs("Learning capture team");
    await page.goto(output);
    await hands.press(link("Look at what is missing, and publish"));
    await checkPage();
    await pictures("publish");
    await hands.press(button("Publish it"));
    await expect(status).toContainText("Published.");
    library = (await link("Version 1").getAttribute("href")) ?? "";
    expect(library).toMatch(/^\/library\//);
  });

  await test.step("everybody finds it, reads it and can cite it", async () => {
    await page.context().clearCookies();
    await page.goto("/library?programme=practice-healthy-communities-together&q=willowgate");
    await expect(heading("Library")).toBeVisible();
    await checkPage();
    await pictures("library");
    await hands.press(link(title));
    await expect(heading(title)).toBeVisible();
    await expect(main).toContainText(words);
    await expect(page.locator(".citation")).toContainText("The learning capture team, with Riverside (");
    await checkPage();
    await pictures("publication");
    await page.goto("/library?programme=practice-healthy-communities-together&view=storybook");
    await expect(main).toContainText(words);
    await checkPage();
    await pictures("storybook");
    for (const path of ["/library", "/library?programme=practice-healthy-communities-together", library]) {
      const source = await (await page.request.get(path)).text();
      expect(await invalidHtml(source), path).toEqual([]);
      expect(source.length, "a page of the library is light").toBeLessThan(100_000);
    }
  });

  await test.step("the consultant takes the words back, and they are gone everywhere", async () => {
    await signInAs("Consultant, Riverside");
    await page.goto("/your-words");
    await checkPage();
    await pictures("your-words-list");
    await hands.press(page.getByRole("link", { name: new RegExp(`of “${title}”`) }));
    await hands.tick(page.getByRole("checkbox", { name: "I take these words back", exact: true }));
    await hands.press(button("Take them back"));
    await expect(status).toContainText("Taken back.");
    await page.context().clearCookies();
    for (const path of [library, library.replace(/\/1$/, ""), "/library?programme=practice-healthy-communities-together&view=storybook"]) {
      await page.goto(path);
      await expect(main).toContainText("A gate is a person before it is a gate.");
      await expect(main, "what was said is gone, at once").not.toContainText("opened when somebody asked");
    }
    await expect(main).toContainText("Whoever said it has taken it back.");
  });
});
