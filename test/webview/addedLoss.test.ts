import { afterAll, expect, test, vi } from 'vitest';
import { closeClean, useStudio } from './looking';

// The files of a process share their modules, and tables of all losses are made when a module is loaded: this file loads its
// own modules, the loss first, and leaves none of them to the next file.
vi.resetModules();
const { addedLoss } = await import('./addedLoss');
const { EngineHost } = await import('./engineHost');
afterAll(() => {
  vi.resetModules();
});

const studio = useStudio({ first: 'test/webview/addedLoss.ts' });

const config = {
  seed: 3,
  dataset: { generate: 'linear', samples: 40, features: 3, noise: 0.5, weight: [2, -3, 1], bias: 0.5, seed: 1 },
  loss: addedLoss,
  split: [0.75, 0.25],
  loader: { batch_size: 10 },
  optimizer: { type: 'SGD', lr: 0.05 },
  epochs: 20,
};

test('a loss that is added by its record is shown in every section', async () => {
  const opened = await studio.open({ width: 1000 });
  const { page } = opened;
  const engine = await EngineHost.show(opened, config);
  await page.getByTestId('step-button').click();
  await expect
    .poll(() => page.locator('.line-name').allInnerTexts())
    .toEqual(['prediction', 'error', 'slope', 'loss', 'gradient', 'update']);
  await expect.poll(() => page.locator('.line-code').allInnerTexts()).toContain(`loss = F.${addedLoss}(y_pred, y)`);
  for (const mistake of ['notZeroed', 'broadcast', 'sum', 'noShuffle']) {
    await page.getByTestId(`mistake-${mistake}`).click();
  }
  await expect.poll(() => engine.asked.filter((kind) => kind === 'mistake').length).toBeGreaterThan(0);
  engine.take({ type: 'action', action: 'resume' });
  await expect.poll(() => engine.state.status).toBe('finished');
  // It asks once it is on the screen.
  await page.locator('[data-section=data]').scrollIntoViewIfNeeded();
  await expect
    .poll(() => engine.asked)
    .toEqual(expect.arrayContaining(['rows', 'order', 'scatter', 'landscape', 'batch']));
  expect(engine.state.curvature?.optimum?.isAttained).toBe(true);
  await closeClean(opened);
});
