import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { resolve } from 'node:path';
import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';
import { GOAL, type Goal, quantile } from './goals';

/** Prints the goal table; with RECORD=1 writes it and the raw values under docs/benchmarks, with the machine and the date. */
export default class Table implements Reporter {
  private readonly goals: Goal[] = [];
  private readonly broken: string[] = [];

  onTestEnd(test: TestCase, result: TestResult): void {
    for (const { type, description } of test.annotations) {
      if (type === GOAL && description) this.goals.push(JSON.parse(description) as Goal);
    }
    if (result.status !== 'passed') this.broken.push(`${test.title}: ${result.error?.stack ?? result.status}`);
  }

  onEnd(): void {
    process.stdout.write(`\n${rows(this.goals).join('\n')}\n`);
    for (const line of this.broken) process.stdout.write(`BROKEN  ${line}\n`);
    if (process.env.RECORD) this.record();
  }

  /** Rows of one day, machine and setting gather in one file, so that they can be measured one after the other. */
  private record(): void {
    const { model = 'unknown' } = cpus()[0] ?? {};
    const conditions = {
      date: new Date().toISOString().slice(0, 10),
      machine: `${cpus().length} × ${model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
      browser: browser(),
      pages: process.env.PAGES ?? '4',
      seed: process.env.SEED ?? '1',
      line: process.env.LINE ?? 'as each row says',
    };
    const folder = resolve(import.meta.dirname, '../../../docs/benchmarks');
    const name = resolve(folder, `sync-${conditions.date}-pages${conditions.pages}-seed${conditions.seed}`);
    mkdirSync(folder, { recursive: true });
    const before = existsSync(`${name}.json`) ? (JSON.parse(readFileSync(`${name}.json`, 'utf8')) as { goals: Goal[] }).goals : [];
    const measured = new Map([...before, ...this.goals.map(rounded)].map((goal) => [goal.goal, goal]));
    const goals = [...measured.values()];
    writeFileSync(`${name}.json`, `${JSON.stringify({ ...conditions, goals })}\n`);
    const about = Object.entries(conditions).map(([key, value]) => `- ${key}: ${value}`);
    writeFileSync(`${name}.md`, ['# Synchronisation', '', ...about, '', ...rows(goals), ''].join('\n'));
  }
}

function rows(goals: Goal[]): string[] {
  return [
    '| goal | p50 | p95 | max | samples | bar | |',
    '|---|---:|---:|---:|---:|---|---|',
    ...goals.map((goal) => {
      const [p50, p95, max] = [quantile(goal.values, 0.5), quantile(goal.values, 0.95), Math.max(...goal.values)];
      const found = { p50, p95, max };
      const bars = Object.entries(goal.bar) as [keyof typeof found, number][];
      const met = bars.every(([key, bar]) => found[key] <= bar);
      const verdict = goal.invalid ? `INVALID: ${goal.invalid}` : met ? 'met' : '**missed**';
      const figures = [p50, p95, max].map((value) => (Number.isFinite(value) ? value.toFixed(0) : '–'));
      return `| ${goal.goal} | ${figures.join(' | ')} | ${goal.values.length} | ${bars.map(([key, bar]) => `${key} ≤ ${bar}`).join(', ')} ms | ${verdict} |`;
    }),
  ];
}

function rounded(goal: Goal): Goal {
  return { ...goal, values: goal.values.map((value) => Math.round(value * 10) / 10) };
}

function browser(): string {
  try {
    return execFileSync(process.env.LECTERN_CHROMIUM ?? '/usr/bin/chromium', ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}
