import { expect, test } from 'vitest';
import { closeClean, keepPicture, useStudio } from '../looking';
import { themes } from '../themes';

const studio = useStudio();

test('copies the rows that a table shows, with tabs, by mouse and by keyboard', async () => {
  const opened = await studio.open({ width: 700, height: 1600, alone: true });
  const { page } = opened;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(() => window.fake.show(window.fake.samples.tutorialRun(12)));
  const box = page.locator('.grid-box', { has: page.getByTestId('weights-table') });
  const button = box.getByTestId('copy-table');
  await box.getByRole('rowheader', { name: 'bias' }).waitFor();
  await expect.poll(() => button.evaluate((one) => getComputedStyle(one).opacity)).toBe('0');
  await box.hover();
  await button.click();
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(() => button.getAttribute('aria-label')).toBe('Copied');
  const lines = (await copied()).split('\n');
  expect(lines[0].split('\t')).toEqual(['Parameter', 'Now', 'Gradient', 'Last change', 'Initial']);
  expect(lines.map((line) => line.split('\t')[0])).toEqual([
    'Parameter',
    'x0',
    'x1',
    'x2',
    'x3',
    'x4',
    'x5',
    'bias',
    '',
  ]);
  expect(lines[1].split('\t')).toHaveLength(5);

  const predictions = page
    .locator('.grid-box', { has: page.getByTestId('predictions-table') })
    .getByTestId('copy-table');
  await predictions.focus();
  await expect.poll(() => predictions.evaluate((one) => getComputedStyle(one).opacity)).toBe('1');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await copied()).split('\t')[0]).not.toBe('Parameter');
  expect((await copied()).trim().split('\n').length).toBeGreaterThan(5);
  await closeClean(opened);
});

test.each([260, 700])('shows its button in every theme: %i px', async (width) => {
  const opened = await studio.open({ width, height: 1200 });
  const { page } = opened;
  await page.evaluate(() => window.fake.show(window.fake.samples.tutorialRun(12)));
  const box = page.locator('.grid-box', { has: page.getByTestId('weights-table') });
  const opacity = () => box.getByTestId('copy-table').evaluate((one) => getComputedStyle(one).opacity);
  for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
    await page.evaluate((colours) => window.applyTheme(colours), themes[theme]);
    await page.mouse.move(1, 1);
    await expect.poll(opacity, { message: theme }).toBe('0');
    await box.hover();
    await keepPicture(page, `copy-${theme}-${width}.png`);
    await expect.poll(opacity, { message: theme }).toBe('1');
  }
  await closeClean(opened);
});
