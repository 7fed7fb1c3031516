import { describe } from 'vitest';
import { beside, plain, suite, textOf } from './cases';

const csv = textOf(',');
const [header, ...data] = csv.trimEnd().split('\n');

describe('cells', () => {
  suite({
    'may all be gaps': {
      text: '"p";"q"\nnan;nan\n',
      said: ['1:20 no-column!'],
      says: /Every cell below the names is empty/,
    },
    'may be a question mark': {
      text: csv.replace('3.75', '?'),
      said: ['4:8 missing-value!'],
      cure: { missing: 'drop' },
      cured: plain.filter((_, i) => i !== 2),
    },
    'may be nan after a semicolon': {
      text: textOf(';').replace('3.75', 'nan'),
      said: ['4:8 missing-value!'],
      cure: { missing: 'drop' },
      cured: plain.filter((_, i) => i !== 2),
    },
    'may be NA after a blank': {
      text: csv.replace('3.75', ' NA'),
      said: ['4:9 missing-value!'],
      cure: { missing: 'drop' },
      cured: plain.filter((_, i) => i !== 2),
    },
    'may be null in a whole row': {
      text: csv.replace(data[2], 'null,null,null'),
      said: ['4:1 missing-value!', '4:6 missing-value!', '4:11 missing-value!'],
      cure: { missing: 'drop' },
      cured: plain.filter((_, i) => i !== 2),
    },
    'may be empty beside truth values': {
      text: 'ok;y\nTrue;1\n;2\nFalse;4\n',
      said: ['3:1 missing-value!'],
      cure: { missing: 'drop' },
      cured: [
        [1, 1],
        [0, 4],
      ],
    },
    'may be empty in most rows': {
      text: 'a,b,c,y\n1,2,,3\n2,,,4\n5,,,9\n4,4,,1\n',
      said: ['1:5 text-column', '3:3 missing-value!', '4:3 missing-value!'],
      cure: { missing: 'mean' },
      cured: [
        [1, 2, 3],
        [2, 3, 4],
        [5, 3, 9],
        [4, 4, 1],
      ],
    },
    'may be infinite': {
      text: csv.replace('3.75', '-Inf'),
      said: ['4:8 not-finite!'],
      says: /finite numbers, got "-Inf"/,
    },
    'may be too large': { text: csv.replace('3.75', '1e400'), said: ['4:8 beyond-float32!'], says: /float32/ },
    'may be colons, and numbers with a mark': {
      text: csv.replace('3.75', ':').replace('40', '40 p'),
      said: ['4:8 not-a-number!', '5:5 not-a-number!'],
      says: /got ":"; if it stands for no value, name it in dataset\.na_values/,
      cure: { na_values: [':', '40 p'], missing: 'drop' },
      cured: plain.filter((_, i) => i !== 2 && i !== 3),
    },
    'may have a mark': { text: csv.replace('40', '40 p'), said: ['5:5 not-a-number!'], says: /write it without "p"/ },
    'may turn into texts far below': {
      text: `code,a,y\n${Array.from({ length: 3000 }, (_, i) => `${3 * i},${i % 7},${i % 5}`).join('\n')}\nX9,1,2\n`,
      said: ['3002:1 not-a-number!'],
    },
    'may turn into fractions': {
      text: csv.replace(data[0], '1,2,1').replace(data[1], '2,-1,13'),
      rows: [[1, 2, 1], [2, -1, 13], ...plain.slice(2)],
    },
    'may begin with signs and points': {
      text: csv.replace('1.5,', '+1.50,').replace('0.5,40', '.5,40.').replace('2.25', '0.225e1'),
    },
    'may have blanks around them that do not break': { text: csv.replaceAll(',', '\u00a0,\u00a0') },
    'may end in characters of code 0': { text: `${csv}\0\0\0`, said: ['10:1 other-kind!'], says: /code 0/ },
    'may have underscores': { text: csv.replace('1234.5', '1_234'), said: ['4:1 not-a-number!'] },
  });
});

