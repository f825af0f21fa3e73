// Time zones of the configuration.

import { z } from 'zod'

const zone = () => z.string().refine(isTimeZone, 'an IANA name such as Europe/Berlin')

/** Default: UTC. */
export const timeZoneName = () => zone().prefault('UTC')
/** Where another one stands for it when it is absent. */
export const ownTimeZoneName = () => zone().optional()

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    return true
  } catch {
    return false
  }
}
