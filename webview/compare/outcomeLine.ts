import type { BestRule } from '../../src/compare/bestRun';
import type { Outcomes } from '../../src/compare/outcomes';
import { formatShortest, formatTick } from '../../src/base/format';
import type { Theme } from '../page/theme';
import { logTicks } from '../loss/lossSeries';
import { roundTicks } from '../parts/plotAxis';
import { drawLine, margin } from './plotAxes';
import { PixelScale } from './plotScale';
import { drawShape } from './runMarks';

/** What a drawing of outcomes needs. */
export interface OutcomeDrawing {
  context: CanvasRenderingContext2D;
  outcomes: Outcomes;
  rule: BestRule;
  theme: Theme;
  /** Pixels. */
  width: number;
  height: number;
}

/** Times of the smallest value that the largest is, from which on the outcome has a logarithmic axis. */
const logFrom = 50;

/** Draws what came out over one number: each run a dot, the mean a line with a band of one deviation, a cross for what diverged. */
export function drawOutcomeLine({ context, outcomes, rule, theme, width, height }: OutcomeDrawing): void {
  const { x, cells, limits } = outcomes;
  context.clearRect(0, 0, width, height);
  const values = cells.flatMap(({ runs }) =>
    runs.flatMap((run) => (run.status === 'diverged' ? [] : (rule.valueOf(run) ?? NaN))).filter(Number.isFinite),
  );
  const hasValues = values.length > 0;
  const [least, most] = hasValues ? [Math.min(...values), Math.max(...values)] : [0, 1];
  const isLog = least > 0 && most > logFrom * least;
  const room = isLog ? 1.3 : 0.08 * (most - least || Math.abs(most) || 1);
  const span = isLog ? { min: least / room, max: most * room } : { min: least - room, max: most + room };
  const [limit = NaN] = limits ?? [];
  const numbers = Number.isNaN(limit) ? x.values : [...x.values, limit];
  const bottom = height - margin.bottom;
  const inset = 16;
  const across = { min: Math.min(...numbers), max: Math.max(...numbers) };
  const xs = new PixelScale(across, margin.left + inset, width - margin.right - inset, x.isLog);
  const ys = new PixelScale(span, bottom, margin.top, isLog);
  context.font = `${theme.fontSize}px ${theme.fontFamily}`;
  context.fillStyle = theme.muted;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  const ticks = isLog ? logTicks(span.min, span.max) : roundTicks(span.min, span.max, 5);
  for (const tick of hasValues ? ticks : []) {
    const at = ys.pixelOf(tick);
    drawLine(context, [margin.left, at, width - margin.right, at], theme.gridLine, theme);
    context.fillText(formatTick(tick, span.min, span.max), margin.left - 6, at);
  }
  context.textAlign = 'center';
  context.textBaseline = 'top';
  let free = -Infinity;
  for (const value of x.values) {
    const [at, label] = [xs.pixelOf(value), formatShortest(value)];
    drawLine(context, [at, bottom, at, bottom + 4], theme.muted, theme);
    const half = context.measureText(label).width / 2;
    if (at - half < free) continue;
    context.fillText(label, at, bottom + 6);
    free = at + half + 8;
  }
  drawLine(context, [margin.left, bottom, width - margin.right, bottom], theme.muted, theme);
  context.fillText(x.isLog ? `${x.key} (log)` : x.key, (margin.left + width) / 2, bottom + 6 + theme.fontSize * 1.3);
  const means = cells.filter(({ spread }) => spread.count > 0).sort((a, b) => a.x - b.x);
  context.strokeStyle = context.fillStyle = theme.training;
  context.lineWidth = theme.highContrast ? 2 : 1.5;
  const within = (value: number) => ys.pixelOf(isLog ? Math.max(value, span.min) : value);
  const edges = means.map(({ x: at, spread: { mean, sd, count } }) => ({
    at: xs.pixelOf(x.values[at]),
    mean,
    sd: count > 1 ? sd : 0,
  }));
  context.globalAlpha = 0.2;
  context.beginPath();
  for (const { at, mean, sd } of edges) context.lineTo(at, within(mean + sd));
  for (const { at, mean, sd } of [...edges].reverse()) context.lineTo(at, within(mean - sd));
  context.fill();
  context.globalAlpha = 1;
  context.beginPath();
  for (const { at, mean } of edges) context.lineTo(at, ys.pixelOf(mean));
  context.stroke();
  for (const { x: index, runs } of cells) {
    for (const run of runs) {
      const at = xs.pixelOf(x.values[index]);
      const isBad = run.status === 'diverged';
      context.fillStyle = context.strokeStyle = isBad ? theme.error : theme.training;
      const value = rule.valueOf(run) ?? NaN;
      if (isBad) drawShape(context, 'cross', at, margin.top + 8, 4);
      else if (Number.isFinite(value)) drawShape(context, 'circle', at, ys.pixelOf(value), 3);
    }
  }
  if (Number.isNaN(limit)) return;
  context.setLineDash([5, 3]);
  const at = xs.pixelOf(limit);
  drawLine(context, [at, margin.top, at, bottom], theme.validation, theme);
  context.setLineDash([]);
}
