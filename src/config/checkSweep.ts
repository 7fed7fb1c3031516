import { findNodeAtLocation, type Node } from 'jsonc-parser';
import type { Problem } from '../base/problem';
import { ConfigReader } from './configReader';
import { whyNotSet } from './edits/setValue';
import type { KeySchema } from './keySchema';
import type { Config } from './schema';
import type { SourceMap } from './sourceMap';
import { mostMembers, type SweepValues } from './keys/sweepSchema';
import { didYouMean, nearestWord, shorten } from './words';

/** Keys that say nothing about one run. */
const unswept = ['sweep', 'sweep_mode', '$schema', 'log_every'];

/**
 * What is wrong with a sweep by itself: keys that there are not, values that their key does not take, lists that do not go
 * together. Whether a member's values fit one another shows when it is read.
 * @param root the table of keys.
 */
export function checkSweep(draft: Partial<Config>, source: SourceMap, root: KeySchema): Problem[] {
  const { sweep, sweep_mode: mode = 'grid' } = draft;
  if (!sweep) return [];
  const entries = Object.entries(sweep);
  if (entries.length === 0) {
    const message = 'sweep needs at least one key, for instance "optimizer.lr": [0.01, 0.1]';
    return [source.problemAt(['sweep'], { message, code: 'sweep' })];
  }
  const isRandom = typeof mode === 'object';
  const problems = entries.flatMap(([key, values]) => [
    ...checkKey(key, { draft, source, root }),
    ...checkRange(key, values, source, isRandom),
  ]);
  return problems.length > 0 ? problems : [...checkNesting(Object.keys(sweep), source), ...checkCount(draft, source)];
}

/** Every path of the table at which a plain value stands, as in `optimizer.lr`. */
export function sweepablePaths(root: KeySchema): string[] {
  const found = new Set<string>();
  const visit = (schema: KeySchema, path: string[]) => {
    for (const variant of schema.anyOf ?? []) visit(variant, path);
    for (const [key, property] of Object.entries(schema.properties ?? {})) {
      const here = [...path, key];
      if (unswept.includes(here[0])) continue;
      if (isPlain(property)) found.add(here.join('.'));
      visit(property, here);
    }
  };
  visit(root, []);
  return [...found];
}

/** Whether a key of a config takes whole numbers only; of a key with several forms, whether any does. */
export function takesWholeNumbers(root: KeySchema, key: string, config: Config): boolean {
  return schemasAt(root, key, config).some(({ type }) => type === 'integer');
}

function isPlain({ type, enum: words, anyOf = [] }: KeySchema): boolean {
  return type === 'number' || type === 'integer' || type === 'boolean' || words !== undefined || anyOf.some(isPlain);
}

function checkKey(
  key: string,
  { draft, source, root }: { draft: Partial<Config>; source: SourceMap; root: KeySchema },
) {
  const schemas = schemasAt(root, key, draft);
  if (schemas.length === 0 || unswept.includes(key.split('.')[0])) {
    const near = nearestWord(key, sweepablePaths(root));
    const why = schemas.length === 0 ? `there is no key ${JSON.stringify(shorten(key))}` : `${key} cannot be varied`;
    const message = `${why} in sweep; write the path of a key, as in "optimizer.lr"${didYouMean(near)}`;
    const suggestion = near === undefined ? {} : { suggestion: JSON.stringify(near) };
    return [source.problemAt(['sweep', key], { message, code: 'unknown-key', ...suggestion }, 'key')];
  }
  const hindrance = whyNotSet(key, source.tree);
  if (hindrance !== undefined) {
    return [source.problemAt(['sweep', key], { message: `sweep ${hindrance}`, code: 'sweep' }, 'key')];
  }
  const at = (...more: (string | number)[]) => {
    const path = ['sweep', key, ...more];
    const node = source.tree && findNodeAtLocation(source.tree, path);
    return node ? [{ node, path }] : [];
  };
  const list = at()[0]?.node;
  if (list?.type === 'array') {
    return (list.children ?? []).flatMap((_, i) => at(i).flatMap((item) => faultsOf(schemas, item, source, root)));
  }
  const isCount = at('count').length > 0;
  if (isCount || at('from').length > 0) {
    const isNumber = ({ type }: KeySchema) => type === 'integer' || (!isCount && type === 'number');
    const numbers = schemas.flatMap(({ anyOf, ...one }) => anyOf ?? [one]).filter(isNumber);
    if (numbers.length === 0) {
      const message = `sweep.${key} must be a list of values, because ${key} takes no ${isCount ? 'whole ' : ''}numbers`;
      return [source.problemAt(['sweep', key], { message, code: 'wrong-type' })];
    }
    return [...at('from'), ...at('to')].flatMap((item) => faultsOf(numbers, item, source, root));
  }
  return [];
}

