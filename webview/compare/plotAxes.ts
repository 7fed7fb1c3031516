import { formatCount, formatTick } from '../../src/base/format';
import { logTicks } from '../loss/lossSeries';
import type { Theme } from '../page/theme';
import { roundTicks } from '../parts/plotAxis';
import type { PixelScale, Span } from './plotScale';

/** Pixels around the plot, in which its axes have their labels. */
export const margin = { top: 10, right: 12, bottom: 36, left: 64 };

/** What the axes are of. */
export interface AxesInput {
  x: PixelScale;
  y: PixelScale;
  /** Epochs and losses in sight. */
  epochs: Span;
  values: Span;
  logLoss: boolean;
  logEpochs: boolean;
  /** Pixels. */
  width: number;
  height: number;
  theme: Theme;
}

/** Draws both axes with their labels, and a line across the plot for each label of the losses. */
export function drawAxes(context: CanvasRenderingContext2D, input: AxesInput): void {
  const { x, y, epochs, values, logLoss, logEpochs, width, height, theme } = input;
  context.font = `${theme.fontSize}px ${theme.fontFamily}`;
  context.fillStyle = theme.muted;
  context.setLineDash([]);
  const bottom = height - margin.bottom;
  const losses = logLoss ? logTicks(values.min, values.max) : roundTicks(values.min, values.max, 6);
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const loss of losses) {
    const at = y.pixelOf(loss);
    drawLine(context, [margin.left, at, width - margin.right, at], theme.gridLine, theme);
    context.fillText(formatTick(loss, values.min, values.max), margin.left - 6, at);
  }
  const most = Math.max(2, Math.floor((width - margin.left) / 90));
  const ticks = logEpochs ? logTicks(epochs.min, epochs.max) : roundTicks(epochs.min, epochs.max, most);
  context.textAlign = 'center';
  context.textBaseline = 'top';
  let free = -Infinity;
  for (const epoch of ticks.filter(Number.isInteger)) {
    const at = x.pixelOf(epoch);
    drawLine(context, [at, bottom, at, bottom + 4], theme.muted, theme);
    const label = formatCount(epoch);
    const half = context.measureText(label).width / 2;
    if (at - half < free) continue;
    context.fillText(label, at, bottom + 6);
    free = at + half + 8;
  }
  drawLine(context, [margin.left, bottom, width - margin.right, bottom], theme.muted, theme);
  const axis = logEpochs ? 'epoch, counted from 1 (log)' : 'epoch';
  context.fillText(axis, (margin.left + width - margin.right) / 2, bottom + 6 + theme.fontSize * 1.3);
}

/** Draws a straight line. @param ends x and y of its beginning and of its end, in pixels. */
export function drawLine(
  context: CanvasRenderingContext2D,
  [fromX, fromY, toX, toY]: [number, number, number, number],
  colour: string,
  { highContrast }: Theme,
): void {
  context.strokeStyle = colour;
  context.lineWidth = highContrast ? 0.5 : 1;
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.stroke();
}
