// The clock as state, for "5 min ago"; nothing else in the dashboard reads the time while drawing.

import { useEffect, useState } from 'react'

export function useNow(everyMs = 10_000): Date {
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
