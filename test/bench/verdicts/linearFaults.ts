import { bentProblem, noiseProblem } from './problems';
import type { Rows } from './rows';
import { gapOf, look, train } from './runs';
import {
  anyHealthy,
  arrived,
  configFor,
  healthyLinear,
  plain,
  rateOf,
  short,
  withDataset,
  withEpochs,
  withKeys,
  withRate,
  type Fault,
  type Run,
} from './healthy';
import { netRun } from './netFaults';

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

/** Faults of runs of one linear layer. */
export const faults: Record<string, Fault> = {
  rate_over_limit: async (draws) => {
    const { run, problem } = await anyHealthy(draws, {
      optimizer: draws.pick([plain, { type: 'SGD', momentum: 0.9 }]),
    });
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
    const { run, problem } = await anyHealthy(draws, { optimizer: plain });
    const momentum = draws.pick([1, 1.05, 1.2, 1.5]);
    const optimizer = { ...(run.config['optimizer'] as object), momentum };
    return short(`${problem.name}, momentum ${momentum}`, withKeys(run, { optimizer }), run);
  },
  rate_too_small: async (draws) => {
    const { run, problem } = await anyHealthy(draws, { isVaried: true });
    const times = draws.decade(2, 4);
    return short(`${problem.name}, lr a ${times.toFixed(0)}th`, withRate(run, rateOf(run) / times), run);
  },
  too_few_epochs: async (draws) => {
    const { run, problem } = await anyHealthy(draws, { optimizer: plain });
    const { report } = await look(run);
    const epochs = draws.whole(5, 15);
    const near = withRate(run, 0.45 * report!.limit.rate!);
    return short(`${problem.name}, ${epochs} epochs`, withEpochs(near, epochs), run);
  },
  hovering: async (draws) => {
    const isAdaptive = draws.uniform() < 0.4;
    const optimizer = isAdaptive ? { type: draws.pick(['Adam', 'RMSprop']) } : plain;
    const { run, problem } = await anyHealthy(draws, { kind: 'numbers', optimizer });
    const noisy = withKeys(run, {
      loader: { batch_size: isAdaptive ? draws.pick([8, problem.table.rows.length]) : draws.pick([1, 2, 4]) },
      epochs: 200,
    });
    const { report } = await look(noisy);
    const rate = isAdaptive ? draws.decade(-0.5, 0.5) : draws.uniform(0.5, 0.95) * report!.limit.rate!;
    const hot = withRate(noisy, rate);
    const { state } = await train(hot);
    return gapOf(state) > 0.03 ? { title: problem.name, run: hot, healthy: run } : undefined;
  },
  no_smooth_minimum: async (draws) => {
    const { run, problem } = await anyHealthy(draws, { kind: 'numbers', optimizer: plain });
    const scaled = withDataset(withKeys(run, { loss: 'l1_loss', epochs: 300 }), { scale_targets: 'standard' });
    const whole = withKeys(scaled, { loader: { batch_size: problem.table.rows.length } });
    const hot = withRate(whole, draws.decade(-0.6, 0.3));
    const calm = withKeys(hot, { scheduler: { type: 'CosineAnnealingLR', T_max: 300 } });
    const [bad, good] = [await train(hot), await train(calm)];
    return gapOf(bad.state) > 0.03 && gapOf(good.state) < arrived
      ? { title: problem.name, run: hot, healthy: calm }
      : undefined;
  },
  not_scaled: async (draws) => {
    const { run, problem } = await anyHealthy(draws, { kind: 'numbers', optimizer: plain });
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
    const { run, problem } = await anyHealthy(draws, {
      kind: 'numbers',
      optimizer: draws.pick([{ type: 'Adam' }, { type: 'RMSprop' }]),
    });
    const size = draws.decade(4, 6);
    const rows = problem.table.rows.map((row) => [...row.slice(0, -1), row[row.length - 1] * size]);
    const raw = withDataset({ ...run, table: { ...problem.table, rows } }, { scale_targets: 'none' });
    return short(problem.name, withRate(raw, draws.pick([0.001, 0.01])), run);
  },
  dependent_columns: async (draws) => {
    const { run, problem } = await anyHealthy(draws, { optimizer: plain });
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
    const run = { config: configFor({ name: 'wide', kind: 'numbers', table }, draws), table };
    const { report } = await look(withKeys(run, { split: undefined }));
    return {
      title: `${rows} rows of ${inputs} inputs`,
      run: withKeys(withRate(run, 0.4 * report!.limit.rate!), { split: undefined, epochs: 2000 }),
    };
  },
  leaking_column: async (draws) => {
    const { run, problem } = await anyHealthy(draws, { kind: 'numbers' });
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
    const { run, problem } = await anyHealthy(draws, { optimizer: plain });
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
    const run = await healthyLinear(draws, { name: 'rare', kind: 'two', table });
    if (!run) return undefined;
    const { state } = await train(run);
    const { metrics } = state;
    const isOneClass =
      metrics?.of === 'classes' && metrics.train.model.recall < 0.54 && metrics.train.model.rocAuc! > 0.62;
    return isOneClass ? { title: 'rare class', run } : undefined;
  },
  outliers_dominate: async (draws) => {
    const { run, problem } = await anyHealthy(draws, { kind: 'numbers', optimizer: plain });
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
    const { run, problem } = await anyHealthy(draws, { kind: 'two' });
    const { report } = await look(withKeys(run, { loss: 'mse_loss' }));
    const lr = Math.min(rateOf(run), 0.4 * (report!.limit.rate ?? Infinity));
    return { title: problem.name, run: withRate(withKeys(run, { loss: 'mse_loss', epochs: 1000 }), lr), healthy: run };
  },
  numbers_as_classes: async (draws) => {
    const { run, problem } = await anyHealthy(draws, {
      kind: 'numbers',
      optimizer: draws.pick([plain, { type: 'Adam' }]),
    });
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
    const run = await healthyLinear(draws, problem);
    const healthy = netRun(draws, problem);
    return run ? short(problem.name, run, healthy) : undefined;
  },
  nothing_to_learn: async (draws) => {
    const problem = noiseProblem(draws);
    const run = await healthyLinear(draws, problem);
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
    const run = { config: configFor({ name: 'apart', kind: 'two', table }, draws), table };
    const { report } = await look(run);
    return report!.optimum?.isAttained === false
      ? { title: 'apart', run: withRate(run, 0.5 * report!.limit.rate!) }
      : undefined;
  },
  regularization_too_strong: async (draws) => {
    const { run, problem } = await anyHealthy(draws, { optimizer: plain });
    const { report } = await look(run);
    const weight_decay = Number((report!.hessian!.lambdaMax * draws.decade(0.5, 1.5)).toPrecision(2));
    const strong = { ...(run.config['optimizer'] as object), weight_decay };
    const { report: decayed } = await look(withKeys(run, { optimizer: strong }));
    return short(problem.name, withRate(withKeys(run, { optimizer: strong }), 0.4 * decayed!.limit.rate!), run);
  },
};
