import { getNodeValue, type JSONPath, type Node } from 'jsonc-parser';
import { formsByKey, type KeySchema } from './keySchema';
import { keyOf, pathName, scalarOf, type Finding, type SourceMap } from './sourceMap';
import type { Problem } from '../base/problem';
import { unknownKey } from './unknownKey';
import { didYouMean, nearestWord, normalise, quotedList, shorten } from './words';

/** The value of a place in the config that could not be read; its problems are noted. */
export const unreadable = Symbol('unreadable');

/** Reads values out of a config's tree by the table of keys: fills in defaults, and notes every problem where it stands. */
export class ConfigReader {
  readonly problems: Problem[] = [];

  constructor(
    private readonly root: KeySchema,
    private readonly source: SourceMap,
  ) {}

  /** The value at `node`, or `unreadable`. `path` is where the node stands in the config. */
  read(schema: KeySchema, node: Node, path: JSONPath): unknown {
    if (schema.shorthand && node.type === 'string') return this.readShorthand(schema.anyOf!, node, path);
    if (schema.anyOf) return this.readUnion(schema, schema.anyOf, node, path);
    if (schema.const !== undefined) return this.readWord({ enum: [schema.const] }, node, path);
    if (schema.enum) return this.readWord(schema, node, path);
    // A schema without a type takes anything.
    if (schema.type === undefined) return getNodeValue(node);
    if (!accepts(schema, node)) return this.wrongType([schema], node, path);
    if (schema.entries) return this.readEntries(schema, schema.entries, node, path);
    if (schema.type === 'object') return this.readObject(schema, node, path);
    if (schema.type === 'array') return this.readArray(schema, node, path);
    if (schema.type === 'number' || schema.type === 'integer') return this.readNumber(schema, node, path);
    const value = scalarOf(node);
    if (typeof value === 'string' && value.length < (schema.minLength ?? 0)) {
      return this.fail(node, { message: `${pathName(path)} must not be empty`, code: 'out-of-range' });
    }
    if (typeof value === 'string' && value.length > (schema.maxLength ?? Infinity)) {
      const message = `${pathName(path)} must be ${schema.maxLength === 1 ? 'one character' : `at most ${schema.maxLength} characters`}, got ${this.written(node)}`;
      return this.fail(node, { message, code: 'out-of-range' });
    }
    return value;
  }

  /** The keys of an object that are readable, defaults included; what is missing or unreadable is left out. */
  readProperties(schema: KeySchema, node: Node, path: JSONPath): Record<string, unknown> {
    const properties = schema.properties!;
    const { seen, meant } = this.seenKeys(schema, node, path);
    const result: Record<string, unknown> = {};
    for (const [key, property] of Object.entries(properties)) {
      const value = seen.get(key);
      if (value) result[key] = this.read(property, value, [...path, key]);
      else if (property.default !== undefined) result[key] = defaultOf(property);
      else if (schema.required?.includes(key) && !meant.has(key)) this.missingKey(key, node, path);
      if (result[key] === unreadable) delete result[key];
    }
    return result;
  }

  private readObject(schema: KeySchema, node: Node, path: JSONPath): unknown {
    const before = this.problems.length;
    const result = this.readProperties(schema, node, path);
    return this.problems.length > before ? unreadable : result;
  }

  /** An object whose keys are free. */
  private readEntries(schema: KeySchema, values: KeySchema, node: Node, path: JSONPath): unknown {
    const before = this.problems.length;
    const { seen } = this.seenKeys(schema, node, path);
    const entries = [...seen].map(([key, value]) => [key, this.read(values, value, [...path, key])] as const);
    return this.problems.length > before ? unreadable : Object.fromEntries(entries);
  }

  /** A word in place of the object that it tells from the others. */
  private readShorthand(variants: KeySchema[], node: Node, path: JSONPath): unknown {
    const forms = variants.map((variant) => ({ variant, word: variant.properties![variant.form!].const! }));
    const chosen = forms.find(({ word }) => word === scalarOf(node));
    if (!chosen) return this.readWord({ enum: forms.map(({ word }) => word) }, node, path);
    return { [chosen.variant.form!]: chosen.word, ...(defaultOf({ ...chosen.variant, type: 'object' }) as object) };
  }

  /** The values by key, and the known keys that unknown ones were meant to be; these are not missing as well. */
  private seenKeys(schema: KeySchema, node: Node, path: JSONPath) {
    const seen = new Map<string, Node>();
    const meant = new Set<string>();
    for (const property of node.children ?? []) {
      const [keyNode, value] = property.children!;
      const key = String(keyNode.value);
      if (seen.has(key)) {
        const message = `duplicate key ${JSON.stringify(shorten(key))} in ${pathName(path)}; keep one of them`;
        this.fail(keyNode, { message, code: 'duplicate-key', schema: true });
      } else if (schema.properties && !Object.hasOwn(schema.properties, key)) {
        const finding = unknownKey(key, path, schema, this.root);
        this.fail(keyNode, finding);
        if (finding.suggestion) meant.add(JSON.parse(finding.suggestion) as string);
      }
      if (value) seen.set(key, value);
    }
    return { seen, meant };
  }

