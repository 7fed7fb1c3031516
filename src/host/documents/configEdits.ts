import { Range, WorkspaceEdit, type TextDocument } from 'vscode';
import type { ConfigFix } from '../../advice/fixes/configFix';
import { fixedText } from '../../advice/fixes/fixedText';

/** The edit of a config that a fix stands for. */
export function editFor(document: TextDocument, fix: ConfigFix): WorkspaceEdit {
  const before = document.getText();
  const after = fixedText(before, fix);
  const edit = new WorkspaceEdit();
  // Only what differs is replaced, so that the cursor stays where it is.
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const range = new Range(document.positionAt(start), document.positionAt(before.length - end));
  edit.replace(document.uri, range, after.slice(start, after.length - end));
  return edit;
}
