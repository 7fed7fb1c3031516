import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../../src/base/problem';
import type { FileContent } from '../../../src/protocol/protocol';
import { openRun, type OpenedRun } from '../../../src/training/openRun';

const train = 'a,b,kind,y\n1,4,x,3\n2,1,z,1\n3,0.5,x,7\n4,2,w,2\n5,3,z,5.5\n';
const validation = 'a,b,kind,y\n1.5,2,z,4\n2.5,8,w,2.5\n9,1,x,3\n';

async function opening(config: object, content = train, second: FileContent['validation'] | string = validation) {
  const { dataset, ...rest } = config as { dataset?: object };
  const text = {
    seed: 3,
    dataset: { file: 'rows.csv', validation_file: 'later.csv', ...dataset },
    optimizer: { type: 'SGD', lr: 0.01 },
    epochs: 4,
    ...rest,
  };
  const file = {
    ...{ name: 'rows.csv', content },
    ...(second && { validation: typeof second === 'string' ? { name: 'later.csv', content: second } : second }),
  };
  return openRun({ configText: JSON.stringify(text), configFile: 'test.gd.json', seed: 0, file });
}

async function opened(...given: Parameters<typeof opening>): Promise<OpenedRun> {
  const run = await opening(...given);
  if ('problems' in run) throw new Error(run.problems.map(formatProblem).join('\n'));
  return run;
}

/** What is said of a run that cannot open: errors alone. */
async function errorsOf(...given: Parameters<typeof opening>): Promise<string[]> {
  const run = await opening(...given);
  if (!('problems' in run)) throw new Error('the run opened');
  return run.problems.filter(({ severity }) => severity === 'error').map(formatProblem);
}

/** The last rows of a dataset in its columns' own units, which are the validation set. */
function heldOut({ dataset }: OpenedRun): { inputs: number[][]; targets: number[] } {
  const { rows, validationRows = 0, inputNames, inputs, targets } = dataset;
  const width = inputNames.length;
  const numbers = Array.from({ length: validationRows }, (_, i) => rows - validationRows + i);
  return {
    inputs: numbers.map((row) => [...inputs.slice(row * width, (row + 1) * width)]),
    targets: numbers.map((row) => targets[row]),
  };
}

function trained(run: OpenedRun) {
  const { trainer, scaling, shape } = run;
  const records = Array.from({ length: 4 }, () => trainer.advance(Infinity)!).map(({ loss, valLoss }) => [
    loss,
    valLoss,
  ]);
  const { trainRows, validationRows, inputNames, classNames } = shape;
  return {
    ...{ records, scaling, trainRows, validationRows, inputNames, classNames },
    parameters: [...trainer.parts.model.parameters],
  };
}

