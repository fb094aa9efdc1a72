import { defineConfig } from "@playwright/test";
import { chromium } from "./support/chromium.ts";
import type { Options } from "./support/story.ts";

// Every story is told four times: on each database, with script off, and by keyboard alone. Of the long ones
// each database has one; the walk through all pages is made once.
const everyStory = "**/*.story.ts";

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
    { name: "sqlite", testMatch: ["**/stages.long.ts", "**/money*.long.ts", "**/grants.long.ts", everyStory, "**/*.walk.ts"], use: { database: "sqlite" } },
    { name: "postgres", testMatch: ["**/choosing.long.ts", everyStory], use: { database: "postgres", checksInFull: false } },
    { name: "no-script", testMatch: everyStory, use: { database: "sqlite", javaScriptEnabled: false } },
    { name: "keyboard", testMatch: everyStory, use: { database: "sqlite", byKeyboard: true, checksInFull: false } },
  ],
});
