import { checkSizes } from '../config/checkConfig';
import { parseConfig, type ParsedConfig } from '../config/parseConfig';
import type { Config } from '../config/schema';
import type { CurvatureAnalysis } from '../engine/linear/analyzeCurvature';
import { pauseFor } from '../data/bytes/byteSource';
import type { CheckRequest, CheckedRun, StartSharpness } from '../protocol/checkedRun';
import { formatProblem, hasErrors, type Problem } from '../base/problem';
import { analysisOf, trainingOf } from './analyzeRun';
import { curvatureProblems } from '../advice/findings/curvatureProblems';
import { dataProblems } from '../advice/findings/dataProblems';
import { targetProblems } from '../advice/findings/targetProblem';
import { settingProblems } from '../advice/fixes/unstableSettings';
import { planOf } from '../advice/findings/runPlan';
import { dataFacts, type DataFacts } from './dataReport';
import { estimatedRate, isSoonAnswered } from './estimatedRate';
import { KeptRows } from './keptRows';
import { openReadRun, readParsedRun, type OpeningPlace, type ReadRun } from './openRun';
import { sizeOf } from './readDataset';
import { startSharpness } from './measuredSharpness';

/** What a check keeps for the next one. */
interface Examined {
  key: string;
  /** The same for all starting parameters. */
  rowsKey: string;
  /** The config whose notes these are. */
  configText: string;
  configFile: string;
  /** Rows of the dataset. */
  rows: number;
  inputs: number;
  outputs: number;
  notes: Problem[];
  /** Absent where nothing but the limit was asked for. */
  facts?: DataFacts;
  /** Absent for a net. */
  analysis?: CurvatureAnalysis;
  /** Of a net, at its start. */
  sharpness?: StartSharpness;
}

/** Where a check is made, and what of it. */
export interface CheckPlace extends OpeningPlace {
  /** Measures the sharpness of a net at its start, which takes some looks at the rows. */
  measuresSharpness?: true;
}

/**
 * Checks configs. The last one's data and their curvature stay in memory, so that another rate is answered at once; its rows
 * as they were read too, where they are not too many, so that no file is read again as long as it stays the same.
 */
export class RunChecker {
  private last: Examined | undefined;
  private readonly kept = new KeptRows(true);

  /** @param mostKept bytes of rows that stay in memory as they were read. */
  constructor(private readonly mostKept = 2 ** 26) {}

  /** Never rejects for what is in config or data. @throws ReadCancelled */
  async check(given: CheckRequest, givenPlace: CheckPlace = {}): Promise<CheckedRun> {
    const parsed = parseConfig(given.configText, given.configFile);
    const settings = settingProblems(parsed);
    if (!parsed.config) return { problems: [...parsed.problems, ...settings] };
    const { request, place } = this.keeping(given, givenPlace, parsed.config);
    const { key, rowsKey } = keysOf(request, parsed.config);
    const alike = this.last?.rowsKey === rowsKey ? this.last : undefined;
    const { last } = this;
    const isEnough = last?.key === key && notesHold(last, request) && (request.limitOnly || last.facts);
    if (isEnough) return examine(parsed, parsed.config, last);
    this.last = alike;
    const read = await readParsedRun(parsed, request, place);
    if ('problems' in read) return { problems: withoutRepeats([...read.problems, ...settings]) };
    if (request.soon && !alike?.analysis && !isSoonAnswered(read)) return early(parsed, read);
    const opened = await openReadRun(parsed, read, place);
    if (bytesOf(read) > this.mostKept) this.kept.forget();
    if ('problems' in opened) return { problems: withoutRepeats([...opened.problems, ...settings]) };
    // The curvature of many rows takes a while too.
    const pause = () => pauseFor(place.watch ?? {});
    await pause();
    const { dataset, notes, trainer } = opened;
    const { inFeatures: inputs, outFeatures: outputs } = trainer.parts.model;
    const { configText, configFile } = request;
    const analysis = analysisOf(opened, alike?.analysis);
    const sizes = { rows: dataset.rows - (dataset.validationRows ?? 0), inputs, outputs };
    const facts = request.limitOnly ? undefined : ((alike?.analysis && alike.facts) ?? dataFacts(opened));
    const sharpness = place.measuresSharpness && !analysis ? await startSharpness(opened) : undefined;
    this.last = {
      ...{ key, rowsKey, configText, configFile, ...sizes, notes },
      ...(facts && { facts }),
      ...(analysis && { analysis }),
      ...(sharpness && { sharpness }),
    };
    const examined = this.last;
    await pause();
    // The minimum takes longest, and needs what these do.
    analysis?.report(trainingOf(parsed.config), { scaled: isUnscaled(parsed.config) });
    await pause();
    return examine(parsed, parsed.config, examined);
  }

