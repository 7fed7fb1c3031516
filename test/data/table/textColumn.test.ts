import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../../src/config/checkConfig';
import { parseConfig } from '../../../src/config/parseConfig';
import { describeFile } from '../../../src/data/describeTable';
import { headLength } from '../../../src/data/csv/dialect';
import { readDataset, type FileDatasetOptions } from '../../../src/data/dataset/fileDataset';
import type { ReadOptions } from '../../../src/data/table/table';

const lines = async (text: string, options: FileDatasetOptions & { read?: ReadOptions } = {}, fileName = 'a.csv') =>
  (await readDataset(text, { fileName, ...options })).problems.map(({ message }) => message);
const quoted = (cells: string[]) =>
  `x,a,y\n${cells.map((cell, i) => `${(i * 7) % 5},"${cell}",${i % 4}`).join('\n')}\n`;
/** Numbers that a person wrote, in a notation of their own. */
const written = (write: (value: number) => string) =>
  Array.from({ length: 30 }, (_, i) => write(1200 + ((i * 7919) % 8000)));
const grouped = (value: number, by: string) => String(value).replace(/\B(?=(\d{3})+$)/g, by);

describe('a column of text that nobody names', () => {
  it.each([
    [
      written((value) => `05.${(value % 12) + 1}.${value}`),
      'column "a" looks like dates ("05.1.1200"), so it is not taken as an input; name it in dataset.parse_dates to take it as days',
    ],
    [
      written((value) => `2023-${(value % 12) + 1}-${(value % 28) + 1}`),
      'column "a" looks like dates ("2023-1-25"), so it is not taken as an input; name it in dataset.parse_dates to take it as days',
    ],
    [
      [...written((value) => `${value % 97}%`), '5'],
      'column "a" looks like percentages ("36%"), so it is not taken as an input; write them without "%", or in every cell of the column',
    ],
    [
      written((value) => `w${value}`),
      'column "a" holds 30 different texts, so it is not taken as an input; they are too many to take each as an input',
    ],
    [
      written((value) => 'ab'[value % 2]),
      'column "a" holds text, so it is not taken as an input; name it in dataset.one_hot to take each of its values as an input',
    ],
    [
      written((value) => `=A${value}*2`),
      'column "a" looks like formulas ("=A1200*2"), so it is not taken as an input; write the values that they give',
    ],
    [
      [...written((value) => `${value} kg`), '5'],
      'column "a" looks like numbers with units ("1200 kg"), so it is not taken as an input; write "kg" in every cell of the column, or in none',
    ],
    [
      written((value) => `${value} ${value % 2 ? 'cm' : 'mm'}`),
      'column "a" looks like numbers with units ("1200 mm"), so it is not taken as an input; give all of them in one unit, instead of "mm" and "cm"',
    ],
    [written(() => 'w'), 'column "a" is "w" in every row, so it is not taken as an input'],
    [
      written((value) => (value > 8000 ? '' : 'w')),
      'column "a" is "w" in 16 of 30 rows and empty in the others, so it is not taken as an input',
    ],
    [written(() => ''), 'column "a" is empty, so it is not taken as an input'],
  ])('is told of, and what would make it one: %#', async (cells, message) => {
    expect(await lines(quoted(cells))).toEqual([message]);
    expect(await lines(quoted(cells), { inputs: ['x'] })).toEqual([]);
  });

  it.each([
    [(value: number) => grouped(value, ','), 0],
    [(value: number) => `$${grouped(value, ',')}`, 0],
    [(value: number) => grouped(value, '\u00a0'), 0],
    [(value: number) => `${grouped(value, '.')},5`, 0.5],
    [(value: number) => `${value},5`, 0.5],
    [(value: number) => `\u2212${value}`, undefined],
    [(value: number) => `(${value})`, undefined],
    [(value: number) => (value % 2 ? `(${value})` : `\u2212${value}`), undefined],
  ])('is one of numbers where its cells can be nothing else, with a note: %#', async (write, more) => {
    const { dataset, problems } = await readDataset(quoted(written(write)), { fileName: 'a.csv', inputs: ['a'] });
    const plain = written(String).map((text) => (more === undefined ? -Number(text) : Number(text) + more));
    expect([...dataset!.inputs]).toEqual(plain);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.every(({ severity }) => severity === 'information')).toBe(true);
  });

  it.each([
    [
      (value: number) => grouped(value, ','),
      'numbers with thousands separators ("1,200"), so it is not taken as an input; write plain numbers',
    ],
    [
      (value: number) => `$${grouped(value, ',')}`,
      'amounts of money ("$1,200"), so it is not taken as an input; write plain numbers',
    ],
    [
      (value: number) => `${grouped(value, '.')},5`,
      'numbers with points between thousands ("1.200,5"), so it is not taken as an input; write plain numbers',
    ],
    [
      (value: number) => `${value},5`,
      'numbers with decimal commas ("1200,5"), so it is not taken as an input; write a decimal point instead of a comma',
    ],
    [
      (value: number) => `\u2212${value}`,
      'numbers below zero ("\u22121200"), so it is not taken as an input; write "-" in place of "\u2212"',
    ],
    [
      (value: number) => `(${value})`,
      'numbers below zero in brackets ("(1200)"), so it is not taken as an input; write "-" before them in place of the brackets',
    ],
  ])('is told of in JSON, where no key helps: %#', async (write, what) => {
    const rows = written(write).map((a, i) => ({ x: (i * 7) % 5, a, y: i % 4 }));
    expect(await lines(JSON.stringify(rows), {}, 'a.json')).toEqual([`column "a" looks like ${what}`]);
  });

  it('becomes numbers by what is advised', async () => {
    const plain = written(String).map(Number);
    const numbers = async (write: (value: number) => string, read: ReadOptions) => {
      const { dataset } = await readDataset(quoted(written(write)), { fileName: 'a.csv', inputs: ['a'], read });
      return [...dataset!.inputs];
    };
    expect(await numbers((value) => grouped(value, ','), { thousands: ',' })).toEqual(plain);
    expect(await numbers((value) => grouped(value, '\u00a0'), { thousands: '\u00a0' })).toEqual(plain);
    expect(await numbers((value) => `$${grouped(value, ',')}`, { thousands: ',' })).toEqual(plain);
    expect(await numbers((value) => `${grouped(value, '.')},5`, { thousands: '.', decimal: ',' })).toEqual(
      plain.map((value) => value + 0.5),
    );
  });

  it('says why no input is left', async () => {
    const text = `a\ty\n${written((value) => grouped(value, ','))
      .map((cell, i) => `${cell}\t${i}`)
      .join('\n')}\n`;
    const { problems } = check('{ "file": "a.csv" }', await describeFile(text, 'a.csv'));
    expect(problems[0]).toContain(
      '. Column "a" looks like numbers with commas ("1,200"); set dataset.thousands to "," where the comma groups digits, or dataset.decimal to "," where a fraction follows it',
    );
  });
});

