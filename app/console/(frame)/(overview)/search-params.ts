import { parseAsStringLiteral } from 'nuqs'

/** What the overview keeps in the URL beside `range=`: which face each card shows. */
export const trafficFaces = ['outcome', 'model'] as const
export const latencyFaces = ['first', 'whole'] as const
export const topFaces = ['models', 'keys', 'users'] as const

const choice = { history: 'replace', scroll: false } as const

export const trafficParam = parseAsStringLiteral(trafficFaces)
  .withDefault('outcome')
  .withOptions(choice)
export const latencyParam = parseAsStringLiteral(latencyFaces)
  .withDefault('first')
  .withOptions(choice)
export const topParam = parseAsStringLiteral(topFaces).withDefault('models').withOptions(choice)
