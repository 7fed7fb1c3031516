import type { RunState } from '../../protocol/state';
import { staticPage } from './staticPage';

/** Where the parts of a page come from. */
export interface PageParts {
  /** `webview/index.html` and the page's styles. */
  template: string;
  styles: string;
  scriptUri: string;
  cspSource: string;
  place: 'sidePanel' | 'editor';
}

/**
 * A page's HTML, which shows a run without any other file; `null` if there is none, undefined while that is not known.
 * The page's script takes over when it has run.
 */
export function pageHtml(run: RunState | null | undefined, { template, styles, ...parts }: PageParts): string {
  const { html, css } = staticPage(run, parts.place);
  return filled(template, { ...parts, styles: styles + css, staticPage: html });
}

/** The HTML of a page that shows nothing before its script has run. */
export function scriptPage({ template, ...parts }: PageParts): string {
  return filled(template, { ...parts, staticPage: '' });
}

function filled(template: string, parts: Record<string, string>): string {
  const values: Record<string, string> = { ...parts, nonce: freshNonce() };
  return template.replace(/\{\{(\w+)\}\}/g, (_, key: string) => values[key]);
}

function freshNonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