describe('a column of text that is named', () => {
  it.each([
    [written((value) => `w${value}`), 'holds 30 different texts; they are too many to take each as an input'],
    [
      Array.from({ length: 150 }, (_, i) => `w${i}`),
      'holds more than 100 different texts; they are too many to take each as an input',
    ],
    [
      written((value) => 'abc'[value % 3]),
      'holds text; name it in dataset.one_hot to take each of its values as an input',
    ],
    [
      written((value) => `2023-01-${10 + (value % 19)}`),
      'looks like dates ("2023-01-13"); name it in dataset.parse_dates to take it as days',
    ],
  ])('is refused with advice that helps: %#', async (cells, what) => {
    expect(await lines(quoted(cells), { inputs: ['a'] })).toEqual([`column "a" ${what}`]);
    const summary = await describeFile(quoted(cells), 'a.csv');
    expect(check('{ "file": "a.csv", "inputs": ["a"] }', summary).problems).toEqual([
      `dataset.inputs[0]: column "a" ${what}`,
    ]);
  });

  it('is refused as a target likewise', async () => {
    const cells = written((value) => `${value % 24}:${10 + (value % 50)}`);
    expect(await lines(quoted(cells), { targets: ['a'] })).toEqual([
      'column "a" looks like times ("0:10"); write them as numbers, for instance as minutes since midnight',
    ]);
  });
});

