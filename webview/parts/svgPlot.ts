import { formatCount, formatTick } from '../../src/base/format';
import type { PlotAxis } from './plotAxis';

/** Pixels for the words left of and below a plot, and what is left free above and beside it. */
const room = { left: 44, below: 18, top: 8, right: 8 };

/** An empty plot over the epochs, and where a number of epochs and a value stand in it. */
export function plotFrame(
  { width, height }: { width: number; height: number },
  axis: PlotAxis,
  epochs: number,
): { root: SVGElement; x: (epochs: number) => number; y: (value: number) => number } {
  const end = Math.max(1, epochs);
  const bottom = height - room.below;
  const x = (at: number) => room.left + (at / end) * (width - room.left - room.right);
  const y = (value: number) =>
    bottom - ((Math.max(axis.min, value) - axis.min) / (axis.max - axis.min)) * (bottom - room.top);
  const root = svg('svg', { width, height, 'aria-hidden': 'true' });
  for (const tick of axis.ticks) {
    root.append(svg('line', { class: 'grid', x1: room.left, x2: width - room.right, y1: y(tick), y2: y(tick) }));
    root.append(label(formatTick(tick, axis.min, axis.max), room.left - 6, y(tick) + 4, 'end'));
  }
  root.append(label('0', x(0), height - 4, 'middle'), label(`${formatCount(end)} epochs`, x(end), height - 4, 'end'));
  return { root, x, y };
}

/** An element of a drawing. */
export function svg(tag: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

function label(text: string, x: number, y: number, anchor: string): SVGElement {
  const made = svg('text', { x, y, 'text-anchor': anchor });
  made.textContent = text;
  return made;
}
