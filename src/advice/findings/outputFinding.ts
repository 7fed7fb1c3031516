import { formatShortest } from '../../base/format';
import type { DataReport } from '../../engine/report/dataReport';
import { activationRange } from '../../protocol/outputs';
import type { Finding } from './finding';

/** By how much of their own width targets must lie outside. */
const outside = 0.02;

/** An activation after the last linear layer that the loss or the targets do not allow. */
export function outputFinding({ plan, target }: DataReport): Finding | undefined {
  const { lastLayer, layers, loss } = plan;
  const range = lastLayer === undefined ? undefined : activationRange(lastLayer);
  if (!range || !layers || !layers.slice(0, -1).some(isLinear)) return undefined;
  const takesLogits = loss === 'cross_entropy' || loss === 'binary_cross_entropy_with_logits';
  const trained = target?.trained;
  const margin = trained ? outside * (trained[1] - trained[0]) : 0;
  const isOutside = trained && (trained[0] < range[0] - margin || trained[1] > range[1] + margin);
  if (!takesLogits && !isOutside) return undefined;
  const why = takesLogits
    ? `${loss} takes logits, which may be any number`
    : `the targets are trained as numbers from ${formatShortest(round(trained![0]))} to ${formatShortest(round(trained![1]))}`;
  return {
    code: 'output_activation',
    sentence: `The net ends with ${lastLayer}, which gives only ${rangeWords(range)}, but ${why}: let it end with its last Linear.`,
    numbers: {},
    fixes: [
      {
        kind: 'layers',
        title: `Remove the last ${lastLayer}`,
        edits: [{ path: ['model', 'layers'], value: layers.slice(0, -1) }],
      },
    ],
    place: ['model'],
    isAtKey: true,
    severity: 'warning',
  };
}

function isLinear(layer: unknown): boolean {
  return (
    layer === 'Linear' || (typeof layer === 'object' && layer !== null && 'type' in layer && layer.type === 'Linear')
  );
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

function rangeWords([low, high]: readonly [number, number]): string {
  return high === Infinity ? `numbers from ${low} on` : `numbers from ${low} to ${high}`;
}
