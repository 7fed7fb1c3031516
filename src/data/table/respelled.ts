/** Digits of other scripts that people type, by their zero. */
const OTHER_ZEROS = [0xff10, 0x0660, 0x06f0];
const OTHER_DIGITS = /[\uff10-\uff19\u0660-\u0669\u06f0-\u06f9]/g;
const OTHER_SIGNS: [RegExp, string][] = [
  [/[\uff0e\u066b]/g, '.'],
  [/\uff0c/g, ','],
  [/\u066c/g, ''],
];
const BLANKS = ' \\u00a0\\u2009\\u202f';
const QUOTES = "'\\u2019";
/** Groups of three that can be nothing else, whatever stands before a fraction. */
const GROUPED = new RegExp(`^[+-]?\\d{1,3}([${BLANKS}${QUOTES}]\\d{3})+([.,]\\d*)?$`);
const GROUP_SIGN = new RegExp(`[${BLANKS}${QUOTES}]`, 'g');
/** Commas that can only group digits: several of them, also as in India, or one before a decimal point. */
const COMMAS = /^[+-]?\d{1,3}((,\d{2,3})*,\d{3}\.\d*|(,\d{2,3})+,\d{3})$/;
const ONE_COMMA = /^[+-]?[1-9]\d{0,2},\d{3}$/;
/** Points where a comma stands before a fraction. */
const POINTS = /^[+-]?\d{1,3}((\.\d{3})+,\d*|(\.\d{3}){2,})$/;
const ONE_POINT = /^[+-]?[1-9]\d{0,2}\.\d{3}$/;

/**
 * A number as people and other programs write it, in the way that `Number` reads, but for the decimal sign: without what
 * Excel, accountants, SAP or Fortran put around it. Undefined where it is nothing of the kind. With `sure` it is known that
 * `decimal` stands before fractions, so that the other sign can only group digits.
 */
export function respelled(cell: string, decimal: '.' | ',', sure: boolean): string | undefined {
  const plain = withAsciiDigits(cell)
    .replace(/^=("{1,2})(.*)\1$/, '$2')
    .trim()
    .replace(/^[\u2212\u2013\ufe63\uff0d]\s?(?=[\d.,])/, '-')
    .replace(/^\(\s?([^\s()+-][^()]*?)\s?\)$/, '-$1')
    .replace(/^([\d.,][^-]*?)\s?[-\u2212]$/, '-$1')
    .replace(/^([+-]?[\d.,]+)[dD]([+-]?\d+)$/, '$1e$2');
  const number = withoutGroups(plain, decimal, sure);
  return number === cell ? undefined : number;
}

function withoutGroups(text: string, decimal: '.' | ',', sure: boolean): string {
  if (GROUPED.test(text)) return text.replace(GROUP_SIGN, '');
  if (decimal === '.') return COMMAS.test(text) || (sure && ONE_COMMA.test(text)) ? text.replaceAll(',', '') : text;
  return POINTS.test(text) || (sure && ONE_POINT.test(text)) ? text.replaceAll('.', '') : text;
}

function withAsciiDigits(cell: string): string {
  if (!/[\u0660-\u06f9\uff0c-\uff19]/.test(cell)) return cell;
  const ascii = cell.replace(OTHER_DIGITS, (digit) => {
    const code = digit.charCodeAt(0);
    return String(code - OTHER_ZEROS.find((zero) => code >= zero && code <= zero + 9)!);
  });
  return OTHER_SIGNS.reduce((text, [sign, plain]) => text.replace(sign, plain), ascii);
}
