/** A stretch of text. Lines and columns start at 1; the end is the place just after the last character. */
export interface TextRange {
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

/** Something wrong or worth knowing in a config or a dataset, at the place where it stands. */
export interface Problem extends TextRange {
  /** Path or name of the file that the range is in. */
  file?: string;
  severity: 'error' | 'warning' | 'information';
  /** Names what is wrong and what would be right. One line. */
  message: string;
  /** Kind of problem, for quick fixes and tests, e.g. `unknown-key`. */
  code?: string;
  /** How many others it stands for that are not listed. */
  unlisted?: number;
  /** Text that would put the range right. */
  suggestion?: string;
  /** True where VS Code's own JSON support reports the same thing, so that an editor need not show it twice. */
  schema?: boolean;
}

/** Something found in a text, from offset `start` up to `end`. */
export interface Finding extends Pick<Problem, 'message' | 'severity'> {
  code: string;
  start: number;
  end: number;
}

/** Turns offsets in a text into lines and columns. `\n`, `\r\n` and a lone `\r` each end a line. */
export class LineIndex {
  private starts: number[] | undefined;

  constructor(private readonly text: string) {}

  /** Line and column (from 1) of an offset in UTF-16 units (from 0). */
  position(offset: number): { line: number; column: number } {
    this.starts ??= lineStarts(this.text);
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.starts[low] + 1 };
  }

  /** The range from offset `start` up to, not including, offset `end`. */
  range(start: number, end: number): TextRange {
    const from = this.position(start);
    const to = this.position(Math.max(start, end));
    return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  const lineBreak = /\r\n?|\n/g;
  while (lineBreak.exec(text)) starts.push(lineBreak.lastIndex);
  return starts;
}

/** One line for a terminal: `FILE:LINE:COLUMN: message`, without the file if there is none. */
export function formatProblem(problem: Problem): string {
  const file = problem.file === undefined ? '' : `${problem.file}:`;
  return `${file}${problem.line}:${problem.column}: ${problem.message.replace(/[\r\n]+/g, ' ')}`;
}

/** Names a problem by its place and kind. Two that share both lead to the same place. */
export function problemId({ file = '', line, column, code = '' }: Problem): string {
  return `${line}:${column} ${code} ${file}`;
}

/** Whether any of the problems is an error. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}

/** An error that has no place of its own: at the beginning of what was to be read. */
export function errorAtStart(message: string): Problem {
  return { line: 1, column: 1, endLine: 1, endColumn: 1, severity: 'error', message };
}
