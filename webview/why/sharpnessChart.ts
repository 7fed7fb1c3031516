import { formatTick } from '../../src/base/format';
import { readTheme, type Theme } from '../page/theme';
import { finiteRange, roundTicks } from '../parts/plotAxis';
import type { SharpnessPoint } from './sharpnessPoints';

/** What to draw. */
export interface SharpnessPicture {
  points: readonly SharpnessPoint[];
  /** Epochs of the axis. */
  epochs: number;
  /** The point that a person looks at. */
  chosen: SharpnessPoint | undefined;
}

const tickLength = 4;
const pointRadius = 2;
/** A limit this many times as high as the curve would press it flat, so it is left out of the picture. */
const farLimit = 20;

/** The curve of the sharpness over the epochs, and the limit as a dashed line. */
export class SharpnessChart {
  private theme: Theme | undefined;
  private frame = { left: 0, top: 0, width: 1, height: 1 };

  constructor(private readonly canvas: HTMLCanvasElement) {}

  /** Takes up the colours of a new theme. */
  themeChanged(): void {
    this.theme = undefined;
  }

  /** Draws into so many CSS pixels. */
  draw(picture: SharpnessPicture, width: number, height: number): void {
    const { canvas } = this;
    const ratio = window.devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const context = canvas.getContext('2d')!;
    context.scale(ratio, ratio);
    const theme = (this.theme ??= readTheme());
    context.font = `${theme.fontSize}px ${theme.fontFamily}`;
    const top = highest(picture.points);
    const ticks = roundTicks(0, top, Math.max(2, height / 45));
    const labels = ticks.map((tick) => formatTick(tick, 0, top));
    const left = Math.ceil(Math.max(...labels.map((label) => context.measureText(label).width))) + tickLength + 5;
    const below = theme.fontSize + tickLength + 5;
    this.frame = { left, top: 4, width: Math.max(1, width - left - 6), height: Math.max(1, height - below - 4) };
    this.drawAxes(context, picture.epochs, top, ticks, labels);
    this.drawCurves(context, picture, top);
  }

  /** The share of the epochs at a pixel. */
  shareAt(x: number): number {
    return (x - this.frame.left) / this.frame.width;
  }

  private drawAxes(
    context: CanvasRenderingContext2D,
    epochs: number,
    top: number,
    ticks: number[],
    labels: string[],
  ): void {
    const { left, width, height } = this.frame;
    const theme = this.theme!;
    context.strokeStyle = theme.gridLine;
    context.fillStyle = theme.muted;
    context.lineWidth = 1;
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    ticks.forEach((tick, i) => {
      const at = this.frame.top + height * (1 - tick / top);
      line(context, [left, at], [left + width, at]);
      context.fillText(labels[i], left - tickLength - 2, at);
    });
    context.textAlign = 'center';
    context.textBaseline = 'top';
    for (const tick of roundTicks(0, epochs, Math.max(2, width / 70))) {
      const text = formatTick(tick, 0, epochs);
      const half = context.measureText(text).width / 2;
      const at = Math.min(left + (width * tick) / epochs, left + width + 4 - half);
      context.fillText(text, at, this.frame.top + height + tickLength + 1);
    }
  }

  private drawCurves(context: CanvasRenderingContext2D, { points, epochs, chosen }: SharpnessPicture, top: number) {
    const { left, width, height } = this.frame;
    const theme = this.theme!;
    const place = (epoch: number, value: number): [number, number] => [
      left + (width * epoch) / epochs,
      this.frame.top + height * (1 - Math.max(0, value) / top),
    ];
    context.save();
    context.beginPath();
    context.rect(left, this.frame.top - pointRadius, width + pointRadius, height + 2 * pointRadius);
    context.clip();
    context.lineWidth = theme.highContrast ? 2 : 1.5;
    context.strokeStyle = theme.error;
    context.setLineDash([5, 3]);
    // The limit of one point holds until the next one.
    const limits = points.filter(({ limit }) => limit !== undefined);
    path(context, [
      ...limits.flatMap((point, i) => [
        ...(i === 0 ? [place(0, point.limit!)] : [place(point.epochs, limits[i - 1].limit!)]),
        place(point.epochs, point.limit!),
      ]),
      ...limits.slice(-1).map(({ limit }) => place(epochs, limit!)),
    ]);
    context.setLineDash([]);
    context.strokeStyle = context.fillStyle = theme.training;
    const known = points.filter(({ value }) => Number.isFinite(value));
    path(
      context,
      known.map(({ epochs: at, value }) => place(at, value)),
    );
    for (const { epochs: at, value } of known) circle(context, place(at, value), pointRadius);
    if (chosen && Number.isFinite(chosen.value)) {
      context.strokeStyle = context.fillStyle = theme.foreground;
      context.lineWidth = 1;
      const [x, y] = place(chosen.epochs, chosen.value);
      line(context, [x, this.frame.top], [x, this.frame.top + height]);
      circle(context, [x, y], 2 * pointRadius);
    }
    context.restore();
  }
}

/** The upper end of the axis. */
function highest(points: readonly SharpnessPoint[]): number {
  const { max } = finiteRange(points.map(({ value }) => value));
  const limit = finiteRange(points.map((point) => point.limit ?? NaN)).max;
  const largest = limit <= farLimit * max ? Math.max(max, limit) : max;
  return largest > 0 && Number.isFinite(largest) ? 1.15 * largest : 1;
}

function line(context: CanvasRenderingContext2D, from: [number, number], to: [number, number]): void {
  path(context, [from, to]);
}

function path(context: CanvasRenderingContext2D, places: [number, number][]): void {
  context.beginPath();
  for (const [x, y] of places) context.lineTo(x, y);
  context.stroke();
}

function circle(context: CanvasRenderingContext2D, [x, y]: [number, number], radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}
