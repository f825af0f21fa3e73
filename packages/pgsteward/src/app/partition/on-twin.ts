// A planner twin for one piece of work, gone afterwards.

import { join } from 'node:path'
import { type BuiltTwin, buildTwin } from '../../twin/build-twin.ts'
import type { StatisticsFile } from '../../twin/statistics/statistics-file.ts'
import { chooseHost, inPrivateFolder, isTwinUnavailable } from '../twin/twin-source.ts'

export interface OnTwinOptions {
  /** Keeps prepared clusters between twins. */
  readonly cacheDir: string
  readonly onProgress?: (text: string) => void
}

/** On the host that suits the target; where that one does not start, on the other. */
export async function onTwin<T>(
  { cacheDir, onProgress }: OnTwinOptions,
  file: StatisticsFile,
  work: (twin: BuiltTwin) => Promise<T>,
): Promise<T> {
  const on = (host: 'pglite' | 'native') =>
    inPrivateFolder(async (dir) => {
      const twin = await buildTwin(file, {
        dir: join(dir, 'twin'),
        cacheDir,
        host,
        ...(onProgress && { onProgress }),
      })
      try {
        return await work(twin)
      } finally {
        await twin.planner.close()
      }
    })
  const first = await chooseHost('auto', file.server.versionNum)
  return on(first).catch((error) => {
    if (!isTwinUnavailable(error)) throw error
    return on(first === 'pglite' ? 'native' : 'pglite').catch((second) => {
      // the first one's failure is the one to mend
      throw isTwinUnavailable(second) ? error : second
    })
  })
}
