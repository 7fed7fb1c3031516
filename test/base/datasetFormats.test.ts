import { expect, it } from 'vitest';
import { mayBeDataset } from '../../src/base/datasetFormats';

it.each([
  ...['a.csv', 'data/a.parquet', 'node_modules/x/a.csv', 'flats.json', 'data/Rooms.JSON', 'a.json.gz', 'notes.txt'],
  ...['packages.json', 'config/rows.json', 'my-package.json', 'vscode/a.json', 'iris.data.txt'],
])('%s may be a dataset', (path) => {
  expect(mayBeDataset(path)).toBe(true);
});

it.each([
  ...['package.json', 'app/package.json', 'package-lock.json', 'composer.json', 'tsconfig.json', 'tsconfig.app.json'],
  ...['test/tsconfig-base.json', 'jsconfig.json', '.eslintrc.json', '.vscode/launch.json', 'a/.vscode/settings.json'],
  ...['node_modules/x/data.json', 'a.gd.json', 'yarn-lock.json', 'gd.schema.json', 'requirements.txt', 'README.txt'],
  ...['LICENSE.txt', 'CMakeLists.txt', 'robots.txt', 'a.py', 'json'],
])('%s is none', (path) => {
  expect(mayBeDataset(path)).toBe(false);
});
