// A steering group is told what it lacks by the programme's own rule, and is left alone once it is whole.
import { expect, test } from "./support/story.ts";

const design = "connecting-health-communities";
const home = `/programmes/practice-${design}`;
const place = `${home}/places/orchard-vale`;
const chair = "Steering group chair, Orchard Vale";
const lacks = "The group has 7 members; the rule asks for at least 8.";

test.use({ design });
test("a steering group of seven hears what is missing, until an eighth comes", async ({ page, hands, signInAs, checkPage, pictures }) => {
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const field = (name: string) => page.getByLabel(name, { exact: true });
  const link = (name: string) => page.getByRole("link", { name, exact: true });
  const people = page.locator("#people");
  const missing = page.locator("#missing");

  await test.step("two leave a group of nine, and with one of them her sector", async () => {
    await signInAs(chair);
    await page.goto(place);
    await expect(people).toContainText("The steering group has at least eight members, of different sectors");
    await expect(people).toContainText("Nothing is missing.");
    for (const member of [3, 6]) {
      await page.goto(place);
      await hands.press(people.getByRole("link", { name: `Steering group member ${member}, Orchard Vale` }));
      await hands.press(button("End it now"));
      await expect(page.getByRole("status")).toContainText("Ended.");
    }
    await page.goto(place);
    await expect(people).toContainText("What is missing today:");
    await expect(people).toContainText(lacks);
    await checkPage();
    await pictures("group-of-seven");
  });

  await test.step("whoever runs the programme sees which place lacks somebody, and who left", async () => {
    await signInAs("Programme lead, sponsor");
    await page.goto(`${home}/needs`);
    await hands.press(link("Who is missing, who left"));
    await expect(missing).toContainText("4 of 5 places lack nobody.");
    await expect(missing.getByRole("row").filter({ hasText: "Orchard Vale" })).toContainText(lacks);
    await expect(page.locator("#left").getByRole("row").filter({ hasText: "Steering group member 3, Orchard Vale" })).toContainText("nobody; 6 others hold the role");
    await checkPage();
    await pictures("groups-missing");
  });

  await test.step("the chair appoints somebody from where nobody is left", async () => {
    await signInAs(chair);
    await page.goto(`${home}/people`);
    await hands.press(link("Appoint somebody"));
    await hands.write(field("Name"), "Perpetua Oakes");
    await hands.write(field("E-mail address"), "perpetua@oakes.example");
    await hands.choose(field("Role"), "Steering group member");
    await hands.choose(field("Organisation (optional)"), "Orchard Vale Neighbours");
    await checkPage();
    await pictures("appoint-eighth");
    await hands.press(button("Appoint"));
    await expect(page.getByRole("status")).toContainText("Appointed.");
  });

  await test.step("and nothing is said of it any more", async () => {
    await page.goto(place);
    await expect(people).toContainText("Nothing is missing.");
    await expect(people.getByRole("row").filter({ hasText: "Perpetua Oakes" })).toContainText("Orchard Vale Neighbours");
    await signInAs("Programme lead, sponsor");
    await page.goto(`${home}/groups`);
    await expect(missing).toContainText("5 of 5 places lack nobody.");
    await expect(missing.getByRole("row")).toHaveCount(0);
    await expect(page.locator("#left").getByRole("row").filter({ hasText: "Steering group member 3, Orchard Vale" })).toContainText("Perpetua Oakes, at once");
  });
});