  private missingKey(key: string, node: Node, path: JSONPath): void {
    const message = `missing key ${JSON.stringify(key)} in ${pathName(path)}`;
    const range = path.length === 0 ? this.source.rangeOf([]) : this.source.rangeOfNode(keyOf(node));
    this.problems.push(this.source.problem(range, { message, code: 'missing-key' }));
  }

  private readUnion({ shorthand }: KeySchema, variants: KeySchema[], node: Node, path: JSONPath): unknown {
    if (node.type === 'object' && variants.some((variant) => variant.form)) return this.readForm(variants, node, path);
    const variant = variants.find((one) => accepts(one, node, true)) ?? variants.find((one) => accepts(one, node));
    const names: KeySchema[] = shorthand ? [{ shorthand }] : [];
    return variant ? this.read(variant, node, path) : this.wrongType([...names, ...variants], node, path);
  }

  /** Chooses among objects by the key that tells them apart, and among those with the same key by its word. */
  private readForm(variants: KeySchema[], node: Node, path: JSONPath): unknown {
    const forms = formsByKey(variants);
    const written = (node.children ?? []).filter((property) => forms.has(String(property.children![0].value)));
    const keys = [...new Set(written.map((property) => String(property.children![0].value)))];
    const names = quotedList([...forms.keys()]);
    const untold = keys.length === 0 ? untoldForm(variants, node) : undefined;
    if (untold) return this.readObject(untold, node, path);
    if (keys.length === 0) {
      const anyForm = Object.fromEntries(variants.flatMap((variant) => Object.entries(variant.properties ?? {})));
      const { meant } = this.seenKeys({ properties: anyForm }, node, path);
      if ([...meant].some((key) => forms.has(key))) return unreadable;
      const where = pathName(path);
      const message =
        forms.size > 1 ? `${where} needs exactly one of the keys ${names}` : `missing key ${names} in ${where}`;
      return this.fail(keyOf(node), { message, code: 'missing-key' });
    }
    if (keys.length > 1) {
      const message = `${pathName(path)} takes only one of ${names}, got ${quotedList(keys, 'and')}; remove the others`;
      return this.fail(written[1].children![0], { message, code: 'one-of' });
    }
    const candidates = forms.get(keys[0])!;
    const word = written[0].children![1];
    if (candidates[0].properties![keys[0]].const === undefined) return this.readObject(candidates[0], node, path);
    const chosen = candidates.find((one) => one.properties![keys[0]].const === scalarOf(word));
    if (chosen) return this.readObject(chosen, node, path);
    const allowed = candidates.map((one) => one.properties![keys[0]].const!);
    return word ? this.readWord({ enum: allowed }, word, [...path, keys[0]]) : unreadable;
  }

  private readWord({ enum: allowed = [], meant = {} }: KeySchema, node: Node, path: JSONPath): unknown {
    const value = scalarOf(node);
    if (allowed.some((word) => word === value)) return value;
    const near = typeof value === 'string' ? (meant[normalise(value)] ?? nearestWord(value, allowed)) : undefined;
    const message = `${pathName(path)} must be ${quotedList(allowed)}, got ${this.written(node)}${didYouMean(near)}`;
    return this.fail(node, { message, code: 'unknown-word', ...suggest(near) });
  }

  private readNumber(schema: KeySchema, node: Node, path: JSONPath): unknown {
    const value = scalarOf(node) as number;
    const limit = limitOf(schema, value);
    if (limit === undefined) return value;
    return this.fail(node, {
      message: `${pathName(path)} must be ${limit}, got ${this.written(node)}`,
      code: 'out-of-range',
    });
  }

  private readArray(schema: KeySchema, node: Node, path: JSONPath): unknown {
    const items = node.children ?? [];
    const { minItems = 0, maxItems = Infinity } = schema;
    if (items.length < minItems || items.length > maxItems) {
      const wanted = minItems === maxItems ? `exactly ${minItems}` : `at least ${minItems}`;
      const unit = wanted.endsWith(' 1') ? 'entry' : 'entries';
      const message = `${pathName(path)} must have ${wanted} ${unit}, got ${items.length}`;
      return this.fail(node, { message, code: 'out-of-range' });
    }
    const values = items.map((item, i) => this.read(schema.items!, item, [...path, i]));
    if (schema.uniqueItems) {
      const twice = values.findIndex((value, i) => value !== unreadable && values.indexOf(value) < i);
      const message = `${pathName(path)} names ${JSON.stringify(values[twice])} twice; name it once`;
      if (twice >= 0) return this.fail(items[twice], { message, code: 'repeated' });
    }
    return values.includes(unreadable) ? unreadable : values;
  }

