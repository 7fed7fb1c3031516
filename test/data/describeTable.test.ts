import { describe, expect, it } from 'vitest';
import { describeFile } from '../../src/data/describeTable';

describe('describing a file', () => {
  it('gives each column its type, range, gaps and first values', async () => {
    const text = 'id,name,hp,note,same\n1,fiat,-3.5, x ,4\n2,"ford, T",,x,4\n3,audi,1e3,y,4\n4,opel,2,,4\n';
    expect(await describeFile(text, 'cars.csv')).toEqual({
      rows: 4,
      columns: [
        number('id', 1, 4, { distinct: 4, reach: 3 / Math.sqrt(5), samples: ['1', '2', '3'] }),
        words('name', { distinct: 4, reach: 2, samples: ['fiat', 'ford, T', 'audi'] }),
        number('hp', -3.5, 1000, {
          missing: 1,
          distinct: 3,
          reach: expect.closeTo(1.4142, 4) as number,
          samples: ['-3.5', '1e3', '2'],
        }),
        words('note', { missing: 1, distinct: 2, reach: 2, samples: ['x', 'y'] }),
        number('same', 4, 4, { distinct: 1, reach: 0, constant: true, samples: ['4'] }),
      ],
      problems: [],
    });
  });

  it('reads the beginning of a long text only, where that is enough', async () => {
    const lines = Array.from({ length: 5000 }, (_, i) => `${i},${i % 3},${i < 4000 ? 1 : 'late'}`);
    const bytes = new TextEncoder().encode(`a,b,c\n${lines.join('\n')}\n`);
    let read = 0;
    const source = {
      size: bytes.length,
      async *chunks() {
        for (let at = 0; at < bytes.length; at += 1000) {
          await Promise.resolve();
          yield bytes.subarray(at, at + 1000);
          read = at + 1000;
        }
      },
    };
    const head = await describeFile(source, 'long.csv', {}, {}, 5003);
    expect(read).toBeLessThan(6000);
    const whole = bytes.subarray(0, 5003).lastIndexOf(10) + 1;
    const first = await describeFile(bytes.subarray(0, whole), 'long.csv');
    expect(head).toEqual({ ...first, isHead: true });
    expect(head.rows).toBeGreaterThan(400);
    expect(head.problems).toEqual([]);
    // Nothing is left out of a file that is no longer, or whose bytes have to be read as a whole.
    const all = await describeFile(source, 'long.csv');
    expect(await describeFile(source, 'long.csv', {}, {}, bytes.length)).toEqual(all);
    expect(all.rows).toBe(5000);
    const wide = new Uint8Array([0xff, 0xfe, ...Array.from(bytes).flatMap((byte) => [byte, 0])]);
    expect((await describeFile(wide, 'wide.csv', {}, {}, 5003)).rows).toBe(5000);
    expect((await describeFile(`a,b\n${'1,2\n'.repeat(99)}`, 'text.csv', {}, {}, 10)).rows).toBe(99);
  });

  it('takes a column for numbers when most of its cells are, so that a stray text is a fault in it', async () => {
    const columns = async (cells: string[]) =>
      (await describeFile(`x,y\n${cells.map((cell) => `${cell},1`).join('\n')}`, 'a.csv')).columns;
    expect((await columns(['1', 'two', '3']))[0]).toMatchObject({ type: 'number', min: 1, max: 3 });
    expect((await columns(['1', 'two']))[0]).toMatchObject({ type: 'text', candidate: false });
    expect((await columns(['', '']))[0]).toMatchObject({ type: 'text', missing: 2, distinct: 0, constant: false });
    expect((await columns(['inf', '1e99', 'x']))[0]).toMatchObject({ type: 'number' });
  });

  it('gives different values as examples, also where they come late', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i < 30 ? 'no' : ['yes', 'no', 'maybe'][i % 3]},${i % 2},${i}`);
    const { columns } = await describeFile(`a,b,c\n${rows.join('\n')}\n`, 'a.csv');
    expect(columns.map(({ samples }) => samples)).toEqual([
      ['no', 'yes', 'maybe'],
      ['0', '1'],
      ['0', '1', '2'],
    ]);
  });

  it('counts different values up to a hundred and shortens long ones', async () => {
    const rows = (amount: number) => Array.from({ length: amount }, (_, i) => `${i},${'long '.repeat(100)}`).join('\n');
    expect((await describeFile(`x,y\n${rows(100)}`, 'a.csv')).columns[0].distinct).toBe(100);
    const { columns } = await describeFile(`x,y\n${rows(101)}`, 'a.csv');
    expect(columns[0].distinct).toBeUndefined();
    expect(columns[1].samples[0]).toHaveLength(40);
    const alike = ['a', 'b', 'a'].map((end, i) => `${i},${'long '.repeat(100)}${end}`).join('\n');
    expect((await describeFile(`x,y\n${alike}`, 'a.csv')).columns[1].distinct).toBe(2);
  });

  it('gives problems and no columns where there is nothing to use', async () => {
    expect(await describeFile('x,y\n', 'a.csv')).toMatchObject({
      rows: 0,
      columns: [],
      problems: [{ code: 'no-rows' }],
    });
    expect(await describeFile(new Uint8Array(), 'a.csv')).toMatchObject({
      rows: 0,
      columns: [],
      problems: [{ code: 'empty' }],
    });
  });

  it('lists a hundred problems and counts the rest', async () => {
    const { problems } = await describeFile(`x,y\n${'1,2\n3,4\n1\n'.repeat(250)}5,6\n`, 'a.csv');
    expect(problems).toHaveLength(101);
    expect(problems[100]).toMatchObject({
      message: 'and 150 more problems like these in this file',
      severity: 'error',
    });
  });

  const advice = 'name it in dataset.one_hot to take each of its values as an input';
  const text = { what: 'holds text', advice, likeNumbers: false };
  const common = { missing: 0, constant: false, identifier: false, oneHot: false };
  function number(name: string, min: number, max: number, rest: object) {
    return { ...common, name, type: 'number', min, max, candidate: true, ...rest };
  }
  function words(name: string, rest: object) {
    return { ...common, name, type: 'text', candidate: false, oneHot: true, text, ...rest };
  }
});
