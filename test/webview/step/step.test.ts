import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { EngineHost } from '../engineHost';
import { closeClean, holdClock, text, useStudio } from '../looking';

const studio = useStudio();

const dataset = {
  generate: 'linear',
  samples: 40,
  features: 6,
  noise: 0.5,
  weight: [2, -3, 1, 0, 4, -1],
  bias: 0.5,
  seed: 1,
};
const config = {
  seed: 3,
  dataset,
  loader: { batch_size: 10 },
  optimizer: { type: 'SGD', lr: 0.05 },
  epochs: 400,
};

const lines = (page: Page) => page.getByTestId('step-lines').getByRole('listitem');
const names = (page: Page): Promise<string[]> => page.locator('.line-name').allInnerTexts();
const number = (words: string): number => Number(words.replaceAll(',', '').replace('−', '-').replace(/^= /, ''));
const value = async (page: Page, at: number): Promise<number> =>
  number(await lines(page).nth(at).locator('.line-value').innerText());

test('a step shows its arithmetic, which adds up to the weights on screen', async () => {
  const opened = await studio.open({ width: 1000 });
  const { page } = opened;
  const engine = await EngineHost.show(opened, config);
  await expect.poll(() => text(page, 'step-hint')).toContain('Step trains one batch');
  await expect.poll(() => lines(page).count()).toBe(0);
  const before = engine.state.checkpoint.parameters[0];
  await page.getByTestId('step-button').click();
  await expect.poll(() => names(page)).toEqual(['prediction', 'error', 'loss', 'gradient', 'update']);
  await expect
    .poll(() => text(page, 'step-caption'))
    .toMatch(/^Epoch 1, batch 1 of 4: rows [\d, ]+, … \(10 rows\); followed: row \d+\./);
  const code = await page.locator('.line-code').allInnerTexts();
  expect(code).toEqual([
    'y_pred = model(x)',
    'loss = F.mse_loss(y_pred, y)',
    'optimizer.zero_grad()\nloss.backward()',
    'optimizer.step()',
  ]);
  await expect.poll(() => value(page, 3)).toBeCloseTo(engine.state.gradients[0], 4);
  await expect.poll(() => value(page, 4)).toBeCloseTo(engine.state.checkpoint.parameters[0], 4);
  const update = await lines(page).nth(4).locator('.line-numbers').innerText();
  const [old, rate, gradient] = update.match(/−?\(?−?[\d.]+/g)!.map((part) => number(part.replace('(', '')));
  expect(old).toBeCloseTo(before, 3);
  expect(rate).toBe(0.05);
  expect(old - rate * gradient).toBeCloseTo(engine.state.checkpoint.parameters[0], 3);
  await page.getByTestId('step-button').click();
  await expect.poll(() => text(page, 'step-caption')).toContain('Epoch 1, batch 2 of 4');
  await page.getByTestId('stepEpoch-button').click();
  await expect.poll(() => text(page, 'step-caption')).toContain('Epoch 1, batch 4 of 4');
  await closeClean(opened);
});

test('another weight and another row are followed', async () => {
  const opened = await studio.open({ width: 1000 });
  const { page } = opened;
  const engine = await EngineHost.show(opened, config);
  await page.getByTestId('step-button').click();
  await expect.poll(() => lines(page).count()).toBe(5);
  await page.getByTestId('followed-weight').click();
  await page.getByRole('option', { name: 'bias b' }).click();
  await expect.poll(() => lines(page).nth(4).locator('.line-left').innerText()).toBe('b');
  await expect.poll(() => value(page, 4)).toBeCloseTo(engine.state.checkpoint.parameters[6], 4);
  await page.getByTestId('followed-weight').click();
  await page.getByRole('option', { name: 'w of x4' }).click();
  await expect.poll(() => value(page, 4)).toBeCloseTo(engine.state.checkpoint.parameters[4], 4);
  const first = await value(page, 0);
  await page.getByTestId('followed-row').click();
  await page.getByRole('option', { name: 'row 3 of the batch' }).click();
  await expect.poll(() => value(page, 0)).not.toBe(first);
  await closeClean(opened);
});

test('a long sum is shown whole by the keyboard, and each line is a sentence', async () => {
  const opened = await studio.open({ width: 260 });
  const { page } = opened;
  await EngineHost.show(opened, config);
  await page.getByTestId('step-button').click();
  await expect.poll(() => lines(page).count()).toBe(5);
  const all = lines(page).first().getByRole('button', { name: 'Show all 7 terms' });
  const shortened = await lines(page).first().locator('.term').count();
  await all.focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => lines(page).first().locator('.term').count()).toBe(7);
  expect(shortened).toBeLessThan(5);
  const focused = () =>
    page.evaluate(() => document.activeElement!.getAttribute('aria-label') ?? document.activeElement!.textContent);
  await expect.poll(focused).toBe('Show fewer terms');
  await page.keyboard.press('Enter');
  await expect.poll(() => lines(page).first().locator('.term').count()).toBe(shortened);
  const tree = await page.getByTestId('step-lines').ariaSnapshot();
  expect(tree).toMatch(
    /The prediction for row \d+, which is x times w plus b, is -?[\d.]+\. In PyTorch: y_pred = model\(x\)/,
  );
  expect(tree).not.toContain('mean(');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(wide).toBe(false);
  await closeClean(opened);
});

test('at full speed there is an invitation and no question; at a few batches a second the lines follow', async () => {
  const opened = await studio.open({ width: 700, alone: true });
  const { page } = opened;
  const engine = await EngineHost.show(opened, { ...config, epochs: 1e9 });
  await expect.poll(() => text(page, 'step-hint')).toContain('Step trains one batch');
  engine.take({ type: 'action', action: 'resume' });
  await expect.poll(() => text(page, 'step-hint')).toContain('Pause');
  const asked = () => engine.asked.filter((kind) => kind === 'batch').length;
  const before = asked();
  await expect.poll(() => engine.state.history.length).toBeGreaterThan(100);
  expect(asked()).toBe(before);
  engine.take({ type: 'control', controls: { batchesPerSecond: 10 } });
  await expect.poll(() => lines(page).count()).toBe(5);
  await holdClock(page);
  const first = asked();
  let time = 0;
  for (; asked() <= first + 2; time += 50) {
    await page.clock.runFor(50);
    const { checkpoint } = engine.state;
    await expect.poll(() => engine.state.checkpoint !== checkpoint).toBe(true);
  }
  // What waited when the clock stopped may come at once.
  expect(asked() - first).toBeLessThanOrEqual(time / 250 + 1);
  engine.take({ type: 'action', action: 'stop' });
  await closeClean(opened);
});

test('a loss that is not finite ends the lines', async () => {
  const opened = await studio.open({ width: 700 });
  const { page } = opened;
  await EngineHost.show(opened, { ...config, optimizer: { type: 'SGD', lr: 1e25 } });
  await page.getByTestId('stepEpoch-button').click();
  await expect.poll(() => text(page, 'step-hint')).toContain('not finite, so no step was made');
  await expect.poll(() => names(page)).toEqual(['prediction', 'error', 'loss']);
  await closeClean(opened);
});
