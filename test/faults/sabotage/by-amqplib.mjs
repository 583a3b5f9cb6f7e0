/** Has all publishing pass amqplib's confirm channel, where a sabotage can lie in wait: our own frames do not come by. */
import { createRequire } from 'node:module'

const load = createRequire(import.meta.url)
load('../../../dist/shared/messaging/rabbitmq/publish-frames.js').addPublish = () => false

export const { ConfirmChannel } = load('../../../node_modules/amqplib/lib/callback_model.js')
