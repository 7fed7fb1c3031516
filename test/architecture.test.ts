import { existsSync, readFileSync, readdirSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.join(__dirname, '..');

/** What a room may import of the source, types included: rooms, or folders of one. */
const rooms: Record<string, string[]> = {
  'src/base': [],
  'src/engine': [],
  'src/config': ['src/base', 'src/engine'],
  'src/data': ['src/base', 'src/engine'],
  'src/protocol': [
    'src/base',
    'src/data',
    ...['nn', 'optim', 'data', 'report', 'train'].map((folder) => `src/engine/${folder}`),
  ],
  'src/advice': ['src/base', 'src/engine/report', 'src/config', 'src/data', 'src/protocol'],
  'src/compare': ['src/base', 'src/engine/report', 'src/protocol', 'src/advice'],
  'src/sweep': [
    'src/base',
    'src/engine/report',
    'src/engine/random',
    'src/config',
    'src/protocol',
    'src/advice',
    'src/compare',
  ],
  'src/training': ['src/base', 'src/engine', 'src/config', 'src/data', 'src/protocol', 'src/advice'],
  'src/answers': ['src/base', 'src/engine', 'src/protocol', 'src/training'],
  'src/exports': ['src/base', 'src/data', 'src/engine', 'src/config', 'src/protocol', 'src/training', 'src/answers'],
  'src/worker': ['src/exports', 'src/base', 'src/engine', 'src/data', 'src/protocol', 'src/training', 'src/answers'],
  'src/cli': [
    ...['base', 'engine', 'config', 'data', 'protocol', 'advice', 'compare', 'sweep', 'training', 'answers', 'exports'],
    'worker',
  ].map((room) => `src/${room}`),
  'src/host': [
    'src/compare',
    'src/sweep',
    'src/exports/tables',
    'src/base',
    'src/engine/report',
    'src/config',
    'src/data',
    'src/protocol',
    'src/advice',
    'webview',
  ],
  webview: [
    'src/compare',
    'src/exports/tables',
    'src/base',
    'src/protocol',
    'src/advice',
    ...['nn', 'optim', 'report'].map((one) => `src/engine/${one}`),
  ],
};

/** What a page or an extension host loads, types aside. */
const loadedByPage =
  /^(webview|src\/(base|protocol|advice|compare|exports\/tables|engine\/(nn|optim|report|data)))(\/|$)/;
const loadedByHost =
  /^(webview|src\/(base|protocol|advice(\/\w+)?|compare|sweep|config(\/\w+)?|host|exports\/tables|engine\/(nn|optim|report|data|random)|data\/bytes|worker\/start)|src)$/;

/** Source files below a folder, from the project's folder. */
function filesIn(folder: string): string[] {
  const found = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' });
  return found.filter((file) => file.endsWith('.ts')).map((file) => path.posix.join(folder, file));
}

interface Metafile {
  inputs: Record<string, unknown>;
  outputs: Record<string, { imports: { path: string; external?: boolean }[] }>;
}

/** What esbuild counted in a bundle. */
function metafileOf(bundle: string): Metafile {
  const file = path.join(root, 'out/meta', `${bundle}.json`);
  if (!existsSync(file)) throw new Error(`${file} is missing: build first (npm run build)`);
  return JSON.parse(readFileSync(file, 'utf8')) as Metafile;
}

/** What a bundle leaves to be found where it runs. */
function importsOf(bundle: string): string[] {
  const imports = Object.values(metafileOf(bundle).outputs).flatMap((output) => output.imports);
  return imports.filter(({ external }) => external).map((found) => found.path);
}

/** Source files and packages in a bundle. */
function inputsOf(bundle: string): string[] {
  const { inputs } = metafileOf(bundle);
  return Object.keys(inputs).map((input) => input.replace(/^node_modules\/((?:@[^/]+\/)?[^/]+)\/.*$/, 'package $1'));
}

/** Folders of source files, and packages, in a bundle. */
function foldersOf(bundle: string): string[] {
  const folders = inputsOf(bundle).map((input) => (/\.ts$/.test(input) ? path.posix.dirname(input) : input));
  return [...new Set(folders)].sort();
}

describe('bundles', () => {
  it.each(['worker', 'webWorker'])('the worker holds the engine and what reads its input, no editor: %s', (bundle) => {
    const allowed =
      /^(src\/(base|engine|config|data|protocol|advice|training|answers|exports|worker)(\/.*)?|package (@sinclair\/typebox|jsonc-parser|fastest-levenshtein|fflate|fzstd|hyparquet|hyparquet-compressors|hysnappy|ml-matrix))$/;
    expect(foldersOf(bundle).filter((name) => !allowed.test(name) && !name.endsWith('.wasm'))).toEqual([]);
  });

  it.each(['extension', 'extensionParts', 'webExtension'])('the extension host does not train: %s', (bundle) => {
    const folders = foldersOf(bundle).filter((name) => name.startsWith('src'));
    expect(folders.filter((name) => !loadedByHost.test(name.replace(/^src\/host\/.*/, 'src/host')))).toEqual([]);
  });

  it('a browser needs nothing of Node', () => {
    const wanted = ['webExtension', 'webWorker', 'webview', 'compare'].flatMap((bundle) => importsOf(bundle));
    expect([...new Set(wanted)]).toEqual(['vscode']);
  });

  it.each(['webview', 'compare'])('the page takes run state, advice and what they read reports with: %s', (bundle) => {
    const folders = foldersOf(bundle).filter((name) => name.startsWith('src'));
    expect(folders.filter((name) => !loadedByPage.test(name))).toEqual([]);
  });
});

describe('rooms', () => {
  const files = ['src', 'webview'].flatMap(filesIn).filter((file) => !file.includes('/assembly/'));

  /** Files that a file imports, from the project's folder. */
  function importsOfFile(file: string): string[] {
    const text = readFileSync(path.join(root, file), 'utf8');
    const found = [...text.matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']+)'/g)];
    return found.map(([, target]) => path.posix.join(path.posix.dirname(file), target));
  }

  const isIn = (file: string, folder: string) => file.startsWith(`${folder}/`);

  it('import what they may, and nothing else', () => {
    const wrong = files.flatMap((file) => {
      const [room, allowed] = Object.entries(rooms).find(([folder]) => isIn(file, folder)) ?? [];
      if (!room || !allowed) return [];
      const free = isIn(file, 'src/engine') ? [room] : [room, 'src/engine/numbers', 'src/engine/dataset', ...allowed];
      const targets = importsOfFile(file).filter((to) => !free.some((folder) => to === folder || isIn(to, folder)));
      return targets.map((to) => `${file} -> ${to}`);
    });
    expect(wrong).toEqual([]);
  });

  it('let the engine be tested by itself', () => {
    const free = ['src/engine', 'test/engine', 'test/helpers/expectClose', 'test/fixtures'];
    const wrong = filesIn('test/engine').flatMap((file) => {
      const targets = importsOfFile(file).filter((to) => !free.some((folder) => to === folder || isIn(to, folder)));
      return targets.map((to) => `${file} -> ${to}`);
    });
    expect(wrong).toEqual([]);
  });

  it('have no circle between folders', () => {
    const graph = new Map<string, Set<string>>();
    for (const file of files) {
      const from = path.posix.dirname(file);
      const targets = graph.get(from) ?? new Set();
      for (const to of importsOfFile(file)) if (path.posix.dirname(to) !== from) targets.add(path.posix.dirname(to));
      graph.set(from, targets);
    }
    const reached = (start: string): Set<string> => {
      const seen = new Set<string>();
      const waiting = [...(graph.get(start) ?? [])];
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        if (seen.has(next)) continue;
        seen.add(next);
        waiting.push(...(graph.get(next) ?? []));
      }
      return seen;
    };
    expect([...graph.keys()].filter((folder) => reached(folder).has(folder))).toEqual([]);
  });

  it('are small enough to be looked through: no folder has more than 25 files', () => {
    const counts = new Map<string, number>();
    for (const file of ['src', 'webview', 'test'].flatMap(filesIn)) {
      const folder = path.posix.dirname(file);
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
    expect([...counts].filter(([, count]) => count > 25)).toEqual([]);
  });
});

describe('source files', () => {
  const files = ['src', 'webview'].flatMap(filesIn);

  it('fit a reader: none is longer than 300 lines', () => {
    const long = files.filter((file) => readFileSync(path.join(root, file), 'utf8').split('\n').length > 300);
    expect(long).toEqual([]);
  });

  it('have one door to the toolkit', () => {
    const users = files.filter((file) =>
      readFileSync(path.join(root, file), 'utf8').includes('@vscode/webview-ui-toolkit'),
    );
    expect(users).toEqual(['webview/page/toolkit.ts']);
  });
});
