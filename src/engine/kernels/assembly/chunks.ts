/**
 * A batch of mse_loss with one output in chunks of rows, each summed for itself. Who sums a chunk makes no difference to
 * the bits: two threads may share the work. Each chunk is taken by one of them, the one that is ready first. At the end
 * the first thread waits for the helper's last chunk no longer than it takes to sum that again, which it then does: the
 * helper may be asleep or gone. What a late helper still writes is seen by nobody.
 */
import { addToChunk, addToSums, begin, chunkRows, clearGradients } from './batch';
import { chunk as batchGradients, inFeatures, order, parameterCount, shared, slots, startTouching } from './memory';
import { mseRows, step } from './mse';

/** Rows of a chunk where a batch has at most `chunkRows` of them: a multiple of those that are touched at a time. */
const fewRows: u32 = 64;

/**
 * The shared words: the ticket, in one piece the next chunk to take and above it the number of the batch; where the batch
 * begins in the order, and its rows; whether the helper sleeps; whether it may take part. Then two words for each chunk: the last batch in which the
 * first thread summed it, and the helper.
 */
const generationAt: usize = 4;
const startAt: usize = 8;
const rowsAt: usize = 12;
const asleepAt: usize = 16;
const sharesAt: usize = 20;
const doneAt: usize = 32;
/** A next chunk that no batch has. */
const closed: u64 = 0xffffffff;

/** A slot begins with the sum of squares; the gradients follow. */
const slotHead: usize = 16;

/** How often the helper looks for the next batch before it sleeps: some ten microseconds. */
const looks: u32 = 1 << 14;

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

function rowsOfChunk(rows: u32): u32 {
  return rows > chunkRows ? chunkRows : fewRows;
}

function chunksOf(rows: u32): u32 {
  const size = rowsOfChunk(rows);
  return (rows + size - 1) / size;
}

/** Begins a batch: the rows `[start, end)` of the order; `shares` lets the helper have a part in it. */
export function beginMse(start: u32, end: u32, shares: bool): void {
  const last = loadTicket() >> 32;
  // A late helper must not take a chunk while start and rows change, and must not see this batch before they are there.
  storeTicket((last << 32) | closed);
  store<u32>(shared, start, startAt);
  store<u32>(shared, end - start, rowsAt);
  store<u32>(shared, shares ? 1 : 0, sharesAt);
  // Of batch 0 all chunks would look done.
  storeTicket(max<u64>(1, (last + 1) & 0xffffffff) << 32);
  if (ASC_FEATURE_THREADS && shares && atomic.load<u32>(shared, asleepAt)) atomic.notify(shared + generationAt, 1);
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
  return min((loadTicket() as u32) * rowsOfChunk(rows), rows);
}

/** Ends the batch, of which all chunks are taken, with a step of plain SGD; returns as `step`. */
export function stepMse(lr: f32): i32 {
  return step(gather(), load<u32>(shared, rowsAt), lr);
}

/** Sums a batch of at most `chunkRows` rows, from `start` in the order, with the helper; returns the sum of squares. */
export function sumShared(start: u32, rows: u32): f64 {
  beginMse(start, start + rows, true);
  addMse(u32.MAX_VALUE);
  return gather();
}

/** The same without the helper, with the same bits. */
export function sumAlone(start: u32, rows: u32): f64 {
  const at = order + (start << 2);
  begin();
  // To add a chunk's gradients to none leaves them as they are.
  let squares = mseRows(at, min(fewRows, rows), batchGradients);
  for (let from = fewRows; from < rows; from += fewRows) {
    clearGradients(slots + slotHead);
    squares += mseRows(at + (from << 2), min(fewRows, rows - from), slots + slotHead);
    addToChunk(slots + slotHead);
  }
  return squares;
}

/** Adds up all chunks of the batch, in their order; returns the sum of squares. */
function gather(): f64 {
  const generation = (loadTicket() >> 32) as u32;
  const start = load<u32>(shared, startAt);
  const rows = load<u32>(shared, rowsAt);
  const chunks = chunksOf(rows);
  let squares: f64 = 0;
  begin();
  for (let chunk: u32 = 0; chunk < chunks; chunk++) {
    let thread: u32 = 0;
    if (!isDone(chunk, generation, 0)) {
      if (awaitHelper(chunk, generation)) thread = 1;
      else sumChunk(chunk, start, rows, generation, 0);
    }
    const slot = slotOf(chunk, thread);
    squares += load<f64>(slot);
    if (rows > chunkRows) addToSums(slot + slotHead);
    else addToChunk(slot + slotHead);
  }
  return squares;
}

/** Whether the helper has done a chunk that it took, after at most about the time that it takes to sum a chunk. */
function awaitHelper(chunk: u32, generation: u32): bool {
  const patience = rowsOfChunk(load<u32>(shared, rowsAt)) * inFeatures;
  for (let look: u32 = 0; look < patience; look++) {
    if (isDone(chunk, generation, 1)) return true;
  }
  return false;
}

/** What the helper does from its start to its end: sleeps until there is a batch, and takes chunks of it. */
export function help(): void {
  if (!ASC_FEATURE_THREADS) return;
  let seen: u32 = 0;
  while (true) {
    const generation = nextBatch(seen);
    seen = generation;
    // A chunk that can be taken proves that these were read while they were this batch's.
    const start = load<u32>(shared, startAt);
    const rows = load<u32>(shared, rowsAt);
    if (!load<u32>(shared, sharesAt)) continue;
    for (let chunk = takeChunk(generation, rows); chunk >= 0; chunk = takeChunk(generation, rows)) {
      sumChunk(chunk, start, rows, generation, 1);
    }
  }
}

/** Looks, then sleeps, until there is another batch than the last one; returns its number. */
function nextBatch(last: u32): u32 {
  let look: u32 = 0;
  while (true) {
    const generation = atomic.load<u32>(shared, generationAt);
    if (generation !== last) return generation;
    if (++look < looks) continue;
    // The first thread looks whether it must wake this one after it has written the number that is waited for.
    atomic.store<u32>(shared, 1, asleepAt);
    atomic.wait<i32>(shared + generationAt, last as i32, -1);
    atomic.store<u32>(shared, 0, asleepAt);
    look = 0;
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
  const size = rowsOfChunk(rows);
  const from = chunk * size;
  const at = order + ((start + from) << 2);
  const slot = slotOf(chunk, thread);
  clearGradients(slot + slotHead);
  startTouching(at);
  store<f64>(slot, mseRows(at, min(size, rows - from), slot + slotHead));
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
