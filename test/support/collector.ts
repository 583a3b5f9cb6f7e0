/** Stands in for an OpenTelemetry collector: takes spans by OTLP over HTTP with JSON, and gives them back in plain words. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { atEnd } from './ends'

export interface CollectedSpan {
  readonly service: string
  readonly name: string
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer'
  readonly traceId: string
  readonly spanId: string
  /** Undefined for the root of a trace. */
  readonly parentId: string | undefined
  readonly traceState: string | undefined
  readonly attributes: Readonly<Record<string, unknown>>
  /** Of its resource: what is said of the process. */
  readonly resource: Readonly<Record<string, unknown>>
  /** The span ids that it has links to. */
  readonly links: readonly string[]
  readonly failed: boolean
  /** Milliseconds since 1970. */
  readonly startMs: number
  readonly endMs: number
}

export interface Collector {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string
  /** All that were taken so far; grows. */
  readonly spans: readonly CollectedSpan[]
  /** Of the last request. */
  readonly headers: () => IncomingHttpHeaders
}

/** `takes` what comes, answers each request with the status `500`, or is `mute`: it reads and never answers. */
export type CollectorManners = 'takes' | '500' | 'mute'

/** Listens on a free port; closed at the end of the test or file. */
export async function startCollector(manners: CollectorManners = 'takes'): Promise<Collector> {
  const spans: CollectedSpan[] = []
  let headers: IncomingHttpHeaders = {}
  const server = createServer((request, response) => {
    headers = request.headers
    void taken(request, response, { manners, spans })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  atEnd(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, spans, headers: () => headers }
}

async function taken(
  request: IncomingMessage,
  response: ServerResponse,
  { manners, spans }: { readonly manners: CollectorManners; readonly spans: CollectedSpan[] },
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  if (manners === 'mute') return
  const isRight = request.method === 'POST' && request.url === '/v1/traces' && isJson(request)
  if (manners === '500' || !isRight) return void response.writeHead(manners === '500' ? 500 : 404).end()
  spans.push(...spansIn(JSON.parse(Buffer.concat(chunks).toString()) as Export))
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
}

function isJson({ headers }: IncomingMessage): boolean {
  return headers['content-type'] === 'application/json'
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] }
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[]
  }[]
}

interface Attribute {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}

interface OtlpSpan {
  readonly name: string
  readonly kind: number
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly traceState?: string
  readonly attributes: readonly Attribute[]
  readonly links: readonly { readonly spanId: string }[]
  readonly status: { readonly code: number }
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
}

const kinds = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const

function spansIn({ resourceSpans }: Export): readonly CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const facts = valuesOf(resource.attributes)
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => spanOf(span, facts)))
  })
}

function spanOf(span: OtlpSpan, resource: Readonly<Record<string, unknown>>): CollectedSpan {
  return {
    service: String(resource['service.name']),
    name: span.name,
    kind: kinds[span.kind] ?? 'internal',
    traceId: span.traceId,
    spanId: span.spanId,
    parentId: span.parentSpanId || undefined,
    traceState: span.traceState || undefined,
    attributes: valuesOf(span.attributes),
    resource,
    links: span.links.map(({ spanId }) => spanId),
    failed: span.status.code === 2,
    startMs: Number(BigInt(span.startTimeUnixNano) / 1_000n) / 1_000,
    endMs: Number(BigInt(span.endTimeUnixNano) / 1_000n) / 1_000,
  }
}

function valuesOf(attributes: readonly Attribute[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
}
