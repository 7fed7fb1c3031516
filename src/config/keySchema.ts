/** The part of JSON schema that the table of keys uses, as a walker over the table sees it. */
export interface KeySchema {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: string[];
  enumDescriptions?: string[];
  const?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  properties?: Record<string, KeySchema>;
  required?: string[];
  items?: KeySchema;
  /** Of an object whose keys are free: what stands for each of them. */
  entries?: KeySchema;
  /** Those keys are paths of keys of the config. */
  areEntriesPaths?: boolean;
  anyOf?: KeySchema[];
  /** Other names that people try for this key. */
  aliases?: string[];
  /** Of an object: keys that people write and that follow from something else, and from what. */
  followed?: Record<string, string>;
  /** Of words: what else people write, without capitals and separators, and the word that they mean. */
  meant?: Record<string, string>;
  /** Of an object among several: the key that tells it from the others. */
  form?: string;
  /** Of a choice of objects: the word that tells one from the others may stand for the object with its defaults. */
  shorthand?: boolean;
}

/** Objects in the same place, by the key that tells them apart. */
export function formsByKey(variants: KeySchema[]): Map<string, KeySchema[]> {
  const forms = new Map<string, KeySchema[]>();
  for (const variant of variants) {
    if (variant.form) forms.set(variant.form, [...(forms.get(variant.form) ?? []), variant]);
  }
  return forms;
}

/** One key of the table: where it stands, and the other names it goes by. */
export interface TableKey {
  path: string[];
  aliases: string[];
}

/** Every key of the table below `schema`, outer ones first. */
export function tableKeys(schema: KeySchema, path: string[] = []): TableKey[] {
  const below: TableKey[] = (schema.anyOf ?? []).flatMap((variant) => tableKeys(variant, path));
  const properties = Object.entries(schema.properties ?? {});
  const own = properties.map(([key, property]) => ({ path: [...path, key], aliases: property.aliases ?? [] }));
  return [...own, ...below, ...properties.flatMap(([key, property]) => tableKeys(property, [...path, key]))];
}
