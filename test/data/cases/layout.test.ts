import { describe, expect, it } from 'vitest';
import { rows, rowsOf, take, textOf } from './cases';

const plain = rows.map((row) => [...row]);
const csv = textOf(',');
const [, ...data] = csv.trimEnd().split('\n');

describe('lines that are no data', () => {
  it.each([
    ['a title', `Extracted on 2025-01-06\n${csv}`, 'skipped-rows'],
    ['a title and a blank line', `Category: all\n\n${csv}`, 'skipped-rows'],
    ['comments', `# Site A, hourly, raw\n# by someone\n#\n${csv}`, 'comment'],
    [
      'a comment between rows',
      `a,b,y\n${data.slice(0, 4).join('\n')}\n# calibrated\n${data.slice(4).join('\n')}\n`,
      'comment',
    ],
    ['percent signs', `% made by a program\n% of some kind\n${csv}`, 'comment'],
    ['names in a comment', `# a b y\n${textOf(' ').split('\n').slice(1).join('\n')}`, 'comment-names'],
    ['rows of delimiters', `,,\n,,\n${csv},,\n,,\n`, 'empty-rows'],
    ['a row of units', csv.replace('\n', '\nm,[s],(kg)\n'), 'skipped-rows'],
    ['a row of types', csv.replace('\n', '\nfloat,float,float\n'), 'skipped-rows'],
    ['a count above the names', `8,2,\n${csv}`, 'skipped-rows'],
    ['the header again', csv + csv, 'header-rows'],
    ['a line of Excel', `sep=;\r\n${textOf(';')}`, 'sep-line'],
    ['the same in quotes', `"sep=|"\n${textOf('|')}`, 'sep-line'],
    ['delimiters at the ends', `a,b,y\n${data.map((row) => `${row},`).join('\n')}\n`, 'trailing-rows'],
    ['one delimiter too many', csv.replace(data[0], `${data[0]}, `), 'trailing-rows'],
    ['names of rows', `a,b,y\n${data.map((row, i) => `"r ${i}",${row}`).join('\n')}\n`, 'row-names'],
    [
      'a rule',
      `|a|b|y|\n|---|---|---|\n${data.map((row) => `|${row.replaceAll(',', '|')}|`).join('\n')}\n`,
      'skipped-rows',
    ],
    ['a total', `${textOf(',').replace(/^(.)/gm, 'r,$1')}Total,3865.25,84.5,7517\n`, 'total-rows'],
  ])('are left out with a note: %s', async (_, text, code) => {
    const taken = await take(text);
    expect(rowsOf(taken)?.slice(0, 8)).toEqual(code === 'header-rows' ? [...plain, ...plain].slice(0, 8) : plain);
    expect(taken.problems.map((problem) => problem.code)).toContain(code);
    expect(taken.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('are rows that begin with a mark, with a warning, for they may be data', async () => {
    const { problems } = await take('tag;b;y\nt1;1;2\nt2;2;4\n% 3;9;6\nt4;4;8\nt5;5;10\nt6;6;12\n');
    expect(problems.find(({ code }) => code === 'comment')).toMatchObject({
      ...{ line: 4, column: 1, severity: 'warning' },
      message:
        'line 4 beginning with "%" is a comment, no row; this one has as many cells as a row, so remove "%" from it if it is data',
    });
  });

  it.each([
    [
      'two rows of names',
      csv.replace('\n', '\narea,size,price\n'),
      { line: 2, column: 1, code: 'header-rows' },
      { skiprows: [1] },
    ],
    [
      'the same, with the names below',
      `one,two,three\n${csv}`,
      { line: 2, column: 1, code: 'header-rows' },
      { skiprows: 1 },
    ],
    [
      'a sentence',
      `Data as they are, without any warranty, for everyone\n${csv}`,
      { line: 1, column: 1, code: 'header-rows' },
      { skiprows: 1 },
    ],
    [
      'three rows of names',
      csv.replace('\n', '\nX,Y,Z\nP,Q,R\n'),
      { line: 2, code: 'header-rows' },
      { skiprows: [1, 2] },
    ],
    ['a footer', `${csv}end of data\n`, { line: 10, column: 1, code: 'footer' }, { skipfooter: 1 }],
    ['a footer after a blank line', `${csv}\nSource: someone\n`, { line: 11, code: 'footer' }, { skipfooter: 1 }],
    [
      'a comment of another kind',
      csv.replace(data[3], `! broken\n${data[3]}`),
      { line: 5, code: 'ragged' },
      { comment: '!' },
    ],
    [
      'rows that end early',
      csv.replace(data[2], '1234.5,3.75'),
      { line: 4, column: 1, code: 'ragged' },
      { missing: 'drop' },
    ],
    [
      'blanks where one blank was asked for',
      textOf('   '),
      { line: 1, code: 'blank-runs' },
      { delimiter: 'whitespace' },
    ],
  ])('are named once, with the key that helps: %s', async (name, text, place, cure) => {
    const asked = name.startsWith('blanks') ? { delimiter: ' ' } : {};
    const { problems } = await take(text, asked);
    const errors = problems.filter(({ severity }) => severity === 'error');
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject(place);
    expect(errors[0].message).toContain(`dataset.${Object.keys(cure)[0]}`);
    const taken = await take(text, cure);
    const kept = name === 'rows that end early' ? plain.filter((_, i) => i !== 2) : plain;
    expect(rowsOf(taken)).toEqual(kept);
  });

  it('are the same under pandas’ words for them', async () => {
    expect(rowsOf(await take(`x\n\ny z\n${csv}1,2\n`, { skiprows: 3, skipfooter: 1 }))).toEqual(plain);
    expect(rowsOf(await take(`p,q,r\n${csv}`, { header: 1 }))).toEqual(plain);
    expect(rowsOf(await take(csv.replace(data[1], `${data[1]} ; here`), { comment: ';' }))).toEqual(plain);
    expect((await take(csv, { skiprows: [1, 2] })).dataset!.rows).toBe(6);
    expect((await take(csv, { delimiter: '::' })).problems[0].message).toContain('"whitespace"');
  });

  it('are not found where there are none', async () => {
    for (const text of [
      '#N/A,1,2\n3,4,5\n6,7,8\n',
      '#,a,y\n1,2,3\n2,5,7\n',
      'tag,n,y\n#love,1,2\n#art,3,4\n',
      'name,2019,2020\nx,1,2\nz,4,9\n',
    ]) {
      const { table, problems } = await take(text);
      expect(table!.rows, text).toBe(text.startsWith('#N') ? 3 : 2);
      expect(problems.filter(({ code }) => code === 'comment' || code === 'skipped-rows')).toEqual([]);
    }
  });
});

describe('blanks between cells', () => {
  it.each([
    ['runs of them', textOf('    ')],
    ['single ones', textOf(' ')],
    ['tabs among them', textOf(' \t ')],
    ['some before and after', textOf('  ').replace(/^/gm, '   ').replace(/$/gm, '  ').trimEnd()],
    [
      'names of rows',
      textOf('  ')
        .split('\n')
        .filter(Boolean)
        .map((line, i) => (i > 0 ? `${i - 1}  ${line}` : `   ${line}`))
        .join('\n'),
    ],
    [
      'quoted names',
      `"a" "b" "y"\n${textOf(' ')
        .split('\n')
        .slice(1, 9)
        .map((line, i) => `"r ${i}" ${line}`)
        .join('\n')}\n`,
    ],
  ])('are found: %s', async (_, text) => {
    expect(rowsOf(await take(text, {}, 'd.txt'))).toEqual(plain);
  });

  it('are not taken for delimiters in other files', async () => {
    expect((await take('name,y\nred car,1\nblue car,2\n')).table!.columns).toHaveLength(2);
    expect((await take('weight\n12 kg\n13 kg\n')).table!.columns).toHaveLength(1);
    expect((await take('1 234\n5 678\n')).table!.columns).toHaveLength(1);
  });
});

describe('a first row', () => {
  it.each([
    ['M,2.5,1\nF,3.5,2\nM,4.5,4\n', 3],
    ['5.1,3.5,Iris-a\n4.9,3.0,Iris-b\n', 2],
    ['842302,M,17.99\n842517,B,20.57\n', 2],
    ['a,2019,2020\nx,1,2\n', 1],
    ['a,b\n1,2\n', 1],
  ])('is data or names: %j', async (text, count) => {
    expect((await take(text)).table!.rows).toBe(count);
    expect((await take(text, { header: true })).table!.rows).toBe(text.split('\n').length - 2);
    expect((await take(text, { header: false })).table!.rows).toBe(text.split('\n').length - 1);
  });
});
