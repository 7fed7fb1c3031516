import { formatCount, formatNumber } from '../../src/base/format';
import type { RunShape } from '../../src/protocol/protocol';
import type { Mistake, MistakeCurve } from '../../src/protocol/questions';
import type { RunState } from '../../src/protocol/state';
import { element, section, setText } from '../page/dom';
import { memo } from '../page/memo';
import type { IconName } from '../page/icons';
import type { Ask } from '../page/questions';
import type { View } from '../page/store';
import { createButton, pressButton, type Button } from '../page/toolkit';
import { CurveSource } from './curveSource';
import type { Overlay } from '../loss/lossOverlays';
import { mistakes, mistakeTitles, mistakeWords, type MistakeWords } from './mistakeWords';

/** What a classic mistake would have done to this run: in words, and as a curve beside its own. */
export class MistakesView implements View {
  private readonly section = section('mistakes', 'What if');
  readonly element = this.section.element;
  private readonly buttons: { mistake: Mistake; button: Button }[];
  private readonly rules = element('div', { class: 'mistake-rules', testId: 'mistake-rules' });
  private readonly effect = element('p', { class: 'mistake-effect', testId: 'mistake-effect' });
  private readonly curveState = element('p', {
    class: 'hint',
    testId: 'mistake-curve',
    attributes: { role: 'status' },
  });
  private readonly source: CurveSource;
  private chosen: Mistake | undefined;
  private run: RunState | undefined;
  private readonly isNew = memo();

  /** @param showOverlays puts curves on the loss chart. */
  constructor(
    ask: Ask,
    private readonly redraw: () => void,
    private readonly showOverlays: (overlays: Overlay[]) => void,
  ) {
    this.source = new CurveSource((mistake, first) => ask({ kind: 'mistake', query: { mistake, first } }), redraw);
    this.buttons = mistakes.map((mistake) => ({ mistake, button: this.createSwitch(mistake) }));
    const switches = element(
      'div',
      { class: 'mistake-switches', attributes: { role: 'group', 'aria-label': 'A mistake to try' } },
      ...this.buttons.map(({ button }) => button),
    );
    this.section.body.append(
      element('p', {
        class: 'hint',
        text: 'Four classic mistakes, tried on this run’s data. The run itself stays as it is.',
      }),
      switches,
      this.rules,
      this.effect,
      this.curveState,
    );
  }

  /** See `View`. */
  render(run: RunState): void {
    const { shape } = run;
    if (!shape) return;
    if (run.identity.id !== this.run?.identity.id) this.choose(undefined);
    this.run = run;
    const words = this.chosen && mistakeWords(this.chosen, shape);
    for (const { mistake, button } of this.buttons) pressButton(button, mistake === this.chosen);
    for (const part of [this.rules, this.effect, this.curveState]) part.hidden = !words;
    if (this.isNew(this.chosen, shape) && words) this.drawWords(words);
    if (!words) return;
    if (words.hasCurve) this.source.keepAsking();
    setText(this.curveState, words.hasCurve ? curveWords(this.source, shape, run) : '');
  }

  private createSwitch(mistake: Mistake): Button {
    const title = mistakeTitles[mistake];
    return createButton({
      appearance: 'secondary',
      text: title,
      label: `What if: ${title}`,
      testId: `mistake-${mistake}`,
      onClick: () => this.choose(this.chosen === mistake ? undefined : mistake),
    });
  }

  private choose(mistake: Mistake | undefined): void {
    this.chosen = mistake;
    const shape = this.run?.shape;
    const words = mistake && shape && mistakeWords(mistake, shape);
    this.source.begin(words?.hasCurve ? mistake : undefined);
    this.redraw();
    this.showOverlays(
      mistake && words?.hasCurve
        ? [
            {
              name: mistakeTitles[mistake],
              key: 'mistake',
              losses: () => this.source.losses,
              dash: [1.5, 3],
              marker: 'triangle',
            },
          ]
        : [],
    );
  }

  private drawWords({ right, wrong, rightCode, wrongCode, effect }: MistakeWords): void {
    this.rules.replaceChildren(
      rule('right', 'Right', 'check', right, rightCode),
      rule('wrong', 'Mistake', 'bug', wrong, wrongCode),
    );
    setText(this.effect, effect);
  }
}

function rule(name: string, title: string, iconName: IconName, formula: string, code: string): HTMLElement {
  return element(
    'div',
    { class: `mistake-rule ${name}` },
    element(
      'div',
      { class: 'rule-title' },
      element('span', { class: `codicon codicon-${iconName}`, attributes: { 'aria-hidden': 'true' } }),
      ` ${title}`,
    ),
    element('div', { class: 'rule-formula', text: formula }),
    element('code', { class: 'rule-code', text: code }),
  );
}

function curveWords(source: CurveSource, shape: RunShape, { history }: RunState): string {
  if (source.problem) return source.problem;
  const { curve, losses } = source;
  if (!curve) return 'Working out the curve…';
  if (curve.already) return 'This run does not shuffle already: the curve is its own.';
  const some =
    curve.rows < shape.trainRows
      ? ` Trained on ${formatCount(curve.rows)} of the ${formatCount(shape.trainRows)} rows.`
      : '';
  const cut =
    curve.done && !curve.divergence && losses.length < shape.epochs
      ? ` It stops after ${formatCount(losses.length)} of ${formatCount(shape.epochs)} epochs, for lack of time.`
      : '';
  return compared(curve, losses, history) + some + cut;
}

function compared({ divergence }: MistakeCurve, losses: Float64Array, history: RunState['history']): string {
  if (divergence && (history.length === 0 || divergence.epoch < history.length)) {
    return `Its loss is not finite in epoch ${formatCount(divergence.epoch + 1)}: it diverges.`;
  }
  const common = lastKnown(history, Math.min(losses.length, history.length));
  if (common === 0) return 'Its curve is drawn beside the run’s own as the run goes on.';
  const [wrong, right] = [losses[common - 1], history.at('loss', common - 1) ?? NaN];
  return `After epoch ${formatCount(common)} its loss is ${formatNumber(wrong)}; this run’s is ${formatNumber(right)}.`;
}

/** The most epochs, at most `epochs`, after which the loss is known exactly: of a long run not every epoch is. */
function lastKnown(history: RunState['history'], epochs: number): number {
  if (epochs === 0 || history.at('loss', epochs - 1) !== undefined) return epochs;
  return Math.max(1, epochs - (epochs % history.stride));
}
