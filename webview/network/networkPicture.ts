import { readTheme, type Theme } from '../page/theme';
import { titleHeight, unitSize, type PlacedColumn, type PlacedUnit } from './networkLayout';
import type { NetworkLayer, UnitNumbers } from './unitNumbers';

/** What to draw. */
export interface NetworkInput {
  layers: readonly NetworkLayer[];
  columns: readonly PlacedColumn[];
  parameters: Float32Array;
  /** Of each layer and unit. */
  numbers: UnitNumbers[][];
  /** What the units of each layer give on a grid of the two inputs, first row lowest; absent where there are more inputs. */
  maps?: { side: number; values: Float32Array[] };
  inputNames: readonly string[];
}

type Colour = readonly [number, number, number];

/** Draws a net: units as squares, weights as lines. */
export class NetworkPicture {
  private theme: Theme | undefined;
  private readonly tile = document.createElement('canvas');

  constructor(private readonly canvas: HTMLCanvasElement) {}

  /** Takes up the colours of a new theme. */
  themeChanged(): void {
    this.theme = undefined;
  }

  /** Draws into so many CSS pixels. */
  draw(input: NetworkInput, width: number, height: number): void {
    const { canvas } = this;
    const ratio = window.devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const context = canvas.getContext('2d')!;
    context.scale(ratio, ratio);
    const theme = (this.theme ??= readTheme());
    context.font = `${theme.fontSize}px ${theme.fontFamily}`;
    context.lineCap = 'butt';
    input.layers.forEach((_, layer) => this.drawWeights(context, input, layer));
    input.columns.forEach((column, i) => {
      if (i === 0) this.drawInputs(context, input);
      else this.drawUnits(context, input, i - 1);
      this.drawTitle(context, column, width);
    });
  }

  /** Lines as wide as their weights are large, among those of the layer; negative ones are dashed. */
  private drawWeights(context: CanvasRenderingContext2D, { layers, columns, parameters }: NetworkInput, layer: number) {
    const theme = this.theme!;
    const { inFeatures, outFeatures, weightAt } = layers[layer];
    const weights = parameters.subarray(weightAt, weightAt + inFeatures * outFeatures);
    const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
    if (!(largest > 0) || !Number.isFinite(largest)) return;
    for (const to of columns[layer + 1].units) {
      for (const from of columns[layer].units) {
        const weight = weights[to.unit * inFeatures + from.unit];
        const share = Math.abs(weight) / largest;
        context.strokeStyle = weight < 0 ? theme.validation : theme.training;
        context.setLineDash(weight < 0 ? [4, 2] : []);
        context.globalAlpha = theme.highContrast ? 1 : 0.25 + 0.75 * share;
        context.lineWidth = 0.3 + 2.7 * share;
        context.beginPath();
        context.moveTo(from.x + unitSize / 2, from.y);
        context.lineTo(to.x - unitSize / 2, to.y);
        context.stroke();
      }
    }
    context.globalAlpha = 1;
    context.setLineDash([]);
  }

  private drawInputs(context: CanvasRenderingContext2D, { columns }: NetworkInput): void {
    const theme = this.theme!;
    context.fillStyle = theme.surface;
    context.strokeStyle = theme.foreground;
    context.lineWidth = 1;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (const { x, y, unit } of columns[0].units) {
      context.beginPath();
      context.arc(x, y, unitSize / 2, 0, 2 * Math.PI);
      context.fillStyle = theme.surface;
      context.fill();
      context.stroke();
      context.fillStyle = theme.foreground;
      context.fillText(String(unit + 1), x, y);
    }
  }

  private drawUnits(context: CanvasRenderingContext2D, input: NetworkInput, layer: number): void {
    const theme = this.theme!;
    for (const place of input.columns[layer + 1].units) {
      const [left, top] = [place.x - unitSize / 2, place.y - unitSize / 2];
      context.fillStyle = theme.surface;
      context.fillRect(left, top, unitSize, unitSize);
      if (input.maps) this.drawMap(context, input, layer, place);
      else this.drawShare(context, input.numbers[layer][place.unit].active, left, top);
      this.drawBorder(context, input.numbers[layer][place.unit].state, left, top);
    }
  }

  /** What the unit gives over the two inputs: as strong a colour as it is far from 0. */
  private drawMap(context: CanvasRenderingContext2D, { layers, maps }: NetworkInput, layer: number, place: PlacedUnit) {
    const { side, values } = maps!;
    const width = layers[layer].outFeatures;
    const theme = this.theme!;
    const [zero, above, below] = [theme.surface, theme.training, theme.validation].map(parse);
    let largest = 0;
    for (let at = place.unit; at < values[layer].length; at += width) {
      largest = Math.max(largest, Math.abs(values[layer][at]));
    }
    const image = new ImageData(side, side);
    for (let point = 0; point < side * side; point++) {
      const value = values[layer][point * width + place.unit];
      const share = largest > 0 && Number.isFinite(value) ? Math.abs(value) / largest : 0;
      const far = value < 0 ? below : above;
      const row = side - 1 - Math.floor(point / side);
      const colour = zero.map((part, i) => part + share * (far[i] - part));
      image.data.set([...colour, 255], 4 * (row * side + (point % side)));
    }
    this.tile.width = this.tile.height = side;
    this.tile.getContext('2d')!.putImageData(image, 0, 0);
    context.drawImage(this.tile, place.x - unitSize / 2, place.y - unitSize / 2, unitSize, unitSize);
  }

  /** The share of the rows for which the unit is above 0, from the bottom up. */
  private drawShare(context: CanvasRenderingContext2D, active: number, left: number, top: number): void {
    context.fillStyle = this.theme!.training;
    const height = unitSize * active;
    context.fillRect(left, top + unitSize - height, unitSize, height);
  }

  /** Crossed out where the unit is dead, with a second frame where it is saturated. */
  private drawBorder(context: CanvasRenderingContext2D, state: UnitNumbers['state'], left: number, top: number): void {
    const theme = this.theme!;
    context.strokeStyle = state ? theme.error : theme.foreground;
    context.lineWidth = state ? 2 : 1;
    context.strokeRect(left + 0.5, top + 0.5, unitSize - 1, unitSize - 1);
    if (state === 'dead') {
      context.beginPath();
      context.moveTo(left, top);
      context.lineTo(left + unitSize, top + unitSize);
      context.moveTo(left + unitSize, top);
      context.lineTo(left, top + unitSize);
      context.stroke();
    } else if (state === 'saturated') {
      context.strokeRect(left + 4.5, top + 4.5, unitSize - 9, unitSize - 9);
    }
  }

  private drawTitle(context: CanvasRenderingContext2D, { x, title, units, left }: PlacedColumn, width: number): void {
    context.fillStyle = this.theme!.muted;
    context.textBaseline = 'top';
    context.textAlign = 'center';
    const half = context.measureText(title).width / 2;
    context.fillText(title, Math.max(half, Math.min(width - half, x)), (titleHeight - this.theme!.fontSize) / 2 - 2);
    if (left === 0) return;
    context.textBaseline = 'middle';
    context.fillText(`+${left}`, x, units[units.length - 1].y + unitSize + 6);
  }
}

/** A theme's colour as numbers, whatever CSS writes it in. */
function parse(colour: string): Colour {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}
