import { placeSizes } from './memory';

/**
 * A net in memory: a record for each layer, and parameters packed for vectors. A linear layer's outputs are cut into panels
 * of eight, the last one of four where that suffices. A panel holds the biases of its outputs, then for each input the
 * weights to its outputs. Inputs are rounded up to a multiple of four; what is beyond the layer stays 0.
 */

/** The first layer's record and the end of the last one's. */
export let layers: usize = 0;
export let layersEnd: usize = 0;
/** Rows that are passed through all layers before the next ones. */
export let tileRows: u32 = 0;
/** Where the tile's rows are among those that the numbers between the layers have room for. */
let firstRow: u32 = 0;
/** Addresses of parameters, previous, gradients, then what the optimizer keeps: each one's flat numbers, then its packed ones. */
let spansAt: usize = 0;
/** For each flat number its place in a packed span, in bytes. */
let places: usize = 0;
let placesEnd: usize = 0;

/** Bytes of a layer's record. */
export const layerBytes: usize = 48;

/** 0 for a linear layer, otherwise the code of an activation; see `netActivations.ts`. */
export function kindOf(layer: usize): i32 {
  return load<i32>(layer);
}
export function inputsOf(layer: usize): i32 {
  return load<i32>(layer, 4);
}
export function outputsOf(layer: usize): i32 {
  return load<i32>(layer, 8);
}
/** Where a linear layer's panels begin in packed spans, in bytes. */
export function packedOf(layer: usize): usize {
  return load<usize>(layer, 12);
}
/** What a layer was given in the last forward pass, rows of whole vectors, and what it passed on. */
export function fromOf(layer: usize): usize {
  return load<usize>(layer, 24) + firstRow * strideOf(inputsOf(layer));
}
export function toOf(layer: usize): usize {
  return load<usize>(layer, 28) + firstRow * strideOf(outputsOf(layer));
}
/** The loss's derivatives by both; 0 for the first layer's inputs. */
export function fromSlopesOf(layer: usize): usize {
  return load<usize>(layer, 32) + firstRow * strideOf(inputsOf(layer));
}
export function toSlopesOf(layer: usize): usize {
  return load<usize>(layer, 36) + firstRow * strideOf(outputsOf(layer));
}
/** An activation's option. */
export function optionOf(layer: usize): f32 {
  return load<f32>(layer, 40);
}
export function thresholdOf(layer: usize): f32 {
  return load<f32>(layer, 44);
}

/** Chooses where the next tile's rows are. */
export function startAtRow(row: u32): void {
  firstRow = row;
}

/** Bytes of a row of so many numbers in whole vectors. */
export function strideOf(width: i32): usize {
  return ((width + 3) & ~3) << 2;
}

/** Bytes of a panel of eight outputs; one of four has half of them. */
export function panelBytes(inputs: i32): usize {
  return 32 + strideOf(inputs) * 8;
}

/** Takes the addresses of layers and spans, and the sizes, after `place`. */
export function placeNet(
  layersAt: usize,
  count: u32,
  rowsOfTile: u32,
  spansAddress: usize,
  placesAt: usize,
  flatCount: u32,
  rows: u32,
  width: i32,
  height: i32,
  packed: i32,
): void {
  layers = layersAt;
  layersEnd = layersAt + (count as usize) * layerBytes;
  tileRows = rowsOfTile;
  spansAt = spansAddress;
  places = placesAt;
  placesEnd = placesAt + (flatCount << 2);
  placeSizes(rows, width, height, packed);
}

/** Packs the flat numbers of the spans `[first, last)`. */
export function packNet(first: i32, last: i32): void {
  for (let span = first; span < last; span++) {
    const packed = packedSpan(span);
    let flat = flatSpan(span);
    for (let place = places; place < placesEnd; place += 4, flat += 4) {
      store<f32>(packed + load<u32>(place), load<f32>(flat));
    }
  }
}

/** Writes the packed numbers of the spans `[first, last)` back. */
export function unpackNet(first: i32, last: i32): void {
  for (let span = first; span < last; span++) {
    const packed = packedSpan(span);
    let flat = flatSpan(span);
    for (let place = places; place < placesEnd; place += 4, flat += 4) {
      store<f32>(flat, load<f32>(packed + load<u32>(place)));
    }
  }
}

function flatSpan(span: i32): usize {
  return load<usize>(spansAt + ((span as usize) << 3));
}

/** Address of a packed span. */
export function packedSpan(span: i32): usize {
  return load<usize>(spansAt + ((span as usize) << 3), 4);
}
