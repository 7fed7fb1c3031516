import type { Point } from './lossSeries';

/** Share of the width that each point of a smoothed curve is the average of. */
const share = 0.05;

/**
 * The average of the points within a twentieth of the plot's width around each place. On logarithmic axes places and
 * losses are averaged as they are drawn. A break in the curve stays one.
 */
export function smoothed(points: readonly Point[], { logX, logY }: { logX: boolean; logY: boolean }): Point[] {
  const place = ({ x }: Point): number => (logX ? Math.log(x) : x);
  const height = ({ y }: Point): number => (logY ? Math.log(y) : y);
  const reach = points.length > 0 ? ((place(points[points.length - 1]) - place(points[0])) * share) / 2 : 0;
  const result: Point[] = [];
  let [from, to, sum, count] = [0, 0, 0, 0];
  const add = (point: Point, sign: 1 | -1): void => {
    if (Number.isNaN(point.y)) return;
    sum += sign * height(point);
    count += sign;
  };
  for (const point of points) {
    for (; to < points.length && place(points[to]) <= place(point) + reach; to++) add(points[to], 1);
    for (; place(points[from]) < place(point) - reach; from++) add(points[from], -1);
    const average = sum / count;
    result.push({ x: point.x, y: Number.isNaN(point.y) ? NaN : logY ? Math.exp(average) : average });
  }
  return result;
}
