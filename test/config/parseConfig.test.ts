import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parseConfig';
import type { Config, ConfigInput } from '../../src/config/schema';
import { tutorialConfig } from '../../src/config/templates/template';
import { formatProblem } from '../../src/base/problem';

const sgd = '"optimizer": { "type": "SGD", "lr": 0.1 }';
const sgdDefaults = { momentum: 0, dampening: 0, weight_decay: 0, nesterov: false };
const unscaled = { scale: 'none', scale_targets: 'none' } as const;
const file = '"dataset": { "file": "a.csv" }';
const withKeys = (keys: string) => parseConfig(`{ ${file}, ${sgd}, ${keys} }`);
const messages = ({ problems }: ReturnType<typeof parseConfig>) => problems.map((problem) => problem.message);
/** What each problem's range covers, as an editor would underline it. */
const marked = (text: string) =>
  parseConfig(text).problems.map(({ line, column, endLine, endColumn }) => {
    expect(endLine).toBe(line);
    return text.split('\n')[line - 1].slice(column - 1, endColumn - 1);
  });

describe('a config that is right', () => {
  it('gets its defaults', () => {
    const written: ConfigInput = { dataset: { file: 'a.csv' }, optimizer: { type: 'SGD', lr: 0.1 } };
    const config: Config = {
      dataset: { file: 'a.csv', missing: 'error', ...unscaled },
      loader: { batch_size: 1, shuffle: true, drop_last: false },
      model: { type: 'Linear', bias: true, init: 'default' },
      loss: 'mse_loss',
      optimizer: { type: 'SGD', lr: 0.1, ...sgdDefaults },
      epochs: 100,
      log_every: 10,
    };
    expect(parseConfig(JSON.stringify(written))).toMatchObject({ config, problems: [] });
    expect(parseConfig(JSON.stringify(written)).config).toEqual(config);
  });

  it('keeps what is written, in every form of dataset', () => {
    const config: Config = {
      seed: -3,
      dataset: {
        generate: 'linear',
        samples: 10,
        features: 2,
        noise: 0.5,
        weight: [
          [1, 2],
          [3, 4],
        ],
        bias: [0, 1],
        seed: 9,
        scale: 'standard',
        scale_targets: 'minmax',
      },
      split: [0.7, 0.3],
      loader: { batch_size: 4, shuffle: false, drop_last: true },
      model: {
        type: 'Linear',
        bias: false,
        init: {
          weight: [
            [1, 2],
            [3, 4],
          ],
        },
      },
      loss: 'huber_loss',
      optimizer: { type: 'SGD', lr: 1e-6, momentum: 0.9, dampening: 0, weight_decay: 0.1, nesterov: true },
      scheduler: { type: 'StepLR', step_size: 3, gamma: 0.5 },
      epochs: 7,
      log_every: 3,
    };
    const datasets: Config['dataset'][] = [
      config.dataset,
      { values: { inputs: [[1], [2]], targets: [[3], [4]] }, scale: 'minmax', scale_targets: 'none' },
      { file: 'b.tsv', inputs: ['x', 'y'], targets: ['z'], missing: 'mean', ...unscaled },
      {
        generate: 'arange',
        inputs: { start: 5, stop: 1, step: -1, shape: [2, 2] },
        targets: { start: 0, stop: 2, step: 1, shape: [2, 1] },
        ...unscaled,
      },
      { generate: 'linear', samples: 5, features: 2, noise: 0, weight: [1, 2], bias: 3, seed: 0, ...unscaled },
    ];
    for (const dataset of datasets) {
      const parsed = parseConfig(JSON.stringify({ ...config, dataset }));
      expect(messages(parsed)).toEqual([]);
      expect(parsed.config).toEqual({ ...config, dataset });
    }
  });

  it('may have comments, trailing commas, a byte order mark, CRLF and a $schema', () => {
    const text = `\uFEFF// a config\r\n{ "$schema": "x", /* data */ ${file},\r\n${sgd}, }\r\n`;
    expect(parseConfig(text)).toMatchObject({ problems: [], config: { epochs: 100 } });
  });

  it('hands out defaults that nobody shares', () => {
    const [one, two] = [parseConfig(`{${file},${sgd}}`), parseConfig(`{${file},${sgd}}`)];
    one.config!.loader.batch_size = 99;
    expect(two.config!.loader.batch_size).toBe(1);
    const adam = () => parseConfig(`{${file},"optimizer":{"type":"Adam"}}`).config!.optimizer as { betas: number[] };
    adam().betas[0] = 0;
    expect(adam().betas).toEqual([0.9, 0.999]);
  });

  const adaptive = { betas: [0.9, 0.999], eps: 1e-8, amsgrad: false };
  it.each([
    [{ type: 'SGD', lr: 1 }, sgdDefaults],
    [{ type: 'Adam' }, { lr: 1e-3, weight_decay: 0, ...adaptive }],
    [{ type: 'AdamW' }, { lr: 1e-3, weight_decay: 1e-2, ...adaptive }],
    [{ type: 'RMSprop' }, { lr: 1e-2, alpha: 0.99, eps: 1e-8, weight_decay: 0, momentum: 0, centered: false }],
    [{ type: 'Adagrad' }, { lr: 1e-2, lr_decay: 0, weight_decay: 0, eps: 1e-10 }],
  ])('gets PyTorch’s defaults for the optimizer %j', (optimizer, defaults) => {
    const { config } = parseConfig(JSON.stringify({ dataset: { file: 'a.csv' }, optimizer }));
    expect(config?.optimizer).toEqual({ ...optimizer, ...defaults });
  });

  const plateau = { mode: 'min', factor: 0.1, patience: 10, threshold: 1e-4, threshold_mode: 'rel', cooldown: 0 };
  it.each([
    [{ type: 'StepLR', step_size: 30 }, { gamma: 0.1 }],
    [{ type: 'ExponentialLR', gamma: 0.9 }, {}],
    [{ type: 'CosineAnnealingLR', T_max: 10 }, { eta_min: 0 }],
    [{ type: 'ReduceLROnPlateau' }, { ...plateau, min_lr: 0, eps: 1e-8 }],
  ])('gets PyTorch’s defaults for the scheduler %j', (scheduler, defaults) => {
    const { config } = withKeys(`"scheduler": ${JSON.stringify(scheduler)}`);
    expect(config?.scheduler).toEqual({ ...scheduler, ...defaults });
  });

  it.each(['mse_loss', 'l1_loss', 'smooth_l1_loss', 'huber_loss', 'binary_cross_entropy_with_logits', 'cross_entropy'])(
    'may have the loss %s',
    (loss) => expect(withKeys(`"loss": "${loss}"`).config?.loss).toBe(loss),
  );
});

