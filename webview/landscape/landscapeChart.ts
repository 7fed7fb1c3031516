import type { LossPlane } from '../../src/engine/report/lossPlane';
import { readTheme, type Theme } from '../page/theme';
import { LandscapeBackground } from './landscapeBackground';
import type { LandscapeFrame } from './landscapeFrame';
import type { LandscapePath } from './landscapePath';
import { Layer } from './landscapeLayer';
import { drawMark } from './landscapeMarks';

/** What there is to draw. */
export interface LandscapePicture {
  plane: LossPlane;
  path: LandscapePath;
  /** Where the model stands that is looked at. */
  position: [a: number, b: number];
  /** The point under the pointer or the keyboard cursor. */
  cursor: { a: number; b: number } | undefined;
}

/** Points of the path that are drawn at a time; the rest waits for the next frame. */
const mostPoints = 20_000;
/** Pixels that a point of the path is away from the one before it, at least, to be drawn; and to have a dot of its own. */
const nearest = 0.7;
const dotted = 6;
/** First points of a path that may have a dot; later, many would only make the path wider. */
const mostDots = 40;
const trailOpacity = 0.8;
/** Pixels beyond which a line leads no further: canvases lose their way with larger numbers. */
const furthest = 1e5;

/** The landscape on its canvas: what stays is drawn once, and of the path only what is new. */
export class LandscapeChart {
  private readonly screen: Layer;
  private readonly background = new LandscapeBackground();
  private readonly trail = new Layer(document.createElement('canvas'));
  private theme: Theme = readTheme();
  private width = 0;
  private height = 0;
  private frame: LandscapeFrame | undefined;
  private drawn = 0;
  private last = { x: NaN, y: NaN };
  /** As the path's was when the trail was begun. */
  private every = 1;

  constructor(canvas: HTMLCanvasElement) {
    this.screen = new Layer(canvas);
  }

  /** Takes the room there is, in CSS pixels. */
  resize(width: number, height: number): void {
    this.width = width;
    this.height = height;
  }

  /** Takes the theme's colours anew. */
  themeChanged(): void {
    this.theme = readTheme();
    this.background.forget();
    this.frame = undefined;
  }

  /** Draws a frame. Returns whether all of the path is on it. */
  draw(picture: LandscapePicture): boolean {
    const { width, height, theme } = this;
    if (width < 80 || height < 80) return true;
    this.screen.resize(width, height);
    const { frame, layer } = this.background.drawn(picture.plane, theme, width, height);
    const { count, every } = picture.path;
    if (frame !== this.frame || count < this.drawn || every !== this.every) this.restartTrail(frame);
    this.every = every;
    const isWhole = this.extendTrail(picture.path, frame);
    const { context } = this.screen;
    context.clearRect(0, 0, width, height);
    layer.copyTo(context, width, height);
    context.globalAlpha = theme.highContrast ? 1 : trailOpacity;
    this.trail.copyTo(context, width, height);
    context.globalAlpha = 1;
    this.drawMarks(picture, frame);
    return isWhole;
  }

  /** The point of the plane at a place on the canvas; undefined where none is drawn. */
  pointAt(x: number, y: number): { a: number; b: number } | undefined {
    const { frame } = this;
    if (!frame) return undefined;
    return frame.pointAt(
      Math.max(frame.left, Math.min(frame.left + frame.width, x)),
      Math.max(frame.top, Math.min(frame.top + frame.height, y)),
    );
  }

  private restartTrail(frame: LandscapeFrame): void {
    this.frame = frame;
    this.drawn = 0;
    this.last = { x: NaN, y: NaN };
    this.trail.resize(this.width, this.height);
    const { context } = this.trail;
    context.restore();
    context.clearRect(0, 0, this.width, this.height);
    context.save();
    frame.clip(context);
  }

  private extendTrail(path: LandscapePath, frame: LandscapeFrame): boolean {
    const { context } = this.trail;
    context.strokeStyle = context.fillStyle = this.theme.foreground;
    context.lineWidth = this.theme.highContrast ? 1.5 : 1;
    context.lineJoin = 'round';
    context.beginPath();
    if (!Number.isNaN(this.last.x)) context.moveTo(this.last.x, this.last.y);
    const dots = new Path2D();
    let left = mostPoints;
    for (; this.drawn < path.count && left > 0; this.drawn++) {
      const [a, b] = path.at(this.drawn);
      const x = limited(frame.x(a));
      const y = limited(frame.y(b));
      const distance = Math.abs(x - this.last.x) + Math.abs(y - this.last.y);
      if (Number.isNaN(x) || Number.isNaN(y) || distance < nearest) continue;
      if (Number.isNaN(distance)) context.moveTo(x, y);
      else context.lineTo(x, y);
      if (distance >= dotted && this.drawn < mostDots) {
        dots.moveTo(x, y);
        dots.arc(x, y, 2, 0, 2 * Math.PI);
      }
      this.last = { x, y };
      left--;
    }
    context.stroke();
    context.fill(dots);
    return this.drawn === path.count;
  }

  private drawMarks({ plane, path, position, cursor }: LandscapePicture, frame: LandscapeFrame): void {
    const { context } = this.screen;
    const { theme } = this;
    if (path.count > 0) drawMark(context, frame, theme, 'start', path.at(0));
    drawMark(context, frame, theme, 'position', position);
    if (plane.minimum) {
      const { a, b, loss } = plane.minimum;
      drawMark(context, frame, theme, 'minimum', [a, plane.axes.length === 1 ? loss : b]);
    }
    if (cursor) this.drawCursor(frame, frame.x(cursor.a), frame.y(cursor.b));
  }

  private drawCursor({ left, top, width, height }: LandscapeFrame, x: number, y: number): void {
    const { context } = this.screen;
    context.strokeStyle = this.theme.foreground;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(Math.round(x) + 0.5, top);
    context.lineTo(Math.round(x) + 0.5, top + height);
    context.moveTo(left, Math.round(y) + 0.5);
    context.lineTo(left + width, Math.round(y) + 0.5);
    context.stroke();
  }
}

function limited(pixel: number): number {
  return Math.max(-furthest, Math.min(furthest, pixel));
}
