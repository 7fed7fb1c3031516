import { metricNames } from '../../src/advice/metricWords';
import { formatCount, formatRounded } from '../../src/base/format';
import type { Metrics, RunMetrics } from '../../src/engine/report/metrics';
import type { RunState } from '../../src/protocol/state';
import { element } from '../page/dom';
import { ElementSize } from '../page/elementSize';
import type { Ask } from '../page/questions';
import { finiteRange, plotAxis } from '../parts/plotAxis';
import { plotFrame, svg } from '../parts/svgPlot';
import { TimelineStops } from '../timeline/timelineStops';

/** Epochs that are measured at most: each takes a pass over all rows. */
const mostPoints = 33;
/** Milliseconds between two questions while a run trains. */
const pause = 250;
/** Milliseconds after which an answer is taken to have been lost. */
const patience = 5000;
/** Pixels. */
const height = 130;
/** An R² far below 0 would flatten all that follows it. */
const lowestShown = -1;

interface Measured {
  train: number;
  validation: number | undefined;
}

/** How good the model was at some of the recorded epochs, on training rows and on those held out; measured while it is open. */
export class MetricCurve {
  private readonly summary = element('summary');
  private readonly plot = element('div', { class: 'metric-plot', testId: 'metric-curve', attributes: { role: 'img' } });
  readonly element = element('details', { class: 'metric-curve', testId: 'metric-details' }, this.summary, this.plot);
  private readonly size: ElementSize;
  private readonly known = new Map<number, Measured | undefined>();
  private runId = '';
  private of: RunMetrics['of'] | undefined;
  private pending: object | undefined;
  private askedAt = -Infinity;
  private drawn = '';

  constructor(
    private readonly ask: Ask,
    private readonly redraw: () => void,
  ) {
    this.size = new ElementSize(this.plot, redraw);
    this.element.addEventListener('toggle', redraw);
  }

  /** Draws what is known, and asks about the next epoch. */
  render(run: RunState): void {
    if (run.identity.id !== this.runId) {
      this.runId = run.identity.id;
      this.known.clear();
      this.pending = this.of = undefined;
    }
    const { last, every } = new TimelineStops(run);
    this.element.hidden = last === 0;
    const of = this.of ?? run.metrics?.of ?? (run.shape?.classNames ? 'classes' : 'numbers');
    const { name } = metricNames[of === 'classes' ? 'accuracy' : 'r2'];
    if (this.summary.textContent !== `${name} over the epochs`) this.summary.textContent = `${name} over the epochs`;
    if (!this.element.open || this.element.hidden) return;
    const epochs = measuredEpochs(last, every, run.status !== 'running');
    this.measureNext(epochs, run.status === 'running');
    this.draw(name, epochs);
  }

  private measureNext(epochs: readonly number[], isRunning: boolean): void {
    const next = epochs.find((at) => !this.known.has(at));
    const now = performance.now();
    const isAsked = this.pending !== undefined && now - this.askedAt < patience;
    if (next === undefined || isAsked || (isRunning && now - this.askedAt < pause)) return;
    const question = (this.pending = {});
    this.askedAt = now;
    const take = (measured: Measured | undefined): void => {
      if (question !== this.pending) return;
      this.pending = undefined;
      this.known.set(next, measured);
      this.redraw();
    };
    this.ask({ kind: 'metrics', at: next }).then(
      (metrics) => {
        this.of = metrics.of;
        take(measuredOf(metrics));
      },
      () => take(undefined),
    );
  }

  private draw(name: string, epochs: readonly number[]): void {
    const points = epochs.flatMap((at) => {
      const measured = this.known.get(at);
      return measured ? [{ at, ...measured }] : [];
    });
    const { width } = this.size;
    const key = JSON.stringify([points, width, name]);
    if (key === this.drawn || width === 0) return;
    this.drawn = key;
    this.plot.setAttribute('aria-label', describe(name, points));
    this.plot.replaceChildren(picture(points, width));
  }
}

/** 0 and the multiples of one step, which doubles as a run grows so that what was measured stays of use; at rest the last one too. */
function measuredEpochs(last: number, every: number, isAtRest: boolean): number[] {
  let step = every;
  while (last / step > mostPoints - 2) step *= 2;
  const epochs = Array.from({ length: Math.floor(last / step) + 1 }, (_, index) => index * step);
  if (isAtRest && epochs[epochs.length - 1] !== last) epochs.push(last);
  return epochs;
}

function measuredOf({ train, validation }: RunMetrics): Measured {
  return { train: mainOf(train.model), validation: validation && mainOf(validation.model) };
}

function mainOf(metrics: Metrics): number {
  return 'r2' in metrics ? metrics.r2 : metrics.accuracy;
}

function describe(name: string, points: readonly ({ at: number } & Measured)[]): string {
  const words = [points[0], points[points.length - 1]].filter(Boolean).map(({ at, train, validation }) => {
    const held = validation === undefined ? '' : `, validation ${formatRounded(validation)}`;
    return `${formatRounded(train)}${held} after ${formatCount(at)} epochs`;
  });
  return `${name}: ${words.join('; ')}`;
}

function picture(points: readonly ({ at: number } & Measured)[], width: number): SVGElement {
  const values = points.flatMap(({ train, validation }) => [train, validation ?? train]);
  const shown = finiteRange(values.map((value) => Math.max(lowestShown, value)));
  const axis = plotAxis(Math.min(0, shown.min), Math.max(1, shown.max), 3);
  const { root, x, y } = plotFrame({ width, height }, axis, points[points.length - 1]?.at ?? 1);
  for (const set of ['train', 'validation'] as const) {
    const places = points.flatMap((point) => {
      const value = point[set];
      return value === undefined || Number.isNaN(value) ? [] : [`${x(point.at).toFixed(1)},${y(value).toFixed(1)}`];
    });
    if (places.length > 0) root.append(svg('polyline', { class: set, points: places.join(' ') }));
  }
  return root;
}
