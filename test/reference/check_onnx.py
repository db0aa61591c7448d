"""
Checks ONNX files with the reference checker: `python check_onnx.py FOLDER`.

Every .onnx file of the folder gets one line: what the checker and shape inference say. The exit code is 1
when any of them is refused, 2 when there is nothing to check.

Weights are external data, found relative to the graph. Where they are not there, as for graphs without
a checkpoint, `--no-weights` checks them as if they were inputs.

The checker knows the operators of the standard domain only. Those of onnxruntime's `com.microsoft` domain are
checked against the schemas registered below: inputs, attributes, types and shapes as onnxruntime documents
them. An operator of that domain without a schema here is refused.
"""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

import onnx
from onnx import TensorProto, defs, shape_inference
from onnx.shape_inference import InferenceContext, InferenceError

Dimension = onnx.TensorShapeProto.Dimension

FLOATS = ["tensor(float)", "tensor(float16)", "tensor(double)", "tensor(bfloat16)"]
MICROSOFT = "com.microsoft"

# Numbers for the symbols in inputs and outputs: S new tokens after P earlier ones; B sequences, or
# M that one becomes; N rows; the K best; J sources of attention and Q queries.
SIZES = {"S": 11, "P": 13, "(P+S)": 24, "Q": 11, "T": 24, "B": 3, "M": 4, "N": 7, "K": 5, "J": 2}


def register_microsoft_operators() -> None:
    """Schemas of the onnxruntime operators that the graphs use (onnxruntime, docs/ContribOperators.md)."""
    parameter = defs.OpSchema.FormalParameter
    attribute = defs.OpSchema.Attribute
    kinds = defs.OpSchema.AttrType
    types = [("T", FLOATS, "floating point")]
    fused_matmul = defs.OpSchema(
        "FusedMatMul",
        MICROSOFT,
        1,
        doc="alpha · op(A) · op(B)",
        inputs=[parameter("A", "T"), parameter("B", "T")],
        outputs=[parameter("Y", "T")],
        type_constraints=types,
        attributes=[
            attribute("alpha", kinds.FLOAT),
            *(attribute(name, kinds.INT) for name in ("transA", "transB", "transBatchA", "transBatchB")),
        ],
    )
    fused_matmul.set_type_and_shape_inference_function(infer_fused_matmul)
    fast_gelu = defs.OpSchema(
        "FastGelu",
        MICROSOFT,
        1,
        doc="GELU by its tanh approximation",
        inputs=[
            parameter("X", "T"),
            parameter("bias", "T", param_option=defs.OpSchema.FormalParameterOption.Optional),
        ],
        outputs=[parameter("Y", "T")],
        type_constraints=types,
    )
    fast_gelu.set_type_and_shape_inference_function(infer_like_first_input)
    for schema in (fused_matmul, fast_gelu):
        defs.register_schema(schema)


def infer_like_first_input(context: InferenceContext) -> None:
    """The output is of the first input's type and shape."""
    context.set_output_type(0, context.get_input_type(0))


def infer_fused_matmul(context: InferenceContext) -> None:
    """Y: broadcast batch axes, A's rows, B's columns. @raises InferenceError where the sizes do not fit."""
    left, right = (_operand_shape(context, index, side) for index, side in enumerate("AB"))
    if left is None or right is None:
        return
    output = onnx.TypeProto()
    output.tensor_type.elem_type = context.get_input_type(0).tensor_type.elem_type
    shape = output.tensor_type.shape
    if len(left) != len(right) or not _may_be_equal(left[-1], right[-2]):
        raise InferenceError(f"FusedMatMul of {_shown(left)} and {_shown(right)}")
    for a, b in zip(left[:-2], right[:-2], strict=True):
        if not (_may_be_equal(a, b) or 1 in (a.dim_value, b.dim_value)):
            raise InferenceError(f"FusedMatMul of {_shown(left)} and {_shown(right)}")
        shape.dim.append(b if a.dim_value == 1 else a)
    shape.dim.extend([left[-2], right[-1]])
    context.set_output_type(0, output)


def _operand_shape(context: InferenceContext, index: int, side: str) -> list[Dimension] | None:
    """As the product sees it: transBatch moves the first axis to the last but one, trans swaps two."""
    kind = context.get_input_type(index)
    if kind is None or not kind.tensor_type.HasField("shape"):
        return None
    shape = list(kind.tensor_type.shape.dim)
    if _flag(context, f"transBatch{side}"):
        shape.insert(-1, shape.pop(0))
    if _flag(context, f"trans{side}"):
        shape[-2:] = reversed(shape[-2:])
    return shape


