import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../src/config/checkConfig';
import { parseConfig } from '../../src/config/parseConfig';
import { readDataset } from '../../src/data/dataset/fileDataset';
import { describeFile } from '../../src/data/describeTable';

const cars = await describeFile(
  'name,mpg,hp,weight\na,30,70,1\nb,20,,2\nc,10,150,3\nd,9,160,4\ne,8,170,5\n',
  'cars.csv',
);
const linear = '{ "generate": "linear", "samples": 10, "features": 2 }';

function check(dataset: string, keys = '', known: Parameters<typeof checkConfig>[1] = cars) {
  const text = `{ "dataset": ${dataset}, "optimizer": { "type": "SGD", "lr": 0.1 } ${keys && `, ${keys}`} }`;
  const parsed = parseConfig(text);
  expect(parsed.problems).toEqual([]);
  return checkConfig(parsed, known).map((problem) => {
    const { message, severity, suggestion, column, endColumn } = problem;
    return { message, severity, suggestion, at: text.slice(column - 1, endColumn - 1) };
  });
}

describe('columns', () => {
  it('are fine by name and by default', () => {
    expect(check('{ "file": "cars.csv" }')).toEqual([]);
    expect(check('{ "file": "cars.csv", "inputs": ["mpg", "hp"], "targets": ["weight"] }')).toEqual([]);
  });

  it.each([
    [
      '{ "file": "cars.csv", "inputs": ["mpgs"] }',
      {
        at: '"mpgs"',
        message: 'dataset.inputs[0]: the file has no column "mpgs"; did you mean "mpg"?',
        suggestion: '"mpg"',
      },
    ],
    [
      '{ "file": "cars.csv", "targets": ["price"] }',
      {
        at: '"price"',
        message: 'dataset.targets[0]: the file has no column "price"; its columns are "name", "mpg", "hp", "weight"',
      },
    ],
    [
      '{ "file": "cars.csv", "inputs": ["mpg", "name"] }',
      {
        at: '"name"',
        message:
          'dataset.inputs[1]: column "name" holds text; name it in dataset.one_hot to take each of its values as an input',
      },
    ],
    [
      '{ "file": "cars.csv", "inputs": ["mpg", "hp"], "targets": ["hp"] }',
      {
        at: '"hp"',
        message: 'column "hp" is both an input and a target; the model would only copy it. Name it in one place',
      },
    ],
    [
      '{ "file": "cars.csv", "targets": ["mpg", "hp", "weight"] }',
      {
        at: '"cars.csv"',
        message:
          'no number column is left to be an input beside "mpg", "hp" and "weight"; name others in dataset.targets. ' +
          'Column "name" holds text; name it in dataset.one_hot to take each of its values as an input',
      },
    ],
    [
      '{ "file": "cars.csv", "inputs": ["mpg", "hp", "weight"] }',
      {
        at: '"cars.csv"',
        message:
          'no number column is left to be the target; name it in dataset.targets. ' +
          'Column "name" holds text; set loss to "cross_entropy" to predict its classes',
      },
    ],
  ])('of %s', (dataset, problem) => {
    expect(check(dataset)).toMatchObject([{ severity: 'error', ...problem }]);
  });

  it('are the same ones by default as the ones that are read', async () => {
    const texts = ['a,b\n1,2\n', 'a,b,c\n1,x,2\n', ',a,b\n0,1,2\n', 'a\n1\n', 'a,b\nx,y\n', 'a,b,c\n1,2,x\n'];
    texts.push(`a,b,c\n${Array.from({ length: 12 }, (_, i) => `${i},${(i * 7) % 5},3\n`).join('')}`);
    const chosen = [{}, { inputs: ['a'] }, { targets: ['a'] }].flatMap((named) => [
      { named, classes: false },
      { named, classes: true },
    ]);
    for (const text of [...texts, 'a,b\nx,1\ny,2\n', 'a,b\nx,1\nx,2\n']) {
      for (const { named, classes } of chosen) {
        const loss = classes ? '"loss": "cross_entropy"' : '';
        const errors = check(JSON.stringify({ file: 'a.csv', ...named }), loss, await describeFile(text, 'a.csv'));
        const { dataset } = await readDataset(text, { fileName: 'a.csv', classes, ...named });
        expect(errors.length === 0, `${text} ${JSON.stringify(named)} ${loss}`).toBe(dataset !== undefined);
      }
    }
  });
});

describe('the file', () => {
  it('is missing', () => {
    expect(check('{ "file": "car.csv" }', '', 'missing')).toMatchObject([
      { at: '"car.csv"', message: `there is no file "car.csv"; the path starts at the config's own folder` },
    ]);
  });

  it('is out of reach', () => {
    expect(check('{ "file": "https://example.com/a.csv?b" }', '', 'foreign')).toMatchObject([
      {
        at: '"https://example.com/a.csv?b"',
        severity: 'error',
        message:
          '"https://example.com/a.csv?b" is outside this config’s workspace, and nothing is fetched ' +
          'from there; copy the file beside the config and write its name',
      },
    ]);
  });

  it('has no rows', async () => {
    expect(check('{ "file": "a.csv" }', '', await describeFile('x,y\n', 'a.csv'))).toMatchObject([
      {
        at: '"a.csv"',
        message:
          '"a.csv" has no row of data that could be used: the file has column names but no rows of data below them (line 1)',
      },
    ]);
  });

  it('is not known yet', () => {
    const text = '{ "dataset": { "file": "a.csv" }, "split": [1, 2] }';
    expect(checkConfig(parseConfig(text))).toEqual([]);
  });
});

