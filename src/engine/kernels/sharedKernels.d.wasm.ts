/** The same assembly for memory that threads share: made at build time, there is no such file. */
declare const bytes: Uint8Array<ArrayBuffer>;
export default bytes;
