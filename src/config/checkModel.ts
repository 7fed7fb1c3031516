import type { Problem } from '../base/problem';
import { activationRange } from '../engine/nn/activations';
import { losses, type LossName } from '../engine/nn/losses';
import { parameterCount, sequentialModel, sizeOf, type Layer } from '../engine/nn/layers';
import { takesClasses } from './checkLoss';
import { lossName } from './keys/lossSchema';
import { checkRagged } from './checkRagged';
import { hasValidationFile } from './datasetSchema';
import type { ParsedConfig } from './parseConfig';
import type { LayerConfig, LinearModelConfig, ModelConfig, SequentialConfig } from './schema';
import { pathName, type Report } from './sourceMap';
import { counted, quotedList } from './words';

/** What the model of a config must be by itself, and for its loss. */
export function checkModel(model: ModelConfig, loss: LossName | undefined, report: Report): void {
  if (model.type === 'Linear') checkLinearInit(model, report);
  else checkLayers(model, loss, report);
}

/** Whether the model fits data of these sizes. */
export function checkModelSize(
  { draft, source }: ParsedConfig,
  { rows, inputs, outputs }: { rows?: number; inputs?: number; outputs?: number },
): Problem[] {
  const { model } = draft;
  const loss = draft.loss && lossName(draft.loss);
  const hasSplit = draft.split !== undefined || hasValidationFile(draft.dataset);
  const problems: Problem[] = [];
  const report: Report = (path, finding) => problems.push(source.problemAt(path, finding));
  if (!model || inputs === undefined || outputs === undefined) return [];
  if (model.type === 'Linear') checkLinearSize(model, loss, { inputs, outputs }, report);
  else checkNetSize(model, loss, { rows, inputs, outputs, hasSplit }, report);
  return problems;
}

/**
 * The layers of a config with their sizes. Undefined where they do not fit: one without a size that is not the last
 * `Linear`, or a last one of another size than the outputs.
 */
export function layersOf({ layers }: SequentialConfig, inputs: number, outputs: number): Layer[] | undefined {
  const last = lastLinear(layers);
  let width = inputs;
  const sized: Layer[] = [];
  for (const [index, layer] of layers.entries()) {
    if (layer.type !== 'Linear') {
      sized.push(layer);
      continue;
    }
    const size = layer.out_features ?? (index === last ? outputs : undefined);
    if (size === undefined || (index === last && size !== outputs)) return undefined;
    sized.push({ type: 'Linear', inFeatures: width, outFeatures: size, hasBias: layer.bias });
    width = size;
  }
  return last < 0 ? undefined : sized;
}

function checkLayers({ layers }: SequentialConfig, loss: LossName | undefined, report: Report): void {
  const last = lastLinear(layers);
  if (last < 0) {
    const message = 'model.layers has no "Linear" layer, so there is nothing to train; add one';
    return report(['model', 'layers'], { message, code: 'layers' });
  }
  layers.forEach((layer, index) => {
    if (layer.type !== 'Linear' || layer.out_features !== undefined || index === last) return;
    const path = ['model', 'layers', index];
    const message = `${pathName(path)} needs "out_features", its number of units; only the last "Linear" takes it from the dataset`;
    report(path, { message, code: 'missing-key' });
  });
  checkOutput(layers, last, loss, report);
}

/** A loss that takes logits, or numbers of any size, after an activation that bounds them. */
function checkOutput(layers: LayerConfig[], last: number, loss: LossName | undefined, report: Report): void {
  const bounding = layers.slice(last + 1).findIndex(({ type }) => type !== 'Identity');
  if (bounding < 0 || loss === undefined) return;
  const path = ['model', 'layers', last + 1 + bounding];
  const { type } = layers[last + 1 + bounding];
  const { link } = losses[loss];
  const range = activationRange(type);
  if (link === 'identity' && !range) return;
  const message =
    link === 'identity'
      ? `${type} after the last "Linear" bounds every prediction (${boundWords(range!)}); remove it unless the targets lie there`
      : `${loss} takes outputs as they are and applies its own ${link}; ${type} after the last "Linear" keeps them from growing; remove it`;
  const severity = link === 'identity' ? 'information' : 'warning';
  report(path, { message, severity, code: 'output-activation' });
}

function boundWords([least, most]: readonly [number, number]): string {
  return most === Infinity ? `from ${least} up` : `from ${least} to ${most}`;
}

