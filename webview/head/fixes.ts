import { fixId, type ConfigFix } from '../../src/advice/fixes/configFix';
import { offeredFixes } from '../../src/advice/verdicts/offeredFixes';
import type { RunState } from '../../src/protocol/state';
import { element } from '../page/dom';
import type { Host } from '../page/connectHost';
import { memo } from '../page/memo';
import { createButton } from '../page/toolkit';

/** Buttons, each of which writes a fix into the config and runs it again. */
export class Fixes {
  readonly element = element('div', { class: 'fixes', testId: 'fixes' });
  private readonly isNewRun = memo();
  private readonly areNew = memo();

  constructor(private readonly host: Host) {
    this.element.hidden = true;
  }

  /** Offers what would mend the config of a run, the best fix first; nothing where there is no run. */
  render(run?: RunState): void {
    if (!this.isNewRun(run?.status, run?.problems, run?.shape, run?.curvature, run?.data, run?.trying, run?.trials))
      return;
    const fixes = run ? offeredFixes(run) : [];
    // A button that stays keeps the focus and the click that is on its way.
    if (!this.areNew(...fixes.map(fixId), fixes.length)) return;
    this.element.hidden = fixes.length === 0;
    this.element.replaceChildren(...fixes.map((fix, index) => this.button(fix, index)));
  }

  private button(fix: ConfigFix, index: number): HTMLElement {
    return createButton({
      appearance: index === 0 ? 'primary' : 'secondary',
      icon: 'lightbulb',
      text: fix.title,
      label: `${fix.title}: writes it into the config and runs again`,
      testId: `fix-${index}`,
      onClick: () => this.host.post({ type: 'applyFix', id: fixId(fix) }),
    });
  }
}
