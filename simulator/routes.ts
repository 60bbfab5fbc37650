import { refuse } from './openai-refusals'
import { answerMe, answerSignOut, answerWeb } from './routes-account'
import { answerMessages, refuseMessages } from './routes-anthropic'
import { answerTranscription } from './routes-audio'
import { answerBlobHead, answerBlobPost } from './routes-blobs'
import { answerEmbed, answerEmbeddings } from './routes-embed'
import {
  answerPs,
  answerRecommendations,
  answerRoot,
  answerShow,
  answerStatus,
  answerTags,
  answerVersion,
} from './routes-info'
import { answerCopy, answerCreate, answerDelete, answerPull, answerPush } from './routes-models'
import { answerChat, answerGenerate } from './routes-native'
import { answerOpenAiChat, answerOpenAiCompletion, answerOpenAiEmbeddings } from './routes-openai'
import { answerOpenAiModel, answerOpenAiModels } from './routes-openai-models'
import { answerResponses } from './routes-responses'
import type { Exchange } from './world'

export type Route = {
  method: 'HEAD' | 'GET' | 'POST' | 'DELETE'
  /** A last segment `:name` is a parameter. */
  path: string
  answer(exchange: Exchange): Promise<void>
  runsModel?: true
}

/** Every route of Ollama, the methods in the order in which `Allow` lists them. */
export const ROUTES: Route[] = [
  { method: 'HEAD', path: '/', answer: answerRoot },
  { method: 'HEAD', path: '/api/version', answer: answerVersion },
  { method: 'HEAD', path: '/api/tags', answer: answerTags },
  { method: 'HEAD', path: '/api/blobs/:digest', answer: answerBlobHead },
  { method: 'GET', path: '/', answer: answerRoot },
  { method: 'GET', path: '/api/version', answer: answerVersion },
  { method: 'GET', path: '/api/status', answer: answerStatus },
  { method: 'GET', path: '/api/tags', answer: answerTags },
  { method: 'GET', path: '/api/ps', answer: answerPs },
  { method: 'GET', path: '/api/experimental/model-recommendations', answer: answerRecommendations },
  { method: 'GET', path: '/v1/models', answer: answerOpenAiModels },
  { method: 'GET', path: '/v1/models/:model', answer: answerOpenAiModel },
  { method: 'POST', path: '/api/pull', answer: answerPull },
  { method: 'POST', path: '/api/push', answer: answerPush },
  { method: 'POST', path: '/api/show', answer: answerShow },
  { method: 'POST', path: '/api/me', answer: answerMe },
  { method: 'POST', path: '/api/signout', answer: answerSignOut },
  { method: 'POST', path: '/api/create', answer: answerCreate },
  { method: 'POST', path: '/api/blobs/:digest', answer: answerBlobPost },
  { method: 'POST', path: '/api/copy', answer: answerCopy },
  { method: 'POST', path: '/api/experimental/web_search', answer: answerWeb },
  { method: 'POST', path: '/api/experimental/web_fetch', answer: answerWeb },
  { method: 'POST', path: '/api/generate', answer: answerGenerate, runsModel: true },
  { method: 'POST', path: '/api/chat', answer: answerChat, runsModel: true },
  { method: 'POST', path: '/api/embed', answer: answerEmbed, runsModel: true },
  { method: 'POST', path: '/api/embeddings', answer: answerEmbeddings, runsModel: true },
  { method: 'POST', path: '/v1/chat/completions', answer: answerOpenAiChat, runsModel: true },
  { method: 'POST', path: '/v1/completions', answer: answerOpenAiCompletion, runsModel: true },
  { method: 'POST', path: '/v1/embeddings', answer: answerOpenAiEmbeddings, runsModel: true },
  { method: 'POST', path: '/v1/responses', answer: answerResponses, runsModel: true },
  { method: 'POST', path: '/v1/messages', answer: answerMessages, runsModel: true },
  {
    method: 'POST',
    path: '/v1/audio/transcriptions',
    answer: answerTranscription,
    runsModel: true,
  },
  { method: 'DELETE', path: '/api/delete', answer: answerDelete },
  { method: 'DELETE', path: '/api/user/keys/:encodedKey', answer: answerSignOut },
]

export type Found = { routes: Route[]; parameter: string }

/** The routes of a path, one for each method. */
export function findRoutes(path: string): Found {
  const slash = path.lastIndexOf('/')
  const parent = path.slice(0, slash + 1)
  const last = path.slice(slash + 1)
  const exact = ROUTES.filter((route) => route.path === path)
  if (exact.length > 0) return { routes: exact, parameter: '' }
  const routes =
    last === ''
      ? []
      : ROUTES.filter(
          (route) => route.path.replace(/:.*$/, '') === parent && route.path.includes(':'),
        )
  return { routes, parameter: decodeSegment(last) }
}

/** Writes a refusal in the dialect of the path. */
export function writeRefusal(exchange: Exchange, status: number, message: string): Promise<void> {
  if (exchange.path === '/v1/messages') return refuseMessages(exchange, status, message)
  if (exchange.path.startsWith('/v1/')) return refuse(exchange, status, message)
  return exchange.wire.json(status, { error: message })
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
