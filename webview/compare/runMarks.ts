import type { Theme } from '../page/theme';

/** How a run is told from the others: a colour, and a shape for those who cannot tell colours apart. */
export interface RunMark {
  colour: string;
  shape: Shape;
  /** The shape as a character. */
  sign: string;
}

type Shape = 'circle' | 'square' | 'triangle' | 'diamond' | 'cross' | 'plus' | 'down';

const shapes: [Shape, string][] = [
  ['circle', '●'],
  ['square', '■'],
  ['triangle', '▲'],
  ['diamond', '◆'],
  ['cross', '✕'],
  ['plus', '✚'],
  ['down', '▼'],
];

/** The mark of the run at a place; six colours and seven shapes make 42 before one comes again. */
export function markOf(index: number, theme: Theme): RunMark {
  const colours = [theme.training, theme.validation, theme.floor, theme.mistake, theme.error, theme.position];
  const [shape, sign] = shapes[index % shapes.length];
  return { colour: colours[index % colours.length], shape, sign };
}

/** Draws a shape around a place, filled with the context's colour. */
export function drawShape(context: CanvasRenderingContext2D, shape: Shape, x: number, y: number, size: number): void {
  const corners: Partial<Record<Shape, [number, number][]>> = {
    square: [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
    ],
    triangle: [
      [0, -1.2],
      [1.1, 0.9],
      [-1.1, 0.9],
    ],
    down: [
      [0, 1.2],
      [1.1, -0.9],
      [-1.1, -0.9],
    ],
    diamond: [
      [0, -1.3],
      [1.3, 0],
      [0, 1.3],
      [-1.3, 0],
    ],
  };
  const strokes: Partial<Record<Shape, [number, number, number, number][]>> = {
    cross: [
      [-1, -1, 1, 1],
      [-1, 1, 1, -1],
    ],
    plus: [
      [-1.2, 0, 1.2, 0],
      [0, -1.2, 0, 1.2],
    ],
  };
  context.beginPath();
  if (shape === 'circle') context.arc(x, y, size, 0, 2 * Math.PI);
  corners[shape]?.forEach(([dx, dy]) => context.lineTo(x + dx * size, y + dy * size));
  for (const [fromX, fromY, toX, toY] of strokes[shape] ?? []) {
    context.moveTo(x + fromX * size, y + fromY * size);
    context.lineTo(x + toX * size, y + toY * size);
  }
  if (strokes[shape]) context.stroke();
  else context.fill();
}
