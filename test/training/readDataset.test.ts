import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parseConfig';
import { readRunDataset } from '../../src/training/readDataset';

const optimizer = { type: 'SGD', lr: 0.01 };
const linear = { generate: 'linear', samples: 20, features: 2 };

async function read(config: object, content?: string, name = 'rows.csv') {
  const parsed = parseConfig(JSON.stringify({ optimizer, ...config }), 'a.gd.json');
  expect(parsed.problems).toEqual([]);
  return readRunDataset(parsed, parsed.config!, content === undefined ? undefined : { name, content });
}
const messages = async (...given: Parameters<typeof read>) =>
  (await read(...given)).problems.map(({ message }) => message);

describe('the classes that cross_entropy takes', () => {
  const loss = 'cross_entropy';

  it('are made of names in a file', async () => {
    const dataset = { file: 'rows.csv', targets: ['kind'] };
    expect((await read({ dataset, loss }, 'x,kind\n1,b\n2,a\n3,b\n')).dataset).toMatchObject({
      inputs: Float32Array.of(1, 2, 3),
      targets: Float32Array.of(1, 0, 1),
      classNames: ['a', 'b'],
    });
  });

  it('are made of numbers in the config, and of generated ones', async () => {
    const values = { inputs: [[1], [2], [3]], targets: [[7], [-1], [7]] };
    expect((await read({ dataset: { values }, loss })).dataset).toMatchObject({
      targets: Float32Array.of(1, 0, 1),
      classNames: ['-1', '7'],
    });
    const arange = {
      generate: 'arange',
      inputs: { stop: 3, shape: [3, 1] },
      targets: { stop: 9, step: 3, shape: [3, 1] },
    };
    expect((await read({ dataset: arange, loss })).dataset?.classNames).toEqual(['0', '3', '6']);
    expect((await read({ dataset: linear, loss })).dataset?.classNames).toHaveLength(20);
  });

  it('are not made with another loss', async () => {
    const values = { inputs: [[1], [2]], targets: [[7], [-1]] };
    const { dataset } = await read({ dataset: { values } });
    expect(dataset).not.toHaveProperty('classNames');
    expect(dataset?.targets).toEqual(Float32Array.of(7, -1));
  });

  it('are neither too many nor one', async () => {
    expect(await messages({ dataset: { ...linear, samples: 2000 }, loss })).toEqual([
      'dataset.generate makes more than 1000 different targets, too many to be classes',
    ]);
    expect(await messages({ dataset: { ...linear, weight: [0, 0], bias: 3 }, loss })).toEqual([
      'dataset.generate makes the same target in every row; cross_entropy needs at least two classes',
    ]);
  });

  it('are as many as the starting weights have rows, also once rows are dropped', async () => {
    const model = { bias: false, init: { weight: [[1], [2]] } };
    const dataset = { file: 'rows.csv', targets: ['kind'], missing: 'drop' };
    expect((await read({ dataset, loss, model }, 'x,kind\n1,a\n2,b\n,c\n')).dataset?.classNames).toEqual(['a', 'b']);
    expect(await messages({ dataset, loss, model }, 'x,kind\n1,a\n2,b\n,b\n4,c\n')).toEqual([
      expect.stringContaining('model.init.weight is 2 × 1, but the dataset needs 3 × 1: one row for each class'),
    ]);
    const drawn = { bias: false, init: { weight: [[1, 2]] } };
    expect(await messages({ dataset: linear, loss, model: drawn })).toEqual([expect.stringContaining('needs 20 × 2')]);
  });
});

describe('the targets that binary_cross_entropy_with_logits takes', () => {
  const loss = 'binary_cross_entropy_with_logits';

  it('are checked cell by cell in a file', async () => {
    const { dataset, problems } = await read({ dataset: { file: 'rows.csv' }, loss }, 'x,y\n1,0\n2,3\n');
    expect(dataset).toBeUndefined();
    expect(problems).toMatchObject([{ file: 'rows.csv', line: 3, column: 3, code: 'not-a-probability' }]);
  });

  it('are checked once they are drawn', async () => {
    expect(await messages({ dataset: linear, loss })).toEqual([
      expect.stringMatching(/^dataset\.generate makes targets beyond 0 to 1, such as -?\d+\.\d+, which/),
    ]);
    expect(await messages({ dataset: { ...linear, weight: [0, 0], bias: 0.5 }, loss })).toEqual([]);
  });
});

it('says what was left out of a file that leaves nothing to train on', async () => {
  const [{ message }, ...others] = (
    await read({ dataset: { file: 'a.jsonl' } }, '{"x":[1,2],"y":3}\n{"x":[2,1],"y":4}\n', 'a.jsonl')
  ).problems;
  expect(message).toMatch(/no number column is left to be an input/);
  expect(others.map(({ code }) => code)).toEqual(['nested']);
});
