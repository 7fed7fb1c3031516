import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeRecordFolder } from '../../../src/host/records/nodeRecordFolder';
import { OwnedElsewhere, Ownership, ownersIn, quietTime } from '../../../src/host/records/ownership';
import type { RecordFolder } from '../../../src/host/records/recordFolder';
import { countedFolder, drivenClock, type DrivenClock } from '../../helpers/drivenClock';

let place: string;
let clock: DrivenClock;
let folder: RecordFolder;
beforeEach(() => {
  place = mkdtempSync(path.join(tmpdir(), 'gd-owner-'));
  const counted = countedFolder(nodeRecordFolder(place));
  folder = counted;
  clock = drivenClock([counted]);
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const newWindow = (on = folder) => new Ownership(on, clock);
const files = () => readdirSync(place);

/** Who owns the run, for a window that looks now. */
async function seenBy(window: Ownership) {
  await window.look('a', ownersIn(await folder.list()));
  return window.ownerOf('a');
}

/** A folder of which one operation waits, the first time, until the test lets it go on. */
function heldFolder(operation: 'create' | 'overwrite') {
  let letGo = () => {};
  let reached = () => {};
  const isHeld = new Promise<void>((resolve) => (reached = resolve));
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  let isFirst = true;
  const held = {
    ...folder,
    [operation]: async (name: string, bytes: Uint8Array) => {
      reached();
      if (isFirst) {
        isFirst = false;
        await gate;
      }
      return folder[operation](name, bytes);
    },
  };
  return { held, isHeld, letGo: () => letGo() };
}

describe('an owner', () => {
  it('is there as long as its heart beats, and gone after five quiet seconds', async () => {
    const [owner, other] = [newWindow(), newWindow()];
    await owner.acquire('a');
    expect(await seenBy(other)).toBe('other');
    await clock.pass(quietTime - 1);
    expect(await seenBy(other)).toBe('other');
    expect(await owner.beat()).toEqual([]);
    expect(await seenBy(other)).toBe('other');
    await clock.pass(quietTime - 1);
    expect(await seenBy(other)).toBe('other');
    await clock.pass(1);
    expect(await seenBy(other)).toBe('nobody');
  });

  it('that lets go, or removes the run, is gone at once', async () => {
    const [owner, other] = [newWindow(), newWindow()];
    await owner.acquire('a');
    expect(await seenBy(other)).toBe('other');
    await owner.release('a');
    expect([owner.ownerOf('a'), await seenBy(other)]).toEqual(['nobody', 'nobody']);
    await owner.acquire('a', false);
    expect(await seenBy(other)).toBe('other');
    await owner.forget('a');
    expect(await seenBy(other)).toBe('nobody');
    expect(files()).toEqual([]);
  });

  it('whose file cannot be read has no heart that beats', async () => {
    mkdirSync(path.join(place, 'a.3.owner'));
    const window = newWindow();
    expect(await seenBy(window)).toBe('other');
    await clock.pass(quietTime);
    expect(await seenBy(window)).toBe('nobody');
  });

  it('has its file made again with its folder, unless another one came first', async () => {
    const [owner, other] = [newWindow(), newWindow()];
    await owner.acquire('a');
    rmSync(place, { recursive: true });
    expect(await owner.confirm('a')).toBe(true);
    expect(files()).toEqual(['a.1.owner']);
    rmSync(place, { recursive: true });
    await other.acquire('a');
    expect(await owner.beat()).toEqual(['a']);
    expect([owner.owned, other.owned]).toEqual([[], ['a']]);
  });

  it('that lets go while its heart beats has let go', async () => {
    const { held, isHeld, letGo } = heldFolder('overwrite');
    const [owner, other] = [newWindow(held), newWindow()];
    await owner.acquire('a');
    const beaten = owner.beat();
    await isHeld;
    const released = owner.release('a');
    await clock.pass(0);
    letGo();
    await Promise.all([beaten, released]);
    expect(await seenBy(other)).toBe('nobody');
  });

  it('is not taken for another one while its heart beats into a file that is emptied first', async () => {
    const { held, isHeld, letGo } = heldFolder('overwrite');
    const owner = newWindow(held);
    await owner.acquire('a');
    const beaten = owner.beat();
    await isHeld;
    truncateSync(path.join(place, 'a.1.owner'));
    const confirmed = owner.confirm('a');
    await clock.pass(0);
    letGo();
    expect(await confirmed).toBe(true);
    expect(await beaten).toEqual([]);
    expect(owner.owned).toEqual(['a']);
  });
});

describe('a window that takes a run over', () => {
  it('is refused at once where it has no patience', async () => {
    await newWindow().acquire('a');
    await expect(newWindow().acquire('a', false)).rejects.toThrow(OwnedElsewhere);
    expect(files()).toEqual(['a.1.owner']);
  });

  it('waits for an owner that may be gone, no longer than it takes to be sure', async () => {
    const [owner, other] = [newWindow(), newWindow()];
    await owner.acquire('a');
    await seenBy(other);
    await clock.pass(100);
    const taken = other.acquire('a');
    await clock.pass(quietTime - 101);
    expect(other.owned).toEqual([]);
    await clock.pass(1);
    expect(other.owned).toEqual(['a']);
    await taken;
    expect(files()).toEqual(['a.2.owner']);
    // The one that was slow finds out, and changes nothing any more.
    await owner.release('a');
    expect(owner.owned).toEqual([]);
    expect(await seenBy(newWindow())).toBe('other');
  });

  it('is refused where the owner lives after all', async () => {
    const [owner, other] = [newWindow(), newWindow()];
    await owner.acquire('a');
    const refused = expect(other.acquire('a')).rejects.toThrow(OwnedElsewhere);
    await clock.pass(600);
    await owner.beat();
    await clock.pass(250);
    await refused;
    expect(files()).toEqual(['a.1.owner']);
  });

  it.each(['release', 'forget'] as const)('waits no longer where the owner lets go of it: %s', async (letGo) => {
    const [owner, other] = [newWindow(), newWindow()];
    await owner.acquire('a');
    const taken = other.acquire('a');
    await clock.pass(600);
    await owner[letGo]('a');
    await clock.pass(250);
    expect(other.owned).toEqual(['a']);
    await taken;
  });

  it('takes a number that is higher than any since it looked', async () => {
    const [owner, other] = [newWindow(), newWindow()];
    for (const window of [owner, newWindow()]) {
      await window.acquire('a');
      await window.release('a');
      expect(await seenBy(other)).toBe('nobody');
    }
    await other.acquire('a');
    expect(files()).toEqual(['a.3.owner']);
  });

  it('is refused where another one was faster', async () => {
    const { held, isHeld, letGo } = heldFolder('create');
    const refused = expect(newWindow(held).acquire('a')).rejects.toThrow(OwnedElsewhere);
    await isHeld;
    const faster = newWindow();
    await faster.acquire('a');
    letGo();
    await refused;
    expect(await faster.confirm('a')).toBe(true);
  });

  it('is refused where the run has changed hands twice meanwhile, and leaves nothing', async () => {
    const { held, isHeld, letGo } = heldFolder('create');
    const refused = expect(newWindow(held).acquire('a')).rejects.toThrow(OwnedElsewhere);
    await isHeld;
    const [first, second] = [newWindow(), newWindow()];
    await first.acquire('a');
    await first.release('a');
    await second.acquire('a');
    letGo();
    await refused;
    expect(files()).toEqual(['a.2.owner']);
    expect(await second.confirm('a')).toBe(true);
  });
});
