/**
 * Batches of a net that two threads pass together, with the bits that one gives. First each takes tiles of rows, whichever
 * are left, up to the slopes between the layers. When both are done, each adds up the gradients of its own part of the
 * parameters over all rows, in the rows' order, and steps along them. Large batches are passed in stages, as far as there is
 * room for the numbers between the layers.
 */
import { clear } from './batch';
import { chunk, order, shared, slots, startTouching } from './memory';
import { addLayerGradients, packedBytes, passTile, stepNet } from './net';
import { chooseLoss, lossCode, lossOption } from './netLosses';
import { startAtRow, tileRows } from './netMemory';

/**
 * The shared words, each that both threads write in a cache line of its own: the number of the stage, the next tile to take,
 * how often a thread has met the other one, the last stage that the helper has done, the thread that is ready to help.
 */
const stageAt: usize = 0;
const ticketAt: usize = 64;
const metAt: usize = 128;
const doneAt: usize = 192;
const readyAt: usize = 256;
/** What the first thread writes before a stage: its rows in the order, who helps, and what follows from the batch. */
const startAt: usize = 320;
const rowsAt: usize = 324;
const helperAt: usize = 328;
const lossCodeAt: usize = 332;
const optionAt: usize = 336;
const divisorAt: usize = 344;
const ruleAt: usize = 352;
const stepsAt: usize = 356;
const flagsAt: usize = 360;
/** What the helper writes: whether its parameters are finite. */
const finiteAt: usize = 364;

const firstStage: u32 = 1;
const lastStage: u32 = 2;
const firstStep: u32 = 4;

/** How often the helper looks for the next stage before it sleeps: some ten microseconds. */
const looks: u32 = 1 << 10;
/**
 * How often a thread looks for what the other one does before it sleeps for a moment: some hundred microseconds. Where both are on
 * one core, a machine that has another moves one of them only as long as neither sleeps.
 */
const looksForOther: u32 = 1 << 13;
/** What it counts between two looks: some ten nanoseconds. */
const restSteps = 16;
/** Nanoseconds that it sleeps before it looks again. */
const nap: i64 = 100_000;

/** Rows that there is room for between the layers: whole tiles. */
let stageRows: u32 = 0;
/** Where the helper's part of the packed parameters begins, in bytes. */
let split: usize = 0;
/** The sum of the batch's losses so far, in the order of its tiles. */
let losses: f64 = 0;
/** Counted in a sum that no optimiser leaves out, because it is exported. */
export let rested: f64 = 0;

/** Takes the sizes, after `placeNet`. */
export function placeStages(rowsOfStage: u32, splitAt: usize): void {
  stageRows = rowsOfStage;
  split = splitAt;
}

/** The loss of the last batch that was shared. */
export function sharedLoss(): f32 {
  return (losses / load<f64>(shared, divisorAt)) as f32;
}

/** Passes a batch with the helper and takes a step, unless its loss is not finite; returns whether all parameters are. */
export function shareBatch(
  start: u32,
  rows: u32,
  divisor: f64,
  rule: usize,
  steps: usize,
  isFirst: bool,
  helper: u32,
): bool {
  if (!ASC_FEATURE_THREADS) return true;
  store<u32>(shared, helper, helperAt);
  store<u32>(shared, lossCode(), lossCodeAt);
  store<f64>(shared, lossOption(), optionAt);
  store<f64>(shared, divisor, divisorAt);
  store<u32>(shared, rule as u32, ruleAt);
  store<u32>(shared, steps as u32, stepsAt);
  let isFinite: bool = true;
  for (let from: u32 = 0; from < rows; from += stageRows) {
    const count = min(stageRows, rows - from);
    store<u32>(shared, start + from, startAt);
    store<u32>(shared, count, rowsAt);
    const ends = from + count === rows ? lastStage : 0;
    store<u32>(shared, (from === 0 ? firstStage : 0) | ends | (isFirst ? firstStep : 0), flagsAt);
    atomic.store<u32>(shared, 0, ticketAt);
    const stage = atomic.load<u32>(shared, stageAt) + 1;
    atomic.store<u32>(shared, stage, stageAt);
    atomic.notify(shared + stageAt, -1);
    isFinite = passStage(stage, 0, split);
    untilIs(shared + doneAt, stage);
  }
  return isFinite && load<u32>(shared, finiteAt) !== 0;
}

/** What the helper does from its start to its end; `id` tells it from one that was let go and has not ended yet. */
export function helpNet(id: u32): void {
  if (!ASC_FEATURE_THREADS) return;
  let stage = atomic.load<u32>(shared, stageAt);
  atomic.store<u32>(shared, id, readyAt);
  while (true) {
    stage = nextStage(stage);
    if (load<u32>(shared, helperAt) !== id) continue;
    chooseLoss(load<u32>(shared, lossCodeAt), load<f64>(shared, optionAt));
    store<u32>(shared, passStage(stage, split, packedBytes()) ? 1 : 0, finiteAt);
    atomic.store<u32>(shared, stage, doneAt);
  }
}

/** A thread's part in a stage, with the parameters in `[from, end)` of the packed ones; returns whether these are finite. */
function passStage(stage: u32, from: usize, end: usize): bool {
  const start = load<u32>(shared, startAt);
  const rows = load<u32>(shared, rowsAt);
  const flags = load<u32>(shared, flagsAt);
  const divisor = load<f64>(shared, divisorAt);
  const tiles = (rows + tileRows - 1) / tileRows;
  for (let tile = takeTile(); tile < tiles; tile = takeTile()) {
    const first = tile * tileRows;
    startAtRow(first);
    startTouching(order + ((start + first) << 2));
    store<f64>(slots + (tile << 3), passTile(start + first, min(tileRows, rows - first), divisor));
  }
  startAtRow(0);
  atomic.add<u32>(shared, 1, metAt);
  untilIs(shared + metAt, 2 * stage);
  if (flags & firstStage) {
    losses = 0;
    clear(chunk + from, chunk + end);
  }
  for (let tile: u32 = 0; tile < tiles; tile++) losses += load<f64>(slots + (tile << 3));
  addLayerGradients(rows, from, end);
  const loss = sharedLoss();
  if (!(flags & lastStage) || loss - loss !== 0) return true;
  return stepNet(load<u32>(shared, ruleAt), load<u32>(shared, stepsAt), (flags & firstStep) !== 0, from, end);
}

function takeTile(): u32 {
  return atomic.add<u32>(shared, 1, ticketAt);
}

/** Waits until there is another stage than the last one; returns its number. */
function nextStage(last: u32): u32 {
  let look: u32 = 0;
  while (true) {
    const stage = atomic.load<u32>(shared, stageAt);
    if (stage !== last) return stage;
    rest();
    if (++look >= looks) atomic.wait<i32>(shared + stageAt, last as i32, -1);
  }
}

/** Waits until a word has a value. The thread that writes it may need the core that this one has. */
function untilIs(at: usize, value: u32): void {
  let look: u32 = 0;
  while (true) {
    const seen = atomic.load<u32>(at);
    if (seen === value) return;
    rest();
    if (++look >= looksForOther) atomic.wait<i32>(at, seen as i32, nap);
  }
}

/** Lets some cycles pass: a word that is looked at without a break is slow to write for the other thread. */
function rest(): void {
  for (let i = 0; i < restSteps; i++) rested += 1;
}
