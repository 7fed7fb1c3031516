/** What the assembly exports for nets, with addresses in bytes; see `assembly/net.ts`. */
export interface NetAssembly {
  placeNet(layersAt: number, count: number, tileRows: number, spansAt: number, ...placesAndSizes: number[]): void;
  packNet(first: number, last: number): void;
  unpackNet(first: number, last: number): void;
  chooseLoss(code: number, option: number): void;
  forwardNet(start: number, end: number): void;
  backwardNet(start: number, end: number): void;
  addNet(start: number, end: number, divisor: number): number;
  trainNet(
    start: number,
    end: number,
    batchSize: number,
    perRow: number,
    ruleAt: number,
    stepsAt: number,
    isFirst: boolean,
    lossSum: number,
    helper: number,
  ): number;
  /** Only where threads share the memory. */
  placeStages?(stageRows: number, splitAt: number): void;
}
