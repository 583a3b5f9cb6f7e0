/** What a settings schema may say beside JSON Schema. */
export interface SettingFacts {
  readonly description: string
  /** What is allowed, for a person; left out where the schema says it plainly. */
  readonly allowed?: string
  /** Other names of the setting, in the order in which they are looked at. */
  readonly aliases?: readonly string[]
  /** `secret`: never shown, and `NAME_FILE` may name a file that holds the value. */
  readonly sensitivity?: 'secret'
  /** What a missing value means, where there is no default. */
  readonly whenMissing?: string
  /** Any other value than the default is refused where NODE_ENV is `production`. */
  readonly use?: 'in-tests-only' | 'in-development-only'
}

/** Has a schema's facts checked where they are written. */
export const facts = <F extends SettingFacts & { readonly default?: unknown }>(given: F): F => given
