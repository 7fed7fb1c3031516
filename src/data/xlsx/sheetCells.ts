/**
 * The cells of an Excel workbook as text. Read by hand, on the zip reader that guards against forged archives: what is needed
 * of the format is a few elements of four files, and a cell's place in the sheet must stay known for problems.
 */
import { utf8Text } from '../bytes/bytesText';
import { unzipEntry, zipEntries, ZipFault, type ZipEntry } from '../bytes/zipEntries';

/** Bytes that one file of a workbook may take when unpacked. */
const maxPart = 500_000_000;
/** Rows and columns of a sheet: as many as Excel has. */
const maxRows = 1_048_576;
const maxColumns = 16_384;
/** Days from 1899-12-30, Excel's day 0, to 1970-01-01. */
const epochDay = 25569;
/** Days to 1904-01-01, which is day 0 of workbooks that say so. */
const daysTo1904 = 1462;
const dayMilliseconds = 86_400_000;
/** Numbers of the formats that Excel has for dates and times by itself. */
const dateFormats = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47]);

/** A sheet's rows by their place; rows and cells without anything are absent. */
export interface Sheet {
  name: string;
  /** All sheets of cells in the workbook, those that are hidden among them. */
  names: string[];
  rows: (string[] | undefined)[];
  /** The first formula without a value, as programs write it that do not calculate. */
  unknown?: { row: number; column: number };
}

/** How cells become text. */
interface CellStyle {
  shared: string[];
  /** Which styles of cells show a date or a time. */
  dates: boolean[];
  /** Day 0, in days from Excel's usual one. */
  firstDay: number;
  /** What stands before the fraction of a number. */
  decimal: string;
}

/**
 * The sheet of that name or place, otherwise the first one that is not hidden. `decimal` is to stand before fractions. Rejects
 * with a ZipFault if the workbook has no such sheet.
 */
