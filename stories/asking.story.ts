// Something about a place has to be known: what is known already is looked at first, whoever may know it is asked before the
// place, and nobody is asked twice.
import { expect, test } from "./support/story.ts";

const home = "/programmes/practice-healthy-communities-together";
const place = `${home}/places/orchard-vale`;
const need = "how each partnership and its plan are coming along";
const question = "Does the grindlestone group still meet?";

test("what the grant manager needs to know is asked once, and of those who hold it", async ({ page, hands, signInAs, checkPage, pictures }) => {
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const field = (name: string) => page.getByLabel(name, { exact: true });
  const link = (name: string) => page.getByRole("link", { name, exact: true });

  await test.step("the map says from whom it comes", async () => {
    await signInAs("Grant manager");
    await page.goto(`${home}/needs`);
    const mine = page.getByRole("row").filter({ hasText: need }).filter({ hasText: "Grants" });
    await expect(mine).toContainText("Consultancy support");
    await expect(mine).toContainText(/\d of 5 places/);
    await checkPage();
    await pictures("needs");
  });

  await test.step("what is known is seen before anything is asked", async () => {
    await page.goto(place);
    await hands.press(link("Ask something"));
    await hands.choose(field("What do you need to know?"), need);
    await hands.press(button("See what is known"));
    await expect(page.getByRole("heading", { name: "What you can read already" })).toBeVisible();
    await expect(page.locator("#holders")).toContainText("Asked first, before the place: Support lead, Consultant.");
    await expect(page.locator("#asked"), "nobody has asked it").toHaveCount(0);
    await checkPage();
    await pictures("ask");
    await hands.write(field("Title"), question);
    await hands.write(field("What there is to say"), "Before I move the money for its rooms.");
    await hands.press(button("Ask"));
    await expect(page.getByRole("status")).toContainText("Recorded.");
    await expect(page.locator("#became")).toContainText(/Expected by .*: Consultant, Support lead\./);
    await checkPage();
    await pictures("question");
  });
  const asked = new URL(page.url()).pathname;

  await test.step("whoever needs to know the same is warned, and need not ask", async () => {
    await signInAs("Programme lead, funder");
    await page.goto(`${place}/ask?need=place-progress`);
    await expect(page.locator("#asked")).toContainText(`${question}, `);
    await expect(page.locator("#asked")).toContainText(": open");
    await hands.write(field("Title"), "Do they still meet?");
    await hands.write(field("What there is to say"), "For the board.");
    await hands.press(button("Ask"));
    await expect(page.getByRole("alert")).toContainText("This has been asked and is open.");
    await expect(field("Title")).toHaveValue("Do they still meet?");
    await checkPage();
    await pictures("asked-before");
    await hands.press(page.locator("#asked").getByRole("link", { name: question }));
    await expect(page.getByRole("heading", { level: 1, name: question })).toBeVisible();
  });

  await test.step("the place is not troubled", async () => {
    await signInAs("Project lead, Orchard Vale");
    await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
    await expect(page.getByRole("region", { name: "What waits for you" })).not.toContainText(question);
  });

  await test.step("the consultant knows", async () => {
    await signInAs("Consultant, Orchard Vale");
    await hands.press(page.getByRole("region", { name: "What waits for you" }).getByRole("link", { name: question, exact: true }));
    await hands.press(link("Answer from what is known"));
    await hands.write(field("What there is to say"), "Every second Thursday, and it has grown.");
    await checkPage();
    await hands.press(button("Answer from what is known"));
    await expect(page.locator("#became")).toContainText("It is answered.");
  });

  await test.step("whoever comes later finds the answer instead of asking", async () => {
    await signInAs("Evaluator");
    await page.goto(`${place}/ask?need=place-progress`);
    await expect(page.locator("#asked")).toContainText(": answered");
    await expect(page.getByRole("checkbox", { name: "Ask it all the same" })).toHaveCount(0);
    await hands.press(page.locator("#asked").getByRole("link", { name: question }));
    await expect(page).toHaveURL(asked);
    await expect(page.locator("main")).toContainText("Every second Thursday, and it has grown.");
  });
});
