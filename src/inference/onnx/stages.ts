/**
 * Cuts a graph into stages that run one after another. A run cannot be interrupted, but between two stages the thread
 * can listen.
 */
import { Graph, type GraphNode, type Value } from './graph.ts';

/**
 * Stages of about equal work (multiplications in matrix products with weights), in order. A stage takes the graph's
 * inputs and what earlier stages computed, by name; it gives what later stages need and the graph's own outputs. The
 * graph's nodes must be in an order in which they can run.
 * @throws RangeError the graph has fewer such products than stages are asked for
 */
export function cutIntoStages(graph: Graph, count: number): Graph[] {
  const stageOf = assignStages(graph, count);
  const isOutput = new Set(graph.outputs.map(({ name }) => name));
  const parts = Array.from({ length: count }, (_, stage) => withShapes(graph, stageOf, stage));
  return parts.map((nodes, stage) => {
    const laterInputs = new Set(parts.slice(stage + 1).flatMap(inputsOf));
    const own = nodes.filter((node) => stageOf.get(node) === stage).flatMap(outputsOf);
    const outputs = own.filter((value) => laterInputs.has(value) || isOutput.has(value.name));
    return assemble(graph, nodes, outputs);
  });
}

const products = new Set(['Gemm', 'FusedMatMul']);

/** How many multiplications a product with weights takes per row of the activations; null for any other node. */
function workOf({ op, inputs }: GraphNode, { initializers }: Graph): number | null {
  const matrix = inputs[1];
  if (!products.has(op) || !matrix || !initializers.has(matrix.name)) return null;
  return matrix.shape.reduce((size: number, dim) => (typeof dim === 'number' ? size * dim : 0), 1);
}

function assignStages(graph: Graph, count: number): Map<GraphNode, number> {
  const { nodes } = graph;
  const works = nodes.map((node) => workOf(node, graph)).filter((work) => work !== null);
  if (works.length < count) throw new RangeError(`${works.length} products do not make ${count} stages`);
  const total = works.reduce((sum, work) => sum + work, 0);
  const stages = new Map<GraphNode, number>();
  let [stage, done, seen, inStage] = [0, 0, 0, 0];
  for (const node of nodes) {
    const work = workOf(node, graph);
    if (work !== null) {
      // Every stage needs a product, whatever the products' sizes.
      const due = done >= (total * (stage + 1)) / count || works.length - seen < count - stage;
      if (inStage > 0 && stage < count - 1 && due) [stage, inStage] = [stage + 1, 0];
      done += work;
      seen++;
      inStage++;
    }
    stages.set(node, stage);
  }
  return stages;
}

/**
 * The stage's nodes, with the earlier nodes that compute shapes: computing these again is cheaper than handing them on.
 */
function withShapes({ nodes }: Graph, stageOf: Map<GraphNode, number>, stage: number): GraphNode[] {
  const producers = new Map(nodes.flatMap((node) => outputsOf(node).map((value) => [value, node] as const)));
  const wanted = new Set<GraphNode>();
  const want = (node: GraphNode) => {
    wanted.add(node);
    for (const input of inputsOf([node])) {
      const producer = producers.get(input);
      if (producer && input.type === 'int64') want(producer);
    }
  };
  for (const node of nodes) if (stageOf.get(node) === stage) want(node);
  return nodes.filter((node) => wanted.has(node));
}

function assemble(graph: Graph, nodes: readonly GraphNode[], outputs: readonly Value[]): Graph {
  const stage = new Graph();
  const made = new Set(nodes.flatMap(outputsOf));
  for (const value of new Set(inputsOf(nodes))) {
    const initializer = graph.initializers.get(value.name);
    if (initializer) stage.initializers.set(value.name, initializer);
    else if (!made.has(value)) stage.inputs.push(value);
  }
  stage.nodes.push(...nodes);
  stage.outputs.push(...outputs);
  return stage;
}

const inputsOf = (nodes: readonly GraphNode[]) =>
  nodes.flatMap(({ inputs }) => inputs.filter((v) => v !== null));
const outputsOf = ({ outputs }: GraphNode) => outputs.filter((value) => value !== null);