export async function readSheet(bytes: Uint8Array, wanted: string | number | undefined, decimal = '.'): Promise<Sheet> {
  const entries = new Map(zipEntries(bytes).map((entry) => [entry.name.replace(/^\//, ''), entry]));
  const part = (name: string) => partText(bytes, entries.get(name));
  const workbook = await part('xl/workbook.xml');
  if (workbook === undefined) throw new ZipFault('it holds no workbook');
  const sheets = worksheets(workbook, (await part('xl/_rels/workbook.xml.rels')) ?? '');
  if (sheets.length === 0) throw new ZipFault('it holds no sheet');
  const names = sheets.map(({ name }) => name);
  const shown = sheets.find(({ isHidden }) => !isHidden) ?? sheets[0];
  const named = typeof wanted === 'string' ? sheets.find(({ name }) => name === wanted) : sheets[wanted ?? -1];
  const sheet = wanted === undefined ? shown : named;
  if (!sheet)
    throw new ZipFault(
      `it has no sheet ${JSON.stringify(wanted)}; its sheets are ${names.map((name) => JSON.stringify(name)).join(', ')}`,
    );
  const { target } = sheet;
  const text = await part(target.startsWith('/') ? target.slice(1) : `xl/${target}`);
  if (text === undefined) throw new ZipFault(`the cells of sheet ${JSON.stringify(sheet.name)} are not in it`);
  const shared = elements((await part('xl/sharedStrings.xml')) ?? '', 'si').map(({ content }) => textOf(content));
  const firstDay = /\sdate1904="(1|true)"/.test(workbook) ? daysTo1904 : 0;
  const style = { shared, dates: dateStyles((await part('xl/styles.xml')) ?? ''), firstDay, decimal };
  return { name: sheet.name, names, ...rowsOf(text, style) };
}

/** The sheets of a workbook that have cells, in its order, and the files that hold them. */
function worksheets(workbook: string, relations: string): { name: string; target: string; isHidden: boolean }[] {
  const links = elements(relations, 'Relationship').map(({ attributes }) => attributes);
  return elements(workbook, 'sheet').flatMap(({ attributes }, i) => {
    const id = attribute(attributes, '(?:\\w+:)?id');
    const link = links.find((one) => attribute(one, 'Id') === id) ?? '';
    // A chart has no cells.
    if (!(attribute(link, 'Type') ?? '/worksheet').endsWith('/worksheet')) return [];
    const target = attribute(link, 'Target') ?? `worksheets/sheet${i + 1}.xml`;
    const isHidden = /hidden$/i.test(attribute(attributes, 'state') ?? '');
    return [{ name: plain(attribute(attributes, 'name') ?? ''), target, isHidden }];
  });
}

async function partText(bytes: Uint8Array, entry: ZipEntry | undefined): Promise<string | undefined> {
  if (!entry) return undefined;
  if (entry.size > maxPart)
    throw new ZipFault(`${entry.name} takes ${entry.size} bytes when unpacked, too many to be read`);
  return utf8Text(await unzipEntry(bytes, entry));
}

/** Which styles of cells show a date or a time. */
function dateStyles(styles: string): boolean[] {
  const own = new Map(
    elements(styles, 'numFmt').map(({ attributes }) => [
      attribute(attributes, 'numFmtId'),
      attribute(attributes, 'formatCode') ?? '',
    ]),
  );
  const [cellStyles] = elements(styles, 'cellXfs');
  return elements(cellStyles?.content ?? '', 'xf').map(({ attributes }) => {
    const id = attribute(attributes, 'numFmtId') ?? '0';
    const code = plain(own.get(id) ?? '').replace(/"[^"]*"|\[[^\]]*\]|\\./g, '');
    return dateFormats.has(Number(id)) || /[ymdhs]/i.test(code);
  });
}

function rowsOf(text: string, style: CellStyle): Pick<Sheet, 'rows' | 'unknown'> {
  const rows: Sheet['rows'] = [];
  let unknown: Sheet['unknown'];
  for (const row of elements(text, 'row')) {
    const number = Number(attribute(row.attributes, 'r') ?? rows.length + 1);
    if (!(number > rows.length && number <= maxRows)) throw new ZipFault('its rows are not in order');
    const cells: string[] = [];
    for (const { attributes, content } of elements(row.content, 'c')) {
      const place = attribute(attributes, 'r');
      const column = place === undefined ? cells.length : columnOf(place);
      if (!(column >= cells.length && column < maxColumns)) throw new ZipFault('its cells are not in order');
      while (cells.length < column) cells.push('');
      cells.push(cellText(attributes, content, style));
      const isText = attribute(attributes, 't') === 'str';
      if (cells[column] === '' && !isText && content.includes('<f')) unknown ??= { row: number, column: column + 1 };
    }
    rows[number - 1] = cells;
  }
  return { rows, ...(unknown && { unknown }) };
}

function cellText(attributes: string, content: string, { shared, dates, firstDay, decimal }: CellStyle): string {
  const type = attribute(attributes, 't');
  if (type === 'inlineStr') return textOf(content);
  const value = plain(elements(content, 'v')[0]?.content ?? '');
  if (type === 's') return shared[Number(value)] ?? '';
  if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE';
  if (value === '' || (type !== undefined && type !== 'n')) return value;
  const isDate = dates[Number(attribute(attributes, 's') ?? 0)];
  return isDate ? dateText(Number(value), firstDay) : value.replace('.', decimal);
}

/** A day or a time of day as Excel counts it, as text that is seen to be one. */
function dateText(days: number, firstDay: number): string {
  const time = new Date(Math.round((days + firstDay - epochDay) * dayMilliseconds));
  if (Number.isNaN(time.getTime())) return String(days);
  const [date, clock] = time.toISOString().slice(0, 19).split('T');
  if (days < 1) return clock;
  return clock === '00:00:00' ? date : `${date} ${clock}`;
}

/** Column from 0 of a place such as `AB12`. */
function columnOf(place: string): number {
  let column = 0;
  for (const letter of /^[A-Z]*/.exec(place)![0]) column = 26 * column + letter.charCodeAt(0) - 64;
  return column - 1;
}

/** The texts in an element, without those that say how others are spoken. */
function textOf(content: string): string {
  const spoken = content.replace(/<(\w+:)?rPh\b[^]*?<\/(\w+:)?rPh>/g, '');
  return elements(spoken, 't')
    .map((one) => plain(one.content))
    .join('');
}

interface Element {
  attributes: string;
  content: string;
}

/** The elements of a name, which hold none of the same name. */
function elements(xml: string, name: string): Element[] {
  const opening = new RegExp(`<(\\w+:)?${name}(\\s[^>]*?)?(/)?>`, 'g');
  const found: Element[] = [];
  for (let match = opening.exec(xml); match; match = opening.exec(xml)) {
    const [, prefix = '', attributes = '', isEmpty] = match;
    const end = isEmpty ? opening.lastIndex : xml.indexOf(`</${prefix}${name}>`, opening.lastIndex);
    if (end < 0) throw new ZipFault('its XML is damaged');
    found.push({ attributes, content: xml.slice(opening.lastIndex, end) });
    opening.lastIndex = end;
  }
  return found;
}

function attribute(attributes: string, name: string): string | undefined {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(attributes)?.[1];
}

const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function plain(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return entities[name] ?? whole;
      const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
