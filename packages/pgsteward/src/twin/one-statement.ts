// Whether a text is one statement: what is sent to a target with EXPLAIN in front must not carry a second one behind a semicolon.

/** Strings, quoted names, dollar quotes and comments, in which a semicolon means nothing. */
const QUIET =
  /(?:\b[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/)/g

/** Errs on the side of no: nested comments and unfinished quotes may make one statement look like two. */
export function isOneStatement(sql: string): boolean {
  return !/;\s*\S/.test(sql.replace(QUIET, (quiet) => (/^(--|\/\*)/.test(quiet) ? ' ' : 'x')))
}
