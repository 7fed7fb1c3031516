import type { CellReader } from './cellReader';

const SPACES = ' \\u00a0\\u2009\\u202f';
/** A number in any notation, with what people put around it. */
const NUMBERISH = new RegExp(
  `^[=("+\\-\\u2212\\u2013\\s\\p{Sc}<>]*([A-Z]{3}\\s)?[.,]?[\\d\\u0660-\\u0669\\uff10-\\uff19][\\d.,'\\u2019${SPACES}\\u0660-\\u0669\\uff0e\\uff10-\\uff19]*([eEdD][+-]?\\d+)?[)"\\s]*(-|%|\\p{Sc}|[KMB]|\\s[A-Za-z°µ/³²]{1,6})?$`,
  'u',
);
const DATE = /^\d{1,4}([./-])\d{1,2}\1\d{1,4}([T ]|$)/;
/** Words that people write where there is no value, besides those that are always taken for it. */
const NO_VALUE = /^(n\.?a\.?|n\.?d\.?|missing|unknown|none|nil|null|nan|inf|\W*|#[A-Z/0!]+)$/i;
const UNIT_WORDS = new Set(
  (
    'm cm mm km µm um nm s sec ms us µs min h hr hrs d g kg mg µg ug t K C °C degC F °F degF Pa hPa kPa MPa bar mbar psi ' +
    'V mV kV A mA W kW MW kWh Wh Hz kHz MHz GHz J kJ N kN mol ppm ppb L l ml mL m2 m3 m² m³ cm2 cm3 km2 ft in lb lbs oz ' +
    'mi mph rpm rad deg ° % $ € £ USD EUR GBP CHF dB lux lx unit units count counts pct percent ' +
    'int integer float double real number numeric string text str bool boolean date datetime time char varchar ' +
    'continuous discrete category categorical int64 float64 object'
  ).split(' '),
);
const UNIT_FORMS = [
  /^[[(].*[\])]$/,
  /^[a-zA-Zµ°]{1,4}\d?([/*·^][a-zA-Z0-9µ²³^-]{1,6})+$/,
  /^%[\d.]*[dfegs]$/,
  /^[FAI]\d+(\.\d+)?$/,
];

/** Whether a cell may hold a number, in whatever notation. */
export function isNumberish(text: string): boolean {
  return NUMBERISH.test(text) && !DATE.test(text);
}

/** Whether a cell says nothing: it is empty, or a word for no value. */
export function isNothing(text: string, reader: CellReader): boolean {
  return reader.isMissing(text) || (NO_VALUE.test(text) && !UNIT_WORDS.has(text));
}

/** Whether a cell may hold a unit or a type of numbers. */
export function isUnit(text: string): boolean {
  return UNIT_WORDS.has(text) || UNIT_FORMS.some((form) => form.test(text));
}
