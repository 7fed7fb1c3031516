import { activationFunction, activations } from '../../src/engine/nn/activations';
import { LayerPasses } from '../../src/engine/nn/layerPasses';
import { widthsOf, type Layer } from '../../src/engine/nn/layers';
import { createLoss, losses } from '../../src/engine/nn/losses';
import type { RunShape } from '../../src/protocol/protocol';
import type { BatchAccount } from '../../src/protocol/questions';
import { networkLayers, type NetworkLayer } from '../network/unitNumbers';
import { changeLines, lossLines, outputsOf, type Line, type Term } from './stepLines';

/** A way through a net, from an input by a unit of each linear layer to an output, and the parameter on it to follow. */
export interface FollowedNet {
  input: number;
  /** A unit of each linear layer; that of the last one is the output. */
  units: readonly number[];
  /** Number of the linear layer whose parameter is followed. */
  layer: number;
  /** Its unit's bias, instead of the weight that leads to the unit. */
  isBias: boolean;
  /** Which of the account's rows. */
  row: number;
}

type Formula = Pick<Line, 'formula' | 'numbers'>;

/** A batch on its way through a net and back. */
interface Passed {
  account: BatchAccount;
  shape: RunShape;
  layers: NetworkLayer[];
  followed: FollowedNet;
  widths: number[];
  /** What each layer passed on, the inputs first, `rows × width`, and the derivatives of the batch's loss by it. */
  values: readonly Float32Array[];
  slopes: readonly Float32Array[];
  /** What numbers are called that a layer passed on, as in the lines of PyTorch: `x`, `z1`, `a1`, …, `y_pred`. */
  names: string[];
}

/** The arithmetic of a batch through all layers of a net, back to one parameter, and to its new value. */
export function netLines(account: BatchAccount, shape: RunShape, followed: FollowedNet): Line[] {
  const passed = pass(account, shape, followed);
  const { layers } = passed;
  const lines = [
    ...shape.model.layers.map((layer, index) => forwardLine(passed, layer, index)),
    ...lossLines(account, shape, { row: followed.row, output: followed.units[layers.length - 1], input: undefined }),
  ];
  if (account.notFinite === 'loss') return lines;
  const { layer, isBias } = followed;
  return [
    ...lines,
    ...backLines(passed),
    gradientLine(passed),
    ...changeLines(account, parameterOf(layers, followed), isBias ? undefined : cameFrom(followed, layer)),
  ];
}

/** The number of the followed parameter among all. */
export function parameterOf(layers: readonly NetworkLayer[], followed: FollowedNet): number {
  const { units, layer, isBias } = followed;
  const { weightAt, biasAt, inFeatures } = layers[layer];
  return isBias ? biasAt! + units[layer] : weightAt + units[layer] * inFeatures + cameFrom(followed, layer);
}

/** The unit before a linear layer on the way; before the first one, the input. */
function cameFrom({ input, units }: FollowedNet, layer: number): number {
  return layer === 0 ? input : units[layer - 1];
}

function pass(account: BatchAccount, shape: RunShape, followed: FollowedNet): Passed {
  const { inputs, rows, before, slopes, weights, divisor, notFinite } = account;
  const passes = new LayerPasses(shape.model.layers, rows.length);
  passes.values[0].set(inputs);
  passes.forward(rows.length, before);
  const derivatives = passes.values.map((values) => new Float32Array(values.length));
  const outputs = outputsOf(shape);
  const ofLoss = Float32Array.from(slopes, (slope, i) => ((weights?.[Math.floor(i / outputs)] ?? 1) * slope) / divisor);
  if (notFinite !== 'loss') {
    passes.backward(rows.length, before, ofLoss, new Float64Array(before.length), derivatives);
  }
  const layers = networkLayers(shape.model);
  return {
    ...{ account, shape, layers, followed },
    ...{
      widths: widthsOf(shape.model.layers),
      values: passes.values,
      slopes: derivatives,
      names: namesOf(shape.model.layers),
    },
  };
}

