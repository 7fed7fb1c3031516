import { bentProblem, linearProblem, noiseProblem, type Learnable } from './problems';
import { Draws, type Rows } from './rows';
import { gapOf, look, train, type Run } from './runs';

/** A run, what is wrong with it, and a healthy one of the same problem that shows what can be reached. */
export interface Case {
  seed: number;
  title: string;
  /** `healthy`, or the code of its fault. */
  label: string;
  run: Run;
  /** Absent where nothing can be reached, or no config can. */
  healthy?: Run;
  isNet: boolean;
}

const losses = { numbers: 'mse_loss', two: 'binary_cross_entropy_with_logits', several: 'cross_entropy' };
/** A run that ends so near to its minimum is healthy. */
const arrived = 0.008;

type Optimizer = Record<string, unknown> & { type: string };

function optimizerOf(draws: Draws): Optimizer {
  return draws.pick<Optimizer>([
    { type: 'SGD' },
    { type: 'SGD' },
    { type: 'SGD', momentum: 0.9 },
    { type: 'SGD', momentum: 0.9, nesterov: true },
    { type: 'Adam' },
    { type: 'AdamW', weight_decay: 0 },
    { type: 'RMSprop' },
    { type: 'Adagrad' },
  ]);
}

const adaptiveRates: Record<string, number> = { Adam: 0.02, AdamW: 0.02, RMSprop: 0.003, Adagrad: 0.3 };

function configFor(problem: Learnable, draws: Draws, optimizer: Optimizer): Record<string, unknown> {
  const target = problem.table.names[problem.table.names.length - 1];
  const isAdaptive = optimizer.type in adaptiveRates;
  const scaleTargets = problem.kind === 'numbers' && (isAdaptive || draws.uniform() < 0.4);
  return {
    seed: draws.whole(0, 1e6),
    dataset: {
      file: 'data.csv',
      targets: [target],
      inputs: problem.table.names.slice(0, -1),
      scale: 'standard',
      ...(scaleTargets && { scale_targets: 'standard' }),
    },
    ...(draws.uniform() < 0.25 && problem.table.rows.length >= 100 && { split: [0.8, 0.2] }),
    loader: { batch_size: draws.pick([problem.table.rows.length, problem.table.rows.length, 32, 16]) },
    loss: losses[problem.kind],
    optimizer: { ...optimizer, lr: adaptiveRates[optimizer.type] ?? 1e-6 },
    epochs: 200,
  };
}

const withRate = (run: Run, lr: number): Run => ({
  ...run,
  config: { ...run.config, optimizer: { ...(run.config['optimizer'] as object), lr } },
});
const withKeys = (run: Run, keys: Record<string, unknown>): Run => ({ ...run, config: { ...run.config, ...keys } });
const withDataset = (run: Run, keys: Record<string, unknown>): Run =>
  withKeys(run, { dataset: { ...(run.config['dataset'] as object), ...keys } });
export const rateOf = ({ config }: Run) => (config['optimizer'] as { lr: number }).lr;

/** A run that arrives, found by making the rate smaller and the epochs more until it does. */
async function healthyLinear(draws: Draws, problem: Learnable, optimizer: Optimizer): Promise<Run | undefined> {
  let run: Run = { config: configFor(problem, draws, optimizer), table: problem.table };
  const { report } = await look(run);
  const { rate } = report!.limit;
  if (report!.optimum && !report!.optimum.isAttained) return undefined;
  if (rate !== undefined && !(optimizer.type in adaptiveRates))
    run = withRate(run, Number((draws.uniform(0.2, 0.5) * rate).toPrecision(2)));
  for (let attempt = 0; attempt < 7; attempt++) {
    const { state } = await train(run);
    const gap = gapOf(state);
    if (gap < arrived) return run;
    const isFloor = state.shape!.batchesPerEpoch > 1 && attempt % 2 === 0;
    if (isFloor) run = withRate(run, rateOf(run) / 3);
    run = withKeys(run, { epochs: (run.config['epochs'] as number) * 3 });
  }
  return undefined;
}

