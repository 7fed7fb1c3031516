import { describe, expect, it } from 'vitest';
import { lossName } from '../../src/config/schema';
import { tutorialConfig } from '../../src/config/templates/template';
import { Answerer } from '../../src/answers/answerer';
import type { LandscapeQuery, LossPlane } from '../../src/engine/report/lossPlane';
import { openRun, type OpenedRun } from '../../src/training/openRun';
import { expectClose } from '../helpers/expectClose';

async function open(config: object | string): Promise<OpenedRun> {
  const configText = typeof config === 'string' ? config : JSON.stringify(config);
  const opened = await openRun({ configText, configFile: 'test.gd.json', seed: 3 });
  if ('problems' in opened) throw new Error(opened.problems.map(({ message }) => message).join('\n'));
  return opened;
}

const plane = (run: OpenedRun, query: LandscapeQuery = { plane: 'steepest' }): LossPlane =>
  new Answerer(run, () => 0).answer({ kind: 'landscape', query }) as LossPlane;

const optimizer = { type: 'SGD', lr: 0.01 };
const made = { generate: 'linear', samples: 40, features: 3, noise: 0.5, seed: 5 };

/** A class, or a share, for each row, with some of both everywhere. */
function labelled(labels: number, columns = 2) {
  const inputs = Array.from({ length: 60 }, (_, i) =>
    Array.from({ length: columns }, (_, j) => Math.sin(7 * i + 3 * j) + 0.4 * j),
  );
  return { values: { inputs, targets: inputs.map(([first], i) => [Math.abs(Math.round(first + i)) % labels]) } };
}

/** The losses by their definitions, one row at a time: outputs and targets to what a row adds to the mean's numerator. */
const definitions: Record<string, (outputs: number[], targets: number[]) => number[]> = {
  mse_loss: (outputs, targets) => outputs.map((output, i) => (output - targets[i]) ** 2),
  l1_loss: (outputs, targets) => outputs.map((output, i) => Math.abs(output - targets[i])),
  huber_loss: (outputs, targets) =>
    outputs.map((output, i) => {
      const size = Math.abs(output - targets[i]);
      return size < 1 ? size ** 2 / 2 : size - 0.5;
    }),
  binary_cross_entropy_with_logits: ([output], [target]) => {
    const probability = 1 / (1 + Math.exp(-output));
    return [-target * Math.log(probability) - (1 - target) * Math.log(1 - probability)];
  },
  cross_entropy: (outputs, [target]) => {
    const sum = outputs.reduce((total, output) => total + Math.exp(output), 0);
    return [-Math.log(Math.exp(outputs[target]) / sum)];
  },
};
definitions['smooth_l1_loss'] = definitions['huber_loss'];

/** The loss over all training rows, in plain sums. */
function directLoss({ trainer, config }: OpenedRun, parameters: ArrayLike<number>): number {
  const { dataset, trainRows, model } = trainer.parts;
  const [width, targetWidth] = [dataset.inputNames.length, dataset.targetNames.length];
  const terms = Array.from(trainRows).flatMap((row) => {
    const outputs = Array.from({ length: model.outFeatures }, (_, output) => {
      let sum = model.linear?.hasBias ? parameters[model.outFeatures * width + output] : 0;
      for (let i = 0; i < width; i++) sum += parameters[output * width + i] * dataset.inputs[row * width + i];
      return sum;
    });
    return definitions[lossName(config.loss)](outputs, [
      ...dataset.targets.subarray(row * targetWidth, (row + 1) * targetWidth),
    ]);
  });
  return terms.reduce((sum, term) => sum + term, 0) / terms.length;
}

function parametersAt({ origin, axes }: LossPlane, a: number, b: number): Float64Array {
  return origin.map((value, i) => value + a * axes[0].direction[i] + b * (axes[1]?.direction[i] ?? 0));
}

