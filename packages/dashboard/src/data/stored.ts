// Small choices kept in the browser; storage may be forbidden, and then they last for the visit.

const visit = new Map<string, string>()

export function readStored(name: string): string | null {
  try {
    return window.localStorage.getItem(`pgsteward.${name}`) ?? visit.get(name) ?? null
  } catch {
    return visit.get(name) ?? null
  }
}

export function writeStored(name: string, value: string | null): void {
  if (value === null) visit.delete(name)
  else visit.set(name, value)
  try {
    if (value === null) window.localStorage.removeItem(`pgsteward.${name}`)
    else window.localStorage.setItem(`pgsteward.${name}`, value)
  } catch {
    // kept for the visit above
  }
}
