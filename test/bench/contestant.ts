import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';

/** One run of a workload. */
export interface Run {
  seconds: number;
  /** Over all rows, at the end. */
  loss: number;
}

/** A program that trains once for each line it is sent. */
export class Contestant {
  readonly runs: Run[] = [];
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly lines: Interface;
  private errors = '';

  /** @param scale what its seconds are multiplied with, for one that trains a share of the work. */
  constructor(
    readonly name: string,
    command: string[],
    readonly scale = 1,
  ) {
    this.process = spawn(command[0], command.slice(1));
    this.process.stderr.on('data', (chunk: Buffer) => (this.errors += chunk.toString()));
    this.lines = createInterface({ input: this.process.stdout });
  }

  /** Trains once. @throws Error with what the program said where it ends instead. */
  async run(): Promise<Run> {
    const line = await new Promise<string>((resolve, reject) => {
      this.lines.once('line', resolve);
      this.process.once('close', () => reject(new Error(`${this.name}: ${this.errors}`)));
      this.process.stdin.write('\n');
    });
    this.process.removeAllListeners('close');
    const [seconds, loss] = line.split(' ').map(Number);
    return { seconds: seconds * this.scale, loss };
  }

  /** Trains once and keeps the result. */
  async measure(): Promise<void> {
    this.runs.push(await this.run());
  }

  /** Seconds spent on runs that were kept, as they took. */
  get spent(): number {
    return this.runs.reduce((sum, { seconds }) => sum + seconds / this.scale, 0);
  }

  get median(): number {
    return median(this.runs.map(({ seconds }) => seconds));
  }

  /** Ends the program. */
  close(): Promise<void> {
    return new Promise((closed) => {
      this.process.once('exit', () => closed());
      this.process.stdin.end();
    });
  }
}

/** The middle number; of two in the middle, the lower one. */
export function median(numbers: number[]): number {
  return [...numbers].sort((a, b) => a - b)[(numbers.length - 1) >> 1];
}
