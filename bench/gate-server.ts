// The service under test of bench/gate.ts: about 1 ms of processor and a lognormal wait of some milliseconds (a database's) a request,
// both times a factor. Tells its port by IPC and ends with its parent.

import { createServer } from 'node:http'

const factor = Number(process.argv[2] ?? 1)

function work(ms: number): void {
  const end = process.cpuUsage()
  while (process.cpuUsage(end).user + process.cpuUsage(end).system < ms * 1000);
}

function lognormal(medianMs: number, spread: number): number {
  const z = Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random())
  return medianMs * Math.exp(spread * z)
}

const server = createServer((request, response) => {
  work((request.url === '/write' ? 1.4 : 0.8) * factor)
  setTimeout(() => response.end('ok'), lognormal(request.url === '/write' ? 9 : 5, 0.35) * factor)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object') process.send?.(address?.port)
})
process.on('disconnect', () => process.exit(0))
