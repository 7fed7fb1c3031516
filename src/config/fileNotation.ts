import { Type } from '@sinclair/typebox';
import { words } from './keys/schemaKit';

const character = (description: string, aliases: string[]) =>
  Type.Optional(Type.String({ description, aliases, minLength: 1, maxLength: 1 }));

/** More lines than any title or footer has. */
const maxSkipped = 100_000;

/** Keys of how a file is written, in the words of `pandas.read_csv`. */
export const fileNotation = {
  delimiter: Type.Optional(
    Type.String({
      description:
        'The character between cells, `"\\t"` for a tab, or `"whitespace"` for runs of blanks and tabs (pandas: ' +
        '`delimiter`, `"\\s+"`). If omitted, it is detected from the first rows.',
      aliases: ['sep', 'separator', 'delim', 'delimeter'],
      pattern: '^(.|whitespace|\\\\s\\+)$',
    }),
  ),
  decimal: Type.Optional(
    words(
      { '.': 'As in 1.5.', ',': 'As in 1,5.' },
      {
        description:
          'What stands before a fraction (pandas: `decimal`). If omitted, it is detected for each column from the first rows.',
        aliases: ['decimal_separator', 'decimal_point', 'dec'],
      },
    ),
  ),
  thousands: character(
    'The character between groups of digits, as the comma in 1,000,000 (pandas: `thousands`). If omitted, it is detected ' +
      'for each column from the first rows.',
    ['thousands_separator', 'grouping'],
  ),
  header: Type.Optional(
    Type.Union([Type.Boolean(), Type.Integer({ minimum: 0, maximum: maxSkipped })], {
      description:
        'Whether the first row holds the column names, or the number of the row that does, from 0 (pandas: `header`). ' +
        'Without names the columns are called `x0`, `x1`, …. If omitted, it is detected: a row of numbers above numbers holds none.',
      aliases: ['has_header', 'names', 'first_row'],
    }),
  ),
  comment: character(
    'The character that begins a comment, which goes on to the end of its line (pandas: `comment`). If omitted, lines that ' +
      'begin with `#` or `%` are detected.',
    ['comments', 'comment_char', 'comment_prefix'],
  ),
  skiprows: Type.Optional(
    Type.Union(
      [
        Type.Integer({ minimum: 0, maximum: maxSkipped }),
        Type.Array(Type.Integer({ minimum: 0, description: 'Number of a line, from 0.' }), { minItems: 1 }),
      ],
      {
        description:
          'Number of lines to skip at the start, or a list of line numbers from 0 (pandas: `skiprows`). If omitted, titles ' +
          'above the table and rows of units are detected; 0 turns that off.',
        aliases: ['skip_rows', 'skip', 'skip_lines', 'skip_header'],
      },
    ),
  ),
  skipfooter: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: maxSkipped,
      description:
        'Number of lines to skip at the end (pandas: `skipfooter`). If omitted, a row that sums up the others is detected; 0 turns that off.',
      aliases: ['skip_footer', 'footer', 'skip_end'],
    }),
  ),
  sheet: Type.Optional(
    Type.Union([Type.String({ minLength: 1 }), Type.Integer({ minimum: 0, maximum: maxSkipped })], {
      description:
        'Sheet of an Excel workbook, by name or by number from 0 (pandas: `sheet_name`). If omitted, the first.',
      aliases: ['sheet_name', 'worksheet', 'tab'],
    }),
  ),
  encoding: Type.Optional(
    words(
      {
        'utf-8': 'Unicode, as nearly every program writes today.',
        'utf-16le': 'Unicode in two bytes a character, as Windows programs write it.',
        'utf-16be': 'The same with the bytes the other way round.',
        latin1: 'Western European, one byte a character (Windows-1252).',
      },
      {
        description:
          'Character encoding (pandas: `encoding`). If omitted, it follows from the byte order mark; without one, UTF-8, or ' +
          'Latin-1 if the bytes are not valid UTF-8.',
        aliases: ['charset', 'codec', 'file_encoding'],
      },
    ),
  ),
  na_values: Type.Optional(
    Type.Union(
      [
        Type.Array(Type.Union([Type.String(), Type.Number()], { description: 'A word, or a number such as -999.' }), {
          minItems: 1,
          uniqueItems: true,
        }),
        Type.Number(),
        Type.String(),
      ],
      {
        description:
          'Words or numbers that mean an empty cell (pandas: `na_values`), besides `?` and those that pandas knows by itself, ' +
          'such as `NA`, `NaN`, `null` and `None`. `missing` says what is done with empty cells.',
        aliases: ['null_values', 'na_strings', 'nulls', 'missing_markers'],
      },
    ),
  ),
};
