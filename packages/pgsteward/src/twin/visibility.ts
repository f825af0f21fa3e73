// Which indexes plans see: pg_index.indisvalid and indislive of sketched and of existing ones. Changed as late as can be, in the same message as the
// next question.

import { qualified } from '../sql/quote.ts'
import { rowsOf, type TwinHost } from './hosts/host.ts'

export class Visibility {
  /** Oids of each existing index and its parts, by qualified name; those that are invalid on the target are not among them. */
  readonly #existing: ReadonlyMap<string, readonly string[]>
  /** Oids of each sketched index and its parts. */
  readonly #sketched = new Map<string, readonly string[]>()
  #shown: ReadonlySet<string> = new Set()
  #hidden: ReadonlySet<string> = new Set()
  /** What the twin has been told so far. */
  #toldShown: ReadonlySet<string> = new Set()
  #toldHidden: ReadonlySet<string> = new Set()

  static async over(host: TwinHost): Promise<Visibility> {
    const rows = await rowsOf(
      host,
      `with recursive parts as (
         select x.indexrelid as root, x.indexrelid as part from pg_catalog.pg_index x
          union select p.root, i.inhrelid from parts p join pg_catalog.pg_inherits i on i.inhparent = p.part)
       select n.nspname, c.relname, p.part
         from parts p
         join pg_catalog.pg_class c on c.oid = p.root
         join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         join pg_catalog.pg_index x on x.indexrelid = p.part
        where x.indisvalid and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`,
    )
    const existing = new Map<string, string[]>()
    for (const [schema, name, oid] of rows) {
      const key = qualified(schema!, name!)
      existing.set(key, [...(existing.get(key) ?? []), oid!])
    }
    return new Visibility(existing)
  }

  private constructor(existing: ReadonlyMap<string, readonly string[]>) {
    this.#existing = existing
  }

  /** Sketched indexes are hidden at first. */
  add(handle: string, oids: readonly string[]): void {
    this.#sketched.set(handle, oids)
  }

  /** Throws on a handle or name that the twin does not have. */
  show(handles: ReadonlySet<string>, hideExisting: ReadonlySet<string>): void {
    for (const handle of handles) oidsOf(this.#sketched, handle)
    for (const name of hideExisting) oidsOf(this.#existing, name)
    this.#shown = new Set(handles)
    this.#hidden = new Set(hideExisting)
  }

  /** SQL that must run before the next plan is made, once; null: nothing has changed. */
  change(seeing: ReadonlySet<string> = this.#shown): string | null {
    const on = [
      ...without(seeing, this.#toldShown).flatMap((handle) => oidsOf(this.#sketched, handle)),
      ...without(this.#toldHidden, this.#hidden).flatMap((name) => oidsOf(this.#existing, name)),
    ]
    const off = [
      ...without(this.#toldShown, seeing).flatMap((handle) => oidsOf(this.#sketched, handle)),
      ...without(this.#hidden, this.#toldHidden).flatMap((name) => oidsOf(this.#existing, name)),
    ]
    this.#toldShown = seeing
    this.#toldHidden = this.#hidden
    if (on.length + off.length === 0) return null
    // not live: a plan does not even open it, of which a search has hundreds. The table's row is what makes sessions look at the list anew
    return (
      `with changed as (update pg_catalog.pg_index as x set indisvalid = v.on, indislive = v.on ` +
      `from (select i.indexrelid as oid, i.indexrelid in (${on.join(', ') || '0'}) as on from pg_catalog.pg_index as i ` +
      `where i.indexrelid in (${[...on, ...off].join(', ')})) as v where x.indexrelid = v.oid returning x.indrelid) ` +
      `update pg_catalog.pg_class as c set relhasindex = true from (select distinct indrelid from changed) as t where c.oid = t.indrelid`
    )
  }
}

function oidsOf(map: ReadonlyMap<string, readonly string[]>, key: string): readonly string[] {
  const found = map.get(key)
  if (found === undefined) throw new Error(`this twin has no index ${key}`)
  return found
}

function without(all: ReadonlySet<string>, excepted: ReadonlySet<string>): string[] {
  return [...all].filter((each) => !excepted.has(each))
}
