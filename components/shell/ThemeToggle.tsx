'use client'

import { Moon, Sun } from 'lucide-react'
import { chooseTheme, currentTheme } from './theme'
import { IconButton } from '../ui/Button'

export function ThemeToggle() {
  return (
    <IconButton
      label="Change between light and dark"
      onClick={() => chooseTheme(currentTheme() === 'dark' ? 'light' : 'dark')}
    >
      <Sun aria-hidden className="size-4 dark:hidden" />
      <Moon aria-hidden className="hidden size-4 dark:block" />
    </IconButton>
  )
}
