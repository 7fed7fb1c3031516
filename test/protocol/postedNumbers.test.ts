import { expect, it } from 'vitest';
import { packNumbers, restoreNumbers } from '../../src/protocol/postedNumbers';

it('takes numbers that are not finite through JSON', () => {
  const message = {
    loss: NaN,
    list: [1, Infinity, -Infinity, null, 'NaN'],
    deep: { rate: 1e-6, none: undefined, on: true },
  };
  const arrived: unknown = JSON.parse(JSON.stringify(packNumbers(message)));
  const { deep, ...rest } = message;
  expect(restoreNumbers(arrived)).toEqual({ ...rest, deep: { rate: deep.rate, on: deep.on } });
});

it('leaves typed arrays as they are, and the message that it was given', () => {
  const records = Float64Array.of(NaN, Infinity);
  const message = { records, loss: NaN };
  expect(packNumbers(message).records).toBe(records);
  expect(restoreNumbers(packNumbers(message)).records).toBe(records);
  expect(message.loss).toBeNaN();
});

it('copies nothing that holds no such number, and takes any key for what it is', () => {
  const sound = { rates: [1, 2], name: 'a' };
  const message = JSON.parse('{ "__proto__": { "loss": 0 }, "length": 1 }') as Record<string, { loss: number }>;
  message['__proto__'].loss = NaN;
  const packed = packNumbers({ sound, message });
  expect(packed.sound).toBe(sound);
  const arrived = restoreNumbers(JSON.parse(JSON.stringify(packed)) as { message: Record<string, unknown> });
  expect(Object.entries(arrived.message)).toEqual([
    ['__proto__', { loss: NaN }],
    ['length', 1],
  ]);
});
