import type { Handler } from '../../services/consumer/handler'
import { orders } from './orders'
import { payments } from './payments'
import { stock } from './stock'

export const handlers: readonly Handler[] = [...orders, ...payments, ...stock]
