import { formatCount, formatFloat32, formatQuantity } from '../../src/base/format';
import type { Checkpoint, RunShape } from '../../src/protocol/protocol';
import type { BatchOrder, OrderQuery, RowsPage, RowsQuery } from '../../src/protocol/questions';
import type { RunState } from '../../src/protocol/state';
import { element, section, setText } from '../page/dom';
import { memo } from '../page/memo';
import type { Ask } from '../page/questions';
import type { View } from '../page/store';
import type { ViewedModel } from '../page/viewedRun';
import { AnswerSource } from '../parts/answerSource';
import { ColumnView } from './columnView';
import { Grid, type Column, type Row } from '../parts/grid';
import { batchName, OrderStrip } from './orderStrip';
import { Pager, pageStart } from '../parts/pager';
import { inputSpan } from '../predictions/predictionColumns';

const pageSize = 10;

/** What a DataLoader gives: the rows as inputs and targets, in which order and batches, and how each column is spread. */
export class DataView implements View {
  private readonly section = section('data', 'Data');
  readonly element = this.section.element;
  private readonly strip = new OrderStrip();
  private readonly grid = new Grid('Inputs and targets', 'data-table');
  private readonly pager: Pager;
  private readonly inputPager: Pager;
  private readonly problem = element('p', { class: 'hint', attributes: { role: 'status' } });
  private readonly column: ColumnView;
  private readonly rows: AnswerSource<RowsQuery, RowsPage>;
  private readonly orders: AnswerSource<OrderQuery, BatchOrder>;
  private readonly isNewSnapshot = memo();
  private readonly isNew = memo();
  private runId = '';
  private checkpoint: Checkpoint | undefined;
  private columnsKey = '';
  private offset = 0;
  private firstInput = 0;
  private page: RowsPage | undefined;
  private order: BatchOrder | undefined;
  private onScreen = true;

  constructor(
    ask: Ask,
    private readonly redraw: () => void,
  ) {
    this.column = new ColumnView(ask, redraw);
    this.pager = new Pager({
      things: 'data rows',
      onPage: (offset) => this.show({ offset }),
      goTo: 'Go to row',
      onGoTo: (number) => this.goToRow(number - 1),
    });
    this.inputPager = new Pager({ things: 'data inputs', onPage: (firstInput) => this.show({ firstInput }) });
    this.rows = new AnswerSource({
      ask: (query) => ask({ kind: 'rows', query }),
      show: (page) => this.take({ page }),
      fail: (message) => this.fail(message),
    });
    this.orders = new AnswerSource({
      ask: (query) => ask({ kind: 'order', query }),
      show: (order) => this.take({ order }),
      fail: (message) => this.fail(message),
    });
    const table = element('div', { class: 'data-rows' }, this.inputPager.element, this.grid.element);
    table.append(this.problem, this.pager.element);
    this.section.body.append(this.strip.element, element('div', { class: 'data-parts' }, table, this.column.element));
    new IntersectionObserver(([entry]) => this.appear(entry.isIntersecting), { rootMargin: '200px' }).observe(
      this.element,
    );
  }

  /** See `View`. */
  render(run: RunState, _: ViewedModel, generation: number): void {
    const { shape } = run;
    if (!shape) return;
    if (this.isNewSnapshot(generation)) this.begin(run);
    setText(this.section.tools, describeRows(shape));
    // Where it is out of sight nobody reads it, and it would take time from training.
    if (this.onScreen) this.ask(run, shape);
    this.drawColumns(shape);
    this.strip.render(this.order, run.status === 'running');
    this.drawRows(shape);
  }

  private drawRows(shape: RunShape): void {
    const { page, order } = this;
    if (!this.isNew(page, order, this.columnsKey)) return;
    this.grid.update(page ? this.rowsOf(page, shape) : [], page?.offset, page?.total);
    this.pager.element.hidden = !page;
    if (page) this.pager.update(page.offset, pageSize, page.total);
  }

