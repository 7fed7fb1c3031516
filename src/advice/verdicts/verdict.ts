import { formatCount, formatNumber, formatTimes } from '../../base/format';
import { hugeTargets, isTooLarge } from '../words/hugeTargets';
import type { CurvatureReport, RunShape } from '../../protocol/protocol';
import { divergedRate, isInfiniteAtStart, isLive, isUntrained, shownLoss, type RunState } from '../../protocol/state';
import type { ConfigFix } from '../fixes/configFix';
import { expectedVerdict } from '../findings/expectedVerdict';
import type { Finding } from '../findings/finding';
import type { Judgement, Verdict, VerdictCode } from '../findings/judgement';
import { distance } from './distance';
import { orderedByTrials } from './fixTrials';
import { helpfulFixes } from './fixesOfRun';
import { asJudgement, foundInRun, graveFinding, lesserFinding, noisyRows } from './foundInRun';
import { linearOf } from '../../protocol/outputs';
import { netFinding } from './netProgress';
import { judgeNet } from './netVerdict';
import { ownFixes } from './ownFixes';
import { lastRate, overLimit, shownRate } from './overLimit';
import { overfitting } from './overfitting';
import { restoredWords, stoppedEarly } from './stoppedEarly';
import { heavyMomentum } from '../fixes/heavyMomentum';
import { settingsToBlame, unstableSettings, type UnstableSetting } from '../fixes/unstableSettings';

/** Where less than this share is left, rows that carry most of the loss matter more than how fast the rest is learned. */
const lastQuarter = 0.25;

/** A judgement, and the finding that it says, where it says one. */
interface Judged {
  judgement: Judgement;
  finding?: Finding;
}

/** Says how a run stands, what would help, and what else holds. */
export function verdictOf(run: RunState): Verdict {
  const { judgement, finding } = judged(run);
  const own = finding?.fixes ?? ownFixes(run, judgement);
  const others = judgement.kind === 'converged' ? [] : helpfulFixes(run);
  const fixes = [...own, ...others.filter((fix) => !own.some(({ kind }) => kind === fix.kind))];
  const code = judgement.code === 'rate_too_small' && !finding ? slowCode(judgement, fixes) : judgement.code;
  const found = run.data ? foundInRun(run).map((other) => other.code) : columnCodes(run.curvature);
  const ordered = orderedByTrials(run, fixes);
  return { ...judgement, code, fixes: ordered, also: [...new Set(found)].filter((other) => other !== code) };
}

/** Codes of what is to be said of the columns, of a run whose rows were not looked at. */
function columnCodes(curvature: CurvatureReport | undefined): VerdictCode[] {
  if (!curvature?.hessian?.dependent?.length) return [];
  const { rows, inputs, hasBias } = curvature;
  return [rows < inputs + (hasBias ? 1 : 0) ? 'fewer_rows_than_inputs' : 'dependent_columns'];
}

/** What a slow run lacks, by the fix that helps most. */
function slowCode({ numbers }: Judgement, [first]: ConfigFix[]): VerdictCode {
  if (first?.kind === 'scale-targets') return 'targets_too_large';
  if (first?.kind === 'scale-inputs') return 'not_scaled';
  if (first?.kind === 'momentum') return 'momentum_too_large';
  if (first && first.kind !== 'more-epochs') return 'rate_too_small';
  return 'epochs_left' in numbers ? 'too_few_epochs' : 'unknown';
}

/** Says how a run stands. What is left to learn is measured by the gap to the exact minimum, never by the size of a step. */
export function judge(run: RunState): Judgement {
  return judged(run).judgement;
}

function judged(run: RunState): Judged {
  const { shape, history, status, data, curvature } = run;
  if (!shape || (history.length === 0 && status !== 'diverged')) {
    const nothing = { kind: 'waiting', code: 'fine', sentence: 'Nothing has been trained yet.', numbers: {} } as const;
    if (!shape || !data || !isUntrained(run)) return { judgement: nothing };
    const { kind, code, sentence, numbers } = expectedVerdict(data, curvature);
    const [finding] = foundInRun(run);
    return { judgement: { kind, code, sentence, numbers }, ...(finding && { finding }) };
  }
  const diverged = diverging(run, shape);
  if (diverged) return { judgement: diverged };
  const judgement = progressed(run, shape);
  // What is wrong with its rows is not why a model is worse than the mean.
  if (linearOf(shape) && judgement.kind === 'diverging') return { judgement };
  const grave = graveFinding(run);
  if (grave) return { judgement: asJudgement(grave), finding: grave };
  const unit = linearOf(shape) ? undefined : netFinding(run, shape);
  if (unit) return { judgement: { ...asJudgement(unit), kind: 'stuck' }, finding: unit };
  const lesser = isLive(status) ? undefined : beside(run, judgement);
  if (!lesser) return { judgement };
  const sentence = judgement.kind === 'converged' ? `${judgement.sentence} But: ${lesser.sentence}` : lesser.sentence;
  return { judgement: { ...asJudgement(lesser), sentence }, finding: lesser };
}

