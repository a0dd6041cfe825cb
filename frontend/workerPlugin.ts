import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'vite';

/** Comes on demand only: pictures of letters, the data of emoji, what takes noise out of a voice, and fonts beyond the one that everything is set in. */
const large = /KaTeX_|\/data-|Typeset-|Highlighted-|github-|workletProcessor-|\.(mp4|webm)$/;

/** Builds the service worker beside the app, with the list of the files that it keeps. */
export function worker(): Plugin {
  let outDir = 'dist';
  return {
    name: 'lectern-worker',
    apply: 'build',
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        await build({
          configFile: false,
          logLevel: 'warn',
          define: { PRECACHE: JSON.stringify(await precached(outDir)), 'process.env.NODE_ENV': '"production"' },
          build: {
            outDir,
            emptyOutDir: false,
            copyPublicDir: false,
            target: 'es2022',
            lib: { entry: resolve(import.meta.dirname, 'src/worker/worker.ts'), formats: ['iife'], name: 'worker', fileName: () => 'worker.js' },
          },
        });
      },
    },
  };
}

/** Names under assets/ change with their content; the others are told apart by a hash of it. */
async function precached(dir: string): Promise<{ url: string; revision: string | null }[]> {
  const files = (await readdir(dir, { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
  const paths = files.map((file) => join(file.parentPath, file.name).slice(dir.length)).filter((path) => /\.(html|js|css|svg|png|woff2|webmanifest)$/.test(path));
  const wanted = paths.filter((path) => !large.test(path) && path !== '/worker.js').sort();
  return await Promise.all(
    wanted.map(async (url) => ({
      url,
      revision: url.startsWith('/assets/') ? null : createHash('sha256').update(await readFile(join(dir, url))).digest('hex').slice(0, 16),
    })),
  );
}
