import { computed, signal } from '@preact/signals'

const name = 'handoff-console-key'

/** The console's key, for as long as the tab is open; empty where none was given. */
const apiKey = signal(sessionStorage.getItem(name) ?? '')

export const hasKey = computed(() => apiKey.value !== '')

/** Set when the console has refused to answer without a valid key. */
export const keyWanted = signal<string | undefined>(undefined)

export function useKey(key: string): void {
  sessionStorage.setItem(name, key)
  apiKey.value = key
  keyWanted.value = undefined
}

export function withKey(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return apiKey.value === '' ? { ...headers } : { ...headers, authorization: `Bearer ${apiKey.value}` }
}
