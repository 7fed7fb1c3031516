import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { actions, closeClean, says, showTutorial, text, useStudio } from '../looking';

const studio = useStudio();

/** Shows a run whose data are still read. */
const showOpening = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const run = window.fake.samples.tutorialRun(0);
    delete run.snapshot.shape;
    run.snapshot.status = 'opening';
    return window.fake.show(run);
  });

test('the buttons say what they do, act, and are disabled where they cannot', async () => {
  const opened = await studio.open({ width: 800 });
  const { page } = opened;
  const enabled = async (): Promise<string[]> => {
    const buttons = page.getByRole('toolbar').locator('vscode-button:not([disabled])');
    return buttons.evaluateAll((found) => found.map((button) => button.getAttribute('data-testid')!));
  };
  await showTutorial(page, 0, 'ready');
  await expect.poll(enabled).toEqual(['run-button', 'step-button', 'stepEpoch-button']);
  for (const button of await enabled()) await page.getByTestId(button).click();
  await page.evaluate(() => window.fake.status('running'));
  await expect.poll(enabled).toEqual(['pause-button', 'restart-button', 'stop-button']);
  for (const button of await enabled()) await page.getByTestId(button).click();
  await page.evaluate(() => window.fake.status('paused', 5e6));
  await says(page, 'run-button', 'Resume');
  await page.getByTestId('run-button').click();
  await page.evaluate(() => window.fake.status('finished', 3895.02));
  await says(page, 'run-button', 'Run Again');
  await expect.poll(enabled).toEqual(['run-button', 'restart-button']);
  await page.getByTestId('open-config-button').click();
  await page.getByTestId('open-panel-button').click();
  const expected = ['resume', 'step', 'stepEpoch', 'pause', 'restart', 'stop', 'resume', 'openConfig', 'openPanel'];
  await expect.poll(() => actions(page)).toEqual(expected);
  await closeClean(opened);
});

test('a button that is pressed by keyboard and then disabled leaves the focus at the main one', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await showTutorial(page, 10);
  await page.getByTestId('stop-button').focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => actions(page)).toEqual(['stop']);
  await page.evaluate(() => window.fake.status('stopped', 1));
  await says(page, 'run-state', 'stopped');
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('run-button');
  await closeClean(opened);
});

test.each([
  ['pause-button', 'Pausing…', 'paused', 'run-button'],
  ['stop-button', 'Stopping…', 'stopped', 'run-button'],
] as const)('%s says at once that it was pressed, until the run has done it', async (button, words, status, next) => {
  const opened = await studio.open();
  const { page } = opened;
  await showTutorial(page, 10);
  await page.getByTestId(button).focus();
  await page.keyboard.press('Enter');
  await says(page, 'pause-button', words);
  await expect.poll(() => page.getByTestId(button).getAttribute('aria-label')).toBe(words);
  await expect.poll(() => page.getByTestId('pause-button').getAttribute('disabled')).not.toBeNull();
  // Progress that was on its way changes nothing.
  await page.evaluate(() => window.fake.progress(1));
  await says(page, 'epoch', '11 of');
  await page.keyboard.press('Enter');
  await expect.poll(() => actions(page)).toHaveLength(1);
  await expect.poll(() => text(page, 'pause-button')).toBe(words);
  await page.evaluate((word) => window.fake.status(word, 1), status);
  await says(page, next, status === 'paused' ? 'Resume' : 'Run Again');
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe(next);
  await expect.poll(() => page.getByTestId('stop-button').getAttribute('aria-label')).toMatch(/^Stop:/);
  await closeClean(opened);
});

test('what was asked for elsewhere is said too, and a click that was lost can be made again', async () => {
  const opened = await studio.open({ alone: true });
  const { page } = opened;
  await page.clock.install();
  await showTutorial(page, 10);
  await page.evaluate(() => window.fake.event({ type: 'asked', runId: 'tutorial-1', action: 'pause' }));
  await says(page, 'pause-button', 'Pausing…');
  await page.evaluate(() => window.fake.status('paused', 1));
  await says(page, 'run-button', 'Resume');
  await page.evaluate(() => window.fake.status('running'));
  await page.getByTestId('pause-button').click();
  await says(page, 'pause-button', 'Pausing…');
  await page.clock.fastForward(10_000);
  await expect.poll(() => text(page, 'pause-button')).toBe('Pause');
  await closeClean(opened);
});

test('the speed is chosen by keyboard, and a speed from elsewhere is shown', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await showTutorial(page, 10);
  await page.getByTestId('speed').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect
    .poll(() => page.evaluate(() => window.fake.posted.filter((request) => request.type === 'control')))
    .toEqual([{ type: 'control', controls: { batchesPerSecond: 1 } }]);
  await page.evaluate(() =>
    window.fake.event({ type: 'controlled', runId: 'tutorial-1', controls: { batchesPerSecond: 25 } }),
  );
  await expect.poll(() => text(page, 'speed')).toContain('25 batches/s');
  await closeClean(opened);
});

