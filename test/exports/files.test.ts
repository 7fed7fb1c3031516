import { unzipSync } from 'fflate';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeNpy } from '../../src/data/numpy/decodeNpy';
import { exportRun } from '../../src/exports/exportRun';
import { readModel } from '../../src/exports/modelFile';
import { readSafetensors, writeSafetensors } from '../../src/exports/safetensors';
import { clipboardText, csvLine } from '../../src/exports/tables/delimitedText';
import { chosenEpochs } from '../../src/exports/tables/chosenEpochs';
import { epochLines, epochsHeader } from '../../src/exports/tables/epochsCsv';
import fileConfigs from '../fixtures/exports/configs.json';
import runs from '../fixtures/runs.json';
import { exportedRun } from '../helpers/exportedRun';

const folder = path.join(__dirname, '../fixtures/exports');

describe('epochs as csv', () => {
  it('read back to the same float64', () => {
    const loss = Float64Array.of(0.1, 1 / 3, 5e-324, 1.7976931348623157e308, NaN, Infinity);
    const epoch = loss.map((_, i) => i + 7);
    const epochs = {
      epoch,
      loss,
      batchLoss: loss.map((one) => one / 3),
      valLoss: loss.map((one) => one / 7),
      lr: loss,
    };
    const text = epochsHeader(true) + epochLines(epochs, true);
    const [head, ...lines] = text.trim().split('\n');
    expect(head).toBe('epoch,loss,batch_loss,val_loss,lr');
    const cells = lines.map((line) => line.split(',').map(Number));
    const columns = [epoch, loss, epochs.batchLoss, epochs.valLoss, loss];
    columns.forEach((column, i) => expect(cells.map((row) => row[i])).toEqual([...column]));
    expect(epochsHeader(false) + epochLines(epochs, false)).not.toContain('val');
  });

  it('are chosen evenly, the first and the last among them', () => {
    expect([...chosenEpochs(2000, 5)]).toEqual([0, 500, 1000, 1499, 1999]);
    expect([...chosenEpochs(3, 50)]).toEqual([0, 1, 2]);
    expect([...chosenEpochs(1, 50)]).toEqual([0]);
    expect([...chosenEpochs(0, 50)]).toEqual([]);
  });
});

describe('tables', () => {
  it('quote what would end a cell', () => {
    expect(csvLine(['a', 'b,c', 'say "x"', 'two\nlines', ' lead', 0.1])).toBe(
      'a,"b,c","say ""x""","two\nlines"," lead",0.1',
    );
    expect(
      clipboardText([
        ['a\tb', 'c'],
        ['1', '2'],
      ]),
    ).toBe('a b\tc\n1\t2\n');
  });
});

describe('safetensors', () => {
  const tensors = [
    { name: 'weight', shape: [2, 3], data: Float32Array.of(1, -2, 0.5, NaN, Infinity, 1e-40) },
    { name: 'bias', shape: [2], data: Float32Array.of(7, 8) },
  ];

  it('give back what was written, numbers at a multiple of 8', () => {
    const bytes = writeSafetensors(tensors, { a: 'ä "b"' });
    expect(readSafetensors(bytes)).toEqual({ tensors, metadata: { a: 'ä "b"' } });
    expect(Number(new DataView(bytes.buffer).getBigUint64(0, true)) % 8).toBe(0);
  });

  it('are refused with a sentence where bytes are missing or changed', () => {
    const bytes = writeSafetensors(tensors, {});
    for (let length = 0; length < bytes.length; length++) {
      expect(() => readSafetensors(bytes.subarray(0, length))).toThrow(/^it/);
    }
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at] ^= 0x55;
      try {
        readSafetensors(changed);
      } catch (error) {
        expect((error as Error).message).toMatch(/^its? /);
      }
    }
  });
});

