/** Digits of other scripts that people type, by their zero. */
const otherZeros = [0xff10, 0x0660, 0x06f0];
const otherDigits = /[\uff10-\uff19\u0660-\u0669\u06f0-\u06f9]/g;
const otherSigns: [RegExp, string][] = [
  [/[\uff0e\u066b]/g, '.'],
  [/\uff0c/g, ','],
  [/\u066c/g, ''],
];
const blankSigns = ' \\u00a0\\u2009\\u202f';
const quoteSigns = "'\\u2019";
/** Groups of three that can be nothing else, whatever stands before a fraction. */
const groupedPattern = new RegExp(`^[+-]?\\d{1,3}([${blankSigns}${quoteSigns}]\\d{3})+([.,]\\d*)?$`);
const groupSign = new RegExp(`[${blankSigns}${quoteSigns}]`, 'g');
/** Commas that can only group digits: several of them, also as in India, or one before a decimal point. */
const commasPattern = /^[+-]?\d{1,3}((,\d{2,3})*,\d{3}\.\d*|(,\d{2,3})+,\d{3})$/;
const oneCommaPattern = /^[+-]?[1-9]\d{0,2},\d{3}$/;
/** Points where a comma stands before a fraction. */
const pointsPattern = /^[+-]?\d{1,3}((\.\d{3})+,\d*|(\.\d{3}){2,})$/;
const onePointPattern = /^[+-]?[1-9]\d{0,2}\.\d{3}$/;

/**
 * A number as people and other programs write it, in the way that `Number` reads, except for the decimal sign: without what
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
  if (groupedPattern.test(text)) return text.replace(groupSign, '');
  if (decimal === '.')
    return commasPattern.test(text) || (sure && oneCommaPattern.test(text)) ? text.replaceAll(',', '') : text;
  return pointsPattern.test(text) || (sure && onePointPattern.test(text)) ? text.replaceAll('.', '') : text;
}

function withAsciiDigits(cell: string): string {
  if (!/[\u0660-\u06f9\uff0c-\uff19]/.test(cell)) return cell;
  const ascii = cell.replace(otherDigits, (digit) => {
    const code = digit.charCodeAt(0);
    return String(code - otherZeros.find((zero) => code >= zero && code <= zero + 9)!);
  });
  return otherSigns.reduce((text, [sign, plain]) => text.replace(sign, plain), ascii);
}
