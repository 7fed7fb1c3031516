import { formatQuantity } from '../../base/format';
import { isUnit } from './numberish';

/** What texts look like that are numbers with something on them, and what would make them numbers. */
export interface NumberLook {
  /** In the plural: `percentages`. */
  like: string;
  /** One of the texts. */
  instance: string;
  /** Whether they may as well be names, where few of them are different. */
  mayBeNames?: boolean;
  cure: string;
}

type Kind =
  | 'percent'
  | 'money'
  | 'minus'
  | 'brackets'
  | 'date'
  | 'time'
  | 'comma'
  | 'groups'
  | 'points'
  | 'decimal'
  | 'point'
  | 'formula'
  | 'unit';

const blankSigns = ' \\u00a0\\u2009\\u202f';
const quoteSigns = "'\\u2019";
const numberPattern = `\\d[\\d.,${blankSigns}${quoteSigns}]*`;
const codes = 'USD|EUR|GBP|CHF|JPY|CNY|INR|AUD|CAD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN|ZAR|TRY|KRW|SGD|HKD|RUB|ILS|THB';
const kindPatterns: [Kind, RegExp][] = [
  ['formula', /^=.*[A-Z]\$?\d/],
  ['percent', new RegExp(`^[+-]?${numberPattern}%$`)],
  ['money', new RegExp(`^([+-]?\\s?\\p{Sc}\\s?[+-]?${numberPattern}|[+-]?${numberPattern}\\p{Sc})$`, 'u')],
  ['money', new RegExp(`^((${codes})\\s?[+-]?${numberPattern}|[+-]?${numberPattern}(${codes}))$`)],
  ['minus', new RegExp(`^[\\u2212\\u2013]\\s?${numberPattern}$`)],
  ['brackets', new RegExp(`^\\(\\p{Sc}?${numberPattern}\\)$`, 'u')],
  ['time', /^([01]?\d|2[0-3])\.(00|1[3-9]|[2-5]\d)\.[0-5]\d$/],
  ['date', /^(\d{4}([./-])\d{1,2}\2\d{1,2}|\d{1,2}([./-])\d{1,2}\3(\d{2}|\d{4}))([T ]\d.*)?$/],
  ['time', /^\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?$/],
  ['comma', /^[+-]?\d{1,3},\d{3}$/],
  [
    'groups',
    new RegExp(
      `^[+-]?\\d{1,3}(,\\d{3}(,\\d{3})*|[${blankSigns}${quoteSigns}]\\d{3}([${blankSigns}${quoteSigns}]\\d{3})*)([.,]\\d+)?$`,
    ),
  ],
  ['points', /^[+-]?\d{1,3}((\.\d{3})+,\d+|(\.\d{3}){2,})$/],
  ['decimal', /^[+-]?\d*,\d+(e[+-]?\d+)?$/i],
  ['point', /^[+-]?\d*\.\d+(e[+-]?\d+)?$/i],
];

const unitPattern = new RegExp(`^[+-]?${numberPattern}\\s?(\\D+)$`, 'u');

/**
 * What most of some texts look like, of several kinds the most frequent one; undefined where that is no number.
 * `delimiter` stands between the cells of delimited text, which alone can be told how its numbers are written.
 */
export function numberLook(texts: readonly string[], delimiter: string | undefined): NumberLook | undefined {
  const kinds = texts.map(kindOf);
  const known = kinds.map(family).filter((kind) => kind !== undefined);
  if (2 * known.length <= kinds.length) return undefined;
  const often = (kind: Kind) => known.filter((one) => one === kind).length;
  const found = known.reduce((best, kind) => (often(kind) > often(best) ? kind : best));
  const own = texts.filter((_, i) => family(kinds[i]) === found);
  const kind = found === 'comma' ? commaKind(own) : found;
  return { instance: own[0], ...lookOf(kind, own, delimiter) };
}

/** What would make a number of one of the texts of a column. */
export function numberCure(text: string, texts: readonly string[], delimiter: string | undefined): string | undefined {
  const kind = family(kindOf(text));
  const mark = kind === undefined || kind === 'unit' ? markCure(text) : undefined;
  if (mark !== undefined || kind === undefined) return mark;
  return numberLook([text, ...texts.filter((other) => family(kindOf(other)) === kind)], delimiter)?.cure;
}

/** Of a number with letters after it that are no unit, as statistics have them to say how a value came about. */
function markCure(text: string): string | undefined {
  const [, number, mark] = /^([+-]?\d[\d.,]*)\s?(\p{Ll}{1,2}|\*{1,3})$/u.exec(text) ?? [];
  if (number === undefined) return undefined;
  return `write it without ${JSON.stringify(mark)}, or, to leave it out, name it in dataset.na_values and set dataset.missing to "drop"`;
}

