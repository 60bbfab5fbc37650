import type { ModelQuery } from '@/lib/admin/model-matrix'
import { parseFilters } from '@/lib/ui/filters'
import {
  type ModelLens,
  modelFilterFields,
  modelLenses,
  modelRowsMax,
  modelSortColumns,
  modelsPageSize,
} from '@/lib/ui/model-list'
import { parseSort } from '@/lib/ui/sort'

/** What the URL of the list asks for: filters, `sort=-use`, `show=200`. */
export function parseModelsParams(params: URLSearchParams): ModelQuery {
  const show = Number(params.get('show'))
  return {
    filters: parseFilters(params, modelFilterFields),
    sort: parseSort(params.get('sort'), modelSortColumns),
    limit: Number.isInteger(show) && show > 0 ? Math.min(show, modelRowsMax) : modelsPageSize,
  }
}

export function parseLens(text: string | null): ModelLens {
  return modelLenses.find((lens) => lens === text) ?? 'present'
}
