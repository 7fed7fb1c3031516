import type { Chart } from 'chart.js';
import { formatShort } from '../../src/base/format';
import type { Theme } from '../page/theme';
import type { LineKind } from './lossChart';
import type { Mark } from './lossSeries';
import type { PlotLabels } from './plotLabels';

/** The chart of the loss curve. */
export type LineChart = Chart<'line', { x: number; y: number }[]>;

/** Dash pattern of the line at the exact minimum, in pixels. */
export const floorDash = [2, 4];
/** That of the line where the run stands. */
const positionDash = [2, 3];
const words = { position: 'now', best: 'best' };
/** Height and half the width of the handle and of the triangles of marks. */
const handle = { above: 6, below: 2, half: 5 };
const triangle = 7;

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
export function drawEnds(chart: LineChart, ends: readonly CurveEnd[], theme: Theme, labels: PlotLabels): void {
  const { ctx: context, chartArea: area } = chart;
  const [xScale, yScale] = [chart.scales['x'], chart.scales['y']];
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
    const right = left + width;
    if (left < area.left || right > chart.width || !labels.take({ left, right, ...heightAround(y, theme) })) continue;
    context.lineJoin = 'round';
    context.lineWidth = 4;
    context.strokeStyle = theme.surface;
    context.strokeText(text, left, y);
    context.fillStyle = theme.foreground;
    context.fillText(text, left, y);
  }
}

/** A thin line for the cursor, one with a handle for the epoch that is shown, a dashed one for where the run stands and for the best epoch. */
export function drawVertical(chart: LineChart, x: number, kind: LineKind, theme: Theme, labels: PlotLabels): void {
  const { ctx: context, chartArea: area } = chart;
  context.strokeStyle = context.fillStyle = kind === 'viewed' ? theme.foreground : theme.muted;
  context.lineWidth = 1;
  context.setLineDash(kind in words ? positionDash : []);
  context.beginPath();
  context.moveTo(Math.round(x) + 0.5, area.top);
  context.lineTo(Math.round(x) + 0.5, area.bottom);
  context.stroke();
  context.setLineDash([]);
  if (kind !== 'viewed') return;
  const { above, below, half } = handle;
  context.beginPath();
  context.moveTo(x + 0.5, area.top + below);
  context.lineTo(x + 0.5 - half, area.top - above);
  context.lineTo(x + 0.5 + half, area.top - above);
  context.fill();
  labels.take({ left: x - half, right: x + half, top: area.top - above, bottom: area.top + below });
}

/** A line that has a word above the plot. */
export interface WordedLine {
  x: number;
  kind: keyof typeof words;
}

/** Writes above the plot what its dashed lines are; one text for two that stand close together. */
export function drawWords(chart: LineChart, lines: readonly WordedLine[], theme: Theme, labels: PlotLabels): void {
  const { ctx: context, chartArea: area } = chart;
  context.font = `${theme.fontSize}px ${theme.fontFamily}`;
  context.fillStyle = theme.muted;
  context.textBaseline = 'bottom';
  const label = (x: number, text: string) => {
    const { width } = context.measureText(text);
    return { text, width, left: Math.max(area.left, Math.min(area.right - width, x - width / 2)) };
  };
  const each = [...lines].sort((a, b) => a.x - b.x).map(({ x, kind }) => label(x, words[kind]));
  const [one, other] = each;
  const areClose = lines.length === 2 && other.left <= one.left + one.width + gap;
  const texts = areClose ? [label((lines[0].x + lines[1].x) / 2, `${one.text}, ${other.text}`)] : each;
  const bottom = area.top - 2;
  for (const { text, width, left } of texts) {
    const place = labels.takeNearest({ left, right: left + width, top: bottom - theme.fontSize, bottom }, area);
    if (place !== undefined) context.fillText(text, place, bottom);
  }
}

/** Draws a triangle at the edge that the value is beyond, and its word where there is room for it. */
export function drawMark(chart: LineChart, mark: Mark, x: number, theme: Theme, labels: PlotLabels): void {
  const { ctx: context, chartArea: area } = chart;
  const isAbove = mark.edge === 'top';
  const edge = isAbove ? area.top : area.bottom;
  context.beginPath();
  context.moveTo(x, edge);
  context.lineTo(x - 4, edge + (isAbove ? triangle : -triangle));
  context.lineTo(x + 4, edge + (isAbove ? triangle : -triangle));
  context.fill();
  const width = context.measureText(mark.word).width;
  const left = Math.max(area.left, Math.min(area.right - width, x - width / 2));
  // Below the plot are the axis's own numbers.
  const y = isAbove ? edge - 2 - theme.fontSize / 2 : edge - triangle - 2 - theme.fontSize / 2;
  if (!labels.take({ left, right: left + width, ...heightAround(y, theme) })) return;
  context.textBaseline = 'middle';
  context.fillText(mark.word, left, y);
}

function heightAround(y: number, { fontSize }: Theme): { top: number; bottom: number } {
  return { top: y - fontSize / 2, bottom: y + fontSize / 2 };
}
