import { watchedBlocks, watchedText, type DataSource, type ReadWatch } from './byteSource';
import { CodedText } from './codedText';
import { textDecoder, type TextDecoder } from './textDecoder';

/** How the characters of a text file are written, by the words of the config. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1';

/** Bytes that decide the encoding. */
const probeLength = 64;
/** Fewer pairs of bytes do not tell it. */
const fewPairs = 4;

/** The bytes are no UTF-8, which they were taken for because nothing else was said. */
export class NotUtf8 extends Error {}

/**
 * The text of a source, piece by piece, without its byte order mark. Without an encoding, the first
 * bytes tell it, or it is UTF-8. @throws NotUtf8, ReadCancelled
 */
export async function* textPieces(
  source: DataSource,
  encoding: TextEncoding | undefined,
  watch: ReadWatch,
): AsyncGenerator<CodedText> {
  if (typeof source === 'string') {
    for await (const piece of watchedText(source, watch)) yield new CodedText(piece);
    return;
  }
  let decoder: PieceDecoder | undefined;
  let start = new Uint8Array(0);
  for await (const block of watchedBlocks(source, watch)) {
    // What decides the encoding may come in several blocks.
    const bytes = decoder ? block : joined(start, block);
    if (!decoder && bytes.length < probeLength) {
      start = bytes.slice();
      continue;
    }
    decoder ??= new PieceDecoder(encoding ?? encodingOf(bytes), encoding === undefined);
    yield decoder.decode(bytes);
  }
  if (!decoder && start.length > 0) {
    decoder = new PieceDecoder(encoding ?? encodingOf(start), encoding === undefined);
    yield decoder.decode(start);
  }
  if (decoder) yield decoder.decode();
}

class PieceDecoder {
  private readonly decoder: TextDecoder;
  private readonly hasAscii: boolean;
  /** Whether no byte order mark may come, nor the rest of a character. */
  private isBetween = false;

  constructor(encoding: TextEncoding, isGuess: boolean) {
    // Latin-1 in the variant that browsers and Windows mean by it.
    const label = encoding === 'latin1' ? 'windows-1252' : encoding;
    this.decoder = textDecoder(label, { fatal: isGuess && encoding === 'utf-8' });
    this.hasAscii = encoding === 'utf-8' || encoding === 'latin1';
  }

  /** The text of the next bytes, or of what is left at the end. */
  decode(bytes?: Uint8Array): CodedText {
    if (bytes && this.isBetween && isAscii(bytes)) return CodedText.ofAscii(bytes);
    try {
      const text = bytes ? this.decoder.decode(bytes, { stream: true }) : this.decoder.decode();
      this.isBetween = this.hasAscii && bytes !== undefined && bytes[bytes.length - 1] < 128;
      return new CodedText(text);
    } catch (error) {
      if (error instanceof TypeError) throw new NotUtf8('the bytes are no UTF-8', { cause: error });
      throw error;
    }
  }
}

/** Four bytes at a time, as far as they go. */
function isAscii(bytes: Uint8Array): boolean {
  const { buffer, byteOffset, length } = bytes;
  // Fewer may end before a place where four begin.
  if (length < 4) return bytes.every((byte) => byte < 128);
  const first = -byteOffset & 3;
  const words = new Int32Array(buffer, byteOffset + first, (length - first) >> 2);
  const edges = [
    new Uint8Array(buffer, byteOffset, first),
    new Uint8Array(buffer, byteOffset + first + 4 * words.length, (length - first) & 3),
  ];
  let all = 0;
  for (let i = 0; i < words.length; i++) all |= words[i];
  return (all & 0x80808080) === 0 && edges.every((edge) => edge.every((byte) => byte < 128));
}

/** By the byte order mark, or because every other byte is 0, as in UTF-16 of Western text. */
function encodingOf(bytes: Uint8Array): TextEncoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const probe = bytes.subarray(0, probeLength);
  const zeros = (odd: number) => probe.filter((byte, i) => i % 2 === odd && byte === 0).length;
  const pairs = Math.floor(probe.length / 2);
  if (pairs < fewPairs) return 'utf-8';
  if (zeros(1) === pairs && zeros(0) === 0) return 'utf-16le';
  return zeros(0) >= pairs && zeros(1) === 0 ? 'utf-16be' : 'utf-8';
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
