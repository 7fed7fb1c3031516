/** The compiled assembly: made from `assembly/` at build time, there is no such file. */
declare const bytes: Uint8Array<ArrayBuffer>;
export default bytes;
