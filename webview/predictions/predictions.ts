import { formatCount, formatQuantity } from '../../src/base/format';
import type { RunShape, RunStatus } from '../../src/protocol/protocol';
import type { RowsPage, RowsQuery } from '../../src/protocol/questions';
import type { RunState } from '../../src/protocol/state';
import { element, section, setText } from '../page/dom';
import { memo } from '../page/memo';
import type { Host } from '../page/connectHost';
import type { Ask } from '../page/questions';
import type { View } from '../page/store';
import type { ViewedModel } from '../page/viewedRun';
import { createButton, pressButton } from '../page/toolkit';
import { AnswerSource } from '../parts/answerSource';
import { ElementSize } from '../page/elementSize';
import { Grid } from '../parts/grid';
import { Pager, pageStart } from '../parts/pager';
import { PastChip } from '../parts/pastChip';
import { columnsOf, inputSpan, rowsOf, type PredictionColumn } from './predictionColumns';
import { PredictionPlot } from './scatter';

/** From this width of the page on, table and plot stand beside each other. */
const wide = 900;

/** Predictions beside the actual values: a row a sample, pulled from the host a page at a time. */
export class PredictionsView implements View {
  private readonly section = section('predictions', 'Predictions');
  readonly element = this.section.element;
  readonly plot: PredictionPlot;
  private readonly count = element('span', { testId: 'predictions-count' });
  private readonly asPlot;
  private readonly table = element('div', { class: 'predictions-rows' });
  private readonly grid = new Grid('Predictions', 'predictions-table', () => this.redraw());
  private readonly problem = element('p', { class: 'hint', attributes: { role: 'status' } });
  private readonly size: ElementSize;
  private readonly pager: Pager;
  private readonly inputPager: Pager;
  private readonly source: AnswerSource<RowsQuery, RowsPage>;
  private readonly isNewSnapshot = memo();
  private readonly isNew = memo();
  private readonly chip = new PastChip(this.section.heading);
  /** What the rows on screen were predicted with: the run's own parameters, or those after this many epochs. */
  private predictedWith: Float32Array | number | undefined;
  private titledLive = true;
  /** The first input that is in the table. */
  private firstInput = 0;
  private columns: PredictionColumn[] = [];
  private columnsKey = '';
  private offset = 0;
  private runId = '';
  private page: RowsPage | undefined;
  private soughtRow: number | undefined;
  /** Rows in the dataset. */
  private rows = 0;

  constructor(
    private readonly host: Host,
    ask: Ask,
    private readonly redraw: () => void,
  ) {
    this.pager = new Pager({
      things: 'rows',
      onPage: (offset) => this.goToPage(offset),
      goTo: 'Go to row',
      onGoTo: (number) => this.goToRow(number - 1),
    });
    this.inputPager = new Pager({ things: 'inputs', onPage: (offset) => this.showInputs(offset) });
    this.source = new AnswerSource({
      ask: (query) => {
        const at = typeof this.predictedWith === 'number' ? { at: this.predictedWith } : undefined;
        return ask({ kind: 'rows', query, ...at });
      },
      show: (page) => this.take(page),
      fail: (message) => this.fail(message),
    });
    this.plot = new PredictionPlot({ host, ask, redraw, choose: (row) => this.choose(row) });
    this.asPlot = createButton({
      appearance: 'icon',
      icon: 'graph-scatter',
      label: 'Show as Plot',
      testId: 'predictions-plot-toggle',
      onClick: () => this.showPlot(!host.ui.predictionsAsPlot),
    });
    this.section.tools.append(this.count, this.asPlot);
    this.table.append(this.inputPager.element, this.grid.element, this.problem, this.pager.element);
    this.section.body.append(this.table, this.plot.element);
    this.problem.hidden = true;
    this.size = new ElementSize(this.table, redraw);
  }

  /** See `View`. */
  render(run: RunState, model: ViewedModel, generation: number): void {
    const { shape } = run;
    if (!shape) return;
    const predictWith = model.isLive ? model.parameters : model.epochs;
    if (this.isNewSnapshot(generation)) this.begin(run, shape, predictWith);
    this.chip.render(model);
    const isWide = window.innerWidth >= wide;
    const isPlot = this.host.ui.predictionsAsPlot === true;
    this.asPlot.hidden = isWide;
    pressButton(this.asPlot, isPlot);
    this.table.hidden = isPlot && !isWide;
    this.plot.element.hidden = !isPlot && !isWide;
    setText(this.count, describeRows(shape));
    this.plot.at = model.isLive ? undefined : model.epochs;
    if (!this.plot.element.hidden) this.plot.render(run);
    if (!this.table.hidden) this.renderTable(run, shape, predictWith, model.isLive);
  }

