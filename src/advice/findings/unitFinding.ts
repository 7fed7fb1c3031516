import { formatShortest, formatTimes } from '../../base/format';
import type { NetSigns } from '../../engine/report/dataReport';
import type { ConfigFix } from '../fixes/configFix';
import { adamFix, isFarOver, usualRateFixes } from '../fixes/usualRates';
import type { RunPlan } from '../../engine/report/dataReport';
import type { Finding } from './finding';

/** Shares of units from which on they are the cause: by themselves, and where little is learned in steps enough. */
const mostDead = 0.5;
const manyDead = 0.2;
const manySaturated = 0.4;
/** How much smaller the gradient of the first layer is than that of the last one. */
const vanished = 1e-3;
const exploded = 1e3;

/**
 * Why the units of a net do not learn; only for one that has not learned what it could.
 * @param hasLittle whether it has learned little, in steps enough.
 */
export function unitFinding(
  now: NetSigns,
  start?: NetSigns,
  plan?: Pick<RunPlan, 'layers' | 'optimizer' | 'isScaled'>,
  hasLittle = true,
): Finding | undefined {
  const { rectified, dead, bounded, saturated } = now;
  const place = { place: ['model'], isAtKey: true, severity: 'warning', fixes: [] as ConfigFix[] } as const;
  // Near a minimum all gradients are small, so the start counts.
  const { firstGradient, lastGradient } = start ?? now;
  const ratio = firstGradient / lastGradient;
  if (rectified > 0 && (hasLittle ? dead > manyDead * rectified : dead >= mostDead * rectified)) {
    return {
      ...place,
      place: ['model'],
      code: 'dead_units',
      sentence: `${dead} of ${rectified} hidden ReLU units are 0 for every row, and so learn nothing: a smaller lr keeps them alive, and LeakyReLU revives them.`,
      numbers: { dead, units: rectified },
      fixes: [...deadlyRateFix(plan), ...activationFix(plan, 'ReLU', 'LeakyReLU')],
    };
  }
  if (bounded > 0 && saturated > manySaturated * bounded) {
    const words = `${saturated} of ${bounded} hidden units are at the end of their range for nearly every row, where they hardly learn`;
    const numbers = { saturated, units: bounded };
    if (start && start.saturated <= manySaturated * bounded && plan && isFarOver(plan.optimizer)) {
      const { lr } = plan.optimizer;
      const sentence = `${words}: lr ${formatShortest(lr)} has pushed them there.`;
      return {
        ...place,
        place: ['optimizer', 'lr'],
        code: 'rate_over_limit',
        sentence,
        numbers,
        fixes: deadlyRateFix(plan),
      };
    }
    return {
      ...place,
      place: ['model'],
      code: 'saturated_units',
      sentence: `${words}: ${plan?.isScaled ? 'start' : 'scale the inputs, or start'} with smaller weights.`,
      numbers,
      fixes: plan?.isScaled ? [] : [scaleFix],
    };
  }
  if (ratio < vanished) {
    const smaller = ratio > 0 ? `${formatTimes(1 / ratio)} smaller than` : '0 beside';
    return {
      ...place,
      place: ['model'],
      code: 'vanishing_gradients',
      sentence: `The gradients of the first layer are ${smaller} those of the last one, so the first layers hardly learn: use ReLU, or fewer layers.`,
      numbers: { ratio },
      fixes: [...fewerLayersFix(plan), ...activationFix(plan, 'Sigmoid', 'ReLU')],
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

/** ReLU units that a rate far over the usual one has pushed to 0. */
function deadlyRateFix(plan: Pick<RunPlan, 'optimizer'> | undefined): ConfigFix[] {
  return plan && isFarOver(plan.optimizer) ? usualRateFixes(plan.optimizer, Infinity) : [];
}

/** Hidden layers through which gradients come with any activation. */
const fewLayers = 2;

/** The first hidden layers alone, with ReLU, and steps that do not depend on the gradients' size. */
function fewerLayersFix(plan: Pick<RunPlan, 'layers' | 'optimizer'> | undefined): ConfigFix[] {
  const { layers = [] } = plan ?? {};
  const hidden = layers.filter((layer) => typeof layer === 'object' && typeOf(layer) === 'Linear').slice(0, fewLayers);
  if (hidden.length < fewLayers || layers.filter((layer) => typeOf(layer) === 'Linear').length <= fewLayers + 1)
    return [];
  const value = [...hidden.flatMap((layer) => [layer, 'ReLU']), 'Linear'];
  const adam = adamFix(0.01);
  return [
    {
      kind: 'layers',
      title: 'Keep two hidden layers, with ReLU and Adam',
      edits: [{ path: ['model', 'layers'], value }, ...adam.edits],
    },
  ];
}

/** The type of a layer that a config writes as a name or as an object. */
function typeOf(layer: unknown): unknown {
  return typeof layer === 'object' && layer !== null && 'type' in layer ? layer.type : layer;
}

/** Puts another activation in place of one. */
function activationFix(plan: { layers?: unknown[] } | undefined, from: string, to: string): ConfigFix[] {
  if (!plan?.layers) return [];
  const isFrom = (layer: unknown) => typeOf(layer) === from;
  if (!plan.layers.some(isFrom)) return [];
  const value = plan.layers.map((layer) => (isFrom(layer) ? to : layer));
  return [
    { kind: 'activation', title: `Use ${to} in place of ${from}`, edits: [{ path: ['model', 'layers'], value }] },
  ];
}
