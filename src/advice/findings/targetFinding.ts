import { formatCount, formatShortest } from '../../base/format';
import type { DataReport, TargetFacts } from '../../engine/report/dataReport';
import { offeredRate, type ConfigFix } from '../fixes/configFix';
import { levelWords } from './curvatureProblems';
import type { Finding } from './finding';

/** A number with more values than this is a measure. */
const mostClasses = 20;
/** Whole numbers of this many values at most may be labels, if the column's name says so. */
const mostLabels = 10;
const labelNames = /(^|[^a-z])(class|label|species|category|kind|type|cluster|group)([^a-z]|$)/i;
/** Rows that each label has, at least, and all together. */
const leastEach = 2;
const leastRows = 10;
/** A logistic loss bends at most an eighth as much as mse_loss, so that its rate may be larger. */
const fartherRate = 4;

/** Whether numbers are taken for classes or classes for numbers. */
export function targetFinding(data: DataReport): Finding | undefined {
  const { target, plan } = data;
  if (!target || plan.source === 'generate') return undefined;
  const isOfClasses = plan.loss === 'cross_entropy';
  if (isOfClasses) return isMeasure(target) ? numbersAsClasses(data, target) : undefined;
  const isOfNumbers = plan.loss !== 'binary_cross_entropy_with_logits';
  return isOfNumbers && areLabels(target, data.rows) ? classesAsNumbers(data, target) : undefined;
}

function isMeasure({ distinct, isWhole, smallest }: TargetFacts): boolean {
  return Number.isFinite(smallest) && (distinct > mostClasses || (!isWhole && distinct > 2));
}

function areLabels({ name, distinct, isWhole, smallest, largest, counts = [] }: TargetFacts, rows: number): boolean {
  if (rows < leastRows || counts.length !== distinct || counts.some((count) => count < leastEach)) return false;
  if (distinct === 2) return true;
  return isWhole && distinct <= mostLabels && largest - smallest === distinct - 1 && labelNames.test(name);
}

function numbersAsClasses({ plan, inputNames }: DataReport, { name, distinct }: TargetFacts): Finding {
  const width = inputNames.length + 1;
  const lr = plan.optimizer.type === 'SGD' ? offeredRate(Math.min(plan.optimizer.lr, 0.2 / width)) : undefined;
  const fix: ConfigFix = {
    kind: 'loss',
    title: 'Predict a number: mse_loss with scaled inputs and targets',
    edits: [
      { path: ['loss'], value: 'mse_loss' },
      { path: ['dataset', 'scale'], value: 'standard' },
      { path: ['dataset', 'scale_targets'], value: 'standard' },
      ...(lr === undefined ? [] : [{ path: ['optimizer', 'lr'], value: lr }]),
    ],
  };
  return {
    code: 'numbers_as_classes',
    sentence:
      `${JSON.stringify(name)} is a measure with ${formatCount(distinct)} different values, and cross_entropy takes each ` +
      'of them for a class of its own, none nearer to another: to predict a number, set loss to "mse_loss".',
    numbers: { distinct },
    fixes: [fix],
    place: ['loss'],
    severity: 'warning',
  };
}

function classesAsNumbers(data: DataReport, target: TargetFacts): Finding {
  const { plan } = data;
  const { distinct, smallest, largest, counts } = target;
  const isTruth = distinct === 2 && smallest === 0 && largest === 1;
  const loss = isTruth ? 'binary_cross_entropy_with_logits' : 'cross_entropy';
  const larger = plan.optimizer.type === 'SGD' && plan.loss === 'mse_loss';
  const fix: ConfigFix = {
    kind: 'loss',
    title: `Predict classes: ${loss}`,
    edits: [
      { path: ['loss'], value: loss },
      ...(plan.hasScaledTargets ? [{ path: ['dataset', 'scale_targets'], value: 'none' }] : []),
      ...(larger ? [{ path: ['optimizer', 'lr'], value: offeredRate(fartherRate * plan.optimizer.lr) }] : []),
    ],
  };
  const words = distinct === 2 ? levelWords([smallest, largest], plan.hasScaledTargets) : labelsWords(data, target);
  return {
    code: 'classes_as_numbers',
    sentence: `${words}.`,
    numbers: { distinct, rows: (counts ?? []).reduce((sum, count) => sum + count, 0) },
    fixes: [fix],
    place: ['loss'],
    severity: 'information',
  };
}

function labelsWords({ plan }: DataReport, { name, distinct, smallest, largest }: TargetFacts): string {
  const unscaled = plan.hasScaledTargets ? ' and dataset.scale_targets to "none"' : '';
  return (
    `the target ${JSON.stringify(name)} has the ${formatCount(distinct)} labels ${formatShortest(smallest)} to ` +
    `${formatShortest(largest)}; if these are classes, set loss to "cross_entropy"${unscaled}`
  );
}
