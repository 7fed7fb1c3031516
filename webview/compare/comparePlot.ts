import type { Curve } from '../../src/protocol/history';
import { element } from '../page/dom';
import { ElementSize } from '../page/elementSize';
import { readTheme, type Theme } from '../page/theme';
import { drawAxes, drawLine, margin } from './plotAxes';
import { PixelScale, valueRange, within, zoomed, type Span, type ValueRange } from './plotScale';
import { drawBand } from './plotBand';
import { drawCurve, drawSmoothed } from './plotCurve';
import { drawShape, markOf } from './runMarks';

/** A run in the plot. */
export interface PlottedRun {
  id: string;
  name: string;
  /** Its place among all runs, by which it has its colour. */
  index: number;
  training: Curve;
  validation?: Curve;
  /** Of several runs put together: one standard deviation around their mean. */
  band?: Curve;
  /** The epoch with the smallest loss, validation first, and that loss. */
  best?: { epoch: number; value: number } | undefined;
}

/** What the plot is to show. */
export interface PlotInput {
  runs: readonly PlottedRun[];
  logLoss: boolean;
  logEpochs: boolean;
  /** Each curve is also drawn as its moving average. */
  smooth: boolean;
  /** Drawn above the others, which step back. */
  highlighted: string | undefined;
}

const dash = [5, 3];
/** Pixels from one marker of a curve to the next. */
const markerDistance = 110;

/** The curves of several runs on one canvas, drawn in one go, with as many points as there are pixels. */
export class ComparePlot {
  readonly element: HTMLElement;
  /** Epochs in sight; undefined for all of them. */
  private zoom: Span | undefined;
  private input: PlotInput = { runs: [], logLoss: false, logEpochs: false, smooth: false, highlighted: undefined };
  private theme: Theme = readTheme();
  private readonly canvas = element('canvas', {
    attributes: { tabindex: '0', role: 'img', 'aria-label': 'Loss of each run over its epochs' },
    testId: 'compare-plot',
  });
  private readonly context = this.canvas.getContext('2d')!;
  private readonly size: ElementSize;
  private values: ValueRange = { min: 0, max: 1, clipped: [] };
  private x = new PixelScale({ min: 0, max: 1 }, 0, 1, false);
  private y = this.x;
  /** Where a drag began and is, in pixels. */
  private drag: { from: number; to: number } | undefined;
  /** The epoch of the keyboard's or the pointer's line. */
  private cursor: number | undefined;

  /** @param changed called after the plot was zoomed or its cursor moved. */
  constructor(private readonly changed: () => void) {
    this.element = element('div', { class: 'compare-plot' }, this.canvas);
    this.size = new ElementSize(this.element, () => this.draw());
    this.listen();
  }

  /** Draws all of it anew. */
  update(input: PlotInput): void {
    this.input = input;
    this.draw();
  }

  themeChanged(): void {
    this.theme = readTheme();
    this.draw();
  }

  get isZoomed(): boolean {
    return this.zoom !== undefined;
  }

  resetZoom(): void {
    this.setZoom(undefined);
  }

  /** Names of runs whose curves leave the plot at the top; and the epoch under the cursor, counted from 0. */
  get shown(): { clipped: readonly string[]; cursorEpoch: number | undefined } {
    return { clipped: this.values.clipped, cursorEpoch: this.cursor };
  }

  /** The last epoch of all, at least 1. */
  private get whole(): Span {
    const last = Math.max(1, ...this.input.runs.map(({ training }) => training.end - 1));
    return this.input.logEpochs ? { min: 1, max: last + 1 } : { min: 0, max: last };
  }

  private get epochs(): Span {
    return this.zoom ? within(this.zoom, this.whole) : this.whole;
  }

  private draw(): void {
    const { width, height } = this.size;
    if (width === 0 || height === 0) return;
    const ratio = devicePixelRatio;
    const [pixelWidth, pixelHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== pixelWidth) this.canvas.width = pixelWidth;
    if (this.canvas.height !== pixelHeight) this.canvas.height = pixelHeight;
    const { context, input, theme } = this;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const { epochs } = this;
    const shift = input.logEpochs ? 1 : 0;
    const curves = input.runs.flatMap(({ name, training, validation, band }) =>
      [training, validation, band].flatMap((curve) => (curve ? [{ name, curve }] : [])),
    );
    this.values = valueRange(curves, { min: epochs.min - shift, max: epochs.max - shift }, input.logLoss);
    this.x = new PixelScale(epochs, margin.left, width - margin.right, input.logEpochs);
    this.y = new PixelScale(this.values, height - margin.bottom, margin.top, input.logLoss);
    const { x, y, values } = this;
    drawAxes(context, { x, y, epochs, values, width, height, theme, ...input });
    context.save();
    context.beginPath();
    context.rect(margin.left, margin.top, width - margin.left - margin.right, height - margin.top - margin.bottom);
    context.clip();
    const last = (run: PlottedRun) => (run.id === input.highlighted ? 1 : 0);
    for (const run of [...input.runs].sort((a, b) => last(a) - last(b))) this.drawRun(run, width);
    context.restore();
    if (this.cursor !== undefined) {
      const at = this.x.pixelOf(this.cursor + shift);
      drawLine(context, [at, margin.top, at, height - margin.bottom], theme.foreground, theme);
    }
    if (this.drag) this.drawDrag(this.drag, height);
  }

