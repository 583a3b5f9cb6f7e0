/** Extension attributes as a person writes them: `NAME=VALUE` on each line. */
export function attributesText(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')
}

/** What is written; a line without a value says that its name has an empty one, which the producer judges. */
export function attributesIn(text: string): Readonly<Record<string, string>> {
  const lines = text.split('\n').map((line) => line.trim())
  const pairs = lines.filter((line) => line !== '').map((line) => /^([^=]*)=?(.*)$/s.exec(line) ?? [])
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name.trim(), value.trim()]))
}
