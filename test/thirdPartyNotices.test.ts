import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { bundledPackages, namesIn, namesOf, noticesOf } from '../thirdPartyNotices.js';

const root = mkdtempSync(path.join(tmpdir(), 'gd-notices-'));
afterAll(() => rmSync(root, { recursive: true }));

function install(folder: string, files: Record<string, string>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, folder, file)), { recursive: true });
    writeFileSync(path.join(root, folder, file), text);
  }
}

const manifest = (name: string, version: string) => JSON.stringify({ name, version, license: 'MIT' });
install('node_modules/a', { 'package.json': manifest('a', '1.0.0'), 'LICENSE.md': 'text of a', 'i.js': 'x()' });
install('node_modules/a/node_modules/@b/c', {
  'package.json': manifest('@b/c', '2.0.0'),
  license: 'text of c',
  'lib/i.js': '/* Copyright 2013 Somebody else\n * of his own */\ny()',
});
install('node_modules/bare', { 'package.json': manifest('bare', '3.0.0'), 'i.js': '', NOTICES: 'of others' });
install('node_modules/@vscode/codicons', {
  'package.json': JSON.stringify({ name: '@vscode/codicons', version: '0.1.0', license: 'CC-BY-4.0' }),
  LICENSE: 'Attribution 4.0',
  'LICENSE-CODE': 'text for its code',
});
install('node_modules/assemblyscript', { 'package.json': manifest('assemblyscript', '0.2.0'), LICENSE: 'Apache' });

const bundled = (...inputs: string[]) =>
  bundledPackages([{ inputs: Object.fromEntries(inputs.map((input) => [input, {}])) }]);

it('the notices are of every package in a bundle, nested ones too, of the icons and of what compiled the kernels', () => {
  const packages = bundled(
    ...['src/a.ts', 'src/k.wasm', 'node_modules/a/i.js', 'node_modules/a/node_modules/@b/c/lib/i.js'],
  );
  const notices = noticesOf(root, packages);
  expect(namesIn(notices)).toEqual(['@vscode/codicons 0.1.0', 'a 1.0.0', '@b/c 2.0.0', 'assemblyscript 0.2.0']);
  expect(namesIn(notices)).toEqual(namesOf(root, packages));
  for (const text of ['Attribution 4.0', 'text for its code', 'text of a', 'text of c', 'Apache']) {
    expect(notices).toContain(`\n\n${text}\n`);
  }
  expect(notices).toContain('Copyright 2013 Somebody else\nof his own\n');
});

it('a bundled package without a text of its license is an error', () => {
  expect(() => noticesOf(root, bundled('node_modules/bare/i.js'))).toThrow(
    'bare is bundled but node_modules/bare has no text of its license; name a package with the same one',
  );
});
