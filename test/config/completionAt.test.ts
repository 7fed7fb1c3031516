import { describe, expect, it } from 'vitest';
import { completionAt } from '../../src/config/completion/completionAt';

/** What may be named at the bar. */
function at(marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const place = completionAt(text, offset);
  return place && { ...place, replaced: text.slice(place.start, place.end) };
}

describe('what of the data may be named', () => {
  it.each([
    ['{ "dataset": { "inputs": ["a", "|"] } }', 'inputs', '""', ['a']],
    ['{ "dataset": { "inputs": ["a", "b|c"], "targets": ["d"] } }', 'inputs', '"bc"', ['a', 'd']],
    ['{ "dataset": { "targets": [|] } }', 'targets', '', []],
    ['{ "dataset": { "inputs": ["a", |] } }', 'inputs', '', ['a']],
    ['// note\n{ "dataset": { "one_hot": [ "x", | ], }, }', 'one_hot', '', ['x']],
    ['{ "dataset": { "one_hot": ["|', 'one_hot', '"', []],
    ['{ "dataset": { "inputs": ["a"], "polynomial": { "columns": ["b", "|"] } } }', 'polynomial', '""', ['b']],
  ])('%s: a column', (marked, key, replaced, taken) => {
    expect(at(marked)).toMatchObject({ names: 'column', key, replaced, taken });
  });

  it.each([
    ['{ "dataset": { "file": "|" } }', '""'],
    ['{ "dataset": { "file": | } }', ''],
    ['{ "dataset": { "file": "a.csv", "validation_file": "b|.csv" } }', '"b.csv"'],
    ['{ "dataset": { "file": "da|ta.csv", "targets": ["y"] } }', '"data.csv"'],
  ])('%s: a file', (marked, replaced) => {
    expect(at(marked)).toMatchObject({ names: 'file', replaced });
  });

  it.each([
    '{ "dataset": { "|": ["a"] } }',
    '{ "dataset": { "inputs": ["a"|] } }',
    '{ "loader": { "inputs": ["|"] } }',
    '{ "dataset": { "values": { "inputs": [["|"]] } } }',
    '{ "inputs": ["|"] }',
    '|',
  ])('%s: nothing', (marked) => {
    expect(at(marked)).toBeUndefined();
  });
});
