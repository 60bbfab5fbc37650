import type { Exchange } from './contract'

/** F1: what passed through may have changed the models of a backend, or which are loaded. */
export function noteCatalogueChange(exchange: Exchange): void {
  const { operation, route, gateway, call } = exchange
  const backend = route?.selection.candidates[route.chosenIndex]?.backend
  if (!operation || !backend) return
  switch (operation.name) {
    case 'pull':
    case 'create':
    case 'copy':
    case 'delete':
      void gateway.fleet.refreshCatalogue(backend.id)
      return
    case 'chat':
    case 'generate':
    case 'embeddings':
      if (call?.promptEmpty) gateway.fleet.refreshLoaded(backend.id)
      return
    default:
      return
  }
}
