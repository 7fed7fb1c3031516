import type { RunShape } from '../../src/protocol/protocol';
import type { Confusion, ScatterPoints } from '../../src/protocol/questions';
import type { RunState } from '../../src/protocol/state';
import { pictureButton } from '../export/pictureButton';
import { element, setText } from '../page/dom';
import { memo } from '../page/memo';
import type { Host, PlotKind } from '../page/connectHost';
import type { Ask } from '../page/questions';
import { addChoice, createDropdown, type Dropdown } from '../page/toolkit';
import { AnswerSource } from '../parts/answerSource';
import { ConfusionTable } from './confusionTable';
import { ElementSize } from '../page/elementSize';
import { fittedLine } from './fittedLine';
import { ownInputs } from '../parts/predictInputs';
import { PointCursor } from '../parts/pointCursor';
import { ScatterChart } from './scatterChart';
import { byPlace, describePoint, noteOn, picture, plotNames } from './scatterPicture';

const mostPoints = 2000;
const mostClasses = 30;

/** Where a question stands: `at` epochs after the start, or as the run is now. */
interface Asked {
  target: number;
  at?: number;
}

/** What a plot needs of its surroundings. */
export interface PredictionPlotOptions {
  host: Host;
  ask: Ask;
  redraw: () => void;
  /** A person has chosen a row of the dataset. */
  choose: (row: number) => void;
}

/** Predictions against actual values, the fitted line of one input, or how often classes were taken for one another. */
export class PredictionPlot {
  readonly element = element('div', { class: 'plot', testId: 'prediction-plot' });
  /** The parameters after this many epochs instead of those as they are now. */
  at: number | undefined;
  private readonly canvas = element('canvas', { attributes: { 'aria-hidden': 'true' } });
  private readonly chart = new ScatterChart(this.canvas);
  private readonly frame = element(
    'div',
    { class: 'plot-canvas', testId: 'scatter', attributes: { role: 'slider', tabindex: '0' } },
    this.canvas,
  );
  private readonly kinds: Dropdown;
  private readonly targets: Dropdown;
  private readonly saving: HTMLElement;
  private readonly legend = element('p', { class: 'plot-legend', testId: 'plot-legend' });
  private readonly readout = element('p', { class: 'plot-readout', testId: 'plot-readout' });
  private readonly note = element('p', { class: 'hint', testId: 'plot-note' });
  private readonly figure = element('div', {}, this.legend, this.frame, this.readout, this.note);
  private readonly confusion = new ConfusionTable();
  private readonly cursor: PointCursor;
  private readonly size: ElementSize;
  private readonly scatterSource: AnswerSource<Asked, ScatterPoints>;
  private readonly confusionSource: AnswerSource<Asked, Confusion>;
  private run: RunState | undefined;
  private runId = '';
  private parameters: Float32Array | undefined;
  private points: ScatterPoints | undefined;
  private order: number[] | undefined;
  private counts: Confusion | undefined;
  private target = 0;
  private readonly isNew = memo();

  constructor(private readonly options: PredictionPlotOptions) {
    const { ask, host, redraw } = options;
    this.kinds = createDropdown({
      label: 'Plot',
      testId: 'plot-kind',
      choices: [],
      onChange: (value) => {
        host.choose({ plotKind: value as PlotKind });
        this.order = undefined;
        this.cursor.clear();
        redraw();
      },
    });
    this.targets = createDropdown({
      label: 'Target',
      testId: 'plot-target',
      choices: [],
      onChange: (value) => this.chooseTarget(Number(value)),
    });
    const about = (at: number | undefined): { at?: number } => (at === undefined ? {} : { at });
    const fail = (message: string): void => setText(this.note, message);
    this.scatterSource = new AnswerSource({
      ask: ({ target, at }) => ask({ kind: 'scatter', query: { target, points: mostPoints }, ...about(at) }),
      show: (points) => this.take(points),
      fail,
    });
    this.confusionSource = new AnswerSource({
      ask: ({ at }) => ask({ kind: 'confusion', query: { classes: mostClasses }, ...about(at) }),
      show: (counts) => {
        this.counts = counts;
        redraw();
      },
      fail,
    });
    this.cursor = new PointCursor(this.frame, {
      nearest: (x, y) => this.chart.nearest(x, y),
      order: () => this.placed(),
      moved: redraw,
      // A bar is of many rows.
      chosen: (point) => this.kind() !== 'errors' && options.choose(this.points!.rows[point]),
    });
    this.saving = pictureButton(host, 'predictions', this.canvas, [this.legend]);
    const tools = element('div', { class: 'plot-tools' }, this.kinds, this.targets, this.saving);
    this.element.append(tools, this.figure, this.confusion.element);
    this.size = new ElementSize(this.frame, redraw);
  }

