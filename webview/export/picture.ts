import { readTheme, type Theme } from '../page/theme';

/** Between the edge of a picture and what is in it, and between words, in CSS pixels. */
const margin = 8;
const gap = 10;
/** Of a line of text, as a share of its size. */
const lineHeight = 1.5;
/** How wide a sign of a legend is, and what stands between it and its words. */
const signWidth = 20;
const signGap = 5;

/** A word or a sign of a legend. */
interface Item {
  width: number;
  draw(context: CanvasRenderingContext2D, x: number, y: number): void;
}

/**
 * A plot as it is on the screen, as the bytes of a PNG file in base64: its canvas on the page's background, below its legend.
 * Undefined where nothing is drawn.
 * @param words the elements that say what is in the plot, a line each or more.
 */
export function pictureOf(plot: HTMLCanvasElement, words: readonly HTMLElement[]): string | undefined {
  const context = document.createElement('canvas').getContext('2d')!;
  const { canvas } = context;
  const shown = plot.getBoundingClientRect();
  if (plot.width === 0 || plot.height === 0 || shown.width === 0) return undefined;
  const theme = readTheme();
  const ratio = plot.width / shown.width;
  context.font = fontOf(theme);
  const lines = words.flatMap((element) => brokenInto(itemsOf(element, context), shown.width));
  // A whole number of pixels, so that the plot is not drawn between them.
  const height = Math.ceil(theme.fontSize * lineHeight * ratio) / ratio;
  canvas.width = plot.width + 2 * margin * ratio;
  canvas.height = plot.height + (2 * margin + lines.length * height) * ratio;
  context.fillStyle = theme.surface;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(ratio, ratio);
  context.font = fontOf(theme);
  context.textBaseline = 'middle';
  lines.forEach((line, i) => {
    let x = margin;
    for (const item of line) {
      item.draw(context, x, margin + (i + 0.5) * height);
      x += item.width;
    }
  });
  context.drawImage(plot, margin, margin + lines.length * height, shown.width, plot.height / ratio);
  return canvas.toDataURL('image/png').slice('data:image/png;base64,'.length);
}

function fontOf({ fontSize, fontFamily }: Theme): string {
  return `${fontSize}px ${fontFamily}`;
}

/** The words and signs in an element, as far as they are seen. */
function itemsOf(element: Element, context: CanvasRenderingContext2D): Item[] {
  const style = getComputedStyle(element);
  if ((element as HTMLElement).hidden || style.display === 'none') return [];
  if (element instanceof SVGElement) return [svgSign(element)];
  if (element.classList.contains('swatch')) return [boxSign(element)];
  return [...element.childNodes].flatMap((node) => {
    if (node instanceof Element) return itemsOf(node, context);
    const text = node.textContent?.trim() ?? '';
    return text === '' ? [] : [word(text, style.color, context)];
  });
}

function word(text: string, colour: string, context: CanvasRenderingContext2D): Item {
  return {
    width: context.measureText(text).width + gap,
    draw(target, x, y) {
      target.fillStyle = colour;
      target.fillText(text, x, y);
    },
  };
}

/** A line of a curve, or the mark of a point. */
function svgSign(picture: SVGElement): Item {
  const [line, path] = [picture.querySelector('line'), picture.querySelector('path')];
  const { stroke, strokeWidth, fill } = getComputedStyle(line ?? path ?? picture);
  return sign((context) => {
    context.strokeStyle = stroke;
    context.fillStyle = fill;
    context.lineWidth = Number.parseFloat(strokeWidth) || 1;
    if (line) {
      context.setLineDash((line.getAttribute('stroke-dasharray') ?? '').split(' ').filter(Boolean).map(Number));
      strokeAcross(context);
    }
    const shape = path && new Path2D(path.getAttribute('d') ?? '');
    if (shape && fill !== 'none') context.fill(shape);
    if (shape && stroke !== 'none') context.stroke(shape);
  });
}

/** What a legend of boxes has: a line, a disc, a diamond or a rectangle. */
function boxSign(box: Element): Item {
  const style = getComputedStyle(box);
  const { backgroundColor, borderTopColor, borderTopStyle, borderRadius, rotate } = style;
  const sizes = [style.width, style.height, style.borderTopWidth, style.borderBottomWidth];
  const [across, high, border, borderBelow] = sizes.map((size) => Number.parseFloat(size) || 0);
  return sign((context) => {
    context.fillStyle = backgroundColor;
    context.strokeStyle = borderTopColor;
    context.lineWidth = border;
    if (border > 0 && borderBelow === 0) {
      context.setLineDash(borderTopStyle === 'dashed' ? [3, 3] : []);
      return strokeAcross(context);
    }
    if (rotate !== 'none') context.rotate(Math.PI / 4);
    context.beginPath();
    if (borderRadius === '50%') context.arc(0, 0, across / 2, 0, 2 * Math.PI);
    else context.rect(-across / 2, -high / 2, across, high);
    context.fill();
    if (border > 0) context.stroke();
  });
}

/** Draws around the sign's centre. */
function sign(draw: (context: CanvasRenderingContext2D) => void): Item {
  return {
    width: signWidth + signGap,
    draw(context, x, y) {
      context.save();
      context.translate(x + signWidth / 2, y);
      draw(context);
      context.restore();
    },
  };
}

function strokeAcross(context: CanvasRenderingContext2D): void {
  context.beginPath();
  context.moveTo(-signWidth / 2, 0);
  context.lineTo(signWidth / 2, 0);
  context.stroke();
}

/** Items in lines that are no longer than a width, where none of them is. */
function brokenInto(items: readonly Item[], width: number): Item[][] {
  const lines: Item[][] = [];
  let left = 0;
  for (const item of items) {
    if (lines.length === 0 || item.width > left) {
      lines.push([]);
      left = width;
    }
    lines[lines.length - 1].push(item);
    left -= item.width;
  }
  return lines;
}
