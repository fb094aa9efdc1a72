import { existsSync } from "node:fs";

// Without its windows it tells the same stories in less time.
const usualPlaces = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The machine's own Chromium, told not to talk to anyone but the page's server. */
export function chromium() {
  const executablePath = process.env["CHROMIUM"] ?? usualPlaces.find((path) => existsSync(path));
  if (executablePath === undefined) {
    throw new Error(
      "The stories need Chromium, and none was found. On Debian: sudo apt-get install chromium. " +
        "Or set CHROMIUM to the path of one.",
    );
  }
  const args = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  return { executablePath, args };
}
