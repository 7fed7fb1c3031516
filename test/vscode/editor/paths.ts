import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The project's folder: the nearest one at or above the working directory whose package.json is this extension's. */
export const projectRoot = findProjectRoot(process.cwd());

/** Identity of the extension as VS Code writes it: `publisher.name`. */
export const extensionId = 'gradient-descent.gradient-descent';

/** Accessible name of the extension's icon in the activity bar. */
export const activityBarTitle = 'Gradient Descent';

/** The sample workspace that `npm start` opens. */
export const samplesFolder = path.join(projectRoot, 'media', 'samples');

/** Where downloaded editors and browsers are kept; git and the package ignore it. */
export const downloadsFolder = path.join(projectRoot, '.vscode-test');

/** A file below `out/`, its folder made if need be. */
export function outFile(...segments: string[]): string {
  const file = path.join(projectRoot, 'out', ...segments);
  mkdirSync(path.dirname(file), { recursive: true });
  return file;
}

function findProjectRoot(start: string): string {
  for (let folder = start; ; folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json');
    if (existsSync(manifest) && nameIn(manifest) === 'gradient-descent') return folder;
    if (folder === path.dirname(folder)) {
      throw new Error(`${start} is not inside the gradient-descent project: run this from the project's folder.`);
    }
  }
}

function nameIn(manifest: string): string | undefined {
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name;
}
