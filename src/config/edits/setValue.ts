import { findNodeAtLocation, parseTree, type JSONPath, type Node } from 'jsonc-parser';
import { insertProperty, lineEnd, lineOf } from './insertProperty';

/** One `--set` of the command line. */
export interface Setting {
  /** The key with its path, as in `optimizer.lr`. */
  path: string;
  value: unknown;
}

/**
 * Reads `key=value`. The value is read as JSON if possible (`1e-7`, `[8, 2]`, `true`), otherwise as bare text.
 * Undefined where there is no `=` or no key before it.
 */
export function parseSetting(setting: string): Setting | undefined {
  const at = setting.indexOf('=');
  const path = setting.slice(0, Math.max(0, at)).trim();
  if (path === '' || path.split('.').includes('')) return undefined;
  return { path, value: jsonOrText(setting.slice(at + 1)) };
}

/**
 * The config's text with one key set, comments and layout kept; the key and the objects around it are added where they
 * are missing. `path` is written `optimizer.lr` or, into a list, `split.0`. Whether the value is right is for
 * `parseConfig` to say. Throws an Error that says why where the text has no place for the key.
 */
export function setConfigValue(text: string, path: string, value: unknown): string {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  return mark + setIn(text.slice(mark.length), path, value);
}

/**
 * The text with each of the settings, values by their key's path, as `setConfigValue` writes them one after the other. All set
 * the same keys, none of which is inside another: the others' values stand where the first one's do, and the text is read once.
 */
export function setEach(text: string, settings: readonly Readonly<Record<string, unknown>>[]): string[] {
  if (settings.length === 0) return [];
  const entries = Object.entries(settings[0]);
  const first = entries.reduce((before, [path, value]) => setConfigValue(before, path, value), text);
  const mark = first.startsWith('\uFEFF') ? 1 : 0;
  const tree = parseTree(first.slice(mark), [], { allowTrailingComma: true })!;
  const places = entries
    .map(([path]) => {
      const { offset, length } = findNodeAtLocation(tree, pathSteps(path, tree))!;
      return { path, from: mark + offset, to: mark + offset + length };
    })
    .sort((one, other) => one.from - other.from);
  const before = places.map(({ from }, i) => first.slice(i > 0 ? places[i - 1].to : 0, from));
  const rest = first.slice(places.at(-1)?.to ?? 0);
  return settings.map((values) => places.map(({ path }, i) => before[i] + lineOf(values[path])).join('') + rest);
}

function setIn(text: string, path: string, value: unknown): string {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  const steps = pathSteps(path, tree);
  const wrapped = (depth: number) => steps.slice(depth).reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  if (!tree) return `${text}${/[^\r\n]$/.test(text) ? lineEnd(text) : ''}${lineOf(wrapped(0))}${lineEnd(text)}`;
  let depth = steps.length;
  let node = findNodeAtLocation(tree, steps);
  while (!node) node = findNodeAtLocation(tree, steps.slice(0, --depth));
  if (depth < steps.length) return insertProperty(text, node, String(steps[depth]), wrapped(depth + 1));
  return text.slice(0, node.offset) + lineOf(value) + text.slice(node.offset + node.length);
}

/** Why a text has no place for a key; undefined where it has. */
export function whyNotSet(path: string, tree: Node | undefined): string | undefined {
  try {
    pathSteps(path, tree);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The path's steps, list indices as numbers; refuses to reach into a plain value, and past the end of a list. */
function pathSteps(path: string, tree: Node | undefined): JSONPath {
  const steps: JSONPath = [];
  for (const step of path.split('.')) {
    const parent = tree && findNodeAtLocation(tree, steps);
    const where = steps.length === 0 ? 'the config' : steps.join('.');
    if (parent && parent.type !== 'object' && parent.type !== 'array') {
      throw new Error(`cannot set ${path}: ${where} is ${JSON.stringify(parent.value)}, which has no keys`);
    }
    const last = (parent?.children?.length ?? 0) - 1;
    if (parent?.type === 'array' && !(/^\d+$/.test(step) && Number(step) <= last)) {
      throw new Error(`cannot set ${path}: ${where} is a list with entries 0 to ${last}`);
    }
    steps.push(parent?.type === 'array' ? Number(step) : step);
  }
  return steps;
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
