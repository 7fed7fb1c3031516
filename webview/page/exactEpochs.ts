import { formatNumber } from '../../src/base/format';
import { columnNames, type ColumnName, type EpochColumns, type History } from '../../src/protocol/history';
import type { Ask } from '../page/questions';

/** Epochs between the first and the last that are asked for at once, at most. */
const mostAtOnce = 4096;
/** Epochs that are remembered. */
const mostKnown = 4096;
/** Milliseconds after which an answer is taken to have been lost. */
const patience = 5000;

type Numbers = Record<ColumnName, number>;

/** The numbers of single epochs. Those that the page's history has merged with others are asked for. */
export class ExactEpochs {
  /** Counts answers: what was drawn without them is out of date. */
  version = 0;
  /** Why epochs that were asked for are not known. */
  problem = '';
  private history: History | undefined;
  private readonly known = new Map<number, Numbers | undefined>();
  /** Looked for since the last request was sent. */
  private readonly wanted = new Set<number>();
  private isPlanned = false;
  private asked: { at: number } | undefined;

  /** @param changed called when an answer has come. */
  constructor(
    private readonly ask: Ask,
    private readonly changed: () => void,
  ) {}

  /** The number of an epoch; undefined where it is not known, or not yet: then it is asked for. */
  at(history: History, name: ColumnName, epoch: number): number | undefined {
    if (history !== this.history) this.begin(history);
    const own = history.at(name, epoch);
    if (own !== undefined || epoch < 0 || epoch >= history.length) return own;
    if (!this.known.has(epoch)) this.want(epoch);
    return this.known.get(epoch)?.[name];
  }

  /** The same in words: three dots until an answer has come, a dash if there is none. */
  text(history: History, name: ColumnName, epoch: number, format = formatNumber): string {
    const number = this.at(history, name, epoch);
    if (number !== undefined) return format(number);
    return this.known.has(epoch) ? '–' : '…';
  }

  private begin(history: History): void {
    this.history = history;
    this.problem = '';
    this.known.clear();
    this.asked = undefined;
  }

  /** What is looked for together, in one frame, is asked for together. */
  private want(epoch: number): void {
    if (!this.isPlanned) {
      this.isPlanned = true;
      this.wanted.clear();
      queueMicrotask(() => {
        this.isPlanned = false;
        this.request();
      });
    }
    this.wanted.add(epoch);
  }

  private request(): void {
    const now = performance.now();
    if (this.wanted.size === 0 || (this.asked && now - this.asked.at < patience)) return;
    const first = Math.min(...this.wanted);
    const epochs = [...this.wanted].filter((epoch) => epoch - first < mostAtOnce);
    const count = Math.max(...epochs) - first + 1;
    const question = (this.asked = { at: now });
    const answered = (numbersOf: (epoch: number) => Numbers | undefined, problem: string): void => {
      if (question !== this.asked) return;
      this.asked = undefined;
      this.problem = problem;
      if (this.known.size > mostKnown) this.known.clear();
      for (const epoch of epochs) this.known.set(epoch, numbersOf(epoch));
      this.version++;
      this.changed();
    };
    this.ask({ kind: 'epochs', query: { first, count, exact: true } }).then(
      (columns) => answered((epoch) => numbersIn(columns, epoch), ''),
      (error: Error) => answered(() => undefined, error.message),
    );
  }
}

function numbersIn(columns: EpochColumns, epoch: number): Numbers | undefined {
  const at = epoch - columns.first;
  if (!(at >= 0 && at < columns.loss.length)) return undefined;
  return Object.fromEntries(columnNames.map((name) => [name, columns[name][at]])) as Numbers;
}
