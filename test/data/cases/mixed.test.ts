import { describe } from 'vitest';
import { plain, rows, suite, textOf } from './cases';

const csv = textOf(',');
const [, ...data] = csv.trimEnd().split('\n');
const comma = (value: number) => String(value).replace('.', ',');

describe('notations that keys name', () => {
  const land = 'land;cases;change;rate;y\nA;3.276;+51;18,5;0\nB;482;-7;3,25;1\nC;75;+4;0,5;2\n';
  const cases = [
    [3276, 51, 18.5, 0],
    [482, -7, 3.25, 1],
    [75, 4, 0.5, 2],
  ];
  const amounts = 'shop;x;y\na;3,25;6,5\nb;2.345,5;4.691,25\nc;0,5;1,0\n';
  const shops = [
    [3.25, 6.5],
    [2345.5, 4691.25],
    [0.5, 1],
  ];
  const lakhs = 'price,age,y\n"2,34,567",1,5\n"12,00,000",2,6\n"98,765",4,9\n';
  const narrow = textOf(';', (value) => comma(value).replace(/^(\d)(?=\d{3})/, '$1\u202f'));
  suite({
    'of a comma say what points are': {
      text: land,
      keys: { decimal: ',' },
      names: 'cases,change,rate,y',
      rows: cases,
      said: ['1:1 text-column', '2:3 respelled'],
    },
    'of both are all that is to be said': {
      text: land,
      keys: { decimal: ',', thousands: '.' },
      names: 'cases,change,rate,y',
      rows: cases,
      said: ['1:1 text-column'],
    },
    'of points between thousands leave the comma to be found': {
      text: amounts,
      keys: { thousands: '.' },
      names: 'x,y',
      rows: shops,
      said: ['1:1 text-column'],
    },
    'may be left out beside decimal commas': {
      text: amounts,
      names: 'x,y',
      rows: shops,
      said: ['1:1 text-column', '2:3 decimal-comma', '3:3 respelled', '3:11 respelled'],
    },
    'of lakhs are as those of thousands': {
      text: lakhs,
      keys: { thousands: ',' },
      names: 'price,age,y',
      rows: [
        [234567, 1, 5],
        [1200000, 2, 6],
        [98765, 4, 9],
      ],
    },
    'may be of a narrow blank between thousands': { text: narrow, keys: { decimal: ',', thousands: '\u202f' } },
    'are as good where they name another blank': {
      text: narrow,
      keys: { decimal: ',', thousands: ' ' },
      said: ['4:1 respelled', '4:14 respelled'],
    },
    'may be left out where two kinds of blanks stand': {
      text: narrow.replace('1\u202f234', '1\u00a0234'),
      said: ['2:1 decimal-comma', '4:1 respelled', '4:14 respelled'],
    },
  });
});

describe('several things in a file', () => {
  const moments = data.map((row, i) => `2021-03-0${8 - i} 12:00:00;${comma(Number(row.split(',')[0]))}`);
  const booked = data.map(
    (row, i) => `0${i + 1}0317;01;Entry ${i};;;${row.split(',').map(Number).map(comma).join(';')}`,
  );
  suite({
    'such as dates alone beside decimal commas': {
      text: `Time;Warmth (Celsius)\n${moments.join('\n')}\n`,
      said: ['1:20 no-column!'],
      says: /"Time" looks like dates/,
      cure: { parse_dates: ['Time'] },
      cured: plain.map(([a], i) => [18694.5 - i, a]),
    },
    'such as no names, codes, columns of nothing and decimal commas': {
      text: `${booked.join('\n')}\n`,
      names: 'x0,x5,x6,x7',
      rows: plain.map((row, i) => [(i + 1) * 10000 + 317, ...row]),
      said: [
        '1:1 leading-zero',
        '1:1 no-header',
        '1:8 constant',
        '1:11 text-column',
        '1:19 text-column',
        '1:20 text-column',
        '1:21 decimal-comma',
      ],
    },
    'such as rows of delimiters above the names, units and one more such row': {
      text: ` ;;;\n;;;\n ;;;\nday;a;b;y\n    ;m²;°C;A\n;;;\n${data.map((row, i) => `0${i + 1}.02.1991 00:00;${row.replaceAll(',', ';')}`).join('\n')}\n`,
      said: ['1:1 empty-rows', '4:1 text-column', '5:1 skipped-rows?'],
    },
    'such as whole numbers for long, and then fractions': {
      text: `a,y\n${Array.from({ length: 6000 }, (_, i) => `${i % 9},${i % 7}\n`).join('')}0.25,7.5\n`,
      names: 'a,y',
      rows: [...Array.from({ length: 6000 }, (_, i) => [i % 9, i % 7]), [0.25, 7.5]],
    },
    'such as a name in capitals': { text: csv, fileName: 'ALL.CSV' },
    'such as the types of its columns, in JSON of pandas': {
      text: JSON.stringify({
        schema: {
          fields: ['index', 'a', 'b', 'y'].map((name, i) => ({ name, type: i ? 'number' : 'integer' })),
          primaryKey: ['index'],
          pandas_version: '1.4.0',
        },
        data: [...rows, ...rows].map(([a, b, y], i) => ({ index: (5 * i + 3) % 16, a, b, y })),
      }),
      fileName: 'd.json',
      rows: [...plain, ...plain],
      said: ['1:202 identifier'],
    },
  });
});
