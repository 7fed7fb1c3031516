import { gzipSync } from 'node:zlib';
import { leftOut, lines, names, numbers, one, places, plain, textOf, type Input, type Roll } from './generatedInput';

/** Inputs whose rows and files are laid out as programs do. */
export const kindsOfFiles: Record<string, (roll: Roll) => Input> = {
  'runs of blanks between cells': plain((rows, roll) => ({
    content:
      [names, ...rows].map((row) => row.map((cell) => String(cell).padStart(9 + roll(3))).join('')).join('\n') + '\n',
    fileName: one(['d.dat', 'd.txt', 'd.data'], roll),
  })),
  'tabs and blanks between cells': plain((rows, roll) => ({
    content: [names, ...rows].map((row) => row.join(one([' ', '  ', '\t', ' \t'], roll))).join('\n') + '\n',
    fileName: 'd.asc',
  })),
  'row names without a name of their own': plain((rows, roll) => ({
    content: textOf([names, ...rows.map((row, i) => [`"car ${i}"`, ...row])], one([',', '\t', ' '], roll)),
  })),
  'no header': (roll) => {
    const rows = numbers(roll);
    return { content: textOf(rows, one([',', ';', '\t'], roll)), names: ['x0', 'x1', 'x2'], rows };
  },
  'no header, and words in the first column': (roll) => {
    const rows = numbers(roll);
    const written = rows.map((row) => [one(['M', 'F', 'I'], roll), ...row]);
    return { content: textOf(written, one([',', ';'], roll)), names: ['x1', 'x2', 'x3'], rows };
  },
  'a delimiter after every row': plain((rows, roll) => {
    const delimiter = one([',', ';', '\t'], roll);
    return { content: [names.join(delimiter), ...lines(rows, delimiter).map((line) => line + delimiter)].join('\n') };
  }),
  'a delimiter after every line': plain((rows, roll) => {
    const delimiter = one([',', ';', '\t'], roll);
    return {
      content: lines([names, ...rows], delimiter)
        .map((line) => line + delimiter)
        .join('\n'),
    };
  }),
  'a delimiter after one row': plain((rows, roll) => {
    const at = places(roll, rows);
    return {
      content: lines([names, ...rows], ',')
        .map((line, i) => (i === at ? `${line},` : line))
        .join('\n'),
    };
  }),
  'a row that ends early': plain((rows, roll) => {
    const at = places(roll, rows);
    const written = rows.map((row, i) => (i === at ? row.slice(0, 2) : row));
    return { content: textOf([names, ...written]), place: [at + 2, 1], cured: rows.filter((_, i) => i !== at) };
  }),
  'quotes around all': plain((rows, roll) => ({
    content: textOf(
      [names, ...rows].map((row) => row.map((cell) => `"${cell}"`)),
      one([',', ';', '\t'], roll),
      one(['\n', '\r\n', '\r'], roll),
    ),
  })),
  'single quotes': plain((rows) => ({
    content: textOf([names, ...rows].map((row) => row.map((cell) => `'${cell}'`))),
  })),
  'blanks before quotes': plain((rows) => ({
    content: [names, ...rows].map((row) => row.map((cell) => `"${cell}"`).join(', ')).join('\n'),
  })),
  'names with delimiters and line ends': (roll) => {
    const own = ['speed, mean', 'mass\n(kg)', 'the "force"'];
    const rows = numbers(roll);
    const header = own.map((name) => `"${name.replaceAll('"', '""')}"`);
    return { content: textOf([header, ...rows]), names: own, rows };
  },
  'words with quotes and delimiters': leftOut('title', (i) => `"Mr. ""${i}"", the; first, \t"`),
  'blank lines between': plain((rows, roll) => ({
    content: textOf([names, ...rows], ';', one(['\n\n', '\r\n\r\n'], roll)),
  })),
  'carriage returns': plain((rows) => ({ content: textOf([names, ...rows], ',', '\r') })),
  gzip: plain((rows) => ({ content: gzipSync(textOf([names, ...rows])), fileName: 'd.csv.gz' })),
  'UTF-16 of Excel': plain((rows, roll) => ({
    content: Buffer.from(`\ufeff${textOf([names, ...rows], '\t', one(['\n', '\r\n'], roll))}`, 'utf16le'),
    fileName: one(['d.txt', 'd.csv'], roll),
  })),
  'Latin-1': (roll) => {
    const rows = numbers(roll);
    const own = ['température', 'mass', 'force'];
    return { content: Buffer.from(textOf([own, ...rows], ';'), 'latin1'), names: own, rows };
  },
  objects: plain((rows) => ({
    content: JSON.stringify(rows.map((row) => Object.fromEntries(row.map((v, i) => [names[i], v])))),
    fileName: 'd.json',
  })),
  'objects with numbers as texts': plain((rows) => ({
    content: rows.map((row) => JSON.stringify(Object.fromEntries(row.map((v, i) => [names[i], String(v)])))).join('\n'),
    fileName: 'd.jsonl',
  })),
  'objects with NaN': plain((rows, roll) => {
    const at = places(roll, rows);
    const objects = rows.map(
      (row, r) => `{"speed": ${r === at ? 'NaN' : row[0]}, "mass": ${row[1]}, "force": ${row[2]}}`,
    );
    return {
      content: `[\n${objects.join(',\n')}\n]`,
      fileName: 'd.json',
      place: [at + 2, 11],
      cured: rows.filter((_, i) => i !== at),
    };
  }),
  'an index beside the data': plain((rows) => ({
    content: JSON.stringify({ columns: names, index: rows.map((_, i) => i), data: rows }),
    fileName: 'd.json',
  })),
  'a cell too many in a row': plain((rows, roll) => {
    const at = places(roll, rows);
    const written = rows.map((row, i) => (i === at ? [...row, 7] : row));
    return {
      content: textOf([names, ...written]),
      place: [at + 2, 1],
      mended: { says: /give every row as many cells/, content: textOf([names, ...rows]) },
    };
  }),
  'a total at the end': plain((rows, roll) => {
    const sum = (i: number) => rows.reduce((total, row) => total + row[i], 0);
    const delimiter = one([',', ';'], roll);
    const days = rows.map((row, i) => [`2020-01-${String(i + 1).padStart(2, '0')}`, ...row]);
    return {
      content: textOf(
        [['day', ...names], ...days, [one(['Total', 'Sum', 'TOTAL'], roll), sum(0), sum(1), sum(2)]],
        delimiter,
      ),
    };
  }),
  'a sum at the end that no word names': plain((rows) => {
    const sum = (i: number) => rows.reduce((total, row) => total + row[i], 0);
    return { content: textOf([names, ...rows, [sum(0), sum(1), sum(2)]]), place: [rows.length + 2, 1] };
  }),
  'rows and columns without anything': plain((rows, roll) => {
    const written = rows.map((row) => [...row, '', '']);
    const empty = Array.from({ length: 2 + roll(3) }, () => ['', '', '', '', '']);
    return { content: textOf([[...names, '', ''], ...written, ...empty], one([',', ';'], roll)) };
  }),
  'lines that are named to be left out': plain((rows, roll) => {
    const count = 1 + roll(4);
    const noise = Array.from({ length: count }, (_, i) => `${i},${roll(90)},${roll(90)}`);
    return { content: [...noise, textOf([names, ...rows])].join('\n'), keys: { skiprows: count } };
  }),
  'comments of a kind that is named': plain((rows, roll) => {
    const [head, ...written] = lines([names, ...rows], '\t');
    const mark = one(['%', '!', ';'], roll);
    return {
      content: [head, ...written.flatMap((line, i) => (i % 5 === 3 ? [`${mark} pause 1\t2\t3`, line] : [line]))].join(
        '\n',
      ),
      keys: { comment: mark },
    };
  }),
  'a byte order mark': plain((rows) => ({ content: `\ufeff${textOf([names, ...rows])}` })),
  'blanks around names and cells': plain((rows, roll) => ({
    content: [names, ...rows].map((row) => row.join(one([', ', ' , ', ',\u00a0'], roll))).join('\n'),
  })),
  'records in an answer': plain((rows) => ({
    content: JSON.stringify({
      status: 'ok',
      data: rows.map((row) => Object.fromEntries(row.map((v, i) => [names[i], v]))),
    }),
    fileName: 'd.json',
  })),
  'lists of columns': plain((rows) => ({
    content: JSON.stringify(Object.fromEntries(names.map((name, i) => [name, rows.map((row) => row[i])]))),
    fileName: 'd.json',
  })),
  'objects that lack a key': plain((rows, roll) => {
    const at = places(roll, rows);
    const objects = rows.map((row, r) =>
      JSON.stringify(Object.fromEntries(row.flatMap((v, i) => (r === at && i === 1 ? [] : [[names[i], v]])))),
    );
    return {
      content: objects.join('\n'),
      fileName: 'd.jsonl',
      place: [at + 1, 1],
      cured: rows.filter((_, i) => i !== at),
    };
  }),
  'an array': (roll) => {
    const rows = numbers(roll);
    const big = roll(2) === 1;
    const header =
      `{'descr': '${big ? '>' : '<'}f8', 'fortran_order': False, 'shape': (${rows.length}, 3), }`.padEnd(117) + '\n';
    const numbersOf = new DataView(new ArrayBuffer(rows.length * 24));
    rows.flat().forEach((v, i) => numbersOf.setFloat64(8 * i, v, !big));
    return {
      content: Buffer.concat([
        Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'),
        Buffer.from(header, 'latin1'),
        Buffer.from(numbersOf.buffer),
      ]),
      fileName: 'd.npy',
      names: ['x0', 'x1', 'x2'],
      rows,
    };
  },
  'a quote that never closes': plain((rows, roll) => {
    const at = places(roll, rows);
    return {
      content: textOf([names, ...rows.map(([a, b, y], i) => [i === at ? `"${a}` : a, b, y])]),
      place: [at + 2, 1],
      mended: {
        says: /closes with "/,
        content: textOf([names, ...rows.map(([a, b, y], i) => [i === at ? `"${a}"` : a, b, y])]),
      },
    };
  }),
  'zero bytes at the end': plain((rows, roll) => ({
    content: textOf([names, ...rows]) + '\0'.repeat(1 + roll(300)),
    place: [rows.length + 2, 1],
    mended: { says: /delete them/, content: textOf([names, ...rows]) },
  })),
  'a table of a text with marks': plain((rows) => ({
    content: [names, names.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n'),
  })),
  'a web page': plain((rows) => ({
    content: '<!DOCTYPE html>\n<html><head><title>d.csv</title></head>\n<body>404</body></html>\n',
    place: [1, 1],
    mended: { says: /download the data/, content: textOf([names, ...rows]) },
  })),
};
