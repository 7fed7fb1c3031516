import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';

/** How long a program is measured at least, one time after the other, before it is the next one's turn. */
const leastSeconds = 0.05;

/** One run of a workload. */
export interface Run {
  seconds: number;
  /** Over all rows, at the end. */
  loss: number;
  /** How many threads it chose to train with, where it says so. */
  threads?: number;
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
    const [seconds, loss, threads] = line.split(' ').map(Number);
    return { seconds: seconds * this.scale, loss, ...(threads && { threads }) };
  }

  /**
   * Trains once, or for `leastSeconds`, and keeps the run in the middle: whoever has waited for the others is slow in the
   * first milliseconds. It is stopped while others are measured: threads that wait for work may keep a core busy.
   */
  async measure(): Promise<void> {
    const runs: Run[] = [];
    this.signal('SIGCONT');
    const spent = () => runs.reduce((sum, { seconds }) => sum + seconds / this.scale, 0);
    do runs.push(await this.run());
    while (spent() < leastSeconds);
    this.signal('SIGSTOP');
    runs.sort((one, other) => one.seconds - other.seconds);
    this.runs.push(runs[(runs.length - 1) >> 1]);
  }

  /** Seconds spent on runs that were kept, as they took. */
  get spent(): number {
    return this.runs.reduce((sum, { seconds }) => sum + seconds / this.scale, 0);
  }

  get median(): number {
    return median(this.runs.map(({ seconds }) => seconds));
  }

  private signal(name: 'SIGCONT' | 'SIGSTOP'): void {
    if (process.platform !== 'win32') this.process.kill(name);
  }

  /** Ends the program. */
  close(): Promise<void> {
    this.signal('SIGCONT');
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
