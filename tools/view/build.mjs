// Bundles sigma.js and graphology for the interactive view:  cd tools/view && npm ci && npm run build
// Writes beside the viewer's own code: the bundle, the licences of what is in it, and a record of
// versions and hash that the tests compare.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

const ASSETS = "../../workbench/plotting/assets";

const made = await build({
  entryPoints: ["libraries.js"],
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  charset: "ascii",
  legalComments: "none",
  metafile: true,
  write: false,
});
const bundle = Buffer.from(made.outputFiles[0].contents);

const inside = Object.keys(made.metafile.inputs)
  .map((path) => path.match(/^node_modules\/([^/]+)\//)?.[1])
  .filter(Boolean);
const names = [...new Set(inside)].sort();
const packages = names.map((name) =>
  JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")),
);
const licences = packages.map(({ name, version, license }) => {
  const file = readdirSync(`node_modules/${name}`).find((one) => /^licen[cs]e/i.test(one));
  const text = readFileSync(`node_modules/${name}/${file}`, "utf8").trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
});
const record = {
  versions: Object.fromEntries(packages.map(({ name, version }) => [name, version])),
  sha256: createHash("sha256").update(bundle).digest("hex"),
};

writeFileSync(`${ASSETS}/libraries.js`, bundle);
writeFileSync(`${ASSETS}/LICENCES.txt`, licences.join(`\n${"-".repeat(78)}\n\n`));
writeFileSync(`${ASSETS}/libraries.json`, JSON.stringify(record, null, 2) + "\n");
