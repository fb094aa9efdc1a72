// A programme that makes no grants.
import { expect, test } from "./support/story.ts";

test.use({ design: "the-team" });
test("shows no page of money, and no empty one", async ({ page, signInAs }) => {
  await page.goto("/sign-in");
  await signInAs((await page.getByRole("button", { name: /^Programme lead/ }).first().textContent()) ?? "");
  await page.goto("/programmes/practice-the-team");
  await expect(page.getByRole("link", { name: "Money", exact: true })).toHaveCount(0);
  expect((await page.goto("/programmes/practice-the-team/money"))?.status()).not.toBe(200);
  // It runs with days alone.
  expect((await page.goto("/programmes/practice-the-team/days/staff"))?.status()).toBe(200);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Staff days");
  await expect(page.getByText("Money", { exact: true })).toHaveCount(0);
});
