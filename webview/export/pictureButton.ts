import type { PlotName } from '../../src/protocol/viewRequests';
import type { Host } from '../page/connectHost';
import { createButton, type Button } from '../page/toolkit';
import { pictureOf } from './picture';

/** A button that saves a plot as a picture, as it is on the screen. @param words as `pictureOf` takes them. */
export function pictureButton(
  host: Host,
  plot: PlotName,
  canvas: HTMLCanvasElement,
  words: readonly HTMLElement[],
): Button {
  return createButton({
    ...{ appearance: 'icon', icon: 'device-camera', label: 'Save as Picture (PNG)…', testId: `save-picture-${plot}` },
    onClick: () => {
      const png = pictureOf(canvas, words);
      if (png !== undefined) host.post({ type: 'savePicture', plot, png });
    },
  });
}