  /** Forgets what was asked: another run, or another picture of the same one. */
  begin({ identity }: RunState, shape: RunShape): void {
    this.scatterSource.reset();
    this.confusionSource.reset();
    this.parameters = undefined;
    if (identity.id === this.runId) return;
    this.runId = identity.id;
    this.points = undefined;
    this.counts = undefined;
    this.target = 0;
    this.cursor.clear();
    this.targets.replaceChildren();
    shape.targetNames.forEach((name, target) => addChoice(this.targets, String(target), name));
    this.kinds.hidden = shape.classNames !== undefined;
    this.kinds.replaceChildren();
    const kinds = Object.entries(plotNames).filter(([kind]) => kind !== 'line' || ownInputs(shape) === 1);
    for (const [kind, name] of kinds) addChoice(this.kinds, kind, name);
    this.targets.hidden = shape.targetNames.length === 1;
    queueMicrotask(() => (this.kinds.value = this.kindOf(shape)));
  }

  /** Takes up the colours of a new theme. */
  themeChanged(): void {
    this.chart.themeChanged();
    this.isNew();
  }

  /** Asks for what is to be seen and draws what is known; called at most once a frame, and only while it is on screen. */
  render(run: RunState): void {
    const { shape } = run;
    if (!shape) return;
    this.run = run;
    const parameters = this.shownParameters(run);
    const isStale = parameters !== this.parameters;
    this.parameters = parameters;
    const query = { target: this.target, ...(this.at !== undefined && { at: this.at }) };
    this.figure.hidden = shape.classNames !== undefined;
    this.saving.hidden = this.figure.hidden;
    this.confusion.element.hidden = !shape.classNames || !this.counts;
    if (shape.classNames) {
      this.confusionSource.want(query);
      if (isStale) this.confusionSource.invalidate();
      if (this.counts) this.confusion.render(this.counts, shape.classNames);
      return;
    }
    this.scatterSource.want(query);
    // Beside a line there are no predictions among the points.
    if (isStale && this.kind() !== 'line') this.scatterSource.invalidate();
    this.draw(shape, parameters);
  }

  private draw(shape: RunShape, parameters: Float32Array): void {
    const kind = this.kind();
    const { points, target } = this;
    const line = kind === 'line' ? fittedLine(shape, parameters, target) : undefined;
    const { width, height } = this.size;
    const changing = kind === 'line' ? parameters : undefined;
    if (!this.isNew(points, changing, this.cursor.point, width, height, kind, devicePixelRatio)) return;
    const hasSplit = shape.validationRows > 0 && kind !== 'errors';
    setText(this.legend, '');
    this.legend.replaceChildren(
      ...(hasSplit
        ? [
            element('span', { class: 'swatch dot' }),
            'Training ',
            element('span', { class: 'swatch diamond' }),
            'Validation ',
          ]
        : []),
      element('span', { class: line ? 'swatch fitted' : 'swatch reference' }),
      line ? line.equation : kind === 'actual' ? 'predicted = actual' : 'no error',
    );
    this.frame.toggleAttribute('data-square', kind === 'actual');
    if (!points) return;
    this.chart.draw(picture({ points, shape, target, kind, line, marked: this.cursor.point }), width, height);
    setText(this.note, noteOn(points, line));
    this.describeCursor(shape, points);
  }

  private describeCursor(shape: RunShape, points: ScatterPoints): void {
    const { point, byKeyboard } = this.cursor;
    const line = this.kind() === 'line' ? fittedLine(shape, this.parameters!, this.target) : undefined;
    const kind = this.kind();
    const words = point === undefined ? '' : describePoint({ points, shape, target: this.target, kind, line, point });
    this.readout.setAttribute('aria-live', byKeyboard ? 'polite' : 'off');
    setText(this.readout, words || hintOn(kind));
    this.readout.toggleAttribute('data-marked', words !== '');
    const order = this.placed();
    const position = point === undefined ? 0 : order.indexOf(point);
    const attributes = {
      'aria-label': `${plotNames[this.kind()]}: point`,
      'aria-valuemin': '1',
      'aria-valuemax': String(order.length),
      'aria-valuenow': String(position + 1),
      'aria-valuetext': words || 'none',
    };
    for (const [name, value] of Object.entries(attributes)) {
      if (this.frame.getAttribute(name) !== value) this.frame.setAttribute(name, value);
    }
  }

  private take(points: ScatterPoints): void {
    // Another sample of the rows would move the cursor to another row.
    if (points.rows.length !== this.points?.rows.length) this.cursor.clear();
    this.points = points;
    this.order = undefined;
    this.options.redraw();
  }

  private chooseTarget(target: number): void {
    this.target = target;
    this.points = undefined;
    this.cursor.clear();
    this.options.redraw();
  }

  /** Points in the order of their places. */
  private placed(): readonly number[] {
    return (this.order ??= this.points ? byPlace(this.points, this.kind()) : []);
  }

  private kind(): PlotKind {
    return this.run?.shape ? this.kindOf(this.run.shape) : 'actual';
  }

  private kindOf(shape: RunShape): PlotKind {
    const kind = this.options.host.ui.plotKind ?? 'line';
    return kind === 'line' && ownInputs(shape) !== 1 ? 'actual' : kind;
  }

  private shownParameters({ history, initial, checkpoint }: RunState): Float32Array {
    if (this.at === undefined) return checkpoint.parameters;
    return history.weightsAfter(this.at)?.parameters ?? initial;
  }
}

function hintOn(kind: PlotKind): string {
  return kind === 'errors'
    ? 'Hover over a bar or use the arrow keys.'
    : 'Hover over a point or use the arrow keys; click to find it in the table.';
}