describe('the grid of losses', () => {
  it.each([
    { loss: 'mse_loss', dataset: made, tolerance: 1e-10 },
    {
      loss: 'mse_loss',
      dataset: {
        ...made,
        weight: [
          [1, 2, 3],
          [3, -1, 0],
        ],
      },
      tolerance: 1e-10,
    },
    { loss: 'l1_loss', dataset: made, tolerance: 1e-5 },
    { loss: 'huber_loss', dataset: made, tolerance: 1e-5 },
    { loss: 'smooth_l1_loss', dataset: { ...made, scale: 'standard', scale_targets: 'standard' }, tolerance: 1e-5 },
    { loss: 'binary_cross_entropy_with_logits', dataset: labelled(2), tolerance: 1e-5 },
    { loss: 'cross_entropy', dataset: labelled(3), tolerance: 1e-5 },
  ])('of $loss is what the definition gives', async ({ loss, dataset, tolerance }) => {
    const run = await open({ dataset, loss, optimizer, split: [0.8, 0.2], model: { init: 'default' } });
    const view = { a: 0.3, b: -0.2, halfA: 1.5, halfB: 0.7 };
    for (const query of [{ plane: 'steepest' }, { plane: { first: 1, second: 0 }, view }] as LandscapeQuery[]) {
      const answer = plane(run, query);
      expect(answer.losses).toHaveLength(answer.size ** 2);
      for (let point = 0; point < 40; point++) {
        const [row, column] = [(7 * point) % answer.size, (13 * point) % answer.size];
        const place = (index: number): number => (2 * index) / (answer.size - 1) - 1;
        const a = answer.view.a + answer.view.halfA * place(column);
        const b = answer.view.b + answer.view.halfB * place(row);
        const actual = answer.losses[row * answer.size + column];
        expectClose(actual, directLoss(run, parametersAt(answer, a, b)), tolerance);
      }
    }
  });

  it('is taken over evenly spread rows where there are many, and says so', async () => {
    const answer = plane(await open({ dataset: { ...made, samples: 5000 }, loss: 'l1_loss', optimizer }));
    expect(answer.sampledRows).toBe(1000);
    expect(plane(await open({ dataset: made, loss: 'l1_loss', optimizer })).sampledRows).toBeUndefined();
  });

  it('holds start and minimum where no view is asked for', async () => {
    const run = await open({ dataset: made, optimizer });
    const { view, origin, axes } = plane(run);
    const along = axes.map(({ direction }) =>
      direction.reduce((sum, d, i) => sum + d * (run.initial[i] - origin[i]), 0),
    );
    for (const [a, b] of [along, [0, 0]]) {
      expect(Math.abs(a - view.a)).toBeLessThan(view.halfA);
      expect(Math.abs(b - view.b)).toBeLessThan(view.halfB);
    }
  });
});