  /** The data of the last config are no longer what they were. */
  forget(): void {
    this.last = undefined;
    this.kept.forget();
  }

  /** Where rows are not shared with runs, the checker keeps them itself, if it can tell whether they are still the same. */
  private keeping(
    request: CheckRequest,
    place: CheckPlace,
    { dataset }: Config,
  ): { request: CheckRequest; place: CheckPlace } {
    const looking = { ...place, looksOnly: !place.measuresSharpness };
    const { stamp, rows } = request;
    if (!('file' in dataset) || stamp === undefined || rows !== undefined) return { request, place: looking };
    return { request: { ...request, rows: stamp }, place: { ...looking, kept: this.kept } };
  }
}

function bytesOf({ dataset: { inputs, targets, exact } }: ReadRun): number {
  const doubles = [...(exact?.inputs ?? []), ...(exact?.targets ?? [])];
  return doubles.reduce((sum, [, numbers]) => sum + numbers.byteLength, inputs.byteLength + targets.byteLength);
}

/** What can be said of many rows in a moment. */
function early(parsed: ParsedConfig, read: ReadRun): CheckedRun {
  const own = [
    ...parsed.problems,
    ...settingProblems(parsed),
    ...checkSizes(parsed, sizeOf(read.dataset)),
    ...read.notes,
  ];
  const report = estimatedRate(read);
  if (!report) return { problems: withoutRepeats(own), isPartial: true };
  return { problems: withoutRepeats([...own, ...curvatureProblems(parsed, report)]), report, isPartial: true };
}

/** Keys that neither the data nor the start nor the loss depend on. */
const lateKeys = [
  'loader',
  'optimizer',
  'scheduler',
  'clip_grad_norm',
  'clip_grad_value',
  'early_stopping',
  'epochs',
  'log_every',
  'sweep',
  'sweep_mode',
  '$schema',
];

/** What stays the same where only late keys change; and what does where the seed changes too, which decides how rows are split. */
function keysOf({ seed, stamp, file }: CheckRequest, config: Config): { key: string; rowsKey: string } {
  const early = Object.entries(config).filter(([key]) => key !== 'seed' && !lateKeys.includes(key));
  const content = file && stamp === undefined ? Math.random() : stamp;
  const rowsKey = JSON.stringify([early, content, config.split && (config.seed ?? seed)]);
  return { key: JSON.stringify([rowsKey, config.seed ?? seed]), rowsKey };
}

/** Notes on the config itself are right for its text alone. */
function notesHold({ notes, configFile, configText }: Examined, request: CheckRequest): boolean {
  if (configText === request.configText && configFile === request.configFile) return true;
  return !notes.some(({ file }) => file === configFile);
}

function examine(parsed: ParsedConfig, config: Config, examined: Examined): CheckedRun {
  const { analysis, facts, notes, rows, inputs, outputs, sharpness } = examined;
  const sizes = checkSizes(parsed, { rows, inputs, outputs });
  const own = [...parsed.problems, ...settingProblems(parsed), ...sizes];
  if (hasErrors(sizes)) return { problems: withoutRepeats(own) };
  const report = analysis?.report(trainingOf(config), { optimum: true, scaled: isUnscaled(config) });
  if (!facts) return { problems: withoutRepeats([...own, ...notes]), ...(report && { report }) };
  const data = { ...facts, plan: planOf(config) };
  if (!report) {
    const seen = dataProblems(parsed, data);
    return { problems: withoutRepeats([...own, ...notes, ...seen]), data, ...(sharpness && { sharpness }) };
  }
  const seen = dataProblems(parsed, data, report);
  const problems = [...own, ...notes, ...curvatureProblems(parsed, report), ...targetProblems(parsed, report), ...seen];
  return { problems: withoutRepeats(problems), report, data };
}

/** Whether scaled inputs are something else. */
function isUnscaled({ dataset }: Config): boolean {
  return dataset.scale === 'none';
}

/** What a config shows by itself and what its data show overlap. */
function withoutRepeats(problems: Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [formatProblem(problem), problem])).values()];
}
