import { describe, expect, it } from 'vitest';
import { alerts, rows, rowsOf, take, textOf } from './cases';

const plain = rows.map((row) => [...row]);
const grouped = (value: number, by: string, decimal: string) => {
  const [whole, fraction] = Math.abs(value).toFixed(2).split('.');
  return `${value < 0 ? '-' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, by)}${decimal}${fraction}`;
};
const quoted = (write: (value: number) => string) => (value: number) => `"${write(value)}"`;

describe('numbers in other notations', () => {
  it.each([
    ['decimal commas', ';', (v: number) => String(v).replace('.', ',')],
    ['decimal commas between tabs', '\t', (v: number) => String(v).replace('.', ',')],
    ['decimal commas in quotes', ',', quoted((v) => String(v).replace('.', ','))],
    ['points between thousands', ';', (v: number) => grouped(v, '.', ',')],
    ['commas between thousands', ';', (v: number) => grouped(v, ',', '.')],
    ['commas between thousands, quoted', ',', quoted((v) => grouped(v, ',', '.'))],
    ['apostrophes', ';', (v: number) => grouped(v, "'", '.')],
    ['narrow blanks', ';', (v: number) => grouped(v, '\u202f', ',')],
    ['blanks that do not break', '\t', (v: number) => grouped(v, '\u00a0', '.')],
    ['another minus', ';', (v: number) => String(v).replace('-', '\u2212')],
    ['brackets', ',', (v: number) => (v < 0 ? `(${-v})` : String(v))],
    ['a minus behind', ',', (v: number) => (v < 0 ? `${-v}-` : String(v))],
    [
      'brackets and a currency',
      ',',
      quoted((v) => (v < 0 ? `($${grouped(-v, ',', '.')})` : `$${grouped(v, ',', '.')}`)),
    ],
    ['a currency’s code', ',', (v: number) => `${v.toFixed(2)} CHF`],
    ['a unit', ';', (v: number) => `${String(v).replace('.', ',')} kg`],
    ['percent signs', ',', (v: number) => `${v}%`],
    ['formulas of Excel', ',', quoted((v) => `=""${v}""`)],
    ['exponents of Fortran', ',', (v: number) => v.toExponential().replace('e', 'D')],
    ['wide digits', ',', (v: number) => String(v).replace(/\d/g, (d) => String.fromCharCode(0xff10 + Number(d)))],
    ['single quotes', ',', (v: number) => `'${v}'`],
  ])('are read, and a note says so: %s', async (name, delimiter, write) => {
    const header = name === 'single quotes' ? ["'a'", "'b'", "'y'"] : ['a', 'b', 'y'];
    const taken = await take(textOf(delimiter, write, header));
    expect(rowsOf(taken)).toEqual(plain);
    expect(alerts(taken.problems)).toEqual([]);
    if (name !== 'single quotes') expect(taken.problems.length).toBeGreaterThan(0);
  });

  it('may be millions', async () => {
    const taken = await take('name,price,y\nx,12.5M,1\ny,450K,2\nz,1.25B,3\n');
    expect([...taken.table!.columns[1].data]).toEqual([12.5e6, 450e3, 1.25e9]);
  });

  it('may be of another notation in each column', async () => {
    const taken = await take('lat;price;y\n48.8566;12,5;1\n48.25;13,75;2\n');
    expect(rowsOf(taken)).toEqual([
      [Math.fround(48.8566), 12.5, 1],
      [48.25, 13.75, 2],
    ]);
    const told = await take('lat;price;y\n48.8566;12,5;1\n48.25;13,75;2\n', { decimal: ',', inputs: ['lat'] });
    expect(told.problems[0].message).toContain('no dataset.decimal');
  });
});

