import { describe, expect, it } from 'vitest';
import { configJsonSchema } from '../../../src/config/published/jsonSchema';
import { tableKeys, type KeySchema } from '../../../src/config/keySchema';
import { parseConfig } from '../../../src/config/parseConfig';
import { configSchema } from '../../../src/config/schema';

/** The words of JSON schema that stand in ours. */
interface Json {
  description?: string;
  markdownDescription?: string;
  default?: unknown;
  enum?: string[];
  enumDescriptions?: string[];
  properties?: Record<string, Json>;
  allOf?: Json[];
  anyOf?: Json[];
  then?: Json;
  if?: Json;
  const?: string;
  defaultSnippets?: { body: { type: string } }[];
}

/** Every key that the schema describes, under whatever conditions it stands. */
function describedKeys(schema: Json, path: string[] = []): { path: string; schema: Json }[] {
  const nested = [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.then ? [schema.then] : [])];
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, property]) => [
    { path: [...path, key].join('.'), schema: property },
    ...describedKeys(property, [...path, key]),
  ]);
  return [...own, ...nested.flatMap((part) => describedKeys(part, path))];
}

function words(schema: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(schema)) schema.forEach((part) => words(part, found));
  else if (schema && typeof schema === 'object') {
    for (const [key, value] of Object.entries(schema)) words(value, found.add(key));
  }
  return found;
}

describe('the JSON schema', () => {
  const schema = configJsonSchema() as Json & { properties: Record<string, Json> };
  const keys = describedKeys(schema);

  it('describes every key of the table, and no other', () => {
    const table = tableKeys(configSchema as unknown as KeySchema).map((entry) => entry.path.join('.'));
    expect(new Set(keys.map((key) => key.path))).toEqual(new Set(table));
    for (const key of keys) {
      expect(key.schema.description?.length, key.path).toBeGreaterThan(10);
      expect(key.schema.markdownDescription, key.path).toBeDefined();
    }
  });

  it('gives defaults, limits and the meaning of every word', () => {
    expect(schema.properties.epochs).toMatchObject({ default: 100, anyOf: [{ type: 'integer', minimum: 1 }, {}] });
    expect(schema.properties.loader.default).toEqual({ batch_size: 1, shuffle: true, drop_last: false });
    const enums = keys.flatMap((key) => key.schema.anyOf ?? []).filter((part) => part.enum);
    expect(enums.length).toBeGreaterThan(4);
    for (const part of enums) expect(part.enumDescriptions).toHaveLength(part.enum!.length);
  });

  it('knows the keyword arguments of each optimizer and scheduler', () => {
    const keysOf = (key: string, type: string) => {
      const branch = schema.properties[key].allOf!.find((one) => one.if?.properties?.type?.const === type);
      return branch!.then!.properties!;
    };
    expect(Object.keys(keysOf('optimizer', 'RMSprop'))).toEqual([
      'lr',
      'alpha',
      'eps',
      'weight_decay',
      'momentum',
      'centered',
    ]);
    expect(keysOf('optimizer', 'Adam').betas).toMatchObject({
      default: [0.9, 0.999],
      anyOf: [{ type: 'array', items: { minimum: 0, exclusiveMaximum: 1 } }, {}],
    });
    expect(keysOf('optimizer', 'SGD').lr).not.toHaveProperty('default');
    expect(keysOf('optimizer', 'AdamW')).toMatchObject({ lr: { default: 1e-3 }, weight_decay: { default: 1e-2 } });
    expect(Object.keys(keysOf('scheduler', 'CosineAnnealingLR'))).toEqual(['T_max', 'eta_min']);
  });

  it('offers a snippet for each optimizer and scheduler that is right as it stands', () => {
    for (const key of ['optimizer', 'scheduler']) {
      const { defaultSnippets, allOf } = schema.properties[key];
      const types = allOf![0].then!.properties!.type.anyOf![0].enum!;
      expect(new Set(defaultSnippets!.map(({ body }) => body.type))).toEqual(new Set(types));
      for (const { body } of defaultSnippets!) {
        const written = JSON.stringify(body).replace(/"\^\$\{\d:([^}]*)\}"/g, '$1');
        const others = key === 'optimizer' ? '' : '"optimizer": { "type": "Adam" },';
        const { problems } = parseConfig(`{ "dataset": { "file": "a.csv" }, ${others} "${key}": ${written} }`);
        expect(problems, written).toEqual([]);
      }
    }
  });

  it('never complains: each limit has a way out, and nothing is required or forbidden', () => {
    const checked = (part: Json): void => {
      for (const word of ['required', 'additionalProperties', 'type', 'enum', 'minimum', 'minItems']) {
        expect(part, word).not.toHaveProperty(word);
      }
      if (part.anyOf) expect(part.anyOf.at(-1)).toEqual({});
      else Object.values(part.properties ?? {}).forEach(checked);
      for (const branch of part.allOf ?? []) checked(branch.then!);
    };
    checked(schema);
  });

  it('is plain JSON without the table’s own words', () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
    expect(words(schema)).not.toContain('aliases');
    expect(words(schema)).not.toContain('form');
    expect(schema).toMatchObject({ allowComments: true, allowTrailingCommas: true });
  });
});
