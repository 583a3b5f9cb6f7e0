import { allowedText, asSetting, type SettingSchema } from '../../shared/runtime/setting-text'
import { settings } from '../../shared/runtime/settings'
import { markdownTable } from './markdown-table'

const all = Object.entries(settings).map(([name, schema]) => ({ name, setting: asSetting(schema) }))

/** A `.env` in which every setting stands with its default, all of them commented out. */
export function envExample(): string {
  const head =
    '# Copy to .env and take the # from what you want to change. The process environment wins over this file.\n'
  const entries = all.map(({ name, setting }) => {
    const value = setting.default === undefined ? '' : String(setting.default)
    return `# ${setting.description}\n# Allowed: ${allowedText(setting)}. ${meaningOfNothing(setting)}\n#${name}=${value}\n`
  })
  return [head, ...entries].join('\n')
}

/** The reference page of the settings. */
export function settingsPage(): string {
  const rows = all.map(({ name, setting }) => [
    `\`${name}\``,
    setting.description + aliasesText(setting),
    allowedText(setting),
    setting.default === undefined ? (setting.whenMissing ?? '') : `\`${String(setting.default)}\``,
  ])
  const secrets = all.filter(({ setting }) => setting.sensitivity === 'secret').map(({ name }) => `\`${name}_FILE\``)
  return [
    '# Settings',
    'Generated from `shared/runtime/settings.ts` by `scripts/generate-docs.ts`.',
    'Each service reads its settings once, at its start, from the process environment and from a `.env` file in its working ' +
      'directory; the process environment wins. An empty value counts as none. A wrong value stops the start with one line ' +
      'that says what is allowed and exit code 78; so does a key in `.env` that no service knows.',
    `A value that may hold a secret can be kept in a file of its own, which these name: ${secrets.join(', ')}.`,
    `${markdownTable([['Setting', 'Meaning', 'Allowed', 'Default'], ...rows])}\n`,
  ].join('\n\n')
}

function meaningOfNothing({ default: value, whenMissing }: SettingSchema): string {
  return value === undefined ? `When missing: ${whenMissing ?? ''}.` : 'The default:'
}

function aliasesText({ aliases = [] }: SettingSchema): string {
  return aliases.length === 0 ? '' : ` Also read as ${aliases.map((alias) => `\`${alias}\``).join(', ')}.`
}
