import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { viteKernels } from '../src/engine/kernels/assembly/compile.js';

const root = path.resolve(import.meta.dirname, '..');
/**
 * All files of a worker share its modules, which take longer to load than most files take to run, and what it has started: a
 * browser with the built page, a VS Code server. Each test has a document of its own.
 */
const sharing = { isolate: false, pool: 'forks' } as const;
/** A condition may take long to come true on a busy machine; what never comes true ends all the same. */
const patient = { poll: { timeout: 60_000 } };

/** Tests are found by folder, so a new file never has to be listed anywhere. */
export default defineConfig({
  root,
  test: {
    // Nobody works at the machine meanwhile, so no core has to be left free.
    maxWorkers: '100%',
    projects: [
      {
        plugins: [viteKernels],
        test: {
          ...sharing,
          name: 'unit',
          root,
          include: ['test/**/*.test.ts'],
          exclude: ['test/webview/**', 'test/vscode/**'],
          setupFiles: ['test/setUp.ts'],
          testTimeout: 180_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        plugins: [viteKernels],
        test: {
          ...sharing,
          expect: patient,
          name: 'page',
          root,
          include: ['test/webview/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        plugins: [viteKernels],
        test: {
          ...sharing,
          fileParallelism: false,
          expect: patient,
          name: 'ui',
          root,
          include: ['test/vscode/ui/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
