import { bentProblem, linearProblem, type Learnable } from './problems';
import type { Draws } from './rows';
import { train } from './runs';
import { losses, short, withDataset, withEpochs, withKeys, withRate, type Fault, type Run } from './healthy';

/** What three times the epochs may add to the score of a healthy run. */
const mostLeft = 0.01;

/** A net for a problem: of Adam on scaled columns or, where varied, of any of what usually works. */
export function netRun(draws: Draws, problem: Learnable, isVaried = false): Run {
  const { names, rows } = problem.table;
  const width = draws.pick([16, 24, 32]);
  const activations = ['ReLU', 'Tanh', 'ReLU', 'LeakyReLU'];
  const activation = draws.pick(isVaried ? [...activations, 'GELU', 'ELU', 'SiLU'] : activations);
  const hidden = Array.from({ length: isVaried ? draws.whole(1, 3) : 2 }, () => [
    { type: 'Linear', out_features: width },
    activation,
  ]);
  const optimizer = isVaried
    ? draws.pick([
        { type: 'Adam', lr: 0.01 },
        { type: 'AdamW', lr: 0.01 },
        { type: 'NAdam', lr: 0.005 },
        { type: 'RMSprop', lr: 0.002 },
        { type: 'Adamax', lr: 0.01 },
        { type: 'SGD', lr: 0.03, momentum: 0.9 },
      ])
    : { type: 'Adam', lr: 0.01 };
  const isOfNumbers = problem.kind === 'numbers';
  return {
    table: problem.table,
    config: {
      seed: draws.whole(0, 1e6),
      dataset: {
        file: 'data.csv',
        inputs: names.slice(0, -1),
        targets: [names[names.length - 1]],
        scale: 'standard',
        ...(isOfNumbers && { scale_targets: 'standard' }),
      },
      loader: { batch_size: draws.pick([32, 64, rows.length]) },
      model: {
        type: 'Sequential',
        layers: [...hidden.flat(), 'Linear'],
        ...(isVaried && draws.uniform() < 0.2 && { init: 'xavier_uniform' }),
      },
      loss: isVaried && isOfNumbers ? draws.pick(['mse_loss', 'mse_loss', 'huber_loss']) : losses[problem.kind],
      optimizer,
      ...(isVaried && draws.uniform() < 0.2 && { scheduler: { type: 'CosineAnnealingLR', T_max: 600 } }),
      epochs: 600,
    },
  };
}

/** A net that has learned what there is to learn: it is good, and three times the epochs would hardly make it better. */
export async function healthyNet(draws: Draws, isVaried = false): Promise<{ run: Run; problem: Learnable }> {
  for (;;) {
    const problem = isVaried && draws.uniform() < 0.2 ? linearProblem(draws, 'numbers') : bentProblem(draws);
    const run = netRun(draws, problem, isVaried);
    const { score } = await train(run);
    if (score <= (problem.kind === 'numbers' ? 0.85 : 0.7)) continue;
    const longer = withEpochs(run, 3 * (run.config['epochs'] as number));
    if ((await train(longer)).score - score < mostLeft) return { run, problem };
  }
}

const layersOf = (run: Run) => (run.config['model'] as { layers: unknown[] }).layers;
const withLayers = (run: Run, layers: unknown[]) => withKeys(run, { model: { type: 'Sequential', layers } });

/** Faults of nets. */
export const netFaults: Record<string, Fault> = {
  rate_over_limit: async (draws) => {
    const { run, problem } = await healthyNet(draws);
    const isSgd = draws.uniform() < 0.5;
    const optimizer = isSgd ? { type: 'SGD', lr: draws.decade(0.5, 2) } : { type: 'Adam', lr: draws.decade(0.3, 1.3) };
    const small = withKeys(run, { optimizer });
    return short(
      `${problem.name}, ${JSON.stringify(optimizer)}`,
      withLayers(
        small,
        layersOf(run).map((layer) => (layer === 'ReLU' ? 'LeakyReLU' : layer)),
      ),
      run,
    );
  },
  rate_too_small: async (draws) => {
    const { run, problem } = await healthyNet(draws);
    return short(problem.name, withRate(run, draws.decade(-7, -5)), run);
  },
  too_few_epochs: async (draws) => {
    const { run, problem } = await healthyNet(draws);
    const loader = { batch_size: run.table.rows.length };
    return short(
      problem.name,
      withKeys(run, { loader, epochs: draws.whole(8, 20) }),
      withKeys(run, { loader, epochs: 1500 }),
    );
  },
  symmetric_start: async (draws) => {
    const { run, problem } = await healthyNet(draws);
    return short(problem.name, withKeys(run, { model: { ...(run.config['model'] as object), init: 'zeros' } }), run);
  },
  output_activation: async (draws) => {
    const { run, problem } = await healthyNet(draws);
    const last = draws.pick(['ReLU', 'Sigmoid']);
    return { title: `${problem.name}, ${last}`, run: withLayers(run, [...layersOf(run), last]), healthy: run };
  },
  vanishing_gradients: async (draws) => {
    const { run, problem } = await healthyNet(draws);
    const depth = draws.whole(8, 12);
    const layers = [
      ...Array.from({ length: depth }, () => [{ type: 'Linear', out_features: 16 }, 'Sigmoid']).flat(),
      'Linear',
    ];
    return short(problem.name, withKeys(withLayers(run, layers), { optimizer: { type: 'SGD', lr: 0.1 } }), run);
  },
  dead_units: async (draws) => {
    const { run, problem } = await healthyNet(draws);
    const layers = [
      { type: 'Linear', out_features: 16 },
      'ReLU',
      { type: 'Linear', out_features: 16 },
      'ReLU',
      'Linear',
    ];
    return short(
      problem.name,
      withKeys(withLayers(run, layers), { optimizer: { type: 'Adam', lr: draws.uniform(0.5, 2) } }),
      run,
    );
  },
  saturated_units: async (draws) => {
    const { run, problem } = await healthyNet(draws);
    const size = draws.decade(4, 6);
    const inputs = run.table.names.length - 1;
    const rows = run.table.rows.map((row) => row.map((value, i) => (i < inputs ? (value + 2) * size : value)));
    const layers = [
      { type: 'Linear', out_features: 16 },
      'Tanh',
      { type: 'Linear', out_features: 16 },
      'Tanh',
      'Linear',
    ];
    const raw = withDataset(withLayers(run, layers), { scale: 'none' });
    return short(problem.name, { ...raw, table: { ...run.table, rows } }, run);
  },
  overfitting: async (draws) => {
    const problem = linearProblem(draws, 'numbers');
    const rows = problem.table.rows.slice(0, 60);
    if (rows.length < 60) return undefined;
    const table = { ...problem.table, rows };
    const run = withKeys(netRun(draws, { ...problem, table }), { split: [0.5, 0.5], epochs: 1500 });
    const { state } = await train(run);
    const losses = state.history.column('valLoss');
    const least = losses.reduce((low, value) => Math.min(low, value), Infinity);
    return state.validationLoss > 1.5 * least ? { title: problem.name, run } : undefined;
  },
};
