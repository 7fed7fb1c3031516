import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../../src/config/checkConfig';
import { parseConfig } from '../../../src/config/parseConfig';
import { describeFile } from '../../../src/data/describeTable';
import { readDataset } from '../../../src/data/dataset/fileDataset';
import { dateTime, datesIn } from '../../../src/data/table/dateCells';

describe('a date', () => {
  it.each([
    ['2023-01-31', false, '2023-01-31T00:00:00Z'],
    ['2023/1/31', true, '2023-01-31T00:00:00Z'],
    ['31.1.2023', false, '2023-01-31T00:00:00Z'],
    ['1/31/2023', false, '2023-01-31T00:00:00Z'],
    ['31/1/2023', true, '2023-01-31T00:00:00Z'],
    ['3-4-23', false, '2023-03-04T00:00:00Z'],
    ['3-4-69', true, '1969-04-03T00:00:00Z'],
    ['2024-02-29 06:30', false, '2024-02-29T06:30:00Z'],
    ['2024-02-29T06:30:15.250Z', false, '2024-02-29T06:30:15.250Z'],
    ['2024-02-29T06:30:15+02:00', false, '2024-02-29T04:30:15Z'],
    ['2024-02-29T23:30:00-0130', false, '2024-03-01T01:00:00Z'],
    ['0099-12-31', false, '0099-12-31T00:00:00Z'],
  ])('%s (day first: %s) is %s', (cell, dayFirst, iso) => {
    expect(dateTime(cell, dayFirst)).toBe(Date.parse(iso));
  });

  it.each(['31/1/2023', '2023-02-29', '2023-13-01', '2023-1', '20230131', '2023-01-31 25:00', '1.2', 'today', ''])(
    'is not %j',
    (cell) => {
      expect(dateTime(cell, false)).toBeNaN();
    },
  );

  it('is one of a column whose cells are all written in one order', () => {
    expect(datesIn(['2/1/2023', '1/2/2023'])).toEqual({ first: '2023-01-02', dayFirst: false });
    expect(datesIn(['2/1/2023', '13/2/2023'])).toEqual({ first: '2023-01-02', dayFirst: true });
    expect(datesIn(['13/2/2023', '2/13/2023'])).toBeUndefined();
    expect(datesIn(['2023-01-02', 'x'])).toBeUndefined();
    expect(datesIn([])).toBeUndefined();
  });
});

describe('a column of dates', () => {
  const dates = { columns: ['day'], since: '2023-01-01', dayFirst: false };
  const text = 'day,y\n2023-01-01,1\n2023-01-02 12:00,2\n2024-01-01,3\n2022-12-31,4\n';

  it.each([
    ['days.csv', text],
    ['days.json', JSON.stringify([...text.matchAll(/(\d\S+.*),(\d)\n/g)].map(([, day, y]) => ({ day, y: Number(y) })))],
  ])('holds days since the first of January in %s', async (fileName, content) => {
    const { dataset, problems } = await readDataset(content, { fileName, read: { dates } });
    expect(problems).toEqual([]);
    expect(dataset).toMatchObject({ inputNames: ['day'], targetNames: ['y'] });
    expect([...dataset!.inputs]).toEqual([0, 1.5, 365, -1]);
  });

  it('says which cell is no date, and which order would make it one', async () => {
    const cells = `day,y\n1/2/2023,1\n1/13/2023,2\n13/1/2023,3\n`;
    const { problems } = await readDataset(cells, { fileName: 'a.csv', read: { dates } });
    expect(problems).toMatchObject([
      {
        ...{ line: 4, column: 1, severity: 'error', code: 'not-a-number' },
        message:
          'column "day" must hold numbers, got "13/1/2023"; dates stand as in 2023-01-31, 1/31/2023 or 31.1.2023; set dataset.dayfirst to true where 31/1/2023 is one',
      },
    ]);
  });

  it('is told to be read with the month first, where the day could stand there too', async () => {
    const told = async (text: string, more = {}) =>
      (await readDataset(text, { fileName: 'a.csv', read: { dates: { ...dates, ...more } } })).problems;
    const cells = 'day,y\n01/01/2023,1\n01/02/2023,2\n01/03/2023,3\n';
    expect(await told(cells)).toMatchObject([{ line: 1, column: 1, severity: 'information', code: 'date-order' }]);
    expect(await told(cells, { dayFirst: true })).toEqual([]);
    expect(await told(cells.replace('01/02', '01/13'))).toEqual([]);
    expect(await told(cells.replaceAll('/', '.'))).toEqual([]);
  });

  it('is named in a config, whose names and origin are checked', async () => {
    const summary = await describeFile('day,y\nmon,1\ntue,2\n', 'a.csv', { dates });
    const check = (dataset: object) => {
      const parsed = parseConfig(
        JSON.stringify({ dataset: { file: 'a.csv', ...dataset }, optimizer: { type: 'SGD', lr: 1 } }),
      );
      return [...parsed.problems, ...checkConfig(parsed, summary)].map(({ message }) => message);
    };
    expect(check({ inputs: ['day'], parse_dates: ['day'] })).toEqual([
      'dataset.inputs[0]: column "day" holds texts that are no dates, such as "mon"; dates stand as in 2023-01-31, 1/31/2023 or 31.1.2023; set dataset.dayfirst to true where 31/1/2023 is one',
    ]);
    expect(check({ parse_dates: ['date'] })).toEqual([
      expect.stringMatching(/^dataset\.parse_dates\[0\]: the file has no column "date"/),
    ]);
    expect(check({ date_origin: '2023-02-30' })).toContain(
      'dataset.date_origin must be a day as in "2023-01-31", got "2023-02-30"',
    );
  });
});
