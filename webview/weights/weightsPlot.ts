import { formatCount, formatNumber } from '../../src/base/format';
import type { RunState } from '../../src/protocol/state';
import { element } from '../page/dom';
import { ElementSize } from '../page/elementSize';
import { memo } from '../page/memo';
import type { ViewedModel } from '../page/viewedRun';
import { finiteRange, plotAxis } from '../parts/plotAxis';
import { plotFrame, svg } from '../parts/svgPlot';

/** Points of a line at most: more cannot be told apart. */
const mostPoints = 300;
const height = 180;
/** Colours that the style sheet has for lines; further lines are dashed in the same ones. */
const colours = 6;
const dashes = ['', '6 3', '2 3'];

/** Parameters that are plotted: their names, and where they stand among all. */
export interface PlottedParameters {
  names: readonly string[];
  first: number;
}

/** The parameters of the table over the epochs, a line each; a line can be left out so that the others have its room. */
export class WeightsPlot {
  private readonly plot = element('div', {
    class: 'weights-plot',
    testId: 'weights-plot',
    attributes: { role: 'img' },
  });
  private readonly legend = element('div', { class: 'weights-legend', testId: 'weights-legend' });
  readonly element = element(
    'details',
    { class: 'weights-curves', testId: 'weights-curves' },
    element('summary', { text: 'Weights over the epochs' }),
    this.plot,
    this.legend,
  );
  private readonly size: ElementSize;
  private readonly hidden = new Set<string>();
  private readonly isNew = memo();
  private readonly isOther = memo();

  constructor(private readonly redraw: () => void) {
    this.size = new ElementSize(this.plot, redraw);
    this.element.addEventListener('toggle', redraw);
  }

  /** Draws the lines while they are unfolded. */
  render(run: RunState, { names, first }: PlottedParameters, model: ViewedModel): void {
    const last = run.checkpoint.epoch;
    this.element.hidden = last === 0;
    if (!this.element.open || this.element.hidden || this.size.width === 0) return;
    if (this.isOther(run.identity.id, ...names)) {
      this.hidden.clear();
      this.legend.replaceChildren(...names.map((name, i) => this.entry(name, i)));
    }
    const viewed = model.isLive ? undefined : model.epochs;
    if (
      !this.isNew(
        run.identity.id,
        first,
        last,
        run.checkpoint,
        this.size.width,
        viewed,
        [...this.hidden].join('\n'),
        ...names,
      )
    )
      return;
    const epochs = plottedEpochs(run, last);
    const lines = names.map((name, i) => {
      const values = epochs.map((at) => valueAfter(run, at, last, first + i));
      return { name, style: i, values };
    });
    const shown = lines.filter(({ name }) => !this.hidden.has(name));
    this.plot.setAttribute('aria-label', describe(shown, last));
    const { min, max } = finiteRange(...shown.map(({ values }) => values));
    const { root, x, y } = plotFrame({ width: this.size.width, height }, plotAxis(min, max, 4), last);
    for (const { style, values } of shown) {
      const points = epochs.flatMap((at, i) =>
        Number.isFinite(values[i]) ? [`${x(at).toFixed(1)},${y(values[i]).toFixed(1)}`] : [],
      );
      root.append(line(style, points));
    }
    if (viewed !== undefined)
      root.append(svg('line', { class: 'viewed', x1: x(viewed), x2: x(viewed), y1: y(max), y2: y(min) }));
    this.plot.replaceChildren(root);
  }

  private entry(name: string, style: number): HTMLElement {
    const swatch = svg('svg', { width: 20, height: 8, 'aria-hidden': 'true' });
    swatch.append(line(style, ['0,4', '20,4']));
    const button = element(
      'button',
      { class: 'weights-entry', attributes: { type: 'button', 'aria-pressed': 'true', title: `Show or hide ${name}` } },
      element('span', { class: 'weights-swatch' }),
      element('span', { class: 'weights-name', text: name }),
    );
    button.firstElementChild!.append(swatch);
    button.addEventListener('click', () => {
      if (!this.hidden.delete(name)) this.hidden.add(name);
      button.setAttribute('aria-pressed', String(!this.hidden.has(name)));
      this.redraw();
    });
    return button;
  }
}

/** 0, some of the epochs after which weights are recorded, and where the run stands. */
function plottedEpochs({ history }: RunState, last: number): number[] {
  let step = history.weightsEvery;
  while (last / step > mostPoints) step *= 2;
  const epochs = Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step);
  if (epochs[epochs.length - 1] !== last) epochs.push(last);
  return epochs;
}

function valueAfter({ history, initial, checkpoint }: RunState, at: number, last: number, parameter: number): number {
  if (at === 0) return initial[parameter];
  if (at === last) return checkpoint.parameters[parameter];
  const record = history.weightsAfter(at);
  return record?.epochs === at ? record.parameters[parameter] : NaN;
}

function line(style: number, points: readonly string[]): SVGElement {
  const made = svg('polyline', { points: points.join(' '), class: `line-${style % colours}` });
  const dash = dashes[Math.floor(style / colours) % dashes.length];
  if (dash) made.setAttribute('stroke-dasharray', dash);
  return made;
}

function describe(lines: readonly { name: string; values: readonly number[] }[], last: number): string {
  const words = lines.map(
    ({ name, values }) => `${name} from ${formatNumber(values[0])} to ${formatNumber(values[values.length - 1])}`,
  );
  return `Weights over ${formatCount(last)} epochs: ${words.join('; ')}`;
}
