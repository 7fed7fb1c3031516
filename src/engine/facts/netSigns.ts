import { LayerPasses } from '../nn/layerPasses';
import { widthsOf, type Layer, type ModelShape } from '../nn/layers';
import type { BatchLoss } from '../nn/losses';
import { unitState } from '../nn/unitState';
import type { NetSigns } from '../report/dataReport';

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
  layers
    .slice(0, -1)
    .forEach((layer, i) =>
      countUnits(layer, passes.values[i + 1].subarray(0, rows * widths[i + 1]), widths[i + 1], counts),
    );
  return { ...counts, firstGradient: sizeAt(0), lastGradient: sizeAt(-1), depth: weights.length };
}

type UnitCounts = Pick<NetSigns, 'rectified' | 'dead' | 'bounded' | 'saturated'>;

function countUnits({ type }: Layer, values: Float32Array, width: number, counts: UnitCounts): void {
  const kind = type === 'ReLU' ? 'rectified' : type === 'Tanh' || type === 'Sigmoid' ? 'bounded' : undefined;
  if (!kind) return;
  counts[kind] += width;
  for (let unit = 0; unit < width; unit++) {
    const state = unitState(type, values, unit, width);
    if (state) counts[state]++;
  }
}
