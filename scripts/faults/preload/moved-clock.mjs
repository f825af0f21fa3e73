// Loaded before the program: its Date is off by the milliseconds that the file MOVED_CLOCK holds. Timers, as of any operating system,
// go by a clock that nobody sets.

import { readFileSync, watchFile } from 'node:fs'

const RealDate = Date
let offsetMs = 0

const read = () => {
  const held = Number(readFileSync(process.env.MOVED_CLOCK, 'utf8'))
  if (Number.isFinite(held)) offsetMs = held
}
read()
watchFile(process.env.MOVED_CLOCK, { interval: 100, persistent: false }, read)

globalThis.Date = class MovedDate extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + offsetMs)
    else super(...given)
  }

  static now() {
    return RealDate.now() + offsetMs
  }
}
