/** Where a text stands on a canvas, in CSS pixels. */
export interface LabelBox {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Between two texts beside each other. */
const gap = 8;

/** The places on a plot that have a text, of which each has only one. */
export class PlotLabels {
  private readonly taken: LabelBox[] = [];

  /** Takes a place; false where something stands there already, or too near to be told apart from it. */
  take(box: LabelBox): boolean {
    const isFree = this.taken.every(
      ({ left, right, top, bottom }) =>
        right + gap < box.left || left - gap > box.right || bottom <= box.top || top >= box.bottom,
    );
    if (isFree) this.taken.push(box);
    return isFree;
  }

  /** Takes the free place nearest to the wanted one in its row. Returns its left side; undefined where none is between these sides. */
  takeNearest(wanted: LabelBox, sides: Pick<LabelBox, 'left' | 'right'>): number | undefined {
    const width = wanted.right - wanted.left;
    const beside = this.taken.flatMap(({ left, right }) => [left - gap - width - 1, right + gap + 1]);
    return [wanted.left, ...beside]
      .filter((left) => left >= sides.left && left + width <= sides.right)
      .sort((one, other) => Math.abs(one - wanted.left) - Math.abs(other - wanted.left))
      .find((left) => this.take({ ...wanted, left, right: left + width }));
  }
}
