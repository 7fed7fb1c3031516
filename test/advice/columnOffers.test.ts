import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultColumns } from '../../src/config/checkColumns';
import { checkConfig } from '../../src/config/checkConfig';
import { parseConfig } from '../../src/config/parseConfig';
import { datasetConfig } from '../../src/config/templates/template';
import { describeFile } from '../../src/data/describeTable';
import { readDataset } from '../../src/data/dataset/fileDataset';
import { applyScaling, fitScaling } from '../../src/engine/data/scaling';
import { chosenDates, chosenTemplate, inputOffers, targetOffers, unusableColumns } from '../../src/advice/columnOffers';
import { openRun } from '../../src/training/openRun';

const penguins = readFileSync(path.join(__dirname, '../../media/samples/penguins.csv'), 'utf8');
const names = (columns: { name: string }[]) => columns.map(({ name }) => name);

describe('columns to choose from', () => {
  it('are numbers and texts with few values, of which those that tell something are ticked', async () => {
    const kinds = ['a', 'b', 'c'];
    const rows = Array.from({ length: 30 }, (_, i) => `${i},n${i},${kinds[i % 3]},${(i * 7) % 5},4,w`);
    const summary = await describeFile(`id,name,kind,x,same,word\n${rows.join('\n')}\n`, 'a.csv');
    expect(names(targetOffers(summary))).toEqual(['x', 'kind', 'same', 'id']);
    const offers = inputOffers(summary, 'x');
    expect(offers.map(({ column, ticked }) => [column.name, ticked])).toEqual([
      ['id', false],
      ['kind', true],
      ['same', false],
    ]);
  });

  it('has days of dates and categories of codes, and a config without a problem of its own making', async () => {
    const day = (i: number) => new Date(Date.UTC(2023, 0, 5 + i));
    const written = (i: number) => `${day(i).getUTCDate()}/${day(i).getUTCMonth() + 1}/2023`;
    const rows = Array.from({ length: 60 }, (_, i) => `${written(i)},${98001 + (i % 3)},${i + (i % 3) * 9}.5`);
    const content = `Visitors\nof all stores\nday,zip,visitors\n${rows.join('\n')}\n`;
    const first = await describeFile(content, 'visitors.csv');
    expect(first.starts).toEqual([{ line: 3, texts: ['day', 'zip', 'visitors'], skipRows: 2 }]);
    expect(names(targetOffers(first))).toEqual(['visitors', 'zip']);
    expect(inputOffers(first, 'visitors').map(({ column, ticked }) => [column.name, ticked])).toEqual([
      ['day', false],
      ['zip', true],
    ]);
    const dates = { columns: ['day'], since: '2023-01-05', dayFirst: true };
    const choice = { target: 'visitors', inputs: ['day', 'zip'] };
    expect(chosenDates(first, choice.inputs)).toEqual(dates);
    expect(chosenDates(first, ['zip'])).toBeUndefined();
    const reading = { dates, skipRows: 2 };
    const read = await describeFile(content, 'visitors.csv', reading);
    const text = datasetConfig(chosenTemplate(read, 'visitors.csv', choice, reading));
    const file = { name: 'visitors.csv', content };
    const opened = await openRun({ configText: text, configFile: 'a.gd.json', seed: 0, file });
    expect(opened).toMatchObject({
      shape: { inputNames: ['day', 'zip=98001', 'zip=98002', 'zip=98003'], targetNames: ['visitors'] },
      notes: [],
    });
    const asClass = chosenTemplate(first, 'visitors.csv', { target: 'zip', inputs: ['visitors'] });
    expect(asClass).toMatchObject({ loss: 'cross_entropy', oneHot: [] });
  });

  it('asks which of two lines holds the names', async () => {
    const two = await describeFile('Report,of,2023\nsize,rooms,price\n1,2,2\n2,3,4\n3,3,6.5\n', 'a.csv');
    expect(two.starts).toEqual([
      { line: 1, texts: ['Report', 'of', '2023'], skipRows: [1] },
      { line: 2, texts: ['size', 'rooms', 'price'], skipRows: [0] },
    ]);
    const { columns, starts } = await describeFile('Report,of,2023\nsize,rooms,price\n1,2,2\n2,3,4\n', 'a.csv', {
      skipRows: two.starts![1].skipRows,
    });
    expect([names(columns), starts]).toEqual([['size', 'rooms', 'price'], undefined]);
  });

  const table = (header: string, row: (i: number) => string, count = 15) =>
    `${header}\n${Array.from({ length: count }, (_, i) => row(i)).join('\n')}\n`;
  const score = (i: number) => [35, 41, 39, 52, 49, 58, 61, 60, 72, 70, 75, 84, 81, 90, 93][i];

  it('are ticked, though they rise by one from row to row, where there is no other', async () => {
    const summary = await describeFile(
      table('hours,score', (i) => `${i + 1},${score(i)}`),
      'hours.csv',
    );
    expect(names(targetOffers(summary))).toEqual(['score', 'hours']);
    expect(inputOffers(summary, 'score')).toMatchObject([
      { column: { name: 'hours', identifier: false }, ticked: true },
    ]);
    const template = chosenTemplate(summary, 'hours.csv', { target: 'score', inputs: ['hours'] });
    const opened = await openRun({
      configText: datasetConfig(template),
      configFile: 'a.gd.json',
      seed: 0,
      file: {
        name: 'hours.csv',
        content: table('hours,score', (i) => `${i + 1},${score(i)}`),
      },
    });
    expect(opened).toMatchObject({ shape: { inputNames: ['hours'], targetNames: ['score'] } });
    const line = await describeFile(
      table('x,y', (i) => `${i + 1},${2 * (i + 1) + 1}`, 20),
      'line.csv',
    );
    expect(names(targetOffers(line))).toEqual(['y', 'x']);
    expect(line.columns[1]).toMatchObject({ name: 'y', identifier: false });
  });

  it.each([
    ['hours,score', (i: number) => `${i + 1},${score(i)}`],
    ['hours,unit,score', (i: number) => `${i + 1},3,${score(i)}`],
    ['id,hours,score', (i: number) => `${i},${i + 1},${score(i)}`],
    ['hours,who,score', (i: number) => `${i + 1},w${i},${score(i)}`],
    ['hours,sleep,score', (i: number) => `${i + 1},${(i * 7) % 9},${score(i)}`],
    ['unit,score', (i: number) => `3,${score(i)}`],
  ])('are those that a config without names takes: %s', async (header, row) => {
    const text = table(header, row);
    const ticked = inputOffers(await describeFile(text, 'a.csv'), 'score').filter((offer) => offer.ticked);
    const { dataset } = await readDataset(text, { fileName: 'a.csv' });
    expect(ticked.map(({ column }) => column.name)).toEqual(dataset!.inputNames);
    expect(defaultColumns({}, await describeFile(text, 'a.csv')).inputs).toEqual(dataset!.inputNames);
  });

  it('are not ticked where nearly every row has a word of its own', async () => {
    const summary = await describeFile('who,x,y\nann,1,2\nbob,2,1\ncid,4,4\nann,5,5\n', 'a.csv');
    expect(inputOffers(summary, 'y').map(({ column, ticked }) => [column.name, ticked])).toEqual([
      ['who', false],
      ['x', true],
    ]);
  });

  it('are no texts with too many values, none at all, or numbers with something on them', async () => {
    const row = (i: number) => `n${i},w,,9:${10 + i},"1,${200 + i}",${i % 3},${(i * 7) % 5}`;
    const summary = await describeFile(table('name,same,empty,at,price,x,y', row, 30), 'a.csv');
    const unusable = ['name', 'same', 'empty', 'at'];
    expect(unusableColumns(summary).map(({ name, text }) => [name, text?.what])).toEqual([
      ['name', 'holds 30 different texts'],
      ['same', 'is "w" in every row'],
      ['empty', 'is empty'],
      ['at', 'looks like times ("9:10")'],
    ]);
    for (const offered of [targetOffers(summary), inputOffers(summary, 'y').map(({ column }) => column)]) {
      expect(names(offered).filter((name) => unusable.includes(name))).toEqual([]);
      expect(names(offered)).toContain('price');
    }
  });

  it('are not ticked where more than half of a column is empty, and rows are left out only for gaps in what is used', async () => {
    const summary = await describeFile('sparse,gap,x,y\n,1,1,2\n,,2,1\n3,3,4,4\n,5,6,5\n', 'a.csv');
    expect(inputOffers(summary, 'y').map(({ column, ticked }) => [column.name, ticked])).toEqual([
      ['sparse', false],
      ['gap', true],
      ['x', true],
    ]);
    const ruleFor = (inputs: string[]) => chosenTemplate(summary, 'a.csv', { target: 'y', inputs }).missing;
    expect([ruleFor(['x']), ruleFor(['gap', 'x'])]).toEqual(['error', 'drop']);
  });

  it('make a config without problems, for numbers and for classes', async () => {
    const summary = await describeFile(penguins, 'penguins.csv');
    for (const [target, loss] of [
      ['body_mass_g', 'mse_loss'],
      ['species', 'cross_entropy'],
    ]) {
      const inputs = inputOffers(summary, target).flatMap(({ column, ticked }) => (ticked ? [column.name] : []));
      const template = chosenTemplate(summary, 'penguins.csv', { target, inputs });
      const configText = datasetConfig(template);
      const parsed = parseConfig(configText);
      expect([...parsed.problems, ...checkConfig(parsed, summary)]).toEqual([]);
      expect(parsed.config).toMatchObject({ loss, dataset: { targets: [target], inputs, missing: 'drop' } });
      const file = { name: 'penguins.csv', content: penguins };
      const opened = await openRun({ configText, configFile: 'a.gd.json', seed: 0, file });
      if ('problems' in opened) throw new Error(opened.problems[0].message);
      expect(opened.shape.inputNames).toContain('sex=male');
      const before = opened.trainer.fullTrainLoss();
      while (opened.trainer.epoch < 20) opened.trainer.advance(Infinity);
      expect(opened.trainer.fullTrainLoss()).toBeLessThan(before);
    }
  });
});

describe('the reach of a column of words', () => {
  it('is that of its inputs once they are scaled', async () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ''), { minLength: 3, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(words, async (cells) => {
        const known = cells.filter(Boolean);
        fc.pre(new Set(known).size > 1);
        const text = `word,y\n${cells.map((cell, i) => `${cell},${i}`).join('\n')}`;
        const { columns } = await describeFile(text, 'a.csv');

        const { dataset } = await readDataset(text, {
          fileName: 'a.csv',
          oneHot: ['word'],
          inputs: ['word'],
          targets: ['y'],
          missing: 'drop',
        });
        const { inputs, inputNames, rows } = dataset!;
        const all = Uint32Array.from({ length: rows }, (_, row) => row);
        const scaled = applyScaling(fitScaling('standard', inputs, inputNames.length, all), inputs);
        const lengths = Array.from(all, (row) =>
          Math.hypot(...scaled.subarray(row * inputNames.length, (row + 1) * inputNames.length)),
        );
        expect(columns[0].reach).toBeCloseTo(Math.max(...lengths), 4);
      }),
    );
  });
});
