import { formatPercent, formatQuantity } from '../../base/format';
import type { DataReport } from '../../engine/report/dataReport';
import type { CurvatureReport } from '../../engine/report/report';
import type { ConfigFix } from '../fixes/configFix';
import { chanceGain } from './chanceGain';
import type { Finding } from './finding';

/** A linear model that explains less than this may be too simple. */
const littleLinear = 0.5;
/** Share of what a linear model leaves that another one must explain, and how much in all. */
const mostOfRest = 0.4;
const worthIt = 0.2;
/** What is explained below this is nothing. */
const nothing = 0.05;
/** Rows from which on that can be said. */
const leastRows = 60;
/** Rows of a class, of fewer of which nothing can be said either. */
const leastEach = 30;
/** Steps that a small net needs, or squares and products at a common scale. */
const manySteps = 3000;

/** A linear model that cannot hold what there is to learn; or nothing to learn, by squares and by neighbours alike. */
export function shapeFinding(data: DataReport, curvature?: CurvatureReport): Finding | undefined {
  const { explained, plan, rows } = data;
  if (explained?.linear === undefined) return undefined;
  const linear = Math.max(0, explained.linear);
  const squares = explained.squares ?? 0;
  const best = Math.max(squares, explained.neighbours ?? 0);
  const isMuch = (gain: number) => gain > worthIt && gain > mostOfRest * (1 - linear);
  if (!plan.layers && linear < littleLinear && isMuch(best - linear) && !tellsApart(curvature)) {
    const bends = !plan.hasProducts && isMuch(squares - linear) && (squares >= best || squares >= littleLinear);
    const how =
      squares >= best ? 'with squares and products of the inputs it is' : 'rows that are near in their inputs explain';
    return {
      code: 'not_linear',
      sentence: `A linear model explains ${formatPercent(linear)} of the target, but ${how} ${formatPercent(best)}: ${bends ? 'it bends, so take squares and products as inputs too (polynomial), or use a net (Sequential)' : 'it bends, so use a net (Sequential)'}.`,
      numbers: { linear, ...(explained.squares !== undefined && { squares }), neighbours: explained.neighbours ?? NaN },
      fixes: [...(bends ? [polynomialFix(data)] : []), netFix(data)],
      place: ['model'],
      isAtKey: true,
      severity: 'information',
    };
  }
  const isKnown = explained.squares !== undefined && explained.neighbours !== undefined;
  const isRare = plan.loss !== 'mse_loss' && Math.min(...(data.target?.counts ?? [])) < leastEach;
  if (!isKnown || isRare || rows < leastRows || Math.max(linear, best, likelihoodGain(data, curvature)) >= nothing)
    return undefined;
  return {
    code: 'nothing_to_learn',
    sentence: `The inputs say nothing about the target: neither a linear model nor squares, products or near rows explain more than ${formatPercent(nothing)} of it (${formatQuantity(rows, 'row')}). Other columns are needed, not other settings.`,
    numbers: { linear, squares, neighbours: explained.neighbours! },
    fixes: [],
    place: ['dataset'],
    isAtKey: true,
    severity: 'information',
  };
}

/** Whether a linear model tells all classes apart, however little of their variance it explains. */
function tellsApart({ optimum, sameForAll }: Partial<CurvatureReport> = {}): boolean {
  return optimum !== undefined && sameForAll !== undefined && optimum.loss < nothing * sameForAll;
}

/**
 * Of classes: the share of the log loss of the same prediction for every row that the best linear model takes off, less what
 * parameters take off by chance. What is known as well of rare classes as of frequent ones takes less off: there is less
 * variance. So it is counted as if the classes had as much of both as equal ones. 0 of numbers.
 */
function likelihoodGain({ target }: DataReport, curvature?: CurvatureReport): number {
  const { optimum, sameForAll } = curvature ?? {};
  if (!curvature || !optimum || !sameForAll) return 0;
  const all = Math.min(sameForAll, equalLoss(target?.counts ?? []));
  return (sameForAll - optimum.loss - chanceGain(curvature)) / all;
}

/** The log loss of equal classes for as much variance as classes of these sizes have. */
function equalLoss(counts: number[]): number {
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const variance = counts.reduce((sum, count) => sum + (count / rows) * (1 - count / rows), 0);
  return counts.length < 2 ? Infinity : (variance / (1 - 1 / counts.length)) * Math.log(counts.length);
}

/** Squares and products of inputs, with a rate and as many epochs as they need. Those of categories would repeat these. */
function polynomialFix(data: DataReport): ConfigFix {
  const { fileColumns, plan } = data;
  const numbers = fileColumns?.filter((name) => name !== null);
  const columns = plan.oneHot.length > 0 && numbers?.length ? { columns: numbers } : {};
  const edits = [{ path: ['dataset', 'polynomial'], value: { degree: 2, ...columns } }, ...trainingEdits(data)];
  return { kind: 'polynomial', title: 'Add squares and products of the inputs (polynomial)', edits };
}

/** Whether rows are too few to show that there is more in them than a linear model finds, or that there is not. */
export function mayBend(rows: number, data: DataReport | undefined): data is DataReport {
  return rows < leastRows && data !== undefined && !data.plan.layers && data.explained?.squares === undefined;
}

/** A small net, with a rate and as many epochs as it needs. */
export function netFix(data: DataReport): ConfigFix {
  const layers = [{ type: 'Linear', out_features: 32 }, 'ReLU', { type: 'Linear', out_features: 32 }, 'ReLU', 'Linear'];
  const edits = [{ path: ['model'], value: { type: 'Sequential', layers } }, ...trainingEdits(data)];
  return { kind: 'layers', title: 'Use a net of two hidden layers', edits };
}

function trainingEdits({ plan, rows }: DataReport): ConfigFix['edits'] {
  const epochs = Math.ceil(manySteps / Math.ceil(rows / plan.batchSize));
  const isOfNumbers = plan.loss !== 'cross_entropy' && plan.loss !== 'binary_cross_entropy_with_logits';
  return [
    { path: ['optimizer'], value: { type: 'Adam', lr: 0.01 } },
    { path: ['dataset', 'scale'], value: 'standard' },
    ...(isOfNumbers ? [{ path: ['dataset', 'scale_targets'], value: 'standard' }] : []),
    ...(epochs > plan.epochs ? [{ path: ['epochs'], value: epochs }] : []),
  ];
}