  private begin({ identity }: RunState): void {
    this.rows.reset();
    this.orders.reset();
    this.column.begin();
    if (identity.id === this.runId) return;
    this.runId = identity.id;
    this.offset = 0;
    this.firstInput = 0;
    this.page = undefined;
    this.order = undefined;
    this.fail('Waiting for the rows…');
  }

  private ask({ checkpoint }: RunState, shape: RunShape): void {
    this.rows.want({ offset: this.offset, count: pageSize, sort: 'row', descending: false, batches: true });
    this.orders.want(OrderStrip.query(window.innerWidth, shape.batchSize));
    this.column.render(shape);
    if (checkpoint === this.checkpoint) return;
    this.checkpoint = checkpoint;
    this.rows.invalidate();
    this.orders.invalidate();
  }

  private drawColumns({ inputNames, targetNames, classNames }: RunShape): void {
    const key = JSON.stringify([this.runId, this.firstInput, inputNames, targetNames]);
    if (key === this.columnsKey) return;
    this.columnsKey = key;
    const inputs = inputNames.slice(this.firstInput, this.firstInput + inputSpan);
    this.grid.setColumns([
      { title: 'Row', hint: 'Number of the row in the dataset', rowHeader: true },
      { title: 'Batch', hint: 'The batch that the row falls in, in the order above', words: true },
      ...inputs.map((title): Column => ({ title, hint: `Input ${title}` })),
      ...targetNames.map((title): Column => ({ title, hint: `Target ${title}`, words: classNames !== undefined })),
    ]);
    this.inputPager.update(this.firstInput, inputSpan, inputNames.length);
  }

  private rowsOf(page: RowsPage, { inputNames, targetNames, classNames }: RunShape): Row[] {
    const { order, firstInput } = this;
    const shownInputs = Math.min(inputSpan, inputNames.length - firstInput);
    return Array.from(page.rows, (row, i) => {
      const input = i * inputNames.length + firstInput;
      const inputs = page.inputs.subarray(input, input + shownInputs);
      const targets = page.targets.subarray(i * targetNames.length, (i + 1) * targetNames.length);
      const held = page.validation[i] === 1;
      return {
        cells: [
          formatCount(row + 1),
          held ? 'held out' : batchWords(page.batch[i], order),
          ...Array.from(inputs, formatFloat32),
          ...Array.from(targets, (target) => classNames?.[target] ?? formatFloat32(target)),
        ],
        mark: held ? { text: 'val', hint: 'Held out for validation' } : undefined,
        highlighted: order !== undefined && page.batch[i] >= 0 && page.batch[i] === order.done,
      };
    });
  }

  private take(change: { page?: RowsPage; order?: BatchOrder }): void {
    this.page = change.page ?? this.page;
    this.order = change.order ?? this.order;
    this.problem.hidden = true;
    this.redraw();
  }

  private fail(message: string): void {
    setText(this.problem, message);
    this.problem.hidden = false;
  }

  private goToRow(number: number): void {
    const row = Math.max(0, Math.min((this.page?.total ?? 1) - 1, number));
    this.show({ offset: pageStart(row, pageSize) });
  }

  private show({ offset = this.offset, firstInput = this.firstInput }): void {
    this.offset = offset;
    this.firstInput = firstInput;
    this.redraw();
  }

  private appear(onScreen: boolean): void {
    this.onScreen = onScreen;
    if (onScreen) this.redraw();
  }
}

function batchWords(batch: number, order: BatchOrder | undefined): string {
  if (batch >= 0) return batchName(batch);
  return order && order.epoch >= 0 ? 'left out' : '–';
}

function describeRows({ trainRows, validationRows }: RunShape): string {
  if (validationRows === 0) return `${formatQuantity(trainRows, 'row')} to train on`;
  return `${formatQuantity(trainRows, 'row')} to train on, ${formatCount(validationRows)} for validation`;
}
