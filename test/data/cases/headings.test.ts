import { describe, expect, it } from 'vitest';
import { readDataset } from '../../../src/data/dataset/fileDataset';
import { beside, plain, suite, textOf } from './cases';

const csv = textOf(',');
const [header, ...data] = csv.trimEnd().split('\n');
const utf8 = (text: string) => new TextEncoder().encode(text);

describe('a first line', () => {
  const semicolons = textOf(';', (value) => String(value).replace('.', ','));
  const exponents = textOf(' ', (value) => value.toExponential(18)).replace('a b y', '# a b y');
  const banked = data.map((row, i) => `"N, ${i}","${row.replaceAll(',', '","')}",`).join('\n');
  suite({
    'written by Excel follows a byte order mark and names the delimiter': {
      text: utf8(`\uFEFFsep=;\r\n${semicolons.replaceAll('\n', '\r\n')}`),
      said: ['1:1 sep-line', '3:1 decimal-comma'],
    },
    'of NumPy names columns of exponents': {
      text: exponents,
      fileName: 'd.txt',
      said: ['1:1 comment', '1:1 comment-names'],
    },
    'of NumPy names them where the blank is asked for': {
      text: exponents,
      fileName: 'd.txt',
      keys: { delimiter: ' ', inputs: ['a', 'b'] },
      said: ['1:1 comment', '1:1 comment-names'],
    },
    'is a title without any delimiter, above numbers of rows': {
      text: `Taken on 2021-03-04\nno;a;b;y\n${[...data, ...data].map((row, i) => `${i + 1};${row.replaceAll(',', ';')}`).join('\n')}\n`,
      rows: [...plain, ...plain],
      said: ['1:1 skipped-rows?', '2:1 identifier'],
    },
    'is the first of three, the last of which has names that are years': {
      text: utf8(`\uFEFF"Source","World",\n\n"Updated","2023-02-01",\n\n"Name","2001","2002","2003",\n${banked}\n`),
      names: '2001,2002,2003',
      said: ['1:1 skipped-rows?', '5:1 text-column', '5:29 empty-columns'],
    },
    'may stand once more between rows': {
      text: `${[header, ...data.slice(0, 5), header, ...data.slice(5)].join('\n')}\n`,
      said: ['7:1 header-rows?'],
    },
  });
});

describe('rows below the names', () => {
  const dated = (i: number) => `2021-03-0${i + 1} 08:00:00`;
  const units = `When;a;b;y\n;[°C];[K];[m]\n${data.map((row, i) => `${dated(i)};${row.replaceAll(',', ';')}`).join('\n')}\n`;
  suite({
    'are units, with a word for them': {
      text: beside(`item,${header}`, (i) => `Part ${i},`).replace('\n', '\nUnit,m2,W,degC\n'),
      said: ['1:1 text-column', '2:1 skipped-rows?'],
    },
    'are units, with nothing over the dates': { text: units, said: ['1:1 text-column', '2:1 skipped-rows?'] },
    'are units where gaps are dropped too': {
      text: units,
      keys: { missing: 'drop' },
      said: ['1:1 text-column', '2:1 skipped-rows?'],
    },
    'are two more of names, the second nearly empty': {
      text: beside(`Price,${header}\nTicker,Q,Q,Q\nDate,,,`, (i) => `${dated(i).slice(0, 10)},`),
      said: ['2:1 header-rows!'],
      says: /\[1, 2\] if the names stand in line 1/,
      cure: { skiprows: [1, 2] },
    },
    'lack their last cell, every second one': {
      text: `${header},remark\n${data.map((row, i) => (i % 2 ? `${row},fine` : row)).join('\n')}\n`,
      said: ['1:7 other-target?', ...[2, 4, 6, 8].map((line) => `${line}:1 ragged!`)],
      says: /this row has 3 cells, but the header has 4/,
      cure: { missing: 'drop' },
    },
    'hold characters of code 0': {
      text: csv.replace('33,8', '33\0,8'),
      said: ['7:3 other-kind!'],
      says: /characters of code 0 begin here/,
    },
    'are nothing but these': { text: csv.replace(data[3], '\0\0\0\0'), said: ['5:1 other-kind!'], says: /code 0/ },
  });
});

describe('rows without names', () => {
  const codes = data.map((row, i) => `K${i % 2} ${row.split(',')[0]} L${i % 3} ${(i % 2) + 1}`).join('\n');
  const flowers = '6.5,1.5,rosa\n7,2.25,alba\n6.25,1,rosa\n5,2.5,alba\n\n\n';
  suite({
    'have codes between blanks that are categories': {
      text: `${codes}\n`,
      fileName: 'd.txt',
      keys: { inputs: ['x1'], one_hot: ['x0', 'x2'] },
      names: 'x1,x0=K0,x0=K1,x2=L0,x2=L1,x2=L2,x3',
      rows: plain.map(([a], i) => [a, 1 - (i % 2), i % 2, ...[0, 1, 2].map((k) => Number(i % 3 === k)), (i % 2) + 1]),
      said: ['1:1 no-header'],
    },
    'end in a class, and in blank lines': {
      text: flowers,
      names: 'x0,x1',
      rows: [
        [6.5, 1.5],
        [7, 2.25],
        [6.25, 1],
        [5, 2.5],
      ],
      said: ['1:1 no-header', '1:9 other-target?'],
    },
  });
});

describe('a class at the end of rows without names', () => {
  it.each([
    ['below blank lines', '6.5,1.5,rosa\n7,2.25,alba\n6.25,1,rosa\n5,2.5,alba\n\n\n', ['x2'], ['alba', 'rosa']],
    ['with points', '|2x3 some check\n41, 7, <=9K.\n25, 3, >9K.\n33, 5, >9K.\n', ['x2'], ['<=9K.', '>9K.']],
    ['that is a number', 'K1 6 L2 2\nK2 9 L1 1\nK1 12 L1 2\n', ['x3'], ['1', '2']],
  ])('is the target that is named: %s', async (_, text, targets, classNames) => {
    const { dataset } = await readDataset(text, { fileName: 'd.txt', classes: true, targets });
    expect(dataset).toMatchObject({ targetNames: targets, classNames });
  });
});
