import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Provider } from 'urql'
import { createApiClient } from './api/client'
import { router } from './routes'
import './tokens.css'

// React Aria would write a style element, which the policy forbids; its rule stands in tokens.css, so its place is taken.
const taken = document.createElement('meta')
taken.id = 'react-aria-pressable-style'
document.head.append(taken)

const element = document.getElementById('console')
if (element) {
  createRoot(element).render(
    <StrictMode>
      <Provider value={createApiClient()}>
        <RouterProvider router={router} />
      </Provider>
    </StrictMode>,
  )
}
