/**
 * An ONNX graph under construction. Values carry their element type and symbolic shape, so that a mistake in a
 * derivation shows as a TypeError where it is made and not as wrong numbers later.
 */
import { type Dim, product, type Shape, sameShape, showShape } from './dims.ts';

/** ONNX TensorProto.DataType. */
export const elementTypes = { float: 1, int64: 7, bool: 9 } as const;
export type ElementType = keyof typeof elementTypes;

export interface Value {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
}

/** `{ float }` marks a floating-point attribute; bare numbers are integers. */
export type Attribute = number | { float: number } | readonly number[];

export interface GraphNode {
  op: string;
  domain: '' | 'com.microsoft';
  /** null: an optional input or output that is left out. */
  inputs: readonly (Value | null)[];
  outputs: readonly (Value | null)[];
  attributes: Readonly<Record<string, Attribute>>;
}

export interface Initializer {
  value: Value;
  /** The numbers themselves, or where they lie in a file beside the model. */
  data: Uint8Array | { file: string; offset: number; length: number };
}

/** What is needed to declare a node's output. */
export type OutputSpec = Pick<Value, 'type' | 'shape'>;

export class Graph {
  readonly nodes: GraphNode[] = [];
  readonly initializers = new Map<string, Initializer>();
  readonly inputs: Value[] = [];
  readonly outputs: Value[] = [];
  #names = 0;
  readonly #shared = new Map<string, Value>();

  input(name: string, type: ElementType, shape: Shape): Value {
    const value = { name, type, shape };
    this.inputs.push(value);
    return value;
  }

  /** Names a value as a graph output; the shape is checked against what the caller expects. */
  output(name: string, value: Value, shape: Shape): void {
    if (!sameShape(value.shape, shape)) {
      throw new TypeError(`output ${name} has shape ${showShape(value.shape)}, not ${showShape(shape)}`);
    }
    const output = { name, type: value.type, shape };
    this.nodes.push({ op: 'Identity', domain: '', inputs: [value], outputs: [output], attributes: {} });
    this.outputs.push(output);
  }

  /** A float32 weight that stays in its file. */
  weight(name: string, shape: Shape, file: string, offset: number, length: number): Value {
    const known = this.initializers.get(name);
    if (known) return known.value;
    if (Number(product(shape)) * 4 !== length) {
      throw new TypeError(`weight ${name} of shape ${showShape(shape)} has ${length} bytes`);
    }
    const value: Value = { name, type: 'float', shape };
    this.initializers.set(name, { value, data: { file, offset, length } });
    return value;
  }

  /** A float32 constant; equal scalars are stored once. */
  float(data: number | Float32Array): Value {
    if (typeof data !== 'number') return this.#constant('float', [data.length], new Uint8Array(data.buffer));
    return this.shared(`float ${data}`, () =>
      this.#constant('float', [], new Uint8Array(Float32Array.of(data).buffer)),
    );
  }

  /** An int64 vector, or a scalar; equal ones are stored once. */
  integers(data: readonly number[] | number): Value {
    const numbers = typeof data === 'number' ? [data] : data;
    const shape = typeof data === 'number' ? [] : [numbers.length];
    return this.shared(`int64 ${shape.length} ${numbers.join()}`, () =>
      this.#constant('int64', shape, new Uint8Array(BigInt64Array.from(numbers, BigInt).buffer)),
    );
  }

  /** Builds a value once per key. */
  shared(key: string, build: () => Value): Value {
    const known = this.#shared.get(key);
    if (known) return known;
    const value = build();
    this.#shared.set(key, value);
    return value;
  }

  /** The length of a symbolic dimension as an int64 vector of one element, taken from a graph input that has it. */
  length(dim: Dim): Value {
    if (typeof dim === 'number') return this.integers([dim]);
    return this.shared(`length ${dim}`, () => {
      const source = this.inputs.find((input) => input.shape.includes(dim));
      if (!source) throw new TypeError(`no graph input has the dimension ${dim}`);
      const start = source.shape.indexOf(dim);
      return this.node('Shape', [source], { type: 'int64', shape: [1] }, { start, end: start + 1 });
    });
  }

  /** Adds a node with one output. */
  node(
    op: string,
    inputs: readonly (Value | null)[],
    output: OutputSpec,
    attributes: Record<string, Attribute> = {},
    domain: GraphNode['domain'] = '',
  ): Value {
    return this.nodeWithOutputs(op, inputs, [output], attributes, domain)[0] as Value;
  }

  /** Adds a node with several outputs; `null` leaves out an optional input or output. */
  nodeWithOutputs(
    op: string,
    inputs: readonly (Value | null)[],
    outputs: readonly (OutputSpec | null)[],
    attributes: Record<string, Attribute> = {},
    domain: GraphNode['domain'] = '',
  ): (Value | null)[] {
    const values = outputs.map((spec) => spec && { ...spec, name: `${op}_${this.#names++}` });
    this.nodes.push({ op, domain, inputs, outputs: values, attributes });
    return values;
  }

  #constant(type: ElementType, shape: Shape, data: Uint8Array): Value {
    const value: Value = { name: `constant_${this.#names++}`, type, shape };
    this.initializers.set(value.name, { value, data });
    return value;
  }
}
