import type { CellReader } from './cellReader';

const blankSigns = ' \\u00a0\\u2009\\u202f';
/** A number in any notation, with what people put around it. */
const numberishPattern = new RegExp(
  `^[=("+\\-\\u2212\\u2013\\s\\p{Sc}<>]*([A-Z]{3}\\s)?[.,]?[\\d\\u0660-\\u0669\\uff10-\\uff19][\\d.,'\\u2019${blankSigns}\\u0660-\\u0669\\uff0e\\uff10-\\uff19]*([eEdD][+-]?\\d+)?[)"\\s]*(-|%|\\p{Sc}|[KMB]|\\s[A-Za-z°µ/³²]{1,6})?$`,
  'u',
);
const datePattern = /^\d{1,4}([./-])\d{1,2}\1\d{1,4}([T ]|$)/;
/** Words that people write where there is no value, besides those that are always taken for it. */
const noValuePattern = /^(n\.?a\.?|n\.?d\.?|missing|unknown|none|nil|null|nan|inf|\W*|#[A-Z/0!]+)$/i;
const unitWords = new Set(
  (
    'm cm mm km µm um nm s sec ms us µs min h hr hrs d g kg mg µg ug t K C °C degC F °F degF Pa hPa kPa MPa bar mbar psi ' +
    'V mV kV A mA W kW MW kWh Wh Hz kHz MHz GHz J kJ N kN mol ppm ppb L l ml mL m2 m3 m² m³ cm2 cm3 km2 ft in lb lbs oz ' +
    'mi mph rpm rad deg ° % $ € £ USD EUR GBP CHF dB lux lx unit units count counts pct percent ' +
    'int integer float double real number numeric string text str bool boolean date datetime time char varchar ' +
    'continuous discrete category categorical int64 float64 object'
  ).split(' '),
);
const unitForms = [
  /^[[(].*[\])]$/,
  /^[a-zA-Zµ°]{1,4}\d?([/*·^][a-zA-Z0-9µ²³^-]{1,6})+$/,
  /^%[\d.]*[dfegs]$/,
  /^[FAI]\d+(\.\d+)?$/,
];

/** Whether a cell may hold a number, in whatever notation. */
export function isNumberish(text: string): boolean {
  return numberishPattern.test(text) && !datePattern.test(text);
}

/** Whether a cell says nothing: it is empty, or a word for no value. */
export function isNothing(text: string, reader: CellReader): boolean {
  return reader.isMissing(text) || (noValuePattern.test(text) && !unitWords.has(text));
}

/** Whether a cell may hold a unit or a type of numbers. */
export function isUnit(text: string): boolean {
  return unitWords.has(text) || unitForms.some((form) => form.test(text));
}
