import { verifyGithub } from './github'
import type { Verify } from './scheme'
import { verifyStandard } from './standard'
import { verifyStripe } from './stripe'

/** Every way of signing that is understood, by its name in WEBHOOK_SECRETS. */
export const schemes = {
  github: verifyGithub,
  stripe: verifyStripe,
  standard: verifyStandard,
} satisfies Record<string, Verify>

export type SchemeName = keyof typeof schemes
