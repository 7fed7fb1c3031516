import { Type } from '@sinclair/typebox';
import { withDefault } from './schemaKit';

/** The key that tells optimizers apart. */
export const type = {
  description: 'The update rule (`torch.optim` name).',
  aliases: ['name', 'method', 'algorithm'],
};

/** A rate without a default. */
export const lr = Type.Number({
  exclusiveMinimum: 0,
  description:
    'Learning rate: the size of a step relative to the gradient (`torch.optim` lr). If it is too large, training diverges; if ' +
    'it is too small, training takes forever. What is too large depends on your data, so there is no default.',
  aliases: ['learning_rate', 'rate', 'eta', 'eta0'],
});

/** A rate for optimizers that bring gradients to a common size first, so that one number fits many data. */
export function defaultRate(value: number) {
  const description =
    'Learning rate: about how far a weight moves in one step (`torch.optim` lr). Too large never settles, too small takes forever.';
  return withDefault(Type.Number({ ...lr, description }), value);
}

/** Weight decay with a default. */
export function weightDecay(value: number, description: string) {
  const aliases = ['decay', 'l2', 'l2_penalty', 'penalty', 'regularization'];
  return withDefault(Type.Number({ minimum: 0, description, aliases }), value);
}

/** Weight decay that goes into the gradient. */
export const l2 = weightDecay(
  0,
  'Adds this many times the weight to its gradient, which keeps weights small (`torch.optim` weight_decay, ridge regression).',
);

/** What keeps a denominator from being 0. */
export function eps(value: number) {
  return withDefault(
    Type.Number({
      minimum: 0,
      description: 'Added to the denominator so that nothing is divided by 0 (`torch.optim` eps).',
      aliases: ['epsilon'],
    }),
    value,
  );
}

/** Momentum, 0 unless it is given. */
export function momentum(description: string) {
  return withDefault(Type.Number({ minimum: 0, description, aliases: ['mu', 'inertia'] }), 0);
}

/** What `Adam` and its kind have in common. */
export const adaptive = {
  lr: defaultRate(1e-3),
  betas: withDefault(
    Type.Unsafe<[number, number]>(
      Type.Array(Type.Number({ minimum: 0, exclusiveMaximum: 1, description: 'From 0 up to, not including, 1.' }), {
        minItems: 2,
        maxItems: 2,
        description:
          'Decay of the running averages of the gradient and of its square (`torch.optim` betas). The closer to 1, the longer they remember.',
        aliases: ['beta', 'beta1', 'beta2'],
      }),
    ),
    [0.9, 0.999],
  ),
  eps: eps(1e-8),
};
