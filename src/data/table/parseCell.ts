/** What keeps a cell from being a number. */
export type CellFault = 'missing' | 'text' | 'notFinite' | 'tooLarge';

const noValueAdvice =
  'if it stands for no value, name it in dataset.na_values and set dataset.missing to "drop" or "mean"';

/** What is wrong with a cell of a column, and what would be right; of a text, `cure` is what would make it a number. */
export function faultMessage(fault: CellFault, column: string, text: string, cure?: string): string {
  const name = `column ${JSON.stringify(column)}`;
  const got = `got ${JSON.stringify(text)}`;
  switch (fault) {
    case 'missing':
      return `${name} has no value here; fill it in, or set dataset.missing to "drop" or "mean"`;
    case 'notFinite':
      return `${name} must hold finite numbers, ${got}; leave the cell empty if the value is not known`;
    case 'tooLarge':
      return `${name} must hold numbers that a float32 can hold (up to about 3.4e38), ${got}; leave the cell empty if it is no value, or write the column in a larger unit`;
    case 'text':
      return `${name} must hold numbers, ${got}; ${cure ?? noValueAdvice}`;
  }
}

/** The same for a cell of a column that holds classes or categories, of which `type` says what most of its cells are. */
export function categoryFaultMessage(
  what: 'class' | 'category',
  fault: CellFault,
  type: 'number' | 'text',
  column: string,
  text: string,
  cure?: string,
): string {
  const name = `column ${JSON.stringify(column)}`;
  if (fault === 'missing')
    return `${name} has no ${what} here; fill it in, or set dataset.missing to ${what === 'category' ? '"category" or "drop"' : '"drop"'}`;
  if (type === 'number') return faultMessage(fault, column, text, cure);
  return `${name} must hold names, got ${JSON.stringify(text)}; leave the cell empty if the ${what} is not known`;
}
