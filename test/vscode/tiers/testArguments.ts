import type { VersionName } from '../install/vscodeVersion';

/** The tiers, as `npm test` calls them. */
export const tierNames = ['typecheck', 'lint', 'format', 'unit', 'page', 'suite', 'web', 'ui'] as const;

/** Name of a tier. */
export type TierName = (typeof tierNames)[number];

/** The tiers by how long they take, the longest first: so two that run side by side end at about the same time. What needs no browser runs while one is installed. */
const longestFirst: TierName[] = ['ui', 'unit', 'page', 'lint', 'suite', 'web', 'format', 'typecheck'];

/** The chosen tiers in the order in which they are begun. */
export function orderOf(chosen: readonly TierName[]): TierName[] {
  return longestFirst.filter((tier) => chosen.includes(tier));
}

/** What `npm test` was asked for: tiers by name, all where none is named, and which VS Code they run in. */
export interface TestArguments {
  tiers: TierName[];
  vscode: VersionName;
}

/**
 * Reads the arguments of `npm test`: names of tiers, and `--vscode oldest` or `--vscode newest`.
 *
 * @throws where one of them is neither, with what there is
 */
export function parseTestArguments(args: string[]): TestArguments {
  const names: string[] = [];
  let vscode = 'oldest';
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--vscode') vscode = args[++i] ?? '';
    else if (args[i].startsWith('--vscode=')) vscode = args[i].slice('--vscode='.length);
    else names.push(args[i]);
  }
  if (vscode !== 'oldest' && vscode !== 'newest') {
    throw new Error(`npm test: --vscode is "${vscode}"; write "oldest" or "newest".`);
  }
  const isTier = (name: string): name is TierName => (tierNames as readonly string[]).includes(name);
  const unknown = names.filter((name) => !isTier(name));
  if (unknown.length > 0) {
    throw new Error(`npm test: no tier is called ${unknown.join(', ')}; there are ${tierNames.join(', ')}.`);
  }
  return { tiers: names.length > 0 ? names.filter(isTier) : [...tierNames], vscode };
}
