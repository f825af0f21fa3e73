// Statements as a script.

/** One statement a line, each closed, so that what is copied can be run. */
export function sqlScript(statements: readonly string[]): string {
  return statements.map((sql) => `${sql.trim().replace(/;+$/, '')};`).join('\n')
}
