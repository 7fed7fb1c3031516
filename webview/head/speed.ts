import { speedWords } from '../../src/advice/headWords';
import type { Host } from '../page/connectHost';
import { addChoice, createDropdown, type Dropdown } from '../page/toolkit';

const speeds = [1, 10, 100, 1000, 10_000];
const fullSpeed = 'full';

/** How fast a run trains: from one batch a second, to watch each step, to as fast as it goes. */
export class SpeedControl {
  readonly element: Dropdown;
  private shown = '';

  constructor(host: Host) {
    this.element = createDropdown({
      // Until the run's own speed is known it would show the first choice.
      class: 'speed unknown',
      label: 'Speed',
      testId: 'speed',
      choices: [
        ...speeds.map((speed) => ({ value: String(speed), text: speedWords(speed) })),
        { value: fullSpeed, text: speedWords(null) },
      ],
      onChange: (value) => {
        this.shown = value;
        host.post({ type: 'control', controls: { batchesPerSecond: value === fullSpeed ? null : Number(value) } });
      },
    });
  }

  /** Shows the speed that the run has. */
  render(batchesPerSecond: number | null): void {
    const value = batchesPerSecond === null ? fullSpeed : String(batchesPerSecond);
    if (this.shown === value) return;
    this.shown = value;
    const known = Array.from(this.element.children, (choice) => choice.getAttribute('value'));
    if (batchesPerSecond !== null && !known.includes(value))
      addChoice(this.element, value, speedWords(batchesPerSecond));
    // The list takes in a choice in the next microtask; a value that is not in it yet would be refused.
    queueMicrotask(() => {
      this.element.value = value;
      this.element.classList.remove('unknown');
    });
  }
}