/** What is to be said of a run that rests in place of how far it has come. */
function beside(run: RunState, judgement: Judgement): Finding | undefined {
  if (isSound(judgement)) return lesserFinding(run);
  const { code, numbers } = judgement;
  const isNear = 'epochs_left' in numbers && numbers['gap'] < lastQuarter;
  return code === 'hovering' || isNear ? noisyRows(run) : undefined;
}

/** Where nothing is wrong with how far a run has come. */
function isSound({ kind, code }: Judgement): boolean {
  return kind === 'converged' || code === 'improving' || (kind === 'learning' && code === 'unknown');
}

function progressed(run: RunState, shape: RunShape): Judgement {
  const judgement = rested(run, shape);
  const [setting] = unstableSettings(shape.optimizerSettings).filter(({ isSure }) => isSure);
  if (!setting || isLive(run.status) || isSound(judgement)) return judgement;
  const sentence = `Does not settle: ${setting.why}. The loss is ${formatNumber(shownLoss(run))}.`;
  return { kind: 'stuck', code: settingCodeOf(setting), sentence, numbers: judgement.numbers };
}

function settingCodeOf({ key }: UnstableSetting): VerdictCode {
  return key === 'momentum' ? 'momentum_too_large' : 'unstable_setting';
}

/** How a run stands that no finding speaks against. */
function rested(run: RunState, shape: RunShape): Judgement {
  const restored = restoredWords(run);
  const ended = stoppedEarly(run, shape);
  if (ended) return ended;
  const judgement = restored ? learned(run, shape) : (overfitting(run) ?? learned(run, shape));
  return restored ? { ...judgement, sentence: `${judgement.sentence} ${restored}` } : judgement;
}

/** How far a run that is sound has come. */
function learned(run: RunState, shape: RunShape): Judgement {
  return linearOf(shape) ? distance(run, shape) : judgeNet(run, shape);
}

/** What is to be said about a run that diverged: the judgement, and what is left of it. */
export function divergenceSentence(run: RunState): string {
  return `${judge(run).sentence} Weights and bias are the last finite ones.`;
}

function diverging(run: RunState, shape: RunShape): Judgement | undefined {
  const losses = run.history.recent('loss');
  const rises =
    losses.length >= 3 &&
    losses[losses.length - 1] > 2 * (run.history.at('loss', 0) ?? NaN) &&
    losses[losses.length - 1] > losses[losses.length - 2];
  if (run.status !== 'diverged' && (!rises || swings(run, shape) || isBounded(run))) return undefined;
  const lr = run.status === 'diverged' ? divergedRate(run) : lastRate(run, shape);
  const because = run.curvature ? overLimit({ ...run.curvature, lr }, shape) : undefined;
  const kind = 'diverging';
  const place = run.divergence && { epoch: run.divergence.epoch, batch: run.divergence.batch };
  if (isInfiniteAtStart(run)) {
    return { kind, code: 'targets_too_large', sentence: infiniteAtStart(run), numbers: { ...place } };
  }
  const growth = growthPerStep(losses, shape.batchesPerEpoch);
  const pace = growth === undefined ? '' : ` Each step makes the error ${formatTimes(growth)} as large.`;
  const when =
    run.status === 'diverged' && run.divergence
      ? `Diverged at epoch ${formatCount(run.divergence.epoch + 1)}, batch ${formatCount(run.divergence.batch + 1)}`
      : 'Diverging';
  const [setting] = settingsToBlame(shape.optimizerSettings);
  const isToBlame = setting?.isSure || (setting && !because);
  const why = isToBlame
    ? setting.why
    : (because ?? `the steps are too long with lr ${shownRate(lr)}; try a smaller one`);
  const limit = run.curvature?.limit.rate;
  const numbers = { lr, ...(limit !== undefined && { limit }), ...(growth !== undefined && { growth }), ...place };
  return {
    kind,
    code: isToBlame ? settingCodeOf(setting) : 'rate_over_limit',
    sentence: `${when}: ${why}.${pace}`,
    numbers,
  };
}

/** Whether momentum carries a loss up and down that its rate lets settle in the end. */
function swings({ curvature }: RunState, shape: RunShape): boolean {
  return curvature !== undefined && !overLimit(curvature, shape) && heavyMomentum(curvature, shape) !== undefined;
}

/** Whether no rate is over a limit, because steps do not grow with the distance: a loss that rises hovers, and comes back. */
function isBounded({ curvature }: RunState): boolean {
  return curvature !== undefined && !Number.isFinite(curvature.limit.rate ?? Infinity);
}

function infiniteAtStart({ curvature }: RunState): string {
  const why =
    curvature && isTooLarge(curvature) ? hugeTargets(curvature) : 'the loss is infinite before the first step';
  return `Diverged at epoch 1, batch 1: ${why}. No learning rate fixes that; scaling the targets does.`;
}

/** By how much the distance from the minimum was multiplied in a step of the last epochs; the loss grows by its square. */
function growthPerStep(losses: Float64Array, stepsPerEpoch: number): number | undefined {
  let last = losses.length - 1;
  while (last > 0 && !Number.isFinite(losses[last])) last--;
  if (last < 1 || !(losses[last] > losses[last - 1])) return undefined;
  return (losses[last] / losses[last - 1]) ** (1 / (2 * stepsPerEpoch));
}
