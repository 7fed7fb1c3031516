import { findNodeAtLocation } from 'jsonc-parser';
import { checkSizes } from '../config/checkConfig';
import { parseConfig, type ParsedConfig } from '../config/parseConfig';
import type { Config } from '../config/schema';
import type { CurvatureReport } from '../engine/curvature/report';
import { formatProblem, type Problem } from '../problem';
import { analyzeRun } from './analyzeRun';
import { curvatureFixes, type ConfigFix } from './curvatureFixes';
import { curvatureProblems } from './curvatureProblems';
import { openRun, type OpenedRun, type OpeningPlace, type OpenRunRequest } from './openRun';

/** What a config, its data and their curvature say before anything is trained. */
export interface CheckedRun {
  /** In config and data file, whatever is wrong or worth knowing. */
  problems: Problem[];
  /** Absent where the run cannot be opened. */
  report?: CurvatureReport;
  /** What would put the rate right; empty where nothing is wrong with it. */
  fixes: ConfigFix[];
}

/** A config to check. */
export interface CheckRequest extends OpenRunRequest {
  /** Changes whenever the data file does; without it the file is read each time. */
  stamp?: string;
}

/** Checks configs. The last one's data stay in memory, so that another rate is answered without reading them again. */
export class RunChecker {
  private last: { key: string; opened: OpenedRun } | undefined;

  /** Never rejects for what is in config or data. */
  async check(request: CheckRequest, place: OpeningPlace = {}): Promise<CheckedRun> {
    const parsed = parseConfig(request.configText, request.configFile);
    if (!parsed.config) return { problems: parsed.problems, fixes: [] };
    const key = keyOf(request, parsed);
    if (!this.last || this.last.key !== key) {
      this.last = undefined;
      const opened = await openRun(request, place);
      if ('problems' in opened) return { problems: opened.problems, fixes: [] };
      this.last = { key, opened };
    }
    return examine(parsed, parsed.config, this.last.opened);
  }
}

/** Keys that neither the data nor the start depend on. */
const lateKeys = ['optimizer', 'scheduler', 'epochs', 'log_every'];

/** The config's text without the values of late keys, which leaves every other place where it was, and what the draws depend on. */
function keyOf({ seed, stamp, file }: CheckRequest, { source, config }: ParsedConfig): string {
  let { text } = source;
  for (const key of lateKeys) {
    const node = source.tree && findNodeAtLocation(source.tree, [key]);
    if (!node) continue;
    const value = source.text.slice(node.offset, node.offset + node.length);
    text = text.replace(value, value.replace(/[^\n]+/g, ''));
  }
  const content = file && stamp === undefined ? Math.random() : stamp;
  return JSON.stringify([text, config!.seed ?? seed, content]);
}

function examine(parsed: ParsedConfig, config: Config, opened: OpenedRun): CheckedRun {
  const report = analyzeRun({ ...opened, config: { ...config, seed: opened.config.seed } });
  const { rows } = opened.dataset;
  const problems = [
    ...parsed.problems,
    ...checkSizes(parsed, { rows, inputs: report.inputs, outputs: report.outputs }),
    ...opened.notes,
    ...curvatureProblems(parsed, report),
  ];
  return { problems: withoutRepeats(problems), report, fixes: curvatureFixes(report, config) };
}

/** What a config shows by itself and what its data show overlap. */
function withoutRepeats(problems: Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [formatProblem(problem), problem])).values()];
}
