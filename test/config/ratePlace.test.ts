import { expect, it } from 'vitest';
import { ratePlaceAt } from '../../src/config/completion/ratePlace';
import { parseConfig } from '../../src/config/parseConfig';

const data = '"dataset": { "generate": "linear", "samples": 9, "features": 2 }';

it.each([
  ['"optimizer": { "type": "SGD", "lr": | }', ''],
  ['"optimizer": { "type": "SGD", "lr":|}', ''],
  ['"optimizer": { "type": "SGD", "lr": 0.0|1 }', '0.01'],
  ['"optimizer": { "lr": 5|, "type": "SGD" }', '5'],
])('%s: a rate', (marked, replaced) => {
  const written = `{ ${data}, ${marked} }`;
  const offset = written.indexOf('|');
  const text = written.replace('|', '');
  const { start, end, filled } = ratePlaceAt(text, offset)!;
  expect(text.slice(start, end)).toBe(replaced);
  expect(parseConfig(filled).config?.optimizer.lr).toBe(1e-3);
});

it.each(['"optimizer": { "l|r": 1 }', '"scheduler": { "lr": | }', '"optimizer": { "type": "|" }', '"epochs": |'])(
  '%s: none',
  (marked) => {
    const text = `{ ${marked.replace('|', '')} }`;
    expect(ratePlaceAt(text, marked.indexOf('|') + 2)).toBeUndefined();
  },
);
