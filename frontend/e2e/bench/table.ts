import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
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
    const lines = rows(this.goals);
    process.stdout.write(`\n${lines.join('\n')}\n`);
    for (const line of this.broken) process.stdout.write(`BROKEN  ${line}\n`);
    if (process.env.RECORD) this.record(lines);
  }

  private record(lines: string[]): void {
    const at = new Date();
    const folder = resolve(import.meta.dirname, '../../../docs/benchmarks');
    const name = `sync-${at.toISOString().slice(0, 16).replace(':', '')}`;
    const { model = 'unknown' } = cpus()[0] ?? {};
    const machine = `${cpus().length} × ${model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
    const conditions = { date: at.toISOString(), machine, browser: browser(), pages: process.env.PAGES ?? '4', seed: process.env.SEED ?? '1', line: process.env.LINE ?? 'as each row says' };
    mkdirSync(folder, { recursive: true });
    writeFileSync(resolve(folder, `${name}.json`), `${JSON.stringify({ ...conditions, goals: this.goals.map(rounded) })}\n`);
    const about = Object.entries(conditions).map(([key, value]) => `${key}: ${value}  `);
    writeFileSync(resolve(folder, `${name}.md`), ['# Synchronisation', '', ...about, '', ...lines, ''].join('\n'));
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
    return execFileSync(process.env.LECTERN_CHROMIUM ?? '/usr/bin/chromium', ['--version'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
