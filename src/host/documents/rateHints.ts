import {
  EventEmitter,
  Hover,
  InlayHint,
  MarkdownString,
  languages,
  type HoverProvider,
  type InlayHintsProvider,
  type Position,
  type TextDocument,
} from 'vscode';
import { curvatureText } from '../../advice/curvatureText';
import { shareOfLimit } from '../../advice/words/curvatureWords';
import type { CurvatureReport } from '../../engine/report/report';
import { configSelector, type ConfigCheck, type ConfigChecks } from './configChecks';
import { rangeOf } from './configDiagnostics';
import { Disposables } from '../base/disposables';

const ratePath = ['optimizer', 'lr'];

/** Beside `lr`, its share of the limit that the data allow; and the reasons when the pointer is over it. */
export class RateHints extends Disposables implements InlayHintsProvider, HoverProvider {
  private readonly emitter = this.own(new EventEmitter<void>());
  readonly onDidChangeInlayHints = this.emitter.event;

  constructor(private readonly checks: ConfigChecks) {
    super();
    this.own(checks.onChange(() => this.emitter.fire()));
    this.own(languages.registerInlayHintsProvider(configSelector, this));
    this.own(languages.registerHoverProvider(configSelector, this));
  }

  provideInlayHints(document: TextDocument): InlayHint[] {
    const known = this.reportOf(document);
    const text = known && hintText(known.report);
    if (!known || !text) return [];
    const hint = new InlayHint(rateRange(known.check).end, text);
    hint.paddingLeft = true;
    hint.tooltip = asMarkdown(known.report);
    return [hint];
  }

  provideHover(document: TextDocument, position: Position): Hover | undefined {
    const known = this.reportOf(document);
    if (!known) return undefined;
    const [key, value] = (['key', 'value'] as const).map((what) => rateRange(known.check, what));
    const range = key.with(undefined, value.end);
    return range.contains(position) ? new Hover(asMarkdown(known.report), range) : undefined;
  }

  /** Undefined while the document's text is newer than what is known of it. */
  private reportOf(document: TextDocument): { check: ConfigCheck; report: CurvatureReport } | undefined {
    const check = this.checks.of(document.uri);
    const report = check?.checked?.report;
    return check && report && check.version === document.version ? { check, report } : undefined;
  }
}

function rateRange({ parsed }: ConfigCheck, what: 'key' | 'value' = 'value') {
  const problem = parsed.source.problemAt(ratePath, { message: '' }, what);
  return rangeOf(problem);
}

/** Its lines may break at spaces, which `appendText` makes unbreakable. Column names are shown as they are, whatever is in them. */
/** VS Code cuts a hint after 43 characters, so a sample is named first, and is known to estimate; the hover says of how many rows. */
function hintText({ limit, lr }: CurvatureReport): string | undefined {
  if (!limit.sample) return shareOfLimit({ limit, lr });
  const share = shareOfLimit({ limit: { ...limit, accuracy: 'exact' }, lr });
  return share && `by a sample: ${share}`;
}

function asMarkdown(report: CurvatureReport): MarkdownString {
  const escaped = curvatureText(report).replace(/[!-/:-@[-`{-~]/g, '\\$&');
  const aligned = escaped.replace(/ {2,}/g, (spaces) => '&nbsp;'.repeat(spaces.length));
  return new MarkdownString(aligned.replaceAll('\n', '  \n'));
}
