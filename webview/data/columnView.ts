import { formatCount, formatFloat32, formatNumber } from '../../src/base/format';
import type { RunShape } from '../../src/protocol/protocol';
import type { ColumnDistribution, ColumnNumbers, ColumnReference } from '../../src/protocol/questions';
import { element, setText } from '../page/dom';
import type { Ask } from '../page/questions';
import { addChoice, createDropdown, type Dropdown } from '../page/toolkit';
import { AnswerSource } from '../parts/answerSource';
import { Grid, type Row } from '../parts/grid';
import { drawDistribution } from '../parts/histogram';

const statistics: { title: string; of: (numbers: ColumnNumbers) => string }[] = [
  { title: 'Rows', of: ({ rows }) => formatCount(rows) },
  { title: 'Min', of: ({ min }) => formatNumber(min) },
  { title: 'Quartile 1', of: ({ lowerQuartile }) => formatNumber(lowerQuartile) },
  { title: 'Median', of: ({ median }) => formatNumber(median) },
  { title: 'Quartile 3', of: ({ upperQuartile }) => formatNumber(upperQuartile) },
  { title: 'Max', of: ({ max }) => formatNumber(max) },
  { title: 'Mean', of: ({ mean }) => formatNumber(mean) },
  { title: 'Std', of: ({ deviation }) => formatNumber(deviation) },
];

/** How the values of one column are spread, over training and validation rows apart. */
export class ColumnView {
  private readonly picker: Dropdown;
  private readonly legend = element(
    'p',
    { class: 'column-legend', attributes: { 'aria-hidden': 'true' } },
    element('span', { class: 'swatch bar' }),
    'Training ',
    element('span', { class: 'swatch outline' }),
    'Validation',
  );
  private readonly bars = element('div', { class: 'column-bars' });
  private readonly grid = new Grid('Numbers of the column', 'column-numbers');
  private readonly scaling = element('p', { class: 'hint', testId: 'column-scaling' });
  private readonly problem = element('p', { class: 'hint', attributes: { role: 'status' } });
  readonly element: HTMLElement;
  private readonly source: AnswerSource<ColumnReference, ColumnDistribution>;
  private shape: RunShape | undefined;
  private column: ColumnReference = { of: 'inputs', index: 0 };

  constructor(
    ask: Ask,
    private readonly redraw: () => void,
  ) {
    this.picker = createDropdown({
      class: 'column-picker',
      label: 'Column',
      testId: 'column-picker',
      choices: [],
      onChange: (value) => this.choose(value),
    });
    this.source = new AnswerSource({
      ask: (query) => ask({ kind: 'column', query }),
      show: (distribution) => this.show(distribution),
      fail: (message) => this.fail(message),
    });
    const head = element('div', { class: 'column-head' }, element('h3', { text: 'Column' }), this.picker, this.legend);
    const body = element('div', { class: 'column-body' }, this.bars, this.grid.element);
    this.legend.hidden = true;
    this.element = element('div', { class: 'column' }, head, body, this.scaling, this.problem);
  }

  /** Forgets what was asked: another run, or another picture of the same one. */
  begin(): void {
    this.source.reset();
  }

  /** Shows the column that is chosen; the first input of a run that is new. */
  render(shape: RunShape): void {
    if (shape !== this.shape) this.take(shape);
    this.source.want(this.column);
  }

  private take(shape: RunShape): void {
    const names = JSON.stringify([shape.inputNames, shape.targetNames]);
    const isNew = JSON.stringify([this.shape?.inputNames, this.shape?.targetNames]) !== names;
    this.shape = shape;
    if (!isNew) return;
    this.column = { of: 'inputs', index: 0 };
    this.picker.replaceChildren();
    shape.inputNames.forEach((name, i) => addChoice(this.picker, `inputs ${i}`, name));
    shape.targetNames.forEach((name, i) => addChoice(this.picker, `targets ${i}`, `${name} (target)`));
  }

  private choose(value: string): void {
    const [of, index] = value.split(' ');
    this.column = { of: of as ColumnReference['of'], index: Number(index) };
    this.redraw();
  }

  private show(distribution: ColumnDistribution): void {
    const { shape, column } = this;
    if (!shape) return;
    const isClass = column.of === 'targets' && shape.classNames !== undefined;
    const hasSplit = distribution.validation.rows > 0;
    const name = (column.of === 'inputs' ? shape.inputNames : shape.targetNames)[column.index];
    const nameOf = (value: number): string => (isClass ? shape.classNames![value] : formatFloat32(value));
    this.problem.hidden = true;
    this.legend.hidden = !hasSplit;
    this.bars.replaceChildren(...drawDistribution(distribution, `Rows by ${name}`, nameOf));
    this.grid.setColumns([
      { title: 'Statistic', rowHeader: true },
      { title: hasSplit ? 'Training' : name },
      ...(hasSplit ? [{ title: 'Validation' }] : []),
    ]);
    // A mean of classes' numbers means nothing.
    this.grid.update(rowsOf(distribution, isClass ? statistics.slice(0, 1) : statistics));
    setText(this.scaling, describeScaling(shape, column));
    this.scaling.hidden = this.scaling.textContent === '';
  }

  private fail(message: string): void {
    setText(this.problem, message);
    this.problem.hidden = false;
  }
}

function rowsOf({ train, validation }: ColumnDistribution, shown: typeof statistics): Row[] {
  const parts = validation.rows > 0 ? [train, validation] : [train];
  return shown.map(({ title, of }) => ({ cells: [title, ...parts.map(of)] }));
}

/** What was done to a column's values before training; nothing where they stayed as they were. */
function describeScaling({ scaling, classNames }: RunShape, { of, index }: ColumnReference): string {
  if (!scaling || (of === 'targets' && classNames)) return '';
  const [offset, scale] = [scaling[of].offset[index], scaling[of].scale[index]];
  if (offset === 0 && scale === 1) return '';
  return `Scaled for training: (value − ${formatNumber(offset)}) / ${formatNumber(scale)}`;
}
