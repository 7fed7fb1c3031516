import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkViewMessage, checkViewRequest } from '../../src/protocol/checkViewRequest';

describe('messages of a view', () => {
  it.each([
    { type: 'ready', page: 1700000000000.25 },
    { type: 'drawn', update: 7 },
    { type: 'action', action: 'pause' },
    { type: 'control', controls: { batchesPerSecond: null } },
    { type: 'runOffered', uri: 'file:///folder/sales.csv' },
    { type: 'control', controls: { batchesPerSecond: 2.5 } },
    {
      type: 'ask',
      requestId: 3,
      question: { kind: 'rows', query: { offset: 0, count: 25, sort: 'error', descending: true } },
    },
    {
      type: 'ask',
      requestId: 3,
      question: { kind: 'rows', query: { offset: 0, count: 25, sort: 'row', descending: true }, at: 10 },
    },
    {
      type: 'ask',
      requestId: 3,
      question: { kind: 'rows', query: { offset: 0, count: 25, sort: 'row', descending: true, batches: true } },
    },
    { type: 'ask', requestId: 3, question: { kind: 'order', query: { batches: 8, rows: 4 } } },
    { type: 'ask', requestId: 3, question: { kind: 'column', query: { of: 'targets', index: 1 } } },
    { type: 'ask', requestId: 3, question: { kind: 'scatter', query: { target: 0, points: 2000 }, at: 4 } },
    { type: 'ask', requestId: 3, question: { kind: 'confusion', query: { classes: 30 } } },
    { type: 'ask', requestId: 3, question: { kind: 'metrics' } },
    { type: 'ask', requestId: 3, question: { kind: 'metrics', at: 4 } },
    { type: 'ask', requestId: 3, question: { kind: 'sharpness' } },
    { type: 'ask', requestId: 3, question: { kind: 'sharpness', at: 4 } },
    { type: 'ask', requestId: 3, question: { kind: 'landscape', query: { plane: 'steepest' } } },
    {
      type: 'ask',
      requestId: 3,
      question: {
        kind: 'landscape',
        query: { plane: { first: 2, second: 0 }, view: { a: -1, b: 0.5, halfA: 1e9, halfB: 1e-9 } },
      },
    },
    { type: 'ask', requestId: 3, question: { kind: 'batch', query: { rows: 8 } } },
    { type: 'ask', requestId: 3, question: { kind: 'mistake', query: { mistake: 'sum', first: 12 } } },
    { type: 'ask', requestId: 3, question: { kind: 'epochs', query: { first: 5, count: 65_536, exact: true } } },
    { type: 'ask', requestId: 3, question: { kind: 'epochs', query: { first: 5, count: 1e9, exact: false } } },
    { type: 'seek', epoch: 3, batch: 2 },
    { type: 'applyFix', id: 'dataset.scale="standard" optimizer.lr=0.4' },
    { type: 'showProblem', id: '12:4 missing-value /data/houses.csv' },
    { type: 'savePicture', plot: 'loss', png: 'iVBORw0KGgo=' },
  ])('$type is let through', (message) => {
    expect(checkViewRequest({ ...message, extra: 1 })).toEqual(message);
  });

  it.each([
    { type: 'ready' },
    { type: 'ready', page: NaN },
    { type: 'drawn', update: -1 },
    { type: 'action', action: 'toString' },
    { type: 'action', action: 'rm' },
    { type: 'control', controls: { batchesPerSecond: -1 } },
    { type: 'control', controls: { batchesPerSecond: Infinity } },
    {
      type: 'ask',
      requestId: 3,
      question: { kind: 'rows', query: { offset: 0, count: 1e9, sort: 'error', descending: true } },
    },
    {
      type: 'ask',
      requestId: 3,
      question: { kind: 'rows', query: { offset: -1, count: 5, sort: 'row', descending: true } },
    },
    { type: 'ask', requestId: 3, question: { kind: 'toString' } },
    {
      type: 'ask',
      requestId: 3,
      question: { kind: 'rows', query: { offset: 0, count: 5, sort: 'row', descending: true, batches: 1 } },
    },
    { type: 'ask', requestId: 3, question: { kind: 'order', query: { batches: 1e9, rows: 4 } } },
    { type: 'ask', requestId: 3, question: { kind: 'column', query: { of: 'classNames', index: 1 } } },
    { type: 'ask', requestId: 3, question: { kind: 'scatter', query: { target: 0, points: 1e9 } } },
    { type: 'ask', requestId: 3, question: { kind: 'scatter', query: { target: 0, points: 20 }, at: 'now' } },
    { type: 'ask', requestId: 3, question: { kind: 'confusion', query: { classes: -1 } } },
    { type: 'ask', requestId: 3, question: { kind: 'landscape', query: { plane: 'flattest' } } },
    { type: 'ask', requestId: 3, question: { kind: 'landscape', query: { plane: { first: 1, second: 1 } } } },
    {
      type: 'ask',
      requestId: 3,
      question: { kind: 'landscape', query: { plane: 'steepest', view: { a: 0, b: 0, halfA: 1, halfB: NaN } } },
    },
    { type: 'ask', requestId: 3, question: { kind: 'batch', query: { rows: 1e9 } } },
    { type: 'ask', requestId: 3, question: { kind: 'mistake', query: { mistake: 'toString', first: 0 } } },
    { type: 'ask', requestId: 3, question: { kind: 'mistake', query: { mistake: 'sum', first: 0.5 } } },
    { type: 'ask', requestId: 3, question: { kind: 'epochs', query: { first: 5, count: 65_537, exact: true } } },
    { type: 'ask', requestId: 3, question: { kind: 'epochs', query: { first: -1, count: 5, exact: true } } },
    { type: 'ask', requestId: 3, question: { kind: 'epochs', query: { first: 0, count: 5 } } },
    { type: 'seek', epoch: -1, batch: 2 },
    { type: 'applyFix', id: 0 },
    { type: 'applyFix', id: '' },
    { type: 'applyFix', id: 'x'.repeat(5001) },
    { type: 'showProblem', id: ['0'] },
    { type: 'showProblem', id: 'x'.repeat(1e6) },
    { type: 'savePicture', plot: '../x', png: 'iVBORw0KGgo=' },
    { type: 'savePicture', plot: 'loss', png: '<svg>' },
    { type: 'savePicture', plot: 'loss', png: '' },
    { type: 'savePicture', plot: 'loss', png: '<svg iVBORw0KGgo=' },
    { type: 'savePicture', plot: 'loss', png: 'iVBORw0KGgo=<svg' },
    { type: 'savePicture', plot: 'loss', png: 'iVBORw0KGg===' },
    { type: 'runOffered', uri: '' },
    { type: 'runOffered', uri: 'x'.repeat(5001) },
  ])('$type with a wrong value is dropped', (message) => {
    expect(checkViewRequest(message)).toBeUndefined();
  });

  const ask = (question: object, requestId = 0) => ({ type: 'ask', requestId, question });
  const rows = (more: object = {}) =>
    ask({ kind: 'rows', query: { offset: 0, count: 1000, sort: 'row', descending: false, ...more } });

  it.each([
    rows(),
    rows({ count: 0, sort: 'error', batches: false }),
    ask({ kind: 'order', query: { batches: 1000, rows: 1000 } }),
    ask({ kind: 'batch', query: { rows: 1000 } }),
    ask({ kind: 'scatter', query: { target: 0, points: 10_000 } }),
    ask({ kind: 'confusion', query: { classes: 100 }, at: 0 }),
    ask({ kind: 'column', query: { of: 'inputs', index: 0 } }),
    ask({ kind: 'landscape', query: { plane: { first: 0, second: 1 } } }),
    ...['notZeroed', 'broadcast', 'sum', 'noShuffle'].map((mistake) =>
      ask({ kind: 'mistake', query: { mistake, first: 0 } }),
    ),
    ...[
      'run',
      'runAgain',
      'runTutorial',
      'resume',
      'stop',
      'restart',
      'step',
      'stepEpoch',
      'openConfig',
      'openPanel',
      'compareWith',
      'compareWithNone',
    ].map((action) => ({ type: 'action', action })),
    { type: 'seek', epoch: 0, batch: 0 },
    { type: 'applyFix', id: 'x'.repeat(5000) },
  ])('at a limit it is let through: %j', (message) => expect(checkViewRequest(message)).toEqual(message));

  it.each([
    rows({ count: 1001 }),
    rows({ offset: 0.5 }),
    rows({ sort: 'loss' }),
    rows({ descending: 1 }),
    ask({ kind: 'rows' }),
    ask({ kind: 'rows', query: { offset: 0, count: 5, sort: 'row', descending: true }, at: -1 }),
    ask({ kind: 'order', query: { batches: 1001, rows: 1 } }),
    ask({ kind: 'order', query: { batches: 1, rows: 1001 } }),
    ask({ kind: 'order', query: { batches: -1, rows: 1 } }),
    ask({ kind: 'order', query: { batches: 1, rows: -1 } }),
    ask({ kind: 'order' }),
    ask({ kind: 'batch', query: { rows: 1001 } }),
    ask({ kind: 'batch' }),
    ask({ kind: 'scatter', query: { target: 0, points: 10_001 } }),
    ask({ kind: 'scatter', query: { target: -1, points: 5 } }),
    ask({ kind: 'scatter' }),
    ask({ kind: 'confusion', query: { classes: 101 } }),
    ask({ kind: 'confusion', query: { classes: 5 }, at: 0.5 }),
    ask({ kind: 'confusion' }),
    ask({ kind: 'metrics', at: -1 }),
    ask({ kind: 'sharpness', at: 0.5 }),
    ask({ kind: 'column', query: { of: 'inputs', index: -1 } }),
    ask({ kind: 'column' }),
    ask({ kind: 'landscape', query: { plane: { first: -1, second: 0 } } }),
    ask({ kind: 'landscape', query: { plane: { first: 0, second: -1 } } }),
    ask({ kind: 'landscape', query: { plane: 'steepest', view: 3 } }),
    ask({ kind: 'landscape', query: { plane: 'steepest', view: null } }),
    ...['a', 'b', 'halfA', 'halfB'].map((side) =>
      ask({ kind: 'landscape', query: { plane: 'steepest', view: { a: 1, b: 1, halfA: 1, halfB: 1, [side]: '1' } } }),
    ),
    ask({ kind: 'landscape' }),
    ask({ kind: 'mistake', query: { mistake: 'sum', first: -1 } }),
    ask({ kind: 'mistake' }),
    ask({ kind: 'batch', query: { rows: 8 } }, -1),
    ask({ kind: 'batch', query: { rows: 8 } }, 2 ** 53),
    { type: 'control', controls: { batchesPerSecond: 0 } },
    { type: 'control', controls: { batchesPerSecond: '3' } },
    { type: 'control' },
    { type: 'action' },
    { type: 'seek', epoch: 0, batch: -1 },
    { type: 'showProblem', index: -1 },
    { type: 'toString' },
    null,
  ])('beyond a limit it is dropped: %j', (message) => expect(checkViewRequest(message)).toBeUndefined());

  it('a picture has 50 million characters at most', () => {
    const picture = (length: number) => ({ type: 'savePicture', plot: 'loss', png: 'A'.repeat(length) });
    expect(checkViewRequest(picture(50_000_000))).toBeDefined();
    expect(checkViewRequest(picture(50_000_001))).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.anything(), (message) => void checkViewRequest(message)));
  });
});

describe('what a message of a view is wrapped in', () => {
  it('names the run that it is about, or none', () => {
    const request = { type: 'ready', page: 1 };
    expect(checkViewMessage({ request })).toEqual({ request });
    expect(checkViewMessage({ runId: 'a', request, other: 1 })).toEqual({ runId: 'a', request });
  });

  it.each([undefined, 'ready', { type: 'ready' }, { runId: 3, request: { type: 'ready', page: 1 } }, { request: {} }])(
    'is refused: %j',
    (message) => expect(checkViewMessage(message)).toBeUndefined(),
  );
});
