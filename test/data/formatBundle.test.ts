import { build } from 'esbuild';
import * as path from 'node:path';
import { expect, it } from 'vitest';

const data = path.join(__dirname, '../../src/data');
const files = [
  ...['json/decodeJson', 'json/decodeJsonLines', 'numpy/decodeNpy', 'numpy/decodeNpz', 'parquet/decodeParquet'],
  ...['bytes/gunzip', 'table/tableOfDecoded'],
];

it.each(['browser', 'node'] as const)('the decoders need nothing of Node on the platform %s', async (platform) => {
  const contents = files.map((file) => `export * from './${file}';`).join('\n');
  const { metafile, outputFiles } = await build({
    stdin: { contents, resolveDir: data },
    ...{ bundle: true, minify: true, write: false, metafile: true, format: 'esm', platform },
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  expect(imports.filter(({ path, external }) => external && path !== '<runtime>')).toEqual([]);
  const packages = Object.keys(metafile.inputs).map((input) => /node_modules\/([^/]+)\//.exec(input)?.[1] ?? '');
  expect([...new Set(packages)].filter(Boolean).sort()).toEqual(
    ['fflate', 'fzstd', 'hyparquet', 'hyparquet-compressors', 'hysnappy', 'jsonc-parser'].sort(),
  );
  expect(outputFiles[0].contents.length).toBeLessThan(250_000);
});
