import { columnDistribution } from './columnDistribution';
import { EpochOrder } from './epochOrder';
import { columnAt } from '../training/exactRows';
import { landscapeOf, type AskedLandscape } from './landscapeOf';
import type { RunMetrics } from '../engine/report/metrics';
import type { Mistake } from '../engine/train/mistakes';
import { BadQuestion } from '../engine/report/badQuestion';
import { batchAccount } from './batchAccount';
import { MistakeRun } from './mistakes';
import type { OpenedRun } from '../training/openRun';
import { confusion, scatterPoints, type PredictedRows } from './predictionPlots';
import type {
  Answer,
  ColumnDistribution,
  ColumnReference,
  MeasuredSharpness,
  WorkerQuestion,
} from '../protocol/questions';
import { RowsPager } from './rowsPager';
import { SharpnessSource } from './sharpnessSource';
import { runMetrics } from '../training/runMetrics';

/** A question that is answered at once. */
export type InstantQuestion = Exclude<WorkerQuestion, { kind: 'sharpness' }>;

/** Answers questions about a run. */
export class Answerer {
  private readonly order: EpochOrder;
  private readonly pager: RowsPager;
  /** The dataset stays as it is, so a column is looked through once. */
  private readonly columns = new Map<string, ColumnDistribution>();
  private landscape: AskedLandscape | undefined;

  private mistake: MistakeRun | undefined;
  private measuring: SharpnessSource | undefined;

  /** @param now milliseconds from some fixed moment. */
  constructor(
    private readonly run: OpenedRun,
    private readonly now: () => number,
  ) {
    this.order = new EpochOrder(run.trainer);
    this.pager = new RowsPager(run, this.order);
  }

  /**
   * @param parameters those to answer with; those as they are now where left out.
   * @param path where the run has been before, the start first; the start alone where left out.
   */
  answer(
    question: InstantQuestion,
    parameters = this.run.trainer.parts.model.parameters,
    path: readonly Float32Array[] = [this.run.initial],
  ): Answer {
    switch (question.kind) {
      case 'rows':
        return this.pager.page(question.query, parameters);
      case 'order':
        return this.order.list(question.query);
      case 'column':
        return this.column(question.query);
      case 'scatter':
        return scatterPoints(this.predicted(parameters), question.query);
      case 'confusion':
        return confusion(this.predicted(parameters), this.classCount() ?? 0, question.query.classes);
      case 'metrics':
        return this.metrics(parameters);
      case 'landscape':
        this.landscape ??= landscapeOf(this.run);
        return this.landscape(question.query, [...path, parameters]);
      case 'batch':
        return batchAccount(this.run, question.query);
      case 'mistake':
        return this.mistakeRun(question.query.mistake).curve(question.query.first);
    }
  }

  /** How steeply the loss of a net bends. @param turn called between two looks at the rows. */
  sharpness(parameters?: Float32Array, turn?: () => Promise<void>): Promise<MeasuredSharpness> {
    this.measuring ??= new SharpnessSource(this.run, this.now);
    return this.measuring.measure(parameters, turn);
  }

  /** How well the model predicts all rows. @param parameters as for `answer`. */
  metrics(parameters = this.run.trainer.parts.model.parameters): RunMetrics {
    const { dataset, shape, trainer } = this.run;
    const { trainRows, validationRows, model } = trainer.parts;
    return runMetrics({
      dataset,
      loss: shape.loss,
      trainRows,
      validationRows,
      outFeatures: model.outFeatures,
      predict: (rows) => this.pager.predict(rows, parameters),
      outputs: (rows) => trainer.predict(rows, parameters),
    });
  }

  private mistakeRun(mistake: Mistake): MistakeRun {
    if (this.mistake?.mistake !== mistake) this.mistake = new MistakeRun(this.run, mistake, this.now);
    return this.mistake;
  }

  private column(reference: ColumnReference): ColumnDistribution {
    const key = `${reference.of} ${reference.index}`;
    let known = this.columns.get(key);
    if (!known) {
      known = this.scanColumn(reference);
      this.columns.set(key, known);
    }
    return known;
  }

  private scanColumn({ of, index }: ColumnReference): ColumnDistribution {
    const { dataset, trainer } = this.run;
    const width = (of === 'inputs' ? dataset.inputNames : dataset.targetNames).length;
    if (index >= width) throw new BadQuestion(`there is no column ${index} among the ${width} ${of}`);
    const values = (rows: Uint32Array) => columnAt(dataset, { of, index }, width, rows);
    const { trainRows, validationRows } = trainer.parts;
    return columnDistribution(
      values(trainRows),
      values(validationRows),
      of === 'targets' ? this.classCount() : undefined,
    );
  }

  private predicted(parameters: Float32Array): PredictedRows {
    const { rows, inputs, targets, targetNames, exact, products } = this.run.dataset;
    return {
      rows,
      inputs,
      targets,
      targetColumns: targetNames.length,
      ...(exact && { exact }),
      ...(products && { products }),
      validation: this.pager.validation,
      predict: (wanted) => this.pager.predict(wanted, parameters),
    };
  }

  private classCount(): number | undefined {
    return this.run.dataset.classNames?.length;
  }
}
