// Reads the machine-readable reports of the test runs.
//   go test -json ./... | node report.mjs go <file>   keeps the events in <file>, prints packages and failures
//   node report.mjs summary <dir>                     prints the counts of all runs; exit 1 unless all is well

import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const [command, target] = process.argv.slice(2);
if (command === 'go') await followGo(target);
else if (command === 'summary') summary(target);
else throw new Error(`unknown command ${command}`);

/** Prints one line per package and the output of what failed. */
async function followGo(file) {
  const keep = createWriteStream(file);
  const output = new Map();
  let failed = false;
  for await (const line of createInterface({ input: process.stdin })) {
    keep.write(`${line}\n`);
    let event;
    try {
      event = JSON.parse(line);
    } catch {
      console.log(line);
      continue;
    }
    const key = `${event.Package ?? event.ImportPath} ${event.Test ?? ''}`;
    if (event.Action === 'build-output') process.stdout.write(event.Output);
    if (event.Action === 'output') output.set(key, (output.get(key) ?? '') + event.Output);
    if (event.Action === 'fail') {
      failed = true;
      process.stdout.write(output.get(key) ?? '');
    }
    if (!event.Test && ['pass', 'fail', 'skip'].includes(event.Action)) {
      if (event.Action !== 'skip') console.log(`${event.Action}  ${event.Package}  ${(event.Elapsed ?? 0).toFixed(1)} s`);
    }
    if (event.Action === 'pass' || event.Action === 'fail') output.delete(key);
  }
  process.exitCode = failed ? 1 : 0;
}

function summary(dir) {
  const kinds = [
    ['Go', readReport(dir, 'go.json', countGo)],
    ['Go with -race', readReport(dir, 'go-race.json', countGo)],
    ['Vitest', readReport(dir, 'vitest.json', countVitest)],
    ['Chat stories', readReport(dir, 'playwright-chat.json', countPlaywright)],
    ['Room stories', readReport(dir, 'playwright-room.json', countPlaywright)],
    ['Media stories', readReport(dir, 'playwright-media.json', countPlaywright)],
  ];
  const steps = readFileSync(join(dir, 'steps.tsv'), 'utf8').trim().split('\n').map((line) => line.split('\t'));

  console.log('\n== summary');
  for (const [name, status, seconds] of steps) console.log(`${name.padEnd(16)} ${status.padEnd(7)} ${seconds} s`);
  console.log();
  let passed = 0;
  let failed = steps.filter(([name, status]) => status !== 'ok' && !isTestRun(name)).length;
  for (const [kind, count] of kinds) {
    // A run without tests, or one that skips some, has not shown what it is there to show.
    const lost = count.passed + count.failed === 0 ? 1 : 0;
    console.log(
      `${kind.padEnd(16)} ${count.passed} passed, ${count.failed} failed` +
        (count.skipped ? `, ${count.skipped} skipped (counted as failed)` : '') +
        (lost ? ', no test ran (counted as failed)' : ''),
    );
    passed += count.passed;
    failed += count.failed + count.skipped + lost;
  }
  // A test run can fail without a failed test: a crash after the last one, a leak found at the end.
  const unexplained = steps.some(([, status]) => status !== 'ok') && failed === 0;
  if (unexplained) failed = 1;
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function isTestRun(step) {
  return ['Go and Vitest', 'chat stories', 'room stories', 'media stories'].includes(step);
}

function readReport(dir, name, count) {
  const file = join(dir, name);
  if (!existsSync(file)) return { passed: 0, failed: 0, skipped: 0 };
  return count(readFileSync(file, 'utf8'));
}

/** Counts the innermost tests; a test that fails beside its passing subtests, or a package that fails by itself, counts too. */
function countGo(text) {
  const results = new Map();
  const failedPackages = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith('{')) continue;
    const { Action, Package, Test } = JSON.parse(line);
    if (!['pass', 'fail', 'skip'].includes(Action)) continue;
    if (Test) results.set(`${Package}.${Test}`, Action);
    else if (Action === 'fail') failedPackages.push(Package);
  }
  const names = [...results.keys()];
  const parents = new Set(names.flatMap((name) => ancestors(name)));
  const failedNames = names.filter((name) => results.get(name) === 'fail');
  const explained = new Set(failedNames.flatMap((name) => ancestors(name)));
  const leaves = names.filter((name) => !parents.has(name));
  const failures = failedNames.filter((name) => !explained.has(name));
  const silent = failedPackages.filter((name) => !failures.some((test) => test.startsWith(`${name}.`)));
  return {
    passed: leaves.filter((name) => results.get(name) === 'pass').length,
    failed: failures.length + silent.length,
    skipped: leaves.filter((name) => results.get(name) === 'skip').length,
  };
}

/** package.Test/a/b → [package.Test/a, package.Test]. The package path has slashes too, so only those after the last dot-T count. */
function ancestors(name) {
  const start = name.search(/\.(Test|Fuzz|Example)/);
  const all = [];
  for (let i = name.lastIndexOf('/'); i > start; i = name.lastIndexOf('/', i - 1)) all.push(name.slice(0, i));
  return all;
}

function countVitest(text) {
  const report = JSON.parse(text);
  const brokenFiles = report.testResults.filter((f) => f.status === 'failed' && f.assertionResults.length === 0);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function countPlaywright(text) {
  const { stats, errors } = JSON.parse(text);
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length, skipped: stats.skipped };
}
