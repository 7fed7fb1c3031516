/** The ONNX format: protobuf messages whose fields are numbered as in `onnx.proto`. */
import { joinedBytes } from '../../base/joinedBytes';
import { bytesField, floatField, numberField, textField, type Field } from './protobuf';

/** `TensorProto.DataType` of the tensors that are used. */
export const elementTypes = { float: 1, int64: 7, string: 8, bool: 9, double: 11 } as const;
export type ElementType = keyof typeof elementTypes;

/** `AttributeProto.AttributeType`. */
const attributeTypes = { float: 1, int: 2, string: 3 } as const;

/** The first version of the format and of its operators that has `Gelu` and compares texts. */
const irVersion = 9;
const operatorSet = 20;

/** A value of an attribute: whole numbers are `int`s. */
type Attribute = number | string | { float: number };

/** A tensor that a graph holds. */
type Constant = { type: 'float' | 'double' | 'int64'; shape: number[]; data: ArrayLike<number> } | string[];

/** A graph as it grows: nodes in the order in which they are computed. */
export class OnnxGraph {
  private readonly nodes: Field[] = [];
  private readonly constants: Field[] = [];
  private readonly inputs: Field[] = [];
  private readonly outputs: Field[] = [];
  private readonly names = new Set<string>();

  /** @param reserved names that inputs and outputs will have. */
  constructor(reserved: readonly string[]) {
    for (const name of reserved) this.names.add(name);
  }

  /** A tensor that whoever runs the graph gives, `rows × width`. Returns its name. */
  input(name: string, type: ElementType, width: number): string {
    this.inputs.push(bytesField(11, ...valueInfo(name, type, [width])));
    return name;
  }

  /** A tensor that the graph gives, `rows × …widths`; a node has that name. */
  output(name: string, type: ElementType, widths: number[]): void {
    this.outputs.push(bytesField(12, ...valueInfo(name, type, widths)));
  }

  /** A tensor of numbers, or a list of texts. Returns its name. */
  constant(name: string, constant: Constant): string {
    const own = this.fresh(name);
    const fields = Array.isArray(constant) ? textTensor(constant) : numberTensor(constant);
    this.constants.push(bytesField(5, ...fields, textField(8, own)));
    return own;
  }

  /** Computes a tensor of others by an operator. Returns its name. @param output a reserved name, or one like it is made. */
  node(
    operator: string,
    inputs: string[],
    attributes: Record<string, Attribute> = {},
    output = this.fresh(operator),
  ): string {
    const fields = [
      ...inputs.map((input) => textField(1, input)),
      textField(2, output),
      textField(3, output),
      textField(4, operator),
      ...Object.entries(attributes).map(([name, value]) => bytesField(5, ...attribute(name, value))),
    ];
    this.nodes.push(bytesField(1, ...fields));
    return output;
  }

  /** The bytes of a file. @param metadata texts about the model. */
  model(name: string, metadata: Record<string, string>): Uint8Array {
    const graph = [...this.nodes, textField(2, name), ...this.constants, ...this.inputs, ...this.outputs];
    return joinedBytes([
      numberField(1, irVersion),
      textField(2, 'gradient-descent'),
      bytesField(7, ...graph),
      bytesField(8, numberField(2, operatorSet)),
      ...Object.entries(metadata).map(([key, value]) => bytesField(14, textField(1, key), textField(2, value))),
    ]);
  }

  private fresh(name: string): string {
    let free = name;
    for (let i = 2; this.names.has(free); i++) free = `${name}_${i}`;
    this.names.add(free);
    return free;
  }
}

function attribute(name: string, value: Attribute): Field[] {
  if (typeof value === 'string')
    return [textField(1, name), textField(4, value), numberField(20, attributeTypes.string)];
  if (typeof value === 'number')
    return [textField(1, name), numberField(3, value), numberField(20, attributeTypes.int)];
  return [textField(1, name), floatField(2, value.float), numberField(20, attributeTypes.float)];
}

function valueInfo(name: string, type: ElementType, widths: number[]): Field[] {
  const sizes = [textField(2, 'rows'), ...widths.map((width) => numberField(1, width))];
  const shape = bytesField(2, ...sizes.map((size) => bytesField(1, size)));
  const tensorType = bytesField(1, numberField(1, elementTypes[type]), shape);
  return [textField(1, name), bytesField(2, tensorType)];
}

function textTensor(texts: string[]): Field[] {
  const strings = texts.map((text) => textField(6, text));
  return [numberField(1, texts.length), numberField(2, elementTypes.string), ...strings];
}

function numberTensor({ type, shape, data }: Exclude<Constant, string[]>): Field[] {
  const size = type === 'float' ? 4 : 8;
  const bytes = new Uint8Array(size * data.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < data.length; i++) {
    if (type === 'float') view.setFloat32(size * i, data[i], true);
    else if (type === 'double') view.setFloat64(size * i, data[i], true);
    else view.setBigInt64(size * i, BigInt(data[i]), true);
  }
  return [...shape.map((length) => numberField(1, length)), numberField(2, elementTypes[type]), bytesField(9, bytes)];
}
