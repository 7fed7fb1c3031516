import { planOf } from '../advice/findings/runPlan';
import { CurvatureAnalysis, type CurvatureOptions } from '../engine/linear/analyzeCurvature';
import type { CurvatureReport } from '../engine/report/report';
import type { CheckedRun } from '../protocol/checkedRun';
import { dataFacts } from './dataReport';
import type { OpenedRun } from './openRun';

/** What the analysis of a run needs of it. */
type AnalyzedRun = Pick<OpenedRun, 'config' | 'trainer' | 'scaling' | 'initial'>;

/**
 * What the data say about a run before its first step: where its parameters start and how its rows are scaled included. Of a
 * linear layer only.
 */
export function analyzeRun(
  run: AnalyzedRun,
  options: CurvatureOptions = { optimum: true, scaled: run.config.dataset.scale === 'none' },
): CurvatureReport {
  const analysis = analysisOf(run);
  if (!analysis) throw new Error('a net has no curvature before it is trained');
  return analysis.report(trainingOf(run.config), options);
}

/** What a check says of a run's rows, made of those in memory; also after the run has trained. */
export function analyzeOpened(run: OpenedRun): Pick<CheckedRun, 'report' | 'data'> {
  const data = { ...dataFacts(run), plan: planOf(run.config) };
  return run.trainer.parts.model.linear ? { report: analyzeRun(run), data } : { data };
}

/**
 * The analysis of a run's rows, for other ways to train on them too. Undefined for a net.
 * @param known of the same rows with other starting parameters.
 */
export function analysisOf(
  { config, trainer, scaling, initial }: AnalyzedRun,
  known?: CurvatureAnalysis,
): CurvatureAnalysis | undefined {
  const { dataset, loss, model, trainRows, penalty } = trainer.parts;
  if (!model.linear) return undefined;
  const isScaled = config.dataset.scale !== 'none' || config.dataset.scale_targets !== 'none';
  const data = {
    ...{ dataset, trainRows, initial, loss },
    hasBias: model.linear.hasBias,
    ...(penalty && { penalty: penalty.options }),
    ...(isScaled && { scaling }),
  };
  return new CurvatureAnalysis(data, known?.isWhole ? known : undefined);
}

/** How a config trains, as far as curvature is concerned. */
export function trainingOf(config: Omit<OpenedRun['config'], 'seed'>) {
  const { loader, optimizer, scheduler, epochs } = config;
  const { batch_size: batchSize, shuffle, drop_last: dropLast } = loader;
  const clips = config.clip_grad_norm !== undefined || config.clip_grad_value !== undefined;
  return {
    optimizer,
    epochs,
    ...(clips && { clips }),
    ...(scheduler && { scheduler }),
    loader: { batchSize, shuffle, dropLast },
  };
}