  /** See `View`. */
  themeChanged(): void {
    this.plot.themeChanged();
  }

  private renderTable(
    { status }: RunState,
    shape: RunShape,
    predictWith: Float32Array | number,
    isLive: boolean,
  ): void {
    const size = this.pageSize();
    const changed = predictWith !== this.predictedWith;
    this.predictedWith = predictWith;
    this.source.want({ ...this.order(), offset: pageStart(this.offset, size), count: size });
    if (changed) this.source.invalidate();
    // A table that has just come on screen is laid out first.
    if (this.size.width === 0) return;
    this.drawColumns(shape, isLive);
    this.drawRows(status);
  }

  private begin(run: RunState, shape: RunShape, predictWith: Float32Array | number): void {
    const { identity } = run;
    this.plot.begin(run, shape);
    this.rows = shape.trainRows + shape.validationRows;
    this.source.reset();
    this.predictedWith = predictWith;
    if (identity.id === this.runId) return;
    this.runId = identity.id;
    this.offset = 0;
    this.page = undefined;
    this.soughtRow = undefined;
    this.firstInput = 0;
  }

  private order(): Pick<RowsQuery, 'sort' | 'descending'> {
    const { sort = 'row', descending = false } = this.host.ui;
    return { sort, descending };
  }

  private pageSize(): number {
    return window.innerWidth < 600 ? 10 : 25;
  }

  private drawColumns(shape: RunShape, isLive: boolean): void {
    const { sort, descending } = this.order();
    const key = JSON.stringify([this.runId, this.firstInput, sort, descending, shape.inputNames, shape.targetNames]);
    if (key === this.columnsKey && isLive === this.titledLive) return;
    this.columns = columnsOf(shape, this.firstInput, this.order(), (column) => this.sortBy(column), isLive);
    this.titledLive = isLive;
    if (key === this.columnsKey) return this.columns.forEach((column, index) => this.grid.retitle(index, column));
    this.columnsKey = key;
    this.grid.setColumns(this.columns);
    this.inputPager.update(this.firstInput, inputSpan, shape.inputNames.length);
  }

  private drawRows(status: RunStatus): void {
    const { page } = this;
    if (!page) {
      this.isNew();
      this.grid.update([]);
      this.pager.element.hidden = true;
      return;
    }
    const size = this.pageSize();
    if (!this.isNew(page, this.columns, this.soughtRow, size, this.grid.isNarrow)) return;
    this.grid.update(rowsOf(page, this.columns, this.soughtRow, this.grid.isNarrow), page.offset, page.total);
    this.grid.settle(status);
    this.pager.update(page.offset, size, page.total);
  }

  private take(page: RowsPage): void {
    this.page = page;
    this.problem.hidden = true;
    this.redraw();
  }

  private fail(message: string): void {
    setText(this.problem, message);
    this.problem.hidden = false;
  }

  private sortBy(column: RowsQuery['sort']): void {
    const { sort, descending } = this.order();
    // The largest errors and the first rows are what a first click asks for.
    this.host.choose({ sort: column, descending: sort === column ? !descending : column === 'error' });
    this.soughtRow = undefined;
    this.goToPage(0);
  }

  private goToPage(offset: number): void {
    this.offset = offset;
    this.redraw();
  }

  private showPlot(predictionsAsPlot: boolean): void {
    this.host.choose({ predictionsAsPlot });
    this.redraw();
  }

  /** Goes to the row of a point; where the plot gives way to the table, the focus stays in the section. */
  private choose(row: number): void {
    if (!this.asPlot.hidden) {
      this.showPlot(false);
      this.asPlot.focus();
    }
    this.goToRow(row);
  }

  private goToRow(number: number): void {
    const total = this.rows;
    const row = Math.max(0, Math.min(total - 1, number));
    const { sort, descending } = this.order();
    const backwards = sort === 'row' && descending;
    this.host.choose({ sort: 'row', descending: backwards });
    this.soughtRow = row;
    this.goToPage(pageStart(backwards ? total - 1 - row : row, this.pageSize()));
  }

  private showInputs(first: number): void {
    this.firstInput = first;
    this.redraw();
  }
}

function describeRows({ trainRows, validationRows }: RunShape): string {
  const rows = formatQuantity(trainRows + validationRows, 'row');
  return validationRows === 0 ? rows : `${rows}, ${formatCount(validationRows)} for validation`;
}
