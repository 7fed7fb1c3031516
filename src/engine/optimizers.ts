/** Changes flat parameters by flat gradients, in place. */
export interface Optimizer {
  /** `torch.optim` name. */
  name: string;
  lr: number;
  step(parameters: Float32Array, gradients: Float32Array): void;
}

/** `torch.optim.SGD`: `p = p - lr * g`, rounded to float32 once. */
export class SGD implements Optimizer {
  readonly name = 'SGD';

  constructor(public lr: number) {}

  step(parameters: Float32Array, gradients: Float32Array): void {
    const lr = Math.fround(this.lr);
    for (let i = 0; i < parameters.length; i++) parameters[i] -= lr * gradients[i];
  }
}
