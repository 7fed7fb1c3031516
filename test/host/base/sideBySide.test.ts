import { expect, it } from 'vitest';
import { sideBySide } from '../../../src/host/base/sideBySide';

it('does something with each item, with some at a time, and gives what came of them in their order', async () => {
  const ends: (() => void)[] = [];
  const begun: number[] = [];
  const done = sideBySide([1, 2, 3, 4, 5], 2, async (item) => {
    begun.push(item);
    await new Promise<void>((resolve) => ends.push(resolve));
    return 10 * item;
  });
  expect(begun).toEqual([1, 2]);
  ends[1]();
  await expect.poll(() => begun).toEqual([1, 2, 3]);
  for (let i = 0; i < 5; i++) {
    await expect.poll(() => ends.length > i).toBe(true);
    ends[i]();
  }
  expect(await done).toEqual([10, 20, 30, 40, 50]);
  expect(begun).toEqual([1, 2, 3, 4, 5]);
});

it('rejects where one does', async () => {
  await expect(sideBySide([1], 2, () => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
});
