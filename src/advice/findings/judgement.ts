import type { ConfigFix } from '../fixes/configFix';

/**
 * How a run stands: `waiting` before its first epoch, `learning` where nothing more can be said, `flawed` where it trains
 * well and answers badly.
 */
export type VerdictKind =
  | 'waiting'
  | 'learning'
  | 'converged'
  | 'improving'
  | 'stuck'
  | 'diverging'
  | 'overfitting'
  | 'flawed';

/** What a verdict says, as a word for machines. More will come. */
export type VerdictCode =
  | 'fine'
  | 'unknown'
  | 'converged'
  | 'early_stopped'
  | 'improving'
  | 'too_few_epochs'
  | 'rate_over_limit'
  | 'rate_too_small'
  | 'momentum_too_large'
  | 'unstable_setting'
  | 'not_scaled'
  | 'targets_too_large'
  | 'hovering'
  | 'overfitting'
  | 'separable'
  | 'dependent_columns'
  | 'fewer_rows_than_inputs'
  | 'leaking_column'
  | 'rows_in_both_sets'
  | 'ordered_rows'
  | 'class_imbalance'
  | 'outliers_dominate'
  | 'classes_as_numbers'
  | 'numbers_as_classes'
  | 'not_linear'
  | 'nothing_to_learn'
  | 'no_smooth_minimum'
  | 'regularization_too_strong'
  | 'symmetric_start'
  | 'dead_units'
  | 'saturated_units'
  | 'vanishing_gradients'
  | 'exploding_gradients'
  | 'output_activation'
  | (string & {});

/** How a run stands, in one sentence with its numbers. */
export interface Judgement {
  kind: VerdictKind;
  code: VerdictCode;
  sentence: string;
  numbers: Record<string, number>;
}

/** A judgement with what would help, the best fix first, and the codes of what else holds. */
export interface Verdict extends Judgement {
  fixes: ConfigFix[];
  also: VerdictCode[];
}
