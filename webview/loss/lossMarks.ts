import type { Chart } from 'chart.js';
import { formatShort } from '../../src/base/format';
import type { Theme } from '../page/theme';
import type { LineKind } from './lossChart';
import type { Mark } from './lossSeries';

/** The chart of the loss curve. */
export type LineChart = Chart<'line', { x: number; y: number }[]>;

/** Dash pattern of the line at the exact minimum, in pixels. */
export const floorDash = [2, 4];
/** That of the line where the run stands. */
const positionDash = [2, 3];
const words = { position: 'now', best: 'best' };

/** A dashed line at the exact minimum, where it is in sight. */
export function drawFloor(chart: LineChart, floor: number, theme: Theme): void {
  const { ctx: context } = chart;
  const { left, right } = chart.chartArea;
  const scale = chart.scales['y'];
  if (floor > scale.max || floor < scale.min) return;
  const y = Math.round(scale.getPixelForValue(floor)) + 0.5;
  context.strokeStyle = theme.floor;
  context.lineWidth = theme.highContrast ? 2 : 1.5;
  context.setLineDash(floorDash);
  context.beginPath();
  context.moveTo(left, y);
  context.lineTo(right, y);
  context.stroke();
  context.setLineDash([]);
}

/** A loss at one end of a curve; undefined where it is not known. */
export interface CurveEnd {
  /** Epochs done. */
  epochs: number;
  loss: number | undefined;
  isStart: boolean;
}

/** Pixels between the end of a curve and its loss. */
const gap = 8;

/** Writes the losses at the ends of curves beside them; those that would stand on others, or are out of sight, are left out. */
export function drawEnds(chart: LineChart, ends: readonly CurveEnd[], theme: Theme): void {
  const { ctx: context, chartArea: area } = chart;
  const [xScale, yScale] = [chart.scales['x'], chart.scales['y']];
  const drawn: { left: number; right: number; y: number }[] = [];
  context.font = `${theme.fontSize}px ${theme.fontFamily}`;
  context.textBaseline = 'middle';
  for (const { epochs, loss, isStart } of ends) {
    if (loss === undefined || !(loss >= yScale.min && loss <= yScale.max)) continue;
    const text = formatShort(loss);
    const { width } = context.measureText(text);
    const x = xScale.getPixelForValue(epochs);
    const isBeside = isStart || chart.width - x >= width + gap;
    const left = isBeside ? x + gap : x - width;
    const wanted = yScale.getPixelForValue(loss) - (isBeside ? 0 : theme.fontSize);
    const y = Math.max(area.top + theme.fontSize / 2, Math.min(area.bottom - theme.fontSize, wanted));
    const box = { left, right: left + width, y };
    const isFree = drawn.every(
      (other) => Math.abs(other.y - y) > 1.2 * theme.fontSize || other.right + 8 < left || other.left > box.right + 8,
    );
    if (!isFree || left < area.left || box.right > chart.width) continue;
    drawn.push(box);
    context.lineJoin = 'round';
    context.lineWidth = 4;
    context.strokeStyle = theme.surface;
    context.strokeText(text, left, y);
    context.fillStyle = theme.foreground;
    context.fillText(text, left, y);
  }
}

/** A thin line for the cursor, one with a handle for the epoch that is shown, a dashed one with its word for where the run stands and for the best epoch. */
export function drawVertical(chart: LineChart, x: number, kind: LineKind, theme: Theme): void {
  const { ctx: context, chartArea: area } = chart;
  context.strokeStyle = context.fillStyle = kind === 'viewed' ? theme.foreground : theme.muted;
  context.lineWidth = 1;
  context.setLineDash(kind in words ? positionDash : []);
  context.beginPath();
  context.moveTo(Math.round(x) + 0.5, area.top);
  context.lineTo(Math.round(x) + 0.5, area.bottom);
  context.stroke();
  context.setLineDash([]);
  if (kind === 'viewed') {
    context.beginPath();
    context.moveTo(x + 0.5, area.top + 2);
    context.lineTo(x - 4.5, area.top - 6);
    context.lineTo(x + 5.5, area.top - 6);
    context.fill();
  } else if (kind === 'position' || kind === 'best') {
    context.font = `${theme.fontSize}px ${theme.fontFamily}`;
    context.textBaseline = 'bottom';
    const { width } = context.measureText(words[kind]);
    context.fillText(words[kind], Math.max(area.left, Math.min(area.right - width, x - width / 2)), area.top - 2);
  }
}

/** Draws a triangle at the edge that the value is beyond, and its word where there is room for it. Returns where the last word ends. */
export function drawMark(
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
