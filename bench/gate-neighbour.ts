// A noisy neighbour for bench/gate.ts: busy in bursts of up to the given milliseconds, at a duty cycle that wanders around the given one
// every few seconds, as jobs of others on a shared runner do. Ends with its parent, and after an hour at the latest.

const duty = Number(process.argv[2] ?? 0.5)
const longestMs = Number(process.argv[3] ?? 100)
const until = Date.now() + 3_600_000
let current = duty
let nextDuty = 0

function burst(): void {
  if (Date.now() > until) process.exit(0)
  if (Date.now() > nextDuty) {
    current = Math.min(1, Math.max(0.02, duty * (0.6 + 0.8 * Math.random())))
    nextDuty = Date.now() + 1_000 + 4_000 * Math.random()
  }
  const busyMs = 5 + longestMs * Math.random() ** 2
  const end = Date.now() + busyMs
  while (Date.now() < end);
  setTimeout(burst, current >= 1 ? 0 : (busyMs * (1 - current)) / current)
}

process.on('disconnect', () => process.exit(0))
burst()
