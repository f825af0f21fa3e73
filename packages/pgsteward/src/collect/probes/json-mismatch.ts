// Whether a JSON answer has at least the parts that are expected of it; tells the first that it lacks.

/** Null: all is there. Arrays are compared whole. */
export function mismatchOf(answer: unknown, expected: unknown, path = ''): string | null {
  if (isObject(expected)) {
    if (!isObject(answer)) return `${path === '' ? 'it' : path} is not an object`
    for (const [name, part] of Object.entries(expected)) {
      const at = path === '' ? name : `${path}.${name}`
      if (!Object.hasOwn(answer, name)) return `${at} is missing`
      const mismatch = mismatchOf(answer[name], part, at)
      if (mismatch !== null) return mismatch
    }
    return null
  }
  if (JSON.stringify(answer) === JSON.stringify(expected)) return null
  return `${path === '' ? 'it' : path} is ${shown(answer)}, not ${shown(expected)}`
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
