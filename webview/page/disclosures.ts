import type { Host } from './connectHost';

/** Sections that are closed at first where the page is narrow. */
const closedWhenNarrow = ['landscape', 'step', 'mistakes', 'data'];
const narrow = 600;

/** Opens and closes the sections of the page by the buttons in their headings. What a person chose is remembered. */
export class Disclosures {
  private readonly sections: { name: string; element: HTMLElement; toggle: HTMLElement }[] = [];

  /** @param redraw called when a section was opened or closed. */
  constructor(
    private readonly host: Host,
    elements: readonly HTMLElement[],
    private readonly redraw: () => void,
  ) {
    for (const element of elements) {
      const toggle = element.querySelector<HTMLElement>('.disclosure');
      const name = element.dataset['section'];
      if (!toggle || !name) continue;
      this.sections.push({ name, element, toggle });
      toggle.addEventListener('click', () => this.set(name, !this.isOpen(name)));
    }
  }

  /** Whether an element is to be drawn: a section that is open, or no section at all. */
  isDrawn(element: HTMLElement): boolean {
    const { section } = element.dataset;
    return section === undefined || this.isOpen(section);
  }

  /** Shows which sections are open. */
  render(): void {
    for (const { name, element, toggle } of this.sections) {
      const open = String(this.isOpen(name));
      if (toggle.getAttribute('aria-expanded') === open) continue;
      toggle.setAttribute('aria-expanded', open);
      element.toggleAttribute('data-closed', open === 'false');
    }
  }

  /** Opens a section, for something has happened that it shows. */
  open(name: string): void {
    if (!this.isOpen(name)) this.set(name, true);
  }

  private isOpen(name: string): boolean {
    const chosen = this.host.ui.openSections?.[name];
    return chosen ?? !(window.innerWidth < narrow && closedWhenNarrow.includes(name));
  }

  private set(name: string, open: boolean): void {
    this.host.choose({ openSections: { ...this.host.ui.openSections, [name]: open } });
    this.redraw();
  }
}
