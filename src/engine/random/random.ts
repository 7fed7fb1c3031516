const stateSize = 624;
const shift = 397;

/**
 * PyTorch's CPU generator: mt19937, seeded as `torch.manual_seed` does, with the draws that PyTorch makes of it.
 * Equal seeds give equal bits to PyTorch's.
 */
export class Generator {
  private readonly state = new Uint32Array(stateSize);
  private index = 0;
  private cachedNormal: number | undefined;

  /** @param seed any integer; only its low 32 bits count, as in PyTorch. */
  constructor(seed: number) {
    this.manualSeed(seed);
  }

  /** Continues from where another generator stands. */
  continueFrom(other: Generator): void {
    this.state.set(other.state);
    this.index = other.index;
    this.cachedNormal = other.cachedNormal;
  }

  /** Starts over from a seed. */
  manualSeed(seed: number): void {
    const { state } = this;
    state[0] = Number(BigInt.asUintN(32, BigInt(seed)));
    for (let i = 1; i < stateSize; i++) {
      const previous = state[i - 1] ^ (state[i - 1] >>> 30);
      state[i] = Math.imul(1812433253, previous) + i;
    }
    this.index = 0;
    this.cachedNormal = undefined;
  }

  /** The next 32 random bits. One word of the state is renewed for each, so that a few draws after seeding cost little. */
  uint32(): number {
    const { state, index } = this;
    const next = index + 1 === stateSize ? 0 : index + 1;
    const far = index + shift < stateSize ? index + shift : index + shift - stateSize;
    const mixed = (state[index] & 0x80000000) | (state[next] & 0x7fffffff);
    let word = state[far] ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
    state[index] = word;
    this.index = next;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  /**
   * The low 32 bits of the int64 that `tensor.random_()` draws: two words, the high one first.
   * A seed made of an int64 needs no more.
   */
  int64Low(): number {
    this.uint32();
    return this.uint32();
  }

  /** Passes over `count` draws of 32 bits. */
  skip(count: number): void {
    for (let i = 0; i < count; i++) this.uint32();
  }

  /** A float32 in [from, to), as `tensor.uniform_(from, to)` draws it: scaled by a fused multiply-add. */
  uniform(from: number, to: number): number {
    const low = Math.fround(from);
    return Math.fround(this.unitFloat() * Math.fround(Math.fround(to) - low) + low);
  }

  /** The permutation of 0 … n - 1 that `torch.randperm(n)` draws: Fisher-Yates from the front. */
  permutation(n: number): Uint32Array {
    const order = new Uint32Array(n);
    for (let i = 0; i < n; i++) order[i] = i;
    this.shuffle(order);
    return order;
  }

  /** Puts the items in the order that `torch.randperm` gives them. */
  shuffle(items: Uint32Array): void {
    const n = items.length;
    for (let i = 0; i < n - 1; i++) {
      const other = i + (this.uint32() % (n - i));
      const item = items[i];
      items[i] = items[other];
      items[other] = item;
    }
  }

  /** `count` standard normal numbers in float32, drawn as `torch.randn` does: in blocks of 16 from 16 on, one by one below. */
  normal(count: number): Float32Array {
    const numbers = new Float32Array(count);
    if (count < 16) {
      for (let i = 0; i < count; i++) numbers[i] = this.normalDouble();
      return numbers;
    }
    for (let i = 0; i < count; i++) numbers[i] = this.unitFloat();
    for (let i = 0; i + 16 <= count; i += 16) boxMuller16(numbers, i);
    if (count % 16 !== 0) {
      for (let i = count - 16; i < count; i++) numbers[i] = this.unitFloat();
      boxMuller16(numbers, count - 16);
    }
    return numbers;
  }

  private unitFloat(): number {
    return (this.uint32() & 0xffffff) * 2 ** -24;
  }

  private unitDouble(): number {
    const high = this.uint32() & 0x1fffff;
    return (high * 2 ** 32 + this.uint32()) * 2 ** -53;
  }

  /** Box-Muller gives two numbers at a time; the second is kept for the next draw. */
  private normalDouble(): number {
    if (this.cachedNormal !== undefined) {
      const cached = this.cachedNormal;
      this.cachedNormal = undefined;
      return cached;
    }
    const angle = 2 * Math.PI * this.unitDouble();
    const radius = Math.sqrt(-2 * Math.log1p(-this.unitDouble()));
    this.cachedNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}

/** Turns 16 uniform numbers into 16 normal ones: the first eight give the radii, the others the angles. */
function boxMuller16(numbers: Float32Array, start: number): void {
  for (let i = start; i < start + 8; i++) {
    const radius = Math.sqrt(-2 * Math.log(1 - numbers[i]));
    const angle = 2 * Math.PI * numbers[i + 8];
    numbers[i] = radius * Math.cos(angle);
    numbers[i + 8] = radius * Math.sin(angle);
  }
}
