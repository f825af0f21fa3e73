// advise on a planner twin on this machine. The target answers catalog queries, and EXPLAINs to measure how well the twin agrees.

import { join } from 'node:path'
import type { AskedText } from '../../advise/advise.ts'
import { nameOf, type Surroundings, type TableFigures } from '../../advise/surroundings.ts'
import type { AdviceReport } from '../../model/advice.ts'
import type { Agreement } from '../../model/what-if.ts'
import { literal } from '../../sql/quote.ts'
import { measureAgreement, planningTarget } from '../../twin/agreement.ts'
import { type BuiltTwin, buildTwin, type TwinOptions } from '../../twin/build-twin.ts'
import { PairedPlanner } from '../../twin/paired-planner.ts'
import { HIDDEN, readTarget } from '../../twin/statistics/read-target.ts'
import type { StatisticsFile } from '../../twin/statistics/statistics-file.ts'
import { chooseHost, inPrivateFolder, isTwinUnavailable } from '../twin/twin-source.ts'
import type { AdviseGround, AdviseRequest } from './advise-request.ts'
import { adviseWithPlanner } from './advise-with-planner.ts'
import { checkWithHypopg } from './check-with-hypopg.ts'

const MOST_LACKS = 20

/** A host that fails, even in the middle, gives way to the other one. Throws 'twin-unavailable' when neither works. */
export async function adviseOnTwin(ground: AdviseGround): Promise<AdviceReport> {
  const { request, session } = ground
  const { now, onProgress = () => {} } = request
  const file = await readTarget(session, { takenAt: now(), onProgress })
  const first = await chooseHost('auto', file.server.versionNum)
  const on = (host: 'pglite' | 'native', notes: readonly string[]) =>
    inPrivateFolder(async (dir) => {
      const twins = await buildTwins(file, request, { dir, host, onProgress })
      try {
        return await adviseOn(twins, { ...ground, notes: [...ground.notes, ...notes] })
      } finally {
        await Promise.all(twins.map(({ planner }) => planner.close()))
      }
    })
  try {
    return await on(first, [])
  } catch (error) {
    if (!isTwinUnavailable(error)) throw error
    onProgress(`${error.message}; trying another host`)
    const other = first === 'pglite' ? 'native' : 'pglite'
    const why = `${error.message}${error.detail === undefined ? '' : `: ${error.detail}`}`.replace(
      /\.?$/,
      '.',
    )
    const where = other === 'pglite' ? 'in PGlite' : 'on a native server'
    return await on(other, [`The twin ran ${where}, because ${why}`]).catch((second) => {
      // the first one's failure is the one to mend
      throw isTwinUnavailable(second) ? error : second
    })
  }
}

/** The first alone where only one is wanted, or where a second can't be had: it would only be faster. */
async function buildTwins(
  file: StatisticsFile,
  { twins = 1, cacheDir }: AdviseRequest,
  { dir, host, onProgress }: Pick<TwinOptions, 'dir' | 'host' | 'onProgress'> & { host: 'pglite' | 'native' },
): Promise<readonly [BuiltTwin, ...BuiltTwin[]]> {
  const [first, second] = await Promise.allSettled([
    buildTwin(file, { dir: join(dir, '1'), cacheDir, host, ...(onProgress && { onProgress }) }),
    ...(twins === 1 ? [] : [buildTwin(file, { dir: join(dir, '2'), cacheDir, host })]),
  ])
  if (first.status === 'fulfilled')
    return second?.status === 'fulfilled' ? [first.value, second.value] : [first.value]
  if (second?.status === 'fulfilled') return [second.value]
  throw first.reason
}

async function adviseOn(
  twins: readonly [BuiltTwin, ...BuiltTwin[]],
  ground: AdviseGround,
): Promise<AdviceReport> {
  const { request, session, surroundings } = ground
  const { onProgress = () => {} } = request
  const [{ planner: first, leftOut }, second] = twins
  const planner = second === undefined ? first : new PairedPlanner(first, second.planner)
  let agreement: Agreement | null = null
  let assumed: readonly TableFigures[] = []
  let planned: readonly AskedText[] = []
  const advice = await adviseWithPlanner(planner, ground, async (asked) => {
    planned = asked
    onProgress('comparing with the target')
    const measured = await measureAgreement(await planningTarget(session), planner, asked)
    const { statements, sameShape, sameCost, couldNotPlan } = measured
    agreement = { statements, sameShape, sameCost, couldNotPlan }
    assumed = stillTables(surroundings)
    await Promise.all(twins.map((twin) => showAsVacuumed(twin, assumed)))
  })
  const { kind, versionNum } = planner
  // advise has a note of its own on statistics that the role can't read
  const lacks = leftOut
    .filter(({ because }) => because !== HIDDEN)
    .map((each) => `The twin lacks the ${each.kind} ${each.name}: ${each.because}`)
  const report: AdviceReport = {
    ...advice,
    planner: { kind, versionNum, agreement },
    indexes: advice.indexes.map((index) => ({ ...index, checkedWith: null })),
    notes: [...ground.notes, ...vacuumNote(assumed), ...lacks.slice(0, MOST_LACKS), ...advice.notes],
  }
  if (request.planner !== 'auto' || report.indexes.length === 0 || !session.server.extensions.has('hypopg'))
    return report
  onProgress('checking with HypoPG')
  return checkWithHypopg(request.url, report, planned, new Set(assumed.map(nameOf)))
}

/** Share of a table's pages that are all-visible some time after a vacuum, where little changes. */
const AFTER_VACUUM = 0.9

/**
 * Tables that hardly change, yet are not marked all-visible: the next vacuum will do so, and index-only scans become possible. They
 * are planned for as vacuumed.
 */
function stillTables({ tables }: Surroundings): readonly TableFigures[] {
  return tables.filter(
    ({ rows, allVisibleShare, modifiedShare, viewSql }) =>
      viewSql === null && rows > 0 && allVisibleShare < 0.5 && modifiedShare < 0.2,
  )
}

async function showAsVacuumed({ host }: BuiltTwin, still: readonly TableFigures[]): Promise<void> {
  if (still.length === 0) return
  const names = still.map(({ schema, name }) => `(${literal(schema)}, ${literal(name)})`).join(', ')
  await host.ask(
    `update pg_catalog.pg_class as c set relallvisible = (c.relpages * ${AFTER_VACUUM})::int
       from pg_catalog.pg_namespace as n
      where n.oid = c.relnamespace and (n.nspname::text, c.relname::text) in (values ${names})`,
  )
}

function vacuumNote(still: readonly TableFigures[]): readonly string[] {
  if (still.length === 0) return []
  const count =
    still.length === 1 ? '1 table that hardly changes is' : `${still.length} tables that hardly change are`
  return [`${count} not marked all-visible yet; planned for as after a VACUUM.`]
}
