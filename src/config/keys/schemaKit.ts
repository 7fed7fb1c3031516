import {
  Type,
  type SchemaOptions,
  type Static,
  type TObject,
  type TOptional,
  type TProperties,
  type TSchema,
} from '@sinclair/typebox';

/** What every key of the config says about itself. */
export interface KeyOptions extends SchemaOptions {
  /** For a newcomer: what it is, and PyTorch's name for it. Markdown. */
  description: string;
  /** Other names that people try for this key. */
  aliases?: string[];
}

/** A key that may be left out; `value` is then taken. */
export function withDefault<T extends TSchema>(schema: T, value: Static<T>): T & { default: Static<T> } {
  return { ...schema, default: value };
}

/** A group of keys that may be left out as a whole; each of its keys then has its own default. */
export function section<P extends TProperties>(properties: P, options: KeyOptions): TObject<P> & { default: object } {
  return { ...Type.Object(properties, options), default: {} };
}

/** One word of a list, each with a line that explains it. */
export function words<W extends Record<string, string>>(
  meanings: W,
  options: KeyOptions & { meant?: Record<string, keyof W & string> },
) {
  return Type.Unsafe<keyof W & string>({
    ...options,
    type: 'string',
    enum: Object.keys(meanings),
    enumDescriptions: Object.values(meanings),
  });
}

/** The word that tells one form of an object from the others, e.g. `"type": "SGD"`. */
export function tag<W extends string>(word: W, meaning: string, options: KeyOptions) {
  return Type.Literal(word, { ...options, enumDescriptions: [meaning] });
}

/** Whole number from `minimum`. */
export function count(minimum: number, options: KeyOptions) {
  return Type.Integer({ maximum: Number.MAX_SAFE_INTEGER, ...options, minimum });
}

/** Rows of numbers, as in `[[1, 2], [3, 4]]`. */
export function matrix(options: SchemaOptions) {
  return Type.Array(Type.Array(Type.Number(), { minItems: 1 }), { ...options, minItems: 1 });
}

type MayBeLeftOut = { default: unknown } | TOptional<TSchema>;

/** The type of a schema as a person writes it: keys with a default may be left out. */
export type Written<S extends TSchema> =
  S extends TObject<infer P>
    ? { [K in keyof P as P[K] extends MayBeLeftOut ? never : K]: Written<P[K]> } & {
        [K in keyof P as P[K] extends MayBeLeftOut ? K : never]?: Written<P[K]>;
      }
    : S extends { anyOf: (infer U extends TSchema)[] }
      ? Written<U>
      : Static<S>;
