import { defineConfig } from "@playwright/test";
import { chromium } from "./support/chromium.ts";
import type { Options } from "./support/story.ts";

// Every story is told four times: on each database, with script off, and by keyboard alone. The long ones are told on
// each database, the walk through all pages once.
const everyStory = "**/*.story.ts";
const longStories = "**/*.long.ts";

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
    { name: "sqlite", testMatch: [longStories, everyStory, "**/*.walk.ts"], use: { database: "sqlite" } },
    { name: "postgres", testMatch: [longStories, everyStory], use: { database: "postgres", checksInFull: false } },
    { name: "no-script", testMatch: everyStory, use: { database: "sqlite", javaScriptEnabled: false } },
    { name: "keyboard", testMatch: everyStory, use: { database: "sqlite", byKeyboard: true, checksInFull: false } },
  ],
});
