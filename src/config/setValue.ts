import { applyEdits, findNodeAtLocation, modify, parseTree, type JSONPath, type Node } from 'jsonc-parser';

/** One `--set` of the command line. */
export interface Setting {
  /** The key with its path, as in `optimizer.lr`. */
  path: string;
  value: unknown;
}

/**
 * Reads `key=value`. The value is JSON where it can be read as such (`1e-7`, `[8, 2]`, `true`), else the bare text.
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
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const tree = parseTree(plain, [], { allowTrailingComma: true });
  const steps = pathSteps(path, tree);
  const eol = /\r\n|\r|\n/.exec(plain)?.[0] ?? '\n';
  const formattingOptions = { insertSpaces: true, tabSize: indentation(plain), eol };
  return applyEdits(plain, modify(plain, steps, value, { formattingOptions }));
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

function indentation(text: string): number {
  return /^( +)"/m.exec(text)?.[1].length ?? 2;
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
