// Where a page fails, the frame stays and says so: most often the server was exchanged and the page's part of before is gone.

import { Component, type ReactNode } from 'react'
import { RequestError } from '../data/request.ts'
import { Failure } from '../states.tsx'

export class PageFault extends Component<{ readonly children: ReactNode }, { readonly fault: Error | null }> {
  override state: { readonly fault: Error | null } = { fault: null }

  static getDerivedStateFromError(fault: unknown): { fault: Error } {
    return { fault: fault instanceof Error ? fault : new Error(String(fault)) }
  }

  override render(): ReactNode {
    const { fault } = this.state
    if (fault === null) return this.props.children
    const error = new RequestError('This page could not be drawn', false, {
      detail: fault.message,
      hint: 'Load it again; if the server was just updated, that is all it takes.',
    })
    return (
      <>
        <h1>Something went wrong</h1>
        <Failure error={error} />
        <button type="button" onClick={() => window.location.reload()}>
          Load again
        </button>
      </>
    )
  }
}
