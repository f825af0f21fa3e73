// Builds the dashboard to static files that the server ships: nothing inline, so that a strict CSP holds.

import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  // absolute, since the History API nests paths (/findings/<key>)
  base: '/',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // light-dark(), nesting and :has() as they are; what these browsers know needs no rewriting
    target: ['chrome125', 'firefox128', 'safari18'],
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:7432' } },
})
