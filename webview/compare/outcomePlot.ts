import type { BestRule } from '../../src/compare/bestRun';
import type { OutcomeCell, Outcomes } from '../../src/compare/outcomes';
import { formatNumber, formatShortest } from '../../src/base/format';
import { element, setText } from '../page/dom';
import { ElementSize } from '../page/elementSize';
import { readTheme } from '../page/theme';
import { spreadText } from './foldedTable';
import { drawOutcomeLine } from './outcomeLine';
import { drawOutcomeMap } from './outcomeMap';

/** What came out of runs over the one or two numbers in which they differ: a line, or a map of cells. */
export class OutcomePlot {
  readonly element: HTMLElement;
  private readonly title = element('h3', { class: 'compare-heading', attributes: { id: 'outcome-title' } });
  private readonly canvas = element('canvas', {
    testId: 'compare-outcome',
    attributes: { role: 'img', 'aria-labelledby': 'outcome-title outcome-words' },
  });
  private readonly words = element('p', {
    class: 'compare-readout hint',
    testId: 'compare-outcome-words',
    attributes: { id: 'outcome-words' },
  });
  private readonly context = this.canvas.getContext('2d')!;
  private readonly size: ElementSize;
  private shown: { outcomes: Outcomes; rule: BestRule } | undefined;

  constructor() {
    const box = element('div', { class: 'compare-outcome' }, this.canvas);
    this.element = element('div', {}, this.title, box, this.words);
    this.element.hidden = true;
    this.size = new ElementSize(box, () => this.draw());
  }

  update(outcomes: Outcomes | undefined, rule: BestRule | undefined): void {
    this.shown = outcomes && rule && { outcomes, rule };
    this.element.hidden = !this.shown;
    if (!this.shown) return;
    const { x, y } = this.shown.outcomes;
    setText(this.title, `${quantityOf(this.shown.rule)} over ${x.key}${y ? ` (→) and ${y.key} (↑)` : ''}`);
    setText(this.words, wordsOf(this.shown.outcomes, this.shown.rule));
    this.draw();
  }

  draw(): void {
    const { width, height } = this.size;
    if (!this.shown || width === 0 || height === 0) return;
    const ratio = devicePixelRatio;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    const { context } = this;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const drawing = { context, ...this.shown, theme: readTheme(), width, height };
    if (this.shown.outcomes.y) drawOutcomeMap(drawing);
    else drawOutcomeLine(drawing);
  }
}

/** What a rule compares: `Validation loss at the end`. */
export function quantityOf({ title }: BestRule): string {
  const name = title.replace(/^the (lowest|highest) /, '');
  return name[0].toUpperCase() + name.slice(1);
}

function wordsOf({ x, y, cells, limits }: Outcomes, { sign }: BestRule): string {
  const known = cells.filter(({ spread }) => spread.count > 0);
  const [best] = known.sort((a, b) => sign * (a.spread.mean - b.spread.mean));
  const place = ({ x: atX, y: atY }: OutcomeCell) =>
    `${x.key} ${formatShortest(x.values[atX])}${y ? `, ${y.key} ${formatShortest(y.values[atY])}` : ''}`;
  const diverged = cells.reduce((sum, cell) => sum + cell.diverged, 0);
  const limit = limits?.find((rate) => !Number.isNaN(rate));
  return [
    best && `Best at ${place(best)}: ${spreadText(best.spread)}.`,
    diverged > 0 && `✕: ${diverged} ${diverged === 1 ? 'run' : 'runs'} diverged.`,
    limit !== undefined &&
      `Dashed: the largest stable rate${new Set(limits).size === 1 ? `, ${formatNumber(limit)}` : ''}.`,
  ]
    .filter(Boolean)
    .join(' ');
}
