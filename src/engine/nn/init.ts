import type { Generator } from '../random/random';

/** How a layer starts, in the words of `torch.nn.init`. */
export type InitName = 'default' | 'zeros' | 'xavier_uniform' | 'xavier_normal' | 'kaiming_uniform' | 'kaiming_normal';

/** What the start of a weight depends on. */
export interface InitPlace {
  /** Inputs and outputs of the layer. */
  fanIn: number;
  fanOut: number;
  /** `torch.nn.init.calculate_gain` of what follows the layer. */
  gain: number;
}

/** Fills a layer's weight; `default` is what the constructor of `nn.Linear` draws. */
export function drawWeight(weight: Float32Array, init: InitName, place: InitPlace, generator: Generator): void {
  const { fanIn, fanOut, gain } = place;
  const xavier = Math.sqrt(2 / (fanIn + fanOut));
  const kaiming = gain / Math.sqrt(fanIn);
  switch (init) {
    case 'default':
      // kaiming_uniform_(a=sqrt(5))
      return fillUniform(weight, Math.sqrt(3) * (Math.sqrt(2 / (1 + Math.sqrt(5) ** 2)) / Math.sqrt(fanIn)), generator);
    case 'zeros':
      return void weight.fill(0);
    case 'xavier_uniform':
      return fillUniform(weight, Math.sqrt(3) * xavier, generator);
    case 'xavier_normal':
      return fillNormal(weight, xavier, generator);
    case 'kaiming_uniform':
      return fillUniform(weight, Math.sqrt(3) * kaiming, generator);
    case 'kaiming_normal':
      return fillNormal(weight, kaiming, generator);
  }
}

/** Fills a layer's bias: uniform in ±1/sqrt(fanIn) as the constructor of `nn.Linear` does, otherwise zero. */
export function drawBias(bias: Float32Array, init: InitName, { fanIn }: InitPlace, generator: Generator): void {
  if (init === 'default') fillUniform(bias, 1 / Math.sqrt(fanIn), generator);
  else bias.fill(0);
}

function fillUniform(numbers: Float32Array, bound: number, generator: Generator): void {
  for (let i = 0; i < numbers.length; i++) numbers[i] = generator.uniform(-bound, bound);
}

function fillNormal(numbers: Float32Array, deviation: number, generator: Generator): void {
  numbers.set(generator.normal(numbers.length).map((value) => value * deviation));
}
