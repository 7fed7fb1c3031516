import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

/** The bytes of a brotli file. */
export function readBrotli(file: string): Buffer {
  return brotliDecompressSync(readFileSync(file));
}

/** Writes the plain files of a tar archive below `folder`; links are not needed here and are left out. */
export function unpackTar(archive: Buffer, folder: string): void {
  for (let offset = 0; offset + 512 <= archive.length;) {
    const header = archive.subarray(offset, offset + 512);
    const name = header.subarray(0, 100).toString('utf8').replace(/\0.*$/s, '');
    if (name === '') return;
    const octal = (start: number, length: number) =>
      parseInt(
        header
          .subarray(start, start + length)
          .toString('latin1')
          .replace(/\0.*$/s, '')
          .trim(),
        8,
      );
    const size = octal(124, 12);
    const isFile = header[156] === 0x30 || header[156] === 0;
    if (isFile) {
      const file = path.join(folder, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, archive.subarray(offset + 512, offset + 512 + size), { mode: octal(100, 8) & 0o777 });
    }
    offset += 512 + Math.ceil(size / 512) * 512;
  }
}
