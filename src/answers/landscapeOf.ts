import { linearOf, outputNames, parameterNames } from '../protocol/outputs';
import type { RunShape } from '../protocol/protocol';
import type { ParameterWords } from '../engine/landscape/axisLabel';
import { Landscape } from '../engine/landscape/landscape';
import { NetLandscape } from '../engine/landscape/netLandscape';
import { tableOfRows } from '../engine/landscape/trainingRows';
import type { LandscapeQuery, LossPlane } from '../engine/report/lossPlane';
import type { OpenedRun } from '../training/openRun';

/** Answers what the landscape of a run looks like; `path`: where the run has been, the start first, its last point being now. */
export type AskedLandscape = (query: LandscapeQuery, path: readonly Float32Array[]) => LossPlane;

/** The landscape of a run, whatever its model. */
export function landscapeOf({ trainer, initial, shape }: OpenedRun): AskedLandscape {
  const { loss, penalty, model } = trainer.parts;
  const data = tableOfRows(trainer);
  const parts = { loss, words: parameterWords(shape), ...(penalty && { penalty }) };
  if (!model.linear) {
    const net = new NetLandscape({ ...parts, data, layers: model.layers });
    return (query, path) => net.plane(query, path);
  }
  const { inFeatures, hasBias } = model.linear;
  const landscape = new Landscape({ ...parts, initial, data: { ...data, inFeatures, hasBias } });
  return (query, path) => landscape.plane(query, path[path.length - 1]);
}

/** How a run's parameters are spoken of. */
export function parameterWords(shape: RunShape): ParameterWords {
  const outputs = outputNames(shape).length;
  return {
    names: parameterNames(shape),
    // The names of a net's parameters say all.
    weights: linearOf(shape) ? outputs * shape.inputNames.length : 0,
    hasOutputs: outputs > 1,
    isScaled: shape.scaling !== undefined,
  };
}
