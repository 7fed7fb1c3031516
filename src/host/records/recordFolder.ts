/** What a name in the folder stands for: a file, or something that cannot be read as one. */
export type EntryKind = 'file' | 'other';

/** What shows whether a file was written since: its length, and when it was last written in milliseconds since 1970. */
export interface FileStamp {
  size: number;
  modified: number;
}

/** A folder of run records and of the small files beside them, on whatever it is kept. */
export interface RecordFolder {
  /** What is in the folder, by name; nothing where there is no folder yet. */
  list(): Promise<Map<string, EntryKind>>;
  /** Bytes in a file. Rejects with `FileGone` if there is none. */
  size(name: string): Promise<number>;
  /** The length of a file, and when it was last written. Rejects with `FileGone` where it does not exist. */
  stamp(name: string): Promise<FileStamp>;
  /** Bytes of a file, fewer where it ends before. Rejects with `FileGone` if there is none. */
  read(name: string, start: number, length: number): Promise<Uint8Array>;
  /**
   * Writes at offset `at`, which is where the file then ends. With `at` 0 the file is made, and the folder where need be.
   * Where it fails, nothing before `at` has changed. Rejects with `FileGone` where the file has not `at` bytes.
   */
  append(name: string, at: number, bytes: Uint8Array): Promise<void>;
  /** Makes a small file, and the folder where need be. False where there is one already. */
  create(name: string, bytes: Uint8Array): Promise<boolean>;
  /** Writes a small file again. Rejects with `FileGone` if there is none. */
  overwrite(name: string, bytes: Uint8Array): Promise<void>;
  /** Removes a file, if it is there. */
  remove(name: string): Promise<void>;
}

/** A file that somebody else has removed or cut. */
export class FileGone extends Error {
  constructor(name: string) {
    super(`${name} is not there any more`);
  }
}
