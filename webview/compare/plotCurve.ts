import type { Curve } from '../../src/protocol/history';
import { smoothed } from '../loss/smoothing';
import type { PixelScale } from './plotScale';

/** Where a curve is drawn. */
export interface CurvePlace {
  x: PixelScale;
  y: PixelScale;
  /** Pixels at which the plot begins and ends. */
  left: number;
  right: number;
  /** What is added to an epoch, counted from 0, before it is put on the axis. */
  shift: number;
}

/** The losses of the epochs in one column of pixels, of which there is one at least. */
interface PixelColumn {
  pixel: number;
  low: number;
  high: number;
  /** Of the last epoch. */
  last: number;
}

/** In each column of pixels, the lowest and the highest loss of its epochs. */
export function drawCurve(context: CanvasRenderingContext2D, curve: Curve, place: CurvePlace): void {
  const { y } = place;
  context.beginPath();
  for (const { pixel, low, high, last } of pixelColumns(curve, place)) {
    if (high > low) {
      context.lineTo(pixel, y.pixelOf(high));
      context.lineTo(pixel, y.pixelOf(low));
    }
    context.lineTo(pixel, y.pixelOf(last));
  }
  context.stroke();
}

/** The moving average over a twentieth of the width, of the losses as they are drawn: on a log scale that of their logarithms. */
export function drawSmoothed(context: CanvasRenderingContext2D, curve: Curve, place: CurvePlace): void {
  const points = pixelColumns(curve, place).map(({ pixel, last }) => ({ x: pixel, y: place.y.pixelOf(last) }));
  const average = smoothed(
    points.filter(({ y }) => Number.isFinite(y)),
    { logX: false, logY: false },
  );
  context.beginPath();
  for (const { x, y } of average) context.lineTo(x, y);
  context.stroke();
}

function pixelColumns({ lowest, highest, last, first, stride }: Curve, place: CurvePlace): PixelColumn[] {
  const { x, left, right, shift } = place;
  const bucketAt = (pixel: number) => Math.floor((x.valueAt(pixel) - shift - first) / stride);
  const columns: PixelColumn[] = [];
  const end = Math.min(last.length, bucketAt(right) + 2);
  for (let i = Math.max(0, bucketAt(left) - 1); i < end; i++) {
    if (!Number.isFinite(highest[i])) continue;
    const pixel = Math.round(x.pixelOf(first + i * stride + shift));
    const column = columns[columns.length - 1];
    if (column?.pixel !== pixel) columns.push({ pixel, low: lowest[i], high: highest[i], last: last[i] });
    else {
      column.low = Math.min(column.low, lowest[i]);
      column.high = Math.max(column.high, highest[i]);
      column.last = last[i];
    }
  }
  return columns;
}
