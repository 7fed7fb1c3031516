import { describe, expect, it } from 'vitest';
import { verdictOf } from '../../../src/advice/verdicts/verdict';
import { emptyColumns } from '../../../src/protocol/history';
import { restoreSnapshot, type RunState } from '../../../src/protocol/state';
import { curvatureOf, largeRun, tutorialRun, type SampleRun } from '../../webview/sampleRuns';

/** A run with these losses, beside the curvature of its data. */
function withLosses(sample: SampleRun, losses: number[], validation: number[] = []): RunState {
  sample.snapshot.curvature = curvatureOf(sample);
  const records = emptyColumns(losses.length);
  records.loss.set(losses);
  records.valLoss.set(validation.length > 0 ? validation : losses.map(() => NaN));
  sample.snapshot.progress.records = records;
  return restoreSnapshot(sample.snapshot);
}

const falling = (count: number, from: number, to: number, factor: number) =>
  Array.from({ length: count }, (_, epoch) => to + (from - to) * factor ** epoch);

describe('the verdict', () => {
  const sample = largeRun(200);
  const { optimum, variance } = curvatureOf(sample);
  const floor = optimum!.loss;

  it('is converged only where the gap to the exact minimum is gone', () => {
    const flat = withLosses(largeRun(200), falling(50, variance!, floor * 1.000001, 0.2));
    expect(verdictOf(flat)).toMatchObject({ kind: 'converged', code: 'converged', fixes: [] });
    // As flat as the other, but far from the minimum.
    const stuck = withLosses(largeRun(200), falling(50, variance!, (floor + variance!) / 2, 0.2));
    expect(verdictOf(stuck).kind).toBe('stuck');
    expect(verdictOf(stuck).sentence).toContain('50 % of what can be learned is left');
  });

  it('is improving, with the epochs that remain, where the gap shrinks steadily', () => {
    // 100 epochs at 0.97 leave 0.97 ** 99 = 4.9 %; ln(0.049 / 0.001) / -ln(0.97) = 128 more.
    const improving = withLosses(largeRun(200), falling(100, variance!, floor, 0.97));
    expect(verdictOf(improving)).toMatchObject({ kind: 'improving', code: 'too_few_epochs' });
    expect(verdictOf(improving).sentence).toContain('about 130 more epochs');
  });

  it('is overfitting where the validation loss rises while the training loss falls', () => {
    const training = falling(100, variance!, floor, 0.97);
    const validation = training.map((_, epoch) => 10 + (epoch - 40) ** 2 / 1000);
    const run = withLosses(largeRun(200), training, validation);
    expect(verdictOf(run)).toMatchObject({ kind: 'overfitting', code: 'overfitting', numbers: { best_epoch: 40 } });
    // Of ten epochs each, the lowest mean is 10 + 28.5 / 1000, and the last 10 + 2978.5 / 1000.
    expect(verdictOf(run).sentence).toContain('has risen 29 % since epoch 41,');
    // Every seventh epoch's batches happen to do well on the rows held out.
    const noisy = training.map((_, epoch) => (epoch % 7 === 0 ? 9 : 10));
    expect(verdictOf(withLosses(largeRun(200), training, noisy)).kind).toBe('improving');
    const steady = withLosses(largeRun(200), training, training);
    expect(verdictOf(steady).kind).toBe('improving');
  });

  it('is overfitting where the lowest validation loss is in the first few of many epochs', () => {
    const training = falling(200, variance!, floor, 0.97);
    // It rises at once, and comes down again while weights wander.
    const validation = training.map((_, epoch) => (epoch < 10 ? 12 - epoch / 5 : 30 - epoch / 20));
    expect(verdictOf(withLosses(largeRun(200), training, validation))).toMatchObject({
      kind: 'overfitting',
      numbers: { best_epoch: 9 },
    });
    // A jump back is no rise where the training loss has jumped as well.
    const both = training.map((loss, epoch) => (epoch > 190 ? training[0] : loss));
    expect(verdictOf(withLosses(largeRun(200), both, validation)).kind).not.toBe('overfitting');
  });

  it('is one of a run that has just begun, until two epochs show a pace', () => {
    expect(verdictOf(withLosses(largeRun(200), [variance! / 2]))).toMatchObject({ kind: 'learning' });
    expect(verdictOf(withLosses(largeRun(200), [variance! / 2])).sentence).toMatch(
      /^Just begun: \d+ % of what can be learned is left\.$/,
    );
    const worse = verdictOf(withLosses(largeRun(200), [variance! * 7.34]));
    expect(worse.sentence).toBe('Just begun: the loss is 7.3 times that of always predicting the mean.');
  });

  it('is slow, with the epochs that the rest would take, where they are far more than the run has', () => {
    // 100 epochs at 0.9999 leave 0.9999 ** 99 = 99.0 %; ln(990) / 1e-4 = 69,000 more, of a run of 400.
    const { kind, sentence } = verdictOf(withLosses(largeRun(200), falling(100, variance!, floor, 0.9999)));
    expect(kind).toBe('stuck');
    expect(sentence).toMatch(
      /^Slow: 99\.\d+ % of what can be learned is left\. The rest would take 69,000 more epochs /,
    );
  });

  it('is unsteady where a rate over the limit makes the loss leap', () => {
    const leaping = (lr: number) => {
      const run = largeRun(200);
      run.snapshot.shape!.lr = lr;
      const end = (floor + variance!) / 2;
      return verdictOf(
        withLosses(
          run,
          Array.from({ length: 60 }, (_, epoch) => (epoch % 4 === 3 ? end * 1.8 : end)),
        ),
      );
    };
    const over = leaping(10);
    expect(over).toMatchObject({ kind: 'stuck', code: 'rate_over_limit', numbers: { lr: 10 } });
    expect(over.sentence).toMatch(/^Unsteady: \d+ % of what can be learned is left, as lr 10 is [\d,.]+ times the /);
    expect(leaping(1e-3).sentence).not.toContain('Unsteady');
  });

  it('is converged at the minimum that weight decay moves, and says what it is without', () => {
    const ridge = largeRun(200);
    const curvature = curvatureOf(ridge, { weight_decay: 3 });
    const { loss } = curvature.optimum!.decayed!;
    expect(loss).toBeGreaterThan(2 * floor);
    const run = { ...withLosses(ridge, falling(50, variance!, loss, 0.2)), curvature };
    const { kind, sentence } = verdictOf(run);
    expect(kind).toBe('converged');
    expect(sentence).toMatch(/With weight_decay 3 the minimum is [\d.,]+; without it [\d.,]+\.$/);
    // From weights that fit better than those that decay allows, the loss rises to it.
    const rising = { ...withLosses(largeRun(200), falling(50, floor, loss, 0.2)), curvature };
    expect(verdictOf(rising).kind).toBe('converged');
    const unknown = { ...curvature, optimum: { loss: floor, isAttained: true } };
    const { sentence: words } = verdictOf({ ...run, curvature: unknown });
    expect(words).toBe('No verdict: weight_decay 3 moves the minimum, and it is not known where to.');
  });

  it('is never slow where the loss has no minimum and the classes are told apart, and slow before that', () => {
    const run = withLosses(largeRun(200), falling(100, 0.69, 0.1, 0.97));
    const { variance: _, ...curvature } = curvatureOf(largeRun(200));
    const separable = { ...curvature, optimum: { loss: 0, isAttained: false }, sameForAll: 0.69 };
    const { kind, code, sentence } = verdictOf({ ...run, curvature: separable });
    expect([kind, code]).toEqual(['improving', 'separable']);
    expect(sentence).toMatch(
      /^Larger weights always lower this loss, so it has no minimum: \d+ % of what can be learned is left\.$/,
    );
    const slow = { ...withLosses(largeRun(200), falling(100, 0.76, 0.5, 0.999)), curvature: separable };
    const judged = verdictOf({ ...slow, status: 'finished' });
    expect(judged.code).toBe('rate_too_small');
    expect(judged.sentence).toMatch(/^Slow: the loss is above that of predicting the same for every row\. /);
  });

  it('is the rate where a run without a minimum ends above its start', () => {
    const run = largeRun(200);
    run.snapshot.shape!.lr = 10;
    const { variance: _, ...curvature } = curvatureOf(run);
    const separable = { ...curvature, lr: 10, optimum: { loss: 0, isAttained: false } };
    const finished = { ...withLosses(run, [0.69, 40, 33, 35, 33]), curvature: separable, status: 'finished' as const };
    expect(verdictOf({ ...finished, trainLoss: 33 })).toMatchObject({ kind: 'diverging', code: 'rate_over_limit' });
  });

  it('measures what nothing can predict by the first epoch', () => {
    // No linear model does better than the mean.
    const curvature = { ...curvatureOf(largeRun(200)), optimum: { loss: variance!, isAttained: true } };
    const at = (end: number) => ({ ...withLosses(largeRun(200), falling(50, 3 * variance!, end, 0.2)), curvature });
    expect(verdictOf(at(variance!))).toMatchObject({ code: 'converged' });
    expect(verdictOf(at(2 * variance!)).sentence).toContain('50 % of what can be learned is left');
    const same = { ...curvature, variance: 0, optimum: { loss: 0, isAttained: true } };
    const risen = { ...withLosses(largeRun(200), [1, 1.5, 1.2]), curvature: same };
    expect(verdictOf(risen).sentence).toContain('the loss is above that of the first epoch');
  });

  it('is diverging with the rate of that epoch, which a scheduler has raised', () => {
    const run = withLosses(tutorialRun(0), [1e7, 4e7, 16e7, 64e7]);
    const checkpoint = { ...run.checkpoint, lr: 4e-6 };
    const divergence = { epoch: 4, batch: 3, what: 'loss' as const };
    const { sentence } = verdictOf({ ...run, checkpoint, status: 'diverged', divergence });
    expect(sentence).toMatch(/^Diverged at epoch 5, batch 4: lr 4e-6 is 3\.3 times the limit 1\.22e-6 /);
  });

  it('blames no rate for a loss that is infinite before the first step', () => {
    const run = withLosses(tutorialRun(0), []);
    const curvature = { ...run.curvature!, largestTarget: 3e25 };
    const divergence = { epoch: 0, batch: 0, what: 'loss' as const };
    expect(verdictOf({ ...run, curvature, status: 'diverged', divergence }).sentence).toBe(
      'Diverged at epoch 1, batch 1: targets of up to 3e25 make the loss infinite before the first step. No learning rate fixes that; scaling the targets does.',
    );
  });

  it('measures the pace by many epochs, of which a lucky one at the end changes little', () => {
    const losses = falling(400, variance!, floor, 0.99);
    losses[399] = (losses[399] + floor) / 2;
    // 0.99 ** 399 / 2 = 0.91 % is left: ln(9.1) / -ln(0.99) = 219 more, and 79 by the last epoch alone.
    expect(verdictOf(withLosses(largeRun(200), losses)).sentence).toMatch(
      /^Still improving: 0\.91 % .*about 2[0-2]0 more/,
    );
  });

  it('is diverging, with the growth of each step and the row that is to blame', () => {
    const tutorial = tutorialRun(0);
    tutorial.snapshot.shape!.lr = 1e-5;
    const run = withLosses(tutorial, [1e7, 4e7, 16e7, 64e7]);
    const { kind, sentence } = verdictOf({
      ...run,
      status: 'diverged',
      divergence: { epoch: 4, batch: 3, what: 'loss' },
    });
    expect(kind).toBe('diverging');
    // Each epoch of ten steps makes the loss four times as large, so each step the error 2 ** 0.1 times.
    expect(sentence).toBe(
      'Diverged at epoch 5, batch 4: lr 1e-5 is 8.2 times the limit 1.22e-6 for batches of one row (row 10 is the steepest). Each step makes the error 1.072 times as large.',
    );
    expect(verdictOf(run)).toMatchObject({ kind: 'diverging', code: 'rate_over_limit' });
  });
});
