// How objects of ours are known again among those of others: by a mark at the end of their name. Whoever takes the mark away takes
// the object over, and it is never touched again.

/** `Errors [pgsteward:errors]`. `mark` tells several installations in one account apart. */
export function markedName(title: string, mark: string, key: string): string {
  return `${title} [${mark}:${key}]`
}

/** Null: not ours. */
export function keyOfName(name: string, mark: string): string | null {
  const start = name.lastIndexOf(` [${mark}:`)
  return start === -1 || !name.endsWith(']') ? null : name.slice(start + mark.length + 3, -1)
}