test('the head follows the run', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await showTutorial(page, 740);
  await says(page, 'run-state', 'running');
  await expect.poll(() => text(page, 'run-name')).toBe('tutorial');
  await expect.poll(() => text(page, 'epoch')).toBe('740 of 2,000 epochs');
  await expect.poll(() => text(page, 'lr')).toBe('1e-6');
  await expect.poll(() => page.getByTestId('validation-loss').isVisible()).toBe(false);
  await page.evaluate(() => window.fake.progress(260));
  await says(page, 'epoch', '1,000 of 2,000 epochs');
  await expect
    .poll(() => page.getByTestId('progress').evaluate((bar) => (bar as HTMLProgressElement).position))
    .toBe(0.5);
  const last = await page.evaluate(() => window.fake.run!.snapshot.progress.records.loss[999]);
  expect(Number(await page.getByTestId('loss').getAttribute('data-value'))).toBe(last);
  await page.evaluate(() => window.fake.status('finished', 3895.02));
  await says(page, 'loss', '3,895.02');
  await expect.poll(() => text(page, 'run-state')).toBe('finished');
  await closeClean(opened);
});

test('events of another run change nothing', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await showTutorial(page, 10);
  await says(page, 'run-state', 'running');
  await page.evaluate(() => {
    const stale = { type: 'status', status: 'stopped', trainLoss: 1, validationLoss: 1 } as const;
    window.fake.event({ ...stale, runId: 'another' });
    window.fake.progress(1);
  });
  await says(page, 'epoch', '11 of 2,000 epochs');
  await expect.poll(() => text(page, 'run-state')).toBe('running');
  await closeClean(opened);
});

test('a gap in the epochs makes the page ask for a snapshot', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await showTutorial(page, 10);
  await says(page, 'epoch', '10 of');
  await page.evaluate(() => {
    const run = window.fake.run!;
    window.fake.samples.train(run, 5);
    const progress = { ...run.snapshot.progress, records: window.fake.samples.train(run, 1) };
    window.fake.send({ type: 'changes', update: 99, changes: { set: { progress }, removed: [] } });
  });
  await page.waitForFunction(() => window.fake.posted.filter((request) => request.type === 'ready').length === 2);
  await page.evaluate(() => window.fake.show(window.fake.run));
  await says(page, 'epoch', '16 of');
  await closeClean(opened);
});

test('a run that failed lists its problems, each a way to its place', async () => {
  const opened = await studio.open({ width: 300 });
  const { page } = opened;
  const message = 'Row 11, column "<b>income</b>": "n/a" is not a number.';
  await page.evaluate((words) => {
    const run = window.fake.samples.tutorialRun(0);
    delete run.snapshot.shape;
    run.snapshot.status = 'failed';
    const place = { line: 12, column: 4, endLine: 12, endColumn: 7 };
    run.snapshot.problems = [
      { ...place, file: '/data/houses.csv', severity: 'error', message: words },
      { ...place, line: 1, severity: 'warning', message: 'Column "rooms" is constant.' },
    ];
    return window.fake.show(run);
  }, message);
  await says(page, 'run-state', 'failed');
  await says(page, 'notice', 'Cannot run: 1 error, 1 warning');
  await expect.poll(() => text(page, 'problem-0')).toContain(message);
  await expect.poll(() => text(page, 'problem-0')).toContain('houses.csv:12:4');
  await expect.poll(() => page.getByTestId('problem-1').isVisible()).toBe(false);
  await page.getByTestId('other-problems').getByText('1 warning', { exact: true }).click();
  await page.getByTestId('problem-1').focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => window.fake.posted.at(-1))).toEqual({ type: 'showProblem', id: '1:4  ' });
  await expect.poll(() => page.getByTestId('loss-chart').isVisible()).toBe(false);
  await closeClean(opened);
});

test('a run that only empty cells keep back is mended by a click', async () => {
  const opened = await studio.open({ width: 300 });
  const { page } = opened;
  await showOpening(page);
  await says(page, 'run-state', 'opening');
  await page.evaluate(() => {
    const place = { file: '/data/houses.csv', line: 12, column: 4, endLine: 12, endColumn: 4 };
    const message = 'column "rooms" has no value here';
    const note = { ...place, line: 1, severity: 'information' as const, message: 'Decimal commas.' };
    const problems = [note, { ...place, severity: 'error' as const, message, code: 'missing-value' }];
    window.fake.event({ type: 'failed', runId: 'tutorial-1', problems });
  });
  await says(page, 'run-state', 'failed');
  await says(page, 'alert', 'Cannot run: 1 error, 1 note. column "rooms" has no value here');
  await page
    .getByTestId('notice')
    .getByRole('button', { name: /^Leave out rows with empty cells/ })
    .click();
  await expect
    .poll(() => page.evaluate(() => window.fake.posted.at(-1)))
    .toEqual({ type: 'applyFix', id: 'dataset.missing="drop"' });
  await expect.poll(() => page.evaluate(() => window.fake.about)).toBe('tutorial-1');
  await closeClean(opened);
});