describe('a model file', () => {
  it('says what a prediction needs', async () => {
    const exported = await exportedRun(fileConfigs[1], folder, 'prices');
    const model = readModel(await exportRun('safetensors', exported));
    expect(model.parameters).toEqual(exported.parameters);
    expect(model.name).toBe('prices');
    expect(model.inputs.map(({ column, category }) => [column, category])).toEqual([
      ['x"]; import os; os.abort() #', undefined],
      ["it's\\n'''\"\"\" \u202e{0} %s", undefined],
      ...['O\'Brien "x"', 'Paris', 'Rom;a', '東京'].map((city) => ['city', city]),
    ]);
    expect(model.inputs[0].mean).toBeCloseTo(3, 0);
    expect([model.inputs[1].min, model.inputs[1].max]).toEqual([0, 40]);
    expect(model.targets).toEqual(['price']);
    expect(model.original!.weight).toHaveLength(6);
  });

  it('is refused with a sentence where it was changed', async () => {
    const bytes = await exportRun('safetensors', await exportedRun(runs[0].config));
    const text = Buffer.from(bytes).toString('latin1');
    const change = (from: string, to: string) => Buffer.from(text.replace(from, to), 'latin1');
    expect(() => readModel(change('\\"version\\":1', '\\"version\\":2'))).toThrow('by a version that is not known');
    expect(() => readModel(change('\\"in_features\\":3', '\\"in_features\\":4'))).toThrow('fit together');
    expect(() => readModel(writeSafetensors([], {}))).toThrow('parameters alone');
  });
});

describe('parameters for NumPy', () => {
  it('are those of the run, in original units too', async () => {
    const exported = await exportedRun(runs[40].config);
    const files = unzipSync(await exportRun('npz', exported));
    const numbers = (name: string) => {
      const { table } = decodeNpy(files[`${name}.npy`]);
      return table!.values.flatMap((column) => [...(column as Float64Array)]);
    };
    const { scaling } = exported.run.shape;
    const [inputs, outputs] = [5, 2];
    const weight = numbers('weight').length;
    expect(Object.keys(files)).toEqual(
      [
        'weight',
        'bias',
        'weight_original',
        'bias_original',
        'input_offset',
        'input_scale',
        'target_offset',
        'target_scale',
      ].map((name) => `${name}.npy`),
    );
    expect(weight).toBe(inputs * outputs);
    expect(numbers('bias')).toEqual([...exported.parameters.subarray(inputs * outputs)]);
    expect(numbers('input_offset')).toEqual([...scaling!.inputs.offset]);
    expect(numbers('target_scale')).toEqual([...scaling!.targets.scale]);
  });
});

describe('a report and a picture', () => {
  it('show hostile names as texts, hold no script and ask for nothing from elsewhere', async () => {
    const name = '</title><script>alert(1)</script><img src=x onerror=alert(1)>';
    const exported = await exportedRun(fileConfigs[0], folder, name);
    const html = Buffer.from(await exportRun('html', exported)).toString('utf8');
    const svg = Buffer.from(await exportRun('svg', exported)).toString('utf8');
    const files = [html, svg];
    for (const text of files) {
      expect(text).not.toMatch(/<(script|img|link|iframe)|<[^>]*(href|src|onerror)=|url\(/);
      expect(text).toContain('&#60;script&#62;');
    }
    expect(files[0]).toContain('It went.');
    expect(files[0]).toContain("default-src 'none'");
    expect(files[0]).toContain('The first 100 of 69');
  });

  it('draw both losses with axes and a legend as text, and a gap where a loss is not finite', async () => {
    const exported = await exportedRun(runs[1].config);
    exported.epochs.loss[3] = NaN;
    const svg = Buffer.from(await exportRun('svg', exported)).toString('utf8');
    expect(svg).toContain('>training loss</text>');
    expect(svg).toContain('>validation loss</text>');
    expect(svg).toContain('>epoch</text>');
    const training = /<path d="([^"]*)" fill="none" stroke="#0b61a4"/.exec(svg)![1];
    expect(training.match(/M/g)).toHaveLength(2);
    expect(svg).not.toMatch(/NaN|Infinity/);
  });
});
