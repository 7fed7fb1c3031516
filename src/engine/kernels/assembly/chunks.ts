/**
 * A batch of mse_loss with one output in chunks of rows, each summed for itself. Who sums a chunk makes no difference to
 * the bits: two threads may share the work. Each chunk is taken by one of them, the one that is ready first. At the end
 * the first thread sums again what the helper has taken but not done, so that it never waits for a thread that may be
 * asleep or gone; what a late helper still writes is seen by nobody.
 */
import { addToSums, begin, chunkRows, clearGradients } from './batch';
import { order, parameterCount, shared, slots, startTouching } from './memory';
import { mseRows, step } from './mse';

/**
 * The shared words: the ticket, in one piece the next chunk to take and above it the number of the batch; where the batch
 * begins in the order, and its rows. Then two words for each chunk: the last batch in which the first thread summed it,
 * and the helper.
 */
const generationAt: usize = 4;
const startAt: usize = 8;
const rowsAt: usize = 12;
const doneAt: usize = 16;
/** A next chunk that no batch has. */
const closed: u64 = 0xffffffff;

/** A slot begins with the sum of squares; the gradients follow. */
const slotHead: usize = 16;

// Without a second thread nothing has to be atomic.
function loadTicket(): u64 {
  return ASC_FEATURE_THREADS ? atomic.load<u64>(shared) : load<u64>(shared);
}

function storeTicket(ticket: u64): void {
  if (ASC_FEATURE_THREADS) atomic.store<u64>(shared, ticket);
  else store<u64>(shared, ticket);
}

function replaceTicket(expected: u64, ticket: u64): bool {
  if (ASC_FEATURE_THREADS) return atomic.cmpxchg<u64>(shared, expected, ticket) === expected;
  store<u64>(shared, ticket);
  return true;
}

function chunksOf(rows: u32): u32 {
  return (rows + chunkRows - 1) / chunkRows;
}

/** Begins a batch: the rows `[start, end)` of the order. */
export function beginMse(start: u32, end: u32): void {
  const last = loadTicket() >> 32;
  // A late helper must not take a chunk while start and rows change, and must not see this batch before they are there.
  storeTicket((last << 32) | closed);
  store<u32>(shared, start, startAt);
  store<u32>(shared, end - start, rowsAt);
  // Of batch 0 all chunks would look done.
  storeTicket(max<u64>(1, (last + 1) & 0xffffffff) << 32);
  if (ASC_FEATURE_THREADS) atomic.notify(shared + generationAt, 1);
}

/** Sums up to `mostChunks` more chunks of the batch; returns how many rows are taken by now, by whomever. */
export function addMse(mostChunks: u32): u32 {
  const generation = (loadTicket() >> 32) as u32;
  const start = load<u32>(shared, startAt);
  const rows = load<u32>(shared, rowsAt);
  for (let taken: u32 = 0; taken < mostChunks; taken++) {
    const chunk = takeChunk(generation, rows);
    if (chunk < 0) return rows;
    sumChunk(chunk, start, rows, generation, 0);
  }
  return min((loadTicket() as u32) * chunkRows, rows);
}

/** Ends the batch, of which all chunks are taken, with a step of plain SGD; returns as `step`. */
export function stepMse(lr: f32): i32 {
  const generation = (loadTicket() >> 32) as u32;
  const start = load<u32>(shared, startAt);
  const rows = load<u32>(shared, rowsAt);
  const chunks = chunksOf(rows);
  let squares: f64 = 0;
  begin();
  for (let chunk: u32 = 0; chunk < chunks; chunk++) {
    const helper: u32 = isDone(chunk, generation, 1) ? 1 : 0;
    if (!helper && !isDone(chunk, generation, 0)) sumChunk(chunk, start, rows, generation, 0);
    const slot = slotOf(chunk, helper);
    squares += load<f64>(slot);
    addToSums(slot + slotHead);
  }
  return step(squares, rows, lr);
}

/** What the helper does from its start to its end: sleeps until there is a batch, and takes chunks of it. */
export function help(): void {
  if (!ASC_FEATURE_THREADS) return;
  let seen: u32 = 0;
  while (true) {
    const generation = (loadTicket() >> 32) as u32;
    if (generation === seen) {
      atomic.wait<i32>(shared + generationAt, seen as i32, -1);
      continue;
    }
    seen = generation;
    // A chunk that can be taken proves that these were read while they were this batch's.
    const start = load<u32>(shared, startAt);
    const rows = load<u32>(shared, rowsAt);
    for (let chunk = takeChunk(generation, rows); chunk >= 0; chunk = takeChunk(generation, rows)) {
      sumChunk(chunk, start, rows, generation, 1);
    }
  }
}

/** The next chunk of a batch, or -1 where none is left or the batch is over. */
function takeChunk(generation: u32, rows: u32): i32 {
  const chunks = chunksOf(rows);
  while (true) {
    const ticket = loadTicket();
    const next = ticket as u32;
    if (((ticket >> 32) as u32) !== generation || next >= chunks) return -1;
    if (replaceTicket(ticket, ticket + 1)) return next;
  }
}

/** @param thread 0 for the first, 1 for the helper; each has slots of its own. */
function sumChunk(chunk: u32, start: u32, rows: u32, generation: u32, thread: u32): void {
  const from = chunk * chunkRows;
  const at = order + ((start + from) << 2);
  const slot = slotOf(chunk, thread);
  clearGradients(slot + slotHead);
  startTouching(at);
  store<f64>(slot, mseRows(at, min(chunkRows, rows - from), slot + slotHead));
  const done = doneWord(chunk, thread);
  if (ASC_FEATURE_THREADS) atomic.store<u32>(done, generation);
  else store<u32>(done, generation);
}

function isDone(chunk: u32, generation: u32, thread: u32): bool {
  const done = doneWord(chunk, thread);
  return (ASC_FEATURE_THREADS ? atomic.load<u32>(done) : load<u32>(done)) === generation;
}

function doneWord(chunk: u32, thread: u32): usize {
  return shared + doneAt + (((chunk << 1) + thread) << 2);
}

function slotOf(chunk: u32, thread: u32): usize {
  const bytes = slotHead + (((parameterCount + 3) & ~3) << 2);
  return slots + ((chunk << 1) + thread) * bytes;
}
