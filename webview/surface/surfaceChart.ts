import { formatTick } from '../../src/base/format';
import type { RunShape } from '../../src/protocol/protocol';
import type { RowsPage } from '../../src/protocol/questions';
import { readTheme, type Theme } from '../page/theme';
import { finiteRange, roundTicks } from '../parts/plotAxis';
import { coloursOf, mix, type Colour } from './surfaceColours';
import type { SurfaceGrid } from './surfaceGrid';

/** What to draw. */
export interface SurfaceInput {
  grid: SurfaceGrid;
  shape: RunShape;
  page: RowsPage;
  target: number;
  /** The point that a person looks at, in the inputs' own units. */
  cursor: { x: number; y: number } | undefined;
}

const tickLength = 4;
const pointRadius = 3.5;

/** The predictions over the plane of two inputs as colours, with rows on top. */
export class SurfaceChart {
  private theme: Theme | undefined;
  private readonly tile = document.createElement('canvas');
  private frame = { left: 0, top: 0, width: 0, height: 0 };

  constructor(private readonly canvas: HTMLCanvasElement) {}

  /** Takes up the colours of a new theme. */
  themeChanged(): void {
    this.theme = undefined;
  }

  /** Draws into so many CSS pixels. */
  draw(input: SurfaceInput, width: number, height: number): void {
    const { canvas } = this;
    const ratio = window.devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const context = canvas.getContext('2d')!;
    context.scale(ratio, ratio);
    this.theme ??= readTheme();
    context.font = `${this.theme.fontSize}px ${this.theme.fontFamily}`;
    this.layOut(context, input, width, height);
    this.drawColours(context, input);
    this.drawRows(context, input);
    if (input.cursor) this.drawCursor(context, input.grid.plane, input.cursor);
    this.drawAxes(context, input.grid.plane);
  }

  /** The point of the plane at a pixel, as shares of its width and height; undefined outside. */
  shareAt(x: number, y: number): { x: number; y: number } | undefined {
    const { left, top, width, height } = this.frame;
    const share = { x: (x - left) / width, y: 1 - (y - top) / height };
    return share.x >= 0 && share.x <= 1 && share.y >= 0 && share.y <= 1 ? share : undefined;
  }

  private layOut(context: CanvasRenderingContext2D, { grid }: SurfaceInput, width: number, height: number): void {
    const { min, max } = grid.plane.y;
    const ticks = roundTicks(min, max, 5).map((tick) => context.measureText(formatTick(tick, min, max)).width);
    const left = Math.ceil(Math.max(0, ...ticks)) + tickLength + 5;
    const bottom = this.theme!.fontSize + tickLength + 5;
    this.frame = { left, top: 4, width: Math.max(1, width - left - 4), height: Math.max(1, height - bottom - 4) };
  }

  private drawColours(context: CanvasRenderingContext2D, { grid, shape, page, target }: SurfaceInput): void {
    const { side, width, values } = grid;
    const colours = coloursOf(shape, this.theme!);
    const range = finiteRange(page.targets);
    const image = new ImageData(side, side);
    for (let point = 0; point < side * side; point++) {
      const [row, column] = [Math.floor(point / side), point % side];
      const value = values.subarray(point * width, (point + 1) * width);
      const colour = mix(shape, colours, value, target, range);
      // The first row of an image is its highest.
      image.data.set([...colour, 255], 4 * ((side - 1 - row) * side + column));
    }
    this.tile.width = this.tile.height = side;
    this.tile.getContext('2d')!.putImageData(image, 0, 0);
    const { left, top, width: across, height } = this.frame;
    context.globalAlpha = 0.55;
    context.imageSmoothingEnabled = true;
    context.drawImage(this.tile, left, top, across, height);
    context.globalAlpha = 1;
  }

  private drawRows(context: CanvasRenderingContext2D, { grid, shape, page, target }: SurfaceInput): void {
    const { across, up, x, y } = grid.plane;
    const { left, top, width, height } = this.frame;
    const colours = coloursOf(shape, this.theme!);
    const range = finiteRange(page.targets);
    const inputs = shape.inputNames.length;
    const targets = shape.targetNames.length;
    context.lineWidth = 1;
    context.strokeStyle = this.theme!.foreground;
    page.rows.forEach((_, row) => {
      const at = {
        x: left + (width * (page.inputs[row * inputs + across] - x.min)) / (x.max - x.min),
        y: top + height * (1 - (page.inputs[row * inputs + up] - y.min) / (y.max - y.min)),
      };
      const colour = actualColour(shape, colours, page.targets[row * targets + target], range);
      context.fillStyle = `rgb(${colour.join(' ')})`;
      context.beginPath();
      if (page.validation[row]) diamond(context, at, pointRadius + 1);
      else context.arc(at.x, at.y, pointRadius, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    });
  }

  private drawCursor(
    context: CanvasRenderingContext2D,
    { x, y }: SurfaceGrid['plane'],
    cursor: { x: number; y: number },
  ): void {
    const { left, top, width, height } = this.frame;
    const across = left + (width * (cursor.x - x.min)) / (x.max - x.min);
    const up = top + height * (1 - (cursor.y - y.min) / (y.max - y.min));
    context.strokeStyle = this.theme!.foreground;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(across, top);
    context.lineTo(across, top + height);
    context.moveTo(left, up);
    context.lineTo(left + width, up);
    context.stroke();
  }

  private drawAxes(context: CanvasRenderingContext2D, { x, y }: SurfaceGrid['plane']): void {
    const { left, top, width, height } = this.frame;
    const theme = this.theme!;
    context.strokeStyle = theme.gridLine;
    context.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
    context.fillStyle = theme.muted;
    context.textBaseline = 'middle';
    context.textAlign = 'right';
    for (const tick of roundTicks(y.min, y.max, Math.max(2, height / 45))) {
      const at = top + height * (1 - (tick - y.min) / (y.max - y.min));
      context.fillText(formatTick(tick, y.min, y.max), left - tickLength - 2, at);
    }
    context.textBaseline = 'top';
    context.textAlign = 'center';
    for (const tick of roundTicks(x.min, x.max, Math.max(2, width / 70))) {
      const at = left + (width * (tick - x.min)) / (x.max - x.min);
      const text = formatTick(tick, x.min, x.max);
      const half = context.measureText(text).width / 2;
      context.fillText(text, Math.min(at, left + width + 4 - half), top + height + tickLength + 1);
    }
  }
}

function actualColour(shape: RunShape, colours: Colour[], actual: number, range: { min: number; max: number }): Colour {
  if (shape.classNames) return colours[actual % colours.length];
  return mix(shape, colours, Float64Array.of(actual), 0, range);
}

function diamond(context: CanvasRenderingContext2D, { x, y }: { x: number; y: number }, radius: number): void {
  context.moveTo(x, y - radius);
  context.lineTo(x + radius, y);
  context.lineTo(x, y + radius);
  context.lineTo(x - radius, y);
  context.closePath();
}
