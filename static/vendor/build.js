// Bundles each module of entries/ into NAME-VERSION/NAME.js, with the licences of all it holds
// beside it. `node build.js FOLDER` writes there instead of here.
import { build } from "esbuild";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

const here = import.meta.dirname;

// A bundle is named after the version of one package of it, the one that people look for.
const bundles = { codemirror: "@codemirror/view" };

const about = async (name) =>
  JSON.parse(await readFile(join(here, "node_modules", name, "package.json"), "utf8"));

/** Names of the packages that something in the bundle comes from, in order. */
function packagesOf({ inputs }) {
  const names = Object.entries(inputs)
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]);
  return [...new Set(names)].filter(Boolean).sort();
}

async function licence(name) {
  const folder = join(here, "node_modules", name);
  const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
  if (!file) throw new Error(`${name} carries no licence; it can't be shipped.`);
  const { version, license } = await about(name);
  const text = (await readFile(join(folder, file), "utf8")).replaceAll("\r\n", "\n").trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}

async function bundle(name, target) {
  const folder = join(target, `${name}-${(await about(bundles[name])).version}`);
  const outfile = join(folder, `${name}.js`);
  const { metafile } = await build({
    absWorkingDir: here,
    entryPoints: [join("entries", `${name}.js`)],
    outfile,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    metafile: true,
  });
  const [output] = Object.values(metafile.outputs);
  const licences = await Promise.all(packagesOf(output).map(licence));
  await writeFile(join(folder, "LICENSES.txt"), licences.join(`\n${"-".repeat(72)}\n\n`));
}

/** Removes what earlier builds of a bundle left: its version is in the folder's name. */
async function clear(name, target) {
  for (const each of await readdir(target))
    if (each.startsWith(`${name}-`)) await rm(join(target, each), { recursive: true });
}

const target = process.argv[2] ?? here;
await mkdir(target, { recursive: true });
for (const name of Object.keys(bundles)) {
  await clear(name, target);
  await bundle(name, target);
}
