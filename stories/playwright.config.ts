import { defineConfig } from "@playwright/test";
import { chromium } from "./support/chromium.ts";
import type { Options } from "./support/story.ts";

// Stories are told four times: on each database, with script off, and by keyboard alone; the longest with and without script. The long
// ones are told on one database each; the walk through all pages is made once. The server sends the same pages whether or
// not there is a script, so without one the slow checks are made of the shorter stories only.
const everyStory = "**/*.story.ts";
const longOnSqlite = ["stages", "money*", "grants", "plans", "oversight", "groups"].map((name) => `**/${name}.long.ts`);
const longer = ["**/forum.story.ts", "**/calls.story.ts", "**/files.story.ts"];
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
    { name: "postgres", testMatch: ["**/choosing.long.ts", "**/succession.long.ts", everyStory], testIgnore: "**/forum.story.ts", use: { database: "postgres", checksInFull: false } },
    { name: "no-script", testMatch: everyStory, testIgnore: [...longer, ofScript], use: { database: "sqlite", javaScriptEnabled: false } },
    { name: "no-script-longer", testMatch: longer, use: { database: "sqlite", javaScriptEnabled: false, checksInFull: false } },
    { name: "keyboard", testMatch: everyStory, testIgnore: "**/forum.story.ts", use: { database: "sqlite", byKeyboard: true, checksInFull: false } },
  ],
});