async function anyHealthy(
  draws: Draws,
  wanted?: Learnable['kind'],
  optimizer?: Optimizer,
): Promise<{ run: Run; problem: Learnable }> {
  for (;;) {
    const problem = linearProblem(draws, wanted);
    const run = await healthyLinear(draws, problem, optimizer ?? optimizerOf(draws));
    if (run) return { run, problem };
  }
}

const plain: Optimizer = { type: 'SGD' };

/** A column more, before the target. */
function withColumn({ names, rows }: Rows, name: string, value: (row: number[]) => number): Rows {
  return {
    names: [...names.slice(0, -1), name, names[names.length - 1]],
    rows: rows.map((row) => [...row.slice(0, -1), value(row), row[row.length - 1]]),
  };
}

function withTable(run: Run, table: Rows): Run {
  return { ...withDataset(run, { inputs: table.names.slice(0, -1) }), table };
}

type Fault = (draws: Draws) => Promise<Omit<Case, 'seed' | 'label' | 'isNet'> | undefined>;

/** A fault counts where the run falls short of what the healthy one reaches. */
async function fallsShort(run: Run, healthy: Run): Promise<boolean> {
  const [bad, good] = [await train(run), await train(healthy)];
  return bad.score < 0.9 * good.score;
}

async function short(title: string, run: Run, healthy: Run) {
  return (await fallsShort(run, healthy)) ? { title, run, healthy } : undefined;
}

