// Four projects: unit (no database, milliseconds), postgres (real servers), measured (what measures a machine has it to itself),
// browser (a real Chromium).

import { defineConfig } from 'vitest/config'

/** A second is not enough for a condition to come about where two cores do all of this at once. */
const patient = { expect: { poll: { timeout: 15_000 } } }
const postgres = { ...patient, testTimeout: 120_000, hookTimeout: 180_000, pool: 'forks' as const }

export default defineConfig({
  test: {
    reporters: ['default', './scripts/closing-line.ts', './scripts/aborted-files.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/**/*.test.ts', 'examples/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: ['**/*.pg.test.ts', '**/*.browser.test.ts', '**/node_modules/**', '**/dist/**'],
          globalSetup: ['scripts/compile-instrument.ts'],
          // milliseconds each, but machines can be busy
          testTimeout: 30_000,
          ...patient,
        },
      },
      {
        test: {
          name: 'postgres',
          include: ['packages/**/*.pg.test.ts', 'examples/**/*.pg.test.ts'],
          exclude: ['**/*.measured.pg.test.ts', '**/node_modules/**', '**/dist/**'],
          globalSetup: ['scripts/compile-instrument.ts', 'packages/pgsteward/test/postgres/global-setup.ts'],
          ...postgres,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'measured',
          include: ['packages/**/*.measured.pg.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          globalSetup: ['scripts/compile-instrument.ts', 'packages/pgsteward/test/postgres/global-setup.ts'],
          ...postgres,
          maxWorkers: 1,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['packages/**/*.browser.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          globalSetup: ['scripts/compile-instrument.ts', 'packages/pgsteward/test/postgres/global-setup.ts'],
          ...postgres,
          maxWorkers: 1,
        },
      },
    ],
  },
})
