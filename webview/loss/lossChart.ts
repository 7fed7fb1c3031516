import { Chart, LinearScale, LineController, LineElement, LogarithmicScale, PointElement, type Scale } from 'chart.js';
import { formatCount, formatTick } from '../../src/base/format';
import type { Curve } from '../../src/protocol/history';
import { readTheme, type Theme } from '../page/theme';
import { drawFloor, drawMark, drawVertical, type LineChart } from './lossMarks';
import { leavingMark, markerSizes, type Overlay } from './lossOverlays';
import { exactCurve, joined, logTicks, LossSeries, type Mark, type Series, type SeriesRequest } from './lossSeries';
import { valueRange, withFloor } from './lossRange';
import type { EpochRange } from './lossWindow';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale);

/** What the curve is to show. */
export interface CurveInput {
  /** What training and validation losses belong to; with the same one they have become longer at most. */
  history: object;
  training: Curve;
  /** Absent without a split. */
  validation: Curve | undefined;
  /** A part of these in smaller buckets, where it is known. */
  detail?: { training: Curve; validation: Curve } | undefined;
  /** The exact losses of an epoch, where they are known. */
  lossesAt: (epoch: number) => { training: number | undefined; validation: number | undefined };
  overlays: readonly Overlay[];
  range: EpochRange;
  /** Pixels. */
  width: number;
  log: boolean;
  lossName: string;
  /** The exact minimum of the training loss, where it is known. */
  floor: number | undefined;
  /** What losses are measured by. */
  scale: number;
  /** The best epoch, where it is not the last one. */
  best?: number | undefined;
  /** An epoch of which no record says that it was not finite. */
  extraMark?: Mark | undefined;
}

/** Epochs that lines stand at; -1 stands before the first epoch. */
export interface CurveLines {
  /** Under the pointer or the keyboard cursor. */
  cursor: number | undefined;
  /** The last one before the earlier model that the page shows. */
  viewed: number | undefined;
  /** The last one before where the run stands, when epochs beyond it are known. */
  position: number | undefined;
}

/** What a vertical line stands for. */
export type LineKind = keyof CurveLines | 'best';

/** Pixels that a span of epochs takes, which has two points: its lowest and its highest loss. */
const spanWidth = 2;

/** Spans that a curve is reduced to. */
export function columnsIn(width: number): number {
  return Math.max(50, Math.floor(width / spanWidth));
}

/** Dash pattern of the validation curve, in pixels. */
export const validationDash = [5, 3];

/** The loss curve on its canvas, as many points as there are pixels, however long the run. */
export class LossChart {
  private chart: LineChart | undefined;
  private theme: Theme = readTheme();
  private input: CurveInput | undefined;
  private lines: CurveLines = { cursor: undefined, viewed: undefined, position: undefined };
  private marks: Mark[] = [];
  private readonly training = new CurveSeries();
  private readonly validation = new CurveSeries();
  private readonly overlays: LossSeries[] = [];

  constructor(private readonly canvas: HTMLCanvasElement) {}

  /** Draws all of it anew. */
  draw(input: CurveInput): void {
    this.input = input;
    const { history, range: epochs, log } = input;
    const request = { range: epochs, columns: columnsIn(input.width), log };
    const { detail } = input;
    const training = this.training.reduce(history, input.training, detail?.training, request);
    const validation =
      input.validation && this.validation.reduce(history, input.validation, detail?.validation, request);
    this.marks = [...training.marks, ...(validation?.marks ?? []), ...(input.extraMark ? [input.extraMark] : [])];
    const chart = (this.chart ??= this.create());
    const shown = [training, validation].filter((series) => series !== undefined);
    const overlays = input.overlays.map((overlay, index) =>
      (this.overlays[index] ??= new LossSeries()).reduce(overlay, exactCurve(overlay.losses()), request),
    );
    chart.data.datasets = [
      ...shown.map((series, index) => this.dataset(series, index === 1)),
      ...overlays.map((series, index) => this.overlayDataset(series, input.overlays[index])),
    ];
    const range = withFloor(valueRange(shown, overlays, log), input);
    overlays.forEach((series, index) => {
      this.marks.push(...series.marks, ...leavingMark(series, range.max, input.overlays[index].name));
    });
    this.setScales(chart, input, range);
    chart.update('none');
  }

