import { latin1Text, utf8Text } from '../bytes/bytesText';
import { npyType, npyTypeSize, type NpyType } from './npyType';
import { pythonLiteral, type PythonValue } from './pythonLiteral';

/** A field of a structured type, or the one value of a plain one, whose name is empty. */
export interface NpyField {
  name: string;
  type: NpyType;
  /** Bytes from the start of an element. */
  offset: number;
}

/** What the header of a .npy file says. */
export interface NpyHeader {
  /** Fields that can be read; one without a name where the type is not structured. */
  fields: NpyField[];
  /** Names of the other fields, with their types. */
  skipped: string[];
  structured: boolean;
  /** Bytes of an element, with all its fields. */
  itemSize: number;
  /** Whether the elements of a column stand together, not those of a row. */
  fortran: boolean;
  shape: number[];
  /** Where the elements begin. */
  dataStart: number;
}

/** What keeps an array from being read. */
export interface NpyFault {
  code: string;
  message: string;
}

const magicNumber = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** NumPy itself reads no header beyond 10,000 characters; structured types of very many fields come near. */
const maxHeader = 1 << 20;

/** Reads the header of a .npy file of version 1, 2 or 3. */
export function npyHeader(bytes: Uint8Array): NpyHeader | NpyFault {
  if (bytes.length < 10 || magicNumber.some((byte, i) => bytes[i] !== byte)) {
    return fault('npy-magic', 'this is not a .npy file; write one with np.save(path, array)');
  }
  const version = bytes[6];
  if (version < 1 || version > 3) {
    return fault(
      'npy-version',
      `this .npy file has version ${version}; versions 1 to 3 can be read, write it with np.save`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : bytes.length < 12 ? Infinity : view.getUint32(8, true);
  if (start + length > bytes.length) {
    return fault('truncated', `the file ends inside its header, at byte ${bytes.length}; copy the whole file`);
  }
  if (length > maxHeader) return broken('it is longer than 1 MB');
  const text = (version === 3 ? utf8Text : latin1Text)(bytes.subarray(start, start + length));
  let value: PythonValue;
  try {
    value = pythonLiteral(text.trim());
  } catch {
    return broken('it is no dictionary of plain values');
  }
  return headerOf(value, start + length);
}

function headerOf(value: PythonValue, dataStart: number): NpyHeader | NpyFault {
  if (!(value instanceof Map)) return broken('it is no dictionary');
  const fortran = value.get('fortran_order');
  const given = value.get('shape');
  const shape = typeof given === 'number' ? [given] : given;
  if (typeof fortran !== 'boolean') return broken('fortran_order must be True or False');
  if (
    !Array.isArray(shape) ||
    !shape.every((size) => typeof size === 'number' && Number.isSafeInteger(size) && size >= 0)
  ) {
    return broken('shape must be a tuple of whole numbers');
  }
  const type = fieldsOf(value.get('descr') ?? null);
  return 'message' in type ? type : { ...type, fortran, shape: shape as number[], dataStart };
}

function fieldsOf(descr: PythonValue): Pick<NpyHeader, 'fields' | 'skipped' | 'structured' | 'itemSize'> | NpyFault {
  if (typeof descr === 'string') {
    const type = npyType(descr);
    if (!type) return unreadable(descr);
    return { fields: [{ name: '', type, offset: 0 }], skipped: [], structured: false, itemSize: type.size };
  }
  if (!Array.isArray(descr) || descr.length === 0) return broken('descr must be a type');
  const fields: NpyField[] = [];
  const skipped: string[] = [];
  let offset = 0;
  for (const field of descr) {
    if (!Array.isArray(field) || field.length < 2) return broken('each field of descr must have a name and a type');
    const [title, kind, shape] = field;
    const name = Array.isArray(title) ? title[1] : title;
    if (typeof name !== 'string') return broken('the name of a field must be a text');
    const size = sizeOf(kind, shape, 0);
    if (size === undefined)
      return typeof kind === 'string' ? unreadable(kind) : broken(`field ${JSON.stringify(name)}`);
    const type = typeof kind === 'string' && shape === undefined ? npyType(kind) : undefined;
    if (type && type.size > 0) fields.push({ name, type, offset });
    else if (name !== '')
      skipped.push(`${JSON.stringify(name)} (${typeof kind === 'string' ? kind : 'of several values'})`);
    offset += size;
  }
  return { fields, skipped, structured: true, itemSize: offset };
}

/** Bytes of a field; undefined where its type is unknown. */
function sizeOf(kind: PythonValue, shape: PythonValue | undefined, depth: number): number | undefined {
  const counts = shape === undefined ? [] : Array.isArray(shape) ? shape : [shape];
  let size: number | undefined = 0;
  if (typeof kind === 'string') size = npyType(kind)?.size ?? npyTypeSize(kind);
  else if (Array.isArray(kind) && depth < 32) {
    for (const field of kind) {
      const inner = Array.isArray(field) ? sizeOf(field[1], field[2], depth + 1) : undefined;
      size = inner === undefined || size === undefined ? undefined : size + inner;
    }
  } else return undefined;
  for (const count of counts) {
    if (typeof count !== 'number' || !(count >= 0) || size === undefined) return undefined;
    size *= count;
  }
  return size;
}

function unreadable(type: string): NpyFault {
  if (/^[<>|=]?O/.test(type)) {
    const message =
      'the array holds Python objects, which are code and are never run here; save numbers with np.save(path, array.astype("float32"), allow_pickle=False)';
    return fault('npy-objects', message);
  }
  const message = `an array of type ${JSON.stringify(type)} cannot be read; save numbers with np.save(path, array.astype("float32"))`;
  return fault('npy-type', message);
}

function broken(what: string): NpyFault {
  return fault('npy-header', `the header of this .npy file cannot be read: ${what}; write the file with np.save`);
}

function fault(code: string, message: string): NpyFault {
  return { code, message };
}
