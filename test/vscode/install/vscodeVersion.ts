/** Which VS Code the tests run in: the oldest that `engines.vscode` allows, or the newest that is supported. */
export type VersionName = 'oldest' | 'newest';

/** The packages of each: `code-server` N.NNN.N holds VS Code 1.NNN.N. */
export const serverVersions: Record<VersionName, { codeServer: string; needsNode24: boolean; size: string }> = {
  oldest: { codeServer: '4.100.3', needsNode24: false, size: '300 MB' },
  newest: { codeServer: '4.139.1', needsNode24: true, size: '550 MB' },
};

/** Name of the variable that says which one; it reaches every program that the tests start. */
const versionVariable = 'GD_VSCODE';

/**
 * The version that was chosen; the oldest unless another one was.
 *
 * @throws where the variable holds another word
 */
export function chosenVersion(): VersionName {
  const name = process.env[versionVariable] ?? 'oldest';
  if (name === 'oldest' || name === 'newest') return name;
  throw new Error(`${versionVariable} is "${name}": write "oldest" or "newest".`);
}

/** Chooses the version for this process and for those that it starts. */
export function chooseVersion(name: VersionName): void {
  process.env[versionVariable] = name;
}
