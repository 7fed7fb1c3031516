import { findNodeAtLocation, type JSONPath, type Node } from 'jsonc-parser';
import { LineIndex, type Problem, type TextRange } from '../base/problem';

/** What a problem is, before it has a place. */
export type Finding = Pick<Problem, 'message'> & Partial<Pick<Problem, 'severity' | 'code' | 'suggestion' | 'schema'>>;

/** Takes down what is wrong at a path. */
export type Report = (path: JSONPath, finding: Finding) => void;

/** A config's text with its syntax tree: finds the place of every key and value in it. */
export class SourceMap {
  readonly lines: LineIndex;

  /** `text` without byte order mark; `tree` as jsonc-parser reads it, undefined where there is nothing to read. */
  constructor(
    readonly text: string,
    readonly tree: Node | undefined,
    readonly file: string | undefined,
  ) {
    this.lines = new LineIndex(text);
  }

  /** The range of a key or a value; of the nearest enclosing thing that is written where the path itself is not. */
  rangeOf(path: JSONPath, what: 'key' | 'value' = 'value'): TextRange {
    for (let length = path.length; this.tree && length > 0; length--) {
      const node = findNodeAtLocation(this.tree, path.slice(0, length));
      if (!node) continue;
      const written = length === path.length && what === 'value';
      return this.rangeOfNode(written ? node : keyOf(node));
    }
    const start = this.tree?.offset ?? 0;
    return this.lines.range(start, Math.min(start + 1, this.text.length));
  }

  /** The range of a node of the tree. */
  rangeOfNode(node: Node): TextRange {
    return this.lines.range(node.offset, node.offset + node.length);
  }

  /** A problem at a path; an error unless the finding says otherwise. */
  problemAt(path: JSONPath, finding: Finding, what: 'key' | 'value' = 'value'): Problem {
    return this.problem(this.rangeOf(path, what), finding);
  }

  /** A problem at a range; an error unless the finding says otherwise. */
  problem(range: TextRange, finding: Finding): Problem {
    return { ...(this.file === undefined ? {} : { file: this.file }), ...range, severity: 'error', ...finding };
  }
}

/** The text, number, true, false or null that stands at a node; undefined for a list or an object. */
export function scalarOf(node: Node | undefined): unknown {
  return node?.value;
}

/** The node of a value's key, or the value itself where it has none. */
export function keyOf(node: Node): Node {
  return node.parent?.type === 'property' ? node.parent.children![0] : node;
}

/** A path as people write it: `optimizer.lr`, `values.inputs[0][2]`. */
export function pathName(path: JSONPath): string {
  if (path.length === 0) return 'the config';
  return path.reduce<string>((name, step) => {
    if (typeof step === 'number') return `${name}[${step}]`;
    return name === '' ? step : `${name}.${step}`;
  }, '');
}
