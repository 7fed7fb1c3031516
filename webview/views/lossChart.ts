import { Chart, LinearScale, LineController, LineElement, LogarithmicScale, PointElement, type Scale } from 'chart.js';
import { formatCount, formatTick } from '../format';
import { readTheme, type Theme } from '../theme';
import { highest, leavingMark, markerSizes, overlaySeries, type Overlay } from './lossOverlays';
import { logTicks, lossSeries, type Mark, type Series } from './lossSeries';
import type { EpochRange } from './lossWindow';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale);

/** What the curve is to show. */
export interface CurveInput {
  training: Float64Array;
  /** Absent without a split. */
  validation: Float64Array | undefined;
  overlays: readonly Overlay[];
  range: EpochRange;
  log: boolean;
  lossName: string;
  /** An epoch of which no record says that it was not finite. */
  extraMark?: Mark | undefined;
  /** The epoch under the pointer or the keyboard cursor. */
  cursor: number | undefined;
}

/** Dash pattern of the validation curve, in pixels. */
export const validationDash = [5, 3];

/** The loss curve on its canvas, as many points as there are pixels, however long the run. */
export class LossChart {
  private chart: Chart<'line', { x: number; y: number }[]> | undefined;
  private theme: Theme = readTheme();
  private input: CurveInput | undefined;
  private marks: Mark[] = [];

  constructor(private readonly canvas: HTMLCanvasElement) {}

  /** Draws all of it anew. */
  draw(input: CurveInput): void {
    this.input = input;
    const columns = Math.max(50, this.canvas.parentElement?.clientWidth ?? 0);
    const training = lossSeries(input.training, input.range, columns, input.log);
    const validation = input.validation && lossSeries(input.validation, input.range, columns, input.log);
    this.marks = [...training.marks, ...(validation?.marks ?? []), ...(input.extraMark ? [input.extraMark] : [])];
    const chart = (this.chart ??= this.create());
    const shown = [training, validation].filter((series) => series !== undefined);
    const overlays = input.overlays.map((overlay) => overlaySeries(overlay, input.range, columns, input.log));
    chart.data.datasets = [
      ...shown.map((series, index) => this.dataset(series, index === 1)),
      ...overlays.map((series, index) => this.overlayDataset(series, input.overlays[index])),
    ];
    const range = valueRange(shown, overlays, input.log);
    overlays.forEach((series, index) => {
      this.marks.push(...series.marks, ...leavingMark(series, range.max, input.overlays[index].name));
    });
    this.setScales(chart, input, range);
    chart.update('none');
  }

  /** Moves the cursor; everything else stays as it is. */
  moveCursor(cursor: number | undefined): void {
    if (!this.input || !this.chart || this.input.cursor === cursor) return;
    this.input.cursor = cursor;
    this.chart.draw();
  }

  /** Takes the theme's colours anew; the next `draw` shows them. */
  themeChanged(): void {
    this.theme = readTheme();
    this.chart?.destroy();
    this.chart = undefined;
  }

  /** The epoch nearest to a place on the canvas, in pixels from its left edge. */
  epochAt(pixel: number): number | undefined {
    if (!this.chart || !this.input) return undefined;
    const { first, end } = this.input.range;
    const epoch = Math.round(this.chart.scales['x'].getValueForPixel(pixel) ?? NaN);
    return Number.isNaN(epoch) ? undefined : Math.max(first, Math.min(end - 1, epoch));
  }

