// What funders have published is brought in while the site runs, and anybody finds it, narrows it and takes it along.
import { readFile } from "node:fs/promises";
import { expect, test } from "./support/story.ts";

const areas = ["Riverton", "Lantern Hill", "Saltmarsh", "A parish with a long name that goes on, by the sea"];

function grant(n: number) {
  return {
    id: `360G-fern-${n}`,
    title: n % 3 === 0 ? `Beds for the winter, part ${n}` : `A kitchen for everybody on ${areas[n % 4]} road ${n}`,
    description: "Warm rooms, and somebody to talk to.\nOpen to all.",
    currency: n % 20 === 0 ? "EUR" : "GBP",
    amountAwarded: (n + 1) * 1250,
    awardDate: `${2010 + (n % 14)}-0${1 + (n % 9)}-15`,
    fundingOrganization: [{ id: `GB-CHC-${n % 11}`, name: `The ${["Fern", "Oak", "Heron"][n % 3]} Trust number ${n % 11}` }],
    recipientOrganization: [{ id: "GB-COH-1", name: "Oak Lane Centre" }],
    beneficiaryLocation: [{ name: areas[n % 4] }],
    grantProgramme: [{ title: `Winter ${n % 5}` }],
  };
}

test("anybody finds published grants, narrows them and takes them along", async ({ page, hands, server, checkPage, pictures }) => {
  test.setTimeout(180_000);
  const all = Array.from({ length: 130 }, (_, n) => grant(n));
  await server.importGrants("fern", all);
  await page.goto("/");
  await hands.press(page.getByRole("contentinfo").getByRole("link", { name: "Published grants" }));
  await expect(page.getByRole("heading", { level: 1, name: "Published grants" })).toBeVisible();
  await expect(page.getByText("130 grants: £")).toBeVisible();
  await checkPage();
  await pictures("published-grants");

  await hands.write(page.getByLabel("Words in a grant"), "winter BED");
  await hands.press(page.getByRole("button", { name: "Search", exact: true }));
  await expect(page.getByText(/^44 grants/)).toBeVisible();
  await hands.press(page.getByRole("navigation", { name: "Narrow this list" }).getByRole("link", { name: /^Riverton/ }));
  await expect(page.getByText(/^11 grants/)).toBeVisible();
  await checkPage();
  await pictures("published-grants-narrowed");

  const url = page.url().replace("/grants?", "/grants.json?");
  const downloading = page.waitForEvent("download");
  await hands.press(page.getByRole("link", { name: /^As JSON/ }));
  const download = await downloading;
  expect(download.url()).toBe(url);
  const taken = JSON.parse(await readFile(await download.path(), "utf8")) as { grants: { id: string }[] };
  expect(taken.grants.map((grant) => grant.id)).toEqual(all.filter((_, n) => n % 12 === 0).map((grant) => grant.id));

  await hands.press(page.getByRole("link", { name: "Remove Area Riverton" }));
  await expect(page.getByText(/^44 grants/)).toBeVisible();
  await hands.press(page.getByRole("region", { name: "Grants", exact: true }).or(page.locator("#grants")).first().getByRole("link").first());
  await expect(page.getByText("Warm rooms, and somebody to talk to.").first()).toBeVisible();
  await checkPage();
  await pictures("published-grant");
});
