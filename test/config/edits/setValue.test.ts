import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/parseConfig';
import { parseSetting, setConfigValue } from '../../../src/config/edits/setValue';
import { datasetConfig, tutorialConfig } from '../../../src/config/templates/template';

describe('--set', () => {
  it.each([
    ['optimizer.lr=1e-7', { path: 'optimizer.lr', value: 1e-7 }],
    ['split=[8, 2]', { path: 'split', value: [8, 2] }],
    ['loader.shuffle=false', { path: 'loader.shuffle', value: false }],
    ['dataset.file=my data.csv', { path: 'dataset.file', value: 'my data.csv' }],
    ['dataset.file=a=b.csv', { path: 'dataset.file', value: 'a=b.csv' }],
    ['model.init="zeros"', { path: 'model.init', value: 'zeros' }],
    ['loss=', { path: 'loss', value: '' }],
    ['epochs', undefined],
    ['=3', undefined],
    ['a..b=3', undefined],
  ])('reads %s', (setting, expected) => {
    expect(parseSetting(setting)).toEqual(expected);
  });
});

describe('setting a value', () => {
  it('changes nothing else, comments included', () => {
    const text = tutorialConfig();
    const changed = setConfigValue(text, 'optimizer.lr', 1e-7);
    expect(changed).toBe(text.replace('"lr": 1e-6', '"lr": 1e-7'));
    expect(parseConfig(changed).config?.optimizer.lr).toBe(1e-7);
  });

  it('adds a key and the objects around it', () => {
    const text = '{\r\n    // data\r\n    "dataset": { "file": "a.csv" }\r\n}\r\n';
    const changed = setConfigValue(setConfigValue(text, 'optimizer.type', 'SGD'), 'optimizer.lr', 0.1);
    expect(parseConfig(changed)).toMatchObject({ problems: [], config: { optimizer: { type: 'SGD', lr: 0.1 } } });
    expect(changed).toContain('\r\n    // data\r\n');
    expect(changed.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it('reaches into a list', () => {
    expect(setConfigValue('{ "split": [8, 2] }', 'split.0', 7)).toBe('{ "split": [7, 2] }');
  });

  it.each([
    ['{ "epochs": 3 }', 'epochs.x', 'cannot set epochs.x: epochs is 3, which has no keys'],
    ['{ "split": [8, 2] }', 'split.2', 'cannot set split.2: split is a list with entries 0 to 1'],
    ['3', 'epochs', 'cannot set epochs: the config is 3, which has no keys'],
  ])('says why %s has no place for %s', (text, path, message) => {
    expect(() => setConfigValue(text, path, 1)).toThrow(message);
  });

  it('sets any number so that it is read back', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-30, max: 1e30, noNaN: true }), (lr) => {
        expect(parseConfig(setConfigValue(tutorialConfig(), 'optimizer.lr', lr)).config?.optimizer.lr).toBe(lr);
      }),
    );
  });

  it('leaves each comment with the key that it belongs to', () => {
    const template = { file: 'a.csv', inputs: ['a'], targets: ['b'], lr: 0.1, scale: 'standard' as const };
    const lines = datasetConfig(template).split('\n');
    const at = lines.findIndex((line) => line.includes('"scale"'));
    const expected = lines
      .with(at, lines[at].replace('"standard"', '"standard",'))
      .toSpliced(at + 1, 0, '    "missing": "drop"');
    expect(setConfigValue(lines.join('\n'), 'dataset.missing', 'drop').split('\n')).toEqual(expected);
  });

  it.each([
    ['{}', '{ "b": 2 }'],
    ['{ }', '{ "b": 2 }'],
    ['{ /* none yet */ }', '{ /* none yet */ "b": 2 }'],
    ['{\n}', '{\n  "b": 2\n}'],
    ['{ // none yet\n}', '{ // none yet\n  "b": 2\n}'],
    ['{\n\t// none yet\n}', '{\n\t// none yet\n\t"b": 2\n}'],
    ['{"a":1}', '{"a":1,"b":2}'],
    ['{ "a": 1 }', '{ "a": 1, "b": 2 }'],
    ['{ "a": 1, }', '{ "a": 1, "b": 2, }'],
    ['{ "a": 1 /* one, */ }', '{ "a": 1 /* one, */, "b": 2 }'],
    ['{ "a": 1 // one, and\n}', '{ "a": 1, // one, and\n  "b": 2\n}'],
    ['{ "a": [\n  1\n] }', '{ "a": [\n  1\n], "b": 2 }'],
    ['{ "x": 0,\n  "a": 1 }', '{ "x": 0,\n  "a": 1,\n  "b": 2 }'],
    ['{\n  "a": 1 // one\n  // "c": 3\n}', '{\n  "a": 1, // one\n  "b": 2\n  // "c": 3\n}'],
    ['{\n  "a": 1, /* one\n  and more */ // and\n}', '{\n  "a": 1, /* one\n  and more */ // and\n  "b": 2,\n}'],
    ['{\r\n\t"a": 1\r\n}\r\n', '{\r\n\t"a": 1,\r\n\t"b": 2\r\n}\r\n'],
    ['\uFEFF{"a":1}', '\uFEFF{"a":1,"b":2}'],
    ['{ "a": 1', '{ "a": 1, "b": 2'],
    ['', '{ "b": 2 }\n'],
    ['// nothing', '// nothing\n{ "b": 2 }\n'],
  ])('adds a key to %j', (text, expected) => {
    expect(setConfigValue(text, 'b', 2)).toBe(expected);
  });

  it.each([
    ['{ "a": 1 }', 'b.c.d', [1, 2], '{ "a": 1, "b": { "c": { "d": [1, 2] } } }'],
    ['{\n\t"a": {\n\t\t"x": 1\n\t}\n}', 'a.y', {}, '{\n\t"a": {\n\t\t"x": 1,\n\t\t"y": {}\n\t}\n}'],
    ['{ "a": [8, 2] // both\n}', 'a', { x: [0.8] }, '{ "a": { "x": [0.8] } // both\n}'],
  ])('writes what it sets in %j on one line', (text, path, value, expected) => {
    expect(setConfigValue(text, path, value)).toBe(expected);
  });
});

