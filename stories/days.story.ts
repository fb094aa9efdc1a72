// Days: a consultant logs them with a session, sees what is left and corrects a slip; the programme logs its own.
import { expect, test } from "./support/story.ts";

const home = "/programmes/practice-healthy-communities-together";
const place = `${home}/places/saltmarsh`;

test("days are used with a session, corrected, and the programme's own are logged and taken back", async ({ page, hands, signInAs, checkPage, pictures }) => {
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const field = (name: string) => page.getByLabel(name, { exact: true });

  await test.step("a consultant records a session with the days it took", async () => {
    await signInAs("Consultant, Saltmarsh");
    await page.goto(`${home}/days`);
    await checkPage();
    await pictures("days-consultant");
    await page.goto(`${place}/entries/new?kind=session`);
    await hands.write(field("Title"), "Days together");
    await hands.write(field("What there is to say"), "We looked at who is not in the room yet.");
    await hands.write(field("Days used (optional)"), "1½");
    await hands.press(button("Record"));
    await expect(page.getByRole("status")).toContainText("Recorded");
    await expect(page.locator("main")).toContainText("1½");
    await checkPage();
    await pictures("days-session");
  });

  await test.step("and corrects a slip, with a reason", async () => {
    await hands.press(page.getByRole("link", { name: "Correct the days" }));
    await checkPage();
    await pictures("days-correct");
    await hands.write(field("Days used (optional)"), "1¼");
    await hands.press(button("Save the days"));
    await expect(page.getByRole("alert")).toContainText("why");
    await expect(field("Days used (optional)")).toHaveValue("1¼");
    await hands.write(field("Why"), "The morning was another place’s.");
    await hands.press(button("Save the days"));
    await expect(page.locator("main")).toContainText("1¼ days");
  });

  await test.step("whoever runs the programme logs their own time, and takes it back", async () => {
    await signInAs("Programme lead, funder");
    await page.goto(`${home}/days/staff`);
    await checkPage();
    await pictures("days-staff");
    await hands.write(field("Days"), "½");
    await hands.write(field("What for"), "The forum of the autumn");
    await hands.press(button("Log"));
    await expect(page.getByRole("status")).toContainText("Logged.");
    await hands.press(page.getByRole("button", { name: /^Take back ½ .*The forum of the autumn$/ }));
    await expect(page.getByRole("status")).toContainText("Taken back.");
    await expect(page.getByRole("table", { name: "What you logged lately" })).not.toContainText("The forum of the autumn");
  });
});
