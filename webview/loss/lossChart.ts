import { Chart, LinearScale, LineController, LineElement, LogarithmicScale, PointElement } from 'chart.js';
import type { Curve } from '../../src/protocol/history';
import { readTheme, type Theme } from '../page/theme';
import { CurveSeries } from './curveSeries';
import { drawEnds, drawFloor, drawMark, drawVertical, drawWords, type LineChart, type WordedLine } from './lossMarks';
import { leavingMark, markerSizes, overlaidLoss, validationDash, type Overlay } from './lossOverlays';
import { exactCurve, LossSeries, type Mark, type Point, type Series } from './lossSeries';
import { lossScales } from './lossScales';
import { PlotLabels } from './plotLabels';
import { smoothed } from './smoothing';
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
  /** A logarithmic scale of losses, and one of epochs. */
  log: boolean;
  logX: boolean;
  /** Each curve is also drawn as its moving average. */
  smooth: boolean;
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

/** From this width on, in pixels, there is room beside the plot for the losses at its end. */
const wideFrom = 400;
const endRoom = 70;

/** Spans that a curve is reduced to. */
export function columnsIn(width: number): number {
  return Math.max(50, Math.floor(width / spanWidth));
}

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
    const { history, range: epochs, log, logX } = input;
    const request = { range: epochs, columns: columnsIn(input.width), log, logX };
    const { detail } = input;
    const training = this.training.reduce(history, input.training, detail?.training, request);
    const validation =
      input.validation && this.validation.reduce(history, input.validation, detail?.validation, request);
    this.marks = [...training.marks, ...(validation?.marks ?? []), ...(input.extraMark ? [input.extraMark] : [])];
    const chart = (this.chart ??= this.create());
    const shown = [training, validation].filter((series) => series !== undefined);
    const overlays = input.overlays.map((overlay, index) =>
      (this.overlays[index] ??= new LossSeries()).reduce(
        overlay,
        overlay.curve ?? exactCurve(overlay.losses()),
        request,
      ),
    );
    chart.data.datasets = [
      ...shown.flatMap((series, index) => this.datasets(series, index === 1, input)),
      ...overlays.map((series, index) => this.overlayDataset(series, input.overlays[index])),
    ];
    const range = withFloor(valueRange(shown, overlays, log), input);
    overlays.forEach((series, index) => {
      this.marks.push(...series.marks, ...leavingMark(series, range.max, input.overlays[index].name));
    });
    chart.options.layout = { padding: { top: 14, right: input.width < wideFrom ? 4 : endRoom } };
    chart.options.scales = lossScales(input, range, this.theme);
    chart.update('none');
  }

  /** Whether a run that has only gone on looks as it was drawn, except for less than half a pixel at its end. */
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
    const epoch = this.epochBeyond(pixel);
    if (epoch === undefined) return undefined;
    const { first, end } = this.input!.range;
    return Math.max(first, Math.min(end - 1, Math.round(epoch)));
  }

  /** The same, in parts of an epoch, and of places beside the plot too. */
  epochBeyond(pixel: number): number | undefined {
    const epochs = this.input && this.chart?.scales['x'].getValueForPixel(pixel);
    return epochs === undefined || Number.isNaN(epochs) ? undefined : epochs - 1;
  }

  /** Where the plot begins and ends on the canvas, in pixels from its left edge. */
  get sides(): { left: number; right: number } {
    return this.chart?.chartArea ?? { left: 0, right: 1 };
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
      },
      plugins: [{ id: 'overlay', afterDatasetsDraw: (chart) => this.drawOverlay(chart as never) }],
    });
  }

  /** The curve; where it is smoothed, pale below its average. */
  private datasets({ points }: Series, isValidation: boolean, { smooth, log, logX }: CurveInput) {
    const { theme } = this;
    const colour = isValidation ? theme.validation : theme.training;
    const data = onAxis(points);
    const isShort = points.length <= 30;
    const line = {
      data,
      borderColor: colour,
      backgroundColor: colour,
      borderWidth: theme.highContrast ? 2 : 1.5,
      borderDash: isValidation ? validationDash : [],
      // A point on the edge is drawn whole.
      clip: 4,
      pointRadius: isShort ? 2.5 : isValidation && theme.highContrast ? markerSizes(points.length, 4) : 0,
      pointStyle: isValidation ? ('rectRot' as const) : ('circle' as const),
    };
    if (!smooth) return [line];
    const average = { ...line, data: smoothed(data, { logX, logY: log }), borderWidth: 2 };
    return [
      average,
      { ...line, borderColor: `color-mix(in srgb, ${colour} 35%, transparent)`, pointRadius: 0, borderDash: [] },
    ];
  }

  private overlayDataset(series: Series, { key, dash, marker }: Overlay) {
    const colour = this.theme[key];
    return {
      data: onAxis(series.points),
      borderColor: colour,
      backgroundColor: colour,
      borderWidth: 2,
      borderDash: dash,
      pointRadius: markerSizes(series.points.length, 4.5),
      pointStyle: marker,
    };
  }

  private drawOverlay(chart: LineChart): void {
    const { input, theme } = this;
    // A new chart draws once before it has scales.
    if (!input || !chart.scales['x']) return;
    const context = chart.ctx;
    const labels = new PlotLabels();
    context.save();
    if (input.floor !== undefined) drawFloor(chart, input.floor, theme);
    this.drawEnds(chart, input, labels);
    const { cursor, viewed, position } = this.lines;
    const dashed = [
      ...this.drawLine(chart, input.best, 'best', labels),
      ...this.drawLine(chart, position, 'position', labels),
    ];
    this.drawLine(chart, viewed, 'viewed', labels);
    if (cursor !== viewed) this.drawLine(chart, cursor, 'cursor', labels);
    context.fillStyle = theme.error;
    context.font = `${theme.fontSize}px ${theme.fontFamily}`;
    for (const mark of this.marks) {
      drawMark(chart, mark, chart.scales['x'].getPixelForValue(mark.epoch + 1), theme, labels);
    }
    drawWords(chart, dashed, theme, labels);
    context.restore();
  }

  private drawEnds(chart: LineChart, { range, lossesAt, validation }: CurveInput, labels: PlotLabels): void {
    const { theme } = this;
    const last = Math.min(range.end, this.input!.training.end) - 1;
    if (last <= range.first) return;
    const [start, end] = [lossesAt(range.first), lossesAt(last)];
    drawEnds(
      chart,
      [
        { epochs: range.first + 1, loss: start.training, isStart: true },
        { epochs: last + 1, loss: end.training, isStart: false },
        ...(validation ? [{ epochs: last + 1, loss: end.validation, isStart: false }] : []),
      ],
      theme,
      labels,
    );
  }

  /** Returns what is still to be written of it. */
  private drawLine(chart: LineChart, epoch: number | undefined, kind: LineKind, labels: PlotLabels): WordedLine[] {
    const { input, theme } = this;
    const { first, end } = input!.range;
    if (epoch === undefined || epoch >= end || (epoch < first && (epoch >= 0 || first > 0))) return [];
    const x = chart.scales['x'].getPixelForValue(Math.max(first, epoch) + 1);
    drawVertical(chart, x, kind, theme, labels);
    if (kind === 'position' || kind === 'best') return [{ x, kind }];
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
    for (const overlay of input!.overlays) dot(overlaidLoss(overlay, epoch), theme[overlay.key]);
    return [];
  }
}

/** Epochs are shown as epochs done: the first one is drawn at 1. */
function onAxis(points: readonly Point[]): Point[] {
  return points.map(({ x, y }) => ({ x: x + 1, y }));
}
