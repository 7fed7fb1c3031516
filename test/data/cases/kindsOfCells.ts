import {
  grouped,
  leftOut,
  names,
  numbers,
  one,
  places,
  plain,
  signed,
  textOf,
  writtenTarget,
  type Input,
  type Roll,
} from './generatedInput';

/** Inputs whose columns and cells are written as people do. */
export const kindsOfCells: Record<string, (roll: Roll) => Input> = {
  'numbers of rows without a name': leftOut('', (i) => i),
  'numbers of rows from 1': leftOut('id', (i) => i + 1),
  'numbers of rows as pandas names them': leftOut('Unnamed: 0', (i) => i),
  'numbers of rows in another order': leftOut('', (i, rows) => (i * 7 + 3) % (rows % 7 === 0 ? rows - 1 : rows)),
  dates: leftOut('day', (i) => `2021-03-${String(i + 1).padStart(2, '0')}`),
  times: leftOut('at', (i) => `0${i % 10}:1${i % 10}:30`),
  'times with points': leftOut('at', (i) => `1${i % 10}.1${i % 6}.00`),
  'the same word in every row': leftOut('site', () => 'north'),
  'no cell at all': leftOut('spare', () => ''),
  'a regressor that counts': (roll) => {
    const first = one([1, 5, 1990], roll);
    const rows = numbers(roll).map(([a], i) => [first + i, a, 3 * (first + i) - 2 * a]);
    return {
      content: textOf([[one(['week', 'year', 'dose'], roll), 'price', 'sales'], ...rows]),
      names: ['', 'price', 'sales'],
      rows,
    };
  },
  money: writtenTarget((v) => signed(v, `$${grouped(v, ',')}`)),
  percent: writtenTarget((v) => `${v}%`),
  'a currency after the number': (roll) => {
    const code = one(['CHF', 'EUR', 'USD'], roll);
    return writtenTarget((v) => `${v.toFixed(2)} ${code}`)(roll);
  },
  'brackets of accountants': writtenTarget((v) => (v < 0 ? `(${grouped(v, ',')})` : grouped(v, ','))),
  'a minus after the number': writtenTarget((v) => (v < 0 ? `${-v}-` : String(v))),
  'another minus': writtenTarget((v) => String(v).replace('-', '\u2212')),
  'a text in a formula': writtenTarget((v) => `="${v}"`),
  'exponents of Fortran': writtenTarget((v) => v.toExponential(8).replace('e', 'D')),
  lakh: writtenTarget(
    (v) => signed(v, `${Math.abs(v).toFixed(0)}`.replace(/(\d)(?=(\d\d)+\d$)/g, '$1,')),
    [';', '\t'],
    (roll) => 100 + roll(9_000_000),
  ),
  apostrophes: writtenTarget((v) => signed(v, grouped(v, "'")), [',', ';', '\t']),
  'no-break blanks and decimal commas': writtenTarget(
    (v) => signed(v, grouped(v, '\u202f').replace('.', ',')),
    [';', '\t'],
  ),
  'whole thousands with points': writtenTarget(
    (v) => signed(v, grouped(v, '.', 0)),
    [';'],
    (roll) => (roll(3) === 0 ? roll(999) : 1000 + roll(90_000)),
  ),
  'whole thousands with commas': writtenTarget(
    (v) => signed(v, grouped(v, ',', 0)),
    [';', '\t'],
    (roll) => (roll(3) === 0 ? roll(999) : 1000 + roll(90_000)),
  ),
  'whole thousands in quotes': writtenTarget(
    (v) => `"${grouped(v, ',', 0)}"`,
    [','],
    (roll) => (roll(3) === 0 ? roll(999) : 1000 + roll(90_000)),
  ),
  'decimal commas in quotes': plain((rows) => ({
    content: textOf([names, ...rows.map((row) => row.map((v) => `"${String(v).replace('.', ',')}"`))]),
  })),
  'decimal commas beside points': (roll) => {
    const rows = numbers(roll).map(([a, b, y]) => [a + 0.25, b, y + 0.5]);
    return {
      content: textOf([names, ...rows.map(([a, b, y]) => [a, b, String(y).replace('.', ',')])], ';'),
      names,
      rows,
    };
  },
  'two columns of one name': plain((rows) => ({ content: textOf([['a', 'a', 'y'], ...rows]), names: ['', '', 'y'] })),
  'an infinite cell': plain((rows, roll) => {
    const at = places(roll, rows);
    const written = rows.map((row, i) => (i === at ? [row[0], one(['inf', '-Infinity', '1e400'], roll), row[2]] : row));
    return {
      content: textOf([names, ...written]),
      place: [at + 2, String(rows[at][0]).length + 2],
      mended: {
        says: /leave the cell empty/,
        content: textOf([names, ...written.map((row, i) => (i === at ? [row[0], '', row[2]] : row))]),
      },
      cured: rows.filter((_, i) => i !== at),
    };
  }),
  'categories with empty cells': (roll) => {
    const rows = numbers(roll);
    const kinds = rows.map((_, i) => (i < 4 ? ['red', 'green', '', 'red'][i] : one(['red', 'green', ''], roll)));
    const dummies = (kind: string) => ['green', 'red', ''].map((one) => Number(kind === one));
    return {
      content: textOf([['kind', ...names], ...rows.map((row, i) => [kinds[i], ...row])], one([',', ';'], roll)),
      keys: { one_hot: ['kind'] },
      names: ['speed', 'mass', 'kind=green', 'kind=red', 'kind=nan', 'force'],
      rows: rows.map(([a, b, y], i) => [a, b, ...dummies(kinds[i]), y]),
      place: [kinds.indexOf('') + 2, 1],
    };
  },
  'a word last': (roll) => {
    const rows = numbers(roll, 2);
    return {
      content: textOf([names, ...rows.map((row) => [...row, one(['good', 'bad'], roll)])]),
      names: names.slice(0, 2),
      rows,
      place: [1, 12],
    };
  },
  'two currencies in a column': (roll) => {
    const rows = numbers(roll, 2);
    const [first, second] = one(
      [
        [(v: number) => `$${v}`, (v: number) => `€${v}`],
        [(v: number) => `${v} CHF`, (v: number) => `${v} EUR`],
        [(v: number) => `GBP ${v}`, (v: number) => `USD ${v}`],
      ],
      roll,
    );
    return {
      content: textOf(
        [names, ...rows.map((row, i) => [...row, i % 2 === 0 ? first(roll(900)) : second(roll(900))])],
        ';',
      ),
      names: names.slice(0, 2),
      rows,
      place: [1, 12],
    };
  },
  millions: writtenTarget(
    (v) => `${v / 1e6}M`,
    [',', ';'],
    (roll) => (1 + roll(9000)) * 250_000,
  ),
  'a unit in every cell': (roll) => {
    const rows = numbers(roll);
    const unit = one(['kg', 'GB', '°C'], roll);
    return { content: textOf([names, ...rows.map(([a, b, y]) => [a, `${b} ${unit}`, y])]), names, rows };
  },
  'a number that means nothing': (roll) => {
    const word = one([-999, 9999, -200], roll);
    const all = numbers(roll);
    const at = places(roll, all);
    const written = all.map((row, i) => (i === at ? [row[0], word, row[2]] : row));
    return {
      content: textOf([names, ...written]),
      keys: { na_values: [word], missing: 'drop' },
      names,
      rows: all.filter((_, i) => i !== at),
    };
  },
  'signs and points of all kinds': (roll) => {
    const rows = numbers(roll);
    const write = (v: number) =>
      [`+${v}`, String(v).replace(/^(-?)0\./, '$1.'), Number.isInteger(v) ? `${v}.` : `${v}`, v.toExponential()][
        v < 0 ? 1 + roll(3) : roll(4)
      ];
    return { content: textOf([names, ...rows.map((row) => row.map(write))]), names, rows };
  },
  'powers of ten with decimal commas': plain((rows, roll) => ({
    content: textOf(
      [names, ...rows.map((row) => row.map((v) => v.toExponential().replace('.', ',').replace('e', 'E')))],
      one([';', '\t'], roll),
    ),
  })),
  'words for yes and no': (roll) => {
    const rows = numbers(roll);
    const bits = rows.map((_, i) => (i < 2 ? i : roll(2)));
    return {
      content: textOf([['ok', ...names], ...rows.map((row, i) => [['False', 'True'][bits[i]], ...row])]),
      names: ['ok', ...names],
      rows: rows.map((row, i) => [bits[i], ...row]),
    };
  },
  'decimal commas that split cells': plain((rows) => {
    const halves = rows.map((row) => row.map((v) => `${Math.trunc(v)},5`));
    const right = rows.map((row) => row.map((v) => Number(`${Math.trunc(v)}.5`)));
    return {
      content: textOf([names, ...halves]),
      place: [1, 1],
      cured: right,
      mended: { says: /semicolons between the cells/, content: textOf([names, ...halves], ';') },
    };
  }),
  'whole thousands with points in all columns': (roll) => {
    const rows = numbers(roll).map((row) => row.map(() => (roll(3) === 0 ? roll(999) : 1000 + roll(90_000))));
    return { content: textOf([names, ...rows.map((row) => row.map((v) => grouped(v, '.', 0)))], ';'), names, rows };
  },
  'one number with another decimal sign': plain((rows, roll) => {
    const at = places(roll, rows);
    const comma = (v: number) => String(v).replace('.', ',');
    rows[at][1] = 1234.56;
    const written = rows.map((row, i) => row.map((v, k) => (i === at && k === 1 ? '1.234,56' : comma(v))));
    return { content: textOf([names, ...written], ';') };
  }),
};