function kindOf(text: string): Kind | undefined {
  const kind = kindPatterns.find(([, pattern]) => pattern.test(text))?.[0];
  return kind ?? (isUnit(unitPattern.exec(text)?.[1] ?? '') ? 'unit' : undefined);
}

/** Commas before three digits, others, and commas before fractions can stand in one column. */
function family(kind: Kind | undefined): Kind | undefined {
  return kind === 'decimal' || kind === 'groups' ? 'comma' : kind;
}

/** Whether commas group digits, which is open while each stands before three digits. */
function commaKind(texts: readonly string[]): Kind {
  const kinds = texts.map(kindOf);
  if (kinds.includes('decimal')) return 'decimal';
  return kinds.includes('groups') ? 'groups' : 'comma';
}

function lookOf(kind: Kind, texts: readonly string[], delimiter: string | undefined): Omit<NumberLook, 'instance'> {
  const [text] = texts;
  switch (kind) {
    case 'percent':
      return signLook('percentages', '%', text, delimiter);
    case 'money':
      return signLook('amounts of money', /\p{Sc}|[A-Z]{3}/u.exec(text)![0], text, delimiter);
    case 'minus':
      return { like: 'numbers below zero', cure: `write "-" in place of ${JSON.stringify(text[0])}` };
    case 'brackets':
      return { like: 'numbers below zero in brackets', cure: 'write "-" before them in place of the brackets' };
    case 'date':
      return { like: 'dates', cure: 'name it in dataset.parse_dates to take it as days', mayBeNames: true };
    case 'time':
      return { like: 'times', cure: 'write them as numbers, for instance as minutes since midnight', mayBeNames: true };
    case 'unit': {
      const units = [...new Set(texts.map((one) => JSON.stringify(unitPattern.exec(one)![1])))];
      const cure =
        units.length > 1
          ? `give all of them in one unit, instead of ${units.slice(0, 2).join(' and ')}`
          : `write ${units[0]} in every cell of the column, or in none`;
      return { like: 'numbers with units', cure, mayBeNames: true };
    }
    case 'formula':
      return { like: 'formulas', cure: 'write the values that they give' };
    case 'points':
      return {
        like: 'numbers with points between thousands',
        cure: told('write plain numbers', `${points(texts)}dataset.thousands to "."`, delimiter),
      };
    case 'decimal':
      return {
        like: 'numbers with decimal commas',
        cure: told('write a decimal point instead of a comma', 'dataset.decimal to ","', delimiter),
      };
    case 'point':
      return {
        like: 'numbers with decimal points',
        cure: told(
          'write a decimal comma instead of a point',
          'no dataset.decimal, so that each column is read as it is written',
          delimiter,
        ),
      };
    case 'comma':
      if (delimiter !== undefined && delimiter !== ',') {
        const cure =
          'set dataset.thousands to "," where the comma groups digits, or dataset.decimal to "," where a fraction follows it';
        return { like: 'numbers with commas', cure };
      }
      return groupsLook(texts, delimiter);
    case 'groups':
      return groupsLook(texts, delimiter);
  }
}

function points(texts: readonly string[]): string {
  return texts.some((text) => text.includes(',')) ? 'dataset.decimal to "," and ' : '';
}

function groupsLook(texts: readonly string[], delimiter: string | undefined): Omit<NumberLook, 'instance'> {
  const separators = [...new Set(texts.map((text) => /^[+-]?\d+(\D)/.exec(text)![1]))];
  const decimal = texts.some((text) => /\d[^\d,]\d{3},\d+$/.test(text)) ? ' and dataset.decimal to ","' : '';
  // A space that cannot be told from others by its looks is named by its code.
  const written = separators[0].replace(
    /[\u0080-\uffff]/,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const cure =
    separators.length === 1
      ? told('write plain numbers', `dataset.thousands to "${written}"${decimal}`, delimiter)
      : `write plain numbers: there are ${formatQuantity(separators.length, 'kind')} of separators between thousands`;
  return { like: 'numbers with thousands separators', cure };
}

/** Amounts may also be grouped, which is what has to be told then. */
function signLook(
  like: string,
  sign: string,
  text: string,
  delimiter: string | undefined,
): Omit<NumberLook, 'instance'> {
  const plain = text.replaceAll(sign, '').trim();
  const inner =
    family(kindOf(plain)) === 'comma' || kindOf(plain) === 'points' ? numberLook([plain], delimiter) : undefined;
  if (inner) return { like, cure: inner.cure };
  const all = delimiter === undefined ? '' : ', or in every cell of the column';
  return { like, cure: `write them without ${JSON.stringify(sign)}${all}` };
}

function told(plain: string, keys: string, delimiter: string | undefined): string {
  return delimiter === undefined ? plain : `${plain}, or set ${keys}`;
}
