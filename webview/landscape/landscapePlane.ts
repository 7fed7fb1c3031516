import { linearOf, parameterNames } from '../../src/protocol/outputs';
import type { PlaneChoice } from '../../src/engine/report/lossPlane';
import type { RunShape } from '../../src/protocol/protocol';
import { element } from '../page/dom';
import { addChoice, createDropdown, type Dropdown } from '../page/toolkit';

/** Parameters that a dropdown lists. */
const mostChoices = 500;

/** Chooses the plane of the landscape: of the two directions that say most, or of two parameters. */
export class PlaneControl {
  readonly element = element('div', { class: 'landscape-plane' });
  private readonly kind: Dropdown;
  private readonly first: Dropdown;
  private readonly second: Dropdown;
  private names: string[] = [];
  private shown = '';

  constructor(private readonly choose: (choice: PlaneChoice) => void) {
    this.kind = createDropdown({
      label: 'Plane',
      testId: 'landscape-plane',
      choices: [],
      onChange: (value) => choose(value === 'steepest' ? value : { first: 0, second: this.names.length - 1 }),
    });
    const parameter = (label: string, testId: string): Dropdown =>
      createDropdown({ label, testId, choices: [], onChange: () => this.chooseParameters() });
    this.first = parameter('Parameter across', 'landscape-first');
    this.second = parameter('Parameter upwards', 'landscape-second');
    this.element.append(this.kind, this.first, this.second);
  }

  /** The names to choose from: those of a run's parameters. */
  begin(shape: RunShape): void {
    this.names = parameterNames(shape);
    this.shown = '';
    this.offerKinds(linearOf(shape) ? 'Steepest × flattest direction' : 'Main directions of the path');
    // Two parameters have one plane, and one parameter has none.
    this.element.hidden = this.names.length <= 2;
    for (const dropdown of [this.first, this.second]) {
      dropdown.replaceChildren();
      this.names.slice(0, mostChoices).forEach((name, index) => addChoice(dropdown, String(index), name));
    }
  }

  /** Choices that stay are kept: for a moment after they are replaced, the toolkit's dropdown points at those before. */
  private offerKinds(main: string): void {
    if (this.kind.firstChild?.textContent === main) return;
    this.kind.replaceChildren();
    addChoice(this.kind, 'steepest', main);
    addChoice(this.kind, 'parameters', 'Two parameters…');
  }

  /** The choice, where the model has these parameters. */
  valid(choice: PlaneChoice | undefined): PlaneChoice {
    if (choice === undefined || choice === 'steepest' || this.element.hidden) return 'steepest';
    return choice.first < this.names.length && choice.second < this.names.length ? choice : 'steepest';
  }

  /** Shows what is chosen. */
  render(choice: PlaneChoice): void {
    const isParameters = choice !== 'steepest';
    this.first.hidden = this.second.hidden = !isParameters;
    const shown = JSON.stringify(choice);
    if (shown === this.shown) return;
    this.shown = shown;
    // The toolkit's dropdown takes a value once it has its choices.
    queueMicrotask(() => {
      this.kind.value = isParameters ? 'parameters' : 'steepest';
      if (!isParameters) return;
      this.first.value = String(choice.first);
      this.second.value = String(choice.second);
    });
  }

  private chooseParameters(): void {
    const [first, second] = [Number(this.first.value), Number(this.second.value)];
    // The same parameter twice has no plane: the other one gives way.
    if (first !== second) this.choose({ first, second });
    else this.choose({ first, second: first === 0 ? 1 : 0 });
  }
}
