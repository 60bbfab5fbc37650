import type { RouteQuestion } from '@/lib/admin/explain-route'
import { operationGroups } from '@/lib/schemas/names'

/** A dry run stands in the URL: `model=…&key=…&address=…&label=…&pin=…&operation=…`. */
export function parseRouteQuestion(params: URLSearchParams): RouteQuestion {
  const text = (name: string) => params.get(name)?.trim().slice(0, 300) || undefined
  const [key, label, pin, address] = [text('key'), text('label'), text('pin'), text('address')]
  const operation = operationGroups.find((group) => group === params.get('operation'))
  return {
    model: text('model') ?? '',
    ...(key !== undefined && { key }),
    ...(label !== undefined && { label }),
    ...(pin !== undefined && { pin }),
    ...(address !== undefined && { address }),
    ...(operation !== undefined && { operation }),
  }
}

/** The same dry run by the command line. */
export function routeCommand(question: RouteQuestion): string[] {
  const { model, key, label, pin, address, operation } = question
  return [
    ...['route', 'explain', '--model', model || '<model>'],
    ...(key ? ['--key', key] : []),
    ...(label ? ['--label', label] : []),
    ...(pin ? ['--pin', pin] : []),
    ...(address ? ['--address', address] : []),
    ...(operation && operation !== 'inference' ? ['--operation', operation] : []),
  ]
}
