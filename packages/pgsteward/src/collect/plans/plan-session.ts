// Asks a target for the plan of a statement that others run, without running it: EXPLAIN, never ANALYZE.
//
// - Prepared and then explained by `execute`, because pg_stat_statements keeps an entry for every text of EXPLAIN but none for PREPARE
//   and EXECUTE: hundreds of planned statements leave a handful of entries, and evict none of the application's.
// - What would be refused is not asked: a refusal is an ERROR in the server's log. So privileges are looked up first.
// - lock_timeout is short: EXPLAIN takes AccessShareLock on its tables and would queue behind an ALTER TABLE, and others behind it.
// - Planning runs functions of the statement: immutable ones of constants, stable ones for estimates. The session is read-only and the
//   time bounded, as for all else; as superuser, under which a function of anyone's could do anything, only statements that call
//   PostgreSQL's own functions and those of extensions are planned.

import { StewardError } from '../../model/error.ts'
import type { ServerInfo } from '../../model/server-info.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { PlanNode } from '../../model/what-if.ts'
import type { QueryResult, Session } from '../../postgres/connect.ts'
import { ident, literal } from '../../sql/quote.ts'
import type { NamedTable, Plannable } from './plannable.ts'

/** For whom a plan is made: planner settings may be the role's own. */
export interface PlanFor {
  readonly user: string
  /** Values of $1, $2 ...; null: the generic plan. */
  readonly values: readonly (string | null)[] | null
}

/** Why there is no plan. `lacks`: privileges that pgsteward's role would need. */
export interface NoPlan {
  readonly because: string
  readonly lacks?: readonly NamedTable[]
  readonly costMs: Milliseconds
}

export interface FoundPlan {
  readonly plan: PlanNode
  /** Of the server: what planning took, and a little for all around it. */
  readonly costMs: Milliseconds
}

/** Parsing, rewriting, locks, permissions and the text of the plan, beside the planning time that EXPLAIN tells. */
const AROUND_MS: Milliseconds = 0.7

const NAME = 'pgsteward_planned'

/** What the planner goes by and what a role or database may have set; search_path says which tables are meant. */
const PLANNER_SETTINGS =
  /^(search_path|enable_\w+|\w+_cost|effective_cache_size|effective_io_concurrency|work_mem|hash_mem_multiplier|(from|join)_collapse_limit|geqo\w*|constraint_exclusion|cursor_tuple_fraction|recursive_worktable_factor|jit\w*|max_parallel_workers_per_gather|min_parallel_\w+_scan_size|parallel_leader_participation)$/

export class PlanSession {
  readonly #session: Session
  readonly #settingsOf = new Map<string, ReadonlyMap<string, string>>()
  #appliedTo: string | null = null
  #sent = 0
  #mode: 'generic' | 'custom' | null = null

  /** The session should be of its own: settings of roles are set in it. */
  constructor(session: Session) {
    this.#session = session
  }

  get server(): ServerInfo {
    return this.#session.server
  }

  isOpen(): boolean {
    return this.#session.isOpen()
  }

  close(): Promise<void> {
    return this.#session.close()
  }

  /** Each is a transaction that the target counts as anyone's. */
  get statementsSent(): number {
    return this.#sent
  }

  /** Settings of roles are asked for again. */
  forgetSettings(): void {
    this.#settingsOf.clear()
    this.#appliedTo = null
  }

  /** Throws StewardError when the connection is lost; what PostgreSQL refuses is an answer. */
  async plan(statement: Plannable, { user, values }: PlanFor): Promise<FoundPlan | NoPlan> {
    const started = performance.now()
    try {
      await this.#apply(user)
      const refused = await this.#reasonNotToAsk(statement)
      if (refused !== null) return { ...refused, costMs: AROUND_MS }
      return await this.#explain(statement, values)
    } catch (error) {
      if (error instanceof StewardError) throw error
      const { code } = error as { code?: string }
      const because = code === '55P03' ? 'a table it reads is locked' : refusal(error as Error, code)
      // a server that answers late was waiting, most likely; the whole time is charged all the same
      return { because, costMs: code === '55P03' ? AROUND_MS : performance.now() - started }
    }
  }

