import type { IconName } from './icons';

/** What an element is made with; text goes through `textContent`, never through HTML. */
export interface ElementOptions {
  class?: string;
  text?: string;
  testId?: string;
  attributes?: Record<string, string>;
}

/** Makes an element with its children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  options: ElementOptions = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  describe(made, options);
  made.append(...children);
  return made;
}

/** Gives an element that exists already what `options` say. */
export function describe(target: HTMLElement, options: ElementOptions): void {
  if (options.class) target.className = options.class;
  if (options.text !== undefined) target.textContent = options.text;
  if (options.testId) target.dataset['testid'] = options.testId;
  for (const [name, value] of Object.entries(options.attributes ?? {})) target.setAttribute(name, value);
}

/** One of VS Code's own icons, silent to screen readers. */
export function icon(name: IconName): HTMLSpanElement {
  return element('span', { class: `codicon codicon-${name}`, attributes: { 'aria-hidden': 'true' } });
}

/** Sets text only where it differs, so that nothing is laid out again or read out twice. */
export function setText(target: Node, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** Sets a sentence as `setText` does; no line ends within a number such as 1.22e-6. */
export function setSentence(target: Element, text: string): void {
  if (target.textContent === text) return;
  const parts = text.split(/(\S*\de-\d\S*)/);
  target.replaceChildren(
    ...parts.map((part, index) => (index % 2 === 1 ? element('span', { class: 'unbroken', text: part }) : part)),
  );
}

/** A section of the page under a heading, with room for controls beside it. */
export interface Section {
  element: HTMLElement;
  /** Beside the heading. */
  tools: HTMLElement;
  body: HTMLElement;
  heading: HTMLElement;
}

/** Makes a section named after its heading, whose button says whether it is open; see `Disclosures`. */
export function section(name: string, title: string): Section {
  const toggle = element(
    'button',
    { class: 'disclosure', attributes: { type: 'button', 'aria-expanded': 'true', 'aria-controls': `${name}-body` } },
    icon('chevron-down'),
    title,
  );
  const heading = element('h2', { attributes: { id: `${name}-heading` } }, toggle);
  const tools = element('div', { class: 'section-tools' });
  const body = element('div', { class: 'section-body', attributes: { id: `${name}-body` } });
  const whole = element(
    'section',
    { class: `section ${name}`, attributes: { 'aria-labelledby': heading.id } },
    element('div', { class: 'section-head' }, heading, tools),
    body,
  );
  whole.dataset['section'] = name;
  return { element: whole, tools, body, heading };
}
