import { expect, it } from 'vitest';
import { plainText } from '../../../src/host/base/plainText';

/** A link in a notification, as VS Code reads it. */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;

it.each([
  '[Show log](command:x).gd.json: diverged',
  'a [b](https://example.com "c") [d](file:/e)',
  '[$(gear) [x](command:y)',
])('makes no link of %s', (text) => {
  expect(text).toMatch(link);
  const plain = plainText(text);
  expect(plain).not.toMatch(link);
  expect(plain.replaceAll('\u200B', '')).toBe(text);
});

it.each(['$(trash) x.csv', 'a$(loading~spin)', '\\$(a-b)', '$($(x)'])('makes no icon of %s', (text) => {
  const icon = /\$\([a-z\d-]+(~[a-z]+)?\)/i;
  expect(text).toMatch(icon);
  const plain = plainText(text);
  expect(plain).not.toMatch(icon);
  expect(plain.replaceAll('\u200B', '')).toBe(text);
});

it('leaves other texts as they are', () => {
  expect(plainText('trees [1] (2).csv: diverged')).toBe('trees [1] (2).csv: diverged');
});
