import { sigmoid } from './links';

type NoOptions = Record<never, never>;

/** The options of each activation, in PyTorch's words (`torch.nn`). */
export interface ActivationOptions {
  ReLU: NoOptions;
  LeakyReLU: { negative_slope: number };
  ELU: { alpha: number };
  GELU: { approximate: 'none' | 'tanh' };
  SiLU: NoOptions;
  Tanh: NoOptions;
  Sigmoid: NoOptions;
  Softplus: { beta: number; threshold: number };
  Identity: NoOptions;
}

/** `torch.nn` name of an activation. */
export type ActivationName = keyof ActivationOptions;

/** What stands between two linear layers, with its options. */
export type ActivationChoice = { [N in ActivationName]: { type: N } & ActivationOptions[N] }[ActivationName];

/** The activations that have options. */
export type NameWithOptions = {
  [N in ActivationName]: keyof ActivationOptions[N] extends never ? never : N;
}[ActivationName];

/** A function of one number, beside its derivatives; `y` is `value(x)`, which may be rounded to a float32. */
export interface ActivationFunction {
  value(x: number): number;
  derivative(x: number, y: number): number;
  /** The second derivative; 0 if there is none. */
  bend(x: number, y: number): number;
}

/** All that there is to know of an activation. */
export interface Activation<N extends ActivationName> {
  /** For a newcomer, in one line. */
  description: string;
  formula: string;
  /** The least and the most that it can give, whatever its options; absent where people need not be told. */
  range?: readonly [least: number, most: number];
  /** Whether values that may come from anywhere can be its options. */
  options: { [Key in keyof ActivationOptions[N]]: (value: unknown) => boolean };
  of(options: ActivationOptions[N]): ActivationFunction;
  /** `torch.nn.init.calculate_gain`: by how much weights before it start larger to keep the size of a signal. */
  gain(options: ActivationOptions[N]): number;
  /** Its code in `assembly/netActivations.ts`, and up to two numbers for it. Without one, nets that have it are trained in TypeScript. */
  kernel?(options: ActivationOptions[N]): [code: number, option?: number, threshold?: number];
}

const reluGain = (): number => Math.SQRT2;
const noGain = (): number => 1;
const flat = (): number => 0;
const sigmoidSlope = (y: number): number => y * (1 - y);

/** Every activation by its name. */
export const activations: { [N in ActivationName]: Activation<N> } = {
  ReLU: {
    description: 'Zero below 0, as it is above.',
    formula: 'max(0, x)',
    range: [0, Infinity],
    options: {},
    // Written so that NaN stays NaN.
    of: () => ({ value: (x) => (x < 0 ? 0 : x), derivative: (_, y) => (y > 0 ? 1 : 0), bend: flat }),
    gain: reluGain,
    kernel: () => [1],
  },
  LeakyReLU: {
    description: 'A small slope below 0, as it is above, so that no unit dies.',
    formula: 'x where x > 0, otherwise negative_slope · x',
    options: { negative_slope: Number.isFinite },
    of: ({ negative_slope: slope }) => ({
      value: (x) => (x > 0 ? x : slope * x),
      derivative: (x) => (x > 0 ? 1 : slope),
      bend: flat,
    }),
    gain: ({ negative_slope: slope }) => Math.sqrt(2 / (1 + slope ** 2)),
    kernel: ({ negative_slope: slope }) => [2, slope],
  },
  ELU: {
    description: 'Bends smoothly towards -alpha below 0, as it is above.',
    formula: 'x where x > 0, otherwise alpha · (exp(x) − 1)',
    options: { alpha: Number.isFinite },
    of: ({ alpha }) => ({
      value: (x) => (x > 0 ? x : alpha * Math.expm1(x)),
      derivative: (x) => (x > 0 ? 1 : alpha * Math.exp(x)),
      bend: (x) => (x > 0 ? 0 : alpha * Math.exp(x)),
    }),
    gain: reluGain,
    kernel: ({ alpha }) => [3, alpha],
  },
  GELU: {
    description: 'A smooth ReLU: x times the probability that a normal number is below x.',
    formula: 'x · Φ(x)',
    options: { approximate: (value) => value === 'none' || value === 'tanh' },
    of: ({ approximate }) => (approximate === 'tanh' ? tanhGelu : exactGelu),
    gain: reluGain,
    kernel: ({ approximate }) => [approximate === 'tanh' ? 5 : 4],
  },
  SiLU: {
    description: 'A smooth ReLU: x times its sigmoid, also called swish.',
    formula: 'x · σ(x)',
    options: {},
    of: () => ({
      value: (x) => x * sigmoid(x),
      derivative: (x) => sigmoid(x) * (1 + x * (1 - sigmoid(x))),
      bend: (x) => sigmoidSlope(sigmoid(x)) * (2 + x * (1 - 2 * sigmoid(x))),
    }),
    gain: reluGain,
    kernel: () => [6],
  },
  Tanh: {
    description: 'Squeezes numbers smoothly between -1 and 1.',
    formula: 'tanh(x)',
    range: [-1, 1],
    options: {},
    of: () => ({ value: Math.tanh, derivative: (_, y) => 1 - y * y, bend: (_, y) => -2 * y * (1 - y * y) }),
    gain: () => 5 / 3,
    kernel: () => [7],
  },
  Sigmoid: {
    description: 'Squeezes numbers smoothly between 0 and 1.',
    formula: '1 / (1 + exp(−x))',
    range: [0, 1],
    options: {},
    of: () => ({
      value: sigmoid,
      derivative: (_, y) => sigmoidSlope(y),
      bend: (_, y) => sigmoidSlope(y) * (1 - 2 * y),
    }),
    gain: noGain,
    kernel: () => [8],
  },
  Softplus: {
    description: 'A smooth ReLU that is always above 0.',
    formula: 'log(1 + exp(beta · x)) / beta',
    range: [0, Infinity],
    options: { beta: (value) => Number.isFinite(value) && (value as number) > 0, threshold: Number.isFinite },
    of: ({ beta, threshold }) => ({
      value: (x) => (beta * x > threshold ? x : Math.log1p(Math.exp(beta * x)) / beta),
      derivative: (x) => (beta * x > threshold ? 1 : sigmoid(beta * x)),
      bend: (x) => (beta * x > threshold ? 0 : beta * sigmoidSlope(sigmoid(beta * x))),
    }),
    gain: reluGain,
    kernel: ({ beta, threshold }) => [9, beta, threshold],
  },
  Identity: {
    description: 'Changes nothing.',
    formula: 'x',
    options: {},
    of: () => ({ value: (x) => x, derivative: () => 1, bend: flat }),
    gain: noGain,
    kernel: () => [2, 1],
  },
};

