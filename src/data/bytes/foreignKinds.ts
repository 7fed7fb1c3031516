/** A kind of file that is no dataset here, by what it is called and begins with. */
interface ForeignKind {
  /** What it is, and what to do with it. */
  what: string;
  endings: string[];
  /** How its bytes begin, as Latin-1. */
  start?: string;
}

const asCsv = 'save it as CSV';
const fromPandas = 'write it with df.to_parquet(path) or df.to_csv(path, index=False)';

const foreignKinds: ForeignKind[] = [
  {
    what: 'an old Excel workbook, or one with a password; save it as .xlsx without a password, or as CSV',
    endings: ['xls', 'xlsb'],
    start: '\xd0\xcf\x11\xe0',
  },
  { what: `an OpenDocument sheet; ${asCsv}`, endings: ['ods', 'numbers'] },
  { what: `a Feather or Arrow file; ${fromPandas}`, endings: ['feather', 'arrow', 'ipc', 'fea'], start: 'ARROW1' },
  { what: `a pickle of Python; ${fromPandas}`, endings: ['pkl', 'pickle', 'joblib'], start: '\x80\x04' },
  { what: `an HDF5 file; ${fromPandas}`, endings: ['h5', 'hdf5', 'hdf', 'nc'], start: '\x89HDF' },
  { what: `an ORC file; ${fromPandas}`, endings: ['orc'], start: 'ORC' },
  { what: `an Avro file; ${fromPandas}`, endings: ['avro'], start: 'Obj\x01' },
  {
    what: 'a SAS file; read it with pandas.read_sas and write it with df.to_csv(path, index=False)',
    endings: ['sas7bdat', 'xpt'],
    start: 'HEADER RECORD',
  },
  {
    what: 'an SPSS file; read it with pandas.read_spss and write it with df.to_csv(path, index=False)',
    endings: ['sav', 'zsav'],
    start: '$FL',
  },
  {
    what: 'a Stata file; read it with pandas.read_stata and write it with df.to_csv(path, index=False)',
    endings: ['dta'],
    start: '<stata_dta>',
  },
  { what: 'a file of R; write it with write.csv(x, path, row.names = FALSE)', endings: ['rds', 'rda', 'rdata'] },
  { what: `a MATLAB file; ${asCsv} with writematrix`, endings: ['mat'], start: 'MATLAB' },
  { what: `an ARFF file (Weka); ${asCsv}`, endings: ['arff'] },
  {
    what: 'a database (SQLite); export its table as CSV',
    endings: ['sqlite', 'sqlite3', 'db'],
    start: 'SQLite format 3',
  },
  { what: 'a web page (HTML); download the data themselves', endings: ['html', 'htm'], start: '<!DOCTYPE html' },
  {
    what: 'a map (GeoJSON); write the properties of its features as a list of objects in a .json file',
    endings: ['geojson'],
  },
  { what: `a PDF; ${asCsv} what its tables hold`, endings: ['pdf'], start: '%PDF-' },
  { what: 'an archive; unpack it', endings: ['7z', 'rar', 'tar', 'tgz', 'bz2', 'xz', 'zst'], start: '7z\xbc\xaf' },
];

/** Texts of other kinds by how they begin, and what to do with them. */
const foreignTexts: [RegExp, string][] = [
  [
    /^\s*<(!doctype\s+html|html|head|body)/i,
    'a web page (HTML), not the data; download the file itself, for instance by the link called "Raw"',
  ],
  [/^version https:\/\/git-lfs/, 'a pointer of Git LFS, not the data; fetch the file itself with "git lfs pull"'],
  [
    /^(?:\s|%[^\r\n]*[\r\n])*@relation\b/i,
    'an ARFF file (Weka); save it as CSV, or delete the lines up to @data and write the names of the attributes in their place',
  ],
  [
    /^404: Not Found\s*$/,
    'the answer of a server that has no such file, not the data; check the link, and download it again',
  ],
  [/^\s*<\?xml/i, 'an XML file; save its rows as CSV'],
  [/^\{\\rtf/, 'a formatted document (RTF), not plain text; save it as plain text (CSV)'],
  [/^HEADER RECORD\*{7}LIB/, 'a SAS transport file; save it as CSV'],
  [/^\$FL[23]/, 'an SPSS file; save it as CSV'],
];

/** What a file of such an ending is, and what to do with it. */
export function foreignByName(fileName: string): string | undefined {
  const ending = /\.([^./\\]+)$/.exec(fileName.toLowerCase())?.[1];
  return foreignKinds.find(({ endings }) => ending !== undefined && endings.includes(ending))?.what;
}

/** The same by how its text begins. */
export function foreignByText(text: string): string | undefined {
  return foreignTexts.find(([pattern]) => pattern.test(text))?.[1];
}

/** The same by how its bytes begin, as Latin-1. */
export function foreignByStart(start: string): string | undefined {
  return foreignKinds.find((kind) => kind.start !== undefined && start.startsWith(kind.start))?.what;
}
