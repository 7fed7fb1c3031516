import { describe } from 'vitest';
import { beside, plain, rows, suite, textOf } from './cases';

const csv = textOf(',');
const [header, ...data] = csv.trimEnd().split('\n');

describe('names of columns', () => {
  suite({
    'that are years are asked for': {
      text: csv.replace(header, '2011,2012,2013'),
      keys: { header: true },
      names: '2011,2012,2013',
    },
    'may be missing, and another word names the column': {
      text: csv.replace(header, 'a,,y'),
      keys: { inputs: ['a', 'Unnamed: 1'] },
      names: 'a,Unnamed: 1,y',
      said: ['1:3 no-name?'],
    },
    'may stand twice': {
      text: csv.replace(header, 'b,b,y'),
      names: 'b,b.1,y',
      said: ['1:3 duplicate-name?'],
    },
    'may hold commas where semicolons stand between cells': {
      text: textOf(';', String, ['height (cm, whole)', 'width (cm, may be empty, or not)', 'y']),
      names: 'height (cm, whole),width (cm, may be empty, or not),y',
    },
    'may have line ends in quotes': {
      text: csv.replace(header, 'a,"b\n(second\nline)",y'),
      names: 'a,b\n(second\nline),y',
    },
    'may have blanks around them': { text: csv.replace(header, 'a, b , y').replaceAll(',', ', ') },
    'may stand in quotes after a blank': {
      text: csv.replace(header, '"a", "b", "y"').replaceAll(/,(?=[-\d])/g, ', '),
    },
    'stand above a last column that most rows leave out': {
      text: beside('n,a,b,y,note', (i) => `r${i},`).replace(/^(r[03],.*)$/gm, '$1,late'),
      keys: { missing: 'drop' },
      said: ['1:1 text-column', '1:9 other-target?', '3:1 short-rows?'].toSorted(),
    },
    'stand below lines of a word and what it says': {
      text: `Station;Ulm;;\nSince;01.02.2024;;\n;;;\nn;a;b;y\n${data.map((row) => `r;${row.replaceAll(',', ';')}`).join('\n')}\n`,
      said: ['1:1 skipped-rows?', '3:1 empty-rows', '4:1 text-column'],
    },
    'need not be there': {
      text: `${data.join('\n')}\n`,
      names: 'x0,x1,x2',
      said: ['1:1 no-header'],
    },
    'stand below a count of rows and columns': {
      text: csv.replace(header, `8,2,\n"a","b","y"`),
      said: ['1:1 skipped-rows?'],
    },
    'stand in a comment of one line': {
      text: csv.replace(header, '# a,b,y'),
      said: ['1:1 comment', '1:1 comment-names'],
    },
    'of a logger stand above two more lines': {
      text: `"TOA5","12","CR1000","12"\n"a","b","y","z"\n"m/s","C","g","V"\n"Smp","Smp","Smp","Avg"\n${data.map((row, i) => `${row},${i * i}`).join('\n')}\n`,
      keys: { targets: ['y'], inputs: ['a', 'b'] },
      said: ['1:1 skipped-rows?'],
    },
    'stand below two lines and a blank one': {
      text: `"Source","World",\n\n"Updated","2023-02-01",\n\n"Name","a","b","y",\n${data.map((row, i) => `"N, ${i}","${row.replaceAll(',', '","')}",`).join('\n')}\n`,
      said: ['1:1 skipped-rows?', '5:1 text-column', '5:20 empty-columns'],
    },
    'end in a comma as all rows do': {
      text: `"Name","a","b","y",\n${data.map((row, i) => `"N, ${i}","${row.replaceAll(',', '","')}",`).join('\n')}\n`,
      said: ['1:1 text-column', '1:20 empty-columns'],
    },
    'are missing over row names of R': {
      text: beside('"",a,b,y', (i) => `"car ${i}, blue",`),
      said: ['1:1 no-name?'],
    },
    'are missing over an index': { text: beside(',a,b,y', (i) => `${i},`), said: ['1:1 no-name?'] },
    'are missing over a shuffled index': {
      text: beside(',a,b,y', (i) => `${(i * 3) % 8},`),
      said: ['1:1 no-name?'],
    },
    'say that columns were an index once and twice': {
      text: beside('Unnamed: 0.1,Unnamed: 0,a,b,y', (i) => `${i},${(i * 5) % 8},`),
      said: ['1:1 identifier', '1:14 identifier'],
    },
  });
});

describe('numbers that commas cut', () => {
  const cut = (head: string, first: (i: number) => string) =>
    `${head}\n${rows.map((_, i) => `${first(i)}${i},${i * i}`).join('\n')}\n`;
  suite({
    'at their thousands are no names of rows': {
      text: cut('city,pop,b', (i) => `C${i},${i + 56},0${i}0,`),
      said: ['1:1 ragged!'],
      says: /commas stand before fractions or between thousands/,
    },
    'at their fractions': {
      text: cut('a,b,y', (i) => `${(3 * i) % 7},${i + 12},`),
      said: ['1:1 ragged!'],
      says: /write such numbers in quotes/,
    },
  });
});

