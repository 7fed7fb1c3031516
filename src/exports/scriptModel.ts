import type { ModelConfig } from '../config/schema';
import type { InitName } from '../engine/nn/init';
import type { Layer } from '../engine/nn/layers';
import type { Model } from '../engine/nn/model';
import { keywordArguments, pythonNumber, pythonRows } from './python';

/** The model in PyTorch: its layers, and how they start. */
export function modelCode(config: ModelConfig, model: Model): string {
  return [
    ...layerLines(config, model.layers),
    ...initLines(config, model),
    'start = [parameter.detach().clone() for parameter in model.parameters()]',
  ].join('\n');
}

function layerLines({ type }: ModelConfig, layers: Layer[]): string[] {
  if (type === 'Linear') return [`model = ${layerCode(layers[0])}`];
  return ['model = torch.nn.Sequential(', ...layers.map((layer) => `    ${layerCode(layer)},`), ')'];
}

function layerCode(layer: Layer): string {
  if (layer.type !== 'Linear') {
    const { type, ...options } = layer;
    return `torch.nn.${type}(${keywordArguments(options).replace(/^, /, '')})`;
  }
  return `torch.nn.Linear(${layer.inFeatures}, ${layer.outFeatures}${layer.hasBias ? '' : ', bias=False'})`;
}

function initLines(config: ModelConfig, model: Model): string[] {
  const { init } = config;
  if (init === 'zeros') return ['for parameter in model.parameters():', '    torch.nn.init.zeros_(parameter)'];
  const words = model.linearLayers().flatMap(({ index, layer }) => {
    const own = config.type === 'Sequential' ? config.layers[index] : undefined;
    const word = (own?.type === 'Linear' ? own.init : undefined) ?? (typeof init === 'string' ? init : 'default');
    const name = config.type === 'Sequential' ? `model[${index}]` : 'model';
    return word === 'default' ? [] : wordLines(word, name, layer.hasBias, model.layers[index + 1]);
  });
  return [...words, ...(typeof init === 'object' ? ownNumbers(init, model) : [])];
}

function wordLines(word: InitName, name: string, hasBias: boolean, follower: Layer | undefined): string[] {
  const gain = word.startsWith('kaiming') ? nonlinearity(follower) : '';
  const bias = hasBias ? [`torch.nn.init.zeros_(${name}.bias)`] : [];
  return [`torch.nn.init.${word}_(${name}.weight${gain})`, ...bias];
}

/** The word for what follows a layer; `calculate_gain` knows no other smooth function, and they take that of ReLU. */
function nonlinearity(follower: Layer | undefined): string {
  if (!follower || follower.type === 'Linear' || follower.type === 'Identity') return ', nonlinearity="linear"';
  if (follower.type === 'LeakyReLU') return `, a=${pythonNumber(follower.negative_slope)}, nonlinearity="leaky_relu"`;
  if (follower.type === 'Tanh') return ', nonlinearity="tanh"';
  if (follower.type === 'Sigmoid') return ', nonlinearity="sigmoid"';
  return ', nonlinearity="relu"';
}

function ownNumbers(init: object, model: Model): string[] {
  const lines = model.specs.flatMap((spec) => {
    const values = (init as Record<string, number[] | number[][] | undefined>)[spec.name];
    if (!values) return [];
    const [name] = spec.name.split('.').slice(-1);
    const index = spec.name.includes('.') ? `[${spec.name.split('.')[0]}]` : '';
    const numbers =
      spec.shape.length > 1
        ? pythonRows(values.flat(), spec.shape[1], pythonNumber).replaceAll('\n', '\n    ')
        : `[${values.flat().map(pythonNumber).join(', ')}]`;
    return [`    model${index}.${name}.copy_(torch.tensor(${numbers}))`];
  });
  return lines.length > 0 ? ['with torch.no_grad():', ...lines] : [];
}
