import { beforeAll, describe, expect, it } from 'vitest';
import { fixId, type ConfigFix } from '../../../src/advice/fixes/configFix';
import { orderedByTrials, worthTrying } from '../../../src/advice/verdicts/fixTrials';
import { offeredFixes } from '../../../src/advice/verdicts/offeredFixes';
import { fixesToTry, tryFixes } from '../../../src/advice/verdicts/tryFixes';
import { verdictOf } from '../../../src/advice/verdicts/verdict';
import { scoreOf, type TrialOutcome } from '../../../src/protocol/fixTrials';
import { applyRunEvent, type RunState } from '../../../src/protocol/state';
import { judgedRun, withFix, type Judged } from '../../helpers/judgedRun';

const inputs = Array.from({ length: 80 }, (_, i) => [1000 * Math.sin(3 * i), 1000 * Math.cos(5 * i)]);
const targets = inputs.map(([a, b]) => [(a / 1000) ** 2 + b / 1000]);
/** A tenth of its rate is still far too large. */
const wild: Judged = {
  config: {
    seed: 2,
    dataset: { values: { inputs, targets } },
    loader: { batch_size: 20 },
    model: { type: 'Sequential', layers: [{ type: 'Linear', out_features: 16 }, 'ReLU', 'Linear'] },
    optimizer: { type: 'SGD', lr: 0.1 },
    epochs: 150,
  },
};
/** Its columns differ in their units; several fixes help. */
const slow: Judged = {
  config: {
    seed: 2,
    dataset: { values: { inputs: inputs.map(([a, b]) => [a, b / 1000]), targets: inputs.map(([a, b]) => [a + b]) } },
    loader: { batch_size: 80 },
    optimizer: { type: 'SGD', lr: 1e-9 },
    epochs: 40,
  },
};

let state: RunState;
beforeAll(async () => ({ state } = await judgedRun(slow)));

const kindsOf = (run: RunState) => verdictOf(run).fixes.map(({ kind }) => kind);

const three = (['half-limit', 'momentum', 'scale-inputs'] as const).map((kind): ConfigFix => ({
  kind,
  title: kind,
  edits: [{ path: [kind], value: 1 }],
}));

/** Places of three fixes as they are offered where they came out like this; null: not tried. */
function ordered(outcomes: (TrialOutcome | null)[], before = 0.3): number[] {
  const tried = outcomes.flatMap((outcome, i) => (outcome ? [{ fix: fixId(three[i]), ...outcome }] : []));
  return orderedByTrials({ status: 'finished', trials: { before, tried } }, three).map((fix) => three.indexOf(fix));
}

const whole = (score: number) => ({ score, isWhole: true });
const part = (score: number) => ({ score, isWhole: false });

describe('fixes that were tried out', () => {
  it.each([
    ['all help as much', [whole(0.9), whole(0.95), whole(0.95)], [0, 1, 2]],
    ['none helps', [whole(0.3), whole(-Infinity), whole(0.1)], [0, 1, 2]],
    ['the first one diverges', [whole(-Infinity), whole(0.9), whole(0.9)], [1, 2]],
    ['one helps far less', [whole(0.5), whole(0.9), whole(0.1)], [1, 0]],
    ['one was not trained far enough to tell', [part(0.2), whole(0.9), whole(0.9)], [1, 2, 0]],
    ['one was not trained far enough, and no other one helps', [whole(0.3), part(0.2), whole(0.3)], [1, 0, 2]],
    ['one that was cut short is far enough', [part(0.95), whole(0.9), whole(0.9)], [0, 1, 2]],
    ['one is less bad, and learns nothing either', [whole(-9), whole(-2), whole(0)], [0, 1, 2], -50],
    ['one could not be tried', [null, whole(0.9), whole(0)], [0, 1]],
    ['nothing could be measured', [whole(NaN), whole(NaN), whole(0.9)], [0, 1, 2]],
    ['none could be tried', [null, null, null], [0, 1, 2]],
  ])('come in the order in which they help: %s', (_, outcomes, order, before?: number) => {
    expect(ordered(outcomes, before)).toEqual(order);
  });

  it('count no longer when the run goes on, and none is offered while they are tried', () => {
    const runId = state.identity.id;
    const going = { type: 'status', runId, status: 'running', trainLoss: NaN, validationLoss: NaN } as const;
    const { trials: _, ...untried } = state;
    const useless = { before: 0, tried: [{ fix: fixId(verdictOf(untried).fixes[0]), ...whole(-1) }] };
    const running = applyRunEvent(state, going);
    expect(kindsOf({ ...running, trials: useless })).toEqual(kindsOf(running));
    const trying = applyRunEvent(state, { type: 'trying', runId });
    expect(offeredFixes(trying)).toEqual([]);
    expect(offeredFixes(applyRunEvent(trying, { type: 'tried', runId, trials: state.trials! }))).toEqual(
      offeredFixes(state),
    );
  });

  it('are those that a run learns more by, where there is a choice', () => {
    const leaving = { ...three[0], kind: 'leave-out' as const };
    expect(worthTrying(state, [leaving, ...three])).toEqual(three);
    expect(worthTrying(state, three.slice(1, 2))).toEqual([]);
    expect(worthTrying({ ...state, status: 'paused' }, three)).toEqual([]);
  });

  it('asks of no config that is too long to be read again', async () => {
    const asked: string[] = [];
    const tryOut = (text: string) => Promise.resolve((asked.push(text), null));
    const [fix] = fixesToTry(state);
    await tryFixes(state, [fix], JSON.stringify(slow.config).padEnd(2 ** 18 + 1), tryOut);
    expect(asked).toEqual([]);
    await tryFixes(state, [fix], JSON.stringify(slow.config), tryOut);
    expect(asked.map((text) => JSON.parse(text) as object)).toEqual([withFix(slow, fix).config]);
  });
});

it('the first fix works where the one that is usually best does not', async () => {
  const { state: run, verdict } = await judgedRun(wild);
  const { trials, ...untried } = run;
  expect(kindsOf(untried)).toEqual(['smaller-rate', 'scale-inputs']);
  expect(verdict.fixes.map(({ kind }) => kind)).toEqual(['scale-inputs']);
  const mended = (await judgedRun(withFix(wild, verdict.fixes[0]))).state;
  expect(scoreOf(mended.metrics!)).toBeGreaterThan(0.9);
  expect(trials!.tried).toContainEqual({ fix: fixId(verdict.fixes[0]), ...whole(scoreOf(mended.metrics!)) });
});
