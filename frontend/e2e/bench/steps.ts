import type { Person } from '../people';
import { framesOf } from '../recorder';
import { type Classroom, now, wait } from './classroom';
import { backWithin, InvalidRun, pairSkews, stub, type Witness } from './samples';

/** The skews of all pairs over a while. */
export async function steady(room: Classroom, ms: number, witness: Witness): Promise<number[]> {
  const from = await now(room.teacher);
  await wait(ms);
  return pairSkews(await Promise.all(room.people.map((person) => witness.steady(person, from, from + ms))));
}

/** By how much everybody's idea of the server's clock was wrong, in a time after the first idea. */
export async function clockErrors(room: Classroom, after: number, until: number): Promise<number[]> {
  const all = await Promise.all(room.people.map((person) => person.page.evaluate(() => window.recorded.clock)));
  return all.flatMap((errors) => {
    const first = errors[0]?.at ?? 0;
    return errors.filter(({ at }) => at - first >= after && at - first <= until).map(({ error }) => Math.abs(error));
  });
}

/** From the press of the button to the first frame that moves, on the slowest client. */
export async function starts(room: Classroom, times: number): Promise<number[]> {
  const found: number[] = [];
  for (let i = 0; i < times; i++) {
    await room.press('Pause');
    await wait(2_000);
    const held = await Promise.all(room.people.map(lastFrame));
    const pressed = await room.press('Play');
    await wait(2_500);
    found.push(Math.max(...(await Promise.all(room.people.map((person, i) => movedAt(person, pressed, held[i]))))) - pressed);
  }
  return found;
}

export async function lastFrame(person: Person): Promise<number | undefined> {
  return (await framesOf(person.page)).at(-1)?.frame;
}

/** When the first frame after a true time showed that is not the one that was held. */
export async function movedAt(person: Person, after: number, held: number | undefined): Promise<number> {
  const first = (await framesOf(person.page, after)).find(({ frame }) => frame !== held);
  if (!first) throw new InvalidRun(`${person.name} did not start`);
  return first.at;
}

/** The skews of all pairs from 5 to 7 s after seeks. */
export async function seeks(room: Classroom, times: number): Promise<number[]> {
  const found: number[] = [];
  for (let i = 0; i < times; i++) {
    const at = await room.seek(60 + 90 * i);
    await wait(7_200);
    found.push(...pairSkews(await Promise.all(room.people.map((person) => stub.steady(person, at + 5_000, at + 7_000)))));
  }
  return found;
}

/** From the end of a stall of 800 ms of one student until this one is in step with the teacher. */
export async function stalls(room: Classroom, witness: Witness, stall: (person: Person) => Promise<unknown>): Promise<number[]> {
  const found: number[] = [];
  for (const student of room.people.slice(1, 4)) {
    await wait(2_000);
    const end = (await now(room.teacher)) + 800;
    await stall(student);
    await wait(9_500);
    found.push(await inStepAfter(room, student, witness, end, 80));
  }
  return found;
}

/** Reloads a student's page; from its load event until this one is in step with the teacher. */
export async function lateJoins(room: Classroom, witness: Witness, times: number): Promise<number[]> {
  const found: number[] = [];
  const student = room.people.at(-1) as Person;
  for (let i = 0; i < times; i++) {
    await student.page.reload();
    await wait(8_500);
    const loaded = await student.page.evaluate(() => window.recorded.loadedAt);
    found.push(await inStepAfter(room, student, witness, loaded, 100));
  }
  return found;
}

async function inStepAfter(room: Classroom, student: Person, witness: Witness, from: number, ms: number): Promise<number> {
  const to = await now(room.teacher);
  const reference = await witness.steady(room.teacher, from, to);
  const back = backWithin(reference, await witness.seen(student, from, to), ms);
  return back === null ? Infinity : back - from;
}
