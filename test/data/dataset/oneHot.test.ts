import { describe, expect, it } from 'vitest';
import { describeFile } from '../../../src/data/describeTable';
import { readDataset, type FileDatasetOptions } from '../../../src/data/dataset/fileDataset';
import { formatProblem } from '../../../src/base/problem';
import dummies from '../../fixtures/dummies.json';

const read = (text: string, options: Partial<FileDatasetOptions>) =>
  readDataset(text, { fileName: 'iris.csv', ...options });
const lines = async (text: string, options: Partial<FileDatasetOptions>) =>
  (await read(text, options)).problems.map(formatProblem);

describe('columns of categories', () => {
  it.each(dummies)('become the columns of pandas.get_dummies: $name', async ({ text, columns, names, rows }) => {
    const { dataset, problems } = await read(text, { oneHot: columns, targets: ['y'] });
    expect(problems).toEqual([]);
    expect(dataset!.inputNames).toEqual(names);
    expect([...dataset!.inputs]).toEqual(rows.flat());
  });

  it('stand where inputs name them, else last in the order of one_hot', async () => {
    const text = 'a,x,b,z,y\nu,1,p,7,2\nv,3,q,8,4\n';
    const named = await read(text, { inputs: ['z', 'b', 'x'], oneHot: ['a', 'b'], targets: ['y'] });
    expect(named.dataset?.inputNames).toEqual(['z', 'b=p', 'b=q', 'x', 'a=u', 'a=v']);
    expect([...named.dataset!.inputs]).toEqual([7, 1, 0, 1, 1, 0, 8, 0, 1, 3, 0, 1]);
    const free = await read(text, { oneHot: ['b', 'a'] });
    expect(free.dataset).toMatchObject({ inputNames: ['x', 'z', 'b=p', 'b=q', 'a=u', 'a=v'], targetNames: ['y'] });
    expect((await read('k,y\na,1\nb,2\n', { oneHot: ['k'] })).dataset?.inputNames).toEqual(['k=a', 'k=b']);
  });

  it('can stand beside a target of classes', async () => {
    const { dataset } = await read('k,c\na,s\nb,t\na,t\n', { oneHot: ['k'], targets: ['c'], classes: true });
    expect(dataset).toMatchObject({ inputNames: ['k=a', 'k=b'], classNames: ['s', 't'] });
    expect([...dataset!.inputs, ...dataset!.targets]).toEqual([1, 0, 0, 1, 1, 0, 0, 1, 1]);
  });

  const gap = 'x,k,y\n1,a,1\n2,,2\n3,b,3\n';

  it('have all values of the file, also where rows are dropped, and no mean', async () => {
    const dropped = await read('x,k,y\n1,a,1\n4,,4\n,c,2\n3,b,3\n', { oneHot: ['k'], missing: 'drop' });
    expect(dropped.dataset).toMatchObject({ rows: 2, inputNames: ['x', 'k=a', 'k=b', 'k=c'] });
    expect([...dropped.dataset!.inputs]).toEqual([1, 1, 0, 0, 3, 0, 1, 0]);
    expect(await lines(gap, { oneHot: ['k'] })).toEqual([
      'iris.csv:3:3: column "k" has no category here; fill it in, or set dataset.missing to "category" or "drop"',
    ]);
    const zeros = await read(gap, { oneHot: ['k'], missing: 'mean' });
    expect([...zeros.dataset!.inputs]).toEqual([1, 1, 0, 2, 0, 0, 3, 0, 1]);
    expect(zeros.problems.map(formatProblem)).toEqual([
      'iris.csv:3:3: 1 row without a value in column "k": 0 in each of its inputs',
    ]);
  });

  it('have at most a hundred values', async () => {
    const rows = (count: number) => Array.from({ length: count }, (_, i) => `k${i},${i % 7},1`).join('\n');
    expect((await read(`k,x,y\n${rows(100)}`, { oneHot: ['k'] })).dataset?.inputNames).toHaveLength(101);
    expect(await lines(`k,x,y\n${rows(101)}`, { oneHot: ['k'] })).toContain(
      'iris.csv:1:1: column "k" has more than 100 different values, too many to take each as an input; leave it out of dataset.one_hot',
    );
  });

  it('are known, and no target at once', async () => {
    expect(await lines(gap, { oneHot: ['q'] })).toEqual(['iris.csv:1:1: the file has no column "q"']);
    expect(await lines(gap, { oneHot: ['y'], targets: ['y'] })).toEqual([
      'iris.csv:1:1: column "y" is used twice; name it once, as input or as target',
    ]);
  });
});

