import type { Numbers } from './numbers';

/** A buffer that gives memory back when it is shortened; the language's library does not declare it yet. */
interface ShortenableBuffer extends ArrayBuffer {
  /** Absent where there are no such buffers. */
  readonly resizable?: boolean;
  resize(bytes: number): void;
}

const ShortenableBuffer = ArrayBuffer as unknown as ShortenableBufferConstructor;

type ShortenableBufferConstructor = new (bytes: number, options: { maxByteLength: number }) => ShortenableBuffer;

/** Such a buffer has pages and a mapping of its own, of which a process has some ten thousands. */
const leastBytes = 2 ** 20;

/** Zeros, of which `keepFirst` can give memory back where they are many. */
export function zeros(precision: 'float64', length: number): Float64Array;
export function zeros(precision: 'float32' | 'float64', length: number): Numbers;
export function zeros(precision: 'float32' | 'float64', length: number): Numbers {
  const Type = precision === 'float64' ? Float64Array : Float32Array;
  const bytes = length * Type.BYTES_PER_ELEMENT;
  return bytes < leastBytes ? new Type(length) : new Type(new ShortenableBuffer(bytes, { maxByteLength: bytes }));
}

/**
 * Gives back the memory of all but the first numbers at once, and not when garbage is collected next. Only whole
 * arrays of `zeros` become shorter, with all that share their memory; others remain as they are.
 */
export function keepFirst(numbers: Numbers, length: number): void {
  const buffer = numbers.buffer as ShortenableBuffer;
  const bytes = length * numbers.BYTES_PER_ELEMENT;
  if (buffer.resizable && bytes < buffer.byteLength) buffer.resize(bytes);
}
