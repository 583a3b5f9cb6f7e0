import { SettingsError } from '../../../shared/runtime/settings-error'
import { schemes, type SchemeName } from './schemes'

/** Who may call, at `/webhooks/NAME`. */
export interface WebhookProvider {
  readonly name: string
  readonly scheme: SchemeName
  /** The keys of its HMACs: several while one replaces another. */
  readonly secrets: readonly Buffer[]
}

interface Entry {
  readonly name: string
  readonly scheme: SchemeName
  readonly secret: Buffer
}

const form = /^(?<name>[a-z0-9-]{1,64}):(?<scheme>[a-z]+):(?<secret>\S+)$/
const minSecretBytes = 16

/**
 * The providers of the WEBHOOK_SECRETS setting, in its order. Throws a SettingsError that tells wrong entries by their
 * place alone: whatever stands in one may be the secret.
 */
export function parseWebhookSecrets(text: string | undefined): readonly WebhookProvider[] {
  if (text === undefined) return []
  const read = text.split(',').map((entry) => readEntry(entry.trim()))
  const wrong = read.flatMap((entry, index) => (typeof entry === 'string' ? [lineOf(index, entry)] : []))
  if (wrong.length > 0) throw new SettingsError(wrong)
  return grouped(read.filter((entry) => typeof entry !== 'string'))
}

function readEntry(text: string): Entry | string {
  const { name = '', scheme = '', secret = '' } = form.exec(text)?.groups ?? {}
  if (name === '')
    return 'is not NAME:SCHEME:SECRET, with a name of 1 to 64 lower-case letters, digits and "-" and a secret without space'
  if (!isScheme(scheme)) return `has an unknown scheme; use ${Object.keys(schemes).join(', ')}`
  const key = keyOf(scheme, secret)
  if (key === undefined) return 'has no secret of Standard Webhooks, which is whsec_ and base64'
  if (key.length < minSecretBytes) return `has a secret of fewer than ${minSecretBytes} bytes, which could be guessed`
  return { name, scheme, secret: key }
}

function isScheme(name: string): name is SchemeName {
  return Object.hasOwn(schemes, name)
}

function keyOf(scheme: SchemeName, secret: string): Buffer | undefined {
  if (scheme !== 'standard') return Buffer.from(secret)
  const base64 = /^whsec_(.+)$/.exec(secret)?.[1] ?? ''
  const key = Buffer.from(base64, 'base64')
  return base64 !== '' && key.toString('base64') === base64 ? key : undefined
}

function grouped(entries: readonly Entry[]): readonly WebhookProvider[] {
  return [...Map.groupBy(entries, ({ name }) => name)].map(([name, own]) => {
    const scheme = own[0]?.scheme ?? 'github'
    const other = own.find((entry) => entry.scheme !== scheme)
    if (other !== undefined)
      throw new SettingsError([lineOf(entries.indexOf(other), 'has another scheme than an earlier one of its name')])
    return { name, scheme, secrets: own.map(({ secret }) => secret) }
  })
}

function lineOf(index: number, what: string): string {
  return `entry ${index + 1} of WEBHOOK_SECRETS ${what} (not shown, it may hold a secret)`
}
