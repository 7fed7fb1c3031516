import { describe, expect, it } from 'vitest';
import { Requests } from '../../src/protocol/requests';

describe('requests', () => {
  it('get the reply that bears their number, in whatever order it comes', async () => {
    const requests = new Requests<string>();
    const ids: number[] = [];
    const replies = ['a', 'b', 'c'].map(() => requests.send((id) => ids.push(id)));
    expect(requests.size).toBe(3);
    requests.resolve(ids[2], 'third');
    requests.resolve(ids[0], 'first');
    requests.reject(ids[1], new Error('no'));
    requests.resolve(ids[1], 'too late');
    expect(await Promise.allSettled(replies)).toMatchObject([
      { value: 'first' },
      { reason: { message: 'no' } },
      { value: 'third' },
    ]);
    expect(requests.size).toBe(0);
  });

  it('fail where they cannot be sent, and all at once where no reply comes any more', async () => {
    const requests = new Requests<string>();
    const unsent = requests.send(() => {
      throw new Error('closed');
    });
    await expect(unsent).rejects.toThrow('closed');
    const replies = [requests.send(() => {}), requests.send(() => {})];
    requests.rejectAll(new Error('ended'));
    for (const reply of replies) await expect(reply).rejects.toThrow('ended');
    expect(requests.size).toBe(0);
  });
});
