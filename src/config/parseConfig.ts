import { parseTree, printParseErrorCode, stripComments, type Node, type ParseError } from 'jsonc-parser';
import { hasErrors, type Problem } from '../base/problem';
import { checkSweep } from './checkSweep';
import { checkValues } from './checkValues';
import { ConfigReader } from './configReader';
import type { KeySchema } from './keySchema';
import { configSchema, type Config } from './schema';
import { SourceMap } from './sourceMap';

/** A config's text as it was understood. */
export interface ParsedConfig {
  /** The config with its defaults; absent where there is any error. */
  config?: Config;
  /** What could be read in spite of errors: each top-level key that is right by itself, defaults included. */
  draft: Partial<Config>;
  /** What is wrong with the text by itself, in the order of the text. `checkConfig` compares it with the data. */
  problems: Problem[];
  /** jsonc-parser's syntax tree; offsets count from after a byte order mark. Undefined where nothing can be read. */
  tree: Node | undefined;
  /** Finds the place of a key or value. */
  source: SourceMap;
}

const maxSyntaxProblems = 10;
const emptyMessage = 'the config is empty; write at least { "dataset": { … }, "optimizer": { … } }';
const tooDeepMessage = 'the config is nested too deeply to be read; a config needs at most five levels';

/**
 * Reads a config: JSON with comments and trailing commas. Every problem stands at its exact range; `file` is only named
 * in the problems. Never throws, whatever the text.
 */
export function parseConfig(text: string, file?: string): ParsedConfig {
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const errors: ParseError[] = [];
  const { tree, tooDeep } = readTree(plain, errors);
  const source = new SourceMap(plain, tree, file);
  const refused = tooDeep ? tooDeepMessage : !tree && stripComments(plain).trim() === '' ? emptyMessage : undefined;
  if (refused) {
    return { draft: {}, problems: [source.problemAt([], { message: refused, code: 'syntax' })], tree, source };
  }
  const syntax = syntaxProblems(errors, source);
  if (!tree) return { draft: {}, problems: syntax, tree, source };

  const schema = configSchema as unknown as KeySchema;
  const reader = new ConfigReader(schema, source);
  const draft: Partial<Config> = {};
  if (tree.type === 'object') Object.assign(draft, reader.readProperties(schema, tree, []));
  else reader.read(schema, tree, []);
  // In a text that breaks off, whatever comes later seems missing.
  const found = reader.problems.filter((problem) => syntax.length === 0 || problem.code !== 'missing-key');
  const problems = [...syntax, ...found, ...checkValues(draft, source), ...checkSweep(draft, source, schema)].sort(
    byPlace,
  );
  const config = hasErrors(problems) ? {} : { config: draft as Config };
  return { ...config, draft, problems, tree, source };
}

/** In the order of the text. */
export function byPlace(a: Problem, b: Problem): number {
  return a.line - b.line || a.column - b.column;
}

/** The syntax tree; `tooDeep` where the parser, which descends once for every bracket, has run out of stack. */
function readTree(text: string, errors: ParseError[]): { tree: Node | undefined; tooDeep: boolean } {
  try {
    return { tree: parseTree(text, errors, { allowTrailingComma: true }), tooDeep: false };
  } catch {
    return { tree: undefined, tooDeep: true };
  }
}

function syntaxProblems(errors: ParseError[], source: SourceMap): Problem[] {
  return errors.slice(0, maxSyntaxProblems).map((error) => {
    const what = syntaxMessages[printParseErrorCode(error.error)] ?? 'this is not JSON';
    const range = source.lines.range(error.offset, error.offset + error.length);
    return source.problem(range, { message: `not a valid config: ${what}`, code: 'syntax', schema: true });
  });
}

const syntaxMessages: Record<string, string> = {
  InvalidSymbol: 'this is neither a number, true, false, null nor text in double quotes',
  InvalidNumberFormat: 'this is not a number; write it like 0.001 or 1e-3',
  PropertyNameExpected: 'a key in double quotes is needed here',
  ValueExpected: 'a value is needed here',
  ColonExpected: 'a colon is needed between key and value',
  CommaExpected: 'a comma is needed before this',
  CloseBraceExpected: 'a closing } is missing',
  CloseBracketExpected: 'a closing ] is missing',
  EndOfFileExpected: 'the config has ended; remove what follows the last }',
  InvalidCommentToken: 'this is not a comment; write // or /* … */',
  UnexpectedEndOfComment: 'this comment does not end; close it with */',
  UnexpectedEndOfString: 'this text does not end; close it with a double quote',
  UnexpectedEndOfNumber: 'this number breaks off; write it like 0.001 or 1e-3',
  InvalidUnicode: 'after \\u four hexadecimal digits are needed',
  InvalidEscapeCharacter: 'a backslash must be followed by one of " \\ / b f n r t u; in paths write / instead of \\',
  InvalidCharacter: 'a control character may not stand here',
};
