import { formatCount, formatRounded } from '../../src/base/format';
import { limitFormula, sharpnessWords } from '../../src/advice/sharpnessWords';
import type { RunShape } from '../../src/protocol/protocol';
import type { RunState } from '../../src/protocol/state';
import { element, setText } from '../page/dom';
import { ElementSize } from '../page/elementSize';
import { memo } from '../page/memo';
import type { Ask } from '../page/questions';
import type { ViewedModel } from '../page/viewedRun';
import { SharpnessChart } from './sharpnessChart';
import { isDivided, SharpnessPoints, type SharpnessPoint } from './sharpnessPoints';

/** Why a net learns or does not: how steeply its loss bends against what steps of its rate can follow. */
export class NetWhy {
  readonly element = element('div', { class: 'net-why' });
  private readonly words = element('p', { class: 'gauge-words', testId: 'sharpness' });
  private readonly canvas = element('canvas', { attributes: { 'aria-hidden': 'true' } });
  private readonly chart = new SharpnessChart(this.canvas);
  private readonly frame = element(
    'div',
    { class: 'sharpness-canvas', testId: 'sharpness-chart', attributes: { role: 'slider', tabindex: '0' } },
    this.canvas,
  );
  private readonly legend = element('p', { class: 'plot-legend' });
  private readonly readout = element('p', { class: 'plot-readout', testId: 'sharpness-readout' });
  private readonly note = element('p', { class: 'hint', testId: 'sharpness-note' });
  private readonly size: ElementSize;
  private readonly isNew = memo();
  private runId = '';
  private curve = new SharpnessPoints();
  /** Counts measurements, so that a new one is drawn. */
  private measured = 0;
  private isAsking = false;
  private failure: string | undefined;
  private rows = 0;
  /** Epochs of the chart's axis. */
  private epochs = 1;
  /** The number of the point that a person looks at. */
  private cursor: number | undefined;

  constructor(
    private readonly ask: Ask,
    private readonly redraw: () => void,
  ) {
    this.element.append(this.words, this.legend, this.frame, this.readout, this.note);
    this.size = new ElementSize(this.frame, redraw);
    this.frame.addEventListener('pointermove', ({ offsetX }) => this.point(offsetX));
    this.frame.addEventListener('pointerleave', () => this.moveTo(undefined));
    this.frame.addEventListener('keydown', (event) => this.key(event));
  }

  /** Draws what is known, and asks for what is not. */
  render(run: RunState, shape: RunShape, model: ViewedModel): void {
    if (run.identity.id !== this.runId) this.begin(run.identity.id);
    this.measure(run, shape);
    const { points } = this.curve;
    const { size, cursor, measured, failure } = this;
    const chosen = points[cursor ?? -1] ?? (model.isLive ? undefined : nearest(points, model.epochs));
    const state = [shape, run.status, measured, failure, chosen, size.width, size.height, devicePixelRatio];
    if (!this.isNew(...state)) return;
    this.frame.hidden = this.legend.hidden = this.readout.hidden = points.length === 0;
    if (points.length === 0) {
      setText(this.words, failure ?? waitingWords(run, shape));
      setText(this.note, '');
      return;
    }
    const formula = limitFormula(shape.optimizerSettings!);
    const last = points[points.length - 1];
    setText(this.words, pointWords(chosen ?? last, shape));
    this.epochs = Math.max(1, shape.epochs, last.epochs);
    this.chart.draw({ points, epochs: this.epochs, chosen }, size.width, size.height);
    this.legend.replaceChildren(
      element('span', { class: 'swatch sharpness-curve' }),
      'sharpness ',
      ...(formula === undefined ? [] : [element('span', { class: 'swatch sharpness-limit' }), `limit, ${formula}`]),
    );
    this.say(chosen);
    setText(this.note, noteOf(shape, this.rows, failure));
  }

  /** Takes up the colours of a new theme. */
  themeChanged(): void {
    this.chart.themeChanged();
    this.isNew();
  }

  private begin(runId: string): void {
    this.runId = runId;
    this.curve = new SharpnessPoints();
    this.isAsking = false;
    this.failure = this.cursor = undefined;
    this.measured = 0;
  }

