import { test } from '@playwright/test';
import { InvalidRun } from './samples';

/** One line of the goal table of the synchronisation. */
export interface Goal {
  goal: string;
  unit: 'ms';
  /** Upper bounds. */
  bar: { p50?: number; p95?: number; max?: number };
  values: number[];
  /** Why the run proves nothing. */
  invalid?: string;
}

export const GOAL = 'goal';

/** Measures one goal and hands the result to the table; a run that is invalid is said to be, never left out. */
export async function measure(goal: string, bar: Goal['bar'], run: () => Promise<number[]>, least = 1): Promise<void> {
  const result: Goal = { goal, unit: 'ms', bar, values: [] };
  try {
    result.values = await run();
    if (result.values.length < least) result.invalid = `${result.values.length} samples, ${least} needed`;
  } catch (error) {
    if (!(error instanceof InvalidRun)) throw error;
    result.invalid = error.message;
  }
  test.info().annotations.push({ type: GOAL, description: JSON.stringify(result) });
}

export function quantile(values: number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Number.NaN;
}
