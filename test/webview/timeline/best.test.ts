import { expect, test } from 'vitest';
import type { RunStatus } from '../../../src/protocol/protocol';
import { closeClean, says, text, useStudio } from '../looking';
import type { OpenOptions } from '../openPage';

const studio = useStudio();

/** A run whose validation loss was best after epoch 79 of 160; one that stopped early has gone back to it. */
async function openBest(status: RunStatus, options?: OpenOptions) {
  const opened = await studio.open({ width: 700, ...options });
  await opened.page.evaluate((state) => {
    const { samples } = window.fake;
    const run = samples.tutorialRun(160);
    const { snapshot } = run;
    const { records, checkpoint } = snapshot.progress;
    const shape = snapshot.shape!;
    shape.validationRows = 2;
    records.valLoss = records.loss.map((loss, epoch) => loss * 0.8 + 4000 + 20 * (epoch - 79) ** 2);
    const monitored = { bestEpoch: 79, best: records.valLoss[79], score: records.valLoss[79], waited: 80 };
    Object.assign(checkpoint, { monitored });
    snapshot.status = state;
    snapshot.trainLoss = records.loss[79];
    if (state === 'early_stopped') {
      shape.earlyStopping = { monitor: 'val_loss', mode: 'min', min_delta: 0, patience: 80, restore_best: true };
      Object.assign(checkpoint, { epoch: 80, parameters: records.weights.slice(7 * 79, 7 * 80) });
    }
    return window.fake.show(run);
  }, status);
  await opened.page.getByTestId('timeline').waitFor();
  return opened;
}

test('one click goes to the best epoch of a run without a stop rule', async () => {
  const opened = await openBest('finished');
  const { page } = opened;
  const best = page.getByTestId('timeline-best');
  await expect
    .poll(() => best.getAttribute('aria-label'))
    .toBe('Best: the model after 80 epochs, which has the best validation loss');
  await best.click();
  await says(page, 'timeline-where', 'After 80 of 2,000 epochs');
  await expect.poll(() => best.getAttribute('aria-pressed')).toBe('true');
  await closeClean(opened);
});

test('a run that stopped early says so and stands at its best epoch', async () => {
  const opened = await openBest('early_stopped');
  const { page } = opened;
  await expect.poll(() => text(page, 'run-state')).toBe('stopped early');
  await expect.poll(() => text(page, 'epoch')).toBe('160 of 2,000 epochs');
  await expect
    .poll(() => text(page, 'verdict'))
    .toMatch(
      /^Stopped early after 160 epochs: the validation loss has not improved for 80 epochs\. The weights are those after 80 epochs, the best with /,
    );
  await closeClean(opened);
});

test('while a run trains nothing is marked', async () => {
  const opened = await openBest('running');
  await expect.poll(() => opened.page.getByTestId('timeline-best').isVisible()).toBe(false);
  await closeClean(opened);
});
