const significant = 6;

/** Six significant digits, thousands grouped: `57,900,840`, `3,895.14`, `0.219002`, `1.23457e-7`; words where not finite. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return notFiniteWord(value);
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e9 || size < 1e-4) return exponential(value, significant);
  return groupThousands(value.toFixed(Math.max(0, significant - 1 - Math.floor(Math.log10(size)))));
}

/** Four significant digits unless told otherwise, where there is room for few: `248,113`, `12.35`, `0.0219`, `1.235e-7`. */
export function formatShort(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return notFiniteWord(value);
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e7 || size < 1e-3) return exponential(value, digits);
  return groupThousands(value.toFixed(Math.max(0, digits - 1 - Math.floor(Math.log10(size)))));
}

/**
 * Numbers of one column in as many decimals as four significant digits of the largest have. Smaller ones that would be left
 * with fewer than three digits have three of their own; beside whole numbers, those below 1.
 */
export function shortColumn(values: readonly number[]): (value: number) => string {
  const largest = values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
  if (largest >= 1e7 || largest < 1e-3) return (value) => formatShort(value);
  const decimals = Math.max(0, 3 - Math.floor(Math.log10(largest)));
  return (value) => {
    const size = Math.abs(value);
    if (!Number.isFinite(value) || (size > 0 && size < (decimals > 0 ? 10 ** (2 - decimals) : 1)))
      return formatShort(value, 3);
    return groupThousands(value.toFixed(decimals));
  };
}

/** A number as a file has it, in the fewest digits that still name this float32 and without grouped thousands: `98001`. */
export function formatAsWritten(value: number): string {
  return formatFloat32(value).replaceAll(',', '');
}

/**
 * The fewest digits that still name this float32: `63.5`, `7,603.501`; a whole number, and one that is no float32, in all
 * its digits.
 */
export function formatFloat32(value: number): string {
  if (!Number.isFinite(value)) return notFiniteWord(value);
  if (Number.isSafeInteger(value) || value !== Math.fround(value)) return formatShortest(value);
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === Math.fround(value)) return formatShortest(rounded);
  }
  return formatShortest(Number(value.toPrecision(9)));
}

/** A number as a person wrote it: no digits that were not there. `1e-6`, `0.01`, `2,000`. */
export function formatShortest(value: number): string {
  if (!Number.isFinite(value)) return notFiniteWord(value);
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e9 || size < 1e-4)) return tidyExponent(value.toExponential());
  return groupThousands(String(value));
}

/**
 * Rounded to a number of significant digits, without zeros at the end: `1.22e-6`, `0.02`, `4,170`, `4.39e7`. No more than four
 * zeros stand for digits that are not said.
 */
export function formatRounded(value: number, digits = 3): string {
  const rounded = Number(value.toPrecision(digits));
  if (Math.abs(rounded) < 10 ** (digits + 4) || !Number.isFinite(value)) return formatShortest(rounded);
  return tidyExponent(rounded.toExponential());
}

/** Rounded to a number of significant digits, and to more where it would look like 1: `0.25`, `0.9997`, `0.99998`. */
export function formatDistinct(value: number, digits = 4): string {
  return formatRounded(value, distinctDigits(value, digits));
}

/** A share of a whole: `82 %`, `0.082 %`, and `99.96 %` where it is not quite all. */
export function formatPercent(share: number, digits = 2): string {
  return `${formatRounded(100 * share, distinctDigits(share, digits))} %`;
}

/** `8.2 times`, `440,000 times`, and `1.003 times` where it is hardly more than once. */
export function formatTimes(factor: number): string {
  return `${formatDistinct(factor, 2)} times`;
}

/** How one number stands to another, by their quotient: `82 % of`, `8.2 times`. */
export function formatShare(share: number): string {
  return share > 1 ? formatTimes(share) : `${formatPercent(share)} of`;
}

/** Values as they are written in a file, fractions in at most six digits: `12 · 188.417 · no`. */
export function formatExamples(written: readonly string[]): string {
  return written.map(shortenFraction).join(' · ');
}

/** A number that has been worked out and not counted, rounded up and in two digits: `1 epoch`, `130 epochs`, `2.3e7 epochs`. */
export function formatEstimate(amount: number, one: string, many = `${one}s`): string {
  const whole = Math.ceil(amount);
  return `${formatRounded(whole, 2)} ${whole === 1 ? one : many}`;
}

/** A minimum of the loss beside what losses are measured by: `11.7372`, or `0 (within rounding)`. */
export function formatMinimum(loss: number, scale: number | undefined): string {
  return isRounding(loss, scale) ? '0 (within rounding)' : formatNumber(loss);
}

/** A loss below this share of what losses are measured by is nothing but rounding. */
const roundingShare = 1e-10;

/** Whether a minimum of the loss is 0 except for rounding; not where it is unknown what losses are measured by. */
export function isRounding(loss: number, scale: number | undefined): boolean {
  return scale !== undefined && Math.abs(loss) < roundingShare * scale;
}

/** For a formula: at most five digits, no zeros at the end, and a minus as wide as a plus: `−0.21`, `1,234.5`. */
export function formatFactor(value: number): string {
  if (!Number.isFinite(value)) return notFiniteWord(value).replace('-', '−');
  return formatShortest(Number(value.toPrecision(5))).replace(/^-/, '−');
}

/** For an axis from `min` to `max`: short, and in the same form as its neighbours. */
export function formatTick(value: number, min: number, max: number): string {
  const largest = Math.max(Math.abs(min), Math.abs(max));
  const size = Math.abs(value);
  if (size !== 0 && (largest >= 1e5 || size < 1e-3)) return tidyExponent(Number(value.toPrecision(4)).toExponential());
  return groupThousands(String(Number(value.toPrecision(significant))));
}

/** A whole number with its thousands grouped. */
export function formatCount(value: number): string {
  return groupThousands(String(value));
}

/** `1 row`, `10 rows`. */
export function formatQuantity(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A length of time as a person would say it: `0.4 s`, `42 s`, `3 min 05 s`, `2 h 10 min`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds === 0) return '0 s';
  if (seconds < 0.1) return `${Number((seconds * 1000).toPrecision(2))} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const pad = (part: number): string => String(part).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}

/** What stands for a number that is not finite. */
export function notFiniteWord(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '∞' : '-∞';
}

function exponential(value: number, digits: number): string {
  return tidyExponent(value.toExponential(digits - 1));
}

/** More digits for a factor near 1 that would look like 1. */
function distinctDigits(factor: number, digits: number): number {
  let telling = factor > 0.99 && factor < 1.1 ? Math.max(4, digits) : digits;
  while (factor !== 1 && telling < 16 && Number(factor.toPrecision(telling)) === 1) telling++;
  return telling;
}

/** A number that is written with more than six digits, and not as a whole, in six; its decimal point or comma stays. */
function shortenFraction(written: string): string {
  const [, digits, separator] = /^([+-]?\d*([.,])\d+)(?:e[+-]?\d+)?$/i.exec(written) ?? [];
  if (digits === undefined || digits.replace(/^[+-]?0*[.,]?0*|[.,]/g, '').length <= significant) return written;
  const rounded = Number(Number(written.replace(',', '.')).toPrecision(significant));
  return tidyExponent(String(rounded)).replace('.', separator);
}

function tidyExponent(text: string): string {
  return text.replace('e+', 'e');
}

function groupThousands(text: string): string {
  const point = text.indexOf('.');
  const whole = point < 0 ? text : text.slice(0, point);
  return whole.replace(/\B(?=(\d{3})+$)/g, ',') + text.slice(whole.length);
}
