// Puts a function in a method's place, once, and takes it away again.

const REPLACED = Symbol.for('pgsteward.replaced')

/** Does nothing where this package, or another copy of it, has done so already. */
export function replaceMethod<Method extends (...args: never[]) => unknown>(
  prototype: object,
  name: string,
  replace: (original: Method) => Method,
): () => void {
  const target = prototype as Record<string, unknown>
  const original = target[name]
  if (typeof original !== 'function' || REPLACED in original) return () => undefined
  const isOwn = Object.hasOwn(target, name)
  const replacement = replace(original as Method)
  Object.defineProperty(replacement, REPLACED, { value: true })
  target[name] = replacement
  return () => {
    // Somebody else patched over it: theirs calls ours, which must stay.
    if (target[name] !== replacement) return
    if (isOwn) target[name] = original
    else delete target[name]
  }
}
