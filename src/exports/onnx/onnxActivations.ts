import type { ActivationChoice, ActivationName, ActivationOptions } from '../../engine/nn/activations';
import type { OnnxGraph } from './onnxGraph';

type Operator<N extends ActivationName> = (graph: OnnxGraph, x: string, options: ActivationOptions[N]) => string;

/** How each activation is computed in ONNX. */
export const onnxActivations: { [N in ActivationName]: Operator<N> } = {
  Identity: (_, x) => x,
  ReLU: (graph, x) => graph.node('Relu', [x]),
  LeakyReLU: (graph, x, { negative_slope }) => graph.node('LeakyRelu', [x], { alpha: { float: negative_slope } }),
  ELU: (graph, x, { alpha }) => graph.node('Elu', [x], { alpha: { float: alpha } }),
  GELU: (graph, x, { approximate }) => graph.node('Gelu', [x], { approximate }),
  SiLU: (graph, x) => graph.node('Mul', [x, graph.node('Sigmoid', [x])]),
  Tanh: (graph, x) => graph.node('Tanh', [x]),
  Sigmoid: (graph, x) => graph.node('Sigmoid', [x]),
  Softplus(graph, x, options) {
    const single = (name: string, value: number) => graph.constant(name, { type: 'float', shape: [], data: [value] });
    const beta = single('beta', options.beta);
    const steep = graph.node('Mul', [x, beta]);
    const soft = graph.node('Div', [graph.node('Softplus', [steep]), beta]);
    return graph.node('Where', [graph.node('Greater', [steep, single('threshold', options.threshold)]), x, soft]);
  },
};

/** What a layer makes of a tensor. */
export function activated(graph: OnnxGraph, x: string, layer: ActivationChoice): string {
  return (onnxActivations[layer.type] as Operator<ActivationName>)(graph, x, layer);
}
