/** A text for a notification, in which a name such as `[Show log](command:…)` would be a link: a space without width keeps it from being one. */
export function plainText(text: string): string {
  return text.replaceAll('](', ']\u200B(');
}
