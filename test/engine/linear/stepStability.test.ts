import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createOptimizer, stepStability, type OptimizerChoice } from '../../../src/engine/optim/optimizers';
import { expectClose } from '../../helpers/expectClose';

/** The size of a parameter, and of its step, after many steps down a parabola of curvature `lambda`. */
function sizeAfter(choice: OptimizerChoice, lambda: number, steps: number): number {
  const optimizer = createOptimizer(choice, 1);
  const [parameters, gradients] = [new Float32Array(1).fill(1), new Float32Array(1)];
  let size = 1;
  for (let step = 0; step < steps; step++) {
    const before = parameters[0];
    gradients[0] = lambda * before;
    optimizer.step(parameters, gradients);
    size = Math.hypot(parameters[0], parameters[0] - before);
    if (!Number.isFinite(size)) return Infinity;
  }
  return size;
}

const sgd = fc
  .record({
    momentum: fc.constantFrom(0, 0.3, 0.5, 0.9),
    dampening: fc.constantFrom(0, 0.2, 0.5),
    weight_decay: fc.constantFrom(0, 0.1, 3),
    nesterov: fc.boolean(),
  })
  .map((options) => {
    const nesterov = options.nesterov && options.momentum > 0;
    return { type: 'SGD' as const, ...options, nesterov, dampening: nesterov ? 0 : options.dampening };
  });

it('is where the optimizer itself turns from shrinking to growing', () => {
  fc.assert(
    fc.property(sgd, fc.constantFrom(0.01, 1, 250), (options, lambda) => {
      const stability = stepStability({ ...options, lr: 1 });
      if ('reason' in stability) throw new Error(stability.reason);
      const limit = stability.limit(lambda);
      expect(sizeAfter({ ...options, lr: 0.97 * limit }, lambda, 1000)).toBeLessThan(1e-3);
      expect(sizeAfter({ ...options, lr: 1.03 * limit }, lambda, 1000)).toBeGreaterThan(1e3);
    }),
    { numRuns: 200, seed: 1 },
  );
});

it('shrinks a direction by what the optimizer shrinks it by', () => {
  fc.assert(
    fc.property(sgd, fc.double({ min: 0.02, max: 0.98, noNaN: true }), (options, share) => {
      const stability = stepStability({ ...options, lr: 1 });
      if ('reason' in stability) throw new Error(stability.reason);
      const lr = share * stability.limit(2);
      const shrinkage = stability.shrinkage(2, lr);
      fc.pre(shrinkage > 0.1);
      const steps = Math.min(200, Math.floor(30 / -Math.log(shrinkage)));
      const [half, whole] = [steps, 2 * steps].map((count) => sizeAfter({ ...options, lr }, 2, count));
      // Complex roots turn the state, so its size goes up and down about the power.
      expectClose((whole / half) ** (1 / steps), shrinkage, 0.1);
    }),
    { numRuns: 200, seed: 2 },
  );
});

it.each([
  { type: 'Adam' as const, betas: [0.9, 0.999], eps: 1e-8, amsgrad: false },
  { type: 'AdamW' as const, betas: [0.9, 0.999], eps: 1e-8, amsgrad: false },
  { type: 'RMSprop' as const, alpha: 0.99, eps: 1e-8, momentum: 0, centered: false },
  { type: 'Adagrad' as const, lr_decay: 0, eps: 1e-10 },
  { type: 'Adamax' as const, betas: [0.9, 0.999], eps: 1e-8 },
  { type: 'NAdam' as const, betas: [0.9, 0.999], eps: 1e-8, momentum_decay: 0.004 },
  { type: 'Adadelta' as const, rho: 0.9, eps: 1e-6 },
])('is not known of $type, and says why', (options) => {
  const stability = stepStability({ ...options, lr: 1, weight_decay: 0 });
  expect('reason' in stability && stability.reason).toMatch(new RegExp(`^${options.type} divides each step`));
});

it('is known of weight decay alone, where the optimizer leaves it its size', () => {
  const adamW = { type: 'AdamW' as const, betas: [0.9, 0.999], eps: 1e-8, amsgrad: false, weight_decay: 0.01 };
  const stability = stepStability({ ...adamW, lr: 1 });
  if (!('reason' in stability)) throw new Error('AdamW has a limit');
  expect(stability.decayLimit).toBe(200);
  expect(stability.reason).toContain('above lr 200 weight_decay');
  expect(sizeAfter({ ...adamW, lr: 190 }, 0, 1000)).toBeLessThan(1e-3);
  expect(sizeAfter({ ...adamW, lr: 210 }, 0, 1000)).toBeGreaterThan(1e3);
  const adam = stepStability({ ...adamW, type: 'Adam', lr: 1 });
  expect('decayLimit' in adam).toBe(false);
  // Hovers at steps of lr.
  expect(sizeAfter({ ...adamW, type: 'Adam', lr: 300 }, 0, 1000)).toBeLessThan(1e4);
});

it('is none of RMSprop with a momentum that never dies down', () => {
  const rmsprop = { type: 'RMSprop' as const, alpha: 0.99, eps: 1e-8, centered: false, weight_decay: 0 };
  const stability = stepStability({ ...rmsprop, lr: 0.1, momentum: 1 });
  expect('reason' in stability && stability.reason).toBe('with momentum 1 steps never die down, so no lr is stable');
});
