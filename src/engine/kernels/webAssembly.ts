/** The part of the WebAssembly API in use; the language's own library does not declare it. */
export interface WebAssemblyApi {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => WasmModule;
  Instance: new (module: WasmModule, imports: { env: { memory: WasmMemory } }) => { exports: object };
  Memory: new (size: { initial: number; maximum?: number; shared?: boolean }) => WasmMemory;
}

/** Compiled code. */
export type WasmModule = object;

/** Memory in pages of 64 KB. Growing it detaches the buffer, or where threads share it, leaves it as long as it was. */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
  grow(pages: number): number;
}

/** WebAssembly, where this place has it. */
export const webAssembly = (globalThis as unknown as { WebAssembly?: WebAssemblyApi }).WebAssembly;
