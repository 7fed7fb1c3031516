import { formatTimes } from '../../base/format';
import type { NetSigns } from '../../engine/report/dataReport';
import type { ConfigFix } from '../fixes/configFix';
import type { Finding } from './finding';

/** Shares of units from which on they are the cause. */
const manyDead = 0.2;
const manySaturated = 0.5;
/** How much smaller the gradient of the first layer is than that of the last one. */
const vanished = 1e-3;
const exploded = 1e3;

/** Why the units of a net do not learn; only for one that has not learned what it could. */
export function unitFinding(now: NetSigns, start?: NetSigns, plan?: { layers?: unknown[] }): Finding | undefined {
  const { rectified, dead, bounded, saturated } = now;
  const place = { place: ['model'], isAtKey: true, severity: 'warning', fixes: [] as ConfigFix[] } as const;
  // Near a minimum all gradients are small, so the start counts.
  const { firstGradient, lastGradient } = start ?? now;
  const ratio = firstGradient / lastGradient;
  if (rectified > 0 && dead > manyDead * rectified) {
    return {
      ...place,
      place: ['model'],
      code: 'dead_units',
      sentence: `${dead} of ${rectified} hidden ReLU units are 0 for every row, and so learn nothing: a smaller lr keeps them alive, and LeakyReLU revives them.`,
      numbers: { dead, units: rectified },
      fixes: activationFix(plan, 'ReLU', 'LeakyReLU'),
    };
  }
  if (bounded > 0 && saturated > manySaturated * bounded) {
    return {
      ...place,
      place: ['model'],
      code: 'saturated_units',
      sentence: `${saturated} of ${bounded} hidden units are at the end of their range for nearly every row, where they hardly learn: scale the inputs, or start with smaller weights.`,
      numbers: { saturated, units: bounded },
      fixes: [scaleFix],
    };
  }
  if (ratio < vanished) {
    return {
      ...place,
      place: ['model'],
      code: 'vanishing_gradients',
      sentence: `The gradients of the first layer are ${formatTimes(1 / ratio)} smaller than those of the last one, so the first layers hardly learn: use ReLU, or fewer layers.`,
      numbers: { ratio },
      fixes: activationFix(plan, 'Sigmoid', 'ReLU'),
    };
  }
  if (ratio > exploded) {
    return {
      ...place,
      place: ['model'],
      code: 'exploding_gradients',
      sentence: `The gradients of the first layer are ${formatTimes(ratio)} those of the last one: start with the default init, or set clip_grad_norm.`,
      numbers: { ratio },
      fixes: [
        {
          kind: 'init',
          title: 'Start with the default weights',
          edits: [{ path: ['model', 'init'], value: 'default' }],
        },
      ],
    };
  }
  return undefined;
}

const scaleFix: ConfigFix = {
  kind: 'scale-inputs',
  title: 'Scale the inputs',
  edits: [{ path: ['dataset', 'scale'], value: 'standard' }],
};

/** Puts another activation in place of one. */
function activationFix(plan: { layers?: unknown[] } | undefined, from: string, to: string): ConfigFix[] {
  if (!plan?.layers) return [];
  const isFrom = (layer: unknown) =>
    layer === from || (typeof layer === 'object' && layer !== null && 'type' in layer && layer.type === from);
  if (!plan.layers.some(isFrom)) return [];
  const value = plan.layers.map((layer) => (isFrom(layer) ? to : layer));
  return [
    { kind: 'activation', title: `Use ${to} in place of ${from}`, edits: [{ path: ['model', 'layers'], value }] },
  ];
}
