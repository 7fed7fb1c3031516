/** What keeps a cell from being a number. */
export type CellFault = 'missing' | 'text' | 'notFinite' | 'tooLarge';

const MISSING = new Set(['', 'na', 'n/a', 'null', '?']);
const NOT_FINITE = /^[+-]?(nan|inf|infinity)$/i;
const OTHER_BASE = /^\s*0[xob]/i;

/** Whether a cell stands for no value: empty, `NA`, `N/A`, `null` or `?`, in any case. */
export function isMissing(cell: string): boolean {
  return MISSING.has(cell.trim().toLowerCase());
}

/** The number in a cell, in decimal or exponent notation with spaces around it; NaN where there is none. */
export function parseNumber(cell: string): number {
  const value = Number(cell);
  if (value === 0 && cell.trim() === '') return NaN;
  // Only a letter in second place, or a space in first, can begin a number like 0x1f, which Number() reads.
  if ((cell.charCodeAt(1) > 57 || cell.charCodeAt(0) <= 32) && OTHER_BASE.test(cell)) return NaN;
  return value;
}

/** The fault of a cell for which `parseNumber` gave `value`, which is not a finite float32. */
export function faultOf(cell: string, value: number): CellFault {
  const text = cell.trim();
  if (isMissing(text)) return 'missing';
  if (NOT_FINITE.test(text)) return 'notFinite';
  return Number.isNaN(value) ? 'text' : 'tooLarge';
}

/** The column-independent end of a message about a cell: what would be right. */
export function faultMessage(fault: CellFault, column: string, text: string): string {
  const name = `column ${JSON.stringify(column)}`;
  const got = `got ${JSON.stringify(text)}`;
  switch (fault) {
    case 'missing':
      return `${name} has no value here; fill it in, or set dataset.missing to "drop" or "mean"`;
    case 'notFinite':
      return `${name} must hold finite numbers, ${got}; leave the cell empty if the value is not known`;
    case 'tooLarge':
      return `${name} must hold numbers that a float32 can hold (up to about 3.4e38), ${got}`;
    case 'text': {
      const comma = /^[+-]?\d+(\.\d{3})*,\d+$/.test(text) ? '; write a decimal point instead of a comma' : '';
      return `${name} must hold numbers, ${got}${comma}`;
    }
  }
}

/** The same for a cell of the column that holds classes, of which `type` says what most of its cells are. */
export function classFaultMessage(fault: CellFault, type: 'number' | 'text', column: string, text: string): string {
  const name = `column ${JSON.stringify(column)}`;
  if (fault === 'missing') return `${name} has no class here; fill it in, or set dataset.missing to "drop"`;
  if (type === 'number') return faultMessage(fault, column, text);
  return `${name} must hold names, got ${JSON.stringify(text)}; leave the cell empty if the class is not known`;
}
