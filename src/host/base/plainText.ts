/**
 * A text that VS Code shows as it is. In labels and notifications a name such as `$(trash)` would be an icon and
 * `[Show log](command:…)` a link: a space without width keeps them from being one. For every text with a name or a value of
 * a person's in it, wherever VS Code shows it.
 */
export function plainText(text: string): string {
  return text.replace(/(\$|\])\(/g, '$1\u200B(');
}
