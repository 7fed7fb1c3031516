import { expect, it } from 'vitest';
import { settingsOf } from '../../src/sweep/compareState';
import { MemberPool } from '../../src/sweep/memberPool';
import { memberTexts, membersOf } from '../../src/sweep/members';
import { parseConfig } from '../../src/config/parseConfig';
import { sessionWorkers } from '../helpers/sessionWorkers';

const layers = [{ type: 'Linear', out_features: 4 }, 'Tanh', 'Linear'];
const configText = JSON.stringify({
  dataset: { generate: 'xor', samples: 20 },
  model: { type: 'Sequential', layers },
  loss: 'binary_cross_entropy_with_logits',
  optimizer: { type: 'SGD', lr: 0.1 },
  epochs: 3,
  sweep: { 'model.layers.0.out_features': [2, 5] },
});

it('settings reach into the layers of a model, and name lists of numbers as they are', () => {
  const settings = settingsOf(memberTexts(configText, [{ 'model.layers.0.out_features': 5, split: [15, 5] }])[0]);
  expect(settings).toMatchObject({
    'model.layers.0.out_features': 5,
    'model.layers.1.type': 'Tanh',
    split: '[15,5]',
  });
});

it('members that are nets train, though the data set them no limit', async () => {
  const settings = membersOf(parseConfig(configText).config!);
  const texts = memberTexts(configText, settings);
  const members = settings.map((_, i) => ({
    identity: { id: String(i), name: '', startedAt: 0 },
    alike: '',
    request: { configText: texts[i], configFile: 'a.gd.json', seed: 0, rows: '' },
  }));
  const pool = new MemberPool(members, { startWorker: sessionWorkers().startWorker, jobs: 1 });
  try {
    await pool.check();
    await pool.train();
    expect(pool.states.map(({ status, shape }) => [status, shape?.model.parameters[0].shape])).toEqual([
      ['finished', [2, 2]],
      ['finished', [5, 2]],
    ]);
  } finally {
    pool.dispose();
  }
});
