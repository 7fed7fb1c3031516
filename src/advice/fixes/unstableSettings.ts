import type { ParsedConfig } from '../../config/parseConfig';
import type { Problem } from '../../base/problem';
import type { OptimizerSettings } from '../../protocol/protocol';
import type { ConfigFix } from './configFix';

/** A setting of the optimizer with which training fails, whatever the rate. */
export interface UnstableSetting {
  key: 'momentum' | 'dampening' | 'alpha' | 'eps' | 'centered';
  /** What would be right. */
  better: number | false;
  /** `with momentum 1.5 every rate diverges`. */
  why: string;
  /** False: it depends on the data. */
  isSure: boolean;
}

/** What no rate can mend in an optimizer's settings. */
export function unstableSettings(optimizer: OptimizerSettings | undefined): UnstableSetting[] {
  if (!optimizer) return [];
  if (optimizer.type === 'SGD') {
    const { momentum, dampening, nesterov } = optimizer;
    return [...momentumSetting(momentum, nesterov), ...(momentum > 0 ? dampeningSetting(dampening) : [])];
  }
  // The others divide by nothing.
  if (!('eps' in optimizer)) return [];
  const { type, eps } = optimizer;
  const usual = { Adagrad: 1e-10, Adadelta: 1e-6 } as Partial<Record<string, number>>;
  const zero = eps === 0 ? [unstable('eps', usual[type] ?? 1e-8, 'a gradient of 0 becomes 0 / 0', 0)] : [];
  const found = zero.map((setting) => ({ ...setting, isSure: false }));
  return type === 'RMSprop'
    ? [...momentumSetting(optimizer.momentum), ...alphaSetting(optimizer.alpha), ...found]
    : found;
}

/** The same of a run that diverged, with what only goes wrong now and then. */
export function settingsToBlame(optimizer: OptimizerSettings | undefined): UnstableSetting[] {
  const found = unstableSettings(optimizer);
  if (optimizer?.type !== 'RMSprop' || !optimizer.centered) return found;
  const why =
    'with centered true the mean’s square is taken from the mean of squares; where gradients hardly change, these cancel ' +
    'to a rounding below 0, whose root is NaN';
  return [...found, { key: 'centered', better: false, why, isSure: false }];
}

function momentumSetting(momentum: number, nesterov = false): UnstableSetting[] {
  // Looking ahead damps it: up to 1 it settles, and beyond only directions with enough curvature do.
  if (nesterov) {
    const flat = 'steps along directions of little curvature grow';
    return momentum > 1 ? [{ ...unstable('momentum', 0.9, flat, momentum), isSure: false }] : [];
  }
  if (momentum > 1) return [unstable('momentum', 0.9, 'every rate diverges', momentum)];
  return momentum === 1 ? [unstable('momentum', 0.9, 'steps never die down, at any rate', 1)] : [];
}

function dampeningSetting(dampening: number): UnstableSetting[] {
  if (dampening > 1) return [unstable('dampening', 0, 'momentum climbs the loss, and every rate diverges', dampening)];
  return dampening === 1 ? [unstable('dampening', 0, 'momentum takes in no gradient after the first', 1)] : [];
}

function alphaSetting(alpha: number): UnstableSetting[] {
  if (alpha > 1) return [unstable('alpha', 0.99, 'the average of the squares is negative and has no root', alpha)];
  return alpha === 1
    ? [unstable('alpha', 0.99, 'the average of the squares stays 0, and eps alone divides steps', 1)]
    : [];
}

function unstable(key: UnstableSetting['key'], better: number, consequence: string, value: number): UnstableSetting {
  return { key, better, why: `with ${key} ${value} ${consequence}`, isSure: true };
}

/** Code of the problems that `settingProblems` finds. */
export const settingCode = 'unstable-setting';

/** What no rate can mend, as problems at the config's keys. */
export function settingProblems({ draft, source }: Pick<ParsedConfig, 'draft' | 'source'>): Problem[] {
  return unstableSettings(draft.optimizer).map((setting) => {
    const severity = setting.isSure ? 'warning' : 'information';
    const finding = { message: settingProblem(setting), severity, code: settingCode } as const;
    return source.problemAt(['optimizer', setting.key], finding);
  });
}

/** `with momentum 1.5 every rate diverges; set momentum to 0.9`. */
export function settingProblem({ key, better, why }: UnstableSetting): string {
  return `${why}; set ${key} to ${String(better)}`;
}

/** What puts a setting right: the usual value first and, where steps are to be shorter than with that, none. */
export function settingFixes(setting: UnstableSetting): ConfigFix[] {
  const usual = settingFix(setting);
  if (setting.key !== 'momentum') return [usual];
  return [usual, { ...usual, title: 'Train without momentum', edits: [{ path: ['optimizer', 'momentum'], value: 0 }] }];
}

/** Puts a setting right. */
export function settingFix({ key, better }: UnstableSetting): ConfigFix {
  return { kind: key, title: `Set ${key} to ${String(better)}`, edits: [{ path: ['optimizer', key], value: better }] };
}
