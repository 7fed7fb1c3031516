import { utf8Encoder } from '../../base/utf8';
import { textDecoder } from './textDecoder';

/** UTF-16 codes of the characters of a text. */
export type CharacterCodes = Uint8Array | Uint16Array;

const decoder = textDecoder();

/**
 * A text beside its characters' codes, because an array is read several times faster than `charCodeAt`. Either is made of the
 * other when it is first asked for: where cells hold numbers, bytes of ASCII never become a text.
 */
export class CodedText {
  private foundText: string | undefined;
  private foundCodes: CharacterCodes | undefined;
  private isOfBytes = false;

  constructor(text?: string) {
    this.foundText = text;
  }

  static ofAscii(bytes: Uint8Array): CodedText {
    const coded = new CodedText();
    coded.foundCodes = bytes;
    coded.isOfBytes = true;
    return coded;
  }

  get text(): string {
    return (this.foundText ??= decoder.decode(this.foundCodes as Uint8Array));
  }

  get codes(): CharacterCodes {
    return (this.foundCodes ??= codesOf(this.foundText!));
  }

  get length(): number {
    return this.foundText?.length ?? this.foundCodes!.length;
  }

  /** This text from an offset on, and then another one. It takes over the memory of this one, which is not to be read any more. */
  followedBy(more: CodedText, from: number): CodedText {
    const { codes } = this;
    if (!more.isOfBytes || !(codes instanceof Uint8Array)) return new CodedText(this.text.slice(from) + more.text);
    const kept = codes.length - from;
    const length = kept + more.length;
    let room = new Uint8Array(codes.buffer);
    if (length > room.length) {
      room = new Uint8Array(Math.max(length, 2 * room.length));
      room.set(codes.subarray(from));
    } else if (from > 0) room.copyWithin(0, from, codes.length);
    room.set(more.codes, kept);
    return CodedText.ofAscii(room.subarray(0, length));
  }
}

function codesOf(text: string): CharacterCodes {
  const bytes = new Uint8Array(text.length);
  // In UTF-8 a character is one byte only where that is its code.
  if (utf8Encoder.encodeInto(text, bytes).read === text.length) return bytes;
  const codes = new Uint16Array(text.length);
  for (let i = 0; i < codes.length; i++) codes[i] = text.charCodeAt(i);
  return codes;
}