describe('notations', () => {
  const comma = (value: number) => String(value).replace('.', ',');
  suite({
    'of decimal commas before three digits': {
      text: 'a;b;y\n1,450;26,300;3,125\n0,550;35,100;-99,200\n2,000;12,000;5,000\n',
      rows: [
        [1.45, 26.3, 3.125],
        [0.55, 35.1, -99.2],
        [2, 12, 5],
      ].map((row) => row.map(Math.fround)),
      said: ['2:7 decimal-comma'],
    },
    'of points between thousands, in part of a column': {
      text: 'pop;y\n2.345.678;1\n3.155;2\n391;3\n',
      names: 'pop,y',
      rows: [
        [2345678, 1],
        [3155, 2],
        [391, 3],
      ],
      said: ['2:1 decimal-comma', '2:1 respelled'],
    },
    'of one cell with points between thousands': {
      text: textOf(';', comma).replace('1234,5;', '1.234,5;'),
      said: ['2:1 decimal-comma', '4:1 respelled'],
    },
    'of one cell with another minus': {
      text: textOf(';', comma).replace('-7,25', '\u22127,25'),
      said: ['2:1 decimal-comma', '6:1 respelled'],
    },
    'of lakhs': {
      text: 'price,age,y\n"1,23,456",1,5\n"12,00,000",2,6\n"98,765",4,9\n',
      names: 'price,age,y',
      rows: [
        [123456, 1, 5],
        [1200000, 2, 6],
        [98765, 4, 9],
      ],
      said: ['2:1 respelled'],
    },
    'of commas between thousands, far down': {
      text: `a,y\n${'"0.25",1\n'.repeat(70)}"3,276.25",-2\n`,
      names: 'a,y',
      rows: [...Array<number[]>(70).fill([0.25, 1]), [3276.25, -2]],
      said: ['72:1 respelled'],
    },
    'of commas between thousands, after tabs': {
      text: 'pop\tage\ty\n1,234,567\t30\t1\n2,345\t41\t2\n98,765\t22\t4\n',
      names: 'pop,age,y',
      rows: [
        [1234567, 30, 1],
        [2345, 41, 2],
        [98765, 22, 4],
      ],
      said: ['2:1 respelled'],
    },
    'of exponents after a decimal comma': {
      text: 'n;tel;y\nA;5,5E+12;1,5\nB;5,25E+12;2,5\n',
      names: 'tel,y',
      rows: [
        [5.5e12, 1.5],
        [5.25e12, 2.5],
      ].map((row) => row.map(Math.fround)),
      said: ['1:1 text-column', '2:3 decimal-comma'],
    },
    'of amounts at the end': {
      text: 'beds,y\n1,"$1,000.50"\n2,"$2,055.00"\n4,"$911.25"\n',
      names: 'beds,y',
      rows: [
        [1, 1000.5],
        [2, 2055],
        [4, 911.25],
      ],
      said: ['1:6 sign'],
    },
    'of two currencies': {
      text: csv
        .replace('1.5,', '$1.5,')
        .replace('2,-1.5', '€2,-1.5')
        .replace('1234.5,', '$1234.5,')
        .replace('0.5,40', '€0.5,40')
        .replace('-7.25', '$7.25')
        .replace('33,8', '€33,8')
        .replace('100.25', '$100.25')
        .replace('2500.75', '€2500.75'),
      names: 'b,y',
      rows: plain.map(([, b, y]) => [b, y]),
      said: ['1:1 text-column'],
    },
    'of codes with zeros in front': {
      text: 'zip,rooms,y\n02210,1,100\n02223,2,201\n02999,4,403\n',
      names: 'zip,rooms,y',
      rows: [
        [2210, 1, 100],
        [2223, 2, 201],
        [2999, 4, 403],
      ],
      said: ['2:1 leading-zero'],
    },
    'of dates and amounts without names': {
      text: '08/02/2015;-21.419,25;-3,5\n12/02/2015;37.996,5;4,25\n13/02/2015;1.071,75;0,5\n',
      names: 'x1,x2',
      rows: [
        [-21419.25, -3.5],
        [37996.5, 4.25],
        [1071.75, 0.5],
      ],
      said: ['1:1 no-header', '1:1 text-column', '1:12 decimal-comma', '1:12 respelled'],
    },
  });
});

