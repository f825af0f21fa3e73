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
            { name: 'shared', test: /src[\\/](?!pages|main)/, minShareCount: 2, priority: 1 },
          ],
        },
      },
    },
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:7432' } },
})
