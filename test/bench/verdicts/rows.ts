import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Generator } from '../../../src/engine/random/random';

/** Rows of named columns. */
export interface Rows {
  names: string[];
  rows: number[][];
}

/** Draws of a seed. */
export class Draws {
  private readonly generator: Generator;

  constructor(seed: number) {
    this.generator = new Generator(seed);
  }

  /** From 0 to 1. */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * this.generator.uniform(0, 1);
  }

  normal(count: number): number[] {
    return [...this.generator.normal(count)];
  }

  /** A power of ten between two. */
  decade(low: number, high: number): number {
    return 10 ** this.uniform(low, high);
  }

  whole(low: number, high: number): number {
    return Math.floor(this.uniform(low, high + 1));
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.min(list.length - 1, Math.floor(this.uniform() * list.length))];
  }
}

/** A table that comes with scikit-learn. */
export function realTable(name: string): Rows {
  const text = readFileSync(path.join(process.cwd(), 'test/bench/verdicts/tables', `${name}.csv`), 'utf8');
  const [head, ...lines] = text.trim().split('\n');
  return { names: head.split(','), rows: lines.map((line) => line.split(',').map(Number)) };
}

/** Some columns of a table, the last one the target. */
export function columnsOf({ names, rows }: Rows, wanted: string[]): Rows {
  const places = wanted.map((name) => names.indexOf(name));
  return { names: wanted, rows: rows.map((row) => places.map((place) => row[place])) };
}

/** The table as a csv. */
export function csvOf({ names, rows }: Rows): string {
  return [names.join(), ...rows.map((row) => row.join())].join('\n') + '\n';
}
