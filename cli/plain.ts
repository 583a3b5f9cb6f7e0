const allowed = {
  line: /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g,
  block: /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g,
}

/**
 * Text of other people, safe for a terminal: control characters, which could move its cursor or rewrite what stands
 * there, are written out. A `block` keeps line feeds and tabs.
 */
export function plain(text: string, shape: keyof typeof allowed = 'line'): string {
  return text.replace(allowed[shape], (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** At most so many characters, the last an ellipsis where something is missing. */
export function cutTo(length: number, text: string): string {
  const characters = [...text]
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`
}
