import { l10n } from 'vscode';
import type { ColumnSummary } from '../data/describeTable';

/** What is to be known of a column before it is chosen: type, range and gaps, then its first values. */
export function describeColumn(column: ColumnSummary): { description: string; detail: string } {
  const { missing, samples } = column;
  const gaps = missing > 0 ? l10n.t('{0} missing', missing) : '';
  return {
    description: [span(column), gaps].filter(Boolean).join(' · '),
    detail: samples.length > 0 ? l10n.t('for instance {0}', samples.join(', ')) : '',
  };
}

function span({ type, min, max, constant, distinct, samples }: ColumnSummary): string {
  if (type === 'text') {
    if (constant) return l10n.t('text, always {0}', samples[0] ?? '?');
    return distinct === undefined ? l10n.t('text') : l10n.t('text, {0} different values', distinct);
  }
  return constant ? l10n.t('always {0}', shown(min)) : l10n.t('{0} to {1}', shown(min), shown(max));
}

function shown(value: number | undefined): string {
  return value === undefined ? '?' : String(Number(value.toPrecision(6)));
}