describe('rows', () => {
  it.each([
    ['"split": [8, 2]'],
    ['"split": [0.5, 0.5]'],
    ['"split": [1, 0]'],
    ['"loader": { "batch_size": 10, "drop_last": true }'],
  ])('are enough for %s', (keys) => {
    expect(check(linear, keys)).toEqual([]);
  });

  it.each([
    [
      '"split": [8, 3]',
      {
        at: '[8, 3]',
        message: 'split [8, 3] adds up to 11, but the dataset has 10 rows; [8, 2] would fit',
        suggestion: '[8, 2]',
      },
    ],
    [
      '"split": [20, 5]',
      { at: '[20, 5]', message: 'split [20, 5] adds up to 25, but the dataset has 10 rows; [8, 2] would fit' },
    ],
    [
      '"split": [0, 10]',
      { at: '[0, 10]', message: 'split [0, 10] leaves no row of 10 to train on; make its first number larger' },
    ],
    [
      '"split": [10, 0], "early_stopping": { "monitor": "val_loss", "patience": 5 }',
      {
        at: '[10, 0]',
        message:
          'split [10, 0] holds out no row of 10, but early_stopping.monitor is "val_loss"; make its second number larger, or monitor "loss"',
      },
    ],
    [
      '"split": { "lengths": [8, 3], "shuffle": false }',
      { at: '[8, 3]', message: 'split [8, 3] adds up to 11, but the dataset has 10 rows; [8, 2] would fit' },
    ],
    [
      '"split": [0, 1]',
      { at: '[0, 1]', message: 'split [0, 1] leaves no row of 10 to train on; make its first number larger' },
    ],
    [
      '"split": [8, 2], "loader": { "batch_size": 9 }',
      {
        at: '9',
        severity: 'warning',
        suggestion: '8',
        message: 'loader.batch_size is 9, but there are only 8 training rows; every batch holds all 8',
      },
    ],
    [
      '"split": [0.1, 0.9], "loader": { "batch_size": 9, "drop_last": true }',
      {
        at: '9',
        severity: 'error',
        message:
          'loader.batch_size is 9, but there is only 1 training row; with drop_last no batch is left to train on',
      },
    ],
  ])('are too few for %s', (keys, problem) => {
    expect(check(linear, keys)).toMatchObject([problem]);
  });

  it('have to be in one batch for LBFGS', () => {
    const parsed = parseConfig(
      `{ "dataset": ${linear}, "optimizer": { "type": "LBFGS" }, "split": [8, 2], "loader": { "batch_size": 4 } }`,
    );
    expect(checkConfig(parsed, cars)).toMatchObject([
      {
        severity: 'error',
        suggestion: '8',
        message: 'loader.batch_size is 4, but LBFGS needs all 8 training rows in one batch; set it to 8',
      },
    ]);
  });

  it('count as many as the file has', () => {
    expect(check('{ "file": "cars.csv" }', '"split": [3, 1]')).toMatchObject([{ at: '[3, 1]', suggestion: '[3, 2]' }]);
  });

  it('are not counted where empty cells may drop some', () => {
    expect(check('{ "file": "cars.csv", "missing": "drop" }', '"split": [3, 1]')).toEqual([]);
    const whole = '{ "file": "cars.csv", "missing": "drop", "inputs": ["mpg"], "targets": ["weight"] }';
    expect(check(whole, '"split": [3, 1]')).toHaveLength(1);
    const lastIsWhole = '{ "file": "cars.csv", "missing": "drop", "inputs": ["mpg"] }';
    expect(check(lastIsWhole, '"split": [3, 1]')).toHaveLength(1);
  });

  it('are checked though another key is wrong', () => {
    const parsed = parseConfig(`{ "dataset": ${linear}, "split": [1, 1], "epochs": 0 }`);
    expect(checkConfig(parsed)).toMatchObject([{ code: 'split' }]);
  });
});

