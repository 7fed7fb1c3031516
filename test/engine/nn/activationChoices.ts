import type { ActivationChoice, ActivationOptions } from '../../../src/engine/nn/activations';

/** Options of each activation that are not its defaults. */
const options: { [N in keyof ActivationOptions]: ActivationOptions[N][] } = {
  ReLU: [{}],
  LeakyReLU: [{ negative_slope: 0.3 }],
  ELU: [{ alpha: 1.4 }],
  GELU: [{ approximate: 'none' }, { approximate: 'tanh' }],
  SiLU: [{}],
  Tanh: [{}],
  Sigmoid: [{}],
  Softplus: [{ beta: 1.5, threshold: 3 }],
  Identity: [{}],
};

/** Every activation, with such options. */
export const activationChoices = Object.entries(options).flatMap(([type, several]) =>
  several.map((one) => ({ type, ...one }) as ActivationChoice),
);
