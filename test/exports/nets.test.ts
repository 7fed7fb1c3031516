import { describe, expect, it } from 'vitest';
import { RowsPager } from '../../src/answers/rowsPager';
import { exportRun } from '../../src/exports/exportRun';
import { readModel } from '../../src/exports/modelFile';
import { readSafetensors, writeSafetensors } from '../../src/exports/safetensors';
import { rowOutputs } from '../../src/engine/kernels/rowOutputs';
import { exportedRun } from '../helpers/exportedRun';

const layers = [
  { type: 'Linear', out_features: 5 },
  'Tanh',
  { type: 'Linear', out_features: 3, bias: false, init: 'kaiming_uniform' },
  { type: 'LeakyReLU', negative_slope: 0.1 },
  'Linear',
];
const config = {
  seed: 3,
  dataset: { generate: 'moons', samples: 30, noise: 0.1, scale: 'standard' },
  model: { type: 'Sequential', layers, init: 'xavier_uniform' },
  loss: 'cross_entropy',
  loader: { batch_size: 5 },
  optimizer: { type: 'Adam', lr: 0.02 },
  epochs: 5,
};

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('a net as a file', () => {
  it('is a script that builds its layers and starts them as the run did', async () => {
    const script = textOf(await exportRun('py', await exportedRun(config)));
    expect(script).toContain(
      'model = torch.nn.Sequential(\n    torch.nn.Linear(2, 5),\n    torch.nn.Tanh(),\n    torch.nn.Linear(5, 3, bias=False),\n' +
        '    torch.nn.LeakyReLU(negative_slope=0.1),\n    torch.nn.Linear(3, 2),\n)',
    );
    expect(script).toContain('torch.nn.init.xavier_uniform_(model[0].weight)\ntorch.nn.init.zeros_(model[0].bias)');
    expect(script).toContain('torch.nn.init.kaiming_uniform_(model[2].weight, a=0.1, nonlinearity="leaky_relu")');
  });

  it('comes back from its model file with the same predictions, bit for bit', async () => {
    const exported = await exportedRun(config);
    const model = readModel(await exportRun('safetensors', exported));
    const { run, parameters } = exported;
    expect(model.parameters).toEqual(parameters);
    expect(model.model.parameters.map(({ name }) => name)).toEqual([
      '0.weight',
      '0.bias',
      '2.weight',
      '4.weight',
      '4.bias',
    ]);
    const rows = Uint32Array.from({ length: run.dataset.rows }, (_, row) => row);
    const outputs = rowOutputs(model.model, rows.length);
    outputs.inputs.set(run.trainer.parts.kernels.inputs);
    expect(outputs.of(rows.length, model.parameters)).toEqual(run.trainer.predict(rows, parameters));
    const page = new RowsPager(run).page({ offset: 0, count: 30, sort: 'row', descending: false }, parameters);
    expect(page.now).toHaveLength(30);
  });

  it.each([
    ['a layer that is not known', (all: object[]) => [{ type: 'Dropout' }, ...all]],
    ['layers that do not fit together', (all: object[]) => all.slice(2)],
    ['an option that is no number', (all: object[]) => all.map((one) => ({ ...one, negative_slope: '0' }))],
    ['no layers', () => []],
    ['a layer that is nothing', (all: object[]) => [null as never, ...all]],
    ['layers that are no list', () => 'Linear' as never],
  ])('is refused with %s', async (_, change) => {
    const { tensors, metadata } = readSafetensors(await exportRun('safetensors', await exportedRun(config)));
    const description = JSON.parse(metadata['gradient_descent']) as { layers: object[] };
    const changed = JSON.stringify({ ...description, layers: change(description.layers) });
    const bytes = writeSafetensors(tensors, { ...metadata, gradient_descent: changed });
    expect(() => readModel(bytes)).toThrow('does not fit together');
  });
});
