import { expect, it } from 'vitest';
import { inView, renewPicture, runCommandTitle, uiTests, untilState } from './uiTest';

const ui = uiTests();

/** The chance that the net gives a place, in percent. */
const chance = (words: string): number => Number(/probability of y ([\d.]+) %/.exec(words)?.[1] ?? NaN);

it('a new XOR config trains to a surface that separates the classes, by keyboard alone', async () => {
  const workbench = await ui.open();
  await workbench.runCommand('Gradient Descent: New Config');
  await workbench.pick('XOR');
  await workbench.page.getByRole('tab', { name: /xor/ }).waitFor();
  await workbench.runCommand(runCommandTitle);
  await untilState(workbench, 'finished');
  const quality = /Right: ([\d.]+) %/.exec(await inView(workbench, 'validation-quality').innerText());
  expect(Number(quality?.[1])).toBeGreaterThan(90);
  const surface = inView(workbench, 'surface');
  await surface.focus();
  for (const key of ['ArrowRight', 'ArrowUp']) {
    for (let i = 0; i < 15; i++) await surface.press(key);
  }
  const readout = inView(workbench, 'surface-readout');
  await expect.poll(async () => chance(await readout.innerText())).toBeLessThan(20);
  for (let i = 0; i < 30; i++) await surface.press('ArrowDown');
  await expect.poll(async () => chance(await readout.innerText())).toBeGreaterThan(80);
  renewPicture('net.png', await workbench.screenshot('net'));
  await workbench.reload();
  await workbench.showSidePanel();
  await untilState(workbench, 'finished');
  await inView(workbench, 'surface-note').getByText('x1 over x0').waitFor();
});
