import { l10n } from 'vscode';
import type { ColumnSummary } from '../../data/describeTable';
import { formatCount, formatExamples, formatRounded } from '../../base/format';

/** What a column of texts becomes: inputs of 0 and 1, or classes to predict. */
export type TextUse = 'inputs' | 'classes';

/** What is to be known of a column before it is chosen: type, range and gaps, then its first values. */
export function describeColumn(column: ColumnSummary, use?: TextUse): { description: string; detail: string } {
  return described(column, [span(column, use), idleness(column)]);
}

/** The same of a column of text that cannot be chosen: why, and what would change that. */
export function describeUnusable(column: ColumnSummary): { description: string; detail: string } {
  return described(column, [[column.text?.what, column.text?.advice].filter(Boolean).join('; ')]);
}

function described({ missing, samples }: ColumnSummary, words: string[]): { description: string; detail: string } {
  const gaps = missing > 0 ? l10n.t('{0} missing', formatCount(missing)) : '';
  return {
    description: [...words, gaps].filter(Boolean).join(' · '),
    detail: samples.length > 0 ? l10n.t('e.g. {0}', formatExamples(samples)) : '',
  };
}

function span(
  { type, min, max, constant, distinct, samples, dates, code }: ColumnSummary,
  use: TextUse | undefined,
): string {
  if (dates && use === 'inputs') return l10n.t('dates → days since {0}', dates.first);
  if (code && use === 'inputs') return l10n.t('codes, {0} distinct values → one input each', formatCount(distinct!));
  if (code && use === 'classes') return l10n.t('codes, {0} distinct values → classes', formatCount(distinct!));
  if (type === 'text') {
    if (constant) return l10n.t('text, always {0}', samples[0] ?? '?');
    if (distinct === undefined) return l10n.t('text');
    if (use === 'inputs') return l10n.t('text, {0} distinct values → one input each', formatCount(distinct));
    if (use === 'classes') return l10n.t('text, {0} distinct values → classes', formatCount(distinct));
    return l10n.t('text, {0} distinct values', formatCount(distinct));
  }
  return constant ? l10n.t('always {0}', shown(min)) : l10n.t('{0} to {1}', shown(min), shown(max));
}

/** Why a column is no input unless it is named. */
function idleness({ identifier, constant }: ColumnSummary): string {
  if (constant) return l10n.t('has no information');
  return identifier ? l10n.t('looks like a row ID') : '';
}

function shown(value: number | undefined): string {
  return value === undefined ? '?' : formatRounded(value, 6);
}
