/** The colours and type that a drawing needs, taken from the editor's theme. */
export interface Theme {
  foreground: string;
  muted: string;
  gridLine: string;
  /** Training loss. */
  training: string;
  /** Validation loss. */
  validation: string;
  /** The exact minimum. */
  floor: string;
  /** Where a model stands. */
  position: string;
  /** What the page is drawn on. */
  surface: string;
  /** The loss of another run. */
  compared: string;
  /** The loss with a mistake. */
  mistake: string;
  error: string;
  fontFamily: string;
  /** Pixels. */
  fontSize: number;
  highContrast: boolean;
}

/** Reads the theme as it is now. */
export function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const colour = (...names: string[]): string => {
    for (const name of names) {
      const value = style.getPropertyValue(`--vscode-${name}`).trim();
      if (value) return value;
    }
    return style.color;
  };
  const highContrast = isHighContrast();
  return {
    foreground: colour('foreground', 'editor-foreground'),
    muted: colour(...(highContrast ? ['foreground'] : ['descriptionForeground', 'foreground'])),
    gridLine: colour(...(highContrast ? ['contrastBorder'] : ['panel-border', 'editorWidget-border', 'charts-lines'])),
    training: colour('charts-blue', 'textLink-foreground'),
    validation: colour('charts-orange', 'charts-yellow'),
    floor: colour('charts-green', 'foreground'),
    position: colour('charts-yellow', 'charts-orange'),
    surface: getComputedStyle(document.getElementById('app')!).getPropertyValue('--surface').trim(),
    compared: colour('charts-foreground', 'foreground'),
    mistake: colour('charts-purple', 'charts-green'),
    error: colour('charts-red', 'errorForeground'),
    fontFamily: style.fontFamily,
    fontSize: Math.max(10, Number.parseFloat(style.fontSize) - 2),
    highContrast,
  };
}

/** True where a person wants nothing on the page to move by itself. */
export function prefersReducedMotion(): boolean {
  return (
    matchMedia('(prefers-reduced-motion: reduce)').matches || document.body.classList.contains('vscode-reduce-motion')
  );
}

/** Calls back when the editor's theme has changed. */
export function onThemeChange(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
}

function isHighContrast(): boolean {
  const { classList } = document.body;
  return classList.contains('vscode-high-contrast') || classList.contains('vscode-high-contrast-light');
}
