import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../../src/config/checkConfig';
import { parseConfig } from '../../../src/config/parseConfig';
import { datasetConfig, generatedConfig, tutorialConfig } from '../../../src/config/templates/template';

describe('new configs', () => {
  it('the tutorial has the tutorial’s numbers', () => {
    const parsed = parseConfig(tutorialConfig());
    expect(parsed.problems).toEqual([]);
    expect(checkConfig(parsed)).toEqual([]);
    expect(parsed.config).toEqual({
      seed: 0,
      dataset: {
        generate: 'arange',
        inputs: { start: 58, stop: 387, step: 5.5, shape: [10, 6] },
        targets: { start: 6000, stop: 9000, step: 320.7, shape: [10, 1] },
        scale: 'none',
        scale_targets: 'none',
      },
      loader: { batch_size: 1, shuffle: true, drop_last: false },
      model: { type: 'Linear', bias: true, init: 'default' },
      loss: 'mse_loss',
      optimizer: { type: 'SGD', lr: 1e-6, momentum: 0, dampening: 0, weight_decay: 0, nesterov: false },
      epochs: 2000,
      log_every: 30,
    });
  });

  it('a dataset’s config says what was chosen, whatever the names', () => {
    const names = fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), names, (file, [target, ...inputs]) => {
        const text = datasetConfig({
          file,
          inputs,
          targets: [target],
          lr: 0.003,
          batchSize: 8,
          epochs: 50,
          missing: 'mean',
          scale: 'standard',
          scaleTargets: 'minmax',
          split: [0.8, 0.2],
          logEvery: 5,
        });
        expect(parseConfig(text)).toMatchObject({
          problems: [],
          config: {
            dataset: { file, inputs, targets: [target], missing: 'mean', scale: 'standard', scale_targets: 'minmax' },
            split: [0.8, 0.2],
            loader: { batch_size: 8 },
            optimizer: { lr: 0.003 },
            epochs: 50,
            log_every: 5,
          },
        });
      }),
    );
  });

  it('a dataset’s config says which inputs are words, and that the target is one', () => {
    const template = { file: 'a.csv', inputs: ['x', 'species'], oneHot: ['species'], targets: ['sex'], lr: 1 };
    const text = datasetConfig({ ...template, loss: 'cross_entropy' });
    expect(parseConfig(text)).toMatchObject({
      problems: [],
      config: { dataset: { inputs: ['x', 'species'], one_hot: ['species'], targets: ['sex'] }, loss: 'cross_entropy' },
    });
    expect(text).toContain('and a bias, for each class.');
    expect(datasetConfig({ ...template, oneHot: [] })).not.toContain('one_hot');
  });

  it('a dataset’s config leaves out what is so by itself', () => {
    const template = { file: 'a.csv', inputs: ['x'], targets: ['y'], lr: 1 };
    const plain = datasetConfig({ ...template, missing: 'error', scale: 'none' });
    expect(plain).toBe(datasetConfig(template));
    expect(plain).not.toMatch(/missing|scale/);
    expect(datasetConfig({ ...template, scale: 'standard' })).toContain(
      '"targets": ["y"],\n    "scale": "standard" // put inputs',
    );
  });

  it('made-up data need no choice at all', () => {
    const parsed = parseConfig(generatedConfig());
    expect([...parsed.problems, ...checkConfig(parsed)]).toEqual([]);
    expect(
      parseConfig(generatedConfig({ samples: 7, features: 3, noise: 0, lr: 1, dataSeed: 4 })).config,
    ).toMatchObject({
      dataset: { samples: 7, features: 3, noise: 0, seed: 4 },
      optimizer: { lr: 1 },
    });
  });
});