  private drawRun(run: PlottedRun, width: number): void {
    const { context, theme, input } = this;
    const mark = markOf(run.index, theme);
    const isBack = input.highlighted !== undefined && input.highlighted !== run.id;
    context.globalAlpha = isBack ? 0.3 : 1;
    context.strokeStyle = context.fillStyle = mark.colour;
    if (run.band) this.drawBand(run.band);
    context.lineWidth = (theme.highContrast ? 2 : 1.5) + (input.highlighted === run.id ? 1 : 0);
    if (run.validation) {
      context.setLineDash(dash);
      this.drawLine(run.validation, width);
    }
    context.setLineDash([]);
    this.drawLine(run.training, width);
    // Curves that lie on one another have their markers at different places.
    const start = margin.left + ((run.index * 29) % markerDistance);
    for (let pixel = start; pixel < width - margin.right; pixel += markerDistance) {
      const loss = valueIn(run.training, this.epochAt(pixel));
      if (loss !== undefined && Number.isFinite(loss)) drawShape(context, mark.shape, pixel, this.y.pixelOf(loss), 4);
    }
    if (run.best) {
      const shift = input.logEpochs ? 1 : 0;
      context.beginPath();
      context.arc(this.x.pixelOf(run.best.epoch + shift), this.y.pixelOf(run.best.value), 5, 0, 2 * Math.PI);
      context.fillStyle = theme.surface;
      context.fill();
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  /** A curve; where it is smoothed, pale below its average. */
  private drawLine(curve: Curve, width: number): void {
    const { context, input, x, y } = this;
    const place = { x, y, left: margin.left, right: width - margin.right, shift: input.logEpochs ? 1 : 0 };
    if (!input.smooth) return drawCurve(context, curve, place);
    const { globalAlpha, lineWidth } = context;
    Object.assign(context, { globalAlpha: globalAlpha * 0.35, lineWidth: 1 });
    drawCurve(context, curve, place);
    Object.assign(context, { globalAlpha, lineWidth: lineWidth + 0.5 });
    drawSmoothed(context, curve, place);
    context.lineWidth = lineWidth;
  }

  private drawBand(band: Curve): void {
    const { context, x, y, values, epochs, input } = this;
    drawBand(context, band, {
      x,
      y,
      epochs,
      lowest: input.logLoss ? values.min : -Infinity,
      shift: input.logEpochs ? 1 : 0,
    });
  }

  private drawDrag({ from, to }: { from: number; to: number }, height: number): void {
    const { context, theme } = this;
    context.globalAlpha = 0.15;
    context.fillStyle = theme.foreground;
    context.fillRect(Math.min(from, to), margin.top, Math.abs(to - from), height - margin.top - margin.bottom);
    context.globalAlpha = 1;
  }

  /** The epoch at a pixel, counted from 0. */
  private epochAt(pixel: number): number {
    return this.x.valueAt(pixel) - (this.input.logEpochs ? 1 : 0);
  }

  private setZoom(zoom: Span | undefined): void {
    const { whole } = this;
    const isWhole = !zoom || zoom.max - zoom.min >= whole.max - whole.min;
    this.zoom = isWhole ? undefined : within(zoom, whole);
    this.draw();
    this.changed();
  }

  private setCursor(epoch: number | undefined): void {
    const last = this.whole.max - (this.input.logEpochs ? 1 : 0);
    this.cursor = epoch === undefined ? undefined : Math.max(0, Math.min(last, Math.round(epoch)));
    this.draw();
    this.changed();
  }

  private listen(): void {
    const { canvas } = this;
    canvas.addEventListener('pointerdown', ({ offsetX, pointerId }) => {
      canvas.setPointerCapture(pointerId);
      this.drag = { from: offsetX, to: offsetX };
    });
    canvas.addEventListener('pointermove', ({ offsetX }) => {
      if (this.drag) this.drag.to = offsetX;
      this.setCursor(this.epochAt(offsetX));
    });
    canvas.addEventListener('pointerup', () => {
      const { drag } = this;
      this.drag = undefined;
      if (drag && Math.abs(drag.to - drag.from) > 5) {
        const [min, max] = [drag.from, drag.to].sort((a, b) => a - b).map((pixel) => this.x.valueAt(pixel));
        this.setZoom({ min, max });
      } else this.draw();
    });
    canvas.addEventListener('pointerleave', () => this.setCursor(undefined));
    canvas.addEventListener('dblclick', () => this.resetZoom());
    canvas.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        this.zoomBy(event.deltaY > 0 ? 1.25 : 0.8, this.x.valueAt(event.offsetX));
      },
      { passive: false },
    );
    canvas.addEventListener('keydown', (event) => this.press(event));
  }

  private zoomBy(factor: number, at: number): void {
    this.setZoom(zoomed(this.epochs, this.whole, at, factor));
  }

  private press(event: KeyboardEvent): void {
    const { min, max } = this.epochs;
    const shift = this.input.logEpochs ? 1 : 0;
    const step = Math.max(1, (max - min) / (event.shiftKey ? 10 : 100));
    const at = this.cursor ?? (min + max) / 2 - shift;
    const keys: Record<string, () => void> = {
      ArrowLeft: () => this.setCursor(at - step),
      ArrowRight: () => this.setCursor(at + step),
      Home: () => this.setCursor(min - shift),
      End: () => this.setCursor(max - shift),
      '+': () => this.zoomBy(0.5, at + shift),
      '-': () => this.zoomBy(2, at + shift),
      '0': () => this.resetZoom(),
      Escape: () => this.resetZoom(),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }
}

/** The loss of an epoch, or of the end of its bucket; undefined beyond the curve. */
export function valueIn({ first, stride, end, last }: Curve, epoch: number): number | undefined {
  return epoch < first || epoch >= end ? undefined : last[Math.floor((Math.floor(epoch) - first) / stride)];
}
