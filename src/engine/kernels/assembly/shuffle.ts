/** The draws of `torch.randperm`: mt19937 and a Fisher-Yates from the front. `random.ts` of the engine defines them. */

const size: u32 = 624;
const shift: u32 = 397;

/** States that are seeded side by side: a seed's words wait for each other, those of several seeds do not. */
const lanes: u32 = 8;
const laneBytes: usize = 32;

/** Where the 624 words of the generator's state are, and after them a block of positions, as float64. */
let state: usize = 0;
let positions: usize = 0;
/** States side by side: a word of each, then the next word of each. */
let prepared: usize = 0;
let preparedWords: u32 = 0;

/** Takes the addresses of 624 words, 624 float64 and 624 × 8 words. */
export function placeState(stateAt: usize, positionsAt: usize, preparedAt: usize): void {
  state = stateAt;
  positions = positionsAt;
  prepared = preparedAt;
  preparedWords = 0;
}

/** Seeds the first `words` words of the state. */
function seedState(seed: u32, words: u32): void {
  const first = state;
  let word = seed;
  store<u32>(first, word);
  for (let i: u32 = 1; i < words; i++) {
    word = 1812433253 * (word ^ (word >>> 30)) + i;
    store<u32>(first + (i << 2), word);
  }
}

/** Seeds the states of the next shuffles of `count` words; their seeds are where the states' first words are to be. */
export function prepare(count: u32): void {
  const words = count - 1 + shift;
  const factor = i32x4.splat(1812433253);
  let at = prepared;
  let a = v128.load(at);
  let b = v128.load(at, 16);
  for (let i: u32 = 1; i < words; i++) {
    const step = i32x4.splat(i);
    a = i32x4.add(i32x4.mul(factor, v128.xor(a, i32x4.shr_u(a, 30))), step);
    b = i32x4.add(i32x4.mul(factor, v128.xor(b, i32x4.shr_u(b, 30))), step);
    at += laneBytes;
    v128.store(at, a);
    v128.store(at, b, 16);
  }
  preparedWords = words;
}

function twist(upper: u32, lower: u32): u32 {
  const mixed = (upper & 0x80000000) | (lower & 0x7fffffff);
  return (mixed >>> 1) ^ ((0 - (mixed & 1)) & 0x9908b0df);
}

function twistVector(upper: v128, lower: v128): v128 {
  const mixed = v128.or(v128.and(upper, i32x4.splat(0x80000000)), v128.and(lower, i32x4.splat(0x7fffffff)));
  const odd = i32x4.neg(v128.and(mixed, i32x4.splat(1)));
  return v128.xor(i32x4.shr_u(mixed, 1), v128.and(odd, i32x4.splat(0x9908b0df)));
}

/** Renews the words `[from, to)` of the state, four at a time; what each needs lies `far` words away. */
function renew(from: u32, to: u32, far: i32): void {
  for (let i = from; i < to; i += 4) {
    const at = state + (i << 2);
    const mixed = twistVector(v128.load(at), v128.load(at, 4));
    v128.store(at, v128.xor(v128.load(at + (far << 2)), mixed));
  }
}

/** Renews the whole state. */
function renewState(): void {
  // 227 = 624 - 397 words look ahead, the others back; neither span is a multiple of four.
  renew(0, 224, shift);
  for (let i: u32 = 224; i < 227; i++) renewWord(i, i + shift);
  renew(227, 623, -227);
  renewWord(623, 396);
}

function renewWord(i: u32, far: u32): void {
  const next = i + 1 === size ? 0 : i + 1;
  const mixed = twist(load<u32>(state + (i << 2)), load<u32>(state + (next << 2)));
  store<u32>(state + (i << 2), load<u32>(state + (far << 2)) ^ mixed);
}

function temper(word: u32): u32 {
  word ^= word >>> 11;
  word ^= (word << 7) & 0x9d2c5680;
  word ^= (word << 15) & 0xefc60000;
  return word ^ (word >>> 18);
}

function temperVector(word: v128): v128 {
  word = v128.xor(word, i32x4.shr_u(word, 11));
  word = v128.xor(word, v128.and(i32x4.shl(word, 7), i32x4.splat(0x9d2c5680)));
  word = v128.xor(word, v128.and(i32x4.shl(word, 15), i32x4.splat(0xefc60000)));
  return v128.xor(word, i32x4.shr_u(word, 18));
}

/**
 * `i + word % (count - i)` in each of two lanes, in the low bits of a float64 beyond 2^52. A quotient of 32-bit numbers
 * that is rounded to a float64 has the right whole part: the next whole number is further away than rounding goes.
 */
function positionsOf(words: v128, i: v128, count: v128): v128 {
  const left = f64x2.sub(count, i);
  const quotient = f64x2.floor(f64x2.div(words, left));
  const rest = f64x2.sub(words, f64x2.mul(quotient, left));
  return f64x2.add(f64x2.add(rest, i), f64x2.splat(4503599627370496));
}

/** Writes where the state's words send the positions from `first` on. */
function writePositions(first: u32, words: u32, count: u32): void {
  const total = f64x2.splat(count as f64);
  let i = f64x2(first as f64, (first + 1) as f64);
  const two = f64x2.splat(2);
  for (let k: u32 = 0; k < words; k += 4) {
    const word = temperVector(v128.load(state + (k << 2)));
    const to = positions + (k << 3);
    v128.store(to, positionsOf(f64x2.convert_low_i32x4_u(word), i, total));
    i = f64x2.add(i, two);
    const high = v128.shuffle<i32>(word, word, 2, 3, 2, 3);
    v128.store(to, positionsOf(f64x2.convert_low_i32x4_u(high), i, total), 16);
    i = f64x2.add(i, two);
  }
}

function swap(at: usize, other: usize): void {
  const item = load<u32>(at);
  store<u32>(at, load<u32>(other));
  store<u32>(other, item);
}

/** Shuffles `count` words at `order` as `torch.randperm` does with a generator of this seed. */
export function shuffle(order: usize, count: u32, seed: u32): void {
  if (count < 2) return;
  const draws = count - 1;
  if (draws <= size - shift) return shuffleFew(order, count, seed);
  seedState(seed, size);
  let at = order;
  for (let first: u32 = 0; first < draws; first += size) {
    renewState();
    const words = min(size, draws - first);
    writePositions(first, words, count);
    const end = positions + (words << 3);
    for (let from = positions; from < end; from += 8) {
      swap(at, order + (load<u32>(from) << 2));
      at += 4;
    }
  }
}

/** So few draws renew no word that another one needs, and need only the state's first words. */
function shuffleFew(order: usize, count: u32, seed: u32): void {
  let at = state;
  let stride: usize = 4;
  for (let lane: u32 = 0; lane < lanes; lane++) {
    const first = prepared + (lane << 2);
    if (preparedWords === count - 1 + shift && load<u32>(first) === seed) {
      at = first;
      stride = laneBytes;
      break;
    }
  }
  if (stride === 4) seedState(seed, count - 1 + shift);
  let far = at + (shift as usize) * stride;
  for (let i: u32 = 0; i < count - 1; i++) {
    const word = temper(load<u32>(far) ^ twist(load<u32>(at), load<u32>(at + stride)));
    swap(order + (i << 2), order + ((i + (word % (count - i))) << 2));
    at += stride;
    far += stride;
  }
}