describe('columns that are no inputs', () => {
  suite({
    'of dates and durations': {
      text: beside('day,for,a,b,y', (i) => `2023-05-0${i + 1},${i % 2}:1${i}:00,`),
      said: ['1:1 text-column', '1:5 text-column'],
    },
    'of times with points': {
      text: beside('Time,a,b,y', (i) => `0${i}.00.00,`),
      said: ['1:1 text-column'],
    },
    'of words for yes and no': {
      text: beside('ok,flag,a,b,y', (i) => `${i % 3 ? 'yes' : 'no'},${i % 2 ? 't' : 'f'},`),
      said: ['1:1 text-column', '1:4 text-column'],
    },
    'of the same in every row, or of nothing': {
      text: beside(',result,table,at,a,b,y', (i) => `,_r,0,2022-06-2${i}T14:39:55Z,`),
      said: ['1:1 empty-columns', '1:2 text-column', '1:9 constant', '1:15 text-column'],
    },
    'of an index with a name': {
      text: `instant,day,${header}\n${[...data, ...data].map((row, i) => `${i + 1},2011-01-${10 + i},${row}`).join('\n')}\n`,
      rows: [...plain, ...plain],
      said: ['1:1 identifier', '1:9 text-column'],
    },
    'of IDs without a name are named': {
      text: `${[...data, ...data].map((row, i) => `${842302 + ((i * 7919) % 9973)},${i % 2 ? 'M' : 'B'},${row}`).join('\n')}\n`,
      names: 'x0,x2,x3,x4',
      rows: [...plain, ...plain].map((row, i) => [842302 + ((i * 7919) % 9973), ...row]),
      said: ['1:1 no-header', '1:1 possible-id', '1:8 text-column'],
    },
    'of hexadecimal codes and nothing': {
      text: `\n${data.map((row, i) => `  1, ${row.replaceAll(',', ',  ')},0x42e0${i},`).join('\n')}\n`,
      names: 'x1,x2,x3',
      said: ['2:3 no-header', '2:3 constant', '2:24 other-target?', '2:32 text-column'],
    },
    'of codes where nothing was measured': {
      text: csv
        .replace('\n1.5,', '\n-9999,')
        .replace('\n0.5,', '\n-9999,')
        .replaceAll(/1234.5|2500.75/g, '61'),
      rows: plain.map(([a, b, y], i) => [i === 0 || i === 3 ? -9999 : i === 2 || i === 7 ? 61 : a, b, y]),
      said: ['1:1 coded-gaps?'],
    },
    'of nines that are numbers like others': {
      text: csv.replace('\n1.5,', '\n-999,'),
      rows: plain.map(([a, b, y], i) => [i === 0 ? -999 : a, b, y]),
      said: [],
    },
    'of what was not measured': {
      text: `Day;a;y;b;;\n${data.map((row, i) => `1${i}/03/2004;${row.split(',')[0].replace('.', ',')};${row.split(',')[2].replace('.', ',')};-200;;`).join('\n')}\n;;;;;\n`,
      names: 'a,y',
      keys: { na_values: [-200], missing: 'drop' },
      rows: plain.map(([a, , y]) => [a, y]),
      said: ['1:1 text-column', '1:9 other-target?', '1:11 empty-columns', '2:12 decimal-comma', '10:1 empty-rows'],
    },
  });
});

describe('targets and categories', () => {
  const people = Array.from({ length: 8 }, (_, i) => {
    const [age, cabin] = [i === 5 ? '' : 20 + i * i, i % 3 ? '' : 'C85'];
    return `${i},${i % 2},"Roe, Mr. ""Al"" ${i}",${age},${cabin}`;
  });
  suite({
    'are named in quotes, and gaps at their line': {
      text: ['No,Alive,Name,Age,Cabin', ...people].join('\n'),
      keys: { targets: ['Alive'], inputs: ['Age'] },
      said: ['7:25 missing-value!'],
      cure: { missing: 'drop' },
      cured: [0, 1, 2, 3, 4, 6, 7].map((i) => [20 + i * i, i % 2]),
    },
    'may be months': {
      text: 'X,month,y\n1,mar,2\n4,aug,3\n2,mar,7\n',
      keys: { inputs: ['X'], one_hot: ['month'] },
      names: 'X,month=aug,month=mar,y',
      rows: [
        [1, 0, 1, 2],
        [4, 1, 0, 3],
        [2, 0, 1, 7],
      ],
    },
    'may be NA': {
      text: 'part,x,y\nNA,1,2\nEU,4,3\nAS,2,7\n',
      keys: { inputs: ['x'], one_hot: ['part'] },
      said: ['2:1 missing-value!'],
      cure: { missing: 'category' },
      cured: [
        [1, 0, 0, 1, 2],
        [4, 0, 1, 0, 3],
        [2, 1, 0, 0, 7],
      ],
    },
  });
});
