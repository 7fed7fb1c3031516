import { realpath, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { UsageError, type RunInput } from './readRunInput';

/**
 * Says before anything is done that a file cannot be written, or is one of those that are read.
 * @param option as which the file is named. @param read paths. @throws UsageError
 */
export async function checkOutput(option: string, name: string, read: readonly string[]): Promise<void> {
  const folder = path.dirname(name);
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new UsageError(`${option} ${name}: there is no folder ${folder}`);
  const [own, ...others] = await Promise.all(
    [name, ...read].map((one) => realpath(one).catch(() => path.resolve(one))),
  );
  const at = others.indexOf(own);
  if (at >= 0) throw new UsageError(`${option} ${name}: it is the file ${read[at]}, which is read; name another`);
}

/** The files that a run is opened from, by their paths. */
export function filesOf({ configFile, madeFor, file }: RunInput): string[] {
  const { validation } = file ?? {};
  const held = [file, typeof validation === 'object' ? validation : undefined];
  const paths = held.flatMap((one) => (one && 'path' in one && one.path !== undefined ? [one.path] : []));
  return [madeFor ?? configFile, ...paths];
}
