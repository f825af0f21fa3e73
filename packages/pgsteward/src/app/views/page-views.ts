// The pages that explain: one for each check and rule, and the guides. Markdown, as it stands in docs/.

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StewardError } from '../../model/error.ts'
import type { Area } from '../../model/finding.ts'
import { nearestName } from '../../model/nearest-name.ts'
import type { Config } from '../config/config-schema.ts'
import { checkPages } from '../rules/check-pages.ts'
import { configuredChecks } from '../rules/rule-checks.ts'

export interface CheckName {
  readonly id: string
  readonly title: string
  readonly area: Area
}

export class PageViews {
  readonly #docsDir: string | null
  readonly #config: Pick<Config, 'rules'>

  constructor(config: Pick<Config, 'rules'>, docsDir: string | null) {
    this.#config = config
    this.#docsDir = docsDir
  }

  checks(): readonly CheckName[] {
    return configuredChecks(this.#config).map(({ id, title, area }) => ({ id, title, area }))
  }

  /** Throws 'usage' where there is no such check; the page is empty where pages are not at hand. */
  async check(id: string): Promise<CheckName & { readonly page: string }> {
    const known = this.checks()
    const found = known.find((check) => check.id === id)
    if (found === undefined)
      throw unknown(
        'check',
        id,
        known.map((check) => check.id),
      )
    return { ...found, page: await checkPages(this.#config, this.#docsDir)(id) }
  }

  /** Names, without .md; empty where they are not at hand. */
  async guides(): Promise<readonly string[]> {
    if (this.#docsDir === null) return []
    const files = await readdir(join(this.#docsDir, 'guides')).catch(() => [])
    return files
      .filter((file) => file.endsWith('.md'))
      .map((file) => file.slice(0, -3))
      .sort()
  }

  /** Throws 'usage' where there is none. */
  async guide(name: string): Promise<string> {
    const known = await this.guides()
    if (this.#docsDir === null || !known.includes(name)) throw unknown('guide', name, known)
    return readFile(join(this.#docsDir, 'guides', `${name}.md`), 'utf8')
  }
}

function unknown(kind: string, name: string, known: readonly string[]): StewardError {
  const nearest = nearestName(name, known)
  return new StewardError('usage', `there is no ${kind} "${name}"`, {
    hint: nearest === null ? `The resources list every ${kind}.` : `Did you mean ${nearest}?`,
  })
}
