// Builds the page: source/ becomes assets/, with names that hold hashes, beside its compressed forms.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync, gzipSync } from "node:zlib";

const out = "assets";

const result = await build({
  entryPoints: { page: "source/main.ts", style: "source/style.css" },
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome109", "firefox115", "safari16.4"],
  legalComments: "none",
  entryNames: "[name]-[hash]",
  outdir: out,
  write: false,
});

mkdirSync(out, { recursive: true });
const current = new Map(result.outputFiles.map((file) => [file.path.split("/").pop(), Buffer.from(file.contents)]));
const find = (prefix) => [...current.keys()].find((name) => name.startsWith(prefix));
const icon = readFileSync("source/icon.svg");
const iconName = `icon-${createHash("sha256").update(icon).digest("hex").slice(0, 8)}.svg`;
current.set(iconName, icon);
const page = readFileSync("source/index.html", "utf8")
  .replace("PAGE.js", `/assets/${find("page-")}`)
  .replaceAll("ICON.svg", `/assets/${iconName}`)
  .replace("STYLE.css", `/assets/${find("style-")}`);

for (const name of readdirSync(out)) {
  if (!current.has(name.replace(/\.(br|gz)$/, ""))) rmSync(`${out}/${name}`);
}
writeFileSync(`${out}/index.html`, page);
for (const [name, data] of current) {
  writeFileSync(`${out}/${name}`, data);
  // Versions of Node compress differently: what decompresses to the same stays as it is.
  keep(`${name}.br`, data, brotliDecompressSync, (d) =>
    brotliCompressSync(d, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: d.length } }));
  keep(`${name}.gz`, data, gunzipSync, (d) => gzipSync(d, { level: 9 }));
}

function keep(name, data, decompress, compress) {
  const path = `${out}/${name}`;
  if (existsSync(path) && decompress(readFileSync(path)).equals(data)) return;
  writeFileSync(path, compress(data));
}
for (const name of readdirSync(out).sort()) console.log(`${String(readFileSync(`${out}/${name}`).length).padStart(8)}  ${name}`);
