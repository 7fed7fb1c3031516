/** Writes a text to standard output as `visible` makes it. */
export function say(text: string): void {
  process.stdout.write(visible(text));
}

/** Writes a text to standard error as `visible` makes it. */
export function warn(text: string): void {
  process.stderr.write(visible(text));
}

/**
 * A text whose control characters, but for line feeds and tabs, are pictures of themselves. Names and cells come from
 * files that anybody may have made; a terminal would obey what is in them.
 */
export function visible(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, picture);
}

/** A text as `visible` makes it, in one line. */
export function visibleLine(text: string): string {
  return visible(text).replace(/[\t\n]/g, picture);
}

function picture(control: string): string {
  const code = control.charCodeAt(0);
  if (code === 0x7f) return '\u2421';
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd';
}
