import type { Theme } from '../page/theme';
import type { LandscapeFrame } from './landscapeFrame';

/** What a mark stands for; each has a shape of its own. */
export type MarkKind = 'start' | 'position' | 'minimum';

/** Half the width of a mark, in pixels. */
const size = 5;

/** The outlines of the marks about 0, 0, as the path of an SVG. */
export const markShapes: Record<MarkKind, string> = {
  start: `M ${-size} ${-size} H ${size} V ${size} H ${-size} Z`,
  position: `M ${-size} 0 A ${size} ${size} 0 1 1 ${size} 0 A ${size} ${size} 0 1 1 ${-size} 0 Z`,
  minimum: `M ${-size} ${-size} L ${size} ${size} M ${size} ${-size} L ${-size} ${size}`,
};

/** Draws a mark at a point of the plane; where that is out of sight, an arrow at the edge that points to it. */
export function drawMark(
  context: CanvasRenderingContext2D,
  frame: LandscapeFrame,
  theme: Theme,
  kind: MarkKind,
  [a, b]: readonly [number, number],
): void {
  if (Number.isNaN(a) || Number.isNaN(b)) return;
  const { x, y, isOutside } = frame.clamped(a, b);
  context.save();
  context.translate(x, y);
  if (isOutside) drawArrow(context, theme, Math.atan2(frame.y(b) - y, frame.x(a) - x));
  const shape = new Path2D(markShapes[kind]);
  if (isOutside) context.scale(0.7, 0.7);
  context.lineWidth = 4;
  context.strokeStyle = theme.surface;
  context.stroke(shape);
  context.lineWidth = 2;
  context.strokeStyle = context.fillStyle = kind === 'position' ? theme.position : theme.foreground;
  if (kind === 'position') context.fill(shape);
  else context.stroke(shape);
  context.restore();
}

/** A triangle whose tip is at 0, 0 and points along the angle; what it belongs to is moved behind it. */
function drawArrow(context: CanvasRenderingContext2D, theme: Theme, angle: number): void {
  context.rotate(angle);
  context.fillStyle = theme.error;
  context.beginPath();
  context.moveTo(0, 0);
  context.lineTo(-9, -5);
  context.lineTo(-9, 5);
  context.fill();
  context.translate(-15, 0);
  context.rotate(-angle);
}