describe('a column whose numbers have the same sign', () => {
  const cells = [1, -2.5, 1200, 40, 5e-2];
  const column = (write: (value: number) => string) =>
    `x,a,y\n${cells.map((value, i) => `${(i * 7) % 5},"${write(value)}",${i % 4}`).join('\n')}\n`;
  const read = async (text: string, options: FileDatasetOptions = {}) => {
    const { dataset, problems } = await readDataset(text, { fileName: 'a.csv', inputs: ['a'], ...options });
    return { inputs: dataset && [...dataset.inputs], problems };
  };

  it.each([
    ['%', (value: number) => `${value}%`],
    ['%', (value: number) => `${value} %`],
    ['$', (value: number) => `$${value}`],
    ['$', (value: number) => (value < 0 ? `-$${-value}` : `$${value}`)],
    ['€', (value: number) => `€ ${value}`],
    ['€', (value: number) => `${value}\u00a0€`],
    ['£', (value: number) => `£${value}`],
  ])('holds the numbers without it: %s', async (sign, write) => {
    const { inputs, problems } = await read(column(write));
    expect(inputs).toEqual([...Float32Array.from(cells)]);
    expect(problems).toEqual([
      expect.objectContaining({
        severity: 'information',
        line: 1,
        column: 3,
        message: `column "a" is read without its ${sign}: "${write(1)}" as 1`,
      }),
    ]);
  });

  it('keeps its sign where a few words stand for no value, and says what these need', async () => {
    const amounts = ['2.663,57 EUR', '0,27 EUR', 'k.A.', '1.200,00 EUR', '900,10 EUR', '8,00 EUR'];
    const text = `a;y\n${amounts.map((amount, i) => `${amount};${i}`).join('\n')}\n`;
    const { problems } = await read(text);
    expect(problems.filter(({ severity }) => severity === 'error').map(({ line, message }) => [line, message])).toEqual(
      [
        [
          4,
          'column "a" must hold numbers, got "k.A."; if it stands for no value, name it in dataset.na_values and set dataset.missing to "drop" or "mean"',
        ],
      ],
    );
    const told = { read: { naValues: ['k.A.'] }, missing: 'drop' } as const;
    const { dataset } = await readDataset(text, { fileName: 'a.csv', inputs: ['a'], ...told });
    expect([...dataset!.inputs]).toEqual([...Float32Array.of(2663.57, 0.27, 1200, 900.1, 8)]);
  });

  it.each([
    ['column "a" is read without its $: "$271713.35" as 271713.35', '$271713.35'],
    ['column "a" is read without its $: "$271,713.35" as 271713.35', '"$271,713.35"'],
    ['column "a" is read with K, M and B as thousands, millions and billions: "16777.217K" as 16777217', '16777.217K'],
    ['column "a": "543,426" is read as the number 543426', '"543,426"', '"1,543,426"'],
    ['column "a": "(543426.35)" is read as the number -543426.35', '(543426.35)'],
  ])('come with a note that shows every digit: %s', async (message, cell, other = cell.replace('1', '4')) => {
    const { problems } = await read(`a,y\n${cell},1\n${other},2\n${cell},4\n`);
    expect(problems.map((problem) => problem.message)).toContain(message);
  });

  it('may have gaps', async () => {
    const { columns } = await describeFile('a,y\n5%,1\n,2\nNA,3\n6%,4\n', 'a.csv');
    expect(columns[0]).toMatchObject({ type: 'number', missing: 2, min: 5, max: 6 });
  });

  it.each([
    ['not all', ['5%', '6%', '7']],
    ['not the same', ['$5', '€6', '$7']],
    ['two of them', ['$5%', '$6%', '$7%']],
    ['no numbers', ['%', '$', '5%x']],
  ])('is none where they are %s', async (_, texts) => {
    const { columns } = await describeFile(`a,y\n${texts.map((text, i) => `${text},${i}`).join('\n')}\n`, 'a.csv');
    expect(columns[0].type).toBe('text');
  });

  it('has a fault where a cell far down lacks it', async () => {
    const text = `a,y\n${'5%,1\n6%,2\n'.repeat(headLength / 4)}7,3\n`;
    const { problems } = await read(text);
    expect(problems.filter(({ severity }) => severity === 'error')).toMatchObject([
      {
        line: headLength / 2 + 2,
        message:
          'column "a" must hold numbers, got "7"; the cells above it have "%" beside their numbers, so write it here too',
      },
    ]);
  });
});

