import type { Chart } from 'chart.js';
import { formatMinimum } from '../../src/base/format';
import type { Theme } from '../page/theme';
import type { LineKind } from './lossChart';
import type { Mark } from './lossSeries';

/** The chart of the loss curve. */
export type LineChart = Chart<'line', { x: number; y: number }[]>;

/** Dash patterns, in pixels: of the line at the exact minimum, and of that where the run stands. */
const floorDash = [2, 4];
const positionDash = [2, 3];
const words = { position: 'now', best: 'best' };

/** A dashed line at the exact minimum, or a word at the lower edge where it is out of sight. `lossScale`: what losses are measured by. */
export function drawFloor(chart: LineChart, floor: number, lossScale: number, theme: Theme): void {
  const { ctx: context } = chart;
  const { left, right, top, bottom } = chart.chartArea;
  const scale = chart.scales['y'];
  if (floor > scale.max) return;
  const isInSight = floor >= scale.min;
  const y = isInSight ? Math.round(scale.getPixelForValue(floor)) + 0.5 : bottom;
  if (isInSight) {
    context.strokeStyle = theme.floor;
    context.lineWidth = theme.highContrast ? 2 : 1.5;
    context.setLineDash(floorDash);
    context.beginPath();
    context.moveTo(left, y);
    context.lineTo(right, y);
    context.stroke();
    context.setLineDash([]);
  }
  const isBelow = isInSight && y - top < 2 * theme.fontSize;
  context.fillStyle = theme.muted;
  context.font = `${theme.fontSize}px ${theme.fontFamily}`;
  const whole = `exact minimum ${formatMinimum(floor, lossScale)} ↓`;
  const below = context.measureText(whole).width < right - left ? whole : 'exact minimum ↓';
  const text = isInSight ? 'exact minimum' : below;
  context.textBaseline = isBelow ? 'top' : 'bottom';
  context.textAlign = 'right';
  context.fillText(text, right - 2, isBelow ? y + 3 : y - 3);
  context.textAlign = 'left';
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