/** An object as it is laid out in a text: on a line of its own for each key, or on one line. */
interface Layout {
  lines: boolean;
  trailingComma: boolean;
  entries: { key: string; value: number | Layout; before: boolean; after: '' | 'block' | 'line' }[];
}

const keys = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const layouts = (depth: number, lines?: boolean): fc.Arbitrary<Layout> =>
  (lines === undefined ? fc.boolean() : fc.constant(lines)).chain((isLines) =>
    fc.record({
      lines: fc.constant(isLines),
      trailingComma: fc.boolean(),
      entries: fc.uniqueArray(
        fc.record({
          key: keys,
          // What stands on one line has no lines inside.
          value: depth === 0 ? fc.nat(9) : fc.oneof(fc.nat(9), layouts(depth - 1, isLines ? undefined : false)),
          before: fc.boolean(),
          after: isLines ? fc.constantFrom('', 'block', 'line') : fc.constantFrom('', 'block'),
        }),
        { selector: ({ key }) => key, maxLength: 3 },
      ),
    }),
  );

function written({ lines, trailingComma, entries }: Layout, unit: string, eol: string, margin: string): string {
  const inner = margin + unit;
  const parts = entries.map(({ key, value, before, after }, i) => {
    const text = `"${key}": ${typeof value === 'number' ? value : written(value, unit, eol, inner)}`;
    const comma = i < entries.length - 1 || trailingComma ? ',' : '';
    const note = { '': '', block: ` /* after ${key}, */`, line: ` // after ${key}, "x": 1 }` }[after];
    if (!lines) return `${before ? '/* before */ ' : ''}${text}${note}${comma}`;
    return `${before ? `${inner}// before ${key},${eol}` : ''}${inner}${text}${comma}${note}`;
  });
  if (entries.length === 0) return lines ? `{${eol}${margin}}` : '{}';
  return lines ? `{${eol}${parts.join(eol)}${eol}${margin}}` : `{ ${parts.join(' ')} }`;
}

/** The objects of a layout with their paths. */
function objectsOf(layout: Layout, path: string[]): { path: string[]; layout: Layout }[] {
  const inner = layout.entries.flatMap(({ key, value }) =>
    typeof value === 'number' ? [] : objectsOf(value, [...path, key]),
  );
  return [{ path, layout }, ...inner];
}

function valueAt(root: unknown, path: string[]): Record<string, unknown> {
  return path.reduce((value, key) => value[key] as Record<string, unknown>, root as Record<string, unknown>);
}

describe('setting a key in any layout', () => {
  const cases = fc.record({
    layout: layouts(2),
    unit: fc.constantFrom('\t', '  ', '    '),
    eol: fc.constantFrom('\n', '\r\n'),
    object: fc.nat(),
    key: fc.oneof(keys, fc.constant('new')),
  });

  it('changes nothing else: not the other lines, not the other values', () => {
    fc.assert(
      fc.property(cases, ({ layout, unit, eol, object, key }) => {
        const text = `{${eol}${unit}"root": ${written(layout, unit, eol, unit)} // end${eol}}${eol}`;
        const objects = objectsOf(layout, ['root']);
        const { path, layout: target } = objects[object % objects.length];
        const changed = setConfigValue(text, [...path, key].join('.'), 'set');
        const expected: unknown = parse(text, [], { allowTrailingComma: true });
        valueAt(expected, path)[key] = 'set';
        const errors: never[] = [];
        expect(parse(changed, errors, { allowTrailingComma: true })).toEqual(expected);
        expect(errors).toEqual([]);
        const [before, after] = [text.split(eol), changed.split(eol)];
        expect(changed.split(/\r\n|\r|\n/)).toEqual(after);
        const known = target.entries.find((entry) => entry.key === key);
        if (known && typeof known.value !== 'number') return;
        if (known || !target.lines) {
          // On one line as before, and this line is the only one that differs.
          expect(after.length).toBe(before.length);
          expect(before.filter((line, i) => line !== after[i]).length).toBe(1);
          return;
        }
        const margin = unit.repeat(path.length + 1);
        const added = after.findIndex((line) => line.startsWith(`${margin}"${key}": "set"`));
        const others = after.toSpliced(added, 1);
        const differing = others.flatMap((line, i) => (line === before[i] ? [] : [i]));
        expect(others.length).toBe(before.length);
        const last = target.entries.at(-1);
        expect(differing.length).toBe(last && !target.trailingComma ? 1 : 0);
        for (const i of differing) {
          const note = { '': '', block: ` /* after ${last!.key}, */`, line: ` // after ${last!.key}, "x": 1 }` }[
            last!.after
          ];
          expect(before[i].endsWith(note)).toBe(true);
          expect(others[i]).toBe(`${before[i].slice(0, before[i].length - note.length)},${note}`);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
