import { describe, expect, test } from 'vitest';
import {
  formatAsWritten,
  formatDuration,
  formatEstimate,
  formatExamples,
  formatFloat32,
  formatMinimum,
  formatNumber,
  formatRounded,
  formatShare,
  formatShort,
  formatShortest,
  formatTick,
  shortColumn,
} from '../../src/base/format';

test.each([
  [['188.41732256183803', '-0.00123456789', '12'], '188.417 · -0.00123457 · 12'],
  [['1,5', '2,75', '188,41732256'], '1,5 · 2,75 · 188,417'],
  [['12345678', '1.5', '1e3'], '12345678 · 1.5 · 1e3'],
  [['1.23456789e-9', '1.234.567,8912', '1.2.3456789'], '1.23457e-9 · 1.234.567,8912 · 1.2.3456789'],
  [['no', 'yes'], 'no · yes'],
])('examples %j are written %s', (written, words) => {
  expect(formatExamples(written)).toBe(words);
});

describe('numbers', () => {
  test.each([
    [57900840, '57,900,840'],
    [3895.1373, '3,895.14'],
    [0.21900218725204468, '0.219002'],
    [-0.0030564817134290934, '-0.00305648'],
    [0.000123456789, '0.000123457'],
    [0.0000123456789, '1.23457e-5'],
    [5.79e10, '5.79000e10'],
    [0, '0'],
    [NaN, 'NaN'],
    [Infinity, '∞'],
    [-Infinity, '-∞'],
  ])('%d with six digits is %s', (value, words) => {
    expect(formatNumber(value)).toBe(words);
  });

  test.each([
    [58, '58'],
    [63.5, '63.5'],
    [Math.fround(7603.5009765625), '7,603.501'],
    [Math.fround(0.1), '0.1'],
    [Math.fround(1e-7), '1e-7'],
  ])('the float32 %d needs no more than %s', (value, words) => {
    expect(formatFloat32(value)).toBe(words);
    expect(Math.fround(Number(words.replaceAll(',', '')))).toBe(value);
  });

  test('rates, ticks and durations are short', () => {
    expect(formatShortest(1e-6)).toBe('1e-6');
    expect(formatShortest(0.01)).toBe('0.01');
    expect(formatTick(5e6, 0, 1e7)).toBe('5e6');
    expect(formatTick(0.5, 0, 1)).toBe('0.5');
    const durations = [0, 0.0041, 0.0327, 0.44, 42, 185, 7800].map(formatDuration);
    expect(durations).toEqual(['0 s', '4.1 ms', '33 ms', '0.4 s', '42 s', '3 min 05 s', '2 h 10 min']);
  });

  test.each([
    [1.2243e-6, '1.22e-6'],
    [0.00034, '0.00034'],
    [0.02, '0.02'],
    [4166.2, '4,170'],
    [439123, '439,000'],
    [9_994_000, '9,990,000'],
    [43_900_000, '4.39e7'],
    [Infinity, '∞'],
    [NaN, 'NaN'],
  ])('%d rounded to three digits is %s', (value, words) => {
    expect(formatRounded(value)).toBe(words);
  });

  test('shares are percents up to the whole and factors beyond it, and never look like the whole where they are not', () => {
    expect([0.817, 0.00082, 1, 0.99957, 0.99999999].map(formatShare)).toEqual([
      '82 % of',
      '0.082 % of',
      '100 % of',
      '99.96 % of',
      '99.999999 % of',
    ]);
    expect([8.162, 408_123, 1.0034, 1.0000002].map(formatShare)).toEqual([
      '8.2 times',
      '410,000 times',
      '1.003 times',
      '1.0000002 times',
    ]);
  });

  test('what is worked out has two digits and the right number of things', () => {
    expect([0.3, 1.2, 127.9, 23_400_000].map((epochs) => formatEstimate(epochs, 'epoch'))).toEqual([
      '1 epoch',
      '2 epochs',
      '130 epochs',
      '2.3e7 epochs',
    ]);
  });

  test('a minimum is 0 where it is nothing beside what losses are measured by', () => {
    expect(formatMinimum(2.3e-23, 848_506)).toBe('0 (within rounding)');
    expect(formatMinimum(-1e-20, 848_506)).toBe('0 (within rounding)');
    expect(formatMinimum(2.3e-23, 1e-20)).toBe('2.30000e-23');
    expect(formatMinimum(11.7372, 61.4)).toBe('11.7372');
    expect([undefined, NaN].map((unknown) => formatMinimum(1e-30, unknown))).toEqual(['1.00000e-30', '1.00000e-30']);
  });
});

describe('numbers where there is room for few digits', () => {
  test.each([
    [248113.4, '248,113'],
    [12345678, '1.235e7'],
    [12.3456, '12.35'],
    [0.02191, '0.02191'],
    [-0.00012345, '-1.234e-4'],
    [0, '0'],
    [NaN, 'NaN'],
  ])('%s is written %s', (value, words) => expect(formatShort(value)).toBe(words));

  test('of one column share their decimals, but for those that would keep fewer than three digits', () => {
    const values = [31.25, 2.9, -0.5, 0.001234, 0];
    expect(values.map(shortColumn(values))).toEqual(['31.25', '2.90', '-0.500', '0.00123', '0.00']);
    const large = [98001, 12.5, -3];
    expect(large.map(shortColumn(large))).toEqual(['98,001', '13', '-3']);
    const unlike = [24475, 0.16, -0.004, 0];
    expect(unlike.map(shortColumn(unlike))).toEqual(['24,475', '0.160', '-0.00400', '0']);
    const huge = [1e9, 5, Infinity];
    expect(huge.map(shortColumn(huge))).toEqual(['1.000e9', '5.000', '∞']);
  });

  test('a number of a file has no grouped thousands', () => {
    expect([98001, 1998, 250000.5, 6320.7].map(formatAsWritten)).toEqual(['98001', '1998', '250000.5', '6320.7']);
  });
});
