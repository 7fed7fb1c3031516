import { existsSync, readFileSync, readdirSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.join(__dirname, '..');

/** What is known of losses and optimizers: formulas and words, which page and host may load too. */
const records = [
  ...['links', 'losses', 'optimizers'].map((name) => `src/engine/${name}.ts`),
  ...['adagrad', 'adam', 'optimizer', 'rmsprop', 'sgd', 'stepStability'].map((name) => `src/engine/optim/${name}.ts`),
];

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

function roomsAndPackages(bundle: string): string[] {
  return [...new Set(inputsOf(bundle).map((input) => (input.startsWith('src/') ? input.split('/')[1] : input)))].sort();
}

describe('bundles', () => {
  it.each(['worker', 'webWorker'])('the worker holds the engine and what reads its input, no editor: %s', (bundle) => {
    const allowed =
      /^(engine|config|data|run|advice|worker|problem\.ts|format\.ts|tellingColumns\.ts|package (@sinclair\/typebox|jsonc-parser|fastest-levenshtein|fflate|fzstd|hyparquet|hyparquet-compressors|hysnappy|ml-matrix))$/;
    expect(roomsAndPackages(bundle).filter((name) => !allowed.test(name))).toEqual([]);
  });

  it.each(['extension', 'webExtension'])('the extension host does not train: %s', (bundle) => {
    expect(roomsAndPackages(bundle)).not.toContain('worker');
    const engine = inputsOf(bundle).filter((input) => /^src\/(engine|data)\//.test(input));
    const allowed = [
      'src/data/crc32.ts',
      'src/data/datasetFormats.ts',
      'src/data/whitespace.ts',
      'src/engine/classes.ts',
      'src/engine/curvature/cautiousRate.ts',
      'src/engine/curvature/forecast.ts',
      'src/engine/curvature/report.ts',
      'src/engine/generate.ts',
      'src/engine/random.ts',
      'src/engine/randomSplit.ts',
    ];
    const known = [...allowed, ...records];
    expect(engine.filter((input) => !known.includes(input))).toEqual([]);
  });

  it('a browser needs nothing of Node', () => {
    const wanted = ['webExtension', 'webWorker', 'webview'].flatMap((bundle) => importsOf(bundle));
    expect([...new Set(wanted)]).toEqual(['vscode']);
  });

  it('the page takes only run state, advice and what they read reports with from the source', () => {
    const source = inputsOf('webview').filter(
      (input) => input.startsWith('src/') && !/^src\/(run|advice)\//.test(input) && !records.includes(input),
    );
    expect(source.sort()).toEqual([
      'src/engine/curvature/forecast.ts',
      'src/engine/curvature/report.ts',
      'src/engine/scaling.ts',
      'src/format.ts',
      'src/problem.ts',
    ]);
  });
});

describe('source files', () => {
  const files = ['src', 'webview'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => path.join(folder, file)),
  );

  it('fit a reader: none is longer than 300 lines', () => {
    const long = files.filter((file) => readFileSync(path.join(root, file), 'utf8').split('\n').length > 300);
    expect(long).toEqual([]);
  });

  it('have one door to the toolkit', () => {
    const users = files.filter((file) =>
      readFileSync(path.join(root, file), 'utf8').includes('@vscode/webview-ui-toolkit'),
    );
    expect(users).toEqual([path.join('webview', 'toolkit.ts')]);
  });
});
