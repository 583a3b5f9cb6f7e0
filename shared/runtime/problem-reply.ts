import type { ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { problems, type ProblemCode } from './problem'
import type { ProblemError } from './problem-error'

const mediaType = 'application/problem+json'

/** Sends a problem as RFC 9457 has it. */
export function sendProblem(reply: FastifyReply, problem: ProblemError): FastifyReply {
  const { id, url } = reply.request
  const body = problemBody(problem, { instance: url.split('?', 1)[0] ?? '/', requestId: id })
  // The hooks that set these do not run for a URL that the router cannot read.
  const common = { 'x-request-id': id, 'x-content-type-options': 'nosniff' }
  // Set for what was to be sent, which may be kept for a year.
  if (reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store')
  return reply
    .code(problem.status)
    .headers({ ...common, ...problem.headers })
    .type(mediaType)
    .send(JSON.stringify(body))
}

/** A whole HTTP answer for a connection on which no request could be read. */
export function rawProblem(code: ProblemCode, reason: string): string {
  const { status, headers, body } = bareProblem(code)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return `HTTP/1.1 ${status} ${reason}\r\n${lines.join('\r\n')}\r\n\r\n${body}`
}

/** Answers a request that goes to no route, and closes its connection. */
export function writeProblem(response: ServerResponse, code: ProblemCode): void {
  const { status, headers, body } = bareProblem(code)
  response.writeHead(status, headers).end(body)
}

function bareProblem(code: ProblemCode) {
  const { status, title, whatToDo } = problems[code]
  const body = JSON.stringify({ type: typeOf(code), title, status, detail: whatToDo, code })
  const headers = {
    'content-type': mediaType,
    'content-length': Buffer.byteLength(body),
    'x-content-type-options': 'nosniff',
    connection: 'close',
  }
  return { status, headers, body }
}

/** `/problems/CODE`, to which the `type` of every problem leads. */
export function addProblemPages(app: FastifyInstance): void {
  for (const [code, facts] of Object.entries(problems)) app.get(typeOf(code), () => ({ code, ...facts }))
}

/** The members of a problem, and those of its occurrence beside them. */
export function problemBody(problem: ProblemError, occurrence: { instance?: string; requestId?: string }) {
  const { status, title, whatToDo } = problems[problem.code]
  const detail = status < 500 ? problem.message : whatToDo
  return { type: typeOf(problem.code), title, status, detail, ...occurrence, code: problem.code, ...problem.members }
}

function typeOf(code: string): string {
  return `/problems/${code}`
}
