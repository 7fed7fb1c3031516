/** What every extension host has, in Node and in a browser's worker alike. */
declare function setTimeout(task: () => void, milliseconds: number): number;
declare function clearTimeout(timer: number | undefined): void;
declare const performance: { now(): number };
declare const crypto: { getRandomValues<T extends Uint8Array | Uint32Array>(array: T): T };
/** Bytes of base64 as characters from 0 to 255. */
declare function atob(text: string): string;
declare class TextEncoder {
  encode(text: string): Uint8Array;
}
