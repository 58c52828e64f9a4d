// node build.js PACKAGES TARGET
//
// Bundles each module of entries/ with the packages installed in PACKAGES into
// TARGET/NAME-VERSION/NAME.js, the licences of all it holds beside it.
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [packages, target] = process.argv.slice(2).map((each) => resolve(each));
const { build } = createRequire(join(packages, "package.json"))("esbuild");
const modules = join(packages, "node_modules");

// A bundle has the version of one package of it, the one that people look for.
const bundles = { codemirror: "@codemirror/view", openseadragon: "openseadragon" };

const about = async (name) => JSON.parse(await readFile(join(modules, name, "package.json"), "utf8"));

/** Paths of the files that something in the bundle comes from. */
const sourcesOf = ({ inputs }) =>
  Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0 && path.includes("node_modules/"));

const packageOf = (path) => path.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/)[1];

async function licenceText(name) {
  const file = (await readdir(join(modules, name))).find((each) => /^licen[cs]e/i.test(each));
  if (!file) throw new Error(`${name} carries no licence, so it can't be shipped.`);
  const text = await readFile(join(modules, name, file), "utf8");
  return text.replaceAll("\r\n", "\n").trim();
}

/** Comments of a source that name owners of whom the package's licence says nothing. */
function otherNotices(source, licence) {
  const comments = source.replaceAll("\r\n", "\n").match(/\/\*(?:(?!\*\/)[^])*\*\//g) ?? [];
  const owners = (text) => text.match(/\bcopyright (?:\(c\)|\d{4}).*/gi) ?? [];
  return comments.filter((each) => owners(each).some((owner) => !licence.includes(owner.trim())));
}

/** A notice, and the licence's text where the notice only names it. */
async function inFull(notice) {
  const named = notice.match(/SPDX-License-Identifier: (\S+)/)?.[1];
  if (!named) return notice;
  const text = await readFile(join(import.meta.dirname, "licences", `${named}.txt`), "utf8");
  return `${notice}\n\n${text.trim()}`;
}

async function licenceOf(name, sources) {
  const { version, license } = await about(name);
  const licence = await licenceText(name);
  const texts = await Promise.all(sources.map((path) => readFile(join(packages, path), "utf8")));
  const notices = texts.flatMap((text) => otherNotices(text, licence));
  const others = await Promise.all(notices.map(inFull));
  return [`${name} ${version} (${license})`, licence, ...others].join("\n\n");
}

function licences(output) {
  const sources = Object.groupBy(sourcesOf(output), packageOf);
  return Promise.all(Object.keys(sources).sort().map((name) => licenceOf(name, sources[name])));
}

// CodeMirror's packages name the parser even where nothing of it is used; it has no effect of its own.
const unusedParser = {
  name: "unused parser",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^@lezer\// }, async ({ path, pluginData, ...from }) => {
      if (pluginData?.seen) return undefined;
      const found = await resolve(path, { ...from, pluginData: { seen: true } });
      return { ...found, sideEffects: false };
    });
  },
};

async function bundle(name) {
  const folder = join(target, `${name}-${(await about(bundles[name])).version}`);
  const { metafile } = await build({
    absWorkingDir: packages,
    nodePaths: [modules],
    entryPoints: [join(import.meta.dirname, "entries", `${name}.js`)],
    outfile: join(folder, `${name}.js`),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    metafile: true,
    plugins: [unusedParser],
  });
  const texts = await licences(Object.values(metafile.outputs)[0]);
  await writeFile(join(folder, "LICENSES.txt"), texts.join(`\n\n${"-".repeat(72)}\n\n`) + "\n");
}

/** Removes what earlier builds of a bundle left: its version is in the folder's name. */
async function clear(name) {
  for (const each of await readdir(target))
    if (each.startsWith(`${name}-`)) await rm(join(target, each), { recursive: true });
}

await mkdir(target, { recursive: true });
for (const name of Object.keys(bundles)) {
  await clear(name);
  await bundle(name);
}
