import { type Page, test as base, expect } from "@playwright/test";
import { type Hands, Keyboard, Mouse } from "./hands.ts";
import { checkPage as checkAnyPage, complaintsOf, listen, takePictures } from "./page-checks.ts";
import { type DatabaseKind, type Server, startServer } from "./server.ts";

export { expect };

export interface Options {
  database: DatabaseKind;
  byKeyboard: boolean;
}

interface Worker {
  database: DatabaseKind;
  server: Server;
}

interface Story {
  byKeyboard: boolean;
  hands: Hands;
  checkPage(): Promise<void>;
  /** Two pictures of the page for people to look at, in shots/. */
  pictures(name: string): Promise<void>;
  /** Signs in as one of the practice programme's people, by the name on their button. */
  signInAs(person: string): Promise<void>;
}

export const test = base.extend<Story, Worker>({
  database: ["sqlite", { option: true, scope: "worker" }],
  byKeyboard: [false, { option: true }],

  // One server for all the stories a worker tells: a story makes what it needs, and leaves other stories' places alone.
  server: [
    async ({ database }, use) => {
      const server = await startServer(database);
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

  checkPage: async ({ page, javaScriptEnabled }, use) => use(() => checkAnyPage(page, javaScriptEnabled)),

  pictures: async ({ page }, use, testInfo) =>
    use(async (name) => {
      if (testInfo.project.name === "sqlite") await takePictures(page, name);
    }),

  signInAs: async ({ page, hands }, use) => use((person) => signInAs(page, hands, person)),
});

async function signInAs(page: Page, hands: Hands, person: string) {
  await page.context().clearCookies();
  await page.goto("/sign-in");
  await hands.press(page.getByRole("button", { name: person, exact: true }));
  await expect(page).not.toHaveURL(/\/sign-in/);
}
