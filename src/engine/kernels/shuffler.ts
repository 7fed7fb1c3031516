import type { Layout } from './kernelMemory';
import { preparedSeeds } from './kernels';
import type { WasmMemory } from './webAssembly';

/** Words of an mt19937's state, and of how many draws it looks ahead. */
const stateWords = 624;
const stateShift = 397;

/** What the assembly exports for shuffling, with addresses in bytes; see `assembly/shuffle.ts`. */
export interface ShuffleAssembly {
  placeState(stateAt: number, positionsAt: number, preparedAt: number): void;
  prepare(count: number): void;
  shuffle(order: number, count: number, seed: number): void;
}

/** Shuffles the order of kernels in WebAssembly. */
export class Shuffler {
  private readonly preparedSeeds: Uint32Array;

  /** @param at what `take` returned; `orderAt` is the order's address. */
  constructor(
    private readonly assembly: ShuffleAssembly,
    memory: WasmMemory,
    at: number[],
    private readonly orderAt: number,
  ) {
    const [stateAt, positionsAt, preparedAt] = at;
    assembly.placeState(stateAt, positionsAt, preparedAt);
    this.preparedSeeds = new Uint32Array(memory.buffer, preparedAt, preparedSeeds);
  }

  /** Takes the spans that it needs. */
  static take(layout: Layout): number[] {
    return [stateWords * 4, stateWords * 8, stateWords * 4 * preparedSeeds].map((size) => layout.take(size));
  }

  /** See `Kernels.prepareShuffles`. */
  prepare(count: number, seeds: Uint32Array): void {
    // More draws than that need more than the state's first words, which are what is prepared.
    if (count < 2 || count > stateWords - stateShift + 1) return;
    this.preparedSeeds.set(seeds);
    this.assembly.prepare(count);
  }

  /** See `Kernels.shuffle`. */
  shuffle(count: number, seed: number): void {
    this.assembly.shuffle(this.orderAt, count, seed);
  }
}