  private measure(run: RunState, shape: RunShape): void {
    const { curve } = this;
    if (this.isAsking || this.failure !== undefined || !shape.optimizerSettings) return;
    const at = curve.next(run, shape);
    if (at === undefined) return;
    this.isAsking = true;
    const divided = isDivided(shape);
    const done = (change: () => void) => {
      if (curve !== this.curve) return;
      this.isAsking = false;
      change();
      this.redraw();
    };
    this.ask({ kind: 'sharpness', ...(!divided && { at }) }).then(
      (answer) =>
        done(() => {
          curve.add(run, shape, divided ? answer.epochs : at, answer);
          this.rows = answer.rows;
          this.measured++;
        }),
      (error: Error) => done(() => (this.failure = error.message)),
    );
  }

  private say(chosen: SharpnessPoint | undefined): void {
    const words = chosen
      ? `After ${epochsText(chosen.epochs)}: sharpness ${formatRounded(chosen.value)}${chosen.limit === undefined ? '' : `, limit ${formatRounded(chosen.limit)}`}`
      : '';
    setText(this.readout, words || 'Point at the curve, or use the arrow keys, to read it.');
    const { points } = this.curve;
    const attributes = {
      'aria-label': 'Sharpness over the epochs',
      'aria-valuemin': '0',
      'aria-valuemax': String(points.length - 1),
      'aria-valuenow': String(chosen ? points.indexOf(chosen) : points.length - 1),
      'aria-valuetext': words || 'no epoch chosen',
    };
    for (const [name, value] of Object.entries(attributes)) {
      if (this.frame.getAttribute(name) !== value) this.frame.setAttribute(name, value);
    }
  }

  private point(x: number): void {
    const { points } = this.curve;
    const found = nearest(points, this.chart.shareAt(x) * this.epochs);
    this.moveTo(found && points.indexOf(found));
  }

  private key(event: KeyboardEvent): void {
    const last = this.curve.points.length - 1;
    const from = this.cursor ?? last;
    const places: Record<string, number | undefined> = {
      ArrowLeft: Math.max(0, from - 1),
      ArrowRight: Math.min(last, from + 1),
      Home: 0,
      End: last,
      Escape: undefined,
    };
    if (!(event.key in places)) return;
    if (event.key !== 'Escape') event.preventDefault();
    this.moveTo(places[event.key]);
  }

  private moveTo(cursor: number | undefined): void {
    this.cursor = cursor;
    this.redraw();
  }
}

function nearest(points: readonly SharpnessPoint[], epochs: number): SharpnessPoint | undefined {
  const way = (point: SharpnessPoint) => Math.abs(point.epochs - epochs);
  return points.reduce<SharpnessPoint | undefined>(
    (best, point) => (best && way(best) <= way(point) ? best : point),
    undefined,
  );
}

function pointWords({ value, limit }: SharpnessPoint, { optimizerSettings }: RunShape): string {
  return Number.isFinite(value)
    ? sharpnessWords(value, limit, optimizerSettings!)
    : 'The parameters are too large for a sharpness to be worked out.';
}

function epochsText(epochs: number): string {
  const shown = Number.isInteger(epochs) ? formatCount(epochs) : epochs.toFixed(2);
  return `${shown} ${epochs === 1 ? 'epoch' : 'epochs'}`;
}

function waitingWords({ status }: RunState, shape: RunShape): string {
  if (!shape.optimizerSettings) return 'Sharpness is not measured of runs that an earlier version stored.';
  if (status === 'diverged' && isDivided(shape)) return 'The run diverged before its sharpness was measured.';
  const isUntrained = isDivided(shape) && status !== 'running';
  return isUntrained
    ? `${shape.optimizer} divides its steps by what it has seen, so sharpness is measured once it has trained.`
    : 'Measuring the sharpness …';
}

/** What the curve is, and for what the limit holds. */
function noteOf(shape: RunShape, rows: number, failure: string | undefined): string {
  const parts = ['Sharpness is the largest eigenvalue of the Hessian of the training loss.'];
  if (isDivided(shape)) parts.push(`The Hessian is divided as ${shape.optimizer} divides its steps.`);
  if (rows < shape.trainRows) parts.push(`Measured over ${formatCount(rows)} of ${formatCount(shape.trainRows)} rows.`);
  if (shape.batchesPerEpoch > 1) {
    parts.push('The limit is that of full batches; with smaller ones sharpness settles below it.');
  }
  if (failure !== undefined) parts.push(failure);
  return parts.join(' ');
}
