import { type Page, test as base, expect } from "@playwright/test";
import { type Hands, Keyboard, Mouse } from "./hands.ts";
import { checkPage as checkAnyPage, checkQuickly, complaintsOf, listen, takePictures } from "./page-checks.ts";
import { type DatabaseKind, type Server, startServer } from "./server.ts";

export { expect };

export interface Options {
  database: DatabaseKind;
  byKeyboard: boolean;
  /** Pages are the same on both databases and for every hand, so the slow checks are made in one telling with script
   * and one without. */
  checksInFull: boolean;
}

interface Worker {
  database: DatabaseKind;
  /** Whose shape the practice programme takes. */
  design: string;
  server: Server;
}

/** Somebody at a browser of their own. */
export interface Visitor {
  page: Page;
  hands: Hands;
  /** Signs in as one of the practice programme's people, by the name on their button. */
  signInAs(person: string): Promise<void>;
}

interface Story {
  byKeyboard: boolean;
  checksInFull: boolean;
  hands: Hands;
  checkPage(): Promise<void>;
  /** Another browser, signed out; without script and by keyboard where the story is told so. */
  visitor(): Promise<Visitor>;
  /** Two pictures of the page for people to look at, in shots/. */
  pictures(name: string): Promise<void>;
  /** Signs in as one of the practice programme's people, by the name on their button. */
  signInAs(person: string): Promise<void>;
}

export const test = base.extend<Story, Worker>({
  database: ["sqlite", { option: true, scope: "worker" }],
  design: ["", { option: true, scope: "worker" }],
  byKeyboard: [false, { option: true }],
  checksInFull: [true, { option: true }],

  // One server for all the stories a worker tells: a story makes what it needs, and leaves other stories' places alone.
  server: [
    async ({ database, design }, use) => {
      const server = await startServer(database, design);
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 180_000 },
  ],

  baseURL: async ({ server }, use) => use(server.url),

  page: async ({ page, server }, use, testInfo) => {
    listen(page);
    const before = server.log().length;
    await use(page);
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach("server log", { body: server.log().slice(before), contentType: "text/plain" });
    }
    expect(complaintsOf(page), "what the browser complained about").toEqual([]);
  },

  hands: async ({ page, byKeyboard }, use) => use(byKeyboard ? new Keyboard(page) : new Mouse()),

  checkPage: async ({ page, javaScriptEnabled, checksInFull }, use) =>
    use(() => (checksInFull ? checkAnyPage(page, javaScriptEnabled) : checkQuickly(page))),

  pictures: async ({ page }, use, testInfo) =>
    use(async (name) => {
      if (testInfo.project.name === "sqlite") await takePictures(page, name);
    }),

  visitor: async ({ browser, byKeyboard }, use) => {
    const visitors: Page[] = [];
    await use(async () => {
      const page = await (await browser.newContext()).newPage();
      listen(page);
      visitors.push(page);
      const hands = byKeyboard ? new Keyboard(page) : new Mouse();
      return { page, hands, signInAs: (person) => signInAs(page, hands, person) };
    });
    for (const page of visitors) {
      expect(complaintsOf(page), "what the browser complained about").toEqual([]);
      await page.context().close();
    }
  },

  signInAs: async ({ page, hands }, use) => use((person) => signInAs(page, hands, person)),
});

async function signInAs(page: Page, hands: Hands, person: string) {
  await page.context().clearCookies();
  await page.goto("/sign-in");
  await hands.press(page.getByRole("button", { name: person, exact: true }));
  await expect(page).not.toHaveURL(/\/sign-in/);
}
