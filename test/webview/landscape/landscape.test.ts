import type { Page } from 'playwright-core';
import { describe, expect, it, test } from 'vitest';
import type { ViewRequest } from '../../../src/protocol/protocol';
import { History } from '../../../src/protocol/history';
import { lossAt } from '../../../webview/landscape/landscapeGrid';
import { LandscapePath } from '../../../webview/landscape/landscapePath';
import { grownView } from '../../../webview/landscape/landscapeWindow';
import { EngineHost } from '../engineHost';
import { closeClean, says, showTutorial, text, useStudio } from '../looking';
import { evenRun, lossPlane, train, tutorialRun, type SampleRun } from '../sampleRuns';
import { themes } from '../themes';

const studio = useStudio();

type Asked = Extract<ViewRequest, { type: 'ask' }>['question'] & { kind: 'landscape' };

const asked = (page: Page): Promise<Asked['query'][]> =>
  page.evaluate(() =>
    window.fake.posted.flatMap((request) =>
      request.type === 'ask' && request.question.kind === 'landscape' ? [request.question.query] : [],
    ),
  );

const contoursDrawn = (page: Page): Promise<number> =>
  page.evaluate(() => performance.getEntriesByName('landscape-contours').length);

/** How many pixels of the picture have exactly this colour. */
const pixels = (page: Page, colour: readonly [number, number, number]): Promise<number> =>
  page.evaluate((wanted) => {
    const canvas = document.querySelector<HTMLCanvasElement>('.landscape canvas')!;
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')!;
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4) if (wanted.every((value, i) => data[at + i] === value)) count++;
    return count;
  }, colour);

const numbers = (words: string): number[] =>
  (words.match(/-?\d(?:[\d,]*\d)?(\.\d+)?(e-?\d+)?/g) ?? []).map((word) => Number(word.replaceAll(',', '')));

test('says where the run stands, how far above the minimum and how much of each way is behind', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await page.evaluate(() => {
    const run = window.fake.samples.evenRun(2, 0.004, 30);
    run.snapshot.status = 'paused';
    run.snapshot.trainLoss = 0.25;
    return window.fake.show(run);
  });
  await says(page, 'landscape-sentence', 'The path has covered');
  const run = evenRun(2, 0.004, 30);
  const { axes, origin, minimum } = lossPlane(run, { plane: 'steepest' });
  const [loss, above, lowest, ...covered] = numbers(await text(page, 'landscape-sentence'));

  expect(loss).toBe(0.25);
  expect(lowest).toBeCloseTo(minimum!.loss, 6);
  expect(above).toBeCloseTo(0.25 - minimum!.loss, 6);
  const { initial, progress } = run.snapshot;
  axes.forEach(({ direction }, axis) => {
    const left = (values: Float32Array): number =>
      direction.reduce((sum, value, i) => sum + value * (origin[i] - values[i]), 0);
    expect(covered[axis]).toBeCloseTo(100 * (1 - Math.abs(left(progress.checkpoint.parameters) / left(initial))), 0);
  });
  await expect.poll(() => text(page, 'landscape-across')).toBe('steepest direction: mostly bias →');
  await expect.poll(() => text(page, 'landscape-up')).toBe('↑ flattest direction: width and depth');
  await expect.poll(() => text(page, 'landscape-hint')).toContain('not to the same scale');
  await closeClean(opened);
});

test('a minimum that is only rounding is 0 in words, in the sentence and under the cursor', async () => {
  const opened = await studio.open({ width: 800 });
  const { page } = opened;
  await showTutorial(page, 100, 'paused');
  const { minimum } = lossPlane(tutorialRun(100), { plane: 'steepest' });
  expect(Math.abs(minimum!.loss)).toBeGreaterThan(0);
  await says(page, 'landscape-sentence', 'the minimum is 0 (within rounding).');
  await says(page, 'landscape-readout', 'Now');
  await expect.poll(() => text(page, 'landscape-readout')).toMatch(/ · loss [\d,.]+$/);
  await page.getByTestId('landscape-chart').focus();
  await page.keyboard.press('End');
  await expect.poll(() => text(page, 'landscape-readout')).toMatch(/ · loss 0 \(within rounding\)$/);
  await closeClean(opened);
});

