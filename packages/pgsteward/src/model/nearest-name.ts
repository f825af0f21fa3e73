// The known name that a mistyped one probably meant.

/** Null when none is near: more than half of its letters would have to change. */
export function nearestName(typed: string, known: readonly string[]): string | null {
  const scored = known.map((name) => ({
    name,
    distance: editDistance(typed.toLowerCase(), name.toLowerCase()),
  }))
  scored.sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name))
  const best = scored[0]
  return best !== undefined && best.distance <= Math.ceil(typed.length / 2) ? best.name : null
}

/** Levenshtein distance: insertions, deletions and substitutions of one character. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      current.push(Math.min(previous[j]! + 1, current[j - 1]! + 1, substitution))
    }
    previous = current
  }
  return previous[b.length]!
}
