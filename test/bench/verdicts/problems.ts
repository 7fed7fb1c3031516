import { columnsOf, realTable, type Draws, type Rows } from './rows';

/** What there is to learn: rows whose last column is the target. */
export interface Learnable {
  name: string;
  kind: 'numbers' | 'two' | 'several';
  table: Rows;
}

const names = (count: number) => Array.from({ length: count }, (_, i) => `x${i}`);

/** Rows of normal inputs and a target made of them. */
function made(draws: Draws, rows: number, inputs: number, target: (x: number[]) => number): Rows {
  const made = Array.from({ length: rows }, () => {
    const x = draws.normal(inputs).map((value) => Number(value.toFixed(3)));
    return [...x, Number(target(x).toFixed(4))];
  });
  return { names: [...names(inputs), 'y'], rows: made };
}

function linearNumbers(draws: Draws): Learnable {
  const inputs = draws.whole(2, 8);
  const weights = draws.normal(inputs).map((value) => value + Math.sign(value) * 0.5);
  const noise = draws.uniform(0.1, 0.8);
  const [size, offset] = [draws.decade(-1, 2), draws.uniform(-5, 5)];
  const target = (x: number[]) =>
    size * (offset + x.reduce((sum, value, i) => sum + weights[i] * value, 0) + noise * draws.normal(1)[0]);
  return { name: 'made numbers', kind: 'numbers', table: made(draws, draws.whole(60, 400), inputs, target) };
}

function madeClasses(draws: Draws, classes: number): Learnable {
  const inputs = draws.whole(2, 6);
  const rules = Array.from({ length: classes }, () => draws.normal(inputs).map((value) => 1.2 * value));
  const target = (x: number[]) => {
    const scores = rules.map(
      (rule) => x.reduce((sum, value, i) => sum + rule[i] * value, 0) - Math.log(-Math.log(draws.uniform(1e-9, 1))),
    );
    return scores.indexOf(Math.max(...scores));
  };
  return {
    name: `made classes`,
    kind: classes === 2 ? 'two' : 'several',
    table: made(draws, draws.whole(150, 400), inputs, target),
  };
}

/** What a linear model can learn. */
export function linearProblem(draws: Draws, wanted?: Learnable['kind']): Learnable {
  const real: (() => Learnable)[] = [
    () => ({ name: 'diabetes', kind: 'numbers', table: realTable('diabetes') }),
    () => ({
      name: 'diabetes',
      kind: 'numbers',
      table: columnsOf(realTable('diabetes'), ['bmi', 'bp', 's5', 'age', 'progression']),
    }),
    () => ({
      name: 'wine numbers',
      kind: 'numbers',
      table: columnsOf(realTable('wine'), [
        'malic_acid',
        'ash',
        'flavanoids',
        'hue',
        'proline',
        'color_intensity',
        'alcohol',
      ]),
    }),
    () => ({
      name: 'iris numbers',
      kind: 'numbers',
      table: columnsOf(realTable('iris'), ['sepal_length', 'sepal_width', 'petal_length', 'petal_width']),
    }),
    () => ({
      name: 'linnerud',
      kind: 'numbers',
      table: columnsOf(realTable('linnerud'), ['Chins', 'Situps', 'Jumps', 'Waist', 'Weight']),
    }),
    () => ({
      name: 'cancer',
      kind: 'two',
      table: columnsOf(realTable('cancer'), [
        'mean_texture',
        'mean_smoothness',
        'mean_symmetry',
        'mean_compactness',
        'benign',
      ]),
    }),
    () => ({
      name: 'wine classes',
      kind: 'several',
      table: columnsOf(realTable('wine'), ['malic_acid', 'ash', 'alcalinity_of_ash', 'hue', 'cultivar']),
    }),
  ];
  const fits = (problem: Learnable) => wanted === undefined || problem.kind === wanted;
  for (;;) {
    const problem =
      draws.uniform() < 0.5
        ? draws.pick(real)()
        : draws.pick([linearNumbers, (one: Draws) => madeClasses(one, 2), (one: Draws) => madeClasses(one, 3)])(draws);
    if (fits(problem)) return problem;
  }
}

/** What only a net can learn. */
export function bentProblem(draws: Draws): Learnable {
  const rows = draws.whole(200, 400);
  const noise = draws.uniform(0.05, 0.2);
  const kinds: (() => Learnable)[] = [
    () => ({
      name: 'squares',
      kind: 'numbers',
      table: made(draws, rows, 2, ([a, b]) => a * a + b * b + noise * draws.normal(1)[0]),
    }),
    () => ({
      name: 'product',
      kind: 'numbers',
      table: made(draws, rows, 3, ([a, b]) => 2 * a * b + noise * draws.normal(1)[0]),
    }),
    () => ({
      name: 'wave',
      kind: 'numbers',
      table: made(draws, rows, 1, ([a]) => Math.cos(3 * a) + noise * draws.normal(1)[0]),
    }),
    () => ({
      name: 'rings',
      kind: 'two',
      table: made(draws, rows, 2, ([a, b]) => Number(a * a + b * b + noise * draws.normal(1)[0] < 1.4)),
    }),
    () => ({
      name: 'xor',
      kind: 'two',
      table: made(draws, rows, 2, ([a, b]) => Number(a * b + 0.1 * noise * draws.normal(1)[0] > 0)),
    }),
  ];
  return draws.pick(kinds)();
}

/** A target that has nothing to do with its inputs. */
export function noiseProblem(draws: Draws): Learnable {
  const isClass = draws.uniform() < 0.4;
  const target = () => (isClass ? Number(draws.uniform() < 0.5) : draws.normal(1)[0]);
  return {
    name: 'noise',
    kind: isClass ? 'two' : 'numbers',
    table: made(draws, draws.whole(150, 400), draws.whole(2, 6), target),
  };
}
