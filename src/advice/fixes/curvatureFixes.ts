import type { CurvatureReport } from '../../engine/report/report';
import { cannotArrive, reachFixes } from './adaptiveRates';
import { formatQuantity, formatRounded, formatShortest } from '../../base/format';
import { offeredRate, rateEdits, scaleInputsFix, targetsFix, type ConfigFix } from './configFix';
import { isTooLarge } from '../words/hugeTargets';
import { epochsEnough, isEnough, needsScaling, rateVerdict } from './reach';

/** A rate that is smaller than this many times another is about as large. */
const muchLarger = 2;

/** Share of a limit at which the noise of batches is small. */
const calm = 0.05;

/** What fixes need to know of a config. */
export interface PlannedTraining {
  epochs: number;
  scheduler?: { type: string };
}

/** What would put a rate right that is over its limit or too small to arrive; empty where nothing is wrong with it. */
export function curvatureFixes(report: CurvatureReport, config: PlannedTraining): ConfigFix[] {
  if (isTooLarge(report)) return [targetsFix];
  const verdict = rateVerdict(report, config);
  if (!verdict) return [];
  if (cannotArrive(report)) return reachFixes(report);
  const half = halfOf(report.limit.rate);
  const scaling = scalingFix(report, config);
  if (verdict === 'over') {
    const calming = calmingEdits(report, config);
    if (report.lr <= report.limit.rate!) return [calmingFix(calming)];
    return half === undefined
      ? scaling
      : [...bestFirst(rateFix(half, calming), half, scaling), ...calmerFix(report, config, calming)];
  }
  const longer = half === undefined || half < muchLarger * report.lr ? longerFix(report, config.epochs) : undefined;
  if (longer) return [longer, ...scaling];
  if (half === undefined || half <= report.lr) return scaling;
  return bestFirst(rateFix(half), half, scaling);

  /** Where directions differ too much in steepness, no rate is right for all of them. */
  function bestFirst(fix: ConfigFix, rate: number, others: ConfigFix[]): ConfigFix[] {
    return isEnough(rate, report, config.epochs) ? [fix, ...others] : [...others, fix];
  }
}

/** What lets a direction move that hardly does: scaled inputs where their units keep it, otherwise a larger rate; none where neither would. */
export function directionFixes(report: CurvatureReport, config: PlannedTraining): ConfigFix[] {
  if (needsScaling(report)) return scalingFix(report, config);
  const half = halfOf(report.limit.rate);
  return half === undefined || half < muchLarger * report.lr ? [] : [rateFix(half)];
}

/** Half of a limit, rounded as it is offered; undefined without a finite limit. */
function halfOf(limit: number | undefined): number | undefined {
  return limit === undefined || !Number.isFinite(limit) ? undefined : offeredRate(limit / 2);
}

function rateFix(lr: number, besides: ConfigFix['edits'] = []): ConfigFix {
  const title = `Set lr to half the limit (${formatRounded(lr)})`;
  return { kind: 'half-limit', title, edits: [...rateEdits(lr), ...besides] };
}

/** Where batches add to what momentum carries on, a run may come to rest only far below the limit. */
function calmerFix(
  { limit, ...report }: CurvatureReport,
  { epochs }: PlannedTraining,
  besides: ConfigFix['edits'],
): ConfigFix[] {
  if (limit.accuracy !== 'estimate' || report.stepsPerEpoch === 1 || !Number.isFinite(limit.rate!)) return [];
  const lr = offeredRate(limit.rate! * calm);
  if (!isEnough(lr, { limit, ...report }, epochs)) return [];
  const title = `Set lr to a twentieth of the limit (${formatRounded(lr)})`;
  return [{ kind: 'smaller-rate', title, edits: [...rateEdits(lr), ...besides] }];
}

/** As many epochs as the forecast asks for. */
function longerFix(report: CurvatureReport, epochs: number): ConfigFix | undefined {
  const enough = epochsEnough(report, epochs);
  if (enough === undefined) return undefined;
  const title = `Train for ${formatQuantity(enough, 'epoch')}`;
  return { kind: 'more-epochs', title, edits: [{ path: ['epochs'], value: enough }] };
}

/** One fix or none: half the limit of scaled inputs. */
function scalingFix(report: CurvatureReport, config: PlannedTraining): ConfigFix[] {
  const lr = halfOf(report.scaled?.limit.rate);
  return lr === undefined ? [] : [scaleInputsFix(lr, calmingEdits(report, config))];
}

/** Whether a scheduler goes between rates of its own. */
export function setsRates(scheduler: string): boolean {
  return scheduler === 'OneCycleLR' || scheduler === 'CyclicLR';
}

/** What keeps a scheduler from raising the rate. */
function calmingEdits({ peak, limit }: CurvatureReport, { scheduler }: PlannedTraining): ConfigFix['edits'] {
  if (!peak || !scheduler) return [];
  if (setsRates(scheduler.type)) return [{ path: ['scheduler', 'max_lr'], value: halfOf(limit.rate) ?? peak.lr }];
  if (scheduler.type.startsWith('Cosine')) return [{ path: ['scheduler', 'eta_min'], value: 0 }];
  return [{ path: ['scheduler', 'gamma'], value: 1 }];
}

function calmingFix(edits: ConfigFix['edits']): ConfigFix {
  const changes = edits
    .map(({ path, value }) => `set ${path[1]} to ${typeof value === 'number' ? formatShortest(value) : String(value)}`)
    .join(', ');
  return { kind: 'calm-scheduler', title: `Keep the scheduler from raising lr: ${changes}`, edits };
}
