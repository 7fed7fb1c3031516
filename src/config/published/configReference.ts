import { defaultOf } from '../configReader';
import { formsByKey, type KeySchema } from '../keySchema';
import { configSchema } from '../schema';

/** The reference of the config in Markdown, made from the table of keys: a section for each object, a row for each key. */
export function configReference(): string {
  const sections = sectionsOf('', configSchema);
  return [
    '# The config, key by key',
    'Made from the table that validates configs (`src/config/schema.ts`); do not edit it by hand.',
    'A key without a default is needed unless its description says otherwise.',
    ...sections,
  ]
    .join('\n\n')
    .concat('\n');
}

/** A section for the object at a path, then those of the objects in it. */
function sectionsOf(path: string, schema: KeySchema): string[] {
  const forms = schema.anyOf?.filter(({ form }) => form) ?? [];
  if (forms.length > 0) {
    const inner = forms.flatMap((form) =>
      Object.entries(form.properties!).map(([key, one]) => below(path, key, one).join('\n\n')),
    );
    // What several forms have stands once, after them all.
    const distinct = [...new Set(inner)].filter((section) => section !== '');
    return [heading(path, schema), ...forms.flatMap((form) => formSections(path, form, forms)), ...distinct];
  }
  const { properties, entries } = schema;
  if (entries) return [heading(path, schema), ...entrySections(`${path}.…`, entries)];
  if (!properties) return [];
  const title = path === '' ? [] : [heading(path, schema)];
  return [...title, table(schema), ...Object.entries(properties).flatMap(([key, one]) => below(path, key, one))];
}

/** One of the forms that an object can take, named by the key or the word that chooses it. */
function formSections(path: string, form: KeySchema, all: KeySchema[]): string[] {
  const key = form.form!;
  const tag = form.properties![key];
  const isOnly = formsByKey(all).get(key)!.length === 1;
  const title = isOnly ? `### \`${path}\` with \`${key}\`` : `### \`${path}\` with \`"${key}": "${tag.const}"\``;
  const meaning = isOnly ? [] : (tag.enumDescriptions ?? []);
  return [title, ...meaning, table(form)];
}

/** Sections for the objects that may stand for each key of an object whose keys are free. */
function entrySections(path: string, { anyOf = [] }: KeySchema): string[] {
  const forms = anyOf.filter(({ form }) => form);
  return forms.flatMap((form) => [`### \`${path}\` with \`${form.form}\``, form.description ?? '', table(form)]);
}

function below(path: string, key: string, schema: KeySchema): string[] {
  const here = path === '' ? key : `${path}.${key}`;
  if (schema.items?.anyOf?.some(({ form }) => form)) return sectionsOf(`${here}[…]`, schema.items);
  const variants = schema.anyOf?.filter(({ properties, form }) => properties && !form) ?? [];
  return [...sectionsOf(here, schema), ...variants.flatMap((variant) => sectionsOf(here, variant))];
}

function heading(path: string, { description = '' }: KeySchema): string {
  return `## \`${path}\`\n\n${description}`;
}

function table({ properties = {} }: KeySchema): string {
  const rows = Object.entries(properties).map(([key, schema]) => {
    const known = schema.default === undefined || schema.properties ? '' : `\`${JSON.stringify(defaultOf(schema))}\``;
    return `| \`${key}\` | ${cell(typeOf(schema))} | ${cell(known)} | ${cell(meaningOf(schema))} |`;
  });
  return ['| key | value | default | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** A description, and for words what each of them means. */
function meaningOf(schema: KeySchema): string {
  const { description = '', enum: words = [], enumDescriptions = [] } = schema;
  const meanings = words.map((word, i) => `\`"${word}"\`: ${enumDescriptions[i]}`);
  const nested = (schema.anyOf ?? []).flatMap((variant) => (variant.enum ? [meaningOf(variant)] : []));
  return [description, ...meanings, ...nested].filter(Boolean).join(' <br> ');
}

/** What may stand for a key, in words. */
function typeOf(schema: KeySchema): string {
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.const !== undefined) return `\`"${schema.const}"\``;
  if (schema.enum) return schema.enum.map((word) => `\`"${word}"\``).join(', ');
  if (schema.type === 'array') return `list of ${plural(schema.items ? typeOf(schema.items) : 'value')}`;
  const limit = limitOf(schema);
  const names: Record<string, string> = { integer: 'whole number', boolean: '`true` or `false`', string: 'text' };
  return `${names[schema.type ?? ''] ?? schema.type}${limit}`;
}

function plural(words: string): string {
  return words.replace(/^(list|number|whole number|text)/, (word) => `${word}s`);
}

function limitOf({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: KeySchema): string {
  if (type !== 'number' && type !== 'integer') return '';
  const isLimit = (value: number | undefined) => value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;
  const limits = [
    ...(isLimit(minimum) ? [`at least ${minimum}`] : []),
    ...(isLimit(exclusiveMinimum) ? [`above ${exclusiveMinimum}`] : []),
    ...(isLimit(maximum) && maximum! < 1e7 ? [`at most ${maximum}`] : []),
    ...(isLimit(exclusiveMaximum) ? [`below ${exclusiveMaximum}`] : []),
  ];
  return limits.length > 0 ? `, ${limits.join(', ')}` : '';
}

function cell(words: string): string {
  return words.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