test('two parameters are chosen, remembered and given back', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await showTutorial(page, 100, 'paused');
  await says(page, 'landscape-sentence', 'covered');
  await expect.poll(() => page.getByTestId('landscape-first').isVisible()).toBe(false);
  await page.getByTestId('landscape-plane').click();
  await page.getByRole('option', { name: 'Two parameters…' }).click();
  await says(page, 'landscape-across', 'weight of x0');
  await expect.poll(() => text(page, 'landscape-up')).toBe('↑ bias');
  await page.getByTestId('landscape-second').click();
  await page.getByTestId('landscape-second').getByRole('option', { name: 'x4' }).click();
  await says(page, 'landscape-up', 'weight of x4');
  // The same parameter twice has no plane.
  await page.getByTestId('landscape-first').click();
  await page.getByTestId('landscape-first').getByRole('option', { name: 'x4' }).click();
  await says(page, 'landscape-up', 'weight of x0');
  const state = await page.evaluate(() => window.fake.state);
  expect(state).toEqual({ plane: { first: 4, second: 0 } });
  await closeClean(opened);

  const again = await studio.open({ state });
  await showTutorial(again.page, 100, 'paused');
  await says(again.page, 'landscape-across', 'weight of x4');
  await expect.poll(async () => (await asked(again.page))[0]).toEqual({ plane: { first: 4, second: 0 } });
  await closeClean(again);
});

test('the keyboard cursor reads out any point exactly, and is spoken', async () => {
  const opened = await studio.open({ width: 800 });
  const { page } = opened;
  await page.evaluate(() => {
    const run = window.fake.samples.evenRun(1, 0.01, 10);
    run.snapshot.status = 'paused';
    return window.fake.show(run);
  });
  const run = evenRun(1, 0.01, 10);
  const { minimum } = lossPlane(run, { plane: 'steepest' });
  await says(page, 'landscape-readout', 'Now');
  const readout = page.getByTestId('landscape-readout');
  await expect.poll(() => readout.getAttribute('aria-live')).toBe('off');
  const directLoss = (weight: number, bias: number): number =>
    run.targets.reduce((sum, target, row) => sum + (weight * run.inputs[row] + bias - target) ** 2, 0) /
    run.targets.length;
  await page.getByTestId('landscape-chart').focus();
  await page.keyboard.press('End');
  await says(page, 'landscape-readout', `loss 0.00`);
  const [weight, bias, loss] = numbers(await text(page, 'landscape-readout'));
  expect(weight).toBeCloseTo(minimum!.a, 3);
  expect(bias).toBeCloseTo(minimum!.b, 3);
  expect(loss / minimum!.loss).toBeCloseTo(1, 4);
  await expect.poll(() => readout.getAttribute('aria-live')).toBe('polite');
  for (const key of ['ArrowLeft', 'Shift+ArrowLeft', 'ArrowDown', 'Shift+ArrowDown', 'ArrowUp']) {
    const before = await text(page, 'landscape-readout');
    await page.keyboard.press(key);
    await expect.poll(() => text(page, 'landscape-readout')).not.toBe(before);
    const [a, b, here] = numbers(await text(page, 'landscape-readout'));
    expect(here / directLoss(a, b)).toBeCloseTo(1, 3);
  }
  await page.keyboard.press('Escape');
  await says(page, 'landscape-readout', 'Now');
  await closeClean(opened);
});

test('while training only path and position are drawn anew, and nothing is spoken', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await showTutorial(page, 60);
  await says(page, 'landscape-readout', 'Now');
  await expect.poll(async () => (await asked(page)).length * 10 + (await contoursDrawn(page))).toBeGreaterThan(10);
  // What the path of the first epochs left of the view has been asked for by now, or not at all.
  const before = { asked: (await asked(page)).length, drawn: await contoursDrawn(page) };
  const places = new Set<string>();
  for (let update = 0; update < 10; update++) {
    const last = await text(page, 'landscape-readout');
    await page.evaluate(() => window.fake.progress(5));
    await expect.poll(() => text(page, 'landscape-readout')).not.toBe(last);
    places.add(await text(page, 'landscape-readout'));
  }
  expect(places.size).toBe(10);
  const after = { asked: (await asked(page)).length, drawn: await contoursDrawn(page) };
  expect(after.drawn - before.drawn).toBeLessThanOrEqual(after.asked - before.asked);
  expect(after.drawn).toBeLessThan(5);
  await expect.poll(() => text(page, 'landscape-sentence')).toBe('');
  await page.evaluate(() => window.fake.status('paused', 1e6));
  await says(page, 'landscape-sentence', 'Loss 1,000,000');
  await closeClean(opened);
});