  private wrongType(schemas: KeySchema[], node: Node, path: JSONPath): unknown {
    const kinds = [...new Set(schemas.map(kindOf))];
    const message = `${pathName(path)} must be ${kinds.join(' or ')}, got ${this.written(node)}`;
    return this.fail(node, { message, code: 'wrong-type', ...suggest(conversion(schemas, node), false) });
  }

  private written(node: Node): string {
    return shorten(this.source.text.slice(node.offset, node.offset + node.length).replace(/\s+/g, ' '));
  }

  private fail(node: Node, finding: Finding): typeof unreadable {
    this.problems.push(this.source.problem(this.source.rangeOfNode(node), finding));
    return unreadable;
  }
}

/** The form that an object has without the key that tells forms apart, unless it has a key of another form alone. */
function untoldForm(variants: KeySchema[], node: Node): KeySchema | undefined {
  const untold = variants.find(({ form, properties }) => form && properties![form].default !== undefined);
  if (!untold) return undefined;
  const others = variants.flatMap(({ properties }) => Object.keys(properties ?? {}));
  const isForeign = (key: string) => others.includes(key) && !Object.hasOwn(untold.properties!, key);
  return node.children?.some(({ children }) => isForeign(String(children![0].value))) ? undefined : untold;
}

function suggest(text: string | undefined, quote = true): { suggestion?: string } {
  if (text === undefined) return {};
  return { suggestion: quote ? JSON.stringify(text) : text };
}

/** A fresh copy of what a key means when it is left out. */
export function defaultOf(schema: KeySchema): unknown {
  if (Array.isArray(schema.default)) return [...(schema.default as unknown[])];
  if (schema.anyOf && typeof schema.default === 'object') return { ...schema.default };
  if (schema.type !== 'object') return schema.default;
  const filled = Object.entries(schema.properties!).filter(([, property]) => property.default !== undefined);
  return Object.fromEntries(filled.map(([key, property]) => [key, defaultOf(property)]));
}

/** Whether a node has the schema's type; with `deep`, whether its first item has the items' type too. */
function accepts(schema: KeySchema, node: Node, deep = false): boolean {
  if (schema.type === 'integer') return node.type === 'number';
  if (schema.type !== node.type) return false;
  const first = node.children?.[0];
  return !deep || schema.type !== 'array' || first === undefined || accepts(schema.items!, first);
}

function kindOf(schema: KeySchema): string {
  if (schema.shorthand) return 'a name in double quotes';
  if (schema.enum) return quotedList(schema.enum);
  if (schema.type === 'integer') return 'a whole number';
  if (schema.type === 'boolean') return 'true or false';
  if (schema.type === 'string') return 'text in double quotes';
  if (schema.type === 'object') return 'an object { … }';
  if (schema.type !== 'array') return 'a number';
  if (schema.items!.shorthand) return 'a list [ … ] of names and objects';
  const item = schema.items!.type;
  const of =
    item === 'string'
      ? 'names'
      : item === 'array'
        ? 'lists of numbers'
        : item === 'integer'
          ? 'whole numbers'
          : 'numbers';
  return `a list of ${of}`;
}

/** What the value would be in the right type, where that is plain: `"0.1"` for a number, a bare name for a list. */
function conversion(schemas: KeySchema[], node: Node): string | undefined {
  const text = scalarOf(node);
  if (typeof text !== 'string') return undefined;
  if (schemas.some((one) => one.type === 'array' && one.items!.type === 'string')) return `[${JSON.stringify(text)}]`;
  const numeric = schemas.some((one) => one.type === 'number' || one.type === 'integer');
  if (numeric && /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return text;
  return schemas.some((one) => one.type === 'boolean') && /^(true|false)$/i.test(text) ? text.toLowerCase() : undefined;
}

/** What a number would have to be, or undefined where it is right. */
function limitOf(schema: KeySchema, value: number): string | undefined {
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum, exclusiveMaximum } = schema;
  if (schema.type === 'integer' && !Number.isInteger(value)) return 'a whole number';
  if (exclusiveMinimum !== undefined && !(value > exclusiveMinimum)) return `greater than ${exclusiveMinimum}`;
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) return `less than ${exclusiveMaximum}`;
  if (value < minimum) return `at least ${minimum}`;
  if (value > maximum) return `at most ${maximum}`;
  return Number.isFinite(Math.fround(value)) ? undefined : 'within the range of a float32 (about ±3.4e38)';
}
