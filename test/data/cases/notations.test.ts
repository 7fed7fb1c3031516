import { describe, expect, it } from 'vitest';
import { beside, suite, take, textOf } from './cases';

const csv = textOf(',');
const [header] = csv.trimEnd().split('\n');

describe('quotes', () => {
  suite({
    'of one stroke hold commas': {
      text: beside(`who,${header}`, (i) => `car; ${i},`)
        .replace(/[^,\n]+/g, "'$&'")
        .replaceAll(';', ','),
      said: ['1:1 text-column'],
    },
    'hold commas and line ends in names': {
      text: csv.replace(header, '"a (part 1, in m)","b (days), from the\nstart","y (MPa, at the end) "'),
      names: 'a (part 1, in m),b (days), from the\nstart,y (MPa, at the end)',
    },
    'stand around some numbers and texts, between semicolons': {
      text: beside(`who,paid,${header}`, (i) => `GP,${i % 2 ? 'no' : 'yes'},`)
        .replaceAll(',', ';')
        .replace(/[^;\n]+(?=;)/g, '"$&"'),
      said: ['1:1 text-column', '1:7 text-column'],
    },
    'stand around all cells of UTF-16 with the high byte first': {
      text: Uint8Array.from(Buffer.from(`\uFEFF${csv.replace(/[^,\n]+/g, '"$&"')}`, 'utf16le').swap16()),
    },
  });
});

describe('numbers', () => {
  const fractions = 'a;b;y\n11.250;40.500;-3.000\n3.500;12.250;5.125\n7.125;?;\n2.750;18.500;10.250\n';
  const year = (i: number) => [1975 + i, [3, 5, 7, 4, 6][i % 5], 2 * i - 3 * [3, 5, 7, 4, 6][i % 5]];
  const years = Array.from({ length: 20 }, (_, i) => year(i));
  const counts = Array.from({ length: 14 }, (_, i) => [(i * 3) % 7, (i * i) % 11, ((i * 3) % 7) + ((i * i) % 11)]);
  suite({
    'of three decimals each have a decimal point': {
      text: fractions.replace('?;', '1.250;8.375'),
      fileName: 'd.txt',
      rows: [
        [11.25, 40.5, -3],
        [3.5, 12.25, 5.125],
        [7.125, 1.25, 8.375],
        [2.75, 18.5, 10.25],
      ],
      said: ['2:1 decimal-point'],
    },
    'of three decimals each have it beside gaps': {
      text: fractions,
      fileName: 'd.txt',
      said: ['2:1 decimal-point', '4:7 missing-value!', '4:9 missing-value!'],
      cure: { missing: 'drop' },
      cured: [
        [11.25, 40.5, -3],
        [3.5, 12.25, 5.125],
        [2.75, 18.5, 10.25],
      ],
    },
    'of two columns have one blank between them, and turn into fractions': {
      text: 'p q\n3 1\n5 2\n7 2.5\n9 4\n',
      fileName: 'd.txt',
      names: 'p,q',
      rows: [
        [3, 1],
        [5, 2],
        [7, 2.5],
        [9, 4],
      ],
    },
    'stand between runs of blanks in the word of pandas': {
      text: textOf('   '),
      fileName: 'd.txt',
      keys: { delimiter: '\\s+' },
    },
    'with underscores are text where all have them': {
      text: 'p,q,y\n1_500,2,3\n2_250,4,9\n12_000,1,4\n',
      names: 'q,y',
      rows: [
        [2, 3],
        [4, 9],
        [1, 4],
      ],
      said: ['1:1 text-column'],
    },
    'have a sign of their own in each column': {
      text: 'rate,cost,price,y\n10 %,2.50 EUR,3.0€,"$1,200.00"\n20 %,4.00 EUR,1.5€,"$1,400.00"\n5 %,6.25 EUR,8.0€,"$950.50"\n',
      names: 'rate,cost,price,y',
      rows: [
        [10, 2.5, 3, 1200],
        [20, 4, 1.5, 1400],
        [5, 6.25, 8, 950.5],
      ],
      said: ['1:1 sign', '1:6 sign', '1:11 sign', '1:17 sign'],
    },
    'keep their minus far below others of thousands': {
      text: `a,y\n${'"0.25",1\n'.repeat(70)}"3,276.25",-2\n${'"-0.50",3\n'.repeat(3)}"-1,024.50",7\n`,
      names: 'a,y',
      rows: [
        ...Array<number[]>(70).fill([0.25, 1]),
        [3276.25, -2],
        ...Array<number[]>(3).fill([-0.5, 3]),
        [-1024.5, 7],
      ],
      said: ['72:1 respelled'],
    },
    'are years, which are an input': {
      text: `Year,c,y\n${years.map((row) => row.join()).join('\n')}\n`,
      names: 'Year,c,y',
      rows: years,
    },
    'add up to the target beside those of rows and days': {
      text: `no,day,season,p,q,total\n${counts.map((row, i) => `${i + 1},2015-06-${10 + i},2,${row.join()}`).join('\n')}\n`,
      names: 'p,q,total',
      rows: counts,
      said: ['1:1 identifier', '1:4 text-column', '1:8 constant'],
    },
  });
});

it('of times with points are told from dates', async () => {
  const { problems } = await take(beside('At,a,b,y', (i) => `0${i}.30.00,`));
  expect(problems.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^column "At" looks like times \("00/),
  ]);
});
