import { LayerPasses } from './layerPasses';
import { widthsOf, type Layer } from './layers';

/** Rows that are passed through the layers at a time. */
const tileRows = 256;

/**
 * A model's outputs for some rows, `rows × outFeatures`.
 * @param inputs `… × inFeatures`, row-major.
 */
export function predictRows(
  layers: Layer[],
  parameters: Float32Array,
  inputs: Float32Array,
  rows: Uint32Array,
): Float32Array {
  const widths = widthsOf(layers);
  const [width, outFeatures] = [widths[0], widths[widths.length - 1]];
  const passes = new LayerPasses(layers, Math.min(tileRows, rows.length));
  const predictions = new Float32Array(rows.length * outFeatures);
  for (let from = 0; from < rows.length; from += tileRows) {
    const tile = rows.subarray(from, from + tileRows);
    tile.forEach((row, i) => passes.values[0].set(inputs.subarray(row * width, (row + 1) * width), i * width));
    const outputs = passes.forward(tile.length, parameters);
    predictions.set(outputs.subarray(0, tile.length * outFeatures), from * outFeatures);
  }
  return predictions;
}
