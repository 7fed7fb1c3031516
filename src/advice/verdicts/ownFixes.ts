import { formatQuantity, formatRounded, formatShortest } from '../../base/format';
import { linearOf } from '../../protocol/outputs';
import type { RunShape } from '../../protocol/protocol';
import type { RunState } from '../../protocol/state';
import type { Judgement } from '../findings/judgement';
import { mayBend, netFix } from '../findings/shapeFinding';
import { explainsNothing } from '../words/curvatureWords';
import { offeredRate, rateEdits, type ConfigFix } from '../fixes/configFix';
import { heavyMomentum } from '../fixes/heavyMomentum';
import { largerRate } from './largerRate';

/** How much longer than its pace says a run is trained, because the pace slackens. */
const reserve = 1.5;
/** What a rate that is offered leaves above the minimum, as a share of what there was to learn. */
const settled = 5e-3;
/** Parameters are to be able to go this many times their way. */
const spare = 1.5;
/** More epochs than this many times those of the run are no fix. */
const mostLonger = 100;
/** A rate at which small nets learn with Adam. */
const usualRate = 0.01;
/** Weight decay that keeps weights from growing for ever, as a share of the largest eigenvalue. */
const lightDecay = 1e-3;
/** Decay beyond this is for columns in other units than the rest. */
const mostDecay = 0.1;

/** What mends what a judgement says, where it is for the judgement itself to know; the best fix first. */
export function ownFixes(run: RunState, { code, numbers }: Judgement): ConfigFix[] {
  const { shape, curvature } = run;
  if (!shape) return [];
  switch (code) {
    case 'too_few_epochs':
    case 'rate_too_small': {
      const left = numbers['epochs_left'] ?? Infinity;
      const isLinear = linearOf(shape) !== undefined;
      if (left === Infinity && !isLinear) return [];
      const calmer = curvature && isLinear ? heavyMomentum(curvature, shape) : undefined;
      const larger = isLinear ? largerRate(run, left) : netRate(shape, code);
      const longer = longerFix(shape.epochs, left, isLinear || code === 'rate_too_small');
      // Of two numbers of epochs the one is offered that the sentence names.
      const other = larger?.kind === 'more-epochs' && longer ? undefined : larger;
      return [calmer, other, longer].filter((fix) => fix !== undefined);
    }
    case 'ordered_rows':
      return [{ kind: 'shuffle', title: 'Shuffle the rows', edits: [{ path: ['loader', 'shuffle'], value: true }] }];
    case 'hovering': {
      const smaller = calmRate(run, shape, numbers['gap'] ?? 0);
      return [...(shape.scheduler ? [] : [fallingRate(shape.epochs)]), ...(smaller ? [smaller] : [])];
    }
    case 'no_smooth_minimum':
      return [fallingRate(shape.epochs)];
    case 'converged':
      return curvature && explainsNothing(curvature) && mayBend(shape.trainRows, run.data) ? [netFix(run.data)] : [];
    case 'separable': {
      if (!curvature?.hessian || curvature.weightDecay !== undefined) return [];
      const value = Number((lightDecay * curvature.hessian.lambdaMax).toPrecision(1));
      // Where one column is in far larger units, decay that holds its weight would take all others away.
      if (value > mostDecay) return [];
      const edits = [{ path: ['optimizer', 'weight_decay'], value }];
      return [{ kind: 'weight-decay', title: `Set weight_decay to ${formatShortest(value)}`, edits }];
    }
    case 'overfitting': {
      const value = { monitor: 'val_loss', patience: Math.max(10, Math.ceil(shape.epochs / 20)), restore_best: true };
      if (shape.earlyStopping) return [];
      const edits = [{ path: ['early_stopping'], value }];
      return [{ kind: 'stop-early', title: 'Stop early, with the weights of the best epoch', edits }];
    }
    default:
      return [];
  }
}

/**
 * A rate at which what batches, or steps of about lr, keep a run above its minimum by is small: that is about in proportion to
 * lr. Undefined where an adaptive optimizer could not come there with it.
 */
function calmRate({ curvature }: RunState, shape: RunShape, gap: number): ConfigFix | undefined {
  const share = Math.min(0.1, settled / gap);
  const lr = offeredRate(shape.lr * share);
  const { adaptive } = curvature ?? {};
  if (adaptive && adaptive.travel * share < spare * adaptive.distance) return undefined;
  const name = share === 0.1 ? `a tenth (${formatRounded(lr)})` : formatRounded(lr);
  return { kind: 'smaller-rate', title: `Set lr to ${name}`, edits: rateEdits(lr) };
}

/** Ten times the rate, for a net with steps enough. */
function netRate({ lr, optimizer }: RunShape, code: string): ConfigFix | undefined {
  if (code === 'too_few_epochs') return undefined;
  const rate = Math.max(offeredRate(lr * 10), optimizer === 'SGD' ? 0 : usualRate);
  return { kind: 'larger-rate', title: `Set lr to ${formatRounded(rate)}`, edits: rateEdits(rate) };
}

function longerFix(epochs: number, left: number, hasPace: boolean): ConfigFix | undefined {
  const all = Math.ceil(Number((epochs + reserve * left).toPrecision(2)));
  // A pace says how many it takes; a net with few steps is given as many as nets need.
  if (!(all > epochs) || (hasPace && all > mostLonger * epochs)) return undefined;
  return {
    kind: 'more-epochs',
    title: `Train for ${formatQuantity(all, 'epoch')}`,
    edits: [{ path: ['epochs'], value: all }],
  };
}

/** A rate that falls to nothing lets a run settle. */
function fallingRate(epochs: number): ConfigFix {
  const edits = [{ path: ['scheduler'], value: { type: 'CosineAnnealingLR', T_max: epochs } }];
  return { kind: 'schedule', title: 'Let lr fall to 0 (CosineAnnealingLR)', edits };
}