describe('columns that tell nothing', () => {
  const table = (count: number, header: string, row: (i: number) => string) =>
    `${header}\n${Array.from({ length: count }, (_, i) => row(i)).join('\n')}\n`;
  const noisy = (i: number) => ((i * 7919) % 31) - 15.5;

  it('are no inputs unless they are named', async () => {
    const text = table(12, 'n,x,same,y', (i) => `${i + 5},${noisy(i)},3,${(i * 7) % 5}`);
    const { dataset, problems } = await read(text, {});
    expect(dataset?.inputNames).toEqual(['x']);
    expect(problems.map(({ severity, line, column, message }) => ({ severity, line, column, message }))).toEqual([
      {
        severity: 'information',
        line: 1,
        column: 1,
        message:
          'column "n" looks like a row ID, so it is not taken as an input; to take it, name the inputs in dataset.inputs',
      },
      {
        severity: 'information',
        line: 1,
        column: 5,
        message:
          'column "same" is 3 in every row, so it is not taken as an input; to take it, name the inputs in dataset.inputs',
      },
    ]);
    expect((await read(text, { inputs: ['n', 'x'] })).dataset?.inputNames).toEqual(['n', 'x']);
    const carried = table(12, 'n,x,same,y', (i) => `${i + 5},${noisy(i)},3,${i * i}`);
    expect((await read(carried, {})).dataset?.inputNames).toEqual(['n', 'x']);
  });

  it('are inputs where nothing else is left', async () => {
    const { dataset } = await read(
      table(20, 'x,y', (i) => `${i},${2 * i * i}`),
      {},
    );
    expect(dataset?.inputNames).toEqual(['x']);
    const beside = await read(
      table(20, 'x,same,y', (i) => `${i},5,${2 * i * i}`),
      {},
    );
    expect(beside.dataset?.inputNames).toEqual(['x']);
  });

  it.each([
    ['n', (i: number) => `${i}`, 'first'],
    ['n', (i: number) => `${i + 5}`, 'first'],
    ['x', (i: number) => `${i}`, 'nowhere'],
    ['hours', (i: number) => `${i + 1}`, 'nowhere'],
    ['dose (mg)', (i: number) => `${i + 1}`, 'nowhere'],
    ['x', (i: number) => `${i * 3 - 7}`, 'nowhere'],
    ['x', (i: number) => `${i * i}`, 'nowhere'],
    ['x', (i: number) => `${i + 0.5}`, 'nowhere'],
    ['x', (i: number) => `${-i}`, 'nowhere'],
    ['', (i: number) => `${i}`, 'anywhere'],
    ['Unnamed: 0', (i: number) => `${i}`, 'anywhere'],
    ['id', (i: number) => `${i + 7}`, 'anywhere'],
    ['No.', (i: number) => `${i + 1}`, 'anywhere'],
    ['Row Number', (i: number) => `${i + 1}`, 'anywhere'],
    ['row', (i: number) => `${2 * i}`, 'nowhere'],
    ['#', (i: number) => `${i + 1}`, 'anywhere'],
    ['#', (i: number) => `${i * i}`, 'nowhere'],
    ['number', (i: number) => `${(i * 17) % 101}`, 'nowhere'],
    ['customer_id', (i: number) => `${(i * 17) % 101}`, 'anywhere'],
    ['customerID', (i: number) => `${i + 1000}`, 'anywhere'],
    ['id', (i: number) => `${i % 9}`, 'nowhere'],
    ['paid', (i: number) => `${i}`, 'first'],
    ['width', (i: number) => `${(i * 17) % 101}`, 'nowhere'],
    ['id', (i: number) => (i === 4 ? '' : `${i}`), 'nowhere'],
  ])('are told by their numbers, names and places: %s %s, %s', async (name, cell, where) => {
    const rows = (line: (i: number) => string, header: string) => describeFile(table(12, header, line), 'a.csv');
    const first = await rows((i) => `${cell(i)},${noisy(i)}`, `${name},y`);
    expect(first.columns[0].identifier).toBe(where !== 'nowhere');
    const second = await rows((i) => `${noisy(i)},${cell(i)}`, `y,${name}`);
    expect(second.columns[1].identifier).toBe(where === 'anywhere');
  });

  it('are not told by ten rows', async () => {
    const { columns } = await describeFile(
      table(10, 'id,y', (i) => `${i},${noisy(i)}`),
      'a.csv',
    );
    expect(columns[0].identifier).toBe(false);
  });
});

it('says which column and which of its values an input is made of, and what stands in for an empty cell', async () => {
  const text = 'x,city,y\n1,Oslo,2\n,Rome,3\n4,Oslo,5\n';

  const { dataset } = await readDataset(text, { fileName: 'a.csv', oneHot: ['city'], missing: 'mean' });
  expect(dataset?.source).toEqual({
    inputs: [
      { column: 'x', mean: 2.5 },
      { column: 'city', category: 'Oslo' },
      { column: 'city', category: 'Rome' },
    ],
    delimiter: ',',
  });
});