describe('the place', () => {
  it.each([
    ['{ "dataset": { "file": "a" }, "optimizer": { "type": "SGD", "lr": -1 } }', ['-1']],
    ['{ "dataset": { "file": "a" }, "optimizer": { "type": "SGD" } }', ['"optimizer"']],
    ['{ "dataset": { "file": "a" } }', ['{']],
    ['// c\n{\n  "epochs": 0,\r\n  "epoch": 1 }', ['{', '{', '0', '"epoch"']],
    ['{ "dataset": { "file": "a", "values": {} }, "optimizer": { "type": "SGD", "lr": 1 } }', ['"values"']],
    ['{ "dataset": { "file": "a", "inputs": ["x", 3] }, "optimizer": { "type": "SGD", "lr": 1 } }', ['3']],
    ['{ "dataset": { "file": "a" }, "split": [1, 2.5], "optimizer": { "type": "SGD", "lr": 1 } }', ['[1, 2.5]']],
  ])('of %s is %j', (text, expected) => {
    expect(marked(text)).toEqual(expected);
  });

  it('counts lines and columns from 1 whatever ends the lines', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const { problems } = parseConfig(['{', `  ${file},`, `  ${sgd},`, '  "epochs": 0', '}'].join(end), 'a.gd.json');
      expect(problems.map(formatProblem)).toEqual(['a.gd.json:4:13: epochs must be at least 1, got 0']);
    }
  });
});

