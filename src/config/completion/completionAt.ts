import { getLocation, parseTree, findNodeAtLocation } from 'jsonc-parser';

/** What of the data a value at some place of a config may name. */
export interface CompletionPlace {
  /** `column`: a column of the data file; `file`: a data file. */
  names: 'column' | 'file';
  /** The list or key that the name is for. */
  key: 'inputs' | 'targets' | 'one_hot' | 'parse_dates' | 'polynomial' | 'file' | 'validation_file';
  /** Names that stand in the config's column lists already, without the one at the place itself. */
  taken: string[];
  /** Offsets of the text to put the quoted name in place of; equal where nothing stands there yet. */
  start: number;
  end: number;
}

const columnKeys = ['inputs', 'targets', 'one_hot', 'parse_dates'] as const;

/** What may be named at an offset of a config's text; undefined where it is nothing of the data. */
export function completionAt(text: string, offset: number): CompletionPlace | undefined {
  const { path, previousNode, isAtPropertyKey } = getLocation(text, offset);
  if (isAtPropertyKey || path[0] !== 'dataset') return undefined;
  const previousEnd = previousNode ? previousNode.offset + previousNode.length : -1;
  const isOpen = previousNode?.type === 'string' && !/^".*"$/.test(text.slice(previousNode.offset, previousEnd));
  const inString = previousNode?.type === 'string' && offset > previousNode.offset && (offset < previousEnd || isOpen);
  if (!inString && previousNode && offset <= previousEnd) return undefined;
  const [start, end] = inString ? [previousNode.offset, previousEnd] : [offset, offset];
  if (path.length === 2 && (path[1] === 'file' || path[1] === 'validation_file')) {
    return { names: 'file', key: path[1], taken: [], start, end };
  }
  if (path[1] === 'polynomial' && path[2] === 'columns' && path.length === 4) {
    return {
      names: 'column',
      key: 'polynomial',
      taken: namesIn(text, ['dataset', 'polynomial', 'columns'], start, end),
      start,
      end,
    };
  }
  const key = columnKeys.find((name) => name === path[1]);
  if (!key || path.length !== 3 || typeof path[2] !== 'number') return undefined;
  return { names: 'column', key, taken: takenNames(text, key, start, end), start, end };
}

function takenNames(text: string, list: CompletionPlace['key'], start: number, end: number): string[] {
  // Dates are inputs too, and named in both lists.
  return columnKeys.flatMap((key) =>
    (key === 'parse_dates') === (list === 'parse_dates') ? namesIn(text, ['dataset', key], start, end) : [],
  );
}

function namesIn(text: string, path: string[], start: number, end: number): string[] {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  const named = (tree && findNodeAtLocation(tree, path)?.children) ?? [];
  const others = named.filter((node) => node.type === 'string' && !(node.offset >= start && node.offset < end));
  return others.map((node) => String(node.value));
}
