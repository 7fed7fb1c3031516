import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import { formatShortest } from '../base/format';
import { takesWholeNumbers } from '../config/checkSweep';
import { configSchema, type Config, type SweepMode, type SweepValues } from '../config/schema';
import { setEach } from '../config/edits/setValue';
import { Generator } from '../engine/random/random';

/** What a member sets: values by the key's path, in the order of the sweep. */
export type MemberSettings = Readonly<Record<string, unknown>>;

/** The members of a config's sweep, in order; none without a sweep. The last key of a grid changes fastest. */
export function membersOf(config: Config): MemberSettings[] {
  const { sweep, sweep_mode: mode = 'grid' } = config;
  if (!sweep) return [];
  if (typeof mode === 'object') return drawnMembers(config, sweep, mode);
  const lists = Object.entries(sweep).map(([key, values]) => [key, listOf(config, key, values)] as const);
  if (mode === 'grid') return product(lists);
  return lists[0][1].map((_, i) => Object.fromEntries(lists.map(([key, values]) => [key, values[i]])));
}

/** How many members a config's sweep has. */
export function memberCount(config: Config): number {
  return membersOf(config).length;
}

/**
 * Each member as a config of its own: the text without its sweep and with the member's values; comments and layout stay.
 * @throws Error that says why where a value has no place in the text.
 */
export function memberTexts(configText: string, members: readonly MemberSettings[]): string[] {
  return setEach(withoutSweep(configText), members);
}

/** A config's text without its sweep. */
export function withoutSweep(configText: string): string {
  const mark = configText.startsWith('\uFEFF') ? '\uFEFF' : '';
  return mark + ['sweep', 'sweep_mode'].reduce(withoutProperty, configText.slice(mark.length));
}

/** The text without a property of the outermost object; comments stay, which jsonc-parser's own edit takes away with it. */
function withoutProperty(text: string, key: string): string {
  const property = findNodeAtLocation(parseTree(text, [], { allowTrailingComma: true })!, [key])?.parent;
  if (!property) return text;
  const siblings = property.parent!.children!;
  const before = siblings[siblings.indexOf(property) - 1];
  const end = property.offset + property.length;
  const comma = commaAfter(text, end);
  const cut = text.slice(0, property.offset) + text.slice(comma === undefined ? end : comma + 1);
  // The last property leaves the comma of the one before it; a line that held nothing else goes.
  const last = comma === undefined && before ? commaAfter(text, before.offset + before.length) : undefined;
  const lineStart = text.lastIndexOf('\n', property.offset - 1) + 1;
  const rest = cut.slice(property.offset);
  const isBlank = text.slice(lineStart, property.offset).trim() === '' && /^[ \t]*\r?\n/.test(rest);
  const tidy = isBlank ? cut.slice(0, lineStart) + rest.slice(rest.indexOf('\n') + 1) : cut;
  return last === undefined ? tidy : tidy.slice(0, last) + tidy.slice(last + 1);
}

/** Where the comma after an offset is; undefined where something else comes first. */
function commaAfter(text: string, offset: number): number | undefined {
  const between = /^(?:\s|\/\*[^]*?\*\/|\/\/[^\r\n]*)*,/.exec(text.slice(offset));
  return between ? offset + between[0].length - 1 : undefined;
}

/** What of a member its data and their analysis depend on: the same for members that differ in how they train alone. */
export function rowsOf(settings: MemberSettings): string {
  const isLate = (key: string) => /^(loader|optimizer|scheduler|epochs)(\.|$)/.test(key);
  return JSON.stringify(Object.entries(settings).filter(([key]) => !isLate(key)));
}

/** What a member sets, in words: `optimizer.lr=0.01, seed=3`. */
export function memberName(settings: MemberSettings): string {
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${written(value)}`)
    .join(', ');
}

function written(value: unknown): string {
  if (typeof value === 'number') return formatShortest(value).replaceAll(',', '');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

type Lists = readonly (readonly [key: string, values: readonly unknown[]])[];

function product(lists: Lists): MemberSettings[] {
  return lists.reduce<Record<string, unknown>[]>(
    (members, [key, values]) => members.flatMap((member) => values.map((value) => ({ ...member, [key]: value }))),
    [{}],
  );
}

function listOf(config: Config, key: string, values: SweepValues): readonly unknown[] {
  if (Array.isArray(values)) return values;
  if ('count' in values) {
    const first = firstOf(config, key);
    return Array.from({ length: values.count }, (_, i) => first + i);
  }
  const { steps = 1 } = values;
  return Array.from({ length: steps }, (_, i) => between(config, key, values, steps === 1 ? 0 : i / (steps - 1)));
}

/** The whole number that a config gives for a key, otherwise 0. */
function firstOf(config: Config, path: string): number {
  const value = path
    .split('.')
    .reduce<unknown>((parent, key) => (parent as Record<string, unknown> | undefined)?.[key], config);
  return Number.isInteger(value) ? (value as number) : 0;
}

/** A number from 0 to 1 on a range's own scale; rounded where its key takes whole numbers. */
function between(
  config: Config,
  key: string,
  { from, to, scale }: { from: number; to: number; scale: string },
  share: number,
): number {
  const number = scale === 'log' ? from * (to / from) ** share : from + (to - from) * share;
  // Both ends are as they are written, and 0.001 · 100^½ is 0.01 except for rounding.
  const value = share === 0 ? from : share === 1 ? to : Number(number.toPrecision(12));
  return takesWholeNumbers(configSchema, key, config) ? Math.round(value) : value;
}

/** Members of the grid without repetition where it is finite, as `ParameterSampler` draws them; otherwise drawn from ranges and lists. */
function drawnMembers(
  config: Config,
  sweep: Record<string, SweepValues>,
  { random, seed }: Exclude<SweepMode, string>,
): MemberSettings[] {
  const generator = new Generator(seed);
  const entries = Object.entries(sweep);
  const isFinite = entries.every(([, values]) => Array.isArray(values) || 'count' in values);
  const lists = entries.map(([key, values]) => [key, isRange(values) ? [] : listOf(config, key, values)] as const);
  const size = lists.reduce((all, [, values]) => all * values.length, 1);
  if (isFinite && size <= 2 ** 24) {
    const order = generator.permutation(size).subarray(0, random);
    return Array.from(order, (place) => memberAt(lists, place));
  }
  return Array.from({ length: random }, () =>
    Object.fromEntries(
      entries.map(([key, values], i) => {
        const share = generator.uint32() / 2 ** 32;
        const [, list] = lists[i];
        return [key, isRange(values) ? between(config, key, values, share) : list[Math.floor(share * list.length)]];
      }),
    ),
  );
}

function isRange(values: SweepValues): values is Exclude<SweepValues, unknown[] | { count: number }> {
  return !Array.isArray(values) && 'from' in values;
}

/** The member at a place of a grid. */
function memberAt(lists: Lists, place: number): MemberSettings {
  let rest = place;
  const entries = [...lists].reverse().map(([key, values]) => {
    const value = values[rest % values.length];
    rest = Math.floor(rest / values.length);
    return [key, value] as const;
  });
  return Object.fromEntries(entries.reverse());
}