function checkNetSize(
  model: SequentialConfig,
  loss: LossName | undefined,
  { rows, inputs, outputs, hasSplit }: { rows: number | undefined; inputs: number; outputs: number; hasSplit: boolean },
  report: Report,
): void {
  const last = lastLinear(model.layers);
  const { out_features: size } = model.layers[last] as Extract<LayerConfig, { type: 'Linear' }>;
  if (size !== undefined && size !== outputs) {
    const what = takesClasses(loss)
      ? counted(outputs, 'class').replace(/classs$/, 'classes')
      : counted(outputs, 'target');
    const message = `the last "Linear" has ${counted(size, 'output')}, but the dataset has ${what}; leave "out_features" out there`;
    return report(['model', 'layers', last, 'out_features'], { message, code: 'shape', suggestion: String(outputs) });
  }
  const layers = layersOf(model, inputs, outputs);
  if (!layers) return;
  const { parameters } = sequentialModel(layers);
  const count = parameterCount(parameters);
  if (count > mostParameters) {
    const message = `the layers have ${count} parameters; at most ${mostParameters} can be trained here`;
    return report(['model', 'layers'], { message, code: 'out-of-range' });
  }
  if (typeof model.init === 'object') checkNamedInit(model.init, parameters, report);
  if (rows !== undefined && count > rows && !hasSplit) {
    const message = `the layers have ${counted(count, 'parameter')} for ${counted(rows, 'row')}: they can learn the rows by heart; hold some out with "split" to see whether they do`;
    report(['model', 'layers'], { message, severity: 'information', code: 'many-parameters' });
  }
}

/** Parameters that a model has at most. */
const mostParameters = 2 ** 24;

function checkNamedInit(
  init: Record<string, number[] | number[][]>,
  parameters: ReturnType<typeof sequentialModel>['parameters'],
  report: Report,
): void {
  const names = parameters.map(({ name }) => name);
  for (const [name, values] of Object.entries(init)) {
    const path = ['model', 'init', name];
    const spec = parameters.find((one) => one.name === name);
    if (!spec) {
      const message = `there is no parameter ${JSON.stringify(name)}; there are ${quotedList(names, 'and')}`;
      report(path, { message, code: 'unknown-key' });
    } else if (!fits(values, spec.shape)) {
      const message = `model.init[${JSON.stringify(name)}] must have the shape ${spec.shape.join(' × ')} (${counted(sizeOf(spec), 'number')})`;
      report(path, { message, code: 'shape' });
    }
  }
}

function fits(values: number[] | number[][], [rows, columns]: number[]): boolean {
  if (values.length !== rows) return false;
  return values.every((row) => (typeof row === 'number' ? columns === undefined : row.length === columns));
}

/** The index of the last `Linear`; -1 without one. */
function lastLinear(layers: LayerConfig[]): number {
  return layers.map(({ type }) => type).lastIndexOf('Linear');
}

function checkLinearInit({ init, bias }: LinearModelConfig, report: Report): void {
  if (typeof init !== 'object') return;
  const path = ['model', 'init'];
  const ragged = checkRagged(init.weight, [...path, 'weight'], report);
  if (bias && !init.bias) {
    const message = `model.init.bias is missing: the model has a bias; give ${counted(init.weight.length, 'number')}, or set model.bias to false`;
    report(path, { message, code: 'missing-key' });
  } else if (!bias && init.bias) {
    const message = 'model.init.bias has no place: model.bias is false; remove one of the two';
    report([...path, 'bias'], { message, code: 'shape' });
  } else if (init.bias && init.bias.length !== init.weight.length && !ragged) {
    const message = `model.init.bias must have one number for each of the ${init.weight.length} rows of model.init.weight, got ${init.bias.length}`;
    report([...path, 'bias'], { message, code: 'shape' });
  }
}

function checkLinearSize(
  { init }: LinearModelConfig,
  loss: LossName | undefined,
  { inputs, outputs }: { inputs: number; outputs: number },
  report: Report,
): void {
  if (typeof init !== 'object') return;
  const [height, width] = [init.weight.length, init.weight[0].length];
  if (height === outputs && width === inputs) return;
  const output = takesClasses(loss) ? 'class' : 'target';
  const message =
    `model.init.weight is ${height} × ${width}, but the dataset needs ${outputs} × ${inputs}: ` +
    `one row for each ${output}, one column for each input`;
  report(['model', 'init', 'weight'], { message, code: 'shape' });
}
