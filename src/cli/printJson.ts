/** Prints a value as a line of JSON. JSON has no word for numbers that are not finite; they are written as text. */
export function printJson(value: object): void {
  const text = JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'number' && !Number.isFinite(one) ? String(one) : one,
  );
  process.stdout.write(`${text}\n`);
}
