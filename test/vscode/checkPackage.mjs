// Checks what a .vsix holds and how large it is: node test/vscode/checkPackage.mjs FILE.vsix [--update]
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const sizeLimit = 1.5e6;
const listFile = path.join(import.meta.dirname, 'packageFiles.json');

/**
 * The names in a zip file, from its central directory.
 *
 * @param {Buffer} zip
 * @returns {string[]}
 */
function namesInZip(zip) {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new Error('not a zip file: it has no central directory');
  const names = [];
  let offset = zip.readUInt32LE(end + 16);
  for (let count = zip.readUInt16LE(end + 10); count > 0; count--) {
    const [name, extra, comment] = [28, 30, 32].map((at) => zip.readUInt16LE(offset + at));
    names.push(zip.toString('utf8', offset + 46, offset + 46 + name));
    offset += 46 + name + extra + comment;
  }
  return names.sort();
}

const [file, flag] = process.argv.slice(2);
if (!file) {
  console.error('usage: node test/vscode/checkPackage.mjs FILE.vsix [--update]');
  process.exit(2);
}
const names = namesInZip(readFileSync(file));
const { size } = statSync(file);
if (flag === '--update') writeFileSync(listFile, JSON.stringify(names, null, 2) + '\n');
/** @type {string[]} */
const expected = JSON.parse(readFileSync(listFile, 'utf8'));
const problems = [
  ...names.filter((name) => !expected.includes(name)).map((name) => `${name} is packed but not listed`),
  ...expected.filter((name) => !names.includes(name)).map((name) => `${name} is listed but not packed`),
];
if (problems.length > 0) problems.push(`the list is ${listFile}; .vscodeignore decides what is packed`);
if (size >= sizeLimit) problems.push(`${size} bytes; it must stay under ${sizeLimit}`);
for (const problem of problems) console.error(`${file}: ${problem}`);
console.log(`${file}: ${names.length} files, ${size} bytes`);
process.exit(problems.length > 0 ? 1 : 0);
