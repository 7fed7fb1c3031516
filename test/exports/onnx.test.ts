import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { InferenceSession } from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { exportRun } from '../../src/exports/exportRun';
import fileConfigs from '../fixtures/exports/configs.json';
import runs from '../fixtures/runs.json';
import { exportedRun } from '../helpers/exportedRun';
import { expectSame, runOnnx } from '../helpers/onnxRuntime';

const folder = path.join(__dirname, '../fixtures/exports');

describe('an ONNX model in ONNX Runtime', () => {
  // One config of each kind: losses, scalings, several targets, classes, no bias.
  it.each([0, 3, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 47])('predicts as the run does: %i', async (i) => {
    const exported = await exportedRun(runs[i].config);
    const names = exported.run.dataset.inputNames;
    const { inputs } = runs[i].config.dataset.values;
    await expectSame(exported, Object.fromEntries(names.map((name, j) => [name, inputs.map((row) => row[j])])));
  });

  const layers = (activation: object | string) => [{ type: 'Linear', out_features: 7 }, activation, 'Linear'];
  it.each([
    'ReLU',
    { type: 'LeakyReLU', negative_slope: 0.2 },
    { type: 'ELU', alpha: 1.7 },
    { type: 'GELU', approximate: 'none' },
    { type: 'GELU', approximate: 'tanh' },
    'SiLU',
    'Tanh',
    'Sigmoid',
    { type: 'Softplus', beta: 2, threshold: 1 },
    { type: 'Softplus', beta: 1, threshold: 20 },
    'Identity',
  ])('computes the same through $type%s', async (activation) => {
    for (const loss of ['mse_loss', 'cross_entropy']) {
      const exported = await exportedRun({
        seed: 4,
        dataset: { generate: loss === 'mse_loss' ? 'curve' : 'moons', samples: 40, noise: 0.1, scale: 'standard' },
        model: { type: 'Sequential', layers: layers(activation) },
        loss,
        optimizer: { type: 'Adam', lr: 0.05 },
        epochs: 10,
      });
      const { inputNames: names, inputs } = exported.run.dataset;
      const width = names.length;
      const column = (place: number) => Array.from(inputs).filter((_, at) => at % width === place);
      await expectSame(exported, Object.fromEntries(names.map((name, place) => [name, column(place)])));
    }
  });

  it('takes categories by their names, means for gaps, and hostile names', async () => {
    const exported = await exportedRun(fileConfigs[1], folder);
    const text = readFileSync(path.join(folder, fileConfigs[1].dataset.file!), 'utf8');
    expect(text).toContain('東京');
    const [first, second] = exported.run.dataset.source!.inputs.map(({ column }) => column);
    const city = ['O\'Brien "x"', 'Paris', 'Rom;a', '東京', 'Paris'];
    await expectSame(exported, { [first]: ['', 1, 2, 4, 3], [second]: [0, 10, 20, 40, 7], city });
  });

  it('multiplies inputs inside the graph, which takes the columns alone', async () => {
    const [mixed, size, both] = fileConfigs.filter(({ dataset }) => dataset.polynomial && !dataset.validation_file);
    const exported = await exportedRun(mixed, folder);
    const [first, second] = exported.run.dataset.source!.inputs.map(({ column }) => column);
    const city = ['O\'Brien "x"', 'Paris', 'Rom;a', '東京', 'Paris'];
    await expectSame(exported, { [first]: ['', 1, 2, 4, 3], [second]: [0, 10, 20, 40, 7], city });
    const columns = { stamp: [1_700_000_000, 1_700_000_037, 1_700_012_345], size: [6.6043, 6.0622, 7.5] };
    for (const config of [size, both]) await expectSame(await exportedRun(config, folder), columns);
  });

  it('gives NaN, and no label, for what was never seen in training', async () => {
    const place = mkdtempSync(path.join(tmpdir(), 'onnx-'));
    const lines = Array.from(
      { length: 24 },
      (_, i) => `${i % 7},${['Oslo', 'Rome', ''][i % 3]},${[10, 20][i % 2]},${'ab'[i % 2]}`,
    );
    writeFileSync(path.join(place, 'a.csv'), `size,city,code,kind\n${lines.join('\n')}\n`);
    const dataset = {
      file: 'a.csv',
      inputs: ['size', 'city', 'code'],
      targets: ['kind'],
      one_hot: ['city', 'code'],
      missing: 'category',
    };
    const config = { seed: 0, dataset, loss: 'cross_entropy', optimizer: { type: 'SGD', lr: 0.1 }, epochs: 3 };
    const exported = await exportedRun(config, place);
    rmSync(place, { recursive: true });
    await expectSame(exported, { size: [1, 2, 3], city: ['Oslo', '', 'Rome'], code: [10, 20, 10] });
    const { label, probabilities } = await runOnnx(exported, {
      size: [1, '', 1, 1],
      city: ['Oslo', 'Oslo', 'Bern', 'Rome'],
      code: [10, 10, 10, 30],
    });
    expect([...(label.data as string[])].map((one) => one === '')).toEqual([false, true, true, true]);
    expect([...(probabilities.data as Float32Array)].map(Number.isNaN)).toEqual([
      false,
      false,
      ...Array.from({ length: 6 }, () => true),
    ]);
  });

  it('names its inputs as the columns are named and holds the names of its targets', async () => {
    const exported = await exportedRun(runs[0].config);
    const session = await InferenceSession.create(await exportRun('onnx', exported));
    expect(session.inputNames).toEqual(exported.run.dataset.inputNames);
    expect(session.outputNames).toEqual(['predictions']);
    await session.release();
  });
});
