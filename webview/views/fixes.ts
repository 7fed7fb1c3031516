import type { ConfigFix } from '../../src/run/protocol';
import { element } from '../dom';
import type { Host } from '../connectHost';
import { createButton } from '../toolkit';

/** Buttons, each of which writes a fix into the config and runs it again. */
export class Fixes {
  readonly element = element('div', { class: 'fixes', testId: 'fixes' });
  private shown: readonly ConfigFix[] | undefined;

  constructor(private readonly host: Host) {
    this.element.hidden = true;
  }

  /** Offers these, the best one first. */
  render(fixes: readonly ConfigFix[]): void {
    if (fixes === this.shown) return;
    this.shown = fixes;
    this.element.hidden = fixes.length === 0;
    this.element.replaceChildren(
      ...fixes.map(({ title }, index) =>
        createButton({
          appearance: index === 0 ? 'primary' : 'secondary',
          icon: 'lightbulb',
          text: title,
          label: `${title}: writes it into the config and runs again`,
          testId: `fix-${index}`,
          onClick: () => this.host.post({ type: 'applyFix', index }),
        }),
      ),
    );
  }
}