describe('lines around and between rows', () => {
  suite({
    'that hold means and deviations are left out': {
      text: `${beside('n,a,b,y', (i) => `s${i},`)}Mean,483.16,10.56,939.63\nSD,892.1,13.2,1763\n`,
      said: ['1:1 text-column', '10:1 total-rows?'],
    },
    'that hold a total of one column are left out': {
      text: `${beside('n,a,b,y', (i) => `s${i},`)}Total,,,7517\n`,
      said: ['1:1 text-column', '10:1 total-rows?'],
    },
    'that hold least and largest numbers are left out': {
      text: `${beside('n,a,b,y', (i) => `s${i},`)}Min,-7.25,-1.5,-114\nMax,2500.75,40,4949.5\n`,
      said: ['1:1 text-column', '10:1 total-rows?'],
    },
    'that hold words at the end are told once': {
      text: `${csv}\nSource: a book\n* as of today\n`,
      said: ['11:1 footer!'],
      cure: { skipfooter: 2 },
    },
    'that hold totals of some rows are told': {
      text: beside('n,a,b,y', (i) => `${i === 3 || i === 7 ? 'Subtotal' : `s${i}`},`) + 'end,1,2,3\n',
      rows: [...plain, [1, 2, 3]],
      said: ['1:1 text-column', '5:1 subtotal-rows?'],
    },
    'may be blank, every second one': { text: csv.replaceAll('\n', '\r\n\r\n') },
    'may be blank above the names': { text: `\n\n  \n${csv}` },
    'may end in different ways': { text: csv.replace(/\n/g, (_, at: number) => (at % 2 ? '\r\n' : '\n')) },
    'may be comments with delimiters, and rows end in one more': {
      text: `#Site:,77,,\n#Place:,Roof,,\n#From,To,,\na,b,y\n${data.map((row) => `${row},`).join('\n')}\n`,
      said: ['1:1 comment', '5:15 trailing-rows'],
    },
    'may be comments in front of quoted names': {
      text: `\uFEFF# Station 7, all days\n# UTF-8\n#\n"Time";"a";"b";"N";"y"\n${data.map((row, i) => `"0${i + 1}.05.2022 09:00";${row.replace(/,([^,]*)$/, ';;$1').replace(',', ';')};`).join('\n')}\n`,
      said: ['1:1 comment', '4:1 text-column', '4:16 text-column', '5:35 trailing-rows'],
    },
    'may say what stands between the cells': { text: `sep=,\n${csv}`, said: ['1:1 sep-line'] },
    'may say so where it is asked for too': {
      text: `sep=;\n${textOf(';')}`,
      keys: { delimiter: ';' },
      said: ['1:1 sep-line'],
    },
    'may be empty at the end, with two columns of nothing': {
      text: `a,b,y,,\n${data.map((row) => `${row},,`).join('\n')}\n,,,,\n,,,,\n`,
      said: ['1:7 empty-columns', '10:1 empty-rows'],
    },
    'may be a footer of one cell and delimiters': {
      text: `sign|a|b|y\n${data.map((row, i) => `S${i}|${row.replaceAll(',', '|')}`).join('\n')}\nMade: 0103202211:31|||\n`,
      said: ['1:1 text-column', '10:1 footer!'],
      cure: { skipfooter: 1 },
    },
    'may be a total of one column': {
      text: `${csv},Total:,99\n`,
      said: ['10:1 total-rows!'],
      cure: { skipfooter: 1 },
    },
    'may be a total of one column that is right': {
      text: `${csv},Total,${rows.reduce((sum, [, , y]) => sum + y, 0)}\n`,
      said: ['10:1 total-rows?'],
    },
    'may be sums without a word': {
      text: `${csv}${[0, 1, 2].map((i) => rows.reduce((sum, row) => sum + row[i], 0)).join()}\n`,
      rows: [...plain, [0, 1, 2].map((i) => rows.reduce((sum, row) => sum + row[i], 0))],
      said: ['10:1 total-rows?'],
    },
    'may be means, as far as they are written, beside numbers of rows': {
      text: `id,${header}\n${data.map((row, i) => `${i + 1},${row}`).join('\n')}\nAverage,483.16,10.56,939.63\n`,
      names: 'id,a,b,y',
      rows: plain.map((row, i) => [i + 1, ...row]),
      said: ['10:1 total-rows?'],
    },
    'may be sums and means': {
      text: `${textOf(',').replace(/^(.)/gm, 'r,$1')}Total,3865.3,84.5,7517\nMean:,483.2,10.6,939.6\n`,
      said: ['1:1 text-column', '10:1 total-rows?'],
    },
    'may claim to be a mean without being one': {
      text: `id,${header}\n${data.map((row, i) => `${i + 1},${row}`).join('\n')}\nAverage,1,2,3\n`,
      said: ['10:1 not-a-number!', '10:1 total-rows?'],
    },
    'may be of a word that others have too': {
      text: `grade,${header}\n${data.map((row, i) => `${i % 2 ? 'average' : 'good'},${row}`).join('\n')}\n`,
      said: ['1:1 text-column'],
    },
    'may be a title with delimiters after it, and one of nothing': {
      text: `Log of May 3rd,,\n,,\n${csv}`,
      said: ['1:1 skipped-rows?', '2:1 empty-rows'],
    },
    'may be such a title, and units': {
      text: `Log of May 3rd;;\n${textOf(';').replace('\n', '\n[m];[s];[kg]\n')}`,
      said: ['1:1 skipped-rows?', '3:1 skipped-rows?'],
    },
    'may be rules as databases draw them': {
      text: `  a  |  b  |  y\n-----+-----+-----\n${data.map((row) => ` ${row.replaceAll(',', ' | ')}`).join('\n')}\n(8 rows)\n`,
      said: ['2:1 skipped-rows?', '11:1 footer!'],
      cure: { skipfooter: 1 },
    },
    'may hold a word in every cell once': {
      text: `|2x3 some check\n${data.map((row) => `${row}, <=9K.`).join('\n')}\n`,
      names: 'x0,x1,x2',
      said: ['1:1 skipped-rows?', '2:1 no-header', '2:16 other-target?'],
    },
  });
});

