import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../src/data/bytes/byteSource';
import { CodedText } from '../../src/data/bytes/codedText';
import { NotUtf8, textPieces, type TextEncoding } from '../../src/data/bytes/textPieces';
import { readTable } from '../../src/data/readTable';

const line = 'a line of plain characters, long enough to tell the encoding by its bytes\n';
const utf8 = (text: string) => new TextEncoder().encode(text);

function source(blocks: Uint8Array[]): ByteSource {
  return {
    async *chunks() {
      await Promise.resolve();
      yield* blocks;
    },
  };
}

async function textOf(blocks: Uint8Array[], encoding?: TextEncoding): Promise<string> {
  let text = '';
  for await (const piece of textPieces(source(blocks), encoding, {})) text += piece.text;
  return text;
}

describe('bytes of ASCII', () => {
  it('are a text like all others between characters of several bytes', async () => {
    const [start, end] = [utf8('é').subarray(0, 1), utf8('é').subarray(1)];
    const blocks = [utf8(line), utf8('1,2\n'), start, end, utf8('3\n'), utf8('\uFEFF4\n'), new Uint8Array(), utf8('5')];
    expect(await textOf(blocks)).toBe(`${line}1,2\né3\n\uFEFF4\n5`);
  });

  it('do not hide that a character before them is cut off', async () => {
    const blocks = [utf8(line), utf8('é').subarray(0, 1), utf8('1,2\n')];
    await expect(textOf(blocks)).rejects.toThrow(NotUtf8);
    expect(await textOf(blocks, 'utf-8')).toBe(`${line}\uFFFD1,2\n`);
    expect(await textOf(blocks, 'latin1')).toBe(`${line}Ã1,2\n`);
  });

  it('are two a character in UTF-16', async () => {
    const coded = new Uint8Array(Uint16Array.from(line, (c) => c.charCodeAt(0)).buffer);
    expect(await textOf([coded, coded], 'utf-16le')).toBe(line + line);
  });

  it('are told from others wherever they lie in memory', async () => {
    for (let at = 0; at < 12; at++) {
      for (let from = 0; from < 4; from++) {
        const bytes = new Uint8Array(16).fill(49).subarray(from, from + 12);
        bytes[at] = 0xe9;
        await expect(textOf([utf8(line), bytes])).rejects.toThrow(NotUtf8);
      }
    }
  });

  it('are a text however few they are and wherever they lie', async () => {
    for (let from = 0; from < 4; from++) {
      for (let length = 0; length < 8; length++) {
        const bytes = new Uint8Array(16).fill(49).subarray(from, from + length);
        expect(await textOf([utf8(line), bytes])).toBe(line + '1'.repeat(length));
      }
    }
  });

  it('may lie in memory that their source uses again', async () => {
    const block = new Uint8Array(100);
    const rows = Array.from({ length: 30_000 }, (_, i) => `${i},${(i / 7).toFixed(4)},${i % 3 === 0 ? 'x' : 'y'}\n`);
    const bytes = utf8(`a,b,c\n${rows.join('')}`);
    const shared: ByteSource = {
      async *chunks() {
        await Promise.resolve();
        for (let at = 0; at < bytes.length; at += 100) {
          const part = bytes.subarray(at, at + 100);
          block.set(part);
          yield block.subarray(0, part.length);
        }
      },
    };
    const [whole, piecewise] = [await readTable(bytes, 't.csv'), await readTable(shared, 't.csv')];
    expect(piecewise.table!.rows).toBe(30_000);
    piecewise.table!.columns.forEach(({ data, distinct, samples }, i) => {
      const own = whole.table!.columns[i];
      expect([data, distinct, samples]).toEqual([own.data, own.distinct, own.samples]);
    });
  });
});

describe('a text beside its codes', () => {
  it('is followed by another one from any place on, whichever of them are made of bytes', () => {
    const made = [(text: string) => new CodedText(text), (text: string) => CodedText.ofAscii(utf8(text))];
    for (const first of made) {
      for (const second of made) {
        for (let from = 0; from <= 4; from++) {
          let coded = first('abcd');
          let text = 'abcd';
          for (const more of ['efg', '', 'h', 'a longer one than all before it']) {
            [coded, text] = [coded.followedBy(second(more), from), text.slice(from) + more];
            expect(coded.length).toBe(text.length);
            expect(String.fromCharCode(...coded.codes)).toBe(text);
            expect(coded.text).toBe(text);
            if (text.length < from) break;
          }
        }
      }
    }
    expect(new CodedText('né').followedBy(CodedText.ofAscii(utf8('1')), 1).text).toBe('é1');
  });
});