/** The second derivative of mse_loss, by differences of its definition. */
function hessianTimes(run: OpenedRun, direction: Float64Array): number[] {
  const shifted = (i: number, by: number, along: number): Float64Array =>
    Float64Array.from(run.initial, (value, j) => value + along * direction[j] + (i === j ? by : 0));
  return Array.from(direction, (_, i) => {
    const at = (by: number, along: number): number => directLoss(run, shifted(i, by, along));
    return (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / 4;
  });
}

describe('the directions', () => {
  it.each([
    ['one target', made],
    [
      'two targets',
      {
        ...made,
        weight: [
          [1, 2, 3],
          [3, -1, 0],
        ],
      },
    ],
  ])('are eigenvectors of the Hessian, and nothing is steeper or flatter, with %s', async (_, dataset) => {
    const run = await open({ dataset, optimizer });
    const { axes } = plane(run);
    const curvatures = axes.map(({ direction }) => {
      const image = hessianTimes(run, direction);
      const value = image.reduce((sum, each, i) => sum + each * direction[i], 0);
      image.forEach((each, i) => expect(each).toBeCloseTo(value * direction[i], 6));
      return value;
    });
    for (let sample = 0; sample < 50; sample++) {
      const other = run.initial.map((_, i) => Math.sin(sample * 12.9 + i * 78.2));
      const length = Math.hypot(...other);
      const unit = Float64Array.from(other, (value) => value / length);
      const bent = hessianTimes(run, unit).reduce((sum, each, i) => sum + each * unit[i], 0);
      expect(bent).toBeLessThan(curvatures[0] + 1e-9);
      expect(bent).toBeGreaterThan(curvatures[1] - 1e-9);
    }
    expect(axes.map(({ kind }) => kind)).toEqual(['steepest', 'flattest']);
  });

  it('with one input are weight and bias, whose minimum is the line of least squares', async () => {
    const dataset = { values: { inputs: [[1], [2], [4], [7]], targets: [[2], [3], [9], [11]] } };
    const { axes, origin, minimum } = plane(await open({ dataset, optimizer }));
    expect(axes.map(({ label, direction }) => [label, ...direction])).toEqual([
      ['weight of x0', 1, 0],
      ['bias', 0, 1],
    ]);
    expect([...origin]).toEqual([0, 0]);
    // Covariance 33.5 over variance 21, through the means 3.5 and 6.25.
    expectClose(minimum!.a, 33.5 / 21, 1e-12);
    expectClose(minimum!.b, 6.25 - (33.5 / 21) * 3.5, 1e-12);
  });

  it('with a single parameter is that one', async () => {
    const dataset = { values: { inputs: [[1], [2]], targets: [[2], [5]] } };
    const { axes, losses, size, minimum } = plane(await open({ dataset, optimizer, model: { bias: false } }));
    expect(axes).toHaveLength(1);
    expect(losses).toHaveLength(size);
    expectClose(minimum!.a, 12 / 5, 1e-12);
  });

  it('leave out those in which the loss does not change', async () => {
    const run = await open(tutorialConfig());
    const { axes, minimum, origin } = plane(run);
    expect(axes[1].kind).toBe('flattest');
    expect(Math.hypot(...hessianTimes(run, axes[1].direction))).toBeGreaterThan(0.01);
    expect(minimum!.loss).toBeLessThan(1e-12);
    // x0 + x2 = 2 x1 in every row: gradient descent does not move this way, so neither does the way to the minimum.
    const moved = origin.map((value, i) => value - run.initial[i]);
    expect(Math.abs(moved[0] - 2 * moved[1] + moved[2]) / Math.hypot(...moved)).toBeLessThan(1e-9);
  });

  it('come with a flat one where there is no other', async () => {
    const dataset = { values: { inputs: [[1, 2]], targets: [[3]] } };
    expect(plane(await open({ dataset, optimizer })).axes.map(({ kind }) => kind)).toEqual(['steepest', 'flat']);
  });
});

describe('the lowest point', () => {
  it.each(['l1_loss', 'huber_loss', 'binary_cross_entropy_with_logits'])(
    'of %s has nothing lower around it',
    async (loss) => {
      const dataset = loss.startsWith('binary') ? labelled(2) : made;
      const run = await open({ dataset, loss, optimizer });
      const answer = plane(run, { plane: { first: 0, second: 1 } });
      const { a, b, loss: lowest } = answer.minimum!;
      expectClose(lowest, directLoss(run, parametersAt(answer, a, b)), 1e-5);
      for (let turn = 0; turn < 12; turn++) {
        const [da, db] = [0.01 * Math.cos(turn), 0.01 * Math.sin(turn)];
        expect(directLoss(run, parametersAt(answer, a + da, b + db))).toBeGreaterThan(lowest);
      }
    },
  );

  it('is not there where classes are divided by a line', async () => {
    const inputs = Array.from({ length: 10 }, (_, i) => [i - 4.5]);
    const dataset = { values: { inputs, targets: inputs.map(([x]) => [Number(x > 0)]) } };
    const answer = plane(await open({ dataset, loss: 'binary_cross_entropy_with_logits', optimizer }));
    expect(answer.minimum).toBeUndefined();
  });
});

describe('what cannot be drawn', () => {
  it('is said with the limit', async () => {
    const wide = await open({ dataset: { generate: 'linear', samples: 4, features: 400 }, optimizer });
    expect(() => plane(wide)).toThrow('up to 299 inputs; this model has 400');
    const narrow = await open({ dataset: made, optimizer });
    expect(() => plane(narrow, { plane: { first: 0, second: 4 } })).toThrow('parameter 4');
  });
});

describe('the words for an axis', () => {
  it('name the parameters that it is made of, and that they are scaled', async () => {
    const dataset = {
      values: {
        inputs: [
          [1, 100],
          [2, -100],
          [3, 100],
          [4, -150],
        ],
        targets: [[1], [2], [3], [4]],
      },
    };
    expect(plane(await open({ dataset, optimizer })).axes[0].label).toBe('steepest direction: mostly x1');
    const scaled = await open({ dataset: { ...dataset, scale: 'standard' }, optimizer });
    expect(plane(scaled, { plane: { first: 1, second: 2 } }).axes.map(({ label }) => label)).toEqual([
      'weight of x1 (scaled)',
      'bias (scaled)',
    ]);
  });
});
