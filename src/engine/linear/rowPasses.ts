import { PlainProducts, WasmProducts, type RowProducts } from '../kernels/rowProducts';
import { canRunWasm } from '../kernels/wasmKernels';
import { TableRows, type RowSource } from './rowSource';

/** Numbers that are held in memory as a whole; more are read again for every pass. */
const mostHeld = 2e7;
/** Fewer numbers are passed before WebAssembly has its memory. */
const leastCompiled = 50_000;
/** Numbers of the rows, and of their outputs, that are looked at together: they stay in the processor's second cache. */
const blockNumbers = 16_384;

/**
 * Passes over the rows of a matrix `A`, each of which multiplies them with vectors and adds up multiples of them. Made once
 * for many passes, because rows are read once where they are not many.
 */
export class RowPasses {
  /** Rows that are looked at together at most. */
  readonly together: number;
  private readonly products: RowProducts;
  private readonly isHeld: boolean;

  /** @param height vectors of a pass at most. */
  constructor(
    private readonly source: RowSource,
    height: number,
  ) {
    const { rows, columns } = source;
    this.isHeld = rows * columns <= mostHeld;
    this.together = Math.min(rows, Math.max(8, Math.floor(blockNumbers / Math.max(columns, height)) & ~3));
    const isSingle =
      source instanceof TableRows && source.options.values instanceof Float32Array && !source.options.factors;
    const sizes = { rows: this.isHeld ? rows : this.together, columns, height, together: this.together };
    const isCompiled = isSingle && rows * columns >= leastCompiled && canRunWasm();
    this.products = isCompiled ? new WasmProducts(sizes) : new PlainProducts(sizes, isSingle);
    if (this.isHeld) this.read(0, rows);
  }

  /** Of the rows at hand their products with each vector of the pass, side by side; the same array in every pass. */
  get outputs(): Float64Array {
    return this.products.outputs;
  }

  /** Of the rows at hand what they are multiplied with for each sum, side by side; the same array in every pass. */
  get slopes(): Float64Array {
    return this.products.slopes;
  }

  /**
   * For each vector the sum of all rows, each times its slope.
   * @param turn writes `slopes` of `rows` rows from `start` on by their `outputs`.
   */
  pass(vectors: Float64Array[], turn: (start: number, rows: number) => void): Float64Array[] {
    const { products } = this;
    const height = vectors.length;
    const { rows, columns } = this.source;
    vectors.forEach((vector, k) => products.vectors.set(vector, k * products.stride));
    products.sums.fill(0);
    for (let start = 0; start < rows; start += this.together) {
      const count = Math.min(this.together, rows - start);
      const at = this.isHeld ? start : 0;
      if (!this.isHeld) this.read(start, start + count);
      products.multiply(at, count, height);
      turn(start, count);
      products.addMultiples(at, count, height);
    }
    const sums = (k: number) => products.sums.slice(k * products.stride, k * products.stride + columns);
    return Array.from({ length: height }, (_, k) => sums(k));
  }

  private read(start: number, end: number): void {
    this.source.read(start, end, this.products.rows, this.products.stride, 1);
  }
}
