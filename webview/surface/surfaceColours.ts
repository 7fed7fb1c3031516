import { losses } from '../../src/engine/nn/losses';
import type { RunShape } from '../../src/protocol/protocol';
import type { Theme } from '../page/theme';

/** Red, green and blue from 0 to 255. */
export type Colour = [red: number, green: number, blue: number];

/** The colours of the classes, or of the lowest and the highest number. */
export function coloursOf({ classNames }: RunShape, theme: Theme): Colour[] {
  const { training, validation, floor, mistake, position, error } = theme;
  const all = [training, validation, floor, mistake, position, error].map(parse);
  return classNames ? all : all.slice(0, 2);
}

/**
 * The colour of a prediction: of its class, the paler the less likely it is; of a number or a probability, between the
 * two colours.
 * @param value outputs of one point, as `predictInputs` gives them.
 * @param range of the targets.
 */
export function mix(
  shape: RunShape,
  colours: Colour[],
  value: Float64Array,
  target: number,
  range: { min: number; max: number },
): Colour {
  if (shape.classNames) return blend(colours, value);
  const isProbability = losses[shape.loss].link === 'sigmoid';
  const share = isProbability ? value[target] : (value[target] - range.min) / (range.max - range.min || 1);
  const high = Number.isNaN(share) ? 0.5 : Math.max(0, Math.min(1, share));
  return blend(colours, Float64Array.of(1 - high, high));
}

function blend(colours: Colour[], shares: Float64Array): Colour {
  const sum: Colour = [0, 0, 0];
  shares.forEach((share, i) => {
    const colour = colours[i % colours.length];
    for (let part = 0; part < 3; part++) sum[part] += share * colour[part];
  });
  return sum.map(Math.round) as Colour;
}

/** A theme's colour as numbers, whatever CSS writes it in. */
function parse(colour: string): Colour {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}
