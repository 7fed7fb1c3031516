/** One axis of a plot, and its ticks. */
export interface PlotAxis {
  min: number;
  max: number;
  ticks: number[];
}

/** An axis that holds `min` to `max`, rounded outwards to about `count` steps of 1, 2 or 5 × a power of ten. */
export function plotAxis(min: number, max: number, count = 5): PlotAxis {
  if (!(min <= max)) return plotAxis(0, 1, count);
  // Numbers so near one another have no round ones between them.
  if (max - min <= Math.max(Math.abs(min), Math.abs(max)) * 1e-9) {
    const margin = Math.abs(min) || 1;
    return plotAxis(min - margin / 2, max + margin / 2, count);
  }
  const step = roundStep(min, max, count);
  const ticks = multiples(step, Math.floor(min / step), Math.ceil(max / step));
  return { min: ticks[0], max: ticks[ticks.length - 1], ticks };
}

/** Round numbers from `min` to `max`, at most about `most`. */
export function roundTicks(min: number, max: number, most: number): number[] {
  const step = roundStep(min, max, most);
  return multiples(step, Math.ceil(min / step), Math.floor(max / step));
}

/** An axis for numbers that stay as they are: little more than they take, with round ticks on it. */
export function tightAxis(min: number, max: number): PlotAxis {
  const { ticks, ...rounded } = plotAxis(min, max);
  if (!(min < max)) return { ...rounded, ticks };
  const margin = (max - min) * 0.03;
  const [from, to] = [Math.max(rounded.min, min - margin), Math.min(rounded.max, max + margin)];
  return { min: from, max: to, ticks: ticks.filter((tick) => tick >= from && tick <= to) };
}

/** The lowest and the highest finite number; Infinity and -Infinity without any. */
export function finiteRange(...columns: ArrayLike<number>[]): { min: number; max: number } {
  let [min, max] = [Infinity, -Infinity];
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      const value = column[i];
      if (!Number.isFinite(value)) continue;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  return { min, max };
}

/** 1, 2 or 5 × a power of ten, about `count` of which lead from `min` to `max`. */
function roundStep(min: number, max: number, count: number): number {
  const rough = (max - min) / count;
  const unit = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((factor) => factor * unit).find((each) => each >= rough) ?? rough;
}

function multiples(step: number, first: number, last: number): number[] {
  const ticks: number[] = [];
  for (let i = first; i <= last; i++) ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}
