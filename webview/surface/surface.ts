import { formatNumber, formatPercent } from '../../src/base/format';
import { losses } from '../../src/engine/nn/losses';
import { linearOf } from '../../src/protocol/outputs';
import type { RunShape } from '../../src/protocol/protocol';
import type { RowsPage, RowsQuery } from '../../src/protocol/questions';
import type { RunState } from '../../src/protocol/state';
import { pictureButton } from '../export/pictureButton';
import type { Host } from '../page/connectHost';
import { element, section, setText } from '../page/dom';
import { ElementSize } from '../page/elementSize';
import { memo } from '../page/memo';
import type { Ask } from '../page/questions';
import type { View } from '../page/store';
import { addChoice, createDropdown, type Dropdown } from '../page/toolkit';
import type { ViewedModel } from '../page/viewedRun';
import { AnswerSource } from '../parts/answerSource';
import { PastChip } from '../parts/pastChip';
import { ownInputs } from '../parts/predictInputs';
import { SurfaceChart } from './surfaceChart';
import { between, gridOf, planeOf, predictionAt, type SurfacePlane } from './surfaceGrid';

/** Rows that are drawn at most, and numbers that they have at most. */
const mostRows = 1000;
const mostNumbers = 100_000;
/** Classes that the legend names at most, and how many colours there are for them. */
const mostListed = 6;
const colourCount = 6;
/** By what share of the plane an arrow key moves. */
const keyStep = 0.02;

/** Whether a run's model has a surface to look at: a net of two inputs or more. */
export function hasSurface(shape: RunShape): boolean {
  return !linearOf(shape) && ownInputs(shape) > 1;
}

/** What a net predicts over the plane of two of its inputs, with the rows on top. */
export class SurfaceView implements View {
  private readonly section = section('surface', 'Surface');
  readonly element = this.section.element;
  private readonly canvas = element('canvas', { attributes: { 'aria-hidden': 'true' } });
  private readonly chart = new SurfaceChart(this.canvas);
  private readonly frame = element(
    'div',
    { class: 'surface-canvas', testId: 'surface', attributes: { role: 'slider', tabindex: '0' } },
    this.canvas,
  );
  private readonly across: Dropdown;
  private readonly up: Dropdown;
  private readonly target: Dropdown;
  private readonly legend = element('p', { class: 'plot-legend', testId: 'surface-legend' });
  private readonly readout = element('p', { class: 'plot-readout', testId: 'surface-readout' });
  private readonly note = element('p', { class: 'hint', testId: 'surface-note' });
  private readonly chip = new PastChip(this.section.heading);
  private readonly source: AnswerSource<RowsQuery, RowsPage>;
  private readonly size: ElementSize;
  private readonly isNew = memo();
  private readonly isNewLegend = memo();
  private readonly isNewSnapshot = memo();
  private runId = '';
  private choice = { across: 0, up: 1, target: 0 };
  private page: RowsPage | undefined;
  private plane: SurfacePlane | undefined;
  /** As shares of the plane. */
  private cursor: { x: number; y: number } | undefined;

  constructor(
    host: Host,
    ask: Ask,
    private readonly redraw: () => void,
  ) {
    const dropdown = (label: string, key: 'across' | 'up' | 'target') =>
      createDropdown({
        label,
        testId: `surface-${key}`,
        choices: [],
        onChange: (value) => {
          this.choice = { ...this.choice, [key]: Number(value) };
          this.plane = undefined;
          redraw();
        },
      });
    this.across = dropdown('Across', 'across');
    this.up = dropdown('Up', 'up');
    this.target = dropdown('Target', 'target');
    this.source = new AnswerSource({
      ask: (query) => ask({ kind: 'rows', query }),
      show: (page) => {
        this.page = page;
        this.plane = undefined;
        redraw();
      },
      fail: (message) => setText(this.note, message),
    });
    const saving = pictureButton(host, 'surface', this.canvas, [this.legend]);
    this.section.tools.append(this.across, this.up, this.target, saving);
    this.section.body.append(this.legend, this.frame, this.readout, this.note);
    this.size = new ElementSize(this.frame, redraw);
    this.frame.addEventListener('pointermove', (event) => this.point(event.offsetX, event.offsetY));
    this.frame.addEventListener('pointerleave', () => this.moveTo(undefined));
    this.frame.addEventListener('keydown', (event) => this.key(event));
  }

  /** See `View`. */
  render(run: RunState, model: ViewedModel, generation: number): void {
    const { shape } = run;
    if (!shape || !hasSurface(shape)) return;
    if (this.isNewSnapshot(generation)) this.begin(run, shape);
    this.chip.render(model);
    this.source.want({
      ...{ offset: 0, sort: 'row', descending: false },
      count: Math.max(1, Math.min(mostRows, Math.floor(mostNumbers / shape.inputNames.length))),
    });
    const { page } = this;
    if (!page) return;
    this.plane ??= planeOf(page, shape, this.choice.across, this.choice.up);
    const { plane, cursor, size } = this;
    if (!this.isNew(page, plane, cursor, model.parameters, size.width, size.height, devicePixelRatio)) return;
    const grid = gridOf(shape, model.parameters, plane);
    const place = cursor && { x: between(plane.x, cursor.x), y: between(plane.y, cursor.y) };
    this.chart.draw({ grid, shape, page, target: this.choice.target, cursor: place }, size.width, size.height);
    this.say(shape, model, place);
  }

