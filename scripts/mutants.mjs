// Puts the classic mistakes of synchronised playback into the code, one at a time, and shows that the tests see each of them.
// The files stay as they are: Vitest loads a changed text, Go compiles with an overlay. Fails when a mutant survives, when the
// tests fail without any, or when a text to change is no longer there.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const client = 'src/playback';
const server = 'services';

const mutants = [
  {
    name: 'no clock offset',
    file: `${client}/clock.ts`,
    edits: [['return offset === null ? null : own + offset;', 'return offset === null ? null : own;']],
  },
  {
    name: 'clock from the last sample alone',
    file: `${client}/clock.ts`,
    edits: [['this.samples = this.samples.filter((s) => sample.t3 - s.t3 <= WINDOW_MS);', 'this.samples = [];']],
  },
  {
    name: 'drift ignored',
    file: `${client}/clock.ts`,
    edits: [['this.drift.add(sample.t3, this.offset);', '']],
  },
  {
    name: 'seek only, above 1 s',
    file: `${client}/html5Controller.ts`,
    edits: [
      ['const JUMP_S = 0.4;', 'const JUMP_S = 1;'],
      ['const MAX_TRIM = 0.08;', 'const MAX_TRIM = 0;'],
    ],
  },
  {
    name: 'seek latency taken as zero',
    file: `${client}/landing.ts`,
    edits: [['soonest + place.ms)', 'soonest)']],
  },
  {
    name: 'start latency taken as zero',
    file: `${client}/landing.ts`,
    edits: [['passes(course, this.aim) - this.manner.start.ms - now', 'passes(course, this.aim) - now']],
  },
  {
    name: 'version ignored',
    file: `${client}/timeline.ts`,
    edits: [['return next.epoch > current.epoch || (next.epoch === current.epoch && next.v > current.v);', 'return true;']],
  },
  {
    name: 'every command under the same id',
    file: `${client}/watchSession.ts`,
    edits: [['id: newId(),', "id: 'same',"]],
  },
  {
    name: "a student's stall pauses the class",
    file: `${client}/watchSession.ts`,
    edits: [['    if (this.confirmed?.item) {\n      const err_ms', "    if (follow === 'buffering' && this.confirmed?.playing) void this.pause();\n    if (this.confirmed?.item) {\n      const err_ms"]],
  },
  {
    name: 'server: a repeated id is carried out again',
    file: `${server}/playback.go`,
    edits: [['\tif done {\n', '\tif done && false {\n']],
    run: 'Repeated|TwoTeachers',
  },
  {
    name: "server: a student's stall is written to the timeline",
    file: `${server}/follow.go`,
    edits: [['\tt := st.current\n\tstalls :=', '\tif s.State == "buffering" {\n\t\tst.current = st.current.pause(nil, p.Time.NowMS())\n\t}\n\tt := st.current\n\tstalls :=']],
    run: 'Playback|Stall|Student|Class|Status',
  },
];

const dir = mkdtempSync(join(tmpdir(), 'lectern-mutants-'));
process.on('exit', () => rmSync(dir, { recursive: true }));

/** How many tests fail; null when they could not be run at all. */
function vitest(mutant) {
  const report = join(dir, 'vitest.json');
  rmSync(report, { force: true });
  const args = ['vitest', 'run', '--config', 'vitest.mutants.config.ts', '--reporter=json', `--outputFile=${report}`, client];
  const env = { ...process.env, MUTANT: mutant ? JSON.stringify(mutant) : '' };
  const { stderr } = spawnSync('npx', args, { cwd: join(root, 'frontend'), env, encoding: 'utf8' });
  try {
    const { numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    const broken = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
    if (broken.length > 0) throw new Error(broken[0].message);
    return { failed: numFailedTests, seen: testResults.flatMap((f) => f.assertionResults).find((t) => t.status === 'failed')?.title };
  } catch (error) {
    return { failed: null, seen: `${error.message} ${stderr}` };
  }
}

function goTest(mutant, run) {
  const overlay = join(dir, 'overlay.json');
  const replace = {};
  if (mutant) {
    const path = join(root, mutant.file);
    let code = readFileSync(path, 'utf8');
    for (const [from, to] of mutant.edits) {
      if (code.split(from).length !== 2) return { failed: null, seen: `${mutant.file} does not have exactly one: ${from}` };
      code = code.replace(from, () => to);
    }
    replace[path] = join(dir, 'mutant.go');
    writeFileSync(replace[path], code);
  }
  writeFileSync(overlay, JSON.stringify({ Replace: replace }));
  const { stdout } = spawnSync('go', ['test', '-overlay', overlay, '-count=1', '-run', run, '-json', `./${server}`], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
  const events = stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  if (events.some(({ Action }) => Action === 'build-fail')) return { failed: null, seen: events.map(({ Output = '' }) => Output).join('') };
  const failed = events.filter(({ Action, Test }) => Action === 'fail' && Test);
  return { failed: failed.length, seen: failed[0]?.Test };
}

const rows = [];
const judge = (name, { failed, seen }, wanted) => {
  const ok = failed !== null && failed > 0 === wanted;
  rows.push({ ok, line: `| ${name} | ${failed ?? '–'} | ${failed === null ? `cannot run: ${seen}` : ok ? (seen ?? '') : wanted ? '**survived**' : `**red without a mutant**: ${seen}`} |` });
  console.error(rows.at(-1).line);
};
judge('(none), web', vitest(null), false);
judge('(none), server', goTest(null, mutants.filter(({ run }) => run).map(({ run }) => run).join('|')), false);
for (const mutant of mutants) judge(mutant.name, mutant.run ? goTest(mutant, mutant.run) : vitest(mutant), true);
console.log(['', '| mutant | red tests | the first of them |', '|---|---:|---|', ...rows.map(({ line }) => line)].join('\n'));
process.exit(rows.every(({ ok }) => ok) ? 0 : 1);
