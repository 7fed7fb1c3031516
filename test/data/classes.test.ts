import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDataset, type FileDatasetOptions } from '../../src/data/dataset/fileDataset';
import { formatProblem } from '../../src/base/problem';

const read = (text: string, options: Partial<FileDatasetOptions> = {}) =>
  readDataset(text, { fileName: 'iris.csv', classes: true, ...options });
const lines = async (text: string, options: Partial<FileDatasetOptions> = {}) =>
  (await read(text, options)).problems.map(formatProblem);
const kinds = (cells: string[]) => `x,kind\n${cells.map((cell, i) => `${i},${cell}`).join('\n')}\n`;
const ofKind = { targets: ['kind'] };

describe('a target that holds classes', () => {
  it('may hold names: they become numbers in the order of the names', async () => {
    expect(await read(kinds(['virginica', 'setosa', 'versicolor', ' setosa ', '"setosa"']), ofKind)).toEqual({
      dataset: {
        rows: 5,
        inputNames: ['x'],
        targetNames: ['kind'],
        inputs: Float32Array.of(0, 1, 2, 3, 4),
        targets: Float32Array.of(2, 0, 1, 0, 0),
        classNames: ['setosa', 'versicolor', 'virginica'],
        source: { inputs: [{ column: 'x' }], delimiter: ',' },
      },
      problems: [],
    });
  });

  it('may hold numbers: they are ordered by size', async () => {
    const { dataset } = await read(kinds(['10', '9', '9.0', '-1']));
    expect(dataset).toMatchObject({ targets: Float32Array.of(2, 1, 1, 0), classNames: ['-1', '9', '10'] });
  });

  it('is the last number column unless it is named', async () => {
    expect((await read('x,y,kind\n1,2,a\n2,3,b\n')).dataset?.targetNames).toEqual(['y']);
  });

  it('keeps names as they are written, numbers among them', async () => {
    const cells = ['007', '7', 'a', '"b, ""c"""', '"d\ne"', 'f'];
    expect((await read(kinds(cells), ofKind)).dataset?.classNames).toEqual(['007', '7', 'a', 'b, "c"', 'd\ne', 'f']);
  });

  it('warns of names that differ only in capitals or spaces', async () => {
    const cells = ['Yes', 'yes', ' Yes ', 'no way', '"no  way"', 'perhaps'];
    const named =
      'iris.csv:1:3: column "kind" has "Yes" and "yes", "no way" and "no  way", which differ only in capitals or spaces, as different classes; if they mean the same, write them the same way in the file';
    expect(await lines(kinds(cells), ofKind)).toEqual([named]);
    const asInputs = kinds(cells).replaceAll('\n', ',1\n').replace(',1', ',y');
    expect((await lines(asInputs, { classes: false, oneHot: ['kind'] }))[0]).toContain('as different categories');
    const many = ['a', 'b', 'c', 'd', 'e'].flatMap((name) => [name, name.toUpperCase()]);
    expect((await lines(kinds(many), ofKind))[0]).toContain('"c" and "C" (and 2 more such values), which');
    expect(await lines(kinds(['1', '1.0', '2']), ofKind)).toEqual([]);
  });

  it('tells long names apart by their ends', async () => {
    const long = 'so much alike '.repeat(20);
    expect((await read(kinds([`${long}b`, `${long}a`]), ofKind)).dataset?.classNames).toEqual([`${long}a`, `${long}b`]);
  });

  it('sorts names as Python does: by code point, capitals first', async () => {
    const names = ['b', 'Z', 'é', 'a', '\u{1F600}', '\uFF5E', 'ab'];
    expect((await read(kinds(names), ofKind)).dataset?.classNames).toEqual([
      'Z',
      'a',
      'ab',
      'b',
      'é',
      '\uFF5E',
      '\u{1F600}',
    ]);
  });

  it.each([
    [
      kinds(['a', '', 'b']),
      'iris.csv:3:3: column "kind" has no class here; fill it in, or set dataset.missing to "drop"',
    ],
    [
      kinds(['a', 'NaN', 'b']),
      'iris.csv:3:3: column "kind" has no class here; fill it in, or set dataset.missing to "drop"',
    ],
    [
      kinds(['a', 'inf', 'b']),
      'iris.csv:3:3: column "kind" must hold names, got "inf"; leave the cell empty if the class is not known',
    ],
    [
      kinds(['1', 'a', '2']),
      'iris.csv:3:3: column "kind" must hold numbers, got "a"; if it stands for no value, name it in dataset.na_values and set dataset.missing to "drop" or "mean"',
    ],
    [kinds(['a', 'a']), 'iris.csv:1:3: column "kind" is a in every row; cross_entropy needs at least two classes'],
  ])('refuses %j', async (text, message) => {
    expect(await lines(text, ofKind)).toEqual([message]);
  });

  it('has no mean: an empty cell is an error where others would take theirs', async () => {
    expect(await lines(kinds(['a', '?', 'b']), { ...ofKind, missing: 'mean' })).toEqual([
      'iris.csv:3:3: column "kind" has no class here; fill it in, or set dataset.missing to "drop"',
    ]);
    expect((await read('x,kind\n1,a\n,b\n', { ...ofKind, missing: 'mean' })).dataset?.inputs).toEqual(
      Float32Array.of(1, 1),
    );
  });

  it('has only the classes of the rows that are left after dropping', async () => {
    const text = 'x,kind\n1,b\n2,\n,a\n4,c\n';
    const { dataset } = await read(text, { ...ofKind, missing: 'drop' });
    expect(dataset).toMatchObject({ rows: 2, targets: Float32Array.of(0, 1), classNames: ['b', 'c'] });
    expect(await lines('x,kind\n1,b\n,a\n', { ...ofKind, missing: 'drop' })).toContainEqual(
      expect.stringMatching(/is b in every row/),
    );
    const numbers = await read(text.replace('b', '3').replace('a', '4').replace('c', '5'), { missing: 'drop' });
    expect(numbers.dataset?.classNames).toEqual(['3', '5']);
  });

  it.each(['error', 'drop'] as const)('does not take every name for a class, missing: %s', async (missing) => {
    const message =
      'iris.csv:1:3: column "kind" has more than 1000 different values, too many to be classes; name another column in dataset.targets';
    const names = (count: number) => kinds([...Array.from({ length: count }, (_, i) => `n${i}`), 'n0']);
    expect((await read(names(1000), { ...ofKind, missing })).dataset?.classNames).toHaveLength(1000);
    expect(await lines(names(1001), { ...ofKind, missing })).toEqual([message]);
    expect(await lines(kinds(Array.from({ length: 1001 }, (_, i) => `${i}`)), { ...ofKind, missing })).toEqual([
      message,
    ]);
    const withGap = await lines(`${names(1001)}1,\n`, { ...ofKind, missing: 'drop' });
    expect(withGap.filter((line) => !/left out/.test(line))).toEqual([message]);
  });

  it('is one column, and no input', async () => {
    const text = 'x,y,kind\n1,2,a\n2,3,b\n';
    expect(await lines(text, { targets: ['x', 'y'] })).toEqual([
      'iris.csv:1:1: cross_entropy takes one target column, got 2',
    ]);
    expect(await lines(text, { inputs: ['kind'], targets: ['x'] })).toEqual([
      'iris.csv:1:1: column "kind" holds text; name it in dataset.one_hot to take each of its values as an input',
    ]);
  });

  it('is read back name for name, whatever the names', async () => {
    const names = fc.array(fc.string({ unit: 'binary', maxLength: 6 }), { minLength: 2, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(names, async (written) => {
        const cells = written.map((name) => `k${name}k`.replaceAll('\0', '0'));
        fc.pre(new Set(cells).size > 1);
        const rows = cells.map((name, i) => `${i},"${name.replaceAll('"', '""')}"\r\n`);
        const { dataset } = await read(`x,kind\r\n${rows.join('')}`, ofKind);
        expect([...dataset!.targets].map((i) => dataset!.classNames![i])).toEqual(cells);
      }),
    );
  }, 30_000);
});

describe('a target that holds probabilities', () => {
  const probabilities = { classes: false, probabilities: true };

  it('lies between 0 and 1', async () => {
    expect(await read('x,y\n1,0\n2,1\n3,0.5\n', probabilities)).toMatchObject({
      dataset: { targets: Float32Array.of(0, 1, 0.5) },
      problems: [],
    });
  });

  it('is refused where it does not, cell by cell and column by column', async () => {
    const text = 'x,y,z\n1,0,1\n2,1.5,-1\n3,0,2\n';
    const end = 'for binary_cross_entropy_with_logits';
    const way = '; write 0 and 1, or set loss to "cross_entropy" if its values are classes';
    expect(await lines(text, { ...probabilities, targets: ['y', 'z'] })).toEqual([
      `iris.csv:3:3: column "y" must hold numbers from 0 to 1 ${end}, got "1.5"${way}`,
      `iris.csv:3:7: column "z" must hold numbers from 0 to 1 ${end}, got "-1"${way}`,
      `iris.csv:4:5: column "z" must hold numbers from 0 to 1 ${end}, got "2"${way}`,
    ]);
  });

  it('is refused below 0 where all are below 1', async () => {
    expect(await lines('x,y\n1,0\n2,-0.5\n', probabilities)).toEqual([
      expect.stringMatching(/^iris.csv:3:3: .*got "-0.5"; write 0 and 1, or/),
    ]);
  });

  it('is asked only of rows that are used, and only of targets', async () => {
    expect(await lines('x,y\n1,0\n,7\n30,1\n', { ...probabilities, missing: 'drop' })).toEqual([
      'iris.csv:3:1: 1 of 3 rows is left out: a column that is used has no value in line 3',
    ]);
  });

  it('lists a hundred and counts the rest', async () => {
    const { problems } = await read(`x,y\n${'1,2\n'.repeat(150)}`, probabilities);
    expect(problems.filter((problem) => problem.severity === 'error')).toHaveLength(101);
    expect(problems.at(-1)?.message).toMatch(/^and 5\d more problems/);
  });

  it('holds no text', async () => {
    expect(await lines('x,y\n1,yes\n2,no\n', { ...probabilities, targets: ['y'] })).toEqual([
      'iris.csv:1:1: column "y" holds text; set loss to "cross_entropy" to predict its classes',
    ]);
  });
});
