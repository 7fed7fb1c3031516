import { formatCount, formatNumber, formatQuantity, shortColumn } from '../../src/base/format';
import {
  exactParameters,
  linearOf,
  originalParameters,
  parameterGroups,
  type ParameterGroup,
} from '../../src/protocol/outputs';
import type { RunShape } from '../../src/protocol/protocol';
import type { RunState } from '../../src/protocol/state';
import { section } from '../page/dom';
import { memo } from '../page/memo';
import type { View } from '../page/store';
import type { ViewedModel } from '../page/viewedRun';
import { Grid, type CellContent, type Column, type Row } from '../parts/grid';
import { addChoice, createDropdown, type Dropdown } from '../page/toolkit';
import { Pager } from '../parts/pager';
import { PastChip } from '../parts/pastChip';
import { WeightsPlot } from './weightsPlot';

/** About as many rows as the loss curve beside it is high. */
const pageSize = 15;

/** A column, and the numbers in it, one a parameter; undefined where they are not known of an earlier model. */
interface NumberColumn extends Column {
  of: (run: RunState, model: ViewedModel) => Float32Array | Float64Array | undefined;
  /** Its words where the model is an earlier one. */
  past?: Pick<Column, 'title' | 'hint'>;
}

const numberColumns = {
  start: { title: 'Initial', hint: 'Before training', of: (run) => run.initial },
  now: {
    title: 'Now',
    pinned: true,
    hint: 'weight and bias as they are now',
    past: { title: 'Then', hint: 'weight and bias as they were then' },
    of: (_, model) => model.parameters,
  },
  exact: {
    title: 'Exact',
    hint: 'weight and bias at the exact minimum of the training loss',
    of: ({ curvature }) => exactParameters(curvature),
  },
  gradient: {
    title: 'Gradient',
    hint: 'weight.grad and bias.grad of the last batch',
    past: { title: 'Gradient', hint: 'Known only of the batch that was trained last' },
    of: (run, model) => (model.isLive ? run.gradients : undefined),
  },
  original: {
    title: 'Original units',
    hint: 'Per unit of the column: weight and bias for inputs and targets that are not scaled',
    of: ({ shape }, { parameters }) => shape && originalParameters(parameters, shape),
  },
  lastChange: {
    title: 'Last change',
    hint: 'What the last step of the optimizer added',
    past: { title: 'Epoch change', hint: 'The difference to the weights recorded before them' },
    of: (run, model) => (model.isLive ? run.lastChange : changeBefore(run, model)),
  },
} satisfies Record<string, NumberColumn>;

/** Weights and bias: a row a parameter, named after its column. */
export class WeightsView implements View {
  private readonly section = section('weights', 'Weights and bias');
  readonly element = this.section.element;
  private readonly grid = new Grid('Weights and bias', 'weights-table', () => this.redraw());
  private readonly pager: Pager;
  private readonly plot: WeightsPlot;
  private readonly chip = new PastChip(this.section.heading);
  private shape: RunShape | undefined;
  private readonly tensor: Dropdown;
  private groups: ParameterGroup[] = [];
  private group: ParameterGroup = { title: '', start: 0, names: [] };
  private columns: NumberColumn[] = [];
  private offset = 0;
  private titledLive = true;
  private readonly isOther = memo();
  private hasExact = false;
  private readonly isNew = memo();

  constructor(private readonly redraw: () => void) {
    this.pager = new Pager({ things: 'parameters', onPage: (offset) => this.show(offset) });
    this.tensor = createDropdown({
      label: 'Tensor',
      testId: 'weights-tensor',
      choices: [],
      onChange: (value) => this.chooseGroup(Number(value)),
    });
    this.plot = new WeightsPlot(redraw);
    this.section.body.append(this.tensor, this.grid.element, this.pager.element, this.plot.element);
  }

  /** See `View`. */
  render(run: RunState, model: ViewedModel): void {
    if (run.shape && run.shape !== this.shape) this.begin(run.shape);
    this.chip.render(model);
    if (this.isOther(run.curvature)) this.hasExact = exactParameters(run.curvature) !== undefined;
    this.drawColumns();
    this.drawTitles(model.isLive);
    const { columns, offset, group } = this;
    const names = group.names.slice(offset, offset + pageSize);
    const first = group.start + offset;
    this.plot.render(run, { names, first }, model);
    const { initial, gradients, lastChange } = run;
    const isNew = this.isNew(
      run.status,
      run.shape,
      columns,
      group,
      offset,
      model.isLive,
      model.epochs,
      model.parameters,
      initial,
      gradients,
      lastChange,
      run.curvature,
      this.grid.isNarrow,
    );
    if (!isNew) return;
    const numbers = this.columns.map((column) => column.of(run, model));
    const cells = numbers.map((column) => this.cellsOf(names.map((_, row) => column?.[first + row])));
    const rows: Row[] = names.map((name, row) => ({ cells: [name, ...cells.map((column) => column[row])] }));
    this.grid.update(rows, offset, group.names.length);
    this.grid.settle(run.status);
    this.pager.update(offset, pageSize, group.names.length);
  }

  private cellsOf(numbers: (number | undefined)[]): CellContent[] {
    const short = shortColumn(numbers.filter((value) => value !== undefined));
    return numbers.map((value) => {
      const text = format(value);
      return value === undefined || !this.grid.isNarrow ? { text } : { text: short(value), full: text };
    });
  }

  private begin(shape: RunShape): void {
    this.shape = shape;
    this.groups = parameterGroups(shape);
    this.group = this.groups[0];
    this.offset = 0;
    const count = this.groups.reduce((sum, { names }) => sum + names.length, 0);
    this.section.tools.replaceChildren(formatQuantity(count, 'parameter'));
    this.tensor.hidden = this.groups.length === 1;
    this.tensor.replaceChildren();
    this.groups.forEach(({ title, names }, i) => {
      addChoice(this.tensor, String(i), `${title} (${formatCount(names.length)})`);
    });
    queueMicrotask(() => (this.tensor.value = '0'));
    this.columns = [];
  }

  private drawColumns(): void {
    const { start, now, exact, gradient, lastChange } = numberColumns;
    // What is scaled before several layers has no weight of its own.
    const hasOriginal = this.shape?.scaling !== undefined && linearOf(this.shape) !== undefined;
    const original = hasOriginal ? [numberColumns.original] : [];
    const columns = [now, ...original, ...(this.hasExact ? [exact] : []), gradient, lastChange, start];
    if (this.columns.length === columns.length) return;
    this.columns = columns;
    const name = { title: 'Parameter', rowHeader: true, hint: 'The input that the weight belongs to' };
    this.grid.setColumns([name, ...columns]);
    this.titledLive = true;
  }

  private drawTitles(isLive: boolean): void {
    if (isLive === this.titledLive) return;
    this.titledLive = isLive;
    this.columns.forEach((column, index) => this.grid.retitle(index + 1, isLive ? column : (column.past ?? column)));
  }

  private chooseGroup(index: number): void {
    this.group = this.groups[index];
    this.show(0);
  }

  private show(offset: number): void {
    this.offset = offset;
    this.redraw();
  }
}

function changeBefore({ history, initial }: RunState, { epochs, parameters }: ViewedModel): Float32Array | undefined {
  if (epochs === 0) return undefined;
  const before = history.weightsAfter(epochs - history.weightsEvery)?.parameters ?? initial;
  return parameters.map((value, index) => value - before[index]);
}

function format(value: number | undefined): string {
  return value === undefined ? '–' : formatNumber(value);
}