def _flag(context: InferenceContext, name: str) -> bool:
    attribute = context.get_attribute(name)
    return attribute is not None and attribute.i != 0


def _may_be_equal(a: Dimension, b: Dimension) -> bool:
    """False for different numbers only: inference invents symbols, which may mean the same."""
    return not (a.HasField("dim_value") and b.HasField("dim_value")) or a.dim_value == b.dim_value


def _shown(shape: list[Dimension]) -> str:
    return str([dim.dim_param or dim.dim_value for dim in shape])


def without_external_data(model: onnx.ModelProto) -> None:
    """Turns initializers that lie in another file into inputs of the same shape and type."""
    external = [t for t in model.graph.initializer if t.data_location == TensorProto.EXTERNAL]
    for initializer in external:
        model.graph.input.append(
            onnx.helper.make_tensor_value_info(initializer.name, initializer.data_type, initializer.dims)
        )
        model.graph.initializer.remove(initializer)


def require_external_data(model: onnx.ModelProto, folder: Path) -> None:
    """The checker only looks whether the file is there. @raises ValueError if a tensor's bytes are not."""
    for tensor in model.graph.initializer:
        if tensor.data_location != TensorProto.EXTERNAL:
            continue
        entries = {entry.key: entry.value for entry in tensor.external_data}
        offset, length = int(entries["offset"]), int(entries["length"])
        needed = math.prod(tensor.dims) * onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type).itemsize
        size = (folder / entries["location"]).stat().st_size
        if length != needed or offset + length > size:
            raise ValueError(f"{tensor.name}: {length} bytes at {offset} of {size}, needed are {needed}")


def require_known_operators(model: onnx.ModelProto) -> None:
    """The checker lets any operator of an unknown domain pass. @raises ValueError for one without schema."""
    versions = {opset.domain: opset.version for opset in model.opset_import}
    for node in model.graph.node:
        if not defs.has(node.op_type, versions[node.domain], node.domain):
            raise ValueError(f"{node.name}: there is no schema for {node.domain}.{node.op_type}")


def give_sizes(model: onnx.ModelProto) -> None:
    """Puts SIZES in place of symbols, so that inference compares numbers. @raises ValueError for others."""
    for value in [*model.graph.input, *model.graph.output]:
        for dim in value.type.tensor_type.shape.dim:
            if dim.dim_param:
                if dim.dim_param not in SIZES:
                    raise ValueError(f"{value.name}: there is no size for {dim.dim_param}")
                dim.dim_value = SIZES[dim.dim_param]


def check(file: Path, weights: bool) -> str:
    """A line about a valid graph. @raises Exception with the checker's words for an invalid one."""
    model = onnx.load(str(file), load_external_data=False)
    require_known_operators(model)
    if weights:
        require_external_data(model, file.parent)
        # By path, so that the checker follows the external data and looks whether it is there.
        onnx.checker.check_model(str(file), full_check=True)
    else:
        without_external_data(model)
        onnx.checker.check_model(model, full_check=True)
    give_sizes(model)
    inferred = shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    shapes = {
        value.name: value.type.tensor_type.shape.dim
        for value in [*inferred.graph.value_info, *inferred.graph.output]
        if value.type.tensor_type.HasField("shape")
    }
    made = [name for node in model.graph.node for name in node.output if name]
    if unknown := [name for name in made if name not in shapes]:
        raise ValueError(f"no shape was inferred for {', '.join(unknown)}")
    # What is left open hangs on values: TopK's k, a slice's computed bounds.
    sized = sum(all(dim.HasField("dim_value") for dim in shapes[name]) for name in made)
    opsets = ", ".join(f"{o.domain or 'ai.onnx'} {o.version}" for o in model.opset_import)
    foreign = sum(node.domain == MICROSOFT for node in model.graph.node)
    return (
        f"{len(model.graph.node)} nodes ({foreign} of {MICROSOFT}), IR {model.ir_version}, {opsets}; "
        f"all sizes known of {sized} of {len(made)} values"
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--no-weights", action="store_true", help="the external data is not there")
    arguments = parser.parse_args()
    files = sorted(arguments.folder.glob("*.onnx"))
    if not files:
        print(f"there is no .onnx file in {arguments.folder}", file=sys.stderr)
        return 2
    register_microsoft_operators()
    refused = 0
    for file in files:
        try:
            print(f"ok      {file.name}: {check(file, not arguments.no_weights)}")
        except Exception as error:  # the checker's own errors have several unrelated types
            refused += 1
            print(f"refused {file.name}: {' '.join(str(error).split())}")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