  async #explain(
    { sql, parameters }: Plannable,
    values: readonly (string | null)[] | null,
  ): Promise<FoundPlan | NoPlan> {
    if (values !== null && values.length !== parameters)
      return {
        because: `it has ${parameters} parameters, and ${values.length} values are known`,
        costMs: 0,
      }
    await this.#force(values === null ? 'generic' : 'custom')
    await this.#send('plans', `prepare ${NAME} as ${sql}`)
    try {
      const given = values ?? Array<null>(parameters).fill(null)
      const list = given.map((value) => (value === null ? 'null' : literal(value))).join(', ')
      const found = await this.#ask(
        `explain (format json, summary on) execute ${NAME}${given.length === 0 ? '' : `(${list})`}`,
      )
      const isCut = values === null && this.server.versionNum >= 160_000 && hasPruned(found.plan)
      // given nulls, the executor drops the partitions that no null belongs to; GENERIC_PLAN shows them all
      return isCut ? await this.#ask(`explain (generic_plan, format json, summary on) ${sql}`) : found
    } finally {
      if (this.#session.isOpen()) await this.#send('plans', `deallocate ${NAME}`)
    }
  }

  async #ask(sql: string): Promise<FoundPlan> {
    const { rows } = await this.#send('plans', sql)
    const [answer] = rows[0]!['QUERY PLAN'] as readonly { Plan: PlanNode; 'Planning Time'?: number }[]
    return { plan: answer!.Plan, costMs: (answer!['Planning Time'] ?? 1) + AROUND_MS }
  }

  #send(label: string, sql: string, parameters?: readonly unknown[]): Promise<QueryResult> {
    this.#sent++
    return this.#session.query(label, sql, parameters)
  }

  async #force(mode: 'generic' | 'custom'): Promise<void> {
    if (this.#mode === mode) return
    await this.#send('plans', `set plan_cache_mode = force_${mode}_plan`)
    this.#mode = mode
  }

  /** The session as the statement's own role would find it, as far as planning goes. */
  async #apply(user: string): Promise<void> {
    if (this.#appliedTo === user) return
    const settings = await this.#settings(user)
    const calls = [...settings].map(
      ([name, value]) => `pg_catalog.set_config(${literal(name)}, ${literal(value)}, false)`,
    )
    this.#appliedTo = null
    if (calls.length > 0) await this.#send('plans', `select ${calls.join(', ')}`)
    this.#appliedTo = user
  }

  async #settings(user: string): Promise<ReadonlyMap<string, string>> {
    const known = this.#settingsOf.get(user)
    if (known !== undefined) return known
    const { rows } = await this.#send('plans', SETTINGS, [user])
    const settings = new Map<string, string>()
    for (const row of rows) {
      const [name, value] = [String(row.name), String(row.value)]
      if (PLANNER_SETTINGS.test(name)) settings.set(name, value)
    }
    const path = settings.get('search_path') ?? '"$user", public'
    settings.set('search_path', path.replaceAll(/"\$user"|\$user/g, ident(user)))
    this.#settingsOf.set(user, settings)
    return settings
  }

  /** One round trip; takes no lock. */
  async #reasonNotToAsk({ tables, functions }: Plannable): Promise<Omit<NoPlan, 'costMs'> | null> {
    const { rows } = await this.#send('plans', ALLOWED, [
      tables.map(({ schema, name }) => (schema === null ? ident(name) : `${ident(schema)}.${ident(name)}`)),
      tables.map(({ privilege }) => privilege),
    ])
    const of = (column: string) => tables.filter((_, place) => rows[place]?.[column] === true)
    const [missing] = of('is_missing')
    if (missing !== undefined) return { because: `pgsteward finds no table ${missing.name}` }
    const lacks = of('is_forbidden')
    if (lacks.length > 0) {
      const [first] = lacks
      return { because: `${first!.privilege} on ${first!.name} is not granted to pgsteward's role`, lacks }
    }
    const [hidden] = of('has_policies')
    if (hidden !== undefined)
      return { because: `row security of ${hidden.name} would give pgsteward's role another plan` }
    return this.server.isSuperuser ? await this.#foreignFunction(functions) : null
  }

  async #foreignFunction(functions: Plannable['functions']): Promise<Omit<NoPlan, 'costMs'> | null> {
    if (functions.length === 0) return null
    const { rows } = await this.#send('plans', FOREIGN_FUNCTIONS, [functions.map(({ name }) => name)])
    const name = rows[0]?.name
    return name === undefined
      ? null
      : { because: `planning it could run ${String(name)}() as superuser; connect as a role that is none` }
  }
}

/** pgsteward's own sessions set some of these; reset_val is what a session begins with. Roles' settings win over the database's. */
const SETTINGS = `
  select s.name, s.value
    from (select p.name as name, p.reset_val as value, 0 as rank
            from pg_catalog.pg_settings p
           where p.context = 'user'
           union all
          select pg_catalog.split_part(c.entry, '=', 1),
                 pg_catalog.substr(c.entry, pg_catalog.strpos(c.entry, '=') + 1),
                 case when d.setrole = 0 then 1 when d.setdatabase = 0 then 2 else 3 end
            from pg_catalog.pg_db_role_setting d
           cross join lateral pg_catalog.unnest(d.setconfig) as c (entry)
            left join pg_catalog.pg_roles r on r.oid = d.setrole
           where (d.setrole = 0 or r.rolname = $1)
             and (d.setdatabase = 0 or d.setdatabase = (select b.oid from pg_catalog.pg_database b
                                                         where b.datname = pg_catalog.current_database()))) s
   order by s.name, s.rank
   limit 2000`

const ALLOWED = `
  select f.oid is null                                                                as is_missing,
         coalesce(not pg_catalog.has_table_privilege(f.oid, t.privilege), false)      as is_forbidden,
         coalesce(pg_catalog.row_security_active(f.oid), false)                       as has_policies
    from rows from (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) with ordinality as t (name, privilege, place)
    left join lateral (select pg_catalog.to_regclass(t.name)::oid as oid) f on true
   order by t.place
   limit 1000`

const FOREIGN_FUNCTIONS = `
  select p.proname as name
    from pg_catalog.pg_proc p
   where p.proname = any ($1::name[])
     and p.pronamespace <> 'pg_catalog'::regnamespace
     and not exists (select from pg_catalog.pg_depend d
                      where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
   order by p.proname
   limit 1`

function hasPruned(node: PlanNode): boolean {
  return node['Subplans Removed'] !== undefined || (node.Plans ?? []).some(hasPruned)
}

/** PostgreSQL's message without what it quotes: it may hold a value. */
function refusal({ message }: Error, code: string | undefined): string {
  if (code === '57014') return 'planning it took too long'
  return `PostgreSQL refused to plan it: ${message.replace(/"[^"]*"/g, '…').slice(0, 200)}${code === undefined ? '' : ` (${code})`}`
}
