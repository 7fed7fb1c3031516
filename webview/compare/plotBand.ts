import type { Curve } from '../../src/protocol/history';
import type { PixelScale, Span } from './plotScale';

/** Where a band is drawn. */
export interface BandPlace {
  x: PixelScale;
  y: PixelScale;
  /** Epochs in sight. */
  epochs: Span;
  /** The lowest loss that can be drawn: on a logarithmic axis a band may reach below 0. */
  lowest: number;
  /** 1 where epochs are counted from 1. */
  shift: number;
}

/** Buckets that are drawn, at most about. */
const mostDrawn = 2000;

/** Fills the room between the lowest and the highest losses of a curve. */
export function drawBand(context: CanvasRenderingContext2D, curve: Curve, place: BandPlace): void {
  const { lowest, highest, first, stride } = curve;
  const { x, y, epochs, shift } = place;
  const begin = Math.max(0, Math.floor((epochs.min - shift - first) / stride) - 1);
  const end = Math.min(lowest.length, Math.floor((epochs.max - shift - first) / stride) + 2);
  const step = Math.max(1, Math.floor((end - begin) / mostDrawn));
  const add = (losses: Float64Array, i: number) => {
    if (Number.isNaN(losses[i])) return;
    context.lineTo(x.pixelOf(first + i * stride + shift), y.pixelOf(Math.max(losses[i], place.lowest)));
  };
  context.beginPath();
  for (let i = begin; i < end; i += step) add(highest, i);
  for (let i = begin + step * Math.floor((end - 1 - begin) / step); i >= begin; i -= step) add(lowest, i);
  const alpha = context.globalAlpha;
  context.globalAlpha = 0.2 * alpha;
  context.fill();
  context.globalAlpha = alpha;
}
