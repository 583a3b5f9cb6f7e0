import type { BenchParts } from './bench-row'
import type { Consumer, Publisher } from './contestant'
import { consumerOf, namespaceOf, orders, payments, producerOf, type Line, type Service } from './handoff'
import { placeAt, placesFor, sqliteUrl, type Place } from './places'

/** Handoff with these settings, to be measured beside Handoff with others. */
export interface Variant {
  readonly name: string
  /** Settings beside the defaults. */
  readonly env: Readonly<Record<string, string>>
}

export const asItIs: Variant = { name: 'Handoff', env: {} }
/** Tells no steps. */
export const withoutJournal: Variant = { name: 'Handoff, no journal', env: { JOURNAL_SAMPLE: '0' } }
/** Puts each message's data beside its steps, as `npm start` does. */
export const withData: Variant = { name: 'Handoff, data kept', env: { JOURNAL_DATA_BYTES: '16384' } }

/** Sends the spans of one in so many messages to a collector there. */
export function tracing(url: string, { oneOf }: { readonly oneOf: number }): Variant {
  const sampler = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: String(1 / oneOf) }
  return {
    name: oneOf === 1 ? 'Handoff, traces' : `Handoff, traces of 1 in ${oneOf}`,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: url, ...sampler },
  }
}

/** A producer of each, with a namespace, store and spool of its own. */
export function producersOf(variants: readonly Variant[], parts: BenchParts): Promise<readonly Publisher[]> {
  return each(variants, { job: 'publish', line: payments, build: producerOf }, parts)
}

/** A consumer of each, with a namespace and store of its own. */
export function consumersOf(variants: readonly Variant[], parts: BenchParts): Promise<readonly Consumer[]> {
  return each(variants, { job: 'consume', line: orders, build: consumerOf }, parts)
}

interface Kind<C> {
  readonly job: string
  readonly line: Line
  readonly build: (place: Place, service: Service) => C
}

async function each<C>(
  variants: readonly Variant[],
  { job, line, build }: Kind<C>,
  parts: BenchParts,
): Promise<readonly C[]> {
  const places = await placesFor(variants.length, parts)
  return variants.map(({ name, env }, at) => {
    const namespace = namespaceOf(`${job} ${name}`)
    return build(placeAt(places, at), { name, env, namespace, line, storeUrl: sqliteUrl(parts, namespace) })
  })
}
