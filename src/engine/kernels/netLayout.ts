import { activationKernel } from '../nn/activations';
import { widthsOf, type Layer } from '../nn/layers';

/** Floats in a vector. */
const lanes = 4;
/** Words of a layer's record; see `assembly/netMemory.ts`. */
export const layerWords = 12;

/** Whether the kernels in WebAssembly know all of these layers. */
export function hasKernels(layers: Layer[]): boolean {
  return layers.every((layer) => layer.type === 'Linear' || activationKernel(layer));
}

/** A width in whole vectors. */
export function padded(width: number): number {
  return Math.ceil(width / lanes) * lanes;
}

/** Numbers of a linear layer's panels. */
function panelNumbers(inFeatures: number, outFeatures: number): number {
  return padded(outFeatures) * (1 + padded(inFeatures));
}

/** How many numbers the parameters are when they are packed. */
export function packedCount(layers: Layer[]): number {
  const counts = layers.map((layer) =>
    layer.type === 'Linear' ? panelNumbers(layer.inFeatures, layer.outFeatures) : 0,
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Where the packed parameters are cut in two halves, in bytes: between two panels. */
export function splitOf(layers: Layer[]): number {
  const starts: number[] = [];
  let at = 0;
  for (const layer of layers) {
    if (layer.type !== 'Linear') continue;
    for (let output = 0; output < layer.outFeatures; output += 2 * lanes) {
      starts.push(at);
      at += panelNumbers(layer.inFeatures, Math.min(2 * lanes, layer.outFeatures - output));
    }
  }
  const distance = (start: number) => Math.abs(2 * start - at);
  return 4 * starts.reduce((best, start) => (distance(start) < distance(best) ? start : best), 0);
}

/** Addresses of the numbers between the layers, and of the loss's derivatives by them. */
export interface Buffers {
  values: number[];
  slopes: number[];
}

/** The layers' records. */
export function layerRecords(layers: Layer[], { values, slopes }: Buffers): ArrayBuffer {
  const words = new Uint32Array(layers.length * layerWords);
  const floats = new Float32Array(words.buffer);
  const widths = widthsOf(layers);
  let packedAt = 0;
  layers.forEach((layer, i) => {
    const at = i * layerWords;
    const places = [values[i], values[i + 1], slopes[i], slopes[i + 1]];
    words.set([0, widths[i], widths[i + 1], packedAt, 0, 0, ...places], at);
    if (layer.type !== 'Linear') {
      const [code, option = 0, threshold = 0] = activationKernel(layer)!;
      words[at] = code;
      floats.set([option, threshold], at + 10);
      return;
    }
    const { inFeatures, outFeatures, hasBias } = layer;
    words[at + 5] = hasBias ? 1 : 0;
    packedAt += panelNumbers(inFeatures, outFeatures) * 4;
  });
  return words.buffer;
}

/** For each parameter where it is among the packed ones, in bytes. */
export function packedPlaces(layers: Layer[], count: number): Uint32Array {
  const places = new Uint32Array(count);
  let [at, start] = [0, 0];
  for (const layer of layers) {
    if (layer.type !== 'Linear') continue;
    const { inFeatures, outFeatures, hasBias } = layer;
    const place = (output: number, line: number) => {
      const first = output - (output % 8);
      const panelLanes = outFeatures - first > lanes ? 8 : lanes;
      return 4 * (start + first * (1 + padded(inFeatures)) + line * panelLanes + (output - first));
    };
    for (let output = 0; output < outFeatures; output++) {
      for (let i = 0; i < inFeatures; i++) places[at++] = place(output, 1 + i);
    }
    for (let output = 0; output < outFeatures && hasBias; output++) places[at++] = place(output, 0);
    start += panelNumbers(inFeatures, outFeatures);
  }
  return places;
}
