import { expect, test } from 'vitest';
import { openRun } from '../../../src/training/openRun';
import { fittedLine } from '../../../webview/predictions/fittedLine';

test.each(['none', 'standard'])(
  'the curve of powers of one input is what the run predicts, scaled: %s',
  async (scale) => {
    const values = { inputs: [[-2], [0.5], [1], [3]], targets: [[4], [1], [0], [2]] };
    const dataset = { values, polynomial: { degree: 3 }, scale };
    const configText = JSON.stringify({ dataset, optimizer: { type: 'SGD', lr: 0.01 } });
    const run = await openRun({ configText, configFile: 'a.gd.json', seed: 3 });
    if ('problems' in run) throw new Error(run.problems[0].message);
    const { trainer, shape } = run;
    const { at, equation, straight } = fittedLine(shape, run.initial, 0);
    const rows = Uint32Array.of(0, 1, 2, 3);
    const predicted = trainer.predict(rows, run.initial);
    values.inputs.forEach(([input], row) => expect(at(input)).toBeCloseTo(predicted[row], 4));
    expect(straight).toBe(false);
    const [name] = shape.inputNames;
    expect(equation).toMatch(new RegExp(`^y = .* × ${name} [+−] .* × ${name}\\^2 [+−] .* × ${name}\\^3 [+−] [\\d.]+$`));
  },
);
