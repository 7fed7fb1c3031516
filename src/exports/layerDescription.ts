import { activations, type ActivationChoice, type ActivationName } from '../engine/nn/activations';
import type { Layer } from '../engine/nn/layers';

/** A layer as a model file describes it, in PyTorch's words. */
export type LayerDescription =
  | { type: 'Linear'; in_features: number; out_features: number; bias: boolean }
  | ActivationChoice;

/** Layers as a model file describes them. */
export function describeLayers(layers: Layer[]): LayerDescription[] {
  return layers.map((layer) => {
    if (layer.type !== 'Linear') return layer;
    const { inFeatures, outFeatures, hasBias } = layer;
    return { type: 'Linear', in_features: inFeatures, out_features: outFeatures, bias: hasBias };
  });
}

/** The layers of such a description, which may come from anywhere; undefined where they are not layers or do not fit together. */
export function layersOfDescription(described: unknown): Layer[] | undefined {
  if (!Array.isArray(described)) return undefined;
  const layers: Layer[] = [];
  let width: number | undefined;
  for (const one of described as (Record<string, unknown> | null)[]) {
    const layer = one?.type === 'Linear' ? linearOf(one) : activationOf(one ?? {});
    if (!layer) return undefined;
    if (layer.type === 'Linear') {
      if (width !== undefined && layer.inFeatures !== width) return undefined;
      width = layer.outFeatures;
    }
    layers.push(layer);
  }
  return width === undefined ? undefined : layers;
}

function linearOf(layer: Record<string, unknown>): Layer | undefined {
  const { in_features: inFeatures, out_features: outFeatures, bias: hasBias } = layer;
  if (!isSize(inFeatures) || !isSize(outFeatures) || typeof hasBias !== 'boolean') return undefined;
  return { type: 'Linear', inFeatures, outFeatures, hasBias };
}

function isSize(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 2 ** 24;
}

function activationOf(layer: Record<string, unknown>): Layer | undefined {
  const { type } = layer;
  if (typeof type !== 'string' || !Object.hasOwn(activations, type)) return undefined;
  const checks: [string, (value: unknown) => boolean][] = Object.entries(activations[type as ActivationName].options);
  if (!checks.every(([name, isSound]) => isSound(layer[name]))) return undefined;
  return { type, ...Object.fromEntries(checks.map(([name]) => [name, layer[name]])) } as ActivationChoice;
}