/** The function that an activation with its options stands for. */
export function activationFunction(choice: ActivationChoice): ActivationFunction {
  return (activations[choice.type] as Activation<ActivationName>).of(choice);
}

/** See `Activation.kernel`; undefined without one. */
export function activationKernel(
  choice: ActivationChoice,
): [code: number, option?: number, threshold?: number] | undefined {
  return (activations[choice.type] as Activation<ActivationName>).kernel?.(choice);
}

/** See `Activation.range`; undefined of what is no activation. */
export function activationRange(name: string): Activation<ActivationName>['range'] {
  return Object.hasOwn(activations, name) ? activations[name as ActivationName].range : undefined;
}

/** See `Activation.gain`. */
export function activationGain(choice: ActivationChoice): number {
  return (activations[choice.type] as Activation<ActivationName>).gain(choice);
}

const exactGelu: ActivationFunction = {
  value: (x) => x * normalBelow(x),
  derivative: (x) => normalBelow(x) + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI),
  bend: (x) => ((2 - x * x) * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI),
};

const tanhGelu: ActivationFunction = {
  value: (x) => 0.5 * x * (1 + Math.tanh(geluAngle(x))),
  derivative(x) {
    const bent = Math.tanh(geluAngle(x));
    return 0.5 * (1 + bent) + 0.5 * x * (1 - bent * bent) * geluTurn(x);
  },
  bend(x) {
    const bent = Math.tanh(geluAngle(x));
    const slope = (1 - bent * bent) * geluTurn(x);
    return (
      slope + 0.5 * x * (Math.sqrt(2 / Math.PI) * 6 * 0.044715 * x * (1 - bent * bent) - 2 * bent * slope * geluTurn(x))
    );
  },
};

function geluAngle(x: number): number {
  return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3);
}

/** The derivative of `geluAngle`. */
function geluTurn(x: number): number {
  return Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
}

/** The probability that a normal number is below x, by a series of positive terms: 1/2 + φ(x) · (x + x³/3 + x⁵/15 + …). */
function normalBelow(x: number): number {
  // Beyond this, float64 does not tell it from 0 or 1.
  if (Math.abs(x) > 8.3) return x > 0 ? 1 : 0;
  if (Number.isNaN(x)) return x;
  let sum = 0;
  let term = x;
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
    sum += term;
    term *= (x * x) / k;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
