import { LayerPasses } from '../nn/layerPasses';
import { widthsOf, type Layer, type ModelShape } from '../nn/layers';
import type { BatchLoss } from '../nn/losses';
import type { NetSigns } from '../report/dataReport';

/** Rows that a unit is at its end for, at least, to be called saturated, and how near to its end that is. */
const nearlyAll = 0.95;
const end = 0.02;

/** Rows that a net is looked at with. */
export interface NetRows {
  shape: ModelShape;
  parameters: Float32Array;
  loss: BatchLoss;
  /** `rows × inputs` and `rows × targets`, row-major. */
  inputs: Float32Array;
  targets: Float32Array;
  rows: number;
}

/** What a net's units and gradients show over some rows. */
export function netSigns({ shape, parameters, loss, inputs, targets, rows }: NetRows): NetSigns {
  const { layers } = shape;
  const widths = widthsOf(layers);
  const outFeatures = widths[widths.length - 1];
  const passes = new LayerPasses(layers, rows);
  passes.values[0].set(inputs);
  const outputs = passes.forward(rows, parameters).subarray(0, rows * outFeatures);
  const slopes = new Float32Array(outputs.length);
  loss.gradients(outputs, targets, rows, outFeatures, slopes);
  const sums = new Float64Array(parameters.length);
  passes.backward(rows, parameters, slopes, sums);
  const weights = shape.parameters.filter((spec) => spec.shape.length > 1);
  const sizeAt = (which: number) => {
    const { start, shape: sizes } = weights.at(which)!;
    const gradients = sums.subarray(start, start + sizes[0] * sizes[1]);
    return Math.sqrt(gradients.reduce((sum, value) => sum + value * value, 0) / gradients.length);
  };
  const counts = { rectified: 0, dead: 0, bounded: 0, saturated: 0 };
  // What the last layer gives is no hidden unit.
  layers.slice(0, -1).forEach((layer, i) => countUnits(layer, passes.values[i + 1], widths[i + 1], rows, counts));
  return { ...counts, firstGradient: sizeAt(0), lastGradient: sizeAt(-1), depth: weights.length };
}

type UnitCounts = Pick<NetSigns, 'rectified' | 'dead' | 'bounded' | 'saturated'>;

function countUnits({ type }: Layer, values: Float32Array, width: number, rows: number, counts: UnitCounts): void {
  const isEnd = {
    Tanh: (value: number) => 1 - Math.abs(value) < end,
    Sigmoid: (value: number) => Math.abs(value - 0.5) > 0.5 - end,
  };
  for (let unit = 0; unit < width; unit++) {
    const shareOf = (holds: (value: number) => boolean) => {
      let count = 0;
      for (let row = 0; row < rows; row++) if (holds(values[row * width + unit])) count++;
      return count / rows;
    };
    if (type === 'ReLU') {
      counts.rectified++;
      if (shareOf((value) => value === 0) === 1) counts.dead++;
    } else if (type === 'Tanh' || type === 'Sigmoid') {
      counts.bounded++;
      if (shareOf(isEnd[type]) >= nearlyAll) counts.saturated++;
    }
  }
}
