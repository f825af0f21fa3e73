// A cursor as pg-cursor is one, in the part that counts here: an object that submits itself and reads its rows in portions.

import { randomUUID } from 'node:crypto'

type Row = readonly (string | null)[]
type Connection = Record<
  'parse' | 'bind' | 'describe' | 'execute' | 'close' | 'flush' | 'sync',
  (message?: object) => void
>

export class Cursor {
  readonly text: string
  readonly #portal = randomUUID()
  #connection: Connection | null = null
  #rows: Row[] = []
  #onPortion: ((rows: Row[]) => void) | null = null
  #onError: ((error: unknown) => void) | null = null

  constructor(text: string) {
    this.text = text
  }

  submit(connection: Connection): null {
    this.#connection = connection
    connection.parse({ text: this.text })
    connection.bind({ portal: this.#portal, values: [] })
    connection.describe({ type: 'P', name: this.#portal })
    connection.execute({ portal: this.#portal, rows: 2 })
    connection.flush()
    return null
  }

  /** The next two rows; none at the end. */
  first(): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      this.#onPortion = resolve
      this.#onError = reject
    })
  }

  read(): Promise<Row[]> {
    const portion = this.first()
    this.#connection!.execute({ portal: this.#portal, rows: 2 })
    this.#connection!.flush()
    return portion
  }

  close(): void {
    this.#connection!.close({ type: 'P', name: this.#portal })
    this.#connection!.sync()
  }

  handleRowDescription(): void {}
  handleDataRow({ fields }: { fields: Row }): void {
    this.#rows.push(fields)
  }
  handlePortalSuspended(): void {
    this.#give()
  }
  handleCommandComplete(): void {
    this.#connection!.sync()
    this.#give()
  }
  handleReadyForQuery(): void {}
  handleError(error: unknown): void {
    this.#connection!.sync()
    this.#onError?.(error)
  }

  #give(): void {
    this.#onPortion?.(this.#rows.splice(0))
  }
}
