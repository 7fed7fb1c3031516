import { formatTick } from '../../src/base/format';
import { readTheme, type Theme } from '../page/theme';
import type { PlotAxis } from '../parts/plotAxis';

/** What a scatter plot is to show. */
export interface ScatterInput {
  x: Float32Array | Float64Array;
  y: Float32Array | Float64Array;
  /** 1 where a point is of a row that is held out. */
  validation: Uint8Array;
  /** Places that a line goes through, none before the one on its left. */
  line: { x: number; y: number }[];
  /** A line of reference rather than of the model: thin and dashed. */
  lineIsReference: boolean;
  xAxis: PlotAxis;
  yAxis: PlotAxis;
  xTitle: string;
  yTitle: string;
  /** Points are bars as wide as this, in the units of `x`. */
  barWidth?: number;
  /** Both axes are the same, and as long as one another. */
  isSquare?: boolean;
  /** The point under the pointer or the keyboard cursor. */
  marked: number | undefined;
}

/** Pixels around the plot, and between it and its words. */
const edge = 8;
const gap = 4;
/** How near, in pixels, a pointer has to come to a point. */
const reach = 24;
/** Half a point's width, where there are few and where there are many. */
const pointSizes = { few: 3, many: 2 };
const few = 300;

/** Points and a line on a canvas. */
export class ScatterChart {
  private theme: Theme = readTheme();
  private input: ScatterInput | undefined;
  private area = { left: 0, top: 0, right: 1, bottom: 1 };

  constructor(private readonly canvas: HTMLCanvasElement) {}

  /** Draws all of it anew, on so many CSS pixels. */
  draw(input: ScatterInput, width: number, height: number): void {
    this.input = input;
    const context = this.canvas.getContext('2d');
    if (!context || width === 0 || height === 0) return;
    this.resize(width, height);
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = `${this.theme.fontSize}px ${this.theme.fontFamily}`;
    this.layOut(context, input, width, height);
    this.drawAxes(context, input);
    context.save();
    const { left, top, right, bottom } = this.area;
    context.beginPath();
    context.rect(left - gap, top - gap, right - left + 2 * gap, bottom - top + 2 * gap);
    context.clip();
    if (input.barWidth === undefined) this.drawPoints(context, input);
    else this.drawBars(context, input, input.barWidth);
    this.drawLine(context, input);
    this.drawMarked(context, input);
    context.restore();
  }

  /** Takes the theme's colours anew; the next `draw` shows them. */
  themeChanged(): void {
    this.theme = readTheme();
  }

  /** The point nearest to a place on the canvas, where one is near. */
  nearest(pixelX: number, pixelY: number): number | undefined {
    if (!this.input) return undefined;
    const { x, y, barWidth } = this.input;
    if (barWidth !== undefined) {
      const bar = x.findIndex(
        (middle) => Math.abs(this.toX(middle) - pixelX) <= (this.toX(barWidth) - this.toX(0)) / 2,
      );
      return bar < 0 ? undefined : bar;
    }
    let [found, least] = [-1, reach ** 2];
    for (let i = 0; i < x.length; i++) {
      const distance = (this.toX(x[i]) - pixelX) ** 2 + (this.toY(y[i]) - pixelY) ** 2;
      if (distance < least) [found, least] = [i, distance];
    }
    return found < 0 ? undefined : found;
  }