describe('a validation file', () => {
  const weighed = 'a,b,y,w\n1,4,3,1\n2,1,1,2\n3,0.5,7,0\n4,2,2,1\n5,3,5,3\n';
  const cases: [string, object, string, string][] = [
    ['numbers', {}, train, validation],
    ['scaled columns', { dataset: { scale: 'standard', scale_targets: 'minmax' } }, train, validation],
    ['categories', { dataset: { one_hot: ['kind'], scale: 'standard' } }, train, validation],
    [
      'numbers as categories',
      { dataset: { one_hot: ['a'] } },
      'a,b,y\n0.1,1,2\n3,2,1\n0.1,5,4\n',
      'a,b,y\n3,9,1\n0.1,2,2\n',
    ],
    ['classes', { dataset: { inputs: ['a', 'b'], targets: ['kind'] }, loss: 'cross_entropy' }, train, validation],
    ['products', { dataset: { inputs: ['a', 'b'], polynomial: { degree: 3 }, scale: 'standard' } }, train, validation],
    [
      'weights of rows',
      { dataset: { sample_weight: 'w' }, loader: { batch_size: 5 } },
      weighed,
      'a,b,y,w\n7,1,2,0.5\n1,1,1,4\n',
    ],
    [
      'dates',
      { dataset: { inputs: ['t'], parse_dates: ['t'], scale: 'minmax' } },
      't,y\n2023-01-31,1\n2023-02-01,2\n',
      't,y\n2023-03-01,3\n',
    ],
    [
      'whole numbers beyond float32',
      { dataset: { scale: 'standard' } },
      'a,y\n16777217,1\n16777219,2\n16777300,4\n',
      'a,y\n16777221,3\n',
    ],
    [
      'a loss of probabilities',
      { loss: 'binary_cross_entropy_with_logits' },
      'a,y\n1,0\n2,1\n3,1\n',
      'a,y\n2.5,1\n0,0\n',
    ],
  ];

  it.each(cases)(
    'gives the run of the same rows in one file, the last of them held out: %s',
    async (_, config, first, second) => {
      const [rows, held] = [first, second].map((text) => text.trim().split('\n').length - 1);
      const { dataset, ...rest } = config as { dataset?: object };
      const together = {
        ...rest,
        dataset: { ...dataset, validation_file: undefined },
        split: { lengths: [rows, held], shuffle: false },
      };
      const one = first + second.slice(second.indexOf('\n') + 1);
      expect(trained(await opened(config, first, second))).toEqual(trained(await opened(together, one, '')));
    },
  );

  it('leaves training as it is without it', async () => {
    const config = { dataset: { one_hot: ['kind'], scale: 'standard' }, loader: { batch_size: 2 } };
    const [without, beside] = [
      await opened({ ...config, dataset: { ...config.dataset, validation_file: undefined } }, train, ''),
      await opened(config),
    ].map(trained);
    expect(beside.records.map(([loss]) => loss)).toEqual(without.records.map(([loss]) => loss));
    expect(beside.records.every(([, loss]) => Number.isFinite(loss))).toBe(true);
    expect([beside.parameters, beside.scaling]).toEqual([without.parameters, without.scaling]);
  });

  it('goes by the names of its columns, whatever their order and whatever else it has', async () => {
    const other = 'id,y,kind,note,b,a\n7,4,z,good,2,1.5\n8,2.5,w,?,8,2.5\n9,3,x,,1,9\n';
    const config = { dataset: { one_hot: ['kind'] } };
    expect(heldOut(await opened(config, train, other))).toEqual(heldOut(await opened(config)));
  });

  it('is read as the first one is, and may be of another kind', async () => {
    const config = {
      dataset: { inputs: ['a'], targets: ['y'], decimal: ',', delimiter: ';', na_values: [-1], missing: 'drop' },
    };
    const rows = 'a;y\n1,5;2\n2;1\n-1;1\n';
    const { inputs, targets } = heldOut(await opened(config, rows, 'a;y\n0,5;4\n1;-1\n3,25;8\n'));
    expect([inputs, targets]).toEqual([
      [[0.5], [3.25]],
      [4, 8],
    ]);
    const json = { name: 'later.json', content: '[{"y": 4, "a": 0.5}, {"y": null, "a": 3}]' };
    expect(heldOut(await opened(config, rows, json)).inputs).toEqual([[0.5]]);
  });

  it.each([
    ['neither file names them', '1,2,3\n4,5,6.5\n', '7,8,9\n1,1,1\n', 'neither file names them'],
    ['the second does not name them', 'a,b,y\n1,2,3\n4,5,6.5\n', '7,8,9\n1,1,1\n', 'later.csv does not name them'],
    ['the first does not name them', '1,2,3\n4,5,6.5\n', 'u,v,w\n7,8,9\n1,1,1\n', 'rows.csv does not name them'],
  ])('goes by the order of its columns where %s, and says so', async (_, first, second, reason) => {
    const run = await opened({}, first, second);
    expect(heldOut(run)).toEqual({
      inputs: [
        [7, 8],
        [1, 1],
      ],
      targets: [9, 1],
    });
    const notes = run.notes.filter(({ file, code }) => file === 'later.csv' && code !== 'identifier');
    expect(notes.map(({ message }) => message)).toEqual([
      `columns are matched with those of rows.csv by their order, because ${reason}`,
    ]);
  });

  it('goes by the order of columns for categories and weights too', async () => {
    const config = { dataset: { one_hot: ['kind'], sample_weight: 'a', inputs: ['b'], targets: ['y'], header: 0 } };
    const array = { name: 'later.json', content: '[[2, 5, "w", 1], [1, 6, "x", 2]]' };
    const run = await opened(config, train, array);
    expect(heldOut(run).inputs).toEqual([
      [5, 1, 0, 0],
      [6, 0, 1, 0],
    ]);
    expect([...run.dataset.sampleWeight!.values.slice(-2)]).toEqual([2, 1]);
  });

  it('takes the means of the rows to train on', async () => {
    const rows = 'a,b,y\n1,10,1\n3,30,2\n';
    const run = await opened({ dataset: { missing: 'mean' } }, rows, 'a,b,y\n,50,3\n100,,4\n');
    expect(heldOut(run).inputs).toEqual([
      [2, 50],
      [100, 20],
    ]);
    expect(run.notes.map(formatProblem)).toEqual([
      'later.csv:1:1: 1 empty cell of column "a" takes its mean in rows.csv, 2',
      'later.csv:1:3: 1 empty cell of column "b" takes its mean in rows.csv, 20',
    ]);
  });

  it('makes empty cells a category where they are one of the rows to train on', async () => {
    const config = { dataset: { one_hot: ['k'], missing: 'category' } };
    const rows = 'k,y\np,1\n,2\nq,3\n';
    expect(heldOut(await opened(config, rows, 'k,y\n,1\nq,2\n')).inputs).toEqual([
      [0, 0, 1],
      [0, 1, 0],
    ]);
    expect(await errorsOf(config, 'k,y\np,1\nq,3\n', 'k,y\nq,2\n,1\n')).toEqual([
      'later.csv:3:1: column "k" has no value here, which is never seen in training: rows.csv has one in every row; fill it in, or set dataset.missing to "drop" or "mean"',
    ]);
  });
});

