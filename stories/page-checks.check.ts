// The checks every page goes through, checked themselves: each must find what it is there to find.
import { expect, test } from "@playwright/test";
import { checkPage, listen } from "./support/page-checks.ts";

const page = (body: string) =>
  `<!doctype html><html lang="en-GB"><head><title>A page</title><meta name="viewport" content="width=device-width">` +
  `<link rel="icon" href="data:,"></head><body><main>${body}</main></body></html>`;

for (const script of [true, false]) {
  test.describe(script ? "with script" : "without script", () => {
    test.use({ javaScriptEnabled: script });

    const refused = async (checked: Promise<void>) => {
      const problem = await checked.then(() => undefined, (error: Error) => error);
      expect(problem, "the check lets it pass").toBeDefined();
      return problem?.message ?? "";
    };

    test("a sound page passes", async ({ page: browser }) => {
      listen(browser);
      await browser.setContent(page("<h1>Sound</h1><p>Nothing is wrong here.</p>"));
      await checkPage(browser, script);
    });

    test("grey on white is found", async ({ page: browser }) => {
      listen(browser);
      await browser.setContent(page(`<h1>Pale</h1><p style="color: #aaa">Who can read this?</p>`));
      expect(await refused(checkPage(browser, script))).toContain("color-contrast");
    });

    test("a field without a label is found", async ({ page: browser }) => {
      listen(browser);
      await browser.setContent(page(`<h1>Nameless</h1><input name="x">`));
      expect(await refused(checkPage(browser, script))).toContain("label");
    });

    test("a page wider than a small screen is found", async ({ page: browser }) => {
      listen(browser);
      await browser.setContent(page(`<h1>Wide</h1><div style="width: 400px">Too wide</div>`));
      expect(await refused(checkPage(browser, script))).toContain("sideways");
    });

    test("a second main heading is found", async ({ page: browser }) => {
      listen(browser);
      await browser.setContent(page("<h1>One</h1><h1>Two</h1>"));
      expect(await refused(checkPage(browser, script))).toContain("one main heading");
    });

    test("what the content security policy refuses is heard", async ({ page: browser }) => {
      listen(browser);
      const policy = `<meta http-equiv="Content-Security-Policy" content="img-src 'none'">`;
      await browser.setContent(page(`<h1>Refused</h1>`).replace("<title>", `${policy}<title>`));
      await browser.evaluate(() => {
        const picture = document.createElement("img");
        picture.alt = "";
        picture.src = "https://example.org/picture.png";
        document.querySelector("main")?.append(picture);
      });
      await browser.waitForTimeout(300);
      expect(await refused(checkPage(browser, script))).toContain("Content Security Policy");
    });
  });
}