  private resize(width: number, height: number): void {
    const [across, down] = [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)];
    if (this.canvas.width !== across) this.canvas.width = across;
    if (this.canvas.height !== down) this.canvas.height = down;
  }

  private layOut(
    context: CanvasRenderingContext2D,
    { yAxis, isSquare }: ScatterInput,
    width: number,
    height: number,
  ): void {
    const line = this.theme.fontSize * 1.4;
    const widest = Math.max(...tickWords(yAxis).map((words) => context.measureText(words).width));
    // The title of the vertical axis stands above it, so that it takes no width.
    this.area = {
      left: Math.ceil(widest) + 2 * gap,
      top: edge + line,
      right: width - 2 * edge,
      bottom: height - 2 * line - gap,
    };
    if (!isSquare) return;
    const { left, top, right, bottom } = this.area;
    const side = Math.max(1, Math.min(right - left, bottom - top));
    this.area = { left, top, right: left + side, bottom: top + side };
  }

  private drawAxes(context: CanvasRenderingContext2D, { xAxis, yAxis, xTitle, yTitle }: ScatterInput): void {
    const { theme, area } = this;
    const line = theme.fontSize * 1.4;
    context.strokeStyle = theme.gridLine;
    context.lineWidth = theme.highContrast ? 0.5 : 1;
    context.fillStyle = theme.muted;
    context.textBaseline = 'middle';
    context.textAlign = 'right';
    tickWords(yAxis).forEach((words, i) => {
      const y = Math.round(this.toY(yAxis.ticks[i])) + 0.5;
      strokeLine(context, [area.left, y], [area.right, y]);
      context.fillText(words, area.left - gap, y);
    });
    context.textBaseline = 'top';
    context.textAlign = 'center';
    let free = -Infinity;
    tickWords(xAxis).forEach((words, i) => {
      const x = this.toX(xAxis.ticks[i]);
      strokeLine(context, [Math.round(x) + 0.5, area.bottom], [Math.round(x) + 0.5, area.bottom + gap]);
      const half = context.measureText(words).width / 2;
      if (x - half < free || x + half > area.right + 2 * edge) return;
      context.fillText(words, x, area.bottom + gap + 1);
      free = x + half + 2 * edge;
    });
    context.textAlign = 'right';
    context.fillText(fitted(context, xTitle, area.right - gap), area.right, area.bottom + gap + line);
    context.textAlign = 'left';
    context.fillText(fitted(context, yTitle, area.right - gap), gap, 2);
  }

  private drawLine(context: CanvasRenderingContext2D, { line, lineIsReference }: ScatterInput): void {
    if (line.length === 0) return;
    context.strokeStyle = this.theme.foreground;
    context.lineWidth = lineIsReference ? 1 : 2;
    context.setLineDash(lineIsReference ? [4, 4] : []);
    context.beginPath();
    line.forEach(({ x, y }, i) => context[i === 0 ? 'moveTo' : 'lineTo'](this.toX(x), clampPixel(this.toY(y))));
    context.stroke();
    context.setLineDash([]);
  }

  private drawPoints(context: CanvasRenderingContext2D, { x, y, validation }: ScatterInput): void {
    const { theme } = this;
    const size = x.length > few ? pointSizes.many : pointSizes.few;
    context.globalAlpha = theme.highContrast || x.length <= few ? 1 : 0.7;
    context.fillStyle = theme.training;
    context.beginPath();
    for (let i = 0; i < x.length; i++) if (!validation[i]) addCircle(context, this.toX(x[i]), this.toY(y[i]), size);
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = theme.validation;
    context.lineWidth = x.length > few ? 1 : 1.5;
    context.beginPath();
    for (let i = 0; i < x.length; i++) if (validation[i]) addDiamond(context, this.toX(x[i]), this.toY(y[i]), size + 1);
    context.stroke();
  }

  private drawBars(context: CanvasRenderingContext2D, { x, y, marked }: ScatterInput, barWidth: number): void {
    const { theme, area } = this;
    for (let bar = 0; bar < x.length; bar++) {
      const [left, right] = [this.toX(x[bar] - barWidth / 2) + 0.5, this.toX(x[bar] + barWidth / 2) - 0.5];
      context.fillStyle = theme.training;
      context.fillRect(left, this.toY(y[bar]), right - left, area.bottom - this.toY(y[bar]));
      if (bar !== marked) continue;
      context.strokeStyle = theme.foreground;
      context.lineWidth = 2;
      context.strokeRect(left, area.top, right - left, area.bottom - area.top);
    }
  }

  private drawMarked(context: CanvasRenderingContext2D, { x, y, marked, barWidth }: ScatterInput): void {
    if (marked === undefined || marked >= x.length || barWidth !== undefined) return;
    context.strokeStyle = this.theme.foreground;
    context.lineWidth = 2;
    context.beginPath();
    context.arc(this.toX(x[marked]), this.toY(y[marked]), 2 * pointSizes.few + 1, 0, 2 * Math.PI);
    context.stroke();
  }

  private toX(value: number): number {
    const { left, right } = this.area;
    const { min, max } = this.input!.xAxis;
    return left + ((value - min) / (max - min)) * (right - left);
  }

  private toY(value: number): number {
    const { top, bottom } = this.area;
    const { min, max } = this.input!.yAxis;
    return bottom - ((value - min) / (max - min)) * (bottom - top);
  }
}

function tickWords({ ticks, min, max }: PlotAxis): string[] {
  return ticks.map((tick) => formatTick(tick, min, max));
}

/** As much of a text as fits. */
function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let end = text.length;
  while (end > 1 && context.measureText(`${text.slice(0, end)}…`).width > width) end--;
  return `${text.slice(0, end)}…`;
}

function strokeLine(context: CanvasRenderingContext2D, from: [number, number], to: [number, number]): void {
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}

function addCircle(context: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  context.moveTo(x + size, y);
  context.arc(x, y, size, 0, 2 * Math.PI);
}

function addDiamond(context: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  context.moveTo(x, y - size);
  context.lineTo(x + size, y);
  context.lineTo(x, y + size);
  context.lineTo(x - size, y);
  context.closePath();
}

/** A canvas loses lines that lead too far away. */
function clampPixel(pixel: number): number {
  return Math.max(-1e6, Math.min(1e6, pixel));
}
