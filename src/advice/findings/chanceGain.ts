import type { CurvatureReport } from '../../engine/report/report';

/** What the parameters of a linear model take off the loss of the same prediction for every row by chance, at most as a rule. */
export function chanceGain({ inputs, outputs, rows, variance }: CurvatureReport): number {
  return variance === undefined ? (inputs * Math.max(1, outputs - 1)) / rows : (variance * inputs) / rows;
}