/** Faults of runs of one linear layer. */
export const faults: Record<string, Fault> = {
  rate_over_limit: async (draws) => {
    const { run, problem } = await anyHealthy(draws, undefined, draws.pick([plain, { type: 'SGD', momentum: 0.9 }]));
    const { report } = await look(run);
    const isWhole = report!.stepsPerEpoch === 1 && problem.kind === 'numbers';
    const times = isWhole
      ? draws.decade(0.1, 1.5)
      : problem.kind === 'numbers'
        ? draws.decade(0.6, 2)
        : draws.decade(1.5, 3);
    return short(
      `${problem.name}, lr ${times.toFixed(1)} times the limit`,
      withRate(run, report!.limit.rate! * times),
      run,
    );
  },
  momentum_too_large: async (draws) => {
    const { run, problem } = await anyHealthy(draws, undefined, plain);
    const momentum = draws.pick([1, 1.05, 1.2, 1.5]);
    const optimizer = { ...(run.config['optimizer'] as object), momentum };
    return short(`${problem.name}, momentum ${momentum}`, withKeys(run, { optimizer }), run);
  },
  rate_too_small: async (draws) => {
    const { run, problem } = await anyHealthy(draws);
    const times = draws.decade(2, 4);
    return short(`${problem.name}, lr a ${times.toFixed(0)}th`, withRate(run, rateOf(run) / times), run);
  },
  too_few_epochs: async (draws) => {
    const { run, problem } = await anyHealthy(draws, undefined, plain);
    const { report } = await look(run);
    const epochs = draws.whole(5, 15);
    const near = withRate(run, 0.45 * report!.limit.rate!);
    return short(`${problem.name}, ${epochs} epochs`, withKeys(near, { epochs }), run);
  },
  hovering: async (draws) => {
    const { run, problem } = await anyHealthy(draws, 'numbers', plain);
    const noisy = withKeys(run, { loader: { batch_size: draws.pick([1, 2, 4]) }, epochs: 200 });
    const { report } = await look(noisy);
    const hot = withRate(noisy, draws.uniform(0.5, 0.95) * report!.limit.rate!);
    const { state } = await train(hot);
    return gapOf(state) > 0.03 ? { title: problem.name, run: hot, healthy: run } : undefined;
  },
  not_scaled: async (draws) => {
    const { run, problem } = await anyHealthy(draws, 'numbers', plain);
    const inputs = problem.table.names.length - 1;
    const sizes = Array.from({ length: inputs }, (_, i) => (i === 0 ? draws.decade(3, 4) : draws.decade(-1, 2)));
    const offsets = sizes.map((size) => (draws.uniform() < 0.5 ? 3 * size : 0));
    const rows = problem.table.rows.map((row) =>
      row.map((value, i) => (i < inputs ? value * sizes[i] + offsets[i] : value)),
    );
    const raw = withDataset({ ...run, table: { ...problem.table, rows } }, { scale: 'none' });
    const { report } = await look(raw);
    return short(problem.name, withRate(raw, 0.5 * report!.limit.rate!), run);
  },
  targets_too_large: async (draws) => {
    const { run, problem } = await anyHealthy(draws, 'numbers', draws.pick([{ type: 'Adam' }, { type: 'RMSprop' }]));
    const size = draws.decade(4, 6);
    const rows = problem.table.rows.map((row) => [...row.slice(0, -1), row[row.length - 1] * size]);
    const raw = withDataset({ ...run, table: { ...problem.table, rows } }, { scale_targets: 'none' });
    return short(problem.name, withRate(raw, draws.pick([0.001, 0.01])), run);
  },
  dependent_columns: async (draws) => {
    const { run, problem } = await anyHealthy(draws, undefined, plain);
    const constant = draws.uniform() < 0.3;
    const table = withColumn(problem.table, 'both', (row) => (constant ? 7 : 2 * row[0] + row[1]));
    const { report } = await look(withTable(run, table));
    const lr = Math.min(rateOf(run), 0.4 * report!.limit.rate!);
    return {
      title: `${problem.name}, ${constant ? 'constant' : 'sum'}`,
      run: withRate(withTable(run, table), lr),
      healthy: run,
    };
  },
  fewer_rows_than_inputs: async (draws) => {
    const rows = draws.whole(10, 20);
    const inputs = rows + draws.whole(5, 30);
    const names = [...Array.from({ length: inputs }, (_, i) => `x${i}`), 'y'];
    const table = { names, rows: Array.from({ length: rows }, () => [...draws.normal(inputs + 1)]) };
    const run = { config: configFor({ name: 'wide', kind: 'numbers', table }, draws, plain), table };
    const { report } = await look(withKeys(run, { split: undefined }));
    return {
      title: `${rows} rows of ${inputs} inputs`,
      run: withKeys(withRate(run, 0.4 * report!.limit.rate!), { split: undefined, epochs: 2000 }),
    };
  },
  leaking_column: async (draws) => {
    const { run, problem } = await anyHealthy(draws, 'numbers');
    const [scale, offset] = [draws.uniform(0.5, 3), draws.uniform(-5, 5)];
    const table = withColumn(problem.table, 'total', (row) =>
      Number((scale * row[row.length - 1] + offset).toPrecision(7)),
    );
    return { title: problem.name, run: withTable(run, table), healthy: run };
  },
  rows_in_both_sets: async (draws) => {
    const { run, problem } = await anyHealthy(draws);
    const again = problem.table.rows.slice(0, Math.ceil(draws.uniform(0.3, 1) * problem.table.rows.length));
    const table = { ...problem.table, rows: [...problem.table.rows, ...again] };
    return { title: problem.name, run: { ...withKeys(run, { split: [0.8, 0.2] }), table } };
  },
  ordered_rows: async (draws) => {
    const { run, problem } = await anyHealthy(draws, undefined, plain);
    const rows = [...problem.table.rows].sort((a, b) => a[a.length - 1] - b[b.length - 1]);
    const sorted = {
      ...withKeys(run, {
        split: undefined,
        loader: { batch_size: draws.pick([1, 4, 8]), shuffle: false },
        epochs: 200,
      }),
      table: { ...problem.table, rows },
    };
    const { report } = await look(sorted);
    const hot = withRate(sorted, draws.uniform(0.1, 0.4) * report!.limit.rate!);
    const shuffled = withKeys(hot, { loader: { ...(hot.config['loader'] as object), shuffle: true } });
    const [bad, good] = [await train(hot), await train(shuffled)];
    return gapOf(bad.state) > 0.03 && gapOf(good.state) < 0.5 * gapOf(bad.state)
      ? { title: problem.name, run: hot, healthy: shuffled }
      : undefined;
  },
  class_imbalance: async (draws) => {
    const inputs = draws.whole(2, 5);
    const rule = draws.normal(inputs);
    const bias = draws.uniform(-4.2, -3.2);
    const rows = Array.from({ length: 600 }, () => {
      const x = [...draws.normal(inputs)];
      const score = bias + 0.8 * x.reduce((sum, value, i) => sum + rule[i] * value, 0);
      return [...x, Number(draws.uniform() < 1 / (1 + Math.exp(-score)))];
    });
    const table = { names: [...Array.from({ length: inputs }, (_, i) => `x${i}`), 'y'], rows };
    const run = await healthyLinear(draws, { name: 'rare', kind: 'two', table }, plain);
    if (!run) return undefined;
    const { state } = await train(run);
    const { metrics } = state;
    const isOneClass =
      metrics?.of === 'classes' && metrics.train.model.recall < 0.54 && metrics.train.model.rocAuc! > 0.62;
    return isOneClass ? { title: 'rare class', run } : undefined;
  },
  outliers_dominate: async (draws) => {
    const { run, problem } = await anyHealthy(draws, 'numbers', plain);
    if (problem.table.rows.length < 150) return undefined;
    const values = problem.table.rows.map((row) => row[row.length - 1]);
    const spread = Math.max(...values) - Math.min(...values);
    const count = Math.max(1, Math.floor(0.007 * values.length));
    const rows = problem.table.rows.map((row, i) =>
      i % Math.floor(values.length / count) === 5 && i / Math.floor(values.length / count) < count
        ? [...row.slice(0, -1), row[row.length - 1] + spread * draws.uniform(15, 60)]
        : row,
    );
    return { title: problem.name, run: { ...withKeys(run, { split: undefined }), table: { ...problem.table, rows } } };
  },
  classes_as_numbers: async (draws) => {
    const { run, problem } = await anyHealthy(draws, 'two');
    const { report } = await look(withKeys(run, { loss: 'mse_loss' }));
    const lr = Math.min(rateOf(run), 0.4 * (report!.limit.rate ?? Infinity));
    return { title: problem.name, run: withRate(withKeys(run, { loss: 'mse_loss', epochs: 1000 }), lr), healthy: run };
  },
  numbers_as_classes: async (draws) => {
    const { run, problem } = await anyHealthy(draws, 'numbers', draws.pick([plain, { type: 'Adam' }]));
    const table = {
      ...problem.table,
      rows: problem.table.rows.map((row) => [...row.slice(0, -1), Number(row[row.length - 1].toPrecision(3))]),
    };
    const classes = new Set(table.rows.map((row) => row[row.length - 1])).size;
    if (classes <= 25 || classes > 300) return undefined;
    const wrong = withDataset(withKeys({ ...run, table }, { loss: 'cross_entropy', split: undefined }), {
      scale_targets: 'none',
    });
    return { title: problem.name, run: wrong, healthy: withKeys({ ...run, table }, { split: undefined }) };
  },
  not_linear: async (draws) => {
    const problem = bentProblem(draws);
    const run = await healthyLinear(draws, problem, plain);
    const healthy = netRun(draws, problem);
    return run ? short(problem.name, run, healthy) : undefined;
  },
  nothing_to_learn: async (draws) => {
    const problem = noiseProblem(draws);
    const run = await healthyLinear(draws, problem, plain);
    return run && { title: problem.name, run };
  },
  separable: async (draws) => {
    const inputs = draws.whole(2, 4);
    const rule = draws.normal(inputs);
    const rows = Array.from({ length: draws.whole(60, 200) }, () => {
      const x = [...draws.normal(inputs)];
      const score = x.reduce((sum, value, i) => sum + rule[i] * value, 0.3);
      return [...x.map((value, i) => value + 0.3 * Math.sign(score) * rule[i]), Number(score > 0)];
    });
    const table = { names: [...Array.from({ length: inputs }, (_, i) => `x${i}`), 'y'], rows };
    const run = { config: configFor({ name: 'apart', kind: 'two', table }, draws, plain), table };
    const { report } = await look(run);
    return report!.optimum?.isAttained === false
      ? { title: 'apart', run: withRate(run, 0.5 * report!.limit.rate!) }
      : undefined;
  },
  regularization_too_strong: async (draws) => {
    const { run, problem } = await anyHealthy(draws, undefined, plain);
    const { report } = await look(run);
    const weight_decay = Number((report!.hessian!.lambdaMax * draws.decade(0.5, 1.5)).toPrecision(2));
    const strong = { ...(run.config['optimizer'] as object), weight_decay };
    const { report: decayed } = await look(withKeys(run, { optimizer: strong }));
    return short(problem.name, withRate(withKeys(run, { optimizer: strong }), 0.4 * decayed!.limit.rate!), run);
  },
};

