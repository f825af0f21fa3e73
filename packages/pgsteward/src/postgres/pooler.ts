// Recognises addresses that lead to a connection pooler instead of the server itself.

/** Neon's pooled hosts carry -pooler, Supabase's pooler and pgbouncer's default listen on 6543 and 6432. */
export function looksPooled(url: string): boolean {
  const { hostname, port } = parse(url)
  return (
    /-pooler\./.test(hostname) ||
    hostname.endsWith('.pooler.supabase.com') ||
    port === '6543' ||
    port === '6432'
  )
}

export function isLoopbackUrl(url: string): boolean {
  const { hostname } = parse(url)
  return (
    hostname === '' ||
    hostname === 'localhost' ||
    hostname.startsWith('127.') ||
    hostname === '[::1]' ||
    hostname.startsWith('/')
  )
}

function parse(url: string): { hostname: string; port: string } {
  try {
    const { hostname, port } = new URL(url)
    return { hostname, port }
  } catch {
    return { hostname: '', port: '' }
  }
}
