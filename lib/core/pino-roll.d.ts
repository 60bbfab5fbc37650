declare module 'pino-roll' {
  import type { destination } from 'pino'

  type RollOptions = {
    file: string
    size?: string
    limit?: { count: number; removeOtherLogFiles?: boolean }
    mkdir?: boolean
    sync?: boolean
    minLength?: number
    maxLength?: number
    periodicFlush?: number
  }
  export default function pinoRoll(options: RollOptions): Promise<ReturnType<typeof destination>>
}
