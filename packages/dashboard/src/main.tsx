// Starts the dashboard.

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { loadPages } from './pages/lazy-pages.ts'
import { parseRoute } from './route.ts'
import './styles/tokens.css'
import './styles/base.css'
import './styles/frame.css'
import './styles/parts.css'
import './styles/pages.css'
import './styles/application.css'
import './styles/advice.css'
import './styles/logs.css'
import './styles/statement.css'
import './styles/activity.css'
import './styles/plan.css'
import './styles/time.css'
import './styles/search.css'
import './styles/narrow.css'

loadPages(parseRoute(window.location.pathname))

const root = document.getElementById('root')
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
