/** Which epochs the loss curve shows: from `first` up to, not including, `end`. */
export interface EpochRange {
  first: number;
  end: number;
}

/** Choices for what to leave out, as stored and as shown. */
export const windowChoices = [
  { value: '0%', text: 'All epochs' },
  { value: '1%', text: 'Skip first 1 %' },
  { value: '10%', text: 'Skip first 10 %' },
  { value: '50%', text: 'Skip first 50 %' },
  { value: 'from', text: 'From epoch…' },
] as const;

/** The epochs that a choice leaves: `10%` leaves out that share of the first ones, `30` all before the 30th. */
export function readWindow(choice: string | undefined, epochs: number): EpochRange {
  const number = Number.parseFloat(choice ?? '0');
  const asked = choice?.endsWith('%') ? Math.floor((epochs * number) / 100) : number - 1;
  const first = Number.isFinite(asked) ? Math.max(0, Math.min(Math.round(asked), epochs - 1)) : 0;
  return { first: Math.max(0, first), end: epochs };
}
