import path from 'node:path';

/** Where a picture for people to look at is kept: below the folder that `PICTURES` names. Without it none is taken; no test depends on one. */
export function pictureFile(name: string): string | undefined {
  const { PICTURES: folder } = process.env;
  return folder && path.resolve(folder, name);
}
