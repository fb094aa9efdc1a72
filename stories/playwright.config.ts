import { defineConfig } from "@playwright/test";
import { chromium } from "./support/chromium.ts";
import type { Options } from "./support/story.ts";

// Stories are told with script; the long ones on one database each; the walk through all pages is made once. What the database does is
// tested on both through the site’s own routes by the tests in Rust, which walk the same pages without script, so here those stories
// are told again without script in which it changes what a page does, by keyboard alone in which it takes more than pressing and
// writing, and on PostgreSQL in which several write at once or much is brought along.
const everyStory = "**/*.story.ts";
const longOnSqlite = ["stages", "money*", "grants", "plans", "oversight", "groups"].map((name) => `**/${name}.long.ts`);
const moreWithoutScript = ["writing", "files", "signing-in"].map((name) => `**/${name}.story.ts`);
const withoutScript = ["calls", "circles", "excerpts", "outputs", "reflecting"].map((name) => `**/${name}.story.ts`);
const byKeyboard = ["writing", "calls", "circles", "files", "signing-in", "excerpts", "offline", "outputs", "gatherings", "peers"].map((name) => `**/${name}.story.ts`);
const onPostgres = ["circles", "writing", "offline", "calls", "files", "support"].map((name) => `**/${name}.story.ts`);

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
    { name: "no-script-quick", testMatch: withoutScript, use: { database: "sqlite", javaScriptEnabled: false, checksInFull: false } },
    { name: "keyboard", testMatch: byKeyboard, use: { database: "sqlite", byKeyboard: true, checksInFull: false } },
  ],
});