describe('what stands between cells', () => {
  suite({
    'may be blanks in front of each row, without names': {
      text: `  ${textOf('   ').split('\n').slice(1, 9).join('\n  ')}\n`,
      fileName: 'd.data',
      names: 'x0,x1,x2',
      said: ['1:3 no-header'],
    },
    'may be one blank, and one more at the end of a row': {
      text: textOf(' ').replace('13.5\n', '13.5 \n'),
      fileName: 'd.dat',
    },
    'may be one blank beside codes': {
      text: `${data.map((row, i) => `A${i} ${row.replaceAll(',', ' ')}`).join('\n')}\n`,
      fileName: 'd.asc',
      names: 'x1,x2,x3',
      said: ['1:1 no-header', '1:1 text-column'],
    },
    'may be tabs, without names': {
      text: `${data.map((row) => row.replaceAll(',', '\t')).join('\n')}\n`,
      fileName: 'd.TXT',
      names: 'x0,x1,x2',
      said: ['1:1 no-header'],
    },
    'is one character': {
      text: csv.replaceAll(',', '::'),
      said: ['1:1 other-kind!'],
      says: /set dataset\.delimiter to ":"/,
    },
    'is named by what the rows show, where another was asked for': {
      text: csv,
      keys: { delimiter: '\\s+' },
      said: ['1:1 other-delimiter!'],
      cure: { delimiter: ',' },
    },
    'is a comma too many where it stands in numbers': {
      text: csv.replaceAll('.', ','),
      said: ['1:1 ragged!'],
      says: /semicolons between the cells/,
    },
    'is nothing where there is one column': {
      text: 'c0\nv0\na;b\n',
      said: ['1:20 no-column!'],
      says: /no column of numbers/,
    },
    'is no sparse text': {
      text: '1.5 1:2 3:4\n-2 2:0.5 3:1\n',
      fileName: 'd.txt',
      said: ['1:1 other-kind!'],
      says: /LIBSVM/,
    },
    'is no name and number': {
      text: 'a:1.5,b:2\na:3,b:4.25\n',
      said: ['1:1 other-kind!'],
      says: /a name and a number/,
    },
    'is not of two lines a record': {
      text: ' A text\n about it.\n\n 1.5 2 3 4\n 5 6\n 2.5 3 4 5\n 6 7\n 3.5 4 5 6\n 7 8\n',
      fileName: 'd.txt',
      said: ['4:1 other-kind!'],
      says: /two lines, of 4 and 2 numbers/,
    },
  });
});

describe('quotes', () => {
  suite({
    'in the middle of a cell are text, between tabs': {
      text: beside('n,a,b,y', (i) => `Brat"slav ${i},`).replaceAll(',', '\t'),
      said: ['1:1 text-column'],
    },
    'after inches are text': { text: beside('n,a,b,y', (i) => `${i}2" screen,`), said: ['1:1 text-column'] },
    'within quotes are told at their line': {
      text: beside('n,a,b,y', (i) => (i === 4 ? '"AL "BIG"",' : '"AL B",')),
      said: ['1:1 text-column', '6:1 quotes!'],
    },
    'around whole rows below the names are told': {
      text: csv.trimEnd().replace(/^[^a].*$/gm, '"$&"'),
      said: ['1:1 ragged!'],
      says: /delete the quotes around whole rows/,
    },
    'around whole rows are told': {
      text: csv.trimEnd().replace(/^.*$/gm, '"$&"'),
      said: ['1:1 other-kind!'],
      says: /each row is one cell in double quotes.*delete the quotes/,
    },
    'with backslashes are told at their line': {
      text: beside('n,a,b,y', (i) => (i === 2 ? '"the \\"last\\" one, really",' : '"one",')),
      said: ['1:1 text-column', '4:1 quotes!'],
      says: /a " inside is written ""/,
    },
    'that never close are told where they open': {
      text: beside('n,a,b,y', (i) => (i === 3 ? '"item,' : 'item,')),
      said: ['1:1 text-column', '5:1 quotes!'],
    },
    'may stand around numbers': { text: csv.replace(/[^,\n]+/g, '"$&"') },
  });
});
