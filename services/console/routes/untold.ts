import type { Untold } from '../views/routes'

/** Why nothing can be said of some messages, and what would help. */
export const untoldWords: Readonly<Record<Untold, string>> = {
  'no content':
    'nothing is known of them but id, source and type, and rules read more; with JOURNAL_DATA_BYTES producer and consumer keep what messages carry from then on',
  'left out':
    'the journal did not take their data, which is too large or no text, and rules read it; a higher JOURNAL_DATA_BYTES takes more',
  redacted: 'a part of their data was blanked by JOURNAL_REDACT, and rules read data',
  'unknown type': 'their type is not in the catalogue of this console',
}
