import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { plain, rows, rowsOf, said, suite, take, textOf } from './cases';

const csv = textOf(',');
const utf8 = (text: string) => strToU8(text);
const utf16 = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le'));
const objects = rows.map(([a, b, y]) => ({ a, b, y }));
const json = JSON.stringify(objects);
const jsonl = objects.map((row) => JSON.stringify(row)).join('\n');
/** The rows without one of them. */
const but = (...left: number[]) => plain.filter((_, i) => !left.includes(i));
const gzip = (...parts: (string | Uint8Array)[]) => new Uint8Array(Buffer.concat(parts.map((part) => gzipSync(part))));
const joined = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

describe('JSON', () => {
  const text = JSON.stringify(objects, null, 1);
  suite({
    'may begin with a byte order mark': { text: utf8(`\uFEFF${json}`), fileName: 'd.json' },
    'may be UTF-16': { text: utf16(`\uFEFF${json}`), fileName: 'd.json' },
    'may hold NaN': {
      text: text.replace('3.75', 'NaN'),
      fileName: 'd.json',
      said: ['14:8 missing-value!'],
      cure: { missing: 'drop' },
      cured: but(2),
    },
    'holds no Infinity': { text: text.replace('3.75', 'Infinity'), fileName: 'd.json', said: ['14:8 not-finite!'] },
    'may hold numbers as texts': { text: json.replace(/:(-?[\d.]+)/g, ':"$1"'), fileName: 'd.json' },
    'may hold an object in each row': {
      text: json.replaceAll('{', '{"meta":{"id":1},'),
      fileName: 'd.json',
      said: ['1:10 nested?'],
    },
    'may stand in a key of an answer': { text: `{"status":"ok","count":8,"data":${json}}`, fileName: 'd.json' },
    'may be rows by names': {
      text: JSON.stringify(Object.fromEntries(objects.map((row, i) => [`row ${i}`, row]))),
      fileName: 'd.json',
      said: ['1:1 json-rows'],
    },
    'may be columns of an index': {
      text: JSON.stringify({
        columns: ['a', 'b', 'y'],
        index: [5, 2, 17, 0, 3, 6, 11, 4],
        data: rows,
      }),
      fileName: 'd.json',
    },
    'may be columns by row numbers': {
      text: JSON.stringify(
        Object.fromEntries(
          ['a', 'b', 'y'].map((name, i) => [name, Object.fromEntries(rows.map((row, r) => [r, row[i]]))]),
        ),
      ),
      fileName: 'd.json',
    },
    'may be rows by their numbers': { text: JSON.stringify(Object.fromEntries(objects.entries())), fileName: 'd.json' },
    'has no comma before its end': {
      text: text.replace(/\}\s*\]$/, '},\n]'),
      fileName: 'd.json',
      said: ['42:1 json-syntax!'],
      says: /delete the comma/,
    },
    'is one value': { text: jsonl, fileName: 'd.json', said: ['2:1 json-syntax!'], says: /name it \.jsonl/ },
    'is no map': {
      text: `{"type": "FeatureCollection", "features": [${objects.map((properties) => JSON.stringify({ type: 'Feature', geometry: { type: 'Point', coordinates: [1, 2] }, properties })).join()}]}`,
      fileName: 'd.json',
      said: ['1:43 geojson!'],
      says: /GeoJSON.*properties of its features/,
    },
  });
});

describe('JSON lines', () => {
  suite({
    'may begin with a byte order mark': { text: utf8(`\uFEFF${jsonl}`), fileName: 'd.jsonl' },
    'may be UTF-16': { text: utf16(`\uFEFF${jsonl}`), fileName: 'd.ndjson' },
    'may be blank between': { text: jsonl.replaceAll('\n', '\n  \n\n'), fileName: 'd.jsonl' },
    'may end in commas': { text: jsonl.replaceAll('\n', ' ,\r\n'), fileName: 'd.jsonl', said: ['1:29 json-comma'] },
    'may end in commas, the last one too': {
      text: `${jsonl.replaceAll('\n', ',\n')},\n`,
      fileName: 'd.jsonl',
      said: ['1:28 json-comma'],
    },
    'may hold NaN': {
      text: jsonl.replace('3.75', 'NaN').replaceAll('\n', '\r\n'),
      fileName: 'd.jsonl',
      said: ['3:17 missing-value!'],
      cure: { missing: 'drop' },
      cured: but(2),
    },
    'may lack a key in some rows': {
      text: jsonl.replace('"b":3.75,', '').replace('"b":8,', ''),
      fileName: 'd.jsonl',
      said: ['3:1 missing-value!', '6:1 missing-value!'],
      cure: { missing: 'drop' },
      cured: but(2, 5),
    },
    'may have a key in the last rows alone': {
      text: jsonl.replace('"y":4949.5', '"y":4949.5,"z":1').replace('"y":204', '"y":204,"z":3'),
      fileName: 'd.jsonl',
      said: [1, 2, 3, 4, 5, 6].map((line) => `${line}:1 missing-value!`),
    },
  });
});

