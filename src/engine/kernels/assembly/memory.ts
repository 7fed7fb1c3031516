import { Rows } from './rows';

/** Where things are in memory, in bytes. */
export let inputs: usize = 0;
export let targets: usize = 0;
export let order: usize = 0;
export let parameters: usize = 0;
export let previous: usize = 0;
export let gradients: usize = 0;
export let chunk: usize = 0;
export let sums: usize = 0;
export let outputs: usize = 0;
export let outputGradients: usize = 0;
export let report: usize = 0;
/** What threads share of a batch in chunks, and the chunks' sums; see `chunks.ts`. */
export let shared: usize = 0;
export let slots: usize = 0;

export let inFeatures: i32 = 0;
export let outFeatures: i32 = 0;
export let hasBias: bool = false;
export let parameterCount: i32 = 0;

/** Shuffled rows are touched this many at a time, just before the arithmetic of the ones before them. */
const touchRows: u32 = 32;
const cacheLine: usize = 64;
/** Wider rows are fetched ahead by the processor itself. */
const mostTouchLines: i32 = 8;

/** Cache lines of a row to touch ahead, and up to which position of the order; 0 for rows too wide to gain by it. */
let touchLines: i32 = 0;
let touchEnd: usize = 0;
/** Position in the order from which on rows have not been touched. */
let untouched: usize = 0;
/** What touching read: exported, so that no optimiser leaves those loads out. */
export let touched: i32 = 0;

/** Takes the addresses; every span has 16 bytes of slack after it. */
export function place(
  inputsAt: usize,
  targetsAt: usize,
  orderAt: usize,
  parametersAt: usize,
  previousAt: usize,
  gradientsAt: usize,
  chunkAt: usize,
  sumsAt: usize,
  outputsAt: usize,
  outputGradientsAt: usize,
  reportAt: usize,
  sharedAt: usize,
  slotsAt: usize,
): void {
  inputs = inputsAt;
  targets = targetsAt;
  order = orderAt;
  parameters = parametersAt;
  previous = previousAt;
  gradients = gradientsAt;
  chunk = chunkAt;
  sums = sumsAt;
  outputs = outputsAt;
  outputGradients = outputGradientsAt;
  report = reportAt;
  shared = sharedAt;
  slots = slotsAt;
}

/** Takes the sizes, after the addresses. */
export function shape(rows: u32, width: i32, height: i32, bias: bool): void {
  hasBias = bias;
  placeSizes(rows, width, height, width * height + (bias ? height : 0));
}

/** Takes the sizes of any model, after the addresses. */
export function placeSizes(rows: u32, width: i32, height: i32, count: i32): void {
  inFeatures = width;
  outFeatures = height;
  parameterCount = count;
  touchLines = (width * 4 + 63) / 64;
  touchEnd = touchLines <= mostTouchLines ? order + (rows << 2) : 0;
  Rows.setTail(width);
}

/** Address of the inputs of the row at a position of the order. */
export function rowAt(position: usize): usize {
  return inputs + (load<u32>(position) as usize) * ((inFeatures as usize) << 2);
}

/** Address of its only target. */
export function targetAt(position: usize): usize {
  return targets + ((load<u32>(position) as usize) << 2);
}

/** Begins a span of rows at a position of the order. Rows in sequence are fetched ahead by the processor itself. */
export function startTouching(position: usize): void {
  const first = load<u32>(position);
  const inSequence = load<u32>(position, 4) === first + 1 && load<u32>(position, 8) === first + 2;
  untouched = touchEnd === 0 || inSequence ? usize.MAX_VALUE : position;
}

/**
 * Where the rows before this position of the order are used up, reads a word of each cache line of the next ones, so
 * that they are all on their way when they are used.
 */
export function touchAhead(position: usize): void {
  if (position >= untouched) touch();
}

function touch(): void {
  const from = untouched;
  const to = min(from + (touchRows << 2), touchEnd);
  const lines = touchLines;
  let sum = 0;
  for (let at = from; at < to; at += 4) {
    let line = rowAt(at);
    sum += load<i32>(targetAt(at));
    for (let i = 0; i < lines; i++) {
      sum += load<i32>(line);
      line += cacheLine;
    }
  }
  touched = sum;
  untouched = to;
}
