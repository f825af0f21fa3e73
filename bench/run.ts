// npm run bench [NAME ...]: runs the benchmarks and writes bench/results/NAME.md. No test: nothing fails by time. Options (--quick) are
// the benchmark's own.

const BENCHMARKS = [
  'collect',
  'store',
  'check',
  'memory',
  'instrument-pg',
  'instrument-http',
  'twin',
  'advise',
  'advise-cases',
  'advice',
  'tpch',
  'review',
  'activity',
  'logs',
  'plans',
  'load',
  'gate',
  'changes',
  'forecast',
  'elasticity',
  'detection',
  'maintain',
  'bloat',
  'fleet',
  'dashboard',
  'search',
] as const

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const unknown = wanted.filter((name) => !BENCHMARKS.some((known) => known === name))
if (unknown.length > 0) {
  process.stderr.write(`unknown: ${unknown.join(', ')}; there are ${BENCHMARKS.join(', ')}\n`)
  process.exit(2)
}
for (const name of BENCHMARKS) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  process.stderr.write(`== ${name}\n`)
  const { run } = (await import(`./${name}.ts`)) as { run: () => Promise<void> }
  await run()
}
process.exit(0)
