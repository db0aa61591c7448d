/**
 * Cuts a graph into stages that run one after another. A run cannot be interrupted, but between two stages the thread
 * can listen.
 */
import { Graph, type GraphNode, type Value } from './graph.ts';

/**
 * Stages of about equal work (multiplications in matrix products with weights), in order. A stage takes the graph's
 * inputs and what earlier stages computed, each by its name; its outputs are what later stages need and the graph's
 * own. The graph's nodes must stand in the order in which they can be run.
 */
export function cutIntoStages(graph: Graph, count: number): Graph[] {
  const stageOf = assignStages(graph, count);
  const parts = Array.from({ length: count }, (_, stage) => withShapes(graph, stageOf, stage));
  return parts.map((nodes, stage) => {
    const laterInputs = new Set(parts.slice(stage + 1).flatMap(inputsOf));
    const isOutput = new Set(graph.outputs.map(({ name }) => name));
    const own = nodes.filter((node) => stageOf.get(node) === stage).flatMap(outputsOf);
    return assemble(
      graph,
      nodes,
      own.filter((value) => laterInputs.has(value) || isOutput.has(value.name)),
    );
  });
}

/** Multiplications for each row of the activations. */
function workOf({ op, inputs }: GraphNode): number {
  const matrix = inputs[1];
  if (op !== 'Gemm' || !matrix) return 0;
  return matrix.shape.reduce((size: number, dim) => (typeof dim === 'number' ? size * dim : 0), 1);
}

function assignStages({ nodes }: Graph, count: number): Map<GraphNode, number> {
  const total = nodes.reduce((sum, node) => sum + workOf(node), 0);
  const stages = new Map<GraphNode, number>();
  let done = 0;
  for (const node of nodes) {
    done += workOf(node);
    stages.set(node, Math.min(count - 1, Math.max(0, Math.ceil((count * done) / total) - 1)));
  }
  return stages;
}

/** The stage's nodes, with those before them that compute shapes: cheaper to compute again than to hand on. */
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
