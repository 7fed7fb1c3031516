import { beforeAll, describe, expect, it, vi } from 'vitest';
import { checkSentRun } from '../../../src/host/records/checkSentRun';
import { emptyColumns } from '../../../src/protocol/history';
import type { RunState } from '../../../src/protocol/state';
import { openConfig } from '../../helpers/openRun';
import { trainRun } from '../../helpers/trainRun';

vi.mock('vscode', () => import('../../helpers/fakeVscode'));

let run: RunState;
beforeAll(async () => {
  const dataset = { values: { inputs: [[3], [4], [7]], targets: [[1], [2], [4]] } };
  const config = { seed: 0, dataset, optimizer: { type: 'SGD', lr: 0.001 }, epochs: 5 };
  const state = trainRun(await openConfig(config));
  state.history.append(emptyColumns(5));
  const earlier = { fix: 'scale-inputs', tried: ['half-limit'], outcome: 1 } as RunState['identity']['earlier'];
  const identity = { ...state.identity, name: 'n'.repeat(10_000), sets: 'lr=1', earlier };
  run = { ...state, identity, label: { name: 'mine', note: 'a note' }, notice: 'why' } as RunState;
});

const long = 'x'.repeat(10_001);
type Change = [string, (run: RunState) => object, string];
const identity = (what: string, change: object): Change => [
  what,
  (state) => ({ identity: { ...state.identity, ...change } }),
  'its name is damaged',
];
const earlier = (what: string, change: object): Change => [
  what,
  (state) => ({ identity: { ...state.identity, earlier: { ...state.identity.earlier, ...change } } }),
  'its name is damaged',
];
const shape = (what: string, change: object, reason: string): Change => [
  what,
  (state) => ({ shape: { ...state.shape, ...change } }),
  reason,
];

describe('a run that was sent', () => {
  it('is let through where all of it is sound', () => expect(() => checkSentRun(run)).not.toThrow());

  it.each<Change>([
    identity('a name that is a number', { name: 3 }),
    identity('a name that is too long', { name: long }),
    identity('no start', { startedAt: NaN }),
    identity('settings that are no text', { sets: {} }),
    earlier('an earlier fix that is no text', { fix: 3 }),
    earlier('earlier fixes that are no texts', { tried: [{}] }),
    earlier('an earlier outcome that is no number', { outcome: 'good' }),
    ['a label that is no text', () => ({ label: { name: 3 } }), 'its name is damaged'],
    ['a note that is too long', () => ({ label: { note: long } }), 'its name is damaged'],
    ['a status that every object has', () => ({ status: 'toString' }), 'its status is unknown'],
    ['a notice that is no text', () => ({ notice: {} }), 'its messages are damaged'],
    ['a problem without a message', () => ({ problems: [{}] }), 'its messages are damaged'],
    ['fewer parameters than it began with', () => ({ initial: new Float32Array(9) }), 'its parameters are damaged'],
    ...['gradients', 'lastChange'].map<Change>((part) => [
      `${part} of fewer parameters`,
      () => ({ [part]: new Float32Array(1) }),
      'its parameters are damaged',
    ]),
    ['parameters of another kind', () => ({ gradients: [0, 0] }), 'its parameters are damaged'],
    ...['epoch', 'batch'].map<Change>((part) => [
      `a position whose ${part} is below 0`,
      ({ checkpoint }) => ({ checkpoint: { ...checkpoint, [part]: -1 } }),
      'its position is damaged',
    ]),
    ...['seconds', 'trainLoss', 'validationLoss'].map<Change>((part) => [
      `${part} that is a text`,
      () => ({ [part]: '1' }),
      'its losses are damaged',
    ]),
    ...['seed', 'epochs', 'logEvery', 'batchSize', 'batchesPerEpoch', 'trainRows', 'validationRows'].map((part) =>
      shape(`half a ${part}`, { [part]: 0.5 }, 'its settings are damaged'),
    ),
    shape('a rate that is a text', { lr: '1' }, 'its settings are damaged'),
    ...['loss', 'optimizer', 'scheduler'].map((part) =>
      shape(`a ${part} with a tag`, { [part]: '<b>' }, 'its settings are damaged'),
    ),
    shape('a loss in a list', { loss: ['mse_loss'] }, 'its settings are damaged'),
    shape('an optimizer as long as a line', { optimizer: 'a'.repeat(101) }, 'its settings are damaged'),
    ...['inputNames', 'targetNames', 'classNames'].map((part) =>
      shape(`${part} that are numbers`, { [part]: [1] }, 'its columns are damaged'),
    ),
    shape('a product of a column that is not there', { products: [[0, 1]] }, 'its columns are damaged'),
    shape('a product of half a column', { products: [[0, 0.5]] }, 'its columns are damaged'),
    shape('null in place of a layer', { model: { layers: [null] } }, 'its model is damaged'),
    shape('no layers', { model: {} }, 'its model is damaged'),
    ['a report of another kind', () => ({ curvature: 'steep' }), 'its reports are damaged'],
  ])('is refused with %s', (_, change, reason) => {
    expect(() => checkSentRun({ ...run, ...change(run) })).toThrow(reason);
  });
});