describe('a column of names', () => {
  const ofName = '{ "file": "cars.csv", "targets": ["name"] }';

  it('is a target with cross_entropy, and no input', () => {
    expect(check(ofName, '"loss": "cross_entropy"')).toEqual([]);
    expect(check('{ "file": "cars.csv", "inputs": ["name"] }', '"loss": "cross_entropy"')).toMatchObject([
      {
        message:
          'dataset.inputs[0]: column "name" holds text; name it in dataset.one_hot to take each of its values as an input',
      },
    ]);
  });

  it.each(['', '"loss": "binary_cross_entropy_with_logits"'])('is no target with %s', (loss) => {
    expect(check(ofName, loss)).toMatchObject([
      {
        at: '"name"',
        message: 'dataset.targets[0]: column "name" holds text; set loss to "cross_entropy" to predict its classes',
      },
    ]);
  });

  it('may be one as long as the loss cannot be read', () => {
    const parsed = parseConfig(`{ "dataset": ${ofName}, "loss": "cross" }`);
    expect(checkConfig(parsed, cars)).toEqual([]);
  });

  it('needs more than one name', async () => {
    const same = await describeFile('x,kind\n1,a\n2,a\n', 'a.csv');
    expect(check('{ "file": "a.csv", "targets": ["kind"] }', '"loss": "cross_entropy"', same)).toMatchObject([
      { at: '"kind"', message: 'column "kind" is the same in every row; cross_entropy needs at least two classes' },
    ]);
  });
});

describe('starting weights', () => {
  const init = (weight: number[][]) => `"model": { "bias": false, "init": { "weight": ${JSON.stringify(weight)} } }`;

  it('fit the columns of each kind of dataset', () => {
    expect(check(linear, init([[1, 2]]))).toEqual([]);
    expect(check('{ "file": "cars.csv" }', init([[1, 2]]))).toEqual([]);
    expect(
      check(
        '{ "values": { "inputs": [[1, 2, 3]], "targets": [[1, 2]] } }',
        init([
          [1, 2, 3],
          [4, 5, 6],
        ]),
      ),
    ).toEqual([]);
  });

  it.each([
    [[[1]]],
    [[[1, 2, 3]]],
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ])('%j do not fit two inputs and one target', (weight) => {
    expect(check(linear, init(weight))).toMatchObject([
      {
        at: JSON.stringify(weight),
        message:
          `model.init.weight is ${weight.length} × ${weight[0].length}, but the dataset needs 1 × 2: ` +
          'one row for each target, one column for each input',
      },
    ]);
  });

  it('have a row for each class', () => {
    const keys = (rows: number) => `${init(Array.from({ length: rows }, () => [1, 2]))}, "loss": "cross_entropy"`;
    const values = '{ "values": { "inputs": [[1, 2], [3, 4], [5, 6]], "targets": [[5], [3], [5]] } }';
    const arange =
      '{ "generate": "arange", "inputs": { "stop": 6, "shape": [3, 2] }, "targets": { "stop": 3, "shape": [3, 1] } }';
    const message = (needed: string) => expect.stringContaining(`needs ${needed}: one row for each class`) as string;
    expect(check(values, keys(2))).toEqual([]);
    expect(check(values, keys(1))).toMatchObject([{ message: message('2 × 2') }]);
    expect(check(arange, keys(3))).toEqual([]);
    expect(check(arange, keys(1))).toMatchObject([{ message: message('3 × 2') }]);
    const named = '{ "file": "cars.csv", "inputs": ["mpg", "weight"], "targets": ["name"] }';
    expect(check(named, keys(5))).toEqual([]);
    expect(check(named, keys(1))).toMatchObject([{ message: message('5 × 2') }]);
  });

  it('are not compared with classes that are not known yet', () => {
    const keys = `${init([[1, 2]])}, "loss": "cross_entropy"`;
    expect(check(linear, keys)).toEqual([]);
    const dropped = '{ "file": "cars.csv", "inputs": ["mpg", "hp"], "targets": ["name"], "missing": "drop" }';
    expect(check(dropped, keys)).toEqual([]);
  });
});

describe('columns of one_hot', () => {
  const named = (keys: string) => check(`{ "file": "cars.csv", ${keys} }`);

  it('count as many inputs as they have values', () => {
    const init = (width: number) => `"model": { "bias": false, "init": { "weight": [[${'1, '.repeat(width - 1)}1]] } }`;
    const dataset = '{ "file": "cars.csv", "inputs": ["hp", "name"], "one_hot": ["name"], "missing": "drop" }';
    expect(check(dataset, init(6))).toEqual([]);
    expect(check(dataset, init(2))).toMatchObject([
      { message: expect.stringContaining('the dataset needs 1 × 6') as string },
    ]);
  });

  it('are known, not the target too, and hold at most a hundred values', async () => {
    expect(named('"one_hot": ["names"]')).toMatchObject([
      { at: '"names"', message: expect.stringContaining('did you mean "name"?') as string, suggestion: '"name"' },
    ]);
    expect(named('"one_hot": ["hp"], "targets": ["hp"]')).toMatchObject([
      { at: '"hp"', message: expect.stringContaining('both an input of dataset.one_hot and a target') as string },
    ]);
    const many = await describeFile(`k,y\n${Array.from({ length: 101 }, (_, i) => `k${i},1\n`).join('')}`, 'a.csv');
    expect(check('{ "file": "a.csv", "one_hot": ["k"] }', '', many)).toMatchObject([
      { at: '"k"', message: expect.stringContaining('more than 100 different values') as string },
    ]);
  });
});
