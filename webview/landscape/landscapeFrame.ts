import type { PlaneView } from '../../src/engine/report/lossPlane';

/** A part of a plane in a rectangle of a canvas, in CSS pixels. */
export class LandscapeFrame {
  constructor(
    readonly view: PlaneView,
    readonly left: number,
    readonly top: number,
    readonly width: number,
    readonly height: number,
  ) {}

  x(a: number): number {
    const { view, left, width } = this;
    return left + ((a - view.a + view.halfA) / (2 * view.halfA)) * width;
  }

  y(b: number): number {
    const { view, top, height } = this;
    return top + height - ((b - view.b + view.halfB) / (2 * view.halfB)) * height;
  }

  /** The point of the plane at a pixel. */
  pointAt(x: number, y: number): { a: number; b: number } {
    const { view, left, top, width, height } = this;
    return {
      a: view.a + view.halfA * ((2 * (x - left)) / width - 1),
      b: view.b + view.halfB * (1 - (2 * (y - top)) / height),
    };
  }

  /** The pixel nearest to a point that is in the rectangle; `isOutside` where the point is not. */
  clamped(a: number, b: number): { x: number; y: number; isOutside: boolean } {
    const { left, top, width, height } = this;
    const x = Math.max(left, Math.min(left + width, this.x(a)));
    const y = Math.max(top, Math.min(top + height, this.y(b)));
    return { x, y, isOutside: Math.abs(x - this.x(a)) > 1 || Math.abs(y - this.y(b)) > 1 };
  }

  /** The canvas draws only within the rectangle from now on. */
  clip(context: CanvasRenderingContext2D): void {
    context.beginPath();
    context.rect(this.left, this.top, this.width, this.height);
    context.clip();
  }
}
