import { setConfigValue } from '../../config/edits/setValue';
import type { ConfigFix } from './configFix';

/** A config's text with a fix written into it. */
export function fixedText(text: string, { edits }: ConfigFix): string {
  return edits.reduce((made, { path, value }) => setConfigValue(made, path.join('.'), value), text);
}
