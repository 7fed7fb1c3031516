import { afterAll, expect, it, vi } from 'vitest';
import type { Activation } from '../../src/engine/nn/activations';

// An activation that the product does not have, added as CONTRIBUTING says. Forms of all activations are made when a module
// is loaded: this file loads its own modules, the activation first, and leaves none of them to the next file.
vi.resetModules();
const { activations } = await import('../../src/engine/nn/activations');
const { onnxActivations } = await import('../../src/exports/onnx/onnxActivations');
const softsign: Activation<'Tanh'> = {
  description: 'Squeezes numbers between -1 and 1, slowly.',
  formula: 'x / (1 + |x|)',
  range: [-1, 1],
  options: {},
  of: () => ({
    value: (x) => x / (1 + Math.abs(x)),
    derivative: (x) => (1 + Math.abs(x)) ** -2,
    bend: (x) => -2 * Math.sign(x) * (1 + Math.abs(x)) ** -3,
  }),
  gain: () => 1,
};
Object.assign(activations, { Softsign: softsign });
const operator: typeof onnxActivations.Tanh = (graph, x) => graph.node('Softsign', [x]);
Object.assign(onnxActivations, { Softsign: operator });
const { parseConfig } = await import('../../src/config/parseConfig');
const { describeModel } = await import('../../src/exports/modelFile');
const { exportRun } = await import('../../src/exports/exportRun');
const { exportedRun } = await import('../helpers/exportedRun');
const { expectSame } = await import('../helpers/onnxRuntime');
afterAll(() => {
  vi.resetModules();
});

const config = {
  seed: 4,
  dataset: { generate: 'curve', samples: 40, noise: 0.1, scale: 'standard' },
  model: { type: 'Sequential', layers: [{ type: 'Linear', out_features: 7 }, 'Softsign', 'Linear'] },
  optimizer: { type: 'Adam', lr: 0.05 },
  epochs: 60,
};

it('an activation that is added by its record trains, and is exported', async () => {
  const exported = await exportedRun(config);
  const { trainer, dataset } = exported.run;
  expect(trainer.parts.kernels.kind).toBe('plain');
  expect(trainer.fullTrainLoss()).toBeLessThan(exported.epochs.loss[0] / 4);
  expect(describeModel(exported).layers[1]).toEqual({ type: 'Softsign' });
  expect(new TextDecoder().decode(await exportRun('py', exported))).toContain('torch.nn.Softsign(),');
  // The model file is read back, and a graph computes the same.
  await expectSame(exported, { [dataset.inputNames[0]]: [...dataset.inputs] });
});

it('warns where an added activation bounds predictions, and refuses an unknown option', () => {
  const problemsOf = (last: unknown) =>
    parseConfig(JSON.stringify({ ...config, model: { type: 'Sequential', layers: ['Linear', last] } }), 'a').problems;
  expect(problemsOf('Softsign').map(({ message }) => message)).toEqual([
    expect.stringContaining('Softsign after the last "Linear" bounds every prediction (from -1 to 1)'),
  ]);
  expect(problemsOf({ type: 'Softsign', alpha: 1 })[0].message).toContain('alpha');
});
