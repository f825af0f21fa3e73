// The admin token, where the server asks for one: it does on every address but loopback. Kept until the window closes.

const NAME = 'pgsteward.token'
let token: string | null = null

export function readToken(): string | null {
  try {
    return token ?? window.sessionStorage.getItem(NAME)
  } catch {
    return token
  }
}

export function keepToken(given: string): void {
  token = given
  try {
    window.sessionStorage.setItem(NAME, given)
  } catch {
    // storage may be forbidden; the token then lasts until the next load
  }
}
