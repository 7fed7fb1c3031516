import { formatCount, formatShortest } from '../../src/base/format';
import type { ColumnName } from '../../src/protocol/history';
import type { RunShape } from '../../src/protocol/protocol';
import type { RunState } from '../../src/protocol/state';
import type { ExactEpochs } from '../page/exactEpochs';
import { element, setText } from '../page/dom';
import type { Host } from '../page/connectHost';
import type { ViewedModel } from '../page/viewedRun';
import { createCheckbox, setChecked } from '../page/toolkit';
import { Grid, type Row } from '../parts/grid';
import { Pager, pageStart } from '../parts/pager';

const pageSize = 25;

/** The numbers of the loss curve as a table. */
export class LossTable {
  readonly element = element('div', { class: 'loss-table' });
  private readonly grid = new Grid('Loss by epoch', 'loss-table');
  private readonly pager: Pager;
  private readonly problem = element('p', { class: 'hint' });
  private readonly thin;
  private offset = 0;
  private lines = 0;
  private shape: RunShape | undefined;

  constructor(
    private readonly host: Host,
    private readonly exact: ExactEpochs,
    private readonly redraw: () => void,
  ) {
    this.thin = createCheckbox({
      text: '',
      testId: 'loss-table-thin',
      onChange: (everyLogged) => {
        host.choose({ everyLogged });
        this.show(0);
      },
    });
    this.pager = new Pager({
      things: 'epochs',
      onPage: (offset) => this.show(offset),
      goTo: 'Go to epoch',
      onGoTo: (epoch) => this.goTo(epoch),
    });
    this.element.append(this.thin, this.grid.element, this.problem, this.pager.element);
  }

  /** Draws the page of the table that is on screen; the epoch that ends with an earlier `model` stands out. */
  render(run: RunState, model: ViewedModel): void {
    const { shape, history } = run;
    if (!shape) return;
    if (shape !== this.shape) this.begin(shape);
    setChecked(this.thin, this.host.ui.everyLogged === true);
    const stride = this.stride();
    const total = Math.ceil(history.length / stride);
    this.lines = total;
    const rows: Row[] = [];
    for (let line = this.offset; line < Math.min(total, this.offset + pageSize); line++) {
      const epoch = line * stride;
      rows.push({ ...this.rowOf(run, epoch, shape), highlighted: !model.isLive && epoch === model.epochs - 1 });
    }
    this.grid.update(rows, this.offset, total);
    setText(this.problem, this.exact.problem);
    this.problem.hidden = this.exact.problem === '';
    this.pager.update(this.offset, pageSize, total);
  }

  private rowOf({ history }: RunState, epoch: number, shape: RunShape): Row {
    const at = (column: ColumnName, format?: (number: number) => string): string =>
      this.exact.text(history, column, epoch, format);
    return {
      cells: [
        formatCount(epoch + 1),
        at('loss'),
        at('batchLoss'),
        ...(shape.validationRows > 0 ? [at('valLoss')] : []),
        at('lr', formatShortest),
      ],
    };
  }

  private begin(shape: RunShape): void {
    this.shape = shape;
    this.offset = 0;
    this.thin.textContent = `Only every ${formatCount(shape.logEvery)} epochs`;
    this.thin.hidden = shape.logEvery <= 1;
    this.grid.setColumns([
      { title: 'Epoch', rowHeader: true, hint: 'Epochs done' },
      { title: 'Loss', hint: 'Mean over the epoch’s batches' },
      { title: 'Last batch', hint: 'Loss of the epoch’s last batch' },
      ...(shape.validationRows > 0 ? [{ title: 'Validation', hint: 'Loss of the rows held out' }] : []),
      { title: 'lr', hint: 'Learning rate of the epoch' },
    ]);
  }

  private goTo(epoch: number): void {
    const line = Math.floor((epoch - 1) / this.stride());
    this.show(pageStart(Math.max(0, Math.min(this.lines - 1, line)), pageSize));
  }

  private stride(): number {
    return this.host.ui.everyLogged ? (this.shape?.logEvery ?? 1) : 1;
  }

  private show(offset: number): void {
    this.offset = offset;
    this.redraw();
  }
}
