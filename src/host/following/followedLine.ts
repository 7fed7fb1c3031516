import type { Divergence, RunStatus } from '../../protocol/protocol';
import type { NestedParameters } from '../../protocol/followedModel';

/** A line of `run --json` as far as it is used, after it was checked. */
export type FollowedLine =
  | {
      event: 'start';
      config: object;
      inputs: string[];
      targets: string[];
      rows: { train: number; val: number };
      parameters: NestedParameters;
    }
  | { event: 'epoch'; epoch: number; loss: number; batchLoss: number; valLoss: number; lr: number }
  | {
      event: 'end';
      status: Extract<RunStatus, 'finished' | 'early_stopped' | 'stopped' | 'diverged'>;
      epochs: number;
      loss: number;
      valLoss: number;
      /** Absent where the line has none. */
      parameters?: NestedParameters;
      divergence?: Divergence;
      seconds: number;
    };

/** Rows, epochs and names of columns that are taken at most. */
const mostCounted = 1e12;
const mostNames = 100_000;
const longestName = 10_000;

type Fields = Record<string, unknown>;

/** Reads a line. Throws an Error, the end of a sentence that begins with the line's number, where it is not one. */
export function readFollowedLine(text: string): FollowedLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('is not JSON');
  }
  if (!isFields(value)) throw new Error('is not a JSON object');
  switch (value.event) {
    case 'start':
      return startLine(value);
    case 'epoch':
      return epochLine(value);
    case 'end':
      return endLine(value);
    default:
      throw new Error('has no "event" that is "start", "epoch" or "end"');
  }
}

function startLine({ config, inputs, targets, rows, ...fields }: Fields): FollowedLine {
  if (!isFields(config)) throw new Error('has no "config" that is an object');
  if (!isFields(rows)) throw new Error('has no "rows" that is an object');
  const train = countIn(rows, 'train');
  if (train === 0) throw new Error('has no training rows');
  return {
    ...{ event: 'start', config, inputs: namesOf(inputs, 'inputs'), targets: namesOf(targets, 'targets') },
    rows: { train, val: countIn(rows, 'val') },
    parameters: parametersOf(fields) ?? {},
  };
}

function epochLine(fields: Fields): FollowedLine {
  const epoch = countIn(fields, 'epoch');
  const [loss, lr] = [numberIn(fields, 'loss'), numberIn(fields, 'lr')];
  const batchLoss = numberIn(fields, 'batch_loss', loss);
  return { event: 'epoch', epoch, loss, batchLoss, valLoss: numberIn(fields, 'val_loss', NaN), lr };
}

function endLine(fields: Fields): FollowedLine {
  const { status, diverged } = fields;
  if (status !== 'finished' && status !== 'early_stopped' && status !== 'stopped' && status !== 'diverged') {
    throw new Error('has no "status" that is "finished", "early_stopped", "stopped" or "diverged"');
  }
  const parameters = parametersOf(fields);
  const epochs = countIn(fields, 'epochs');
  return {
    ...{ event: 'end', status, epochs, loss: numberIn(fields, 'loss'), valLoss: numberIn(fields, 'val_loss', NaN) },
    ...(parameters && { parameters }),
    ...(status === 'diverged' && { divergence: divergenceOf(diverged, epochs) }),
    seconds: Math.max(0, numberIn(fields, 'seconds', 0)),
  };
}

function divergenceOf(diverged: unknown, epochs: number): Divergence {
  if (!isFields(diverged)) return { epoch: Math.max(0, epochs - 1), batch: 0, what: 'loss' };
  const what = diverged.what === 'parameter' ? 'parameter' : 'loss';
  return { epoch: countIn(diverged, 'epoch'), batch: countIn(diverged, 'batch'), what };
}

/** The parameters of a line: `weight` and `bias` for one layer, otherwise `parameters`. A bias without numbers is left out. */
function parametersOf({ weight, bias, parameters }: Fields): NestedParameters | undefined {
  const named = isFields(parameters) ? parameters : weight === undefined ? undefined : { weight, bias };
  if (!named) return undefined;
  const found = Object.entries(named).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(
    found.map(([name, value]) => {
      if (!Array.isArray(value)) throw new Error(`has ${JSON.stringify(name)}, which is not a list of numbers`);
      return [name, value.map((item: unknown) => (Array.isArray(item) ? numbersIn(item, name) : asNumber(item, name)))];
    }),
  ) as NestedParameters;
}

function numbersIn(list: unknown[], name: string): number[] {
  return list.map((item) => asNumber(item, name));
}

function namesOf(value: unknown, key: string): string[] {
  const isName = (name: unknown): name is string => typeof name === 'string' && name.length <= longestName;
  if (Array.isArray(value) && value.length > 0 && value.length <= mostNames && value.every(isName)) return value;
  throw new Error(`has no "${key}" that is a list of names`);
}

function countIn(fields: Fields, key: string): number {
  const value = fields[key];
  if (Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= mostCounted) {
    return value as number;
  }
  throw new Error(`has no "${key}" that is a whole number`);
}

function numberIn(fields: Fields, key: string, absent?: number): number {
  const value = fields[key];
  return value === undefined && absent !== undefined ? absent : asNumber(value, key);
}

/** A number, or the word for one that JSON does not have. */
function asNumber(value: unknown, key: string): number {
  if (typeof value === 'number') return value;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  throw new Error(`has "${key}" without a number`);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
