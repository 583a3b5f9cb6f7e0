/**
 * NestJS with its Fastify adapter and its RabbitMQ transport: persistent, mandatory, confirmed (its client resolves with the
 * confirm), acked by hand. Decorators are called as the functions they are: this file is not compiled.
 */
import 'reflect-metadata'
import { Body, Controller, HttpCode, Module, Post } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ClientProxyFactory, Ctx, EventPattern, RmqRecordBuilder, Transport } from '@nestjs/microservices'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { lastValueFrom } from 'rxjs'
import { brokerUrl, port, prefetch, queue, quorum, run } from './peer.mjs'

await run({ publish, consume })

function rabbitmq(options) {
  return { transport: Transport.RMQ, options: { urls: [brokerUrl], queue, queueOptions: quorum, ...options } }
}

async function publish() {
  const client = ClientProxyFactory.create(rabbitmq({ persistent: true }))
  await client.connect()
  class Door {
    async post(body) {
      const record = new RmqRecordBuilder(body).setOptions({ persistent: true, mandatory: true }).build()
      await lastValueFrom(client.emit('message', record), { defaultValue: undefined })
      return { outcome: 'confirmed' }
    }
  }
  decorate(Door, 'post', [Post(), HttpCode(202)], Body())
  const app = await NestFactory.create(moduleOf(Door), new FastifyAdapter(), { logger: false })
  await app.listen(port, '127.0.0.1')
}

async function consume() {
  class Taker {
    take(context) {
      context.getChannelRef().ack(context.getMessage())
    }
  }
  decorate(Taker, 'take', [EventPattern('message')], Ctx())
  const options = { ...rabbitmq({ noAck: false, prefetchCount: prefetch }), logger: false }
  await (await NestFactory.createMicroservice(moduleOf(Taker), options)).listen()
}

function decorate(target, method, decorators, firstParameter) {
  Controller()(target)
  firstParameter(target.prototype, method, 0)
  const descriptor = Object.getOwnPropertyDescriptor(target.prototype, method)
  for (const decorator of decorators) decorator(target.prototype, method, descriptor)
}

function moduleOf(controller) {
  class Root {}
  Module({ controllers: [controller] })(Root)
  return Root
}
