import * as path from 'node:path';
import { formatQuantity } from '../base/format';
import { formatProblem, type Problem } from '../base/problem';
import { bestRun, rulesFor } from '../compare/bestRun';
import { isOverLimit, type ComparedRun } from '../compare/comparedRun';
import { foldRuns } from '../compare/foldedRuns';
import { comparedRun } from '../sweep/compareState';
import { memberName, memberTexts, membersOf, rowsOf, type MemberSettings } from '../sweep/members';
import type { PoolMember } from '../sweep/memberPool';
import { comparedTable, foldedTable, shareWords } from './comparedTable';
import { comparedJson, foldedJson } from './comparedJson';
import { parseConfig } from '../config/parseConfig';
import { printJson } from './printJson';
import { problemLines } from './problemLines';
import { placedProblems, readDataFile, UsageError, type RunInput } from './readRunInput';
import { withPool, type PoolOptions } from './withPool';
import { say, warn } from './say';

/** What a sweep is asked for besides its config. */
export interface SweepOptions extends PoolOptions {
  json: boolean;
  /** Leaves out members whose rate is over the limit. */
  stableOnly: boolean;
}

/** Members that are named one by one before the start, at most. */
const mostNamed = 20;

/** Trains all members of a config's sweep and prints how they ended; returns the exit status. */
export async function sweepCommand(request: RunInput, { json, stableOnly, jobs }: SweepOptions): Promise<number> {
  const { parsed } = request;
  if (!parsed.config) return refuse(problemLines(parsed.problems, request));
  if (!parsed.config.sweep) {
    throw new UsageError(
      `${request.configFile} has no sweep; add for instance "sweep": { "optimizer.lr": [0.01, 0.1] }`,
    );
  }
  const { sweep } = parsed.config;
  const settings = membersOf(parsed.config);
  const makeMembers = () => {
    const texts = memberTexts(request.configText, settings);
    return Promise.all(settings.map((one, i) => poolMember({ ...request, configText: texts[i] }, one, i)));
  };
  const begun = performance.now();
  return withPool(settings.length, { jobs }, makeMembers, async ({ pool, compared }) => {
    const { members } = pool;
    await pool.check();
    const over = pool.states.flatMap((state, i) => {
      const run = comparedRun(state, {});
      return isOverLimit(run) ? [{ run, i }] : [];
    });
    if (json)
      printJson({ event: 'start', members: settings.map((set) => ({ set })), over_limit: over.map(({ i }) => i + 1) });
    else if (over.length > 0) say(overLimitLines(over, settings, stableOnly));
    const skipped = new Set(stableOnly ? over.map(({ i }) => i) : []);
    const trained = [...members.keys()].filter((i) => !skipped.has(i) && pool.stateOf(i).status !== 'failed');
    await pool.train(trained);
    const runs = members.map((_, i) => compared(i));
    const failed = pool.states.flatMap(({ status, problems }, i) =>
      status === 'failed' ? [memberLine(problems[0], request, `member ${i + 1} (${memberName(settings[i])})`)] : [],
    );
    for (const line of failed) warn(`${line}\n`);
    if (failed.length === members.length) return 2;
    const shown = runs.filter((_, i) => trained.includes(i));
    const [rule] = rulesFor(shown);
    const folded = foldRuns(shown);
    if (json) {
      for (const i of trained)
        printJson({ event: 'member', member: i + 1, set: settings[i], ...comparedJson(runs[i]) });
      const best = rule && bestRun(shown, rule);
      printJson({
        event: 'end',
        best: best ? { member: runs.indexOf(best) + 1, rule: rule.id, value: rule.valueOf(best) } : null,
        ...(folded.length > 0 && { folded: folded.map(foldedJson) }),
        seconds: (performance.now() - begun) / 1000,
      });
    } else say(comparedTable(shown, rule, Object.keys(sweep)) + foldedTable(folded));
    return shown.some(({ status }) => status === 'finished') ? 0 : 1;
  });
}

async function poolMember(input: RunInput, settings: MemberSettings, i: number): Promise<PoolMember> {
  const { configText, configFile, seed, file } = input;
  const isOther = Object.keys(settings).some((key) => /^dataset(\.(file|validation_file))?$/.test(key));
  const own = isOther ? await readDataFile(parseConfig(configText), path.dirname(configFile)) : file;
  const identity = { id: String(i + 1), name: memberName(settings), startedAt: Date.now() };
  const rows = own && 'path' in own ? own.path : '';
  return {
    identity,
    alike: rowsOf(settings),
    request: { configText, configFile, seed, rows, ...(own && { file: own }) },
  };
}

/** What is wrong with a member; in the config it stands at the sweep, as a member's own text has other lines. */
function memberLine(problem: Problem, request: RunInput, member: string): string {
  const { source } = request.parsed;
  const isOfConfig = problem.file === undefined || problem.file === request.configFile;
  const placed = isOfConfig ? { ...problem, file: request.configFile, ...source.rangeOf(['sweep'], 'key') } : problem;
  const [told] = placedProblems([placed], request);
  return formatProblem({ ...told, message: `${member}: ${told.message}` });
}

function overLimitLines(
  over: readonly { run: ComparedRun; i: number }[],
  settings: readonly MemberSettings[],
  stableOnly: boolean,
): string {
  const lines = over
    .slice(0, mostNamed)
    .map(({ run, i }) =>
      `  ${memberName(settings[i])}: ${shareWords(run.limit)} of the limit`.replace(' times of', ' times'),
    );
  const more = over.length > mostNamed ? [`  … and ${formatQuantity(over.length - mostNamed, 'more')}`] : [];
  const what = stableOnly ? 'left out' : '--stable-only leaves them out';
  const are = over.length === 1 ? 'is over its limit' : 'are over their limit';
  const title = `${formatQuantity(over.length, 'member')} of ${settings.length} ${are}; ${what}:`;
  return `${[title, ...lines, ...more].join('\n')}\n\n`;
}

function refuse(lines: string[]): number {
  warn(lines.map((line) => `${line}\n`).join(''));
  return 2;
}
