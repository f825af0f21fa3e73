// Sessions that use a table as applications do, all through a migration: inserts, updates, deletes, changed keys, whole transactions. Each
// failure counts.

import pg from 'pg'

export interface Writers {
  readonly failures: readonly string[]
  readonly done: () => number
  readonly stop: () => Promise<void>
}

/** `role`: that of the application, which owns nothing. */
export async function startWriters(url: string, role: string, sessions: number): Promise<Writers> {
  const failures: string[] = []
  let done = 0
  let isOver = false
  const work = async (session: number): Promise<void> => {
    const client = new pg.Client({ connectionString: url, application_name: `writer ${session}` })
    await client.connect()
    await client.query(`set role ${role}`)
    const random = lottery(session)
    while (!isOver) {
      try {
        await WAYS[session % WAYS.length]!(client, random)
        done += 1
      } catch (error) {
        failures.push(`${(error as { code?: string }).code}: ${(error as Error).message}`)
        await client.query('rollback')
      }
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    await client.end()
  }
  const all = Array.from({ length: sessions }, (_, session) => work(session))
  return {
    failures,
    done: () => done,
    stop: async () => {
      isOver = true
      await Promise.all(all)
    },
  }
}

/** One snapshot throughout; nobody else knows its row yet. */
async function repeatable(client: pg.Client, random: Random): Promise<void> {
  await client.query('begin isolation level repeatable read')
  const { rows } = await client.query(
    'insert into "Depot"."Parcel Nö" (route_id, "sent At") values (1, $1) returning id',
    [when(random)],
  )
  await client.query('update "Depot"."Parcel Nö" set "sent At" = $1 where id = $2', [
    when(random),
    rows[0].id,
  ])
  await client.query('commit')
}

type Random = (below: number) => number

/** Prepared, as drivers do: the statement has to survive that the table becomes another. */
async function single(client: pg.Client, random: Random): Promise<void> {
  const which = random(6)
  if (which <= 2)
    await client.query({
      name: 'put',
      text: `insert into "Depot"."Parcel Nö" ("Weight kg", label, route_id, "sent At") values ($1, $2, $3, $4) returning *`,
      values: [random(100) + 0.1, { n: random(1000) }, 1 + random(5), when(random)],
    })
  else if (which === 3)
    await client.query({
      name: 'weigh',
      text: `update "Depot"."Parcel Nö" set "Weight kg" = $1, label = null where id = $2`,
      values: [random(100), 1 + random(20_000)],
    })
  else if (which === 4)
    await client.query({
      name: 'lose',
      text: 'delete from "Depot"."Parcel Nö" where id = $1',
      values: [1 + random(20_000)],
    })
  else
    await client.query({
      name: 'look',
      text: 'select * from "Depot"."Parcel Nö" where id = $1',
      values: [1 + random(20_000)],
    })
}

/** Another key, another partition, another primary key; a route that goes with its parcels. */
async function together(client: pg.Client, random: Random): Promise<void> {
  const id = 1 + random(20_000)
  await client.query('begin')
  await client.query('update "Depot"."Parcel Nö" set "sent At" = $1 where id = $2', [when(random), id])
  await client.query('update "Depot"."Parcel Nö" set id = -id where id = $1', [1 + random(20_000)])
  const { rows } = await client.query('insert into "Depot".route (name) values ($1) returning id', [
    'for a moment',
  ])
  await client.query('insert into "Depot"."Parcel Nö" (route_id, "sent At") values ($1, $2)', [
    rows[0].id,
    when(random),
  ])
  if (random(2) === 0) await client.query('delete from "Depot"."Parcel Nö" where route_id = $1', [rows[0].id])
  await client.query(random(4) === 0 ? 'rollback' : 'commit')
  await client.query(
    'delete from "Depot".route r where r.id = $1 and not exists (select from "Depot"."Parcel Nö" p where p.route_id = r.id)',
    [rows[0].id],
  )
}

function when(random: Random): string {
  return new Date(Date.UTC(2025, 10, 1) + random(150) * 86_400_000 + random(86_400_000)).toISOString()
}

function lottery(seed: number): Random {
  let state = seed * 7_919 + 17
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

const WAYS = [single, together, single, repeatable]
