import { expect } from 'vitest';
import type { VerdictCode } from '../../src/advice/findings/judgement';
import { originalParameters } from '../../src/protocol/outputs';
import { expectClose } from './expectClose';
import { judgedRun, leftOf, problemsOf, withFix, type Judged } from './judgedRun';

/** Area and bedrooms of five houses, and their prices in thousands, as courses have them. */
export const fiveHouses = {
  inputs: [
    [2104, 3],
    [1600, 3],
    [2400, 3],
    [1416, 2],
    [3000, 4],
  ],
  targets: [[400], [330], [369], [232], [540]],
};

/** A run that went wrong, or well, in public, rewritten small, and what is to be said of it. */
export interface PublicRun {
  inputs: number[][];
  targets: number[][];
  scale?: 'standard' | 'minmax';
  dataset?: Record<string, unknown>;
  optimizer: Record<string, unknown> & { type: string };
  config?: Record<string, unknown>;
  batch?: number;
  epochs: number;
  /** What is said before the run; nothing where absent. */
  warned?: RegExp;
  noted?: RegExp;
  code: VerdictCode;
  /** What the sentence after the run says. */
  says?: RegExp;
  exit?: 1;
  /** Weight and bias at the end, in the columns' own units. */
  ends?: number[];
  /** The first fix, and with it what is left of what there was to learn, at most. */
  fix?: RegExp;
  left?: number;
  /** What is said of the run with the first fix. */
  then?: VerdictCode;
}

function runOf({ inputs, targets, scale, dataset: keys, optimizer, config, batch, epochs }: PublicRun): Judged {
  const dataset = { values: { inputs, targets }, ...(scale && { scale }), ...keys };
  const loader = { batch_size: batch ?? inputs.length, shuffle: false };
  return { config: { seed: 1, dataset, loader, optimizer, epochs, ...config } };
}

/** Holds what is said before a run, after it, and what its first fix leaves, against what is expected. */
export async function expectOutcome(one: PublicRun): Promise<void> {
  const run = runOf(one);
  const problems = await problemsOf(run);
  const said = (severity: string) => problems.filter((problem) => problem.severity === severity);
  const texts = (severity: string) =>
    said(severity)
      .map(({ message }) => message)
      .join('\n');
  expect(texts('error')).toBe('');
  expect(texts('warning')).toMatch(one.warned ?? /^$/);
  if (one.noted) expect(texts('information')).toMatch(one.noted);
  const { verdict, exitStatus, state } = await judgedRun(run);
  expect([verdict.code, verdict.sentence, exitStatus]).toEqual([one.code, verdict.sentence, one.exit ?? 0]);
  if (one.says) expect(verdict.sentence).toMatch(one.says);
  const { checkpoint, shape } = state;
  const ends = [...(originalParameters(checkpoint.parameters, shape!) ?? checkpoint.parameters)];
  one.ends?.forEach((value, i) => expectClose(ends[i], value, 1e-3, 1e-3));
  if (one.fix) expect(verdict.fixes[0]?.title).toMatch(one.fix);
  if (one.left === undefined && !one.then) return;
  const mended = await judgedRun(withFix(run, verdict.fixes[0]));
  const after = mended.verdict;
  const isEnough = one.left === undefined || leftOf(mended.state, state.history.at('loss', 0)!) <= one.left;
  const right = [0, true, one.then ?? after.code, after.sentence];
  expect([mended.exitStatus, isEnough, after.code, after.sentence]).toEqual(right);
}