/** `z` after a linear layer, `a` after an activation, with the number of the linear layer; the last of all is the prediction. */
function namesOf(layers: readonly Layer[]): string[] {
  let linear = 0;
  const names = layers.map(({ type }) => (type === 'Linear' ? `z${++linear}` : `a${linear}`));
  return ['x', ...names.slice(0, -1), 'y_pred'];
}

/** Number of the linear layer whose units give what the layer at `index` takes in; -1 for the inputs. */
function linearBefore({ layers }: Passed, index: number): number {
  return layers.filter((layer) => layer.index < index).length - 1;
}

/** Which unit of what the layer at `index` takes in is on the way. */
function unitAt(passed: Passed, index: number): number {
  const { followed } = passed;
  return linearBefore(passed, index) < 0 ? followed.input : followed.units[linearBefore(passed, index)];
}

/** The number on the way, for the followed row, among those that are passed to the layer at `index`. */
function numberAt(passed: Passed, of: readonly Float32Array[], index: number): number {
  return of[index][passed.followed.row * passed.widths[index] + unitAt(passed, index)];
}

/** A name as it is read in a formula. */
function symbol({ names, shape }: Passed, index: number): string {
  if (names[index] === 'y_pred') return losses[shape.loss].link === 'identity' ? 'ŷ' : 'z';
  return names[index].replace(/\d/g, (digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]);
}

/** The unit whose number the layer at `index` takes in, to be read aloud. */
function spokenUnit(passed: Passed, index: number): string {
  const number = linearBefore(passed, index);
  if (number < 0) return `input ${passed.followed.input + 1}`;
  return passed.layers[number].isOutput ? 'the output' : `unit ${unitAt(passed, index) + 1} of layer ${number + 1}`;
}

/** What the layer at `index` makes of the followed row, for the unit on the way. */
function forwardLine(passed: Passed, layer: Layer, index: number): Line {
  const { account, followed, values, names } = passed;
  const row = account.rows[followed.row] + 1;
  const unit = spokenUnit(passed, index + 1);
  const common = {
    left: symbol(passed, index + 1),
    sign: '=' as const,
    value: numberAt(passed, values, index + 1),
    code: [`${names[index + 1]} = model[${index}](${names[index]})`],
  };
  if (layer.type === 'Linear') {
    const isLast = names[index + 1] === 'y_pred';
    const name = isLast ? 'prediction' : `layer ${linearBefore(passed, index + 1) + 1}`;
    const spoken = `The sum of what ${unit} takes in, for row ${row}`;
    return { ...common, name, spoken, ...weightedSum(passed, index) };
  }
  return {
    ...common,
    name: layer.type,
    spoken: `What ${unit} passes on after ${layer.type}, for row ${row}`,
    formula: activations[layer.type].formula.replace(/\bx\b/g, symbol(passed, index)),
    numbers: [`${layer.type}(`, numberAt(passed, values, index), ')'],
  };
}

/** What a unit of the linear layer at `index` takes in: weights times numbers, and its bias. */
function weightedSum(passed: Passed, index: number): Formula {
  const { account, layers, followed, values } = passed;
  const number = linearBefore(passed, index + 1);
  const { inFeatures, weightAt, biasAt } = layers[number];
  const unit = followed.units[number];
  const from = values[index].subarray(followed.row * inFeatures, (followed.row + 1) * inFeatures);
  const weights = weightAt + unit * inFeatures;
  const terms = Array.from(from, (value, i): Term => [value, ' × ', account.before[weights + i]]);
  if (biasAt !== undefined) terms.push([account.before[biasAt + unit]]);
  return {
    formula: `${symbol(passed, index)} · w${biasAt === undefined ? '' : ' + b'}`,
    numbers: [{ terms, rest: 0, keep: unitAt(passed, index) }],
  };
}

