import { expect, test } from 'vitest';
import { actions, closeClean, showTutorial, useStudio } from '../looking';

const studio = useStudio();

test('in a narrow page some sections are closed, ask nothing, and open by keyboard and for good', async () => {
  const opened = await studio.open({ width: 320 });
  const { page } = opened;
  await showTutorial(page, 50, 'paused');
  const toggle = (name: string) => page.getByRole('button', { name, exact: true });
  const kinds = () =>
    page.evaluate(() => window.fake.posted.flatMap((one) => (one.type === 'ask' ? [one.question.kind] : [])));
  await expect.poll(() => kinds()).toContain('rows');
  await expect.poll(() => toggle('Why').getAttribute('aria-expanded')).toBe('true');
  await expect.poll(() => toggle('Data').getAttribute('aria-expanded')).toBe('false');
  await expect.poll(() => page.locator('#data-body').isVisible()).toBe(false);
  await expect.poll(() => kinds()).not.toContain('order');
  await toggle('Data').focus();
  await page.keyboard.press('Enter');
  await page.locator('#data-body').waitFor({ state: 'visible' });
  await expect.poll(() => kinds()).toContain('order');
  await expect.poll(() => page.evaluate(() => window.fake.state)).toMatchObject({ openSections: { data: true } });
  await closeClean(opened);
});

test('a step opens the section that writes it out', async () => {
  const opened = await studio.open({ width: 320 });
  const { page } = opened;
  await showTutorial(page, 50, 'paused');
  await expect.poll(() => page.locator('#step-body').isVisible()).toBe(false);
  await page.getByTestId('step-button').click();
  await expect.poll(() => actions(page)).toEqual(['step']);
  await page.locator('#step-body').waitFor({ state: 'visible' });
  await closeClean(opened);
});

test('in a wide page all are open', async () => {
  const opened = await studio.open({ width: 1300 });
  const { page } = opened;
  await showTutorial(page, 50, 'paused');
  await page.locator('#data-body').waitFor({ state: 'visible' });
  const closed = await page.locator('.disclosure[aria-expanded=false]').count();
  expect(closed).toBe(0);
  await closeClean(opened);
});
