import { createHash } from 'node:crypto';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeNotebook, writeScript } from '../../src/exports/scriptCells';
import fileConfigs from '../fixtures/exports/configs.json';
import results from '../fixtures/exports.json';
import runs from '../fixtures/runs.json';
import { exportedRun } from '../helpers/exportedRun';

const folder = path.join(__dirname, '../fixtures/exports');
const configs: object[] = [...runs.map(({ config }) => config), ...fileConfigs];

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

/** A script without the numbers of the run. */
function code(script: string): string {
  return script.replace(/run = \{\n( {4}.*\n)*\}/, '');
}

describe('exported scripts', () => {
  it('have run in PyTorch for at least 40 configs, with the start and the order of the run and losses within 1e-4', () => {
    expect(results.length).toBe(configs.length);
    expect(results.length).toBeGreaterThanOrEqual(40);
    for (const { printed } of results) {
      expect(printed[0]).toBe('start:  largest difference of a parameter 0');
      expect(printed[1]).toBe('order:  the same');
      expect(Number(/^losses: largest relative difference (.*)$/.exec(printed[2])![1])).toBeLessThanOrEqual(1e-4);
      expect(printed.at(-1)).toBe('The run and this script agree.');
    }
  });

  it.each(configs.map((config, i) => ({ i, config })))('are those that ran there: $i', async ({ i, config }) => {
    const script = text(writeScript(await exportedRun(config, folder)));
    expect(createHash('sha256').update(code(script)).digest('hex')).toBe(results[i].sha256);
  });

  it('hold names of columns as quoted data alone', async () => {
    const { inputs } = { inputs: ['x"]; import os; os.abort() #', "it's\\n'''\"\"\" \u202e{0} %s"] };
    const script = text(writeScript(await exportedRun(fileConfigs[0], folder)));
    const quoted = ['"x\\"]; import os; os.abort() #"', '"it\'s\\\\n\'\'\'\\"\\"\\" \\u202e{0} %s"'];
    const rest = quoted.reduce((left, one) => left.replaceAll(one, ''), script);
    expect(quoted.every((one) => script.includes(one))).toBe(true);
    expect(inputs.some((name) => rest.includes(name))).toBe(false);
    expect(rest).not.toContain('os.abort');
    expect(script).not.toContain('\u202e');
  });

  it('train as many epochs as a run that diverged had completed', async () => {
    const config = { ...runs[0].config, optimizer: { type: 'SGD', lr: 10 }, epochs: 100 };
    const exported = await exportedRun(config);
    expect(exported.run.trainer.divergence).toBeDefined();
    const script = text(writeScript(exported));
    expect(script).toContain(`for epoch in range(${exported.position.epoch}):`);
    expect(script).not.toContain('float("nan"), float("nan")');
  });

  it('are the code cells of the notebook, in their order', async () => {
    const exported = await exportedRun(fileConfigs[5], folder);
    const notebook = JSON.parse(text(writeNotebook(exported))) as {
      nbformat: number;
      cells: { cell_type: string; source: string[] }[];
    };
    const cells = notebook.cells.filter(({ cell_type: type }) => type === 'code').map(({ source }) => source.join(''));
    const script = text(writeScript(exported));
    const places = cells.map((cell) => script.indexOf(cell));
    expect(notebook.nbformat).toBe(4);
    expect(places.every((at, i) => at > (places[i - 1] ?? 0))).toBe(true);
  });
});
