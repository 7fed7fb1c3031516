import { describe, expect, it } from 'vitest';
import { formatProblem, LineIndex } from '../../src/base/problem';

describe('LineIndex', () => {
  it('counts each kind of line end once', () => {
    const lines = new LineIndex('a\nb\r\nc\rd\r\r\ne');
    const starts = [0, 2, 5, 7, 9, 11].map((offset) => lines.position(offset));
    expect(starts).toEqual([1, 2, 3, 4, 5, 6].map((line) => ({ line, column: 1 })));
    expect(lines.position(3)).toEqual({ line: 2, column: 2 });
    expect(lines.range(2, 6)).toEqual({ line: 2, column: 1, endLine: 3, endColumn: 2 });
  });

  it('knows the one place of an empty text', () => {
    expect(new LineIndex('').position(0)).toEqual({ line: 1, column: 1 });
  });
});

describe('formatProblem', () => {
  const problem = { line: 3, column: 14, endLine: 3, endColumn: 15, severity: 'error', message: 'a\r\nb' } as const;

  it('is one line with the place', () => {
    expect(formatProblem({ ...problem, file: 'dir/a.gd.json' })).toBe('dir/a.gd.json:3:14: a b');
    expect(formatProblem(problem)).toBe('3:14: a b');
  });
});
