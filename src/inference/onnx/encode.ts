/** Graph → ONNX ModelProto (github.com/onnx/onnx, onnx.proto: field numbers below are that file's). */
import {
  type Attribute,
  elementTypes,
  type Graph,
  type GraphNode,
  type Initializer,
  type Value,
} from './graph.ts';
import { MessageWriter } from './protobuf.ts';

/** LayerNormalization needs 17, Split's num_outputs 18, Gelu 20. */
export const opset = 21;
const irVersion = 10;

export function encodeModel(graph: Graph): Uint8Array {
  const body = new MessageWriter();
  for (const [index, node] of graph.nodes.entries()) body.message(1, nodeProto(node, index));
  body.string(2, 'gpt2');
  for (const initializer of graph.initializers.values()) body.message(5, tensorProto(initializer));
  for (const value of graph.inputs) body.message(11, valueInfoProto(value));
  for (const value of graph.outputs) body.message(12, valueInfoProto(value));

  return new MessageWriter()
    .integer(1, irVersion)
    .string(2, 'whytoken')
    .message(7, body)
    .message(8, new MessageWriter().string(1, '').integer(2, opset))
    .message(8, new MessageWriter().string(1, 'com.microsoft').integer(2, 1))
    .finish();
}

function nodeProto(node: GraphNode, index: number): MessageWriter {
  const proto = new MessageWriter();
  for (const input of node.inputs) proto.string(1, input?.name ?? '');
  for (const output of node.outputs) proto.string(2, output?.name ?? '');
  proto.string(3, `${index}_${node.op}`).string(4, node.op);
  for (const [name, value] of Object.entries(node.attributes)) proto.message(5, attributeProto(name, value));
  if (node.domain) proto.string(7, node.domain);
  return proto;
}

function attributeProto(name: string, value: Attribute): MessageWriter {
  const proto = new MessageWriter().string(1, name);
  if (typeof value === 'number') return proto.integer(3, value).integer(20, 2);
  if ('float' in value) return proto.float(2, value.float).integer(20, 1);
  for (const element of value) proto.integer(8, element);
  return proto.integer(20, 7);
}

function tensorProto({ value, data }: Initializer): MessageWriter {
  const proto = new MessageWriter();
  for (const dim of value.shape) proto.integer(1, Number(dim));
  proto.integer(2, elementTypes[value.type]).string(8, value.name);
  if (data instanceof Uint8Array) return proto.bytes(9, data);
  const entries = { location: data.file, offset: data.offset, length: data.length };
  for (const [key, entry] of Object.entries(entries)) {
    proto.message(13, new MessageWriter().string(1, key).string(2, String(entry)));
  }
  return proto.integer(14, 1);
}

function valueInfoProto(value: Value): MessageWriter {
  const shape = new MessageWriter();
  for (const dim of value.shape) {
    shape.message(
      1,
      typeof dim === 'number' ? new MessageWriter().integer(1, dim) : new MessageWriter().string(2, dim),
    );
  }
  const tensor = new MessageWriter().integer(1, elementTypes[value.type]).message(2, shape);
  return new MessageWriter().string(1, value.name).message(2, new MessageWriter().message(1, tensor));
}