describe('arrays and parquet, as their own programs write them', () => {
  const written = (fileName: string) => ({
    text: new Uint8Array(readFileSync(path.join(__dirname, '../../fixtures/tables', fileName))),
    fileName,
  });
  const named = { inputs: ['a', 'b'], targets: ['y'] };
  const columns = (...all: string[]) => all.join();
  suite({
    'of one number are refused': { ...written('scalar.npy'), said: ['1:1 npy-shape!'], says: /shape \(\)/ },
    'of days are refused': { ...written('days.npy'), said: ['1:1 npy-type!'], says: /"<M8\[D\]" cannot be read/ },
    'of texts are numbers': { ...written('texts.npy'), names: columns('x0', 'x1', 'x2') },
    'of fields leave out the one of text': { ...written('mixed.npy'), said: ['1:1 text-column'] },
    'keep a column that counts from 0': {
      ...written('counts.npy'),
      names: columns('x0', 'x1', 'x2'),
      rows: Array.from({ length: 12 }, (_, i) => [i, (i * 7) % 5, i + 2 * ((i * 7) % 5)]),
    },
    'of an archive may have no names': {
      ...written('positional.npz'),
      names: columns('arr_0[0]', 'arr_0[1]', 'arr_1'),
    },
    'of an archive may be one column alone': { ...written('named.npz'), names: columns('X[0]', 'X[1]', 'y') },
    'hold texts': written('texts.parquet'),
    'hold decimals': written('decimals.parquet'),
    'hold decimals as integers': written('integer-decimals.parquet'),
    'hold no rows': { ...written('empty.parquet'), said: ['1:1 no-rows!'], says: /no rows of data/ },
    'hold nothing but objects': {
      ...written('one-struct.parquet'),
      said: ['1:1 skipped-column!'],
      says: /"s" \(several values/,
    },
    'hold lists and objects beside numbers': { ...written('nested.parquet'), said: ['1:1 skipped-column'] },
    'hold whole numbers beyond 2^53': { ...written('big.parquet'), keys: named },
    'hold dates beside numbers': { ...written('stamps.parquet'), said: ['1:1 text-column', '1:1 text-column'] },
    'hold nulls': {
      ...written('nulls.parquet'),
      names: columns('a', 'ok', 'y'),
      said: ['1:1 missing-value!', '1:1 missing-value!'],
      says: /^row 3: column "a" has no value/,
      cure: { missing: 'drop' },
      cured: plain
        .map(([a, , y], i) => [Math.trunc(4 * a), Number(i % 2 === 0), y])
        .filter((_, i) => i !== 2 && i !== 5),
    },
    'hold an index of pandas and categories': {
      ...written('frame.parquet'),
      keys: named,
      rows: [...plain].reverse(),
      said: ['1:1 skipped-column'],
    },
    'hold small types': {
      ...written('small.parquet'),
      names: columns('f', 'i', 'k', 'y'),
      rows: plain.map(([a], i) => [a > 1000 ? a - (a % 2) : a, i - 4, Number(i % 3 === 0), 2 * i]),
    },
  });
});

describe('text in other encodings', () => {
  suite({
    'may be UTF-16 of either order, quoted': { text: utf16(`\uFEFF${csv.replace(/[^,\n]+/g, '"$&"')}`).slice() },
    'may be UTF-16 with the high byte first': {
      text: Uint8Array.from(Buffer.from(`\uFEFF${csv}`, 'utf16le').swap16()),
    },
    'may be UTF-16 without a mark': { text: utf16(csv) },
    'may be UTF-16 without a mark, as asked': { text: utf16(csv), keys: { encoding: 'utf-16le' } },
    'may be UTF-16 with tabs and decimal commas': {
      text: utf16(`\uFEFF${textOf('\t', (value) => String(value).replace('.', ',')).replaceAll('\n', '\r\n')}`),
      fileName: 'd.txt',
      said: ['2:1 decimal-comma'],
    },
    'may be Latin-1': {
      text: new Uint8Array(Buffer.from(csv.replace('b', 'b(\u00b0C)'), 'latin1')),
      names: 'a,b(°C),y',
      said: ['1:5 encoding'],
    },
    'may be Latin-1, as asked': {
      text: new Uint8Array(Buffer.from(csv.replace('b', 'b(\u00b0C)'), 'latin1')),
      keys: { encoding: 'latin1' },
      names: 'a,b(°C),y',
    },
  });
});

describe('packed files', () => {
  const files = (names: Record<string, string | Uint8Array>) =>
    zipSync(
      Object.fromEntries(Object.entries(names).map(([name, one]) => [name, typeof one === 'string' ? utf8(one) : one])),
    );
  suite({
    'may be gzip of several members': { text: gzip(csv.slice(0, 40), csv.slice(40)), fileName: 'd.csv.gz' },
    'may be gzip followed by zeros': { text: joined(gzip(csv), new Uint8Array(500)), fileName: 'd.csv.gz' },
    'may be gzip in capitals': { text: gzip(csv), fileName: 'D.CSV.GZ' },
    'may be gzip of JSON': { text: gzip(json), fileName: 'd.json.gz' },
    'are not cut off': { text: gzip(csv).subarray(0, 90), fileName: 'd.csv.gz', said: ['1:1 gzip-damaged!'] },
    'are called what they are, gzip': {
      text: gzip(csv),
      said: ['1:1 misnamed!'],
      says: /gzip file; rename it to \.csv\.gz/,
    },
    'are called what they are, no gzip': {
      text: utf8(csv),
      fileName: 'd.csv.gz',
      said: ['1:1 misnamed!'],
      says: /take \.gz off/,
    },
    'are called what they are, zip': {
      text: files({ 'd.csv': csv }),
      said: ['1:1 misnamed!'],
      says: /zip file; rename it to \.zip/,
    },
    'may be zip with one table': {
      text: files({ 'data/d.csv': csv, '__MACOSX/data/._d.csv': 'x', 'README.txt': 'Read me' }),
      fileName: 'd.zip',
    },
    'may be zip with a table of another kind': { text: files({ 'a.jsonl': jsonl }), fileName: 'd.csv.zip' },
    'may be zip with a packed table': { text: files({ 'a.csv.gz': gzip(csv) }), fileName: 'd.zip' },
    'may be zip with a table in UTF-16': {
      text: files({ 'a.tsv': utf16(`\uFEFF${textOf('\t')}`) }),
      fileName: 'd.zip',
    },
    'have one table': {
      text: files({ 'train.csv': csv, 'test.csv': csv }),
      fileName: 'd.zip',
      said: ['1:1 zip!'],
      says: /holds 2 tables \(train\.csv, test\.csv\); unpack it/,
    },
    'have a table at all': {
      text: files({ 'a.png': 'x' }),
      fileName: 'd.zip',
      said: ['1:1 zip!'],
      says: /no table \(a\.png\)/,
    },
    'have anything at all': { text: files({}), fileName: 'd.zip', said: ['1:1 zip!'], says: /no table/ },
    'are zip where they say so': {
      text: utf8(csv),
      fileName: 'd.zip',
      said: ['1:1 misnamed!'],
      says: /rename it to \.csv/,
    },
    'hold what their names say': {
      text: files({ 'a.csv': '<!DOCTYPE html><html><body></body></html>' }),
      fileName: 'd.zip',
      said: ['1:1 misnamed!'],
      says: /^a\.csv: this is a web page/,
    },
    'are zip to their end': {
      text: files({ 'd.csv': csv }).subarray(0, 120),
      fileName: 'd.zip',
      said: ['1:1 zip!'],
      says: /cannot be read/,
    },
  });
});

describe('files of other kinds', () => {
  it.each([
    ['d.arff', '@relation t\n', 'ARFF'],
    ['d.feather', 'FEA1', 'Feather'],
    ['d.sas7bdat', '\0', 'read_sas'],
    ['d.xpt', 'HEADER RECORD*******LIBRARY', 'read_sas'],
    ['d.sav', '$FL2', 'read_spss'],
    ['d.dta', '<stata_dta>', 'read_stata'],
    ['d.html', '<html>', 'web page'],
    ['d.geojson', '{}', 'GeoJSON'],
    ['d.xls', 'a\tb', 'Excel'],
    ['d.ods', 'PK', 'OpenDocument'],
    ['d.pkl', 'x', 'pickle'],
    ['d.h5', 'x', 'HDF5'],
    ['d.mat', 'x', 'MATLAB'],
    ['d.rds', 'x', 'write.csv'],
    ['d.db', 'x', 'SQLite'],
    ['d.pdf', 'x', 'PDF'],
    ['d.7z', 'x', 'unpack'],
    ['d.tar', 'x', 'unpack'],
    ['d', csv, '.csv'],
  ])('%s is named with the way out', async (fileName, text, word) => {
    const { problems } = await take(utf8(text), {}, fileName);
    expect(said(problems)).toEqual(['1:1 unknown-format!']);
    expect(problems[0].message).toContain(word);
  });

  it.each([
    ['ARFF', '% by Weka\n@RELATION t\n@attribute a numeric\n@data\n1\n', 'ARFF'],
    ['HTML', '\n<!doctype HTML>\n<html><table></table></html>\n', 'web page'],
    ['HTML without a head', '<html lang="en"><body><pre>a,b\n1,2\n</pre></body></html>', 'web page'],
    ['XML', '<?xml version="1.0"?>\n<rows><row a="1"/></rows>\n', 'XML'],
    ['a pointer of LFS', 'version https://git-lfs.github.com/spec/v1\noid sha256:1f\nsize 12\n', 'git lfs pull'],
    ['no file', '404: Not Found', 'check the link'],
    ['RTF', '{\\rtf1\\ansi a,b\\par 1,2}', 'RTF'],
    ['JSON', json, 'rename the file to .json'],
    ['JSON lines', jsonl, '.jsonl'],
    ['SPSS', '$FL2@(#) SPSS DATA FILE\0\0', 'SPSS'],
    ['Feather', 'ARROW1\0\0\x10\0\0\0', 'Feather'],
    ['SQLite', 'SQLite format 3\0\x10\0', 'SQLite'],
    ['PDF', '%PDF-1.7\n%\xe2\xe3\n', 'PDF'],
  ])('in a .csv are named as what they are: %s', async (_, text, word) => {
    const { problems, table } = await take(Uint8Array.from(Buffer.from(text, 'latin1')));
    expect(table).toBeUndefined();
    expect(problems.filter(({ severity }) => severity === 'error')).toHaveLength(1);
    expect(problems[0]).toMatchObject({ file: 'd.csv', severity: 'error' });
    expect(problems[0].message).toContain(word);
  });

  it('in a .json or .parquet are named too', async () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:1f\nsize 12\n';
    for (const [fileName, text, word] of [
      ['d.json', pointer, 'git lfs pull'],
      ['d.parquet', pointer, 'git lfs pull'],
      ['d.npy', pointer, 'git lfs pull'],
      ['d.xlsx', pointer, 'git lfs pull'],
      ['d.jsonl', '<!DOCTYPE html>\n<html></html>', 'web page'],
      ['d.parquet', '<!DOCTYPE html>\n<html></html>', 'web page'],
      ['d.csv.gz', '<!DOCTYPE html>\n<html></html>', 'web page'],
      ['d.xlsx', '<html><table></table></html>', 'web page'],
      ['d.json', csv, 'rename it to .csv'],
    ]) {
      const { problems } = await take(utf8(text), {}, fileName);
      expect(problems[0].message, fileName).toContain(word);
      expect(problems[0], fileName).toMatchObject({ file: fileName, severity: 'error' });
    }
  });

  it('of text are not seen where there are tables', async () => {
    expect(rowsOf(await take(csv.replace('a,b,y', '"<html>",b,y')))).toEqual(plain);
    expect(rowsOf(await take(csv.replace('a,b,y', 'version https,b,y')))).toEqual(plain);
  });
});
