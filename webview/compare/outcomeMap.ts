import { formatRounded, formatShortest } from '../../src/base/format';
import type { VariedNumber } from '../../src/compare/outcomes';
import type { OutcomeDrawing } from './outcomeLine';
import { drawLine, margin } from './plotAxes';
import { drawShape } from './runMarks';

/** Draws what came out over two numbers: a cell for each pair, the stronger its colour the better, with the limit of each row. */
export function drawOutcomeMap({ context, outcomes, rule, theme, width, height }: OutcomeDrawing): void {
  const { x, y, cells, limits } = outcomes;
  if (!y) return;
  context.clearRect(0, 0, width, height);
  const bottom = height - margin.bottom;
  const [cellWidth, cellHeight] = [
    (width - margin.left - margin.right) / x.values.length,
    (bottom - margin.top) / y.values.length,
  ];
  const left = (index: number) => margin.left + index * cellWidth;
  const top = (index: number) => bottom - (index + 1) * cellHeight;
  const shareOf = goodness(
    cells.map(({ spread }) => spread.mean),
    rule.sign,
  );
  context.font = `${theme.fontSize}px ${theme.fontFamily}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const { x: atX, y: atY, spread, diverged } of cells) {
    const [from, to] = [left(atX) + 1, top(atY) + 1];
    const [across, down] = [cellWidth - 2, cellHeight - 2];
    const [middleX, middleY] = [from + across / 2, to + down / 2];
    context.fillStyle = theme.training;
    context.globalAlpha = spread.count > 0 ? 0.08 + 0.47 * shareOf(spread.mean) : 0.03;
    context.fillRect(from, to, across, down);
    context.globalAlpha = 1;
    if (theme.highContrast) {
      context.strokeStyle = theme.gridLine;
      context.lineWidth = 1;
      context.strokeRect(from, to, across, down);
    }
    const text = formatRounded(spread.mean, 3);
    const isWide = down > theme.fontSize + 2 && context.measureText(text).width < across - (diverged > 0 ? 24 : 4);
    context.fillStyle = theme.foreground;
    if (spread.count > 0 && isWide) context.fillText(text, middleX, middleY);
    if (diverged === 0) continue;
    context.strokeStyle = theme.error;
    context.lineWidth = 2;
    if (spread.count === 0) drawShape(context, 'cross', middleX, middleY, 4);
    else drawShape(context, 'cross', from + across - 8, to + 8, 3);
  }
  context.fillStyle = theme.muted;
  context.textBaseline = 'top';
  labels(
    x.values,
    (index) => left(index) + cellWidth / 2,
    cellWidth,
    (text, at) => context.fillText(text, at, bottom + 6),
  );
  context.fillText(x.key, (margin.left + width) / 2, bottom + 6 + theme.fontSize * 1.3);
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  labels(
    y.values,
    (index) => top(index) + cellHeight / 2,
    4 * cellHeight,
    (text, at) => context.fillText(text, margin.left - 6, at),
  );
  context.setLineDash([5, 3]);
  limits?.forEach((limit, row) => {
    if (Number.isNaN(limit)) return;
    const at = margin.left + placeOf(limit, x) * cellWidth;
    drawLine(context, [at, top(row), at, top(row) + cellHeight], theme.validation, theme);
    context.lineWidth = 2;
    context.stroke();
  });
  context.setLineDash([]);
}

/** From 0 for the worst of some numbers to 1 for the best; by their logarithm where all are positive and far apart. */
function goodness(means: readonly number[], sign: 1 | -1): (value: number) => number {
  const known = means.filter(Number.isFinite);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const placed = least > 0 && most > 10 * least ? Math.log : (value: number) => value;
  return (value) => {
    const share = most > least ? (placed(value) - placed(least)) / (placed(most) - placed(least)) : 0.5;
    return sign > 0 ? 1 - share : share;
  };
}

/** Where a number lies among columns of equal width, counted from the left edge of the first; the middle of a column is its value. */
function placeOf(number: number, { values, isLog }: VariedNumber): number {
  const placed = isLog ? Math.log : (value: number) => value;
  if (number <= values[0]) return 0;
  for (let i = 1; i < values.length; i++) {
    const [from, to] = [placed(values[i - 1]), placed(values[i])];
    if (number <= values[i]) return i - 0.5 + (placed(number) - from) / (to - from);
  }
  return values.length;
}

/** Writes as many of the numbers as there is room for. */
function labels(
  values: readonly number[],
  placeAt: (index: number) => number,
  room: number,
  write: (text: string, at: number) => void,
): void {
  const every = Math.max(1, Math.ceil(56 / room));
  values.forEach((value, index) => {
    if (index % every === 0) write(formatShortest(value), placeAt(index));
  });
}