/** A net that learns what bends. */
export function netRun(draws: Draws, problem: Learnable): Run {
  const { names, rows } = problem.table;
  const width = draws.pick([16, 24, 32]);
  const activation = draws.pick(['ReLU', 'Tanh', 'ReLU', 'LeakyReLU']);
  return {
    table: problem.table,
    config: {
      seed: draws.whole(0, 1e6),
      dataset: {
        file: 'data.csv',
        inputs: names.slice(0, -1),
        targets: [names[names.length - 1]],
        scale: 'standard',
        ...(problem.kind === 'numbers' && { scale_targets: 'standard' }),
      },
      loader: { batch_size: draws.pick([32, 64, rows.length]) },
      model: {
        type: 'Sequential',
        layers: [
          { type: 'Linear', out_features: width },
          activation,
          { type: 'Linear', out_features: width },
          activation,
          'Linear',
        ],
      },
      loss: losses[problem.kind],
      optimizer: { type: 'Adam', lr: 0.01 },
      epochs: 600,
    },
  };
}

async function healthyNet(draws: Draws): Promise<{ run: Run; problem: Learnable }> {
  for (;;) {
    const problem = bentProblem(draws);
    const run = netRun(draws, problem);
    const { score } = await train(run);
    if (score > (problem.kind === 'numbers' ? 0.85 : 0.7)) return { run, problem };
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

/** Healthy runs of nets and of linear layers. */
async function healthyCase(draws: Draws, isNet: boolean) {
  const { run, problem } = isNet ? await healthyNet(draws) : await anyHealthy(draws);
  return { title: problem.name, run, healthy: run };
}

/** Cases of a half of the seeds: half of them healthy, 1 of 5 a net. */
export async function* makeCases(half: 'build' | 'final', count: number): AsyncGenerator<Case> {
  const labels = [Object.entries(faults), Object.entries(netFaults)];
  let [made, turns] = [0, [0, 0]];
  for (let seed = half === 'build' ? 2 : 1; made < count; seed += 2) {
    const draws = new Draws(1000 + seed);
    const index = made;
    const isNet = index % 5 === 4;
    const isHealthy = index % 2 === 0;
    const [label, fault] = labels[Number(isNet)][turns[Number(isNet)] % labels[Number(isNet)].length];
    const found = isHealthy ? await healthyCase(draws, isNet) : await fault(draws);
    if (!found) continue;
    if (!isHealthy) turns = turns.map((turn, i) => (i === Number(isNet) ? turn + 1 : turn));
    made++;
    yield { seed, label: isHealthy ? 'healthy' : label, isNet, ...found };
  }
}
