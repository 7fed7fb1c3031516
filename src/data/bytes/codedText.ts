declare class TextEncoder {
  encodeInto(text: string, to: Uint8Array): { read: number; written: number };
}

/** UTF-16 codes of the characters of a text. */
export type CharacterCodes = Uint8Array | Uint16Array;

const encoder = new TextEncoder();

/** Memory for the codes of one text after the other. */
export class CodeMemory {
  private bytes = new Uint8Array(0);

  /** So many bytes, which those of the call before may be among. */
  take(length: number): Uint8Array {
    // Stretches of a file are about as long as one another.
    if (length > this.bytes.length) this.bytes = new Uint8Array(Math.ceil(length * 1.1));
    return this.bytes.subarray(0, length);
  }
}

/** A text beside its characters' codes, because an array is read several times faster than `charCodeAt`. */
export class CodedText {
  private found: CharacterCodes | undefined;

  /** `memory` is for texts that are done with when the next one takes it. */
  constructor(
    readonly text: string,
    private readonly memory?: CodeMemory,
  ) {}

  get codes(): CharacterCodes {
    return (this.found ??= codesOf(this.text, this.memory));
  }
}

function codesOf(text: string, memory: CodeMemory | undefined): CharacterCodes {
  const bytes = memory?.take(text.length) ?? new Uint8Array(text.length);
  // In UTF-8 a character is one byte only where that is its code.
  if (encoder.encodeInto(text, bytes).read === text.length) return bytes;
  const codes = new Uint16Array(text.length);
  for (let i = 0; i < codes.length; i++) codes[i] = text.charCodeAt(i);
  return codes;
}