test('a file that takes long shows how much of it is read, and can be given up', async () => {
  const opened = await studio.open({ width: 300 });
  const { page } = opened;
  await showOpening(page);
  await says(page, 'run-state', 'opening');
  await expect.poll(() => page.getByTestId('reading').isVisible()).toBe(false);
  await page.evaluate(() =>
    window.fake.event({ type: 'reading', runId: 'tutorial-1', bytes: 42_400_000, size: 1_200_000_000 }),
  );
  await says(page, 'reading', 'Reading 42 of 1,200 MB');
  const bar = page.getByTestId('reading-progress');
  await expect.poll(() => bar.evaluate((found: HTMLProgressElement) => found.value / found.max)).toBeCloseTo(0.0353, 3);
  await expect.poll(() => page.getByTestId('progress').isVisible()).toBe(false);
  await page.getByTestId('cancel-reading-button').click();
  await expect.poll(() => actions(page)).toEqual(['stop']);
  await page.evaluate(() => window.fake.event({ type: 'failed', runId: 'tutorial-1', problems: [] }));
  await says(page, 'run-state', 'failed');
  await expect.poll(() => page.getByTestId('reading').isVisible()).toBe(false);
  await closeClean(opened);
});

test('notes on the data are folded, each a way to its place', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await page.evaluate(() => {
    const run = window.fake.samples.tutorialRun(3);
    const place = { line: 3, column: 5, endLine: 3, endColumn: 8 };
    run.snapshot.problems = [{ ...place, file: '/a.csv', severity: 'information', message: 'Decimal commas.' }];
    return window.fake.show(run);
  });
  await says(page, 'notes', '1 note on the data');
  // A line, not a box.
  await expect
    .poll(() => page.getByTestId('notice').evaluate((found) => getComputedStyle(found).borderStyle))
    .toBe('none');
  await page.getByTestId('notes').locator('summary').click();
  await page.getByTestId('problem-0').click();
  await expect
    .poll(() => page.evaluate(() => window.fake.posted.at(-1)))
    .toEqual({ type: 'showProblem', id: '3:5  /a.csv' });
  await closeClean(opened);
});

test('milestones are announced, and nothing in between', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await page.evaluate(() => {
    const spoken: string[] = [];
    Object.assign(window, { spoken });
    new MutationObserver(() => {
      const words = ['announcement', 'alert'].map((id) => document.querySelector(`[data-testid=${id}]`)?.textContent);
      const last = words.filter(Boolean).at(-1);
      if (last && last !== spoken.at(-1)) spoken.push(last);
    }).observe(document.getElementById('app')!, { childList: true, subtree: true, characterData: true });
  });
  const spoken = (): Promise<string[]> => page.evaluate(() => (window as unknown as { spoken: string[] }).spoken);
  await showTutorial(page, 100);
  await says(page, 'epoch', '100 of');
  await expect.poll(() => spoken()).toEqual([]);
  for (const epochs of [300, 90, 30, 500, 480, 400]) {
    await page.evaluate((count) => window.fake.progress(count), epochs);
    const done = await page.evaluate(() => window.fake.run!.snapshot.progress.checkpoint.epoch);
    await says(page, 'epoch', `${done.toLocaleString('en')} of`);
  }
  await page.evaluate(() => {
    const divergence = { epoch: 1900, batch: 0, what: 'loss' as const };
    const rest = { status: 'diverged' as const, trainLoss: NaN, validationLoss: NaN, divergence };
    window.fake.event({ type: 'status', runId: 'tutorial-1', ...rest });
  });
  await expect.poll(async () => (await spoken()).length).toBe(4);
  const [quarter, half, most, diverged] = await spoken();
  expect(quarter).toMatch(/^25 % of 2,000 epochs, loss /);
  expect(half).toMatch(/^50 % /);
  expect(most).toMatch(/^75 % /);
  expect(diverged).toMatch(/^Diverged at epoch 1,901, batch 1: the steps are too long with lr 1e-6/);
  await expect.poll(() => page.getByRole('alert').textContent()).toBe(diverged);
  await closeClean(opened);
});

test('files that have changed or are gone are said of where one looks', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await page.evaluate(() => {
    const run = window.fake.samples.tutorialRun(20);
    run.snapshot.status = 'finished';
    run.snapshot.surroundings = { newerData: 'plants.csv', goneConfig: 'plants.gd.json' };
    return window.fake.show(run);
  });
  await says(page, 'surroundings', 'plants.csv was saved after this run had read it.');
  await expect.poll(() => text(page, 'notice')).toContain('plants.gd.json no longer exists.');
  await page.evaluate(() => {
    const run = window.fake.samples.tutorialRun(20);
    run.snapshot.surroundings = {};
    return window.fake.show(run);
  });
  await expect.poll(() => page.getByTestId('notice').isVisible()).toBe(false);
  await closeClean(opened);
});
