import { formatTick } from '../../src/base/format';
import type { LossPlane } from '../../src/engine/report/lossPlane';
import type { Theme } from '../page/theme';
import { contoursOf } from './landscapeContours';
import { LandscapeFrame } from './landscapeFrame';
import { shownView } from './landscapeGrid';
import { Layer } from './landscapeLayer';
import { roundTicks } from '../parts/plotAxis';

/** Opacity of the fill between two lines, which adds up from line to line; and of the lines. */
const fillOpacity = 0.045;
const lineOpacity = 0.55;
const tickLength = 4;

/** What does not change from frame to frame: lines of equal loss, or the curve of a single parameter, and the axes. */
export class LandscapeBackground {
  private readonly layer = new Layer(document.createElement('canvas'));
  private frame: LandscapeFrame | undefined;
  private plane: LossPlane | undefined;
  private size = '';

  /** Makes the next `drawn` draw everything anew. */
  forget(): void {
    this.plane = undefined;
  }

  /** The background of these pixels, from before where it is the same. */
  drawn(plane: LossPlane, theme: Theme, width: number, height: number): { frame: LandscapeFrame; layer: Layer } {
    const { layer } = this;
    const size = `${width} ${height} ${window.devicePixelRatio}`;
    if (this.frame && plane === this.plane && size === this.size) return { frame: this.frame, layer };
    this.plane = plane;
    this.size = size;
    layer.resize(width, height);
    const { context } = layer;
    context.clearRect(0, 0, width, height);
    context.font = `${theme.fontSize}px ${theme.fontFamily}`;
    const frame = layOut(context, plane, theme, width, height);
    context.save();
    frame.clip(context);
    if (plane.axes.length === 1) drawCurve(context, frame, plane, theme);
    else drawContours(context, frame, plane, theme);
    context.restore();
    drawAxes(context, frame, theme);
    this.frame = frame;
    return { frame, layer };
  }
}

function layOut(
  context: CanvasRenderingContext2D,
  plane: LossPlane,
  theme: Theme,
  width: number,
  height: number,
): LandscapeFrame {
  const view = shownView(plane);
  const { min, max, ticks } = ticksOf(view.b, view.halfB);
  const widest = Math.max(...ticks.map((tick) => context.measureText(formatTick(tick, min, max)).width), 0);
  const left = Math.ceil(widest) + tickLength + 5;
  const bottom = theme.fontSize + tickLength + 6;
  return new LandscapeFrame(view, left, 1, width - left - 1, height - bottom - 1);
}

function ticksOf(centre: number, half: number): { min: number; max: number; ticks: number[] } {
  const [min, max] = [centre - half, centre + half];
  return { min, max, ticks: roundTicks(min, max, 6) };
}

/** Adds up fills of what is above each line, so that the valley is the lightest; lines alone in a theme of high contrast. */
function drawContours(context: CanvasRenderingContext2D, frame: LandscapeFrame, plane: LossPlane, theme: Theme): void {
  performance.mark('landscape-contours');
  const { left, top, width, height } = frame;
  context.fillStyle = context.strokeStyle = theme.training;
  context.lineWidth = 1;
  for (const { rings } of contoursOf(plane)) {
    const path = new Path2D();
    for (const ring of rings) {
      path.moveTo(left + ring[0][0] * width, top + (1 - ring[0][1]) * height);
      for (const [x, y] of ring) path.lineTo(left + x * width, top + (1 - y) * height);
    }
    context.globalAlpha = fillOpacity;
    if (!theme.highContrast) context.fill(path, 'evenodd');
    context.globalAlpha = theme.highContrast ? 1 : lineOpacity;
    context.stroke(path);
  }
  context.globalAlpha = 1;
}

function drawCurve(context: CanvasRenderingContext2D, frame: LandscapeFrame, plane: LossPlane, theme: Theme): void {
  const { left, width } = frame;
  context.strokeStyle = theme.training;
  context.lineWidth = theme.highContrast ? 2 : 1.5;
  context.beginPath();
  plane.losses.forEach((loss, i) => context.lineTo(left + (i / (plane.size - 1)) * width, frame.y(loss)));
  context.stroke();
}

function drawAxes(context: CanvasRenderingContext2D, frame: LandscapeFrame, theme: Theme): void {
  const { view, left, top, width, height } = frame;
  const bottom = top + height;
  context.strokeStyle = theme.gridLine;
  context.fillStyle = theme.muted;
  context.lineWidth = 1;
  context.strokeRect(left - 0.5, top - 0.5, width + 1, height + 1);
  context.beginPath();
  const across = ticksOf(view.a, view.halfA);
  context.textBaseline = 'top';
  let end = -Infinity;
  for (const tick of across.ticks) {
    const x = Math.round(frame.x(tick)) + 0.5;
    context.moveTo(x, bottom);
    context.lineTo(x, bottom + tickLength);
    const text = formatTick(tick, across.min, across.max);
    const half = context.measureText(text).width / 2;
    const centre = Math.max(left + half, Math.min(left + width - half, x));
    if (centre - half < end + 8) continue;
    end = centre + half;
    context.textAlign = 'center';
    context.fillText(text, centre, bottom + tickLength + 3);
  }
  const up = ticksOf(view.b, view.halfB);
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const tick of up.ticks) {
    const y = Math.round(frame.y(tick)) + 0.5;
    context.moveTo(left - tickLength, y);
    context.lineTo(left, y);
    const middle = Math.max(top + theme.fontSize / 2, Math.min(bottom - theme.fontSize / 2, y));
    context.fillText(formatTick(tick, up.min, up.max), left - tickLength - 3, middle);
  }
  context.stroke();
}
