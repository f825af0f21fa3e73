// Options as startInstrument resolves them, for tests of the recorder alone.

import type { ResolvedOptions } from '../../src/options.ts'

export function options(over: Partial<ResolvedOptions> = {}): ResolvedOptions {
  return {
    service: 'test',
    version: '1.0.0',
    environment: 'test',
    instance: 'test-1',
    endpoint: null,
    token: null,
    exportEveryMs: 15_000,
    slowQueryMs: 500,
    verySlowQueryMs: 2000,
    maxStatements: 1000,
    parameters: true,
    caller: 'sampled',
    repeatsFrom: 10,
    comments: false,
    redact: [],
    ...over,
  }
}
