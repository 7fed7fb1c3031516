import { describe, expect, it } from 'vitest';
import { pythonNumber, pythonSingle, pythonText } from '../../src/exports/python';

describe('texts in Python', () => {
  it.each(['a"b', "a'b", 'a\\', '\\"', 'a\nb\r\tc', '"""', '{x}%s', '\u202eabc\u2028', '\ud800', '😀 東京', '\0'])(
    'stay within their quotes: %j',
    (text) => {
      const quoted = pythonText(text);
      // A JSON string without line ends is the same text in Python.
      expect(JSON.parse(quoted)).toBe(text);
      expect(quoted.slice(1, -1).replace(/\\./g, '')).not.toMatch(/["\r\n\u202e\u2028]/);
    },
  );
});

describe('numbers in Python', () => {
  it('read back to the same float64 and are short', () => {
    expect([0.1, -0, 1e-6, 1 / 3, 1e21, NaN, -Infinity].map(pythonNumber)).toEqual([
      ...['0.1', '-0.0', '1e-6', '0.3333333333333333', '1e+21', 'float("nan")', 'float("-inf")'],
    ]);
  });

  it('read back to the same float32 in the fewest digits', () => {
    expect([Math.fround(0.1), 63.5, Math.fround(1 / 3)].map(pythonSingle)).toEqual(['0.1', '63.5', '0.33333334']);
    for (let i = 0; i < 1000; i++) {
      const value = Math.fround(Math.tan(i) * 10 ** ((i % 60) - 30));
      expect(Math.fround(Number(pythonSingle(value)))).toBe(value);
    }
  });
});