test('a run that diverges is shown as far as makes sense, with an arrow to where it is', async () => {
  const opened = await studio.open();
  const { page } = opened;
  const red = [0xf1, 0x4c, 0x4c] as const;
  await showTutorial(page, 2, 'paused');
  await says(page, 'landscape-sentence', 'covered');
  await expect.poll(() => pixels(page, red)).toBe(0);
  await page.evaluate(() => {
    const run = window.fake.samples.tutorialRun(0, 'far');
    run.snapshot.shape!.lr = 4e-6;
    window.fake.samples.train(run, 8);
    run.snapshot.status = 'diverged';
    return window.fake.show(run);
  });
  await says(page, 'landscape-sentence', 'further from the minimum than at the start');
  await expect.poll(() => pixels(page, red)).toBeGreaterThan(10);
  const [{ view: none }, { view }] = (await asked(page)).slice(-2);
  const home = lossPlane(tutorialRun(0), { plane: 'steepest' }).view;
  expect(none).toBeUndefined();
  expect(view!.halfA).toBeGreaterThan(3 * home.halfA);
  expect(view!.halfA).toBeLessThan(11 * home.halfA);
  await expect.poll(async () => (await text(page, 'landscape-readout')).endsWith('out of view')).toBe(true);
  // What one run needed is no measure for the next.
  await page.evaluate(() => window.fake.show(window.fake.samples.tutorialRun(2, 'next')));
  await expect.poll(() => asked(page).then((queries) => queries.at(-1))).toEqual({ plane: 'steepest' });
  await closeClean(opened);
});

test('a single parameter has a curve; too many inputs have a sentence', async () => {
  const opened = await studio.open();
  const { page } = opened;
  await page.evaluate(() => {
    const run = window.fake.samples.evenRun(1, 0.01, 0);
    const { progress, shape } = run.snapshot;
    shape!.model = window.fake.samples.linearModel(1, 1, false);
    run.snapshot.initial = progress.checkpoint.parameters = Float32Array.of(-0.5);
    progress.gradients = progress.lastChange = Float32Array.of(0);
    run.snapshot.status = 'paused';
    return window.fake.show(run);
  });
  await says(page, 'landscape-up', '↑ loss');
  await expect.poll(() => text(page, 'landscape-across')).toBe('weight of width →');
  await expect.poll(() => page.getByTestId('landscape-plane').isVisible()).toBe(false);
  await says(page, 'landscape-sentence', 'The run stands at its start.');
  await page.evaluate(() => window.fake.show(window.fake.samples.largeRun(20, 400)));
  await says(page, 'landscape-missing', 'up to 299 inputs; this model has 400');
  await expect.poll(() => page.getByTestId('landscape-chart').isVisible()).toBe(false);
  await closeClean(opened);
});

test('contours have the theme’s colour, and another one when the theme changes', async () => {
  const opened = await studio.open({ theme: 'hc-dark' });
  const { page } = opened;
  await showTutorial(page, 3, 'paused');
  await expect.poll(() => pixels(page, [0x37, 0x94, 0xff])).toBeGreaterThan(20);
  await page.evaluate((theme) => window.applyTheme(theme), themes['hc-light']);
  await expect.poll(() => pixels(page, [0x1a, 0x85, 0xff])).toBeGreaterThan(20);
  await closeClean(opened);
});

describe('the path', () => {
  const state = (run: SampleRun, history: History) => ({
    history,
    initial: run.snapshot.initial,
    shape: run.snapshot.shape!,
  });

  it('takes in only the epochs that are new, each at its place', () => {
    const run = tutorialRun(30);
    const plane = lossPlane(run, { plane: 'steepest' });
    const path = new LandscapePath();
    let places = 0;
    const place = path.place.bind(path);
    path.place = (parameters) => {
      places++;
      return place(parameters);
    };
    path.follow(plane);
    const history = new History();
    history.append(run.snapshot.progress.records);
    expect(path.advance(state(run, history))).toBe(true);
    expect([path.count, places]).toEqual([31, 31]);
    history.append(train(run, 5));
    path.advance(state(run, history));
    expect([path.count, places]).toEqual([36, 36]);
    const { parameters } = run.snapshot.progress.checkpoint;
    const [a, b] = plane.axes.map(({ direction }) =>
      direction.reduce((sum, value, i) => sum + value * (parameters[i] - plane.origin[i]), 0),
    );
    expect(path.at(35)[0]).toBeCloseTo(a, 6);
    expect(path.at(35)[1]).toBeCloseTo(b, 6);
    // A larger part of the same plane: nothing is worked out again.
    expect(path.follow(lossPlane(run, { plane: 'steepest', view: { ...plane.view, halfA: 99 } }))).toBe(true);
    expect(path.count).toBe(36);
    expect(path.follow(lossPlane(run, { plane: { first: 0, second: 1 } }))).toBe(false);
    expect(path.count).toBe(0);
  });

  it('takes in a long history in pieces that fit into a frame', () => {
    const run = evenRun(4, 0.001, 0);
    run.snapshot.shape!.epochs = 500_000;
    const path = new LandscapePath();
    path.follow(lossPlane(run, { plane: 'steepest' }));
    const history = new History();
    const epochs = 300_000;
    const [one, width] = [new Float64Array(epochs), 5];
    history.append({
      ...{ first: 0, loss: one, batchLoss: one, valLoss: one, lr: one },
      weightsEvery: 1,
      weights: new Float32Array(epochs * width),
    });
    expect(path.advance(state(run, history))).toBe(false);
    expect(path.count).toBe(200_001);
    expect(path.advance(state(run, history))).toBe(true);
    expect(path.count).toBe(epochs + 1);
  });
});

