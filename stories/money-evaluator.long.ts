// Grants that each pay for a local evaluator.
import { expect, test } from "./support/story.ts";

const today = new Date().toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "Europe/London" });
const later = (months: number) => {
  const day = new Date();
  day.setDate(1);
  day.setMonth(day.getMonth() + months);
  return day.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
};

test.use({ design: "common-ambition" });
test("an award is not offered before its budget has money for one", async ({ page, hands, signInAs }) => {
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  await signInAs("Grant manager");
  await page.goto("/programmes/practice-common-ambition/places/riverside");
  await hands.press(page.getByRole("link", { name: "Make an award" }));
  await hands.tick(page.getByRole("radio", { name: "Riverside Voluntary Action, which leads" }));
  await hands.tick(page.getByRole("radio", { name: "Project grants of £400,000 to £500,000" }));
  await hands.write(page.getByLabel("How much is it?"), "400,000");
  await hands.write(page.getByLabel("It starts on"), today);
  await hands.write(page.getByLabel("It ends on"), later(10));
  await hands.write(page.getByLabel("What is it for?"), "A hub.");
  await hands.press(button("Go on to the budget"));
  await hands.write(page.getByLabel("People who do the work"), "400,000");
  await hands.press(button("Save the budget"));
  await expect(page.getByText("The budget has nothing for ‘Local evaluator’")).toBeVisible();
  await hands.press(page.getByRole("link", { name: "Plan the budget" }));
  await hands.write(page.getByLabel("Local evaluator"), "40,000");
  await hands.write(page.getByLabel("People who do the work"), "360,000");
  await hands.press(button("Save the budget"));
  await expect(page.getByText("The budget has nothing for")).toHaveCount(0);
});
