/**
 * A model as an ONNX graph that takes the columns of a file as they are: `rows × 1` each, numbers as `float` (`double` where
 * float32 does not hold them), categories as `string`. NaN or an empty text is an empty cell. A row that cannot be predicted,
 * because a cell is empty or holds a category that was never seen, gives NaN and an empty label.
 */
import { sizeOf, type ModelShape } from '../engine/nn/layers';
import type { ExportedRun } from './exportedRun';
import { describeModel, type ModelDescription, type ModelInput } from './modelFile';
import { activated } from './onnx/onnxActivations';
import { elementTypes, OnnxGraph } from './onnx/onnxGraph';

/** What the graph gives: numbers in the targets' own units or probabilities; of classes their names, and a probability each. */
const outputs = { predictions: 'predictions', label: 'label', probabilities: 'probabilities' };

/** Inputs that are made of one column. */
interface ColumnInputs {
  column: string;
  inputs: ModelInput[];
}

/** The bytes of an `.onnx` file. */
export function writeOnnx(exported: ExportedRun): Uint8Array {
  const description = describeModel(exported);
  const columns = columnsOf(description.inputs);
  const graph = new OnnxGraph([...columns.map(({ column }) => column), ...Object.values(outputs)]);
  const blocks = columns.map((one) => columnBlock(graph, one, description));
  const own = blocks.length === 1 ? blocks[0] : graph.node('Concat', blocks, { axis: 1 });
  const products = productBlocks(graph, own, description.inputs);
  const all = products.length === 0 ? own : graph.node('Concat', [own, ...products], { axis: 1 });
  const { offset, scale } = description.inputScaling;
  const centred = graph.node('Sub', [all, doubles(graph, 'input_offset', offset)]);
  const scaled = graph.node('Div', [centred, doubles(graph, 'input_scale', scale)]);
  const isComplete = graph.node('Not', [graph.node('IsNaN', [sumOf(graph, 'ReduceSum', scaled)])]);
  const last = layersOf(graph, cast(graph, scaled, 'float'), exported.run.shape.model, exported.parameters);
  giveOutputs(graph, last, isComplete, description);
  const { name, targets, classNames } = description;
  const metadata = { targets: JSON.stringify(targets), ...(classNames && { classes: JSON.stringify(classNames) }) };
  return graph.model(name || 'model', metadata);
}

/** Inputs side by side that are made of the same column. */
function columnsOf(inputs: readonly ModelInput[]): ColumnInputs[] {
  const columns = new Map<string, ModelInput[]>();
  for (const input of inputs) {
    if (!input.factors) columns.set(input.column, [...(columns.get(input.column) ?? []), input]);
  }
  return [...columns].map(([column, own]) => ({ column, inputs: own }));
}

/** Inputs that are products of others, in double precision, rounded as the run held them. */
function productBlocks(graph: OnnxGraph, own: string, inputs: readonly ModelInput[]): string[] {
  const columns = new Map<number, string>();
  const columnAt = (place: number) => {
    const index = () => graph.constant('place', { type: 'int64', shape: [1], data: [place] });
    const column = columns.get(place) ?? graph.node('Gather', [own, index()], { axis: 1 });
    columns.set(place, column);
    return column;
  };
  return inputs.flatMap(({ factors, exactFrom }) => {
    if (!factors) return [];
    const product = factors.map(columnAt).reduce((one, other) => graph.node('Mul', [one, other]));
    return exactFrom === undefined ? cast(graph, cast(graph, product, 'float'), 'double') : product;
  });
}

/** The inputs that a column makes, in double precision; NaN where it makes none. */
function columnBlock(graph: OnnxGraph, { column, inputs }: ColumnInputs, { config }: ModelDescription): string {
  const names = inputs.flatMap(({ category }) => category ?? []);
  const { missing } = 'missing' in config.dataset ? config.dataset : { missing: 'error' };
  if (names.length > 0) return categoryBlock(graph, column, names, missing);
  const { mean, exactFrom } = inputs[0];
  const type = exactFrom === undefined ? 'float' : 'double';
  const given = graph.input(column, type, 1);
  const value = type === 'double' ? given : cast(graph, given, 'double');
  if (mean === undefined) return value;
  const substitute = type === 'double' ? mean : Math.fround(mean);
  return graph.node('Where', [graph.node('IsNaN', [value]), doubles(graph, 'mean', [substitute]), value]);
}

