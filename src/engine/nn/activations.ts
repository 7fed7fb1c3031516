import { sigmoid } from './links';

/** What stands between two linear layers, with its options in PyTorch's words (`torch.nn`). */
export type ActivationChoice =
  | { type: 'ReLU' | 'SiLU' | 'Tanh' | 'Sigmoid' | 'Identity' }
  | { type: 'LeakyReLU'; negative_slope: number }
  | { type: 'ELU'; alpha: number }
  | { type: 'GELU'; approximate: 'none' | 'tanh' }
  | { type: 'Softplus'; beta: number; threshold: number };

/** `torch.nn` name of an activation. */
export type ActivationName = ActivationChoice['type'];

type ChoiceOf<N extends ActivationName> = Extract<ActivationChoice, { type: N }>;

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
  of(choice: ChoiceOf<N> | Omit<ChoiceOf<N>, 'type'>): ActivationFunction;
  /** `torch.nn.init.calculate_gain`: by how much weights before it start larger to keep the size of a signal. */
  gain(choice: Omit<ChoiceOf<N>, 'type'>): number;
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
    // Written so that NaN stays NaN.
    of: () => ({ value: (x) => (x < 0 ? 0 : x), derivative: (_, y) => (y > 0 ? 1 : 0), bend: flat }),
    gain: reluGain,
  },
  LeakyReLU: {
    description: 'A small slope below 0, as it is above, so that no unit dies.',
    formula: 'x where x > 0, otherwise negative_slope · x',
    of: ({ negative_slope: slope }) => ({
      value: (x) => (x > 0 ? x : slope * x),
      derivative: (x) => (x > 0 ? 1 : slope),
      bend: flat,
    }),
    gain: ({ negative_slope: slope }) => Math.sqrt(2 / (1 + slope ** 2)),
  },
  ELU: {
    description: 'Bends smoothly towards -alpha below 0, as it is above.',
    formula: 'x where x > 0, otherwise alpha · (exp(x) − 1)',
    of: ({ alpha }) => ({
      value: (x) => (x > 0 ? x : alpha * Math.expm1(x)),
      derivative: (x) => (x > 0 ? 1 : alpha * Math.exp(x)),
      bend: (x) => (x > 0 ? 0 : alpha * Math.exp(x)),
    }),
    gain: reluGain,
  },
  GELU: {
    description: 'A smooth ReLU: x times the probability that a normal number is below x.',
    formula: 'x · Φ(x)',
    of: ({ approximate }) => (approximate === 'tanh' ? tanhGelu : exactGelu),
    gain: reluGain,
  },
  SiLU: {
    description: 'A smooth ReLU: x times its sigmoid, also called swish.',
    formula: 'x · σ(x)',
    of: () => ({
      value: (x) => x * sigmoid(x),
      derivative: (x) => sigmoid(x) * (1 + x * (1 - sigmoid(x))),
      bend: (x) => sigmoidSlope(sigmoid(x)) * (2 + x * (1 - 2 * sigmoid(x))),
    }),
    gain: reluGain,
  },
  Tanh: {
    description: 'Squeezes numbers smoothly between -1 and 1.',
    formula: 'tanh(x)',
    of: () => ({ value: Math.tanh, derivative: (_, y) => 1 - y * y, bend: (_, y) => -2 * y * (1 - y * y) }),
    gain: () => 5 / 3,
  },
  Sigmoid: {
    description: 'Squeezes numbers smoothly between 0 and 1.',
    formula: '1 / (1 + exp(−x))',
    of: () => ({
      value: sigmoid,
      derivative: (_, y) => sigmoidSlope(y),
      bend: (_, y) => sigmoidSlope(y) * (1 - 2 * y),
    }),
    gain: noGain,
  },
  Softplus: {
    description: 'A smooth ReLU that is always above 0.',
    formula: 'log(1 + exp(beta · x)) / beta',
    of: ({ beta, threshold }) => ({
      value: (x) => (beta * x > threshold ? x : Math.log1p(Math.exp(beta * x)) / beta),
      derivative: (x) => (beta * x > threshold ? 1 : sigmoid(beta * x)),
      bend: (x) => (beta * x > threshold ? 0 : beta * sigmoidSlope(sigmoid(beta * x))),
    }),
    gain: reluGain,
  },
  Identity: {
    description: 'Changes nothing.',
    formula: 'x',
    of: () => ({ value: (x) => x, derivative: () => 1, bend: flat }),
    gain: noGain,
  },
};

/** The function that an activation with its options stands for. */
export function activationFunction(choice: ActivationChoice): ActivationFunction {
  return (activations[choice.type] as Activation<ActivationName>).of(choice);
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
