import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextField,
  type Button,
  type Checkbox,
  type Dropdown,
  type TextField,
} from '@vscode/webview-ui-toolkit';
import { describe, element, icon, type ElementOptions } from './dom';
import type { IconName } from './icons';

export type { Button, Checkbox, Dropdown, TextField };

/** Registers the controls; call before any of them is made. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeTextField(),
  );
  // The toolkit takes up the theme when the window has loaded, which it may have before this script.
  if (document.readyState === 'complete') window.dispatchEvent(new Event('load'));
}

/** What a button says and does. */
export interface ButtonOptions extends ElementOptions {
  appearance: 'primary' | 'secondary' | 'icon';
  /** Spoken name, and the tooltip. */
  label: string;
  /** Name of one of VS Code's icons. */
  icon?: IconName;
  onClick: () => void;
}

/** A button; one with an icon shows `text` beside it where there is room. */
export function createButton(options: ButtonOptions): Button {
  const button = document.createElement('vscode-button') as Button;
  const { text, ...rest } = options;
  describe(button, rest);
  button.setAttribute('appearance', options.appearance);
  if (options.icon) button.append(icon(options.icon));
  if (text !== undefined) button.append(element('span', { class: 'button-text', text }));
  labelButton(button, options.label);
  button.addEventListener('click', () => {
    if (!button.disabled) options.onClick();
  });
  return button;
}

/** Gives a button another spoken name and tooltip. */
export function labelButton(button: Button, label: string): void {
  if (button.title === label) return;
  button.title = label;
  button.setAttribute('aria-label', label);
}

/** Says whether a button that switches something is on. */
export function pressButton(button: Button, pressed: boolean): void {
  // The toolkit's button takes ARIA states as properties only.
  button.ariaPressed = String(pressed);
  button.toggleAttribute('data-pressed', pressed);
}

/** A choice of one among a few. */
export function createDropdown(
  options: ElementOptions & {
    label: string;
    choices: readonly { value: string; text: string }[];
    onChange: (value: string) => void;
  },
): Dropdown {
  const dropdown = document.createElement('vscode-dropdown') as Dropdown;
  describe(dropdown, options);
  dropdown.setAttribute('aria-label', options.label);
  dropdown.title = options.label;
  for (const choice of options.choices) addChoice(dropdown, choice.value, choice.text);
  dropdown.addEventListener('change', () => options.onChange(dropdown.value));
  return dropdown;
}

/** Adds a choice to a dropdown. */
export function addChoice(dropdown: Dropdown, value: string, text: string): void {
  const option = document.createElement('vscode-option');
  option.setAttribute('value', value);
  option.textContent = text;
  dropdown.append(option);
}

/** A box to tick; `onChange` is notified of a person's choice only. */
export function createCheckbox(
  options: ElementOptions & { text: string; onChange: (checked: boolean) => void },
): Checkbox {
  const checkbox = document.createElement('vscode-checkbox') as Checkbox;
  describe(checkbox, options);
  checkbox.addEventListener('change', () => {
    if (checkbox !== beingSet) options.onChange(checkbox.checked);
  });
  return checkbox;
}

let beingSet: Checkbox | undefined;

/** Ticks or clears a box without telling its `onChange`. */
export function setChecked(checkbox: Checkbox, checked: boolean): void {
  beingSet = checkbox;
  checkbox.checked = checked;
  beingSet = undefined;
}

/** A line of text; `onEnter` is told when it is done. */
export function createTextField(
  options: ElementOptions & { label: string; placeholder?: string; onEnter: (value: string) => void },
): TextField {
  const field = document.createElement('vscode-text-field') as TextField;
  describe(field, options);
  field.setAttribute('aria-label', options.label);
  field.title = options.label;
  if (options.placeholder) field.setAttribute('placeholder', options.placeholder);
  field.addEventListener('change', () => options.onEnter(field.value));
  return field;
}
