import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { worker } from './workerPlugin';

const server = process.env.LECTERN_DEV_SERVER ?? 'http://localhost:8080';

/** Puts a Brotli form beside each script and style sheet as written, for the server to send to browsers that take it. */
const brotli: Plugin = {
  name: 'brotli',
  apply: 'build',
  async writeBundle({ dir = '' }, bundle) {
    for (const name of Object.keys(bundle).filter((file) => /\.(js|css)$/.test(file))) {
      const path = join(dir, name);
      await writeFile(`${path}.br`, brotliCompressSync(await readFile(path)));
    }
  },
};

/** Every browser that runs Lectern reads KaTeX's fonts as WOFF2; the other forms need not be shipped. */
const modernFonts: Plugin = {
  name: 'modern-fonts',
  enforce: 'pre',
  transform: (code, id) => (id.includes('katex') && id.includes('.css') ? code.replace(/,url\([^)]*\.(?:woff|ttf)\) format\("\w+"\)/g, '') : undefined),
};

export default defineConfig({
  plugins: [react(), brotli, modernFonts, worker()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: {
    port: 5173,
    proxy: {
      // The host stays as the browser sent it: the server compares it with the origin.
      '/api': { target: server, changeOrigin: false },
      '/swagger': { target: server, changeOrigin: false },
      '/ws': { target: server, changeOrigin: false, ws: true },
    },
  },
  build: {
    outDir: 'dist',
    target: 'es2022',
    rolldownOptions: {
      output: {
        // What changes with a Lectern release and what changes with a library upgrade are cached apart.
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|react-router|scheduler)[\\/]/ },
            { name: 'state', test: /node_modules[\\/](@reduxjs|react-redux|immer|redux|reselect|i18next|react-i18next)[\\/]/ },
            // What every page shares comes in one piece; the Markdown parser and the words of a language on demand.
            { name: 'shared', test: /src[\\/](components[\\/](?!richtext|chat)|api[\\/](?!admin)|realtime|i18n[\\/](?!locales))/ },
          ],
        },
      },
    },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/testing/setup.ts'],
    restoreMocks: true,
  },
});
