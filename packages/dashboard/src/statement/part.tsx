// A part of a long page: a heading that can be linked to, and content that is asked for when it comes near the window.

import { type ReactNode, useEffect, useRef, useState } from 'react'

/** Read a screen ahead, so that it is there when it is scrolled to. */
const AHEAD = '600px 0px'

export function Part(props: {
  readonly id: string
  readonly title: string
  /** Beside the heading: a count, or where to see all. */
  readonly beside?: ReactNode
  /** Its content asks the server for more. */
  readonly isLazy?: true
  readonly children: ReactNode
}): ReactNode {
  const { id, title, beside, isLazy, children } = props
  const [isNear, setNear] = useState(isLazy !== true)
  const section = useRef<HTMLElement>(null)
  useEffect(() => {
    if (isNear || section.current === null) return
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setNear(true)
      },
      { rootMargin: AHEAD },
    )
    observer.observe(section.current)
    return () => observer.disconnect()
  }, [isNear])
  return (
    <section className="statement-part" id={id} ref={section} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>
        {title}
        {beside === undefined ? null : <> {beside}</>}
      </h2>
      {isNear ? children : <p className="part-ahead" />}
    </section>
  )
}
