// Checks what a .vsix holds and how large it is: node test/vscode/checkPackage.mjs FILE.vsix [--update]
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { bundledPackages, namesIn, namesOf } from '../../thirdPartyNotices.js';

const sizeLimit = 1.8e6;
const noticesFile = 'extension/dist/ThirdPartyNotices.txt';
const root = path.join(import.meta.dirname, '../..');
/** Bundles that do not ship. */
const inTests = ['schema.json', 'tests.json', 'webTests.json'];
const listFile = path.join(import.meta.dirname, 'packageFiles.json');

/**
 * The files in a zip file, from its central directory: how to read each by its name.
 *
 * @param {Buffer} zip
 * @returns {Map<string, () => string>}
 */
function filesInZip(zip) {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new Error('not a zip file: it has no central directory');
  const files = new Map();
  let offset = zip.readUInt32LE(end + 16);
  for (let count = zip.readUInt16LE(end + 10); count > 0; count--) {
    const [name, extra, comment] = [28, 30, 32].map((at) => zip.readUInt16LE(offset + at));
    const [size, start] = [20, 42].map((at) => zip.readUInt32LE(offset + at));
    const isStored = zip.readUInt16LE(offset + 10) === 0;
    files.set(zip.toString('utf8', offset + 46, offset + 46 + name), () => {
      const from = start + 30 + zip.readUInt16LE(start + 26) + zip.readUInt16LE(start + 28);
      const packed = zip.subarray(from, from + size);
      return (isStored ? packed : inflateRawSync(packed)).toString('utf8');
    });
    offset += 46 + name + extra + comment;
  }
  return files;
}

/**
 * The packages in the bundles of the last build whose notices are missing, and the notices of others.
 *
 * @param {string} notices
 * @returns {string[]}
 */
function noticeProblems(notices) {
  const folder = path.join(root, 'out/meta');
  const bundles = readdirSync(folder).filter((name) => !inTests.includes(name));
  const metafiles = bundles.map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')));
  const [bundled, noticed] = [namesOf(root, bundledPackages(metafiles)), namesIn(notices)];
  return [
    ...bundled
      .filter((name) => !noticed.includes(name))
      .map((name) => `${name} is bundled, but ${noticesFile} lacks it`),
    ...noticed
      .filter((name) => !bundled.includes(name))
      .map((name) => `${noticesFile} names ${name}, which is not bundled`),
  ];
}

const [file, flag] = process.argv.slice(2);
if (!file) {
  console.error('usage: node test/vscode/checkPackage.mjs FILE.vsix [--update]');
  process.exit(2);
}
const files = filesInZip(readFileSync(file));
const names = [...files.keys()].sort();
const { size } = statSync(file);
if (flag === '--update') writeFileSync(listFile, JSON.stringify(names, null, 2) + '\n');
/** @type {string[]} */
const expected = JSON.parse(readFileSync(listFile, 'utf8'));
const problems = [
  ...names.filter((name) => !expected.includes(name)).map((name) => `${name} is packed but not listed`),
  ...expected.filter((name) => !names.includes(name)).map((name) => `${name} is listed but not packed`),
];
if (problems.length > 0) problems.push(`the list is ${listFile}; .vscodeignore decides what is packed`);
problems.push(...noticeProblems(files.get(noticesFile)?.() ?? ''));
if (size >= sizeLimit) problems.push(`${size} bytes; it must stay under ${sizeLimit}`);
for (const problem of problems) console.error(`${file}: ${problem}`);
console.log(`${file}: ${names.length} files, ${size} bytes`);
process.exit(problems.length > 0 ? 1 : 0);
