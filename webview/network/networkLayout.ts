import type { NetworkLayer } from './unitNumbers';

/** A unit in the picture, or one of the inputs. */
export interface PlacedUnit {
  /** Number of the column: 0 for the inputs. */
  column: number;
  /** Its number within the layer. */
  unit: number;
  /** Its middle, in pixels. */
  x: number;
  y: number;
}

/** A column of the picture. */
export interface PlacedColumn {
  x: number;
  title: string;
  units: PlacedUnit[];
  /** Units that are not drawn. */
  left: number;
}

/** Pixels along a side of a unit, and of the room for the titles. */
export const unitSize = 22;
export const titleHeight = 20;
const pitch = 30;
/** Units of a layer that are drawn. */
const mostUnits = 12;

/** Pixels that the picture is high. */
export function networkHeight(layers: readonly NetworkLayer[]): number {
  const widths = [layers[0].inFeatures, ...layers.map(({ outFeatures }) => outFeatures)];
  return titleHeight + pitch * Math.min(mostUnits + 1, Math.max(...widths));
}

/** Where everything stands in a picture of this many pixels: the inputs and a column a layer, each in the middle of its height. */
export function layOut(layers: readonly NetworkLayer[], width: number, height: number): PlacedColumn[] {
  const sizes = [layers[0].inFeatures, ...layers.map(({ outFeatures }) => outFeatures)];
  const margin = unitSize / 2 + 6;
  const step = (width - 2 * margin) / (sizes.length - 1);
  return sizes.map((size, column) => {
    const drawn = size > mostUnits + 1 ? mostUnits : size;
    const places = drawn + (drawn < size ? 1 : 0);
    const top = titleHeight + (height - titleHeight - pitch * places) / 2 + pitch / 2;
    const x = margin + step * column;
    const units = Array.from({ length: drawn }, (_, unit) => ({ column, unit, x, y: top + pitch * unit }));
    return { x, title: titleOf(layers, column), units, left: size - drawn };
  });
}

/** What people call a layer. */
export function layerName(layers: readonly NetworkLayer[], layer: number): string {
  return layers[layer].isOutput ? 'Output' : `Layer ${layer + 1}`;
}

function titleOf(layers: readonly NetworkLayer[], column: number): string {
  if (column === 0) return 'Inputs';
  const { activations, isOutput } = layers[column - 1];
  return isOutput ? 'Output' : activations.join(' ') || 'Linear';
}
