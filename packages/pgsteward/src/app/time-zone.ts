// Time zones of the configuration.

import { z } from 'zod'

/** Default: UTC. */
export const timeZoneName = () =>
  z.string().refine(isTimeZone, 'an IANA name such as Europe/Berlin').prefault('UTC')

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    return true
  } catch {
    return false
  }
}