/** From the loss back through each layer to the one that is followed. */
function backLines(passed: Passed): Line[] {
  const { shape, layers, followed, names, slopes } = passed;
  const lines: Line[] = [];
  for (let at = shape.model.layers.length; at > layers[followed.layer].index; at--) {
    const isOutput = names[at] === 'y_pred';
    const what = names[at].startsWith('z') ? 'the sum of' : 'what is passed on by';
    lines.push({
      name: 'backward',
      spoken: `The derivative of the loss by ${isOutput ? '' : `${what} `}${spokenUnit(passed, at)}`,
      left: `∂${symbol(passed, at)}`,
      sign: '=',
      ...(isOutput ? ofLoss(passed) : backThrough(passed, at)),
      value: numberAt(passed, slopes, at),
      code: isOutput
        ? ['optimizer.zero_grad()', 'loss.backward()']
        : [`${names[at]}.grad  # after ${names[at]}.retain_grad()`],
    });
  }
  return lines;
}

/** The derivative of the loss by the output. */
function ofLoss({ account, shape, followed }: Passed): Formula {
  const { factor, slope } = createLoss(shape.loss, shape.lossOptions).words;
  const at = followed.row * outputsOf(shape) + followed.units[followed.units.length - 1];
  const { errors, slopes, weights, divisor } = account;
  const counted = weights ? [' × ', weights[followed.row]] : [];
  return {
    formula: `∂L/∂output = ${factor}/${weights ? 'Σc · c' : 'n'} · ${slope ? 's' : 'e'}`,
    numbers: [factor, ' / ', divisor, ...counted, ' × ', slope ? slopes[at] : errors[at]],
  };
}

/** The derivative by what the layer at `index` takes in, from that by what it passes on. */
function backThrough(passed: Passed, index: number): Formula {
  const { account, shape, layers, followed, values, slopes } = passed;
  const layer = shape.model.layers[index];
  const after = `∂${symbol(passed, index + 1)}`;
  if (layer.type !== 'Linear') {
    const slope = activationFunction(layer).derivative(
      numberAt(passed, values, index),
      numberAt(passed, values, index + 1),
    );
    return {
      formula: `${after} · ${layer.type}′(${symbol(passed, index)})`,
      numbers: [numberAt(passed, slopes, index + 1), ' × ', slope],
    };
  }
  const number = linearBefore(passed, index + 1);
  const { weightAt, inFeatures, outFeatures } = layers[number];
  const from = followed.row * outFeatures;
  const terms = Array.from({ length: outFeatures }, (_, unit): Term => {
    const weight = account.before[weightAt + unit * inFeatures + unitAt(passed, index)];
    return [weight, ' × ', slopes[index + 1][from + unit]];
  });
  return {
    formula: `${outFeatures === 1 ? '' : 'Σ '}w · ${after}`,
    numbers: [{ terms, rest: 0, keep: followed.units[number] }],
  };
}

/** The gradient of the followed parameter, summed over the rows of the batch. */
function gradientLine(passed: Passed): Line {
  const { account, layers, followed, values, slopes, widths } = passed;
  const { isBias, layer, row } = followed;
  const { index } = layers[layer];
  const terms = Array.from(account.rows, (_, i): Term => {
    const slope = slopes[index + 1][i * widths[index + 1] + unitAt(passed, index + 1)];
    return isBias ? [slope] : [slope, ' × ', values[index][i * widths[index] + unitAt(passed, index)]];
  });
  const parameter = parameterOf(layers, followed);
  const letter = isBias ? 'b' : 'w';
  const place = isBias ? followed.units[layer] : `${followed.units[layer]}, ${unitAt(passed, index)}`;
  return {
    name: 'gradient',
    spoken: `The gradient: how fast the loss grows with ${letter}, from ${account.batchRows === 1 ? 'one row' : `${account.batchRows} rows`}`,
    left: 'g',
    sign: '=',
    formula: `∂L/∂${letter} = ${account.batchRows === 1 ? '' : 'Σ '}∂${symbol(passed, index + 1)}${isBias ? '' : ` · ${symbol(passed, index)}`}`,
    numbers: [{ terms, rest: account.batchRows - terms.length, keep: row }],
    value: (account.penalty?.without ?? account.clipping?.unclipped ?? account.gradients)[parameter],
    code: [`model[${index}].${isBias ? 'bias' : 'weight'}.grad[${place}]`],
  };
}
