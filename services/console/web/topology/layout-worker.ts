import { layOut } from './layout'
import type { LayoutInput } from './layout-shape'

addEventListener('message', ({ data }: MessageEvent<LayoutInput>) => postMessage(layOut(data)))
