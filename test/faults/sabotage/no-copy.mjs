/** Sabotage: a retry or dead letter counts as confirmed although it was never sent. */
import { createRequire } from 'node:module'

const { Publisher } = createRequire(import.meta.url)('../../../dist/shared/messaging/rabbitmq/publisher.js')

Publisher.prototype.publish = () => Promise.resolve({ outcome: 'confirmed', detail: 'not sent' })