describe('a column of truth values', () => {
  it.each([
    ['true', 'false'],
    ['True', 'False'],
    ['TRUE', 'false'],
  ])('is 1 and 0: %s, %s', async (yes, no) => {
    const text = `a,y\n${yes},1\n${no},2\n,3\n${yes},4\n`;
    const { dataset, problems } = await readDataset(text, { fileName: 'a.csv', missing: 'drop' });
    expect(dataset).toMatchObject({ inputNames: ['a'], inputs: Float32Array.of(1, 0, 1) });
    expect(problems.map(({ code }) => code)).toEqual(['dropped']);
  });

  it('is the same column as in JSON', async () => {
    const rows = [true, false, false, true].map((a, y) => ({ a, y }));
    const csv = await readDataset('a,y\ntrue,0\nfalse,1\nfalse,2\ntrue,3\n', { fileName: 'a.csv' });
    const json = await readDataset(JSON.stringify(rows), { fileName: 'a.json' });
    // Only a csv has a delimiter.
    const source = { ...csv.dataset!.source!, delimiter: undefined };
    expect({ ...csv, dataset: { ...csv.dataset, source } }).toEqual(json);
  });

  it('is none where other words stand in it', async () => {
    const { columns } = await describeFile('a,y\ntrue,1\nfalse,2\nmaybe,3\n', 'a.csv');
    expect(columns[0]).toMatchObject({ type: 'text', distinct: 3 });
  });
});

describe('a text in a column of numbers', () => {
  const area = (stray: string[]) =>
    `area,y\n${[...stray, '900', '800', '700', '600'].map((cell, i) => `"${cell}",${i}`).join('\n')}\n`;
  const decimals = '; write a decimal point instead of a comma, or set dataset.decimal to ","';

  it.each([
    [['1,200', '1,5'], decimals],
    [['1,20'], decimals],
    [['oops'], '; if it stands for no value, name it in dataset.na_values and set dataset.missing to "drop" or "mean"'],
  ])('is told apart, %j', async (stray, cure) => {
    expect((await lines(area(stray)))[0]).toBe(`column "area" must hold numbers, got "${stray[0]}"${cure}`);
  });

  it.each([
    [['1,200', '2,300'], 1200],
    [['12,345,678'], 12345678],
    [['1,234.5'], 1234.5],
  ])('is read where it can be nothing but a number, %j', async (stray, first) => {
    const { dataset, problems } = await readDataset(area(stray), { fileName: 'a.csv' });
    expect(dataset!.inputs[0]).toBe(first);
    expect(problems.map(({ severity }) => severity)).toEqual(['information']);
  });

  it('may be either where commas do not stand between cells', async () => {
    const text = area(['1,200']).replaceAll('",', '"\t').replace('area,y', 'area\ty');
    expect(await lines(text, { read: { delimiter: '\t' } })).toEqual([
      'column "area" must hold numbers, got "1,200"; set dataset.thousands to "," where the comma groups digits, or dataset.decimal to "," where a fraction follows it',
    ]);
  });
});

function check(dataset: string, known: Parameters<typeof checkConfig>[1]) {
  const parsed = parseConfig(`{ "dataset": ${dataset}, "optimizer": { "type": "SGD", "lr": 0.1 } }`);
  return { problems: checkConfig(parsed, known).map(({ message }) => message) };
}

it.each([
  ['=A2*2', 'looks like formulas ("=A2*20"), so "a" is the target; write the values that they give'],
  ['w', 'holds 30 different texts, so "a" is the target; name the target in dataset.targets'],
  ['', 'is empty, so "a" is the target; name the target in dataset.targets'],
])('warns that the last column cannot be the target: %s', async (start, message) => {
  const rows = written(String).map((a, i) => `${(i * 7) % 5},${a},${start && start + i}`);
  expect(await lines(`x,a,y\n${rows.join('\n')}\n`)).toEqual([`the last column, "y", ${message}`]);
});
