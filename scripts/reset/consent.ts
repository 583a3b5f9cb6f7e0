export type GivenConsent = 'granted' | 'to be asked'

/**
 * What the command line says: `--yes NAMESPACE` grants the deletion. The namespace has to be spelled out, because the
 * one in the settings may not be the one that was meant, and what is deleted is gone. Throws when they differ.
 */
export function consentOf(args: readonly string[], namespace: string): GivenConsent {
  const position = args.indexOf('--yes')
  if (position < 0) return 'to be asked'
  const named = args[position + 1]
  if (named === namespace) return 'granted'
  const found = named === undefined ? 'names no namespace' : `names "${named}"`
  throw new Error(
    `--yes ${found}, and NAMESPACE is "${namespace}"; if you mean that: npm run reset -- --yes ${namespace}`,
  )
}
