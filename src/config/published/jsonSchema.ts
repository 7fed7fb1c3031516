import { configSnippets, datasetSnippets, modelSnippets, optimizerSnippets, schedulerSnippets } from './snippets';
import { sweepablePaths } from '../checkSweep';
import { defaultOf } from '../configReader';
import { formsByKey, type KeySchema } from '../keySchema';
import { configSchema } from '../schema';

type JsonSchema = Record<string, unknown>;

/**
 * The JSON schema of `*.gd.json` (draft-07, with VS Code's additions) for completion and hover: every key with its
 * meaning, default, limits and words. It describes and never complains: whatever stands under `anyOf` also has the branch
 * `{}`, nothing is `required`, and unknown keys are allowed. `parseConfig` reports all that is wrong, knowing the nearest
 * key and on the command line too, so that nobody reads of the same mistake twice; syntax alone is left to the editor.
 */
export function configJsonSchema(): object {
  const snippets: Record<string, unknown[]> = {
    dataset: datasetSnippets,
    model: modelSnippets,
    optimizer: optimizerSnippets,
    scheduler: schedulerSnippets,
  };
  const { properties } = described(configSchema) as { properties: Record<string, JsonSchema> };
  for (const [key, defaultSnippets] of Object.entries(snippets)) properties[key].defaultSnippets = defaultSnippets;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Gradient Descent config',
    description: 'A training run in PyTorch’s words: data, model, loss, optimizer, epochs.',
    allowComments: true,
    allowTrailingCommas: true,
    defaultSnippets: configSnippets,
    properties,
  };
}

function described(schema: KeySchema): JsonSchema {
  return { ...about(schema), ...shape(schema) };
}

function about(schema: KeySchema): JsonSchema {
  const { description } = schema;
  return {
    ...(description === undefined
      ? {}
      : { description: description.replace(/`/g, ''), markdownDescription: description }),
    ...(schema.default === undefined ? {} : { default: defaultOf(schema) }),
  };
}

function shape(schema: KeySchema): JsonSchema {
  const variants = schema.anyOf?.filter(({ form }) => form) ?? [];
  if (schema.shorthand) return { anyOf: [shorthand(variants), forms(variants)] };
  const named = schema.anyOf?.find((one) => one.enum);
  if (variants.length > 0) return named ? { anyOf: [strict(named), forms(variants), {}] } : forms(variants);
  if (schema.form) return forms([schema]);
  if (schema.properties) return { properties: mapValues(schema.properties, described) };
  if (schema.anyOf) return { anyOf: [...schema.anyOf.map((one) => strict(one)), {}] };
  return { anyOf: [strict(schema), {}] };
}

/** Offers the keys of the form that is written; as long as there is none, the keys that choose one. */
function forms(variants: KeySchema[]): JsonSchema {
  const tags = [...formsByKey(variants)];
  const choices = variants.map((variant) => {
    const key = variant.form!;
    const word = variant.properties![key].const;
    const tag = variant.properties![key];
    const condition = word === undefined ? {} : { properties: { [key]: { const: word, doNotSuggest: true } } };
    const required = tag.default === undefined ? { required: [key] } : {};
    const own = Object.entries(variant.properties!).filter(([name]) => name !== key);
    const then = { properties: mapValues(Object.fromEntries(own), described) };
    return { if: { ...required, ...condition }, then };
  });
  const chosen = Object.fromEntries(tags.map(([key, members]) => [key, tagKey(key, members)]));
  const none = { if: { not: { anyOf: tags.map(([key]) => ({ required: [key] })) } }, then: { properties: chosen } };
  // The key that tells the forms apart is described once, whichever form it chooses.
  const hovers = tags.map(([key]) => ({ if: { required: [key] }, then: { properties: { [key]: chosen[key] } } }));
  return { allOf: [none, ...hovers, ...choices] };
}

/** The words that may stand for a whole object. */
function shorthand(variants: KeySchema[]): JsonSchema {
  const tags = variants.map(({ form, properties }) => properties![form!]);
  const meanings = tags.flatMap(({ enumDescriptions = [] }) => enumDescriptions);
  const words = tags.map((tag) => tag.const);
  return { type: 'string', enum: words, enumDescriptions: meanings, markdownEnumDescriptions: meanings };
}

function tagKey(key: string, members: KeySchema[]): JsonSchema {
  const properties = members.map((member) => member.properties![key]);
  if (properties[0].const === undefined) return described(properties[0]);
  const words = properties.map((property) => property.const);
  const meanings = properties.flatMap((property) => property.enumDescriptions ?? []);
  const known = { type: 'string', enum: words, enumDescriptions: meanings, markdownEnumDescriptions: meanings };
  return { ...about(properties[0]), anyOf: [known, {}] };
}

/** The schema as a validator would need it, without the table's own words. */
function strict(schema: KeySchema): JsonSchema {
  const { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const { minLength, maxLength, minItems, maxItems, uniqueItems } = schema;
  const sizes = { minLength, maxLength, minItems, maxItems, uniqueItems };
  const limits = { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum, ...sizes };
  const written = Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
  const meanings = schema.enumDescriptions;
  return {
    ...written,
    ...(schema.enum ? { enum: schema.enum, enumDescriptions: meanings, markdownEnumDescriptions: meanings } : {}),
    ...(schema.items ? { items: schema.items.shorthand ? described(schema.items) : strict(schema.items) } : {}),
    ...(schema.entries ? entries(schema.entries, schema.areEntriesPaths) : {}),
    ...(schema.properties ? { properties: mapValues(schema.properties, described) } : {}),
  };
}

/** Values by names that are free, or by the path of a key of the config. */
function entries(values: KeySchema, arePaths = false): JsonSchema {
  return {
    ...(arePaths && { propertyNames: { enum: sweepablePaths(configSchema) } }),
    additionalProperties: described(values),
  };
}

function mapValues(properties: Record<string, KeySchema>, change: (schema: KeySchema) => JsonSchema) {
  return Object.fromEntries(Object.entries(properties).map(([key, property]) => [key, change(property)]));
}
