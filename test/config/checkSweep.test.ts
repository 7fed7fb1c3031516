import { describe, expect, it } from 'vitest';
import { configJsonSchema } from '../../src/config/published/jsonSchema';
import { parseConfig } from '../../src/config/parseConfig';

/** The problems of a config with a sweep: the text at which they stand, and their message. */
function problemsOf(sweep: string, more = '', optimizer = '{ "type": "SGD", "lr": 0.1 }') {
  const text = `{ "dataset": { "generate": "linear", "samples": 20, "features": 2, "noise": 0.1 }, "optimizer": ${optimizer}, "sweep": ${sweep}${more} }`;
  const { problems, config } = parseConfig(text);
  expect(config === undefined).toBe(problems.length > 0);
  return problems.map(({ column, endColumn, message }) => [text.slice(column - 1, endColumn - 1), message]);
}

describe('a sweep', () => {
  it('that is right has no problem', () => {
    for (const sweep of [
      '{ "optimizer.lr": [0.01, 0.1], "seed": { "count": 32 } }',
      '{ "optimizer.momentum": { "from": 0, "to": 0.9, "steps": 4, "scale": "linear" } }',
      '{ "optimizer": [{ "type": "SGD", "lr": 0.1 }, { "type": "Adam" }] }',
      '{ "optimizer.type": ["SGD", "RMSprop"] }',
      '{ "loss": ["mse_loss", "l1_loss"], "dataset.scale": ["none", "standard"], "model.bias": [true, false] }',
      '{ "split": [[15, 5], [0.5, 0.5]], "scheduler.gamma": [0.1] }',
    ]) {
      expect(problemsOf(sweep), sweep).toEqual([]);
    }
    expect(
      problemsOf('{ "optimizer.lr": { "from": 0.01, "to": 1, "scale": "log" } }', ', "sweep_mode": { "random": 20 }'),
    ).toEqual([]);
  });

  it('reaches into lists that the config has', () => {
    const model =
      ', "model": { "type": "Sequential", "layers": [{ "type": "Linear", "out_features": 4 }, "ReLU", "Linear"] }';
    expect(problemsOf('{ "model.layers.0.out_features": [4, 8], "model.layers.1": ["ReLU", "Tanh"] }', model)).toEqual(
      [],
    );
    expect(problemsOf('{ "model.layers.0.out_features": [0] }', model)).toEqual([
      ['0', 'sweep.model.layers.0.out_features[0] must be at least 1, got 0'],
    ]);
    expect(problemsOf('{ "model.layers.3.bias": [true] }', model)[0][1]).toMatch(
      /^there is no key "model.layers.3.bias" in sweep/,
    );
  });

  it('reports a key that the config has no room for', () => {
    expect(problemsOf('{ "loss.beta": [0.5, 1] }', ', "loss": "smooth_l1_loss"')).toEqual([
      ['"loss.beta"', 'sweep cannot set loss.beta: loss is "smooth_l1_loss", which has no keys'],
    ]);
    expect(problemsOf('{ "split.fold": { "count": 5 } }', ', "split": [16, 4]')).toEqual([
      ['"split.fold"', 'sweep cannot set split.fold: split is a list with entries 0 to 1'],
    ]);
  });

  it('is told that a path is one key where it is nested', () => {
    expect(problemsOf('{ "optimizer": { "lr": [0.1, 0.2] } }').at(-1)).toEqual([
      '"lr"',
      'unknown key "lr" in sweep.optimizer; write the path as one key of sweep, "optimizer.lr"',
    ]);
  });

  it('counts no further than can be drawn from', () => {
    const [[where, message]] = problemsOf(
      '{ "seed": { "count": 9007199254740991 } }',
      ', "sweep_mode": { "random": 2 }',
    );
    expect([where, message]).toEqual([
      '9007199254740991',
      'sweep.seed.count must be at most 1000000, got 9007199254740991',
    ]);
  });

  it('names the nearest path for a key that there is not', () => {
    expect(problemsOf('{ "optimiser.lr": [1] }')).toEqual([
      [
        '"optimiser.lr"',
        'there is no key "optimiser.lr" in sweep; write the path of a key, as in "optimizer.lr"; did you mean "optimizer.lr"?',
      ],
    ]);
    expect(problemsOf('{ "sweep_mode": ["grid"] }')[0][1]).toMatch(/^sweep_mode cannot be varied/);
    expect(problemsOf('{ "split.0": [1] }')[0][1]).toMatch(/^there is no key "split.0"/);
  });

  it('says of a value what its own key would say, where it stands', () => {
    expect(problemsOf('{ "optimizer.lr": [0.1, "fast"] }')).toEqual([
      ['"fast"', 'sweep.optimizer.lr[1] must be a number, got "fast"'],
    ]);
    expect(problemsOf('{ "epochs": [10, 0, 2.5] }')).toEqual([
      ['0', 'sweep.epochs[1] must be at least 1, got 0'],
      ['2.5', 'sweep.epochs[2] must be a whole number, got 2.5'],
    ]);
    expect(problemsOf('{ "loss": ["mse"] }')[0][1]).toMatch(/^sweep\.loss\[0\] must be "mse_loss", .*, got "mse"/);
    expect(problemsOf('{ "optimizer.momentum": { "from": -1, "to": 1, "steps": 2 } }')).toEqual([
      ['-1', 'sweep.optimizer.momentum.from must be at least 0, got -1'],
    ]);
    expect(problemsOf('{ "optimizer": [{ "type": "SGD" }] }')[0][1]).toMatch(/missing key "lr"/);
  });

  it('takes numbers only where a key takes some', () => {
    expect(problemsOf('{ "loss": { "count": 3 } }')[0][1]).toBe(
      'sweep.loss must be a list of values, because loss takes no whole numbers',
    );
    expect(problemsOf('{ "optimizer.lr": { "count": 3 } }')[0][1]).toMatch(/lr takes no whole numbers$/);
    expect(problemsOf('{ "model.bias": { "from": 0, "to": 1, "steps": 2 } }')[0][1]).toMatch(/bias takes no numbers$/);
  });

  it('needs values that go together', () => {
    expect(problemsOf('{}')[0][1]).toMatch(/^sweep needs at least one key/);
    expect(problemsOf('{ "optimizer.lr": [] }')[0][1]).toBe('sweep.optimizer.lr must have at least 1 entry, got 0');
    expect(problemsOf('{ "optimizer.lr": { "from": 1, "to": 2 } }')).toEqual([
      ['"optimizer.lr"', 'missing key "steps" in sweep.optimizer.lr; only a random sweep does without'],
    ]);
    const fromZero = '{ "optimizer.weight_decay": { "from": 0, "to": 1, "steps": 3, "scale": "log" } }';
    expect(problemsOf(fromZero)[0][1]).toMatch(
      /must go from a number above 0 to another with "scale": "log", got 0 to 1$/,
    );
    expect(problemsOf(fromZero, ', "sweep_mode": { "random": 3 }')).toHaveLength(1);
    expect(problemsOf('{ "optimizer": [{ "type": "Adam" }], "optimizer.lr": [1] }')[0][1]).toBe(
      'sweep.optimizer.lr would be overwritten by sweep.optimizer; keep one of them',
    );
    expect(problemsOf('{ "optimizer.lr": [1, 2], "seed": [1] }', ', "sweep_mode": "zip"')[0][1]).toMatch(
      /all keys of sweep need equally many values, but optimizer.lr has 2 and seed has 1$/,
    );
    expect(problemsOf('{ "seed": { "count": 101 }, "epochs": { "from": 1, "to": 100, "steps": 100 } }')).toEqual([
      ['"sweep"', 'sweep has 10100 members; at most 10000 are trained'],
    ]);
    expect(problemsOf('{ "optimizer.lr": 0.1 }')[0][1]).toMatch(/^sweep.optimizer.lr must be a list/);
  });

  it('is completed with the paths of keys', () => {
    const { properties } = configJsonSchema() as {
      properties: Record<string, { anyOf: { propertyNames: { enum: string[] } }[] }>;
    };
    const paths = properties.sweep.anyOf[0].propertyNames.enum;
    expect(paths).toEqual(expect.arrayContaining(['optimizer.lr', 'seed', 'split.fold', 'loader.batch_size', 'loss']));
    expect(paths).not.toContain('sweep');
  });
});
