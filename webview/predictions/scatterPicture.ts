import { formatCount, formatFloat32, formatNumber, formatQuantity } from '../../src/base/format';
import { losses } from '../../src/engine/nn/losses';
import type { RunShape } from '../../src/protocol/protocol';
import type { ScatterPoints } from '../../src/protocol/questions';
import type { FittedLine } from './fittedLine';
import { finiteRange, plotAxis, tightAxis, type PlotAxis } from '../parts/plotAxis';
import type { ScatterInput } from './scatterChart';

/** `line`: the target over the one input. `actual`: what was predicted over what is. */
export type PlotKind = 'line' | 'actual';

/** What the plots are called. */
export const plotNames: Record<PlotKind, string> = {
  line: 'Fitted line',
  actual: 'Predicted against actual',
};

/** Pieces that a curve is drawn with. */
const pieces = 120;

interface Plotted {
  points: ScatterPoints;
  shape: RunShape;
  target: number;
  /** Present where the target is drawn over the one input. */
  line: FittedLine | undefined;
}

/** What the canvas is to show of some points. */
export function picture({
  points,
  shape,
  target,
  line,
  marked,
}: Plotted & { marked: number | undefined }): ScatterInput {
  const name = shape.targetNames[target];
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
  const actual = finiteRange(points.actual);
  const both = finiteRange(points.actual, points.predicted);
  const xAxis = tightAxis(actual.min, actual.max);
  const what = losses[shape.loss].link === 'sigmoid' ? 'probability' : 'predicted';
  return {
    ...shared,
    x: points.actual,
    y: points.predicted,
    line: [xAxis.min, xAxis.max].map((value) => ({ x: value, y: value })),
    lineIsReference: true,
    xAxis,
    yAxis: plotAxis(both.min, both.max),
    xTitle: `${name} actual`,
    yTitle: `${name} ${what}`,
  };
}

/** A point in words. */
export function describePoint({ points, shape, target, line, point }: Plotted & { point: number }): string {
  const input = points.input && `${shape.inputNames[0]} ${formatFloat32(points.input[point])}, `;
  const predicted = line && points.input ? line.at(points.input[point]) : points.predicted[point];
  const held = points.validation[point] ? ' (validation)' : '';
  const values = `actual ${formatFloat32(points.actual[point])}, predicted ${formatNumber(predicted)}`;
  const name = shape.targetNames.length > 1 ? `${shape.targetNames[target]} ` : '';
  return `Row ${formatCount(points.rows[point] + 1)}${held}: ${input ?? ''}${name}${values}`;
}

/** What a plot does not show; empty where it shows all. */
export function noteOn({ rows, total, predicted }: ScatterPoints, line: FittedLine | undefined): string {
  const notes: string[] = [];
  if (rows.length < total) notes.push(`${formatCount(rows.length)} of ${formatCount(total)} rows, evenly taken.`);
  const lost = line ? 0 : Array.from(predicted).filter((value) => !Number.isFinite(value)).length;
  if (lost > 0) notes.push(`${formatQuantity(lost, 'prediction is', 'predictions are')} not finite.`);
  return notes.join(' ');
}

/** Points from left to right. */
export function byPlace({ rows, actual, input }: ScatterPoints, kind: PlotKind): number[] {
  const key = kind === 'line' && input ? input : actual;
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