function categoryBlock(graph: OnnxGraph, column: string, names: string[], missing: string): string {
  const hasGap = missing === 'category' && names.at(-1) === 'nan';
  const known = hasGap ? names.slice(0, -1) : names;
  const isNumeric = known.every((name) => String(Number(name)) === name);
  const given = graph.input(column, isNumeric ? 'float' : 'string', 1);
  const categories = isNumeric ? { type: 'float' as const, shape: [known.length], data: known.map(Number) } : known;
  const isOne = graph.node('Equal', [given, graph.constant('categories', categories)]);
  const isGap = isNumeric ? graph.node('IsNaN', [given]) : graph.node('Equal', [given, graph.constant('empty', [''])]);
  const both = hasGap ? graph.node('Concat', [isOne, isGap], { axis: 1 }) : isOne;
  const ones = cast(graph, both, 'double');
  const isAny = cast(graph, sumOf(graph, 'ReduceMax', ones), 'bool');
  const isKnown = missing === 'mean' ? graph.node('Or', [isAny, isGap]) : isAny;
  return graph.node('Where', [isKnown, ones, doubles(graph, 'unknown', [NaN])]);
}

/** The layers one after the other, in single precision. */
function layersOf(graph: OnnxGraph, inputs: string, { layers, parameters: specs }: ModelShape, numbers: Float32Array) {
  let next = 0;
  const tensor = () => {
    const spec = specs[next++];
    const { name, shape, start } = spec;
    return graph.constant(name, { type: 'float', shape, data: numbers.subarray(start, start + sizeOf(spec)) });
  };
  return layers.reduce((values, layer) => {
    if (layer.type !== 'Linear') return activated(graph, values, layer);
    const parts = [values, tensor(), ...(layer.hasBias ? [tensor()] : [])];
    return graph.node('Gemm', parts, { transB: 1 });
  }, inputs);
}

function giveOutputs(graph: OnnxGraph, last: string, isComplete: string, description: ModelDescription): void {
  const { link, classNames, targets, targetScaling, exactTargets } = description;
  const nothing = graph.constant('nothing', { type: 'float', shape: [], data: [NaN] });
  const guarded = graph.node('Where', [isComplete, last, nothing]);
  if (classNames) {
    graph.node('Softmax', [guarded], { axis: 1 }, outputs.probabilities);
    graph.output(outputs.probabilities, 'float', [classNames.length]);
    const likeliest = graph.node('ArgMax', [last], { axis: 1 });
    const label = graph.node('Gather', [graph.constant('classes', classNames), likeliest]);
    graph.node('Where', [isComplete, label, graph.constant('no_label', [''])], {}, outputs.label);
    graph.output(outputs.label, 'string', [1]);
    return;
  }
  const type = exactTargets ? 'double' : 'float';
  const isProbability = link === 'sigmoid';
  const numbers = isProbability ? graph.node('Sigmoid', [guarded]) : guarded;
  const wide = cast(graph, numbers, 'double');
  const inUnits = graph.node('Add', [
    graph.node('Mul', [wide, doubles(graph, 'target_scale', targetScaling.scale)]),
    doubles(graph, 'target_offset', targetScaling.offset),
  ]);
  graph.node('Cast', [isProbability ? wide : inUnits], { to: elementTypes[type] }, outputs.predictions);
  graph.output(outputs.predictions, type, [targets.length]);
}

function cast(graph: OnnxGraph, value: string, to: 'float' | 'double' | 'bool'): string {
  return graph.node('Cast', [value], { to: elementTypes[to] });
}

/** A row of numbers in double precision. */
function doubles(graph: OnnxGraph, name: string, data: readonly number[]): string {
  return graph.constant(name, { type: 'double', shape: [data.length], data });
}

/** The sum or the largest number of each row. */
function sumOf(graph: OnnxGraph, operator: 'ReduceSum' | 'ReduceMax', value: string): string {
  const axes = graph.constant('axes', { type: 'int64', shape: [1], data: [1] });
  return graph.node(operator, [value, axes], { keepdims: 1 });
}