/** What is wrong with a value for a key; nothing where any of the key's forms takes it. */
function faultsOf(
  schemas: KeySchema[],
  { node, path }: { node: Node; path: (string | number)[] },
  source: SourceMap,
  root: KeySchema,
): Problem[] {
  const faults = schemas.map((schema) => {
    const reader = new ConfigReader(root, source);
    reader.read(schema, node, path);
    return reader.problems;
  });
  return faults.find((problems) => problems.length === 0) ?? faults[0];
}

/** What may stand at a path; with a config, in the forms that it has chosen where it has chosen some. */
function schemasAt(root: KeySchema, key: string, draft?: object): KeySchema[] {
  let schemas = [root];
  let value: unknown = draft;
  for (const step of key.split('.')) {
    const variants = schemas.flatMap((schema) => schema.anyOf ?? [schema]);
    if (Array.isArray(value) && /^\d+$/.test(step)) {
      schemas = Number(step) < value.length ? variants.flatMap(({ items }) => items ?? []) : [];
      value = value[Number(step)];
      continue;
    }
    // The key that chooses a form has the words of all of them.
    const chosen = variants.filter((variant) => variant.form !== step && isChosen(variant, value));
    const holders = [chosen, variants].find((some) => some.some((one) => hasKey(one, step))) ?? [];
    schemas = holders.filter((one) => hasKey(one, step)).map((one) => one.properties![step]);
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined;
  }
  return schemas;
}

function hasKey({ properties }: KeySchema, key: string): boolean {
  return properties !== undefined && Object.hasOwn(properties, key);
}

function isChosen({ form, properties }: KeySchema, value: unknown): boolean {
  if (form === undefined || typeof value !== 'object' || value === null) return true;
  const written = (value as Record<string, unknown>)[form];
  const word = properties![form].const;
  return word === undefined ? written !== undefined : written === word;
}

function checkRange(key: string, values: SweepValues, source: SourceMap, isRandom: boolean): Problem[] {
  if (Array.isArray(values) || 'count' in values) return [];
  const { from, to, steps, scale } = values;
  const path = ['sweep', key];
  if (steps === undefined && !isRandom) {
    const message = `missing key "steps" in sweep.${key}; only a random sweep does without`;
    return [source.problemAt(path, { message, code: 'missing-key' }, 'key')];
  }
  if (scale !== 'log' || (from > 0 && to > 0)) return [];
  const message = `sweep.${key} must go from a number above 0 to another with "scale": "log", got ${from} to ${to}`;
  return [source.problemAt(path, { message, code: 'out-of-range' })];
}

/** A key and one inside of it cannot both be set. */
function checkNesting(keys: string[], source: SourceMap): Problem[] {
  return keys.flatMap((key) => {
    const outer = keys.find((other) => key.startsWith(`${other}.`));
    if (outer === undefined) return [];
    const message = `sweep.${key} would be overwritten by sweep.${outer}; keep one of them`;
    return [source.problemAt(['sweep', key], { message, code: 'sweep' }, 'key')];
  });
}

function checkCount({ sweep = {}, sweep_mode: mode = 'grid' }: Partial<Config>, source: SourceMap): Problem[] {
  const lengths = Object.entries(sweep).map(([key, values]) => [key, lengthOf(values)] as const);
  const problem = (message: string) => [source.problemAt(['sweep'], { message, code: 'sweep' }, 'key')];
  if (mode === 'zip') {
    const [[first, length]] = lengths;
    const other = lengths.find(([, own]) => own !== length);
    if (other) {
      const why = `${first} has ${length} and ${other[0]} has ${other[1]}`;
      return problem(`with "sweep_mode": "zip" all keys of sweep need equally many values, but ${why}`);
    }
  }
  const members =
    typeof mode === 'object'
      ? mode.random
      : mode === 'zip'
        ? lengths[0][1]
        : lengths.reduce((all, [, n]) => all * n, 1);
  return members > mostMembers ? problem(`sweep has ${members} members; at most ${mostMembers} are trained`) : [];
}

function lengthOf(values: SweepValues): number {
  return Array.isArray(values) ? values.length : 'count' in values ? values.count : (values.steps ?? 1);
}