  /** Whether a run that has only gone on looks as it was drawn, but for less than half a pixel at its end. */
  looksTheSame({ history, training, validation, range, width }: CurveInput): boolean {
    const { input, chart } = this;
    if (!input || !chart || history !== input.history) return false;
    const from = input.range.end;
    if (range.end < from || 2 * width * (range.end - from) > range.end - range.first) return false;
    const { min, max } = chart.scales['y'];
    const isInside = ({ stride, lowest, highest }: Curve): boolean => {
      const bucket = Math.floor(from / stride);
      return (
        lowest.subarray(bucket).every((loss) => loss >= min) && highest.subarray(bucket).every((loss) => loss <= max)
      );
    };
    return isInside(training) && (!validation || isInside(validation));
  }

  /** Moves the lines; everything else stays as it is. */
  moveLines(lines: CurveLines): void {
    const { cursor, viewed, position } = this.lines;
    if (lines.cursor === cursor && lines.viewed === viewed && lines.position === position) return;
    this.lines = lines;
    if (this.input) this.chart?.draw();
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

  private create(): LineChart {
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

  private setScales(chart: LineChart, input: CurveInput, { min, max }: ReturnType<typeof valueRange>): void {
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

  private drawOverlay(chart: LineChart): void {
    const { input, theme } = this;
    // A new chart draws once before it has scales.
    if (!input || !chart.scales['x']) return;
    const context = chart.ctx;
    context.save();
    if (input.floor !== undefined) drawFloor(chart, input.floor, input.scale, theme);
    const { cursor, viewed, position } = this.lines;
    if (input.best !== undefined) this.drawLine(chart, input.best, 'best');
    if (position !== undefined && position !== input.best) this.drawLine(chart, position, 'position');
    if (viewed !== undefined) this.drawLine(chart, viewed, 'viewed');
    if (cursor !== undefined && cursor !== viewed) this.drawLine(chart, cursor, 'cursor');
    context.fillStyle = theme.error;
    context.font = `${theme.fontSize}px ${theme.fontFamily}`;
    let textEnd = -Infinity;
    for (const mark of this.marks) {
      const x = chart.scales['x'].getPixelForValue(mark.epoch);
      textEnd = drawMark(context, mark, x, chart.chartArea, textEnd);
    }
    context.restore();
  }

  private drawLine(chart: LineChart, epoch: number, kind: LineKind): void {
    const { input, theme } = this;
    const { first, end } = input!.range;
    if (epoch >= end || (epoch < first && (epoch >= 0 || first > 0))) return;
    const x = chart.scales['x'].getPixelForValue(Math.max(first, epoch));
    drawVertical(chart, x, kind, theme);
    if (kind === 'position' || kind === 'best') return;
    const dot = (loss: number | undefined, colour: string): void => {
      if (loss === undefined || !Number.isFinite(loss) || (input!.log && loss <= 0)) return;
      if (loss > chart.scales['y'].max) return;
      chart.ctx.fillStyle = colour;
      chart.ctx.beginPath();
      chart.ctx.arc(x, chart.scales['y'].getPixelForValue(loss), 3.5, 0, 2 * Math.PI);
      chart.ctx.fill();
    };
    const { training, validation } = input!.lossesAt(epoch);
    dot(training, theme.training);
    if (input!.validation) dot(validation, theme.validation);
    for (const { key, losses } of input!.overlays) dot(losses()[epoch], theme[key]);
  }
}

/** A curve of a run, of which a part may be known in smaller buckets. */
class CurveSeries {
  private readonly whole = new LossSeries();
  private readonly part = new LossSeries();

  reduce(history: object, curve: Curve, detail: Curve | undefined, request: SeriesRequest): Series {
    const { range, columns } = request;
    if (!detail || detail.first > range.first || detail.end <= range.first) {
      return this.whole.reduce(history, curve, request);
    }
    const border = Math.min(detail.end, range.end);
    const share = (border - range.first) / (range.end - range.first);
    const [before, after] = [
      { ...range, end: border },
      { ...range, first: border },
    ];
    return joined([
      this.part.reduce(detail.last, detail, { ...request, range: before, columns: columns * share }),
      this.whole.reduce(history, curve, { ...request, range: after, columns: Math.max(1, columns * (1 - share)) }),
    ]);
  }
}