  private create(): Chart<'line', { x: number; y: number }[]> {
    return new Chart(this.canvas, {
      type: 'line',
      data: { datasets: [] },
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { top: 14, right: 4 } },
      },
      plugins: [{ id: 'overlay', afterDatasetsDraw: (chart) => this.drawOverlay(chart as never) }],
    });
  }

  private dataset(series: Series, isValidation: boolean) {
    const colour = isValidation ? this.theme.validation : this.theme.training;
    return {
      data: series.points,
      borderColor: colour,
      backgroundColor: colour,
      borderWidth: this.theme.highContrast ? 2 : 1.5,
      borderDash: isValidation ? validationDash : [],
      // A point on the edge is drawn whole.
      clip: 4,
      pointRadius: series.points.length <= 30 ? 2.5 : 0,
      pointStyle: isValidation ? ('rectRot' as const) : ('circle' as const),
    };
  }

  private overlayDataset(series: Series, { key, dash, marker }: Overlay) {
    const colour = this.theme[key];
    return {
      data: series.points,
      borderColor: colour,
      backgroundColor: colour,
      borderWidth: 2,
      borderDash: dash,
      pointRadius: markerSizes(series.points.length, 4.5),
      pointStyle: marker,
    };
  }

  private setScales(
    chart: Chart<'line', { x: number; y: number }[]>,
    input: CurveInput,
    { min, max }: ReturnType<typeof valueRange>,
  ): void {
    const { theme } = this;
    const font = { family: theme.fontFamily, size: theme.fontSize };
    const title = (text: string) => ({ display: true, text, color: theme.muted, font, padding: 2 });
    const ticks = { color: theme.muted, font, maxRotation: 0 };
    const { first, end } = input.range;
    chart.options.scales = {
      x: {
        type: 'linear',
        min: first,
        max: Math.max(first + 1, end - 1),
        title: title('epoch'),
        grid: { display: false },
        border: { color: theme.gridLine },
        ticks: {
          ...ticks,
          precision: 0,
          autoSkipPadding: 16,
          includeBounds: false,
          callback: (value) => formatCount(Number(value)),
        },
      },
      y: {
        type: input.log ? 'logarithmic' : 'linear',
        min,
        max,
        title: title(input.log ? `${input.lossName} (log)` : input.lossName),
        grid: { color: theme.gridLine, tickLength: 4, lineWidth: theme.highContrast ? 0.5 : 1 },
        border: { display: false },
        ticks: {
          ...ticks,
          maxTicksLimit: 7,
          includeBounds: false,
          autoSkip: !input.log,
          callback: (value) => formatTick(Number(value), min, max),
        },
        afterBuildTicks: (scale: Scale) => {
          if (input.log) scale.ticks = logTicks(scale.min, scale.max).map((value) => ({ value }));
        },
      },
    };
  }

  private drawOverlay(chart: Chart<'line', { x: number; y: number }[]>): void {
    const { input, theme } = this;
    // A new chart draws once before it has scales.
    if (!input || !chart.scales['x']) return;
    const context = chart.ctx;
    context.save();
    if (input.cursor !== undefined) this.drawCursor(chart, input, input.cursor);
    context.fillStyle = theme.error;
    context.font = `${theme.fontSize}px ${theme.fontFamily}`;
    let textEnd = -Infinity;
    for (const mark of this.marks) {
      const x = chart.scales['x'].getPixelForValue(mark.epoch);
      textEnd = drawMark(context, mark, x, chart.chartArea, textEnd);
    }
    context.restore();
  }

  private drawCursor(chart: Chart<'line', { x: number; y: number }[]>, input: CurveInput, epoch: number): void {
    const context = chart.ctx;
    const { top, bottom } = chart.chartArea;
    const x = chart.scales['x'].getPixelForValue(epoch);
    context.strokeStyle = this.theme.foreground;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(Math.round(x) + 0.5, top);
    context.lineTo(Math.round(x) + 0.5, bottom);
    context.stroke();
    const dot = (loss: number | undefined, colour: string): void => {
      if (loss === undefined || !Number.isFinite(loss) || (input.log && loss <= 0)) return;
      if (loss > chart.scales['y'].max) return;
      context.fillStyle = colour;
      context.beginPath();
      context.arc(x, chart.scales['y'].getPixelForValue(loss), 3.5, 0, 2 * Math.PI);
      context.fill();
    };
    dot(input.training[epoch], this.theme.training);
    dot(input.validation?.[epoch], this.theme.validation);
    for (const { key, losses } of input.overlays) dot(losses()[epoch], this.theme[key]);
  }
}

/** Draws a triangle at the edge that the value is beyond, and its word where there is room for it. Returns where the last word ends. */
function drawMark(
  context: CanvasRenderingContext2D,
  mark: Mark,
  x: number,
  area: { top: number; bottom: number; left: number; right: number },
  textEnd: number,
): number {
  const direction = mark.edge === 'top' ? 1 : -1;
  const edge = mark.edge === 'top' ? area.top : area.bottom;
  context.beginPath();
  context.moveTo(x, edge);
  context.lineTo(x - 4, edge + 7 * direction);
  context.lineTo(x + 4, edge + 7 * direction);
  context.fill();
  const width = context.measureText(mark.word).width;
  const from = Math.max(area.left, Math.min(area.right - width, x - width / 2));
  if (from < textEnd + 6) return textEnd;
  context.textBaseline = mark.edge === 'top' ? 'bottom' : 'top';
  context.fillText(mark.word, from, mark.edge === 'top' ? edge - 2 : edge + 2);
  return from + width;
}

function valueRange(shown: Series[], overlays: Series[], log: boolean): { min: number; max: number } {
  const own = {
    min: Math.min(...shown.map((series) => series.min)),
    max: Math.max(...shown.map((series) => series.max)),
  };
  const min = Math.min(own.min, ...overlays.map((series) => series.min));
  const max = highest(own, overlays, log);
  if (!Number.isFinite(min)) return { min: log ? 0.1 : 0, max: 1 };
  if (log) {
    const margin = min === max ? 2 : (max / min) ** 0.04;
    return { min: min / margin, max: max * margin };
  }
  const margin = min === max ? Math.abs(min) || 1 : (max - min) * 0.04;
  // A curve that comes down to a small part of its height is seen against zero.
  return { min: min >= 0 && min < max / 4 ? 0 : min - margin, max: max + margin };
}
