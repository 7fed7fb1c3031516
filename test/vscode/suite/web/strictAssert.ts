import { assert } from 'chai';

const { isOk: ok, strictEqual: equal, notStrictEqual: notEqual, deepEqual, notDeepEqual, match } = assert;

async function rejects(promise: Promise<unknown>, expected: RegExp | ((error: unknown) => boolean)): Promise<void> {
  const error: unknown = await promise.then(
    () => assert.fail('nothing was rejected'),
    (reason: unknown) => reason,
  );
  if (expected instanceof RegExp) assert.match(String(error), expected);
  else assert.isOk(expected(error), `unexpected: ${String(error)}`);
}

/** What the suite uses of `node:assert/strict`, for a browser. */
export default { ok, equal, notEqual, deepEqual, notDeepEqual, match, doesNotMatch: assert.notMatch, rejects };
