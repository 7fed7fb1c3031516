import type { RunShape } from '../../src/run/protocol';
import type { RowsPage, RowsQuery } from '../../src/run/questions';
import type { RunState } from '../../src/run/state';
import { element, section, setText } from '../dom';
import { formatCount, formatQuantity } from '../format';
import type { Host } from '../connectHost';
import type { Ask } from '../questions';
import type { View } from '../store';
import { AnswerSource } from './answerSource';
import { Grid } from './grid';
import { Pager, pageStart } from './pager';
import {
  columnsOf,
  fitsInputsFirst,
  inputSpan,
  rowsOf,
  type PredictionColumn,
  type PredictionLayout,
} from './predictionColumns';

/** Predictions beside the actual values: a row a sample, pulled from the host a page at a time. */
export class PredictionsView implements View {
  private readonly section = section('predictions', 'Predictions');
  readonly element = this.section.element;
  /** Of the snapshot that the run on screen came with; see `Store.generation`. */
  generation = 0;
  private readonly grid = new Grid('Predictions', 'predictions-table');
  private readonly problem = element('p', { class: 'hint', attributes: { role: 'status' } });
  private readonly pager: Pager;
  private readonly inputPager: Pager;
  private readonly source: AnswerSource<RowsQuery, RowsPage>;
  private shownGeneration = -1;
  private parameters: Float32Array | undefined;
  private layout: PredictionLayout = { inputsFirst: true, firstInput: 0 };
  private columns: PredictionColumn[] = [];
  private columnsKey = '';
  private offset = 0;
  private runId = '';
  private page: RowsPage | undefined;
  private soughtRow: number | undefined;

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
      ask: (query) => ask({ kind: 'rows', query }),
      show: (page) => this.take(page),
      fail: (message) => this.fail(message),
    });
    this.section.body.append(this.inputPager.element, this.grid.element, this.problem, this.pager.element);
    this.problem.hidden = true;
  }

  /** See `View`. */
  render(run: RunState): void {
    const { shape } = run;
    if (!shape) return;
    if (this.generation !== this.shownGeneration) this.begin(run);
    const size = this.pageSize();
    this.source.want({ ...this.order(), offset: pageStart(this.offset, size), count: size });
    if (run.checkpoint.parameters !== this.parameters) {
      this.parameters = run.checkpoint.parameters;
      this.source.invalidate();
    }
    this.drawColumns(shape);
    this.drawRows(shape);
  }

  private begin({ identity, checkpoint }: RunState): void {
    this.shownGeneration = this.generation;
    this.source.reset();
    this.parameters = checkpoint.parameters;
    if (identity.id === this.runId) return;
    this.runId = identity.id;
    this.offset = 0;
    this.page = undefined;
    this.soughtRow = undefined;
    this.layout = { inputsFirst: true, firstInput: 0 };
  }

  private order(): Pick<RowsQuery, 'sort' | 'descending'> {
    const { sort = 'row', descending = false } = this.host.ui;
    return { sort, descending };
  }

  private pageSize(): number {
    return window.innerWidth < 600 ? 10 : 25;
  }

  private drawColumns(shape: RunShape): void {
    this.layout.inputsFirst = fitsInputsFirst(shape, this.section.body.clientWidth);
    const { sort, descending } = this.order();
    const key = JSON.stringify([this.runId, this.layout, sort, descending, shape.inputNames, shape.targetNames]);
    if (key === this.columnsKey) return;
    this.columnsKey = key;
    this.columns = columnsOf(shape, this.layout, this.order(), (column) => this.sortBy(column));
    this.grid.setColumns(this.columns);
    this.inputPager.update(this.layout.firstInput, inputSpan, shape.inputNames.length);
  }

  private drawRows(shape: RunShape): void {
    const { page } = this;
    setText(this.section.tools, page ? describeRows(shape, page.total) : '');
    if (!page) {
      this.grid.update([]);
      this.pager.element.hidden = true;
      return;
    }
    this.grid.update(rowsOf(page, this.columns, this.soughtRow), page.offset, page.total);
    this.pager.update(page.offset, this.pageSize(), page.total);
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

  private goToRow(number: number): void {
    const total = this.page?.total ?? 0;
    const row = Math.max(0, Math.min(total - 1, number));
    const { sort, descending } = this.order();
    const backwards = sort === 'row' && descending;
    this.host.choose({ sort: 'row', descending: backwards });
    this.soughtRow = row;
    this.goToPage(pageStart(backwards ? total - 1 - row : row, this.pageSize()));
  }

  private showInputs(first: number): void {
    this.layout.firstInput = first;
    this.redraw();
  }
}

function describeRows(shape: RunShape, total: number): string {
  if (shape.validationRows === 0) return formatQuantity(total, 'row');
  return `${formatQuantity(total, 'row')}, ${formatCount(shape.validationRows)} for validation`;
}