describe('between the points of the grid', () => {
  it('a quadratic form is exact', () => {
    const run = evenRun(3, 0.01, 0);
    const coarse = lossPlane(run, { plane: 'steepest' });
    const { view, minimum } = coarse;
    for (let point = 0; point < 30; point++) {
      const [a, b] = [view.a + view.halfA * Math.sin(point), view.b + view.halfB * Math.cos(3 * point)];
      const there = lossPlane(run, { plane: 'steepest', view: { a, b, halfA: 1, halfB: 1 } });
      const centre = there.losses[(there.losses.length - 1) / 2];
      expect(lossAt(coarse, a, b) / centre).toBeCloseTo(1, 9);
    }
    expect(lossAt(coarse, minimum!.a, minimum!.b) / minimum!.loss).toBeCloseTo(1, 9);
  });
});

describe('the view', () => {
  const plane = lossPlane(evenRun(2, 0.01, 0), { plane: 'steepest', view: { a: 0, b: 0, halfA: 1, halfB: 1 } });
  const home = plane.view;

  it('grows to hold the path, and only then', () => {
    expect(grownView(plane, home, { minA: -0.9, maxA: 0.9, minB: -1, maxB: 1 })).toBeUndefined();
    const grown = grownView(plane, home, { minA: -0.9, maxA: 3, minB: -1, maxB: 1 })!;
    expect(grown.a + grown.halfA).toBeGreaterThan(3);
    expect(grown.a - grown.halfA).toBeCloseTo(-1, 12);
    expect([grown.b, grown.halfB]).toEqual([0, 1]);
  });

  it('stops growing at a limit, and asks no more', () => {
    const far = { minA: -1e30, maxA: 1e30, minB: 0, maxB: 0 };
    const grown = grownView(plane, home, far)!;
    expect(grown.halfA).toBeCloseTo(10, 9);
    expect(grownView({ ...plane, view: grown }, home, far)).toBeUndefined();
  });
});

const net = {
  ...{ seed: 1, epochs: 300, dataset: { generate: 'moons', samples: 60, noise: 0.1 } },
  model: { type: 'Sequential', layers: [{ type: 'Linear', out_features: 6 }, 'Tanh', 'Linear'] },
  optimizer: { type: 'SGD', lr: 0.2 },
};

test('a plane that was laid when a net had only begun is laid anew where its run rests', async () => {
  const opened = await studio.open({ width: 1300 });
  const { page } = opened;
  const engine = await EngineHost.show(opened, net);
  engine.take({ type: 'action', action: 'stepEpoch' });
  await expect.poll(() => engine.state.checkpoint.epoch).toBe(1);
  await says(page, 'landscape-readout', 'loss');
  // On a busy machine no picture may come before the run is over.
  await page.evaluate(() => {
    const { requestAnimationFrame } = window;
    const held: FrameRequestCallback[] = [];
    window.requestAnimationFrame = (draw) => held.push(draw);
    Object.assign(window, {
      drawAgain: () => {
        window.requestAnimationFrame = requestAnimationFrame;
        for (const draw of held) requestAnimationFrame(draw);
      },
    });
  });
  engine.take({ type: 'action', action: 'resume' });
  await expect.poll(() => engine.state.status).toBe('finished');
  await engine.arrived;
  await page.evaluate(() => (window as unknown as { drawAgain(): void }).drawAgain());
  await says(page, 'run-state', 'finished');
  await expect.poll(() => text(page, 'landscape-readout')).toMatch(/loss [\d.]+/);
  await closeClean(opened);
});

test('the path of a net is shown in the plane of its main directions', async () => {
  const opened = await studio.open({ width: 1300 });
  const { page } = opened;
  const engine = await EngineHost.show(opened, net);
  await says(page, 'landscape-missing', 'Train first.');
  engine.take({ type: 'action', action: 'resume' });
  await expect.poll(() => engine.state.status).toBe('finished');
  await says(page, 'landscape-across', 'main direction of the path:');
  await says(page, 'landscape-up', 'second direction of the path:');
  await says(page, 'landscape-sentence', 'The plane is a slice: the net may go lower outside of it.');
  await expect.poll(() => contoursDrawn(page)).toBeGreaterThan(0);
  const plane = page.getByTestId('landscape-plane');
  await expect.poll(() => plane.getAttribute('current-value')).toBe('steepest');
  await plane.click();
  await page.getByRole('option', { name: 'Main directions of the path', exact: true }).waitFor();
  await page.getByRole('option', { name: 'Two parameters…', exact: true }).click();
  await says(page, 'landscape-across', '0.weight: unit 1 ← x0');
  await closeClean(opened);
});
