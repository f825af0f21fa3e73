// Builds the dashboard to static files that the server ships: nothing inline, so that a strict CSP holds.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

export default defineConfig({
  plugins: [react(), compressed()],
  // absolute, since the History API nests paths (/findings/<key>)
  base: '/',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // light-dark(), nesting and :has() as they are; what these browsers know needs no rewriting
    target: ['chrome125', 'firefox128', 'safari18'],
    assetsInlineLimit: 0,
    // what several pages share goes together: many small requests cost more than they save
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'charts', test: /uplot/, priority: 3 },
            {
              name: 'frame',
              test: /node_modules[\\/](react|scheduler)|src[\\/](frame|data)[\\/]/,
              priority: 2,
            },
            { name: 'shared', test: /src[\\/](?!pages|main|load|styles)/, minShareCount: 2, priority: 1 },
          ],
        },
      },
    },
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:7432' } },
})

/** Below it a file fits into one packet as it is. */
const SMALLEST_BYTES = 1400
/** A third of the time of 11, for two percent more bytes: the tests build too. */
const QUALITY = 10

/**
 * Writes each text of the build a second and a third time, as Brotli and gzip: the server hands out what a browser takes, and
 * compresses nothing while someone waits.
 */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    writeBundle({ dir }) {
      if (dir === undefined) return
      for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|html|svg)$/.test(name)) continue
        const path = join(dir, name)
        const text = readFileSync(path)
        if (text.length < SMALLEST_BYTES) continue
        const params = {
          [constants.BROTLI_PARAM_QUALITY]: QUALITY,
          [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
          [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
        }
        writeFileSync(`${path}.br`, brotliCompressSync(text, { params }))
        writeFileSync(`${path}.gz`, gzipSync(text, { level: constants.Z_BEST_COMPRESSION }))
      }
    },
  }
}
