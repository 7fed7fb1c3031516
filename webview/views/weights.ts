import type { RunShape } from '../../src/run/protocol';
import type { RunState } from '../../src/run/state';
import { section } from '../dom';
import { formatNumber, formatQuantity } from '../format';
import type { View } from '../store';
import { Grid, type Row } from './grid';
import { Pager } from './pager';

const pageSize = 50;

/** Weights and bias: a row a parameter, named after its column. */
export class WeightsView implements View {
  private readonly section = section('weights', 'Weights and bias');
  readonly element = this.section.element;
  private readonly grid = new Grid('Weights and bias', 'weights-table');
  private readonly pager: Pager;
  private shape: RunShape | undefined;
  private names: string[] = [];
  private offset = 0;

  constructor(private readonly redraw: () => void) {
    this.pager = new Pager({ things: 'parameters', onPage: (offset) => this.show(offset) });
    this.section.body.append(this.grid.element, this.pager.element);
  }

  /** See `View`. */
  render(run: RunState): void {
    if (run.shape && run.shape !== this.shape) this.begin(run.shape);
    const { parameters } = run.checkpoint;
    const rows: Row[] = [];
    for (let index = this.offset; index < Math.min(this.names.length, this.offset + pageSize); index++) {
      const numbers = [run.initial[index], parameters[index], run.gradients[index], run.lastChange[index]];
      rows.push({
        cells: [this.names[index], ...numbers.map((value) => (value === undefined ? '' : formatNumber(value)))],
      });
    }
    this.grid.update(rows, this.offset, this.names.length);
    this.pager.update(this.offset, pageSize, this.names.length);
  }

  private begin(shape: RunShape): void {
    this.shape = shape;
    this.names = parameterNames(shape);
    this.offset = 0;
    this.section.tools.replaceChildren(formatQuantity(this.names.length, 'parameter'));
    this.grid.setColumns([
      { title: 'Parameter', rowHeader: true, hint: 'The input that the weight belongs to' },
      { title: 'Start', hint: 'Before training' },
      { title: 'Now', hint: 'weight and bias as they are now' },
      { title: 'Gradient', hint: 'weight.grad and bias.grad of the last batch' },
      { title: 'Last change', hint: 'What the last step of the optimizer added' },
    ]);
  }

  private show(offset: number): void {
    this.offset = offset;
    this.redraw();
  }
}

/** A name for each parameter, in the order of `Checkpoint.parameters`. */
export function parameterNames(shape: RunShape): string[] {
  const { inputNames, targetNames, bias } = shape;
  const single = targetNames.length === 1;
  const weights = targetNames.flatMap((target) => inputNames.map((input) => (single ? input : `${target} ← ${input}`)));
  if (!bias) return weights;
  return [...weights, ...targetNames.map((target) => (single ? 'bias' : `${target} ← bias`))];
}