describe('a sign before three digits', () => {
  const column = (sign: string, delimiter: string) =>
    ['name', 'n0', 'n1', 'n2', 'n3', 'n4']
      .map((name, i) => [
        name,
        ['pop', `2${sign}155`, '391', `20${sign}300`, '60', `1${sign}797`][i],
        i === 0 ? 'y' : i,
      ])
      .map((cells) => cells.map((cell) => (delimiter === ',' && sign === ',' ? `"${cell}"` : cell)).join(delimiter))
      .join('\n');

  it.each([
    ['.', ';', 2155],
    [',', ';', 2155],
    [',', ',', 2155],
    ['.', ',', 2.155],
    ['.', '\t', 2.155],
  ])('never changes numbers by a factor of 1000 without a word: %j between %j', async (sign, delimiter, first) => {
    const { table, problems } = await take(column(sign, delimiter));
    expect(table!.columns[1].data[0]).toBe(Math.fround(first));
    const note = problems.find(({ code }) => code === 'thousands')!;
    expect(note).toMatchObject({ line: 2, severity: sign === ',' && delimiter === ',' ? 'information' : 'warning' });
    // The key that the note names reads them the other way.
    const [, key] = /set dataset\.(\w+) to/.exec(note.message)!;
    const other = await take(column(sign, delimiter), { [key]: sign });
    expect(other.table!.columns[1].data[0]).toBe(Math.fround(first === 2155 ? 2.155 : 2155));
  });

  it('is found far down too', async () => {
    const { table, problems } = await take(`x,y\n${'391,1\n'.repeat(20_000)}2.155,2\n60,3\n`);
    expect(table!.rows).toBe(20_002);
    expect(problems).toContainEqual(
      expect.objectContaining({ line: 20_002, column: 1, severity: 'warning', code: 'thousands' }),
    );
  });

  it('is a fraction where others say so', async () => {
    const { problems } = await take('x,y\n1.125,1\n2,2\n1.5,3\n');
    expect(problems.filter(({ code }) => code === 'thousands')).toEqual([]);
    const german = await take('land;cases;rate\nA;2.155;19,47\nB;391;3,53\nC;60;0,54\n');
    expect([...german.table!.columns[1].data]).toEqual([2155, 391, 60]);
  });
});

describe('columns', () => {
  const count = Array.from({ length: 20 }, (_, i) => i + 1);
  const mixed = (i: number) => [3, 5, 7, 4, 6][i % 5];

  it('that count and carry the target are inputs, unless they are called otherwise', async () => {
    const table = (name: string) =>
      `${name},price,sales\n${count.map((i) => `${i},${mixed(i)},${3 * i - 2 * mixed(i) + 100}`).join('\n')}\n`;
    for (const name of ['week', 'Year', 'dose', 'x', 'anything']) {
      expect((await take(table(name))).dataset!.inputNames, name).toEqual([name, 'price']);
    }
    const { dataset, problems } = await take(table('id'));
    expect(dataset!.inputNames).toEqual(['price']);
    expect(alerts(problems)).toEqual([
      '1:1 warning: column "id" looks like a row number but goes with "sales", so it is not taken as an input; to take it, name the inputs in dataset.inputs',
    ]);
    expect((await take('Unnamed: 0,a,y\n0,1,5\n1,4,2\n2,2,8\n')).dataset!.inputNames).toEqual(['a']);
  });

  it('that come last and cannot be the target are named, with what does', async () => {
    const text = 'length,width,species\n5,1,setosa\n6,2,virginica\n5.5,3,setosa\n';
    const { problems, dataset } = await take(text);
    expect(dataset!.targetNames).toEqual(['width']);
    expect(alerts(problems)).toEqual([
      '1:14 warning: the last column, "species", holds text, so "width" is the target; to predict it, set dataset.targets to ["species"] and loss to "cross_entropy"',
    ]);
  });

  it('of categories may have gaps', async () => {
    const text = 'lot,alley,y\n1,Pave,2\n2,NA,3\n4,Grvl,5\n';
    const one = { inputs: ['lot', 'alley'], one_hot: ['alley'] };
    const { problems } = await take(text, one);
    expect(problems).toMatchObject([{ line: 3, column: 3, code: 'missing-value' }]);
    expect(problems[0].message).toContain('set dataset.missing to "category" or "drop"');
    const zeros = await take(text, { ...one, missing: 'mean' });
    expect(rowsOf(zeros)).toEqual([
      [1, 0, 1, 2],
      [2, 0, 0, 3],
      [4, 1, 0, 5],
    ]);
    const own = await take(text, { ...one, missing: 'category' });
    expect(own.dataset!.inputNames).toEqual(['lot', 'alley=Grvl', 'alley=Pave', 'alley=nan']);
    expect(rowsOf(own)![1]).toEqual([2, 0, 0, 1, 3]);
  });

  it('may have words for no value, also as numbers', async () => {
    for (const word of ['-', '.', 'n.a.', '***', '#DIV/0!', '<0.5']) {
      const text = `x,y\n1,2\n${word},3\n4,5\n6,9\n`;
      const { problems } = await take(text);
      expect(problems[0], word).toMatchObject({ line: 3, column: 1, severity: 'error' });
      expect(problems[0].message).toContain('dataset.na_values');
      expect((await take(text, { na_values: [word], missing: 'drop' })).dataset!.rows).toBe(3);
    }
    expect((await take('x,y\n1,2\n-999,3\n4,5\n', { na_values: [-999], missing: 'drop' })).dataset!.rows).toBe(2);
    expect((await take('x,y\n1,2\n-999,3\n4,5\n', { na_values: -999, missing: 'drop' })).dataset!.rows).toBe(2);
  });
});
