import type { Reporter, TestCase } from '@playwright/test/reporter';

/** Prints what the stories measured, after the list of results. */
export default class Measurements implements Reporter {
  private readonly lines: string[] = [];

  onTestEnd({ title, annotations }: TestCase): void {
    for (const { type, description } of annotations) {
      if (type === 'measured') this.lines.push(`  ${description}  (${title})`);
    }
  }

  onEnd(): void {
    if (this.lines.length > 0) process.stdout.write(`\n  Measured:\n${this.lines.join('\n')}\n`);
  }
}
