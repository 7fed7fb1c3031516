import { formatCount, formatFloat32, formatNumber, formatQuantity, formatRounded } from '../../src/base/format';
import { losses } from '../../src/engine/nn/losses';
import type { RunShape } from '../../src/protocol/protocol';
import type { ScatterPoints } from '../../src/protocol/questions';
import type { PlotKind } from '../page/connectHost';
import type { FittedLine } from './fittedLine';
import { finiteRange, plotAxis, tightAxis, type PlotAxis } from '../parts/plotAxis';
import type { ScatterInput } from './scatterChart';

/** What the plots are called. */
export const plotNames: Record<PlotKind, string> = {
  line: 'Fitted line',
  actual: 'Predicted against actual',
  residuals: 'Errors over predictions',
  errors: 'How large errors are',
};

/** Pieces that a curve is drawn with. */
const pieces = 120;

interface Plotted {
  points: ScatterPoints;
  shape: RunShape;
  target: number;
  kind: PlotKind;
  /** Present where the target is drawn over the one input. */
  line: FittedLine | undefined;
}

/** Bars of a histogram of errors. */
const bars = 20;

/** What the canvas is to show of some points. */
export function picture(plotted: Plotted & { marked: number | undefined }): ScatterInput {
  const { points, shape, target, line, kind, marked } = plotted;
  const name = shape.targetNames[target];
  if (kind === 'errors') return { ...errorBars(points), xTitle: `${name} error: predicted minus actual`, marked };
  const shared = { validation: points.validation, marked };
  if (line && points.input) {
    const input = finiteRange(points.input);
    const xAxis = tightAxis(input.min, input.max);
    return {
      ...shared,
      x: points.input,
      y: points.actual,
      line: lineThrough(xAxis, line),
      lineIsReference: false,
      xAxis,
      yAxis: axisBeside(points.actual, xAxis, line),
      xTitle: shape.inputNames[0],
      yTitle: name,
    };
  }
  const what = losses[shape.loss].link === 'sigmoid' ? 'probability' : 'predicted';
  if (kind === 'residuals') {
    const y = errorsOf(points);
    const [predicted, errors] = [finiteRange(points.predicted), finiteRange(y)];
    const xAxis = tightAxis(predicted.min, predicted.max);
    return {
      ...shared,
      x: points.predicted,
      y,
      line: [xAxis.min, xAxis.max].map((x) => ({ x, y: 0 })),
      lineIsReference: true,
      xAxis,
      yAxis: plotAxis(Math.min(0, errors.min), Math.max(0, errors.max)),
      xTitle: `${name} ${what}`,
      yTitle: `${name} error`,
    };
  }
  const both = finiteRange(points.actual, points.predicted);
  const axis = plotAxis(both.min, both.max);
  return {
    ...shared,
    x: points.actual,
    y: points.predicted,
    line: [axis.min, axis.max].map((value) => ({ x: value, y: value })),
    lineIsReference: true,
    xAxis: axis,
    yAxis: axis,
    isSquare: true,
    xTitle: `${name} actual`,
    yTitle: `${name} ${what}`,
  };
}

/** Predicted minus actual, a number a point. */
function errorsOf({ actual, predicted }: ScatterPoints): Float64Array {
  return Float64Array.from(predicted, (value, i) => value - actual[i]);
}

/** How many rows have which error: a point a bar, at its middle. */
function errorBars(points: ScatterPoints): Omit<ScatterInput, 'xTitle' | 'marked'> {
  const errors = errorsOf(points);
  const range = finiteRange(errors);
  const xAxis = plotAxis(Math.min(0, range.min), Math.max(0, range.max));
  const barWidth = (xAxis.max - xAxis.min) / bars;
  const y = new Float64Array(bars);
  for (const error of errors) {
    if (Number.isFinite(error)) y[Math.min(bars - 1, Math.floor((error - xAxis.min) / barWidth))]++;
  }
  const yAxis = plotAxis(0, Math.max(1, ...y));
  return {
    x: Float64Array.from(y, (_, bar) => xAxis.min + (bar + 0.5) * barWidth),
    y,
    validation: new Uint8Array(bars),
    barWidth,
    line: [yAxis.min, yAxis.max].map((value) => ({ x: 0, y: value })),
    lineIsReference: true,
    xAxis,
    yAxis: { ...yAxis, ticks: yAxis.ticks.filter(Number.isInteger) },
    yTitle: 'rows',
  };
}

/** A point in words. */
export function describePoint({ points, shape, target, kind, line, point }: Plotted & { point: number }): string {
  if (kind === 'errors') {
    const { x, y, barWidth = 0 } = errorBars(points);
    const edges = [x[point] - barWidth / 2, x[point] + barWidth / 2].map((edge) => formatRounded(edge, 4));
    return `Error ${edges.join(' to ')}: ${formatQuantity(y[point], 'row')}`;
  }
  const input = points.input && `${shape.inputNames[0]} ${formatFloat32(points.input[point])}, `;
  const predicted = line && points.input ? line.at(points.input[point]) : points.predicted[point];
  const held = points.validation[point] ? ' (validation)' : '';
  const error = kind === 'residuals' ? `, error ${formatNumber(predicted - points.actual[point])}` : '';
  const values = `actual ${formatFloat32(points.actual[point])}, predicted ${formatNumber(predicted)}${error}`;
  const name = shape.targetNames.length > 1 ? `${shape.targetNames[target]} ` : '';
  return `Row ${formatCount(points.rows[point] + 1)}${held}: ${input ?? ''}${name}${values}`;
}

/** What a plot does not show; empty where it shows all. */
export function noteOn({ rows, total, predicted }: ScatterPoints, line: FittedLine | undefined): string {
  const notes: string[] = [];
  if (rows.length < total) notes.push(`Showing ${formatCount(rows.length)} of ${formatCount(total)} rows.`);
  const lost = line ? 0 : Array.from(predicted).filter((value) => !Number.isFinite(value)).length;
  if (lost > 0) notes.push(`${formatQuantity(lost, 'prediction is', 'predictions are')} not finite.`);
  return notes.join(' ');
}

/** Points from left to right. */
export function byPlace({ rows, actual, predicted, input }: ScatterPoints, kind: PlotKind): number[] {
  if (kind === 'errors') return Array.from({ length: bars }, (_, bar) => bar);
  const key = kind === 'line' && input ? input : kind === 'residuals' ? predicted : actual;
  return Array.from(rows, (_, i) => i).sort((one, other) => key[one] - key[other] || one - other);
}

/** Holds all points, and of the line as much as leaves the points a third of the height. */
function axisBeside(actual: ScatterPoints['actual'], xAxis: PlotAxis, line: FittedLine): PlotAxis {
  const { min, max } = finiteRange(actual);
  const span = max - min || Math.abs(max) || 1;
  const ends = finiteRange([line.at(xAxis.min), line.at(xAxis.max)]);
  if (ends.min > ends.max) return plotAxis(min, max);
  return plotAxis(Math.min(min, Math.max(ends.min, min - span)), Math.max(max, Math.min(ends.max, max + span)));
}

function lineThrough({ min, max }: PlotAxis, line: FittedLine): { x: number; y: number }[] {
  const count = line.straight ? 1 : pieces;
  const places = Array.from({ length: count + 1 }, (_, i) => min + ((max - min) * i) / count);
  return places.map((x) => ({ x, y: line.at(x) })).filter(({ y }) => Number.isFinite(y));
}
