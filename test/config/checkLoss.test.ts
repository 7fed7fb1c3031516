import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parseConfig';

const sgd = '"optimizer": { "type": "SGD", "lr": 0.1 }';

describe('the message about targets', () => {
  const values = (targets: number[][], keys = '') => {
    const inputs = JSON.stringify(targets.map(() => [1]));
    return `{ "values": { "inputs": ${inputs}, "targets": ${JSON.stringify(targets)} } ${keys} }`;
  };
  const arange = (stop: number, shape: number[]) =>
    `{ "generate": "arange", "inputs": { "stop": ${shape[0]}, "shape": [${shape[0]}, 1] }, ` +
    `"targets": { "stop": ${stop}, "step": ${stop / (shape[0] * shape[1])}, "shape": [${shape.join()}] } }`;
  const linear = (keys: string) => `{ "generate": "linear", "samples": 5, "features": 1 ${keys} }`;
  const ofLoss = (loss: string, dataset: string) => {
    const text = `{ "dataset": ${dataset}, ${sgd}, "loss": "${loss}" }`;
    return parseConfig(text).problems.map(({ message, column, endColumn }) => {
      return [text.slice(column - 1, endColumn - 1), message];
    });
  };

  it.each([
    [values([[3], [7], [3]])],
    [arange(5, [5, 1])],
    [arange(1000, [1000, 1])],
    [linear('')],
    ['{ "file": "a.csv", "targets": ["kind"], "scale": "standard" }'],
  ])('is not there for the classes of %s', (dataset) => {
    expect(ofLoss('cross_entropy', dataset)).toEqual([]);
  });

  const one = 'cross_entropy takes one target column, whose values are the classes, got 2';
  it.each([
    ['{ "file": "a.csv", "targets": ["x", "y"] }', '["x", "y"]', one],
    [values([[1, 2]]), '[[1,2]]', one],
    [arange(4, [2, 2]), '[2,2]', one],
    [linear(', "weight": [[1], [2]]'), '[[1], [2]]', one],
    [linear(', "bias": [1, 2]'), '[1, 2]', one],
    [
      values([[3], [3]]),
      '[[3],[3]]',
      'dataset.values.targets holds only one class, 3; cross_entropy needs at least two',
    ],
    [
      arange(1001, [1001, 1]),
      '[1001,1]',
      'dataset.targets.shape holds more than 1000 different values in 1001 rows, too many to be classes',
    ],
    [
      values([[1], [2]], ', "scale_targets": "standard"'),
      '"standard"',
      'dataset.scale_targets has no place with cross_entropy: its targets are classes; set it to "none"',
    ],
  ])('for the classes of %s', (dataset, at, message) => {
    expect(ofLoss('cross_entropy', dataset)).toEqual([[at, message]]);
  });

  const bce = 'binary_cross_entropy_with_logits';
  const way = '; write 0 and 1, or set loss to "cross_entropy" if its values are classes';
  it.each([
    [
      values([
        [0, 1],
        [0.5, 1],
      ]),
    ],
    [arange(1, [4, 1])],
    [linear('')],
  ])('is not there for the probabilities of %s', (dataset) => {
    expect(ofLoss(bce, dataset)).toEqual([]);
  });

  it.each([
    [
      values([
        [0, 1.5],
        [-1, 1],
      ]),
      [
        ['1.5', `dataset.values.targets[0][1] must be from 0 to 1 for ${bce}, got 1.5${way}`],
        ['-1', `dataset.values.targets[1][0] must be from 0 to 1 for ${bce}, got -1${way}`],
      ],
    ],
    [
      arange(5, [5, 1]),
      [
        [
          expect.stringContaining('"stop": 5'),
          `dataset.targets must hold numbers from 0 to 1 for ${bce}, got 0 to 4${way}`,
        ],
      ],
    ],
    [
      '{ "file": "a.csv", "scale_targets": "minmax" }',
      [['"minmax"', `dataset.scale_targets has no place with ${bce}: its targets are probabilities; set it to "none"`]],
    ],
  ])('for the probabilities of %s', (dataset, expected) => {
    expect(ofLoss(bce, dataset)).toEqual(expected);
  });

  it('names ten of many numbers that are no probabilities', () => {
    const found = ofLoss(bce, values(Array.from({ length: 12 }, () => [2])));
    expect(found).toHaveLength(10);
    expect(found[9][1]).toContain('got 2 (and 2 more like it); write 0 and 1');
  });

  it('leaves the loss alone where the numbers are not as many as there should be', () => {
    const ragged = '{ "values": { "inputs": [[1], [2]], "targets": [[1, 2], [3]] } }';
    expect(ofLoss('cross_entropy', ragged).map(([, message]) => message)).not.toContainEqual(
      expect.stringContaining('cross_entropy'),
    );
  });
});
