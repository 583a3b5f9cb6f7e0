/** The settings do not allow a start; each line names one setting and the way out. No line holds a secret. */
export class SettingsError extends Error {
  readonly code = 'SETTINGS'
  override readonly name = 'SettingsError'
  readonly lines: readonly string[]

  constructor(lines: readonly string[]) {
    super(lines.join('\n'))
    this.lines = lines
  }
}
