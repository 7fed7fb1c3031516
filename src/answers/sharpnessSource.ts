import { formatCount } from '../base/format';
import { BadQuestion } from '../engine/report/badQuestion';
import { decayOf, preconditioning } from '../engine/optim/optimizers';
import { mostParameters, type MeasuredPoint, type Sharpness } from '../engine/sharpness/sharpness';
import type { MeasuredSharpness } from '../protocol/questions';
import { sharpnessOf } from '../training/measuredSharpness';
import type { OpenedRun } from '../training/openRun';

/** Measures the sharpness of a net's run, and the time that it takes. */
export class SharpnessSource {
  private readonly sharpness: Sharpness | undefined;
  private spent = 0;

  /** @param now milliseconds from some fixed moment. */
  constructor(
    private readonly run: OpenedRun,
    private readonly now: () => number,
  ) {
    this.sharpness = sharpnessOf(run);
  }

  /**
   * @param earlier parameters of another epoch than the one that the trainer stands in.
   * @param turn called between two looks at the rows; what happens meanwhile is not counted.
   * @throws BadQuestion where the run's sharpness cannot be measured there.
   */
  async measure(earlier: Float32Array | undefined, turn?: () => Promise<void>): Promise<MeasuredSharpness> {
    const { sharpness } = this;
    if (!sharpness) {
      throw new BadQuestion(`Sharpness is measured for nets of up to ${formatCount(mostParameters)} parameters.`);
    }
    const { epoch, batch, parts } = this.run.trainer;
    const epochs = epoch + batch / parts.loader.batches;
    let took = 0;
    let start = this.now();
    const pause = () => {
      took += this.now() - start;
    };
    const value = await sharpness.measure(
      this.pointOf(earlier),
      turn &&
        (async () => {
          pause();
          await turn();
          start = this.now();
        }),
    );
    pause();
    this.spent += took;
    return { value, epochs, rows: sharpness.rows, took, spent: this.spent };
  }

  private pointOf(earlier: Float32Array | undefined): MeasuredPoint {
    const { config, trainer } = this.run;
    const { model, optimizer } = trainer.parts;
    const parameters = earlier ?? model.parameters;
    const divided = preconditioning(config.optimizer);
    if (!divided) return { parameters };
    if (earlier || optimizer.steps === 0) {
      throw new BadQuestion(`What ${config.optimizer.type} divides its steps by is known only where the run stands.`);
    }
    const isDecayed = config.optimizer.type !== 'AdamW';
    return {
      parameters,
      divisors: divided.divisors(config.optimizer, optimizer),
      ...(isDecayed && { decay: decayOf(config.optimizer) }),
    };
  }
}
