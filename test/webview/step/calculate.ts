import { createContext, runInContext } from 'node:vm';
import type { Tokens } from '../../../webview/step/stepLines';

const context = createContext({
  clamp: (value: number, low: number, high: number) => Math.max(low, Math.min(high, value)),
  Tanh: Math.tanh,
  ReLU: (x: number) => Math.max(0, x),
  Sigmoid: (x: number) => 1 / (1 + Math.exp(-x)),
  Softplus: (x: number) => Math.log1p(Math.exp(x)),
});

/** What a line's numbers come to, read as a pocket calculator would that knows activations by name. */
export function calculate(tokens: Tokens): number {
  const text = (token: Tokens[number]): string => {
    if (typeof token === 'number') return `(${token})`;
    return typeof token === 'string' ? token : `(${token.terms.map((term) => term.map(text).join('')).join(' + ')})`;
  };
  const written = tokens.map(text).join('');
  const script = written
    .replace(/√(\([^()]*(?:\([^()]*\)[^()]*)*\))/g, 'Math.sqrt($1)')
    .replaceAll('exp(', 'Math.exp(')
    .replaceAll('×', '*')
    .replaceAll('−', '-')
    .replaceAll('²', ' ** 2');
  return Number(runInContext(script, context));
}
