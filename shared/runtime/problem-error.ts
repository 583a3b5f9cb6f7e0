import { problems, type ProblemCode } from './problem'

export interface ProblemDetails {
  /** Further members of the answer, beside those of RFC 9457. */
  readonly members?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

/** Ends a request with a problem. Below status 500 the caller reads the message, from 500 on only the log does. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly code: ProblemCode
  readonly members: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ProblemCode, message: string, { members = {}, headers = {}, cause }: ProblemDetails = {}) {
    super(message, { cause })
    this.code = code
    this.members = members
    this.headers = headers
  }

  get status(): number {
    return problems[this.code].status
  }
}

/** Any error as a problem: Fastify's own keep their meaning, everything else is a fault of ours. */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  const { statusCode, message } = error as { statusCode?: number; message?: string }
  const code = statusCode === undefined ? undefined : codeOf(statusCode)
  return new ProblemError(code ?? 'internal-error', message ?? String(error), { cause: error })
}

function codeOf(status: number): ProblemCode | undefined {
  if (status < 400 || status >= 500) return undefined
  const codes = Object.keys(problems) as ProblemCode[]
  return codes.find((code) => code !== 'unreadable-body' && problems[code].status === status) ?? 'malformed-request'
}
