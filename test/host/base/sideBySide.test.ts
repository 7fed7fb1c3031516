import { expect, it } from 'vitest';
import { sideBySide } from '../../../src/host/base/sideBySide';

it('does something with each item, with some at a time, and rejects where one does', async () => {
  const ends: (() => void)[] = [];
  const begun: number[] = [];
  const done = sideBySide([1, 2, 3, 4, 5], 2, (item) => {
    begun.push(item);
    return new Promise((resolve) => ends.push(resolve));
  });
  expect(begun).toEqual([1, 2]);
  ends[1]();
  await expect.poll(() => begun).toEqual([1, 2, 3]);
  for (let i = 0; i < 5; i++) {
    await expect.poll(() => ends.length > i).toBe(true);
    ends[i]();
  }
  await done;
  expect(begun).toEqual([1, 2, 3, 4, 5]);
  await expect(sideBySide([1], 2, () => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
});
