import { formatCount, formatMinimum, formatNumber, isRounding } from '../../src/base/format';
import type { LossPlane, PlaneAxis } from '../../src/engine/report/lossPlane';

type Place = readonly [a: number, b: number];

/** What an axis is called beside a number: `steepest`, `x0`. */
export function axisName({ kind, label }: PlaneAxis): string {
  return kind === 'parameter' ? label.replace(/^weight (of )?/, '') : kind;
}

/**
 * In a sentence where a model stands, how far above the minimum that is, and how much of the way to it is behind.
 * @param loss NaN where it is not known.
 * @param scale What losses are measured by.
 */
export function describePosition(plane: LossPlane, start: Place, now: Place, loss: number, scale: number): string {
  const { minimum } = plane;
  const known = Number.isNaN(loss) ? 'The model is out of view' : `Loss ${formatNumber(loss)}`;
  if (!minimum && !plane.isOfNet) return `${known}; the plane has no lowest point within reach.`;
  if (!minimum) return `${known}. The plane is a slice: the net may go lower outside of it.`;
  const what = plane.isThroughMinimum ? 'the minimum' : 'the lowest point of this plane';
  const [whole, above] = [loss, Math.max(0, loss - minimum.loss)].map(formatNumber);
  const isAlone = whole === above || Number.isNaN(loss) || isRounding(minimum.loss, scale);
  const height = isAlone ? `; ${what} is` : `, ${above} above ${what}`;
  const target = [minimum.a, minimum.b];
  const ways = plane.axes.map((axis, i) => describeWay(axis, target[i] - start[i], target[i] - now[i]));
  const stands = start.every((value, i) => value === now[i]) ? 'The run stands at its start.' : sentence(ways);
  return `${known}${height} ${formatMinimum(minimum.loss, scale)}. ${stands}`;
}

/** What to know about the picture. */
export function describePicture({ axes, sampledRows, isThroughMinimum }: LossPlane): string {
  const parts: string[] = [];
  if (axes.length > 1) parts.push('The loss is the same all along a line. The axes are not to the same scale.');
  const others = (axes[0]?.direction.length ?? 0) > axes.length;
  if (others && axes.every(({ kind }) => kind === 'parameter')) {
    const where = isThroughMinimum ? 'at the minimum' : 'as they are now';
    parts.push(`The other parameters are held ${where}.`);
  }
  if (sampledRows)
    parts.push(`The loss is over ${formatCount(sampledRows)} rows, evenly taken from the training rows.`);
  return parts.join(' ');
}

/** What is to be said, and of what; two axes of which the same is to be said share its words. */
function describeWay(axis: PlaneAxis, whole: number, left: number): [words: string, rest: string] {
  const along = axis.kind === 'parameter' ? `in ${axis.label}` : `along the ${axis.kind} direction`;
  if (axis.kind === 'flat') return ['nothing is to gain', along];
  if (whole === 0) return ['there was no way to go', along];
  const covered = 1 - Math.abs(left / whole);
  if (covered < 0) return ['it is further from the minimum than at the start', along];
  return ['the path has covered', `${share(covered)} ${along}`];
}

/** Never all of it while some is left. */
function share(covered: number): string {
  const percent = 100 * covered;
  const digits = percent > 99 ? 3 : 2;
  const text = String(Number(percent.toPrecision(digits)));
  return `${percent < 100 && text === '100' ? '99.9' : percent < 0.1 ? 'less than 0.1' : text} %`;
}

function sentence([[words, rest], second]: [words: string, rest: string][]): string {
  let text = `${words} ${rest}`;
  if (second) text += second[0] === words ? ` and ${second[1]}` : `; ${second.join(' ')}`;
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}