describe('a validation file that does not fit', () => {
  it('is not there, or out of reach', async () => {
    expect(await errorsOf({}, train, '')).toEqual([
      `test.gd.json:1:58: there is no file "later.csv"; the path starts at the config's own folder`,
    ]);
    expect(await errorsOf({}, train, { name: 'foreign', foreign: true })).toEqual([
      'test.gd.json:1:58: "later.csv" is outside this config’s workspace, and nothing is fetched from there; copy the file beside the config and write its name',
    ]);
  });

  it('has no rows, or none that is whole', async () => {
    expect(await errorsOf({}, train, 'a,b,kind,y\n')).toEqual([
      'later.csv:1:1: the file has column names but no rows of data below them',
    ]);
    expect(await errorsOf({ dataset: { missing: 'drop' } }, train, 'a,b,kind,y\n,1,x,1\n2,,x,3\n')).toEqual([
      'later.csv:1:1: every row has an empty cell in a column that is used; name other columns, or set dataset.missing to "mean"',
    ]);
  });

  it('lacks columns', async () => {
    expect(await errorsOf({ dataset: { one_hot: ['kind'] } }, train, 'A,b,z\n1,2,3\n')).toEqual([
      'later.csv:1:1: later.csv has no column "a", which is an input in rows.csv; its columns are "A", "b", "z"',
      'later.csv:1:1: later.csv has no column "kind", which is an input in rows.csv; its columns are "A", "b", "z"',
      'later.csv:1:1: later.csv has no column "y", which is a target in rows.csv; its columns are "A", "b", "z"',
    ]);
    expect(await errorsOf({ dataset: { sample_weight: 'b' } }, train, 'a,y\n1,2\n')).toEqual([
      'later.csv:1:1: later.csv has no column "b", which is the weight of rows in rows.csv; its columns are "a", "y"',
    ]);
    expect(await errorsOf({}, '1,2,3\n4,5,6.5\n', '7,8\n1,1\n')).toEqual([
      'later.csv:1:1: later.csv has 2 columns, but rows.csv has 3; both need as many, because neither file names them, so that only their order says which is which',
    ]);
  });

  it('has categories and classes that are never seen in training', async () => {
    const late = `${validation}1,1,"new",1\n2,2,X,2\n`;
    expect(await errorsOf({ dataset: { one_hot: ['kind'] } }, train, late)).toEqual([
      'later.csv:5:5: column "kind" is "new", a category that is never seen in training: rows.csv does not have it; add rows with it to rows.csv, remove this row, or leave "kind" out of dataset.one_hot',
      'later.csv:6:5: column "kind" is "X", a category that is never seen in training: rows.csv does not have it; add rows with it to rows.csv, remove this row, or leave "kind" out of dataset.one_hot',
    ]);
    expect(
      await errorsOf({ dataset: { inputs: ['a'], targets: ['kind'] }, loss: 'cross_entropy' }, train, late),
    ).toEqual([
      'later.csv:5:5: column "kind" is "new", a class that is never seen in training: rows.csv does not have it; add rows of this class to rows.csv, or remove this row',
      'later.csv:6:5: column "kind" is "X", a class that is never seen in training: rows.csv does not have it; add rows of this class to rows.csv, or remove this row',
    ]);
  });

  it('has numbers as categories that are never seen in training, and texts among them', async () => {
    const rows = 'a,b,y\n16777216,1,2\n3,2,1\n0.1,5,4\n';
    const errors = await errorsOf(
      { dataset: { one_hot: ['a'] } },
      rows,
      'a,b,y\n3.0,1,1\n16777217,9,1\nx,2,2\n0.10,1,1\n',
    );
    expect(errors.map((error) => error.slice(0, 68))).toEqual([
      'later.csv:3:1: column "a" is "16777217", a category that is never se',
      'later.csv:4:1: column "a" is "x", a category that is never seen in t',
    ]);
  });

  it('counts what it does not list', async () => {
    const many = Array.from({ length: 150 }, (_, i) => `1,1,new${i},1`).join('\n');
    const errors = await errorsOf({ dataset: { one_hot: ['kind'] } }, train, `a,b,kind,y\n${many}\n`);
    expect(errors).toHaveLength(101);
    expect(errors.at(-1)).toContain('50 more');
  });

  it('has cells that are empty, no numbers, no probabilities and no weights', async () => {
    const rows = 'a,y\n1,0\n2,1\n3,1\n';
    expect(await errorsOf({}, rows, 'a,y\n1,0\n,1\nx,1\n3,3\n')).toEqual([
      'later.csv:3:1: column "a" has no value here; fill it in, or set dataset.missing to "drop" or "mean"',
      'later.csv:4:1: column "a" must hold numbers, got "x"; if it stands for no value, name it in dataset.na_values and set dataset.missing to "drop" or "mean"',
    ]);
    const [probability] = await errorsOf({ loss: 'binary_cross_entropy_with_logits' }, rows, 'a,y\n1,0\n2,3\n');
    expect(probability).toMatch(/^later\.csv:3:3: column "y" must hold numbers from 0 to 1 /);
    const weights = await errorsOf(
      { dataset: { sample_weight: 'w' } },
      'a,y,w\n1,2,1\n2,1,1\n',
      'a,y,w\n1,2,1\n2,1,-2\n',
    );
    expect(weights).toEqual(['later.csv:3:5: column "w" says what each row counts, which is no less than 0, got "-2"']);
  });

  it('has products that are too large', async () => {
    const config = { dataset: { inputs: ['a'], targets: ['y'], polynomial: { degree: 2 } } };
    const [error] = await errorsOf(config, 'a,y\n1,1\n2,2\n', 'a,y\n1,1\n1e30,2\n');
    expect(error).toContain('"a^2" is more than a float32 can hold in row 2 of the validation set');
  });

  it('stands beside a split, or in a dataset without a file', async () => {
    expect(await errorsOf({ split: [3, 2] })).toEqual([
      'test.gd.json:1:58: split and dataset.validation_file both make a validation set; leave out split to take the rows of "later.csv", or dataset.validation_file to hold out rows of dataset.file',
    ]);
    const dataset = { file: undefined, generate: 'linear', samples: 5, features: 2 };
    expect(await errorsOf({ dataset })).toEqual([
      'test.gd.json:1:22: unknown key "validation_file" in dataset; only rows of a file have one, and split holds out rows of any dataset, so leave it out',
    ]);
    const values = { inputs: [[1], [2]], targets: [[1], [2]] };
    expect((await errorsOf({ dataset: { file: undefined, values } }))[0]).toContain(
      'split holds out rows of any dataset',
    );
  });
});

describe('what depends on a validation set', () => {
  it('is there with a file of it', async () => {
    const run = await opened({ early_stopping: { monitor: 'val_loss' }, scheduler: { type: 'ReduceLROnPlateau' } });
    expect(run.shape).toMatchObject({ trainRows: 5, validationRows: 3 });
  });

  it('is another run where rows move from one file to the other', async () => {
    const numbers = async (first: string, second: string) => (await opened({}, first, second)).shape.fingerprint;
    const one = await numbers('a,y\n1,1\n2,3\n5,4\n', 'a,y\n7,8\n9,10\n');
    expect(await numbers('a,y\n1,1\n2,3\n5,4\n7,8\n', 'a,y\n9,10\n')).not.toBe(one);
    expect(await numbers('a,y\n1,1\n2,3\n5,4\n', 'a,y\n7,8\n9,11\n')).not.toBe(one);
  });

  it('counts the rows to train on for batches', async () => {
    const config = { loader: { batch_size: 6, drop_last: true } };
    expect((await errorsOf(config))[0]).toContain('only 5 training rows');
  });
});
