/** A canvas as sharp as the screen, drawn on in CSS pixels. */
export class Layer {
  readonly context: CanvasRenderingContext2D;

  constructor(private readonly canvas: HTMLCanvasElement) {
    this.context = canvas.getContext('2d')!;
  }

  /** Gives the canvas a size in CSS pixels; one that has it already keeps what is on it. */
  resize(width: number, height: number): void {
    const ratio = window.devicePixelRatio;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width === wide && this.canvas.height === high) return;
    this.canvas.width = wide;
    this.canvas.height = high;
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  /** Draws what is on this canvas onto another of the same size. */
  copyTo(context: CanvasRenderingContext2D, width: number, height: number): void {
    context.drawImage(this.canvas, 0, 0, width, height);
  }
}
