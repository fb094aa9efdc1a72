// Bundles the styles, the fonts and the one small script into dist/, under names that say what is in them, with a
// list (manifest.json) of which is which. The server carries dist/ inside itself.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { build } from "esbuild";
import { ownStyles } from "./govuk.mjs";

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist");

const govuk = {
  name: "govuk",
  setup(bundler) {
    bundler.onResolve({ filter: /^govuk$/ }, () => ({ path: "govuk", namespace: "govuk" }));
    bundler.onLoad({ filter: /.*/, namespace: "govuk" }, () => ({
      contents: ownStyles(readFileSync("node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.css", "utf8")),
      loader: "css",
    }));
  },
};

const { metafile } = await build({
  entryPoints: { app: "styles/app.css", "app-script": "src/main.ts" },
  outdir: "dist",
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2020", "chrome90", "firefox90", "safari15"],
  loader: { ".woff2": "file" },
  plugins: [govuk],
  legalComments: "none",
  metafile: true,
});

const manifest = {};
for (const [path, output] of Object.entries(metafile.outputs)) {
  if (output.entryPoint === "styles/app.css") manifest["app.css"] = basename(path);
  if (output.entryPoint === "src/main.ts") manifest["app.js"] = basename(path);
}
const icon = readFileSync("icon.svg");
manifest["icon.svg"] = `icon-${createHash("sha256").update(icon).digest("hex").slice(0, 8).toUpperCase()}.svg`;
writeFileSync(`dist/${manifest["icon.svg"]}`, icon);

const licences = ["govuk-frontend-licence.txt", "node_modules/@fontsource-variable/atkinson-hyperlegible-next/LICENSE"];
writeFileSync("dist/licences.txt", licences.map((path) => readFileSync(path, "utf8")).join("\n\n"));
writeFileSync("dist/manifest.json", `${JSON.stringify(manifest, null, 2)}\n`);
for (const [name, path] of Object.entries(manifest)) console.log(`${name} → dist/${path} (${readFileSync(`dist/${path}`).length} bytes)`);