  /** Takes up the colours of a new theme. */
  themeChanged(): void {
    this.chart.themeChanged();
    this.isNew();
  }

  private begin({ identity }: RunState, shape: RunShape): void {
    this.source.reset();
    if (identity.id === this.runId) return;
    this.runId = identity.id;
    this.page = this.plane = this.cursor = undefined;
    this.choice = { across: 0, up: 1, target: 0 };
    for (const [dropdown, names, chosen] of [
      [this.across, shape.inputNames.slice(0, ownInputs(shape)), 0],
      [this.up, shape.inputNames.slice(0, ownInputs(shape)), 1],
      [this.target, shape.targetNames, 0],
    ] as const) {
      dropdown.replaceChildren();
      names.forEach((name, i) => addChoice(dropdown, String(i), name));
      queueMicrotask(() => (dropdown.value = String(chosen)));
    }
    this.across.hidden = this.up.hidden = ownInputs(shape) === 2;
    this.target.hidden = shape.targetNames.length === 1;
  }

  private say(shape: RunShape, model: ViewedModel, place: { x: number; y: number } | undefined): void {
    const { page, plane, choice } = this;
    const [across, up] = [shape.inputNames[choice.across], shape.inputNames[choice.up]];
    if (this.isNewLegend(shape, choice.target)) this.legend.replaceChildren(...legendOf(shape, choice.target));
    const others = ownInputs(shape) > 2 ? ' The other inputs are at their medians.' : '';
    const shown = page!.rows.length < page!.total ? ` ${page!.rows.length} of ${page!.total} rows are drawn.` : '';
    setText(this.note, `${up} over ${across}; validation rows are diamonds.${others}${shown}`);
    const words = place
      ? `${across} ${formatNumber(place.x)}, ${up} ${formatNumber(place.y)}: ${predictionWords(shape, predictionAt(shape, model.parameters, plane!, place.x, place.y), choice.target)}`
      : '';
    setText(this.readout, words || 'Point at a place, or use the arrow keys, to read the prediction there.');
    const attributes = {
      'aria-label': `Predictions over ${across} and ${up}`,
      'aria-valuemin': '0',
      'aria-valuemax': '100',
      'aria-valuenow': String(Math.round(100 * (this.cursor?.x ?? 0.5))),
      'aria-valuetext': words || 'no place chosen',
    };
    for (const [name, value] of Object.entries(attributes)) {
      if (this.frame.getAttribute(name) !== value) this.frame.setAttribute(name, value);
    }
  }

  private point(x: number, y: number): void {
    this.moveTo(this.chart.shareAt(x, y));
  }

  private key(event: KeyboardEvent): void {
    const steps: Record<string, [number, number]> = {
      ArrowLeft: [-keyStep, 0],
      ArrowRight: [keyStep, 0],
      ArrowUp: [0, keyStep],
      ArrowDown: [0, -keyStep],
    };
    if (event.key === 'Escape') return this.moveTo(undefined);
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const { x, y } = this.cursor ?? { x: 0.5, y: 0.5 };
    const within = (share: number) => Math.max(0, Math.min(1, share));
    this.moveTo({ x: within(x + step[0]), y: within(y + step[1]) });
  }

  private moveTo(cursor: { x: number; y: number } | undefined): void {
    this.cursor = cursor;
    this.redraw();
  }
}

function predictionWords(shape: RunShape, values: Float64Array, target: number): string {
  if (shape.classNames) {
    const best = values.indexOf(Math.max(...values));
    return `${shape.classNames[best]} (${formatPercent(values[best])})`;
  }
  const name = shape.targetNames[target];
  const isProbability = losses[shape.loss].link === 'sigmoid';
  return isProbability
    ? `probability of ${name} ${formatPercent(values[target])}`
    : `${name} ${formatNumber(values[target])}`;
}

/** What the colours stand for. */
function legendOf(shape: RunShape, target: number): (Node | string)[] {
  const swatch = (i: number) => element('span', { class: `swatch surface-swatch-${i % colourCount}` });
  const { classNames } = shape;
  if (classNames) {
    const listed = classNames.slice(0, mostListed).flatMap((name, i) => [swatch(i), `${name} `]);
    return classNames.length > mostListed ? [...listed, '…'] : listed;
  }
  const name = shape.targetNames[target];
  const isProbability = losses[shape.loss].link === 'sigmoid';
  return isProbability
    ? [swatch(0), `${name} 0 `, swatch(1), `${name} 1 `]
    : [swatch(0), `low ${name} `, swatch(1), `high ${name} `];
}
