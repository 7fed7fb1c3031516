declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: Uint8Array, options?: { stream?: boolean }): string;
}

/** The decoder that Node, web workers and pages all have, though no library of types is common to them. */
export type { TextDecoder };

/** A decoder for an encoding by its label, UTF-8 where none is given. */
export function textDecoder(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean }): TextDecoder {
  return new TextDecoder(label, options);
}
