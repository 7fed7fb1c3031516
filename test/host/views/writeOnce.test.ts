import { expect, it } from 'vitest';
import { longestEmpty, writeOnce } from '../../../src/host/views/writeOnce';
import { drivenClock } from '../../helpers/drivenClock';

function page() {
  const clock = drivenClock();
  let become = () => {};
  const known = new Promise<void>((resolve) => (become = resolve));
  const written: string[] = [];
  let state = 'unknown';
  const done = writeOnce(known, clock, () => written.push(state));
  return { clock, written, done, becomesKnown: () => ((state = 'known'), become()) };
}

it('writes a page as soon as what it shows is known, and not again', async () => {
  const { clock, written, done, becomesKnown } = page();
  await clock.pass(longestEmpty - 1);
  expect(written).toEqual([]);
  becomesKnown();
  await done;
  await clock.pass(longestEmpty * 2);
  expect(written).toEqual(['known']);
});

it('writes a page without what takes too long, and leaves it then', async () => {
  const { clock, written, done, becomesKnown } = page();
  await clock.pass(longestEmpty);
  await done;
  becomesKnown();
  await clock.pass(longestEmpty);
  expect(written).toEqual(['unknown']);
});
