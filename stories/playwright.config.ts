import { defineConfig } from "@playwright/test";
import { chromium } from "./support/chromium.ts";
import type { Options } from "./support/story.ts";

// Stories are told with script, without, and by keyboard alone; the longest with and without script. The long ones are told on one
// database each; the walk through all pages is made once. What the database does is tested on both through the site’s own routes by
// the tests in Rust, so on PostgreSQL those stories are told again in which several write at once or much is brought along. The server
// sends the same pages whether or not there is a script, so without one the slow checks are made where a page shows more then.
const everyStory = "**/*.story.ts";
const longOnSqlite = ["stages", "money*", "grants", "plans", "oversight", "groups"].map((name) => `**/${name}.long.ts`);
const moreWithoutScript = ["writing", "files", "signing-in"].map((name) => `**/${name}.story.ts`);
const onPostgres = ["circles", "writing", "offline", "calls", "files", "support"].map((name) => `**/${name}.story.ts`);
// Without script nothing is kept on a device; that the form works then is told elsewhere.
const ofScript = "**/offline.story.ts";

export default defineConfig<Options>({
  testDir: ".",
  outputDir: "results",
  workers: 2,
  fullyParallel: true,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["html", { outputFolder: "report", open: "never" }]],
  use: {
    locale: "en-GB",
    timezoneId: "Europe/London",
    viewport: { width: 1280, height: 900 },
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    screenshot: "only-on-failure",
    // Traces cost a third of the time: npx playwright test --trace retain-on-failure
    trace: "off",
    launchOptions: chromium(),
  },
  projects: [
    { name: "checks", testMatch: "**/*.check.ts" },
    { name: "sqlite", testMatch: [...longOnSqlite, everyStory, "**/*.walk.ts"], use: { database: "sqlite" } },
    { name: "postgres", testMatch: ["**/choosing.long.ts", "**/succession.long.ts", ...onPostgres], use: { database: "postgres", checksInFull: false } },
    { name: "no-script", testMatch: moreWithoutScript, use: { database: "sqlite", javaScriptEnabled: false } },
    { name: "no-script-quick", testMatch: everyStory, testIgnore: [...moreWithoutScript, ofScript], use: { database: "sqlite", javaScriptEnabled: false, checksInFull: false } },
    { name: "keyboard", testMatch: everyStory, testIgnore: "**/forum.story.ts", use: { database: "sqlite", byKeyboard: true, checksInFull: false } },
  ],
});
