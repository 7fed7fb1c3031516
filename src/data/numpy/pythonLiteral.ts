/** What a Python literal is here: tuples are lists, dictionaries are maps. */
export type PythonValue = string | number | boolean | null | PythonValue[] | Map<string, PythonValue>;

const maxDepth = 32;
const tokenPattern = /\s*(?:('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(-?\d+)L?|(True|False|None)|([()[\]{},:]))\s*/y;

/** Reads a Python literal of texts, whole numbers, truth values, tuples, lists and dictionaries. Throws where it is another. */
export function pythonLiteral(text: string): PythonValue {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  value(depth: number): PythonValue {
    const [, quoted, number, word, mark] = this.token();
    if (quoted !== undefined) return unescaped(quoted.slice(1, -1));
    if (number !== undefined) return Number(number);
    if (word !== undefined) return word === 'None' ? null : word === 'True';
    if (depth > maxDepth) throw new SyntaxError('nested too deep');
    if (mark === '(') return this.items(')', depth);
    if (mark === '[') return this.items(']', depth);
    if (mark === '{') return this.entries(depth);
    throw new SyntaxError(`unexpected ${mark}`);
  }

  end(): void {
    if (this.at < this.text.length) throw new SyntaxError('the literal goes on');
  }

  /** A pair of brackets around one value without a comma is that value, where they are round. */
  private items(close: string, depth: number): PythonValue {
    const items: PythonValue[] = [];
    while (!this.skip(close)) {
      items.push(this.value(depth + 1));
      if (this.skip(',')) continue;
      if (!this.skip(close)) throw new SyntaxError(`${close} expected`);
      return close === ')' && items.length === 1 ? items[0] : items;
    }
    return items;
  }

  private entries(depth: number): Map<string, PythonValue> {
    const entries = new Map<string, PythonValue>();
    while (!this.skip('}')) {
      const key = this.value(depth + 1);
      if (typeof key !== 'string' || !this.skip(':')) throw new SyntaxError('a key and a colon expected');
      entries.set(key, this.value(depth + 1));
      if (this.skip(',')) continue;
      if (!this.skip('}')) throw new SyntaxError('} expected');
      return entries;
    }
    return entries;
  }

  private token(): RegExpExecArray {
    tokenPattern.lastIndex = this.at;
    const token = tokenPattern.exec(this.text);
    if (token === null) throw new SyntaxError('not a literal');
    this.at = tokenPattern.lastIndex;
    return token;
  }

  private skip(mark: string): boolean {
    const { at } = this;
    if (at < this.text.length && this.token()[4] === mark) return true;
    this.at = at;
    return false;
  }
}

function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|(.))/gi,
    (_, byte?: string, unit?: string, other?: string) => {
      const code = byte ?? unit;
      return code === undefined ? other! : String.fromCharCode(parseInt(code, 16));
    },
  );
}