describe('a suggestion', () => {
  it.each([
    ['"epoch": 3', '"epochs"'],
    ['"epohcs": 3', '"epochs"'],
    ['"xyz": 3', undefined],
    ['"loss": "MSELoss"', '"mse_loss"'],
    ['"epochs": "30"', '30'],
    ['"model": { "bias": "True" }', 'true'],
    ['"split": [0.8, 0.3]', '[0.8, 0.2]'],
    ['"lr": 3', undefined],
  ])('for %s is %s', (keys, suggestion) => {
    expect(withKeys(keys).problems.map((problem) => problem.suggestion)).toEqual([suggestion]);
  });

  it('makes the config right when it is taken', () => {
    const text = `{ "dataset": { "csv": "a.csv", "inputs": "x" }, "optimiser": { "type": "sgd", "learning_rate": "0.1" } }`;
    let fixed = text;
    for (let round = 0; round < 6; round++) {
      const problem = parseConfig(fixed).problems.find((one) => one.suggestion);
      if (!problem) break;
      fixed = fixed.slice(0, problem.column - 1) + problem.suggestion + fixed.slice(problem.endColumn - 1);
    }
    expect(messages(parseConfig(fixed))).toEqual([]);
    expect(fixed).toContain('{ "file": "a.csv", "inputs": ["x"] }, "optimizer": { "type": "SGD", "lr": 0.1 }');
  });
});

describe('a text that is no config', () => {
  it.each([
    ['', '1:1: the config is empty; write at least { "dataset": { … }, "optimizer": { … } }'],
    ['  \n', '1:1: the config is empty; write at least { "dataset": { … }, "optimizer": { … } }'],
    ['// only a comment', '1:1: the config is empty; write at least { "dataset": { … }, "optimizer": { … } }'],
    ['[]', '1:1: the config must be an object { … }, got []'],
    ['12', '1:1: the config must be an object { … }, got 12'],
    ['['.repeat(100_000), '1:1: the config is nested too deeply to be read; a config needs at most five levels'],
    ['{ "a" 1 }', expect.stringContaining('1:7: not a valid config: a colon is needed between key and value')],
    ['import torch', expect.stringContaining('1:1: not a valid config: this is neither a number, true, false')],
  ])('says so: %#', (text, message) => {
    const { problems, config } = parseConfig(text);
    expect(config).toBeUndefined();
    expect(problems.map(formatProblem)).toContainEqual(message);
  });

  it('leaves syntax to the editor, and does not miss keys in a text that breaks off', () => {
    const { problems, draft } = parseConfig(`{ ${file}, "epochs": 0, "optimizer": {`);
    expect(problems.filter((problem) => !problem.schema).map((problem) => problem.message)).toEqual([
      'epochs must be at least 1, got 0',
    ]);
    expect(problems.some((problem) => problem.schema && problem.code === 'syntax')).toBe(true);
    expect(draft.dataset).toEqual({ file: 'a.csv', missing: 'error', ...unscaled });
  });

  const mutations = fc
    .tuple(
      fc.nat(),
      fc.nat({ max: 30 }),
      fc.constantFrom('', '}', '{', '"', ',', '[', ':', '0', '-1', '1e999', 'null', '\u2028', '//'),
    )
    .map(([at, length, insert]) => {
      const text = tutorialConfig();
      const start = at % text.length;
      return text.slice(0, start) + insert + text.slice(start + length);
    });

  it('never throws, and gives a config or an error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json(), mutations), (text) => {
        const { config, problems } = parseConfig(text, 'a.gd.json');
        expect(config === undefined).toBe(problems.some((problem) => problem.severity === 'error'));
        for (const { line, column, endLine, endColumn } of problems) {
          expect(line >= 1 && column >= 1 && (endLine > line || endColumn >= column)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  const values = fc.oneof(
    fc.constantFrom(
      0,
      -1,
      1.5,
      1e300,
      '',
      'x',
      'cross_entropy',
      'standard',
      null,
      true,
      [],
      {},
      [[]],
      [[1], [1, 2]],
      [0, 0],
    ),
    fc.jsonValue(),
  );
  const keys = ['seed', 'split', 'loader', 'model', 'loss', 'optimizer', 'scheduler', 'epochs', 'log_every', 'dataset'];
  it('never throws, whatever stands in a known place', () => {
    const dataset = fc.dictionary(
      fc.constantFrom(
        'generate',
        'inputs',
        'targets',
        'samples',
        'features',
        'weight',
        'bias',
        'values',
        'file',
        'shape',
        'scale_targets',
      ),
      fc.oneof(values, fc.constantFrom('arange', 'linear')),
    );
    const configs = fc.record(Object.fromEntries(keys.map((key) => [key, key === 'dataset' ? dataset : values])), {
      requiredKeys: [],
    });
    fc.assert(
      fc.property(configs, (config) => void parseConfig(JSON.stringify(config))),
      { numRuns: 500 },
    );
  });
});
