/** The notices of the packages that are part of the bundles, as their licenses ask. Runs in Node, at build time only. */
const fs = require('node:fs');
const path = require('node:path');

const heading = `This extension contains parts of the packages below. Each is under its own license, which follows its name.`;
const rule = '-'.repeat(80);
/** Not `NOTICES`: those of what a package is made with; what of that is bundled is found by itself. */
const licenseFile = /^(licen[cs]e|copying|notice|copyrightnotice)([.-][^/]*)?$/i;

/** Packages that come without a text of their license, and one by the same holder, under the same license, that has it. */
const licensedLike = {
  '@microsoft/fast-element': '@vscode/webview-ui-toolkit',
  '@microsoft/fast-foundation': '@vscode/webview-ui-toolkit',
  '@microsoft/fast-web-utilities': '@vscode/webview-ui-toolkit',
};

/**
 * A package in the bundles: its folder and the files of it that are bundled, from `root`.
 * @typedef {{ folder: string, inputs: string[] }} Bundled
 */

/**
 * The packages that metafiles of esbuild name, nested ones too, and those that get into the product in other ways: the
 * icons, which are copied, and the library of AssemblyScript, which is compiled into the kernels.
 * @param {{ inputs: Record<string, unknown> }[]} metafiles
 * @returns {Bundled[]} in the order of their folders
 */
function bundledPackages(metafiles) {
  const inputs = [...new Set(metafiles.flatMap((metafile) => Object.keys(metafile.inputs)))].sort();
  /** @type {Map<string, string[]>} */
  const packages = new Map([['node_modules/@vscode/codicons', []]]);
  for (const input of inputs) {
    if (input.endsWith('.wasm')) packages.set('node_modules/assemblyscript', []);
    const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0];
    if (folder !== undefined) packages.set(folder, [...(packages.get(folder) ?? []), input]);
  }
  return [...packages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([folder, files]) => ({ folder, inputs: files }));
}

/**
 * The notices of packages below `root`. Throws where one has no text of its license.
 * @param {string} root
 * @param {Bundled[]} packages
 */
function noticesOf(root, packages) {
  const sections = packages.map(({ folder, inputs }) => {
    const { name, version, license, repository } = manifestOf(root, folder);
    const address = (typeof repository === 'string' ? repository : (repository?.url ?? '')).replace(/^git\+/, '');
    const about = [`${name} ${version} (${license})`, address].filter(Boolean).join('\n');
    return [about, ...licensesOf(root, folder, name), ...copyrightsIn(root, inputs)].join('\n\n');
  });
  return [heading, ...sections].join(`\n\n${rule}\n`) + '\n';
}

/** The names and versions that notices are of, as `name version`. @param {string} notices */
function namesIn(notices) {
  return [...notices.matchAll(new RegExp(`^${rule}\\n(\\S+ \\S+) \\(`, 'gm'))].map(([, name]) => name);
}

/** The same of packages below `root`. @param {string} root @param {Bundled[]} packages */
function namesOf(root, packages) {
  return packages.map(({ folder }) => manifestOf(root, folder)).map(({ name, version }) => `${name} ${version}`);
}

/** @param {string} root @param {string} folder */
function manifestOf(root, folder) {
  return JSON.parse(fs.readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
}

/** @param {string} root @param {string} folder @param {string} name */
function licensesOf(root, folder, name) {
  const own = licenseFilesIn(root, folder);
  const like = licensedLike[/** @type {keyof typeof licensedLike} */ (name)];
  const files = own.length > 0 || like === undefined ? own : licenseFilesIn(root, `node_modules/${like}`);
  if (files.length === 0) {
    throw new Error(
      `${name} is bundled but ${folder} has no text of its license; name a package with the same one in thirdPartyNotices.js, or leave it out`,
    );
  }
  return files.map((file) => fs.readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim());
}

/** @param {string} root @param {string} folder */
function licenseFilesIn(root, folder) {
  const names = fs.readdirSync(path.join(root, folder)).filter((name) => licenseFile.test(name));
  return names.sort().map((name) => path.join(root, folder, name));
}

/**
 * Comments at the start of bundled files that name another holder than the package does; bundling takes them out.
 * @param {string} root
 * @param {string[]} inputs
 */
function copyrightsIn(root, inputs) {
  const comments = inputs.flatMap((input) => {
    const start =
      /^\s*(\/\*[^]*?\*\/|(\/\/[^\n]*\n)+)/.exec(fs.readFileSync(path.join(root, input), 'utf8'))?.[0] ?? '';
    return /copyright \D*\d{4}/i.test(start)
      ? [start.replace(/^[ \t]*(\/\*\*?|\*\/|\*|\/\/) ?|\*\/\s*$/gm, '').trim()]
      : [];
  });
  return [...new Set(comments)];
}

module.exports = { bundledPackages, namesIn, namesOf, noticesOf };
