import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { vi } from 'vitest';
import { main } from '../../src/cli/main';

/** What the command line printed, and its exit status. */
export interface Printed {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** The lines of JSON that a command has printed. */
export function linesOf(stdout: string): Record<string, unknown>[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Runs the command line as it was built. */
export function program(...args: string[]): Printed {
  const root = path.join(__dirname, '../..');
  return spawnSync(process.execPath, ['dist/cli.js', ...args], { cwd: root, encoding: 'utf8' });
}

/** Runs the command line in this process, for to start another one takes longer than most commands. */
export async function commandLine(...args: string[]): Promise<Printed> {
  const printed = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      printed[stream] += String(text);
      return true;
    }),
  );
  try {
    return { status: await main(args), ...printed };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
