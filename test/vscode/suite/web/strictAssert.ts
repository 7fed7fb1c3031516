import { assert } from 'chai';

const { isOk: ok, strictEqual: equal, notStrictEqual: notEqual, deepEqual, notDeepEqual, match } = assert;

/** What the suite uses of `node:assert/strict`, for a browser. */
export default { ok, equal, notEqual, deepEqual, notDeepEqual, match, doesNotMatch: assert.notMatch };
