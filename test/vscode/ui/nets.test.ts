import { expect, it } from 'vitest';
import { netConfig } from '../../../src/config/templates/netTemplate';
import type { Workbench } from '../editor/workbench';
import { inView, renewPicture, runCommandTitle, uiTests, untilState } from './uiTest';

const ui = uiTests();

/** The chance that the net gives a place, in percent. */
const chance = (words: string): number => Number(/probability of y ([\d.]+) %/.exec(words)?.[1] ?? NaN);

/** Makes a new config from the palette and trains it. */
async function trainNew(workbench: Workbench, choice: string, tab: RegExp): Promise<void> {
  await workbench.runCommand('Gradient Descent: New Config');
  await workbench.pick(choice);
  await workbench.page.getByRole('tab', { name: tab }).waitFor();
  await workbench.runCommand(runCommandTitle);
  await untilRun(workbench, tab);
}

/** Waits until the run of this name has finished. */
async function untilRun(workbench: Workbench, name: RegExp): Promise<void> {
  await inView(workbench, 'run-name').filter({ hasText: name }).waitFor();
  await untilState(workbench, 'finished');
}

/** Percent of the held-out rows that are right. */
async function heldOutRight(workbench: Workbench): Promise<number> {
  return Number(/Right: ([\d.]+) %/.exec(await inView(workbench, 'validation-quality').innerText())?.[1]);
}

/** Moves the cursor of the surface to the right, by a fiftieth of the plane with each key, and returns what it says at `percent`. */
async function walkTo(workbench: Workbench, percent: number): Promise<string> {
  const surface = inView(workbench, 'surface');
  await surface.focus();
  for (let at = Number(await surface.getAttribute('aria-valuenow')); at < percent; at += 2) {
    await surface.press('ArrowRight');
  }
  await expect.poll(() => surface.getAttribute('aria-valuenow')).toBe(String(percent));
  return inView(workbench, 'surface-readout').innerText();
}

/** Points at a place of the surface, by the shares of its width and height, and waits until it says this of it. */
async function pointAt(workbench: Workbench, x: number, y: number, words: string): Promise<void> {
  const surface = inView(workbench, 'surface');
  await surface.scrollIntoViewIfNeeded();
  const { width, height } = (await surface.boundingBox())!;
  await surface.hover({ position: { x: x * width, y: y * height } });
  await inView(workbench, 'surface-readout').filter({ hasText: words }).waitFor();
}

it('a new XOR config trains to a surface that separates the classes, by keyboard alone', async () => {
  const workbench = await ui.open();
  await trainNew(workbench, 'XOR', /xor/);
  expect(await heldOutRight(workbench)).toBeGreaterThan(90);
  const surface = inView(workbench, 'surface');
  await surface.focus();
  for (const key of ['ArrowRight', 'ArrowUp']) {
    for (let i = 0; i < 15; i++) await surface.press(key);
  }
  const readout = inView(workbench, 'surface-readout');
  await expect.poll(async () => chance(await readout.innerText())).toBeLessThan(20);
  for (let i = 0; i < 30; i++) await surface.press('ArrowDown');
  await expect.poll(async () => chance(await readout.innerText())).toBeGreaterThan(80);
  await workbench.keepPicture('net');
  await renewPicture(workbench, 'net.png');
});

it('separates the arms of two spirals and three cultivars of wine, and names units that died', async () => {
  const workbench = await ui.open();
  await trainNew(workbench, 'Two spirals', /spirals/);
  expect(await heldOutRight(workbench)).toBeGreaterThan(95);
  // From the middle to the right there are arms of class 0, 1, 0 and 1, at 0.1, 0.4, 0.7 and 1.
  const arms: number[] = [];
  for (const percent of [54, 68, 82, 96]) arms.push(chance(await walkTo(workbench, percent)));
  await workbench.keepPicture('spirals');
  expect(arms.map((percent) => (percent < 20 ? 0 : percent > 80 ? 1 : percent))).toEqual([0, 1, 0, 1]);

  await workbench.openFile('wines-net.gd.json');
  await workbench.runCommand(runCommandTitle);
  await untilRun(workbench, /wines-net/);
  expect(await heldOutRight(workbench)).toBeGreaterThan(95);
  for (const [choice, column] of [
    ['surface-across', 'flavanoids'],
    ['surface-up', 'color_intensity'],
  ]) {
    await inView(workbench, choice).click();
    await inView(workbench, choice).getByRole('option', { name: column, exact: true }).click();
  }
  await inView(workbench, 'surface-note').getByText('color_intensity over flavanoids').waitFor();
  await pointAt(workbench, 0.4, 0.75, ': cultivar 2 (');
  await pointAt(workbench, 0.25, 0.2, ': cultivar 3 (');
  await pointAt(workbench, 0.9, 0.2, ': cultivar 1 (');
  await workbench.keepPicture('wines-net');

  const lethal = netConfig('xor')
    .replace('"Tanh", "Linear"', '"ReLU", "Linear"')
    .replace('"Adam", "lr": 0.03', '"SGD", "lr": 20');
  await workbench.replaceEditorText(lethal);
  await workbench.runCommand(runCommandTitle);
  await inView(workbench, 'network-alarm')
    .getByText('Dead units, 0 for all rows, so they no longer learn. Layer 1: 8 of 8 (1, 2')
    .waitFor();
  await inView(workbench, 'verdict').getByText('8 of 8 hidden ReLU units are 0 for every row').waitFor();
  await workbench.keepPicture('dead-units');
});
