// Runs before the first paint, so that a chosen theme does not flash; src/frame/theme.ts owns the values.
try {
  const chosen = localStorage.getItem('pgsteward.theme')
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
} catch {
  // storage may be forbidden; then the system's theme is followed
}
