import { signal } from '@preact/signals'

export type Theme = 'system' | 'light' | 'dark'
const name = 'handoff-theme'
const themes: readonly Theme[] = ['system', 'light', 'dark']

export const theme = signal<Theme>(themes.find((each) => each === localStorage.getItem(name)) ?? 'system')

/** Changes with the colours, for what is painted and cannot follow them by itself. */
export const painted = signal(0)

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen
  localStorage.setItem(name, chosen)
  applyTheme()
}

export function applyTheme(): void {
  if (theme.value === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme.value
  painted.value++
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => painted.value++)

/** A colour of the theme as a canvas takes it. */
export function colour(variable: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${variable})`
  document.body.append(probe)
  const value = getComputedStyle(probe).color
  probe.remove()
  return value
}
